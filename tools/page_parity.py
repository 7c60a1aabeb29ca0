"""Compares the models of a playground with Python, on the whole test set of each.

python tools/page_parity.py results/sample/playground.html

Run it where the workflow ran: it reads the runs from results/ and their test sets from
data/prepared/. Each model runs three times: in Python with its own weights, in Python with the
page's weights, which are rounded to half precision, and in Node with the page's code. The table
says for each model how many inputs there are, how many outputs the rounding changes, how many
outputs differ between Node and Python with the same weights, and the largest difference of
probabilities between these two.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import playwright
import pyarrow as pa
import torch
from safetensors.torch import load_file
from torch import nn

import nlpflow
from nlpflow.api.embeddings import EmbeddingsRun
from nlpflow.api.labelling import LabellingRun
from nlpflow.api.language_id import LanguageRun
from nlpflow.api.translation import Seq2SeqRun
from nlpflow.models.bag import unpack
from nlpflow.models.language_model import NgramLanguageModel
from nlpflow.playground.page import WEB
from nlpflow.tables import read_json
from nlpflow.tasks.embeddings.language_learner import read_batch
from nlpflow.tasks.embeddings.models import LanguageModel
from nlpflow.tasks.embeddings.text import Text
from nlpflow.tasks.embeddings.trained import TrainedEmbeddings, load_embeddings
from nlpflow.tasks.embeddings.training import vectors_of
from nlpflow.tasks.translation.likelihood import log_likelihoods
from nlpflow.tasks.translation.translator import normalise_sentences
from nlpflow.vocabulary import EOS, PAD, SOS, UNK

ASK = """
import { readFileSync } from "node:fs";
const [code, page] = process.argv.slice(1);
const { loadModel } = await import(code);
const html = readFileSync(page, "utf8");
const found = html.matchAll(/data-model="([^"]+)">(.*?)<\\/script>/gs);
const described = new Map(Array.from(found, ([, id, text]) => [id, text]));
const loaded = new Map();
for (const line of readFileSync(0, "utf8").split("\\n").filter((line) => line)) {
  const { model, verb, asked } = JSON.parse(line);
  if (!loaded.has(model)) loaded.set(model, loadModel(JSON.parse(described.get(model))));
  console.log(JSON.stringify(loaded.get(model)[verb](...asked)));
}
"""
TOLERANCE = 1e-3
"""How far probabilities may differ."""
N_BEST = 5
"""Outputs that the page asks for."""
MOST_WORDS = 200
"""Words whose neighbours are compared."""


def run_node(script: str, *arguments: str, lines: Sequence[Any]) -> list[Any]:
    """What a script prints, one JSON line per answer.

    Args:
        script: an ES module
        arguments: of the script
        lines: what it reads from standard input, one JSON line each

    Raises:
        RuntimeError: the script fails
    """
    # Playwright, which the tests open pages with, brings its own.
    node = shutil.which("node") or str(Path(playwright.__file__).parent / "driver/node")
    result = subprocess.run(
        [node, "--input-type=module", "--eval", script, *arguments],
        input="\n".join(map(json.dumps, lines)),
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise RuntimeError(result.stderr)
    return [json.loads(line) for line in result.stdout.split("\n") if line]


def address(module: str) -> str:
    """Where Node finds a module of the page."""
    return (Path(str(WEB)) / module).resolve().as_uri()


def ask(page: Path, questions: Sequence[dict[str, Any]]) -> list[Any]:
    """The answers of a page's models.

    Args:
        page: the file
        questions: with `model`, `verb` and `asked`
    """
    return run_node(ASK, address("models.js"), str(page), lines=questions)


def models_of(page: Path) -> list[str]:
    """The models of a page, by the folder of the run below results/."""
    text = page.read_text(encoding="utf-8").partition('id="page">')[2]
    return [str(model["id"]) for model in json.loads(text.partition("</script>")[0])["models"]]


class Compared(NamedTuple):
    """What the comparison of one model finds."""

    inputs: int
    rounding: int
    """Outputs that rounding the weights changes, both in Python."""
    differing: int
    """Outputs that differ between Node and Python with the same weights."""
    largest: float
    """The largest difference of a probability between these two, rounded up when printed."""


@torch.no_grad()
def round_weights(model: nn.Module) -> None:
    """Round all weights to half precision."""
    for weight in model.parameters():
        weight.copy_(weight.half().float())


Asked = Callable[[str, Sequence[list[Any]]], list[Any]]
"""Asks the page's model with a verb, once for each list of arguments."""


def compare_seq2seq(run: Seq2SeqRun, test: pd.DataFrame, asked: Asked) -> Compared:
    """Texts, tokens, attention weights and the probability of each whole output."""
    raw = test["source_raw"].tolist()
    run.search_with(run.translator.decoding.beam)  # as the page does: it draws nothing at random
    before = [output.text for output in run.outputs(raw)]
    round_weights(run.translator.model)
    after = run.outputs(raw)
    answers = asked("outputs", [[text, {"count": N_BEST}] for text in raw])
    sentences = normalise_sentences(raw, run.run.normalisation)
    differing, distances, whole = 0, [0.0], []
    for sentence, output, answer in zip(sentences, after, answers, strict=True):
        read = answer["source"]
        found = (answer["outputs"] or [{"text": "", "tokens": [], "weights": []}])[0]
        ids = [*run.translator.source.encode(sentence), EOS]
        pairs = [(read["sentence"], sentence), (read["ids"], ids)]
        pairs += [(found["text"], output.text), (found["tokens"], output.tgt_tokens)]
        if any(one != other for one, other in pairs):
            differing += 1
            continue
        distances.append(_distance(found["weights"], output.weights))
        # The probability of a text is that of its own tokens; an output can have others.
        own = [*run.translator.target.tokens(output.text), "<EOS>"]
        if len(own) > 1 and own == output.tgt_tokens and UNK not in found["ids"]:
            whole.append((sentence, output.text, np.prod(found["probabilities"])))
    sources, texts = ([one[part] for one in whole] for part in (0, 1))
    logarithms, _ = log_likelihoods(run.translator, sources, texts)
    distances.append(_distance([share for *_, share in whole], np.exp(logarithms)))
    changed = sum(one != other.text for one, other in zip(before, after, strict=True))
    return Compared(len(raw), changed, differing, max(distances))


def compare_labelling(run: LabellingRun, test: pd.DataFrame, asked: Asked) -> Compared:
    """Tags as they are shown, and marginals; words without a row are unknown, as in the page."""
    labeller = run.labeller
    labeller.out_of_vocabulary = None
    words = [list(row) for row in test["words"]]
    before = [found.tags for found in run.tag(words)]
    round_weights(labeller.network)
    after = [found.tags for found in run.tag(words)]
    tables = labeller.probabilities(words)
    answers = asked("tag", [[" ".join(row)] for row in words])
    differing = sum(answer["best"] != tags for answer, tags in zip(answers, after, strict=True))
    distances = [
        _distance(answer["marginals"], table) for answer, table in zip(answers, tables, strict=True)
    ]
    changed = sum(one != other for one, other in zip(before, after, strict=True))
    return Compared(len(words), changed, differing, max(distances))


def compare_language_id(run: LanguageRun, test: pd.DataFrame, asked: Asked) -> Compared:
    """Probabilities of all languages and the most probable one."""
    raw = pa.array(test["raw"].tolist(), pa.large_string())
    before = run.identifier.probabilities(raw)
    packed = load_file(run.folder / "weights.safetensors")
    packed |= {name: packed[name].half().float() for name in ("scale", "bias")}
    run.identifier.model.load_state_dict(unpack(packed))
    after = run.identifier.probabilities(raw)
    found = np.array(
        [one["probabilities"] for one in asked("identify", [[t] for t in test["raw"]])]
    )
    changed = int((before.argmax(axis=1) != after.argmax(axis=1)).sum())
    differing = int((found.argmax(axis=1) != after.argmax(axis=1)).sum())
    return Compared(len(raw), changed, differing, _distance(found, after))


def compare_embeddings(run: EmbeddingsRun, test: pd.DataFrame, asked: Asked) -> Compared:
    """The nearest word of frequent words; of a language model also the next words of sentences."""
    trained = load_embeddings(run.folder)
    words = list(run.vectors.words[:MOST_WORDS])
    before = [run.vectors.neighbours(word, 1)[0][0] for word in words]
    round_weights(trained.model)
    matrix = trained.model.state_dict()["embedding.weight"].numpy()
    vectors = vectors_of(trained.vocabulary, matrix)
    after = [vectors.neighbours(word, 1)[0] for word in words]
    answers = [found[0] for found in asked("neighbours", [[word, 1] for word in words])]
    differing = sum(one["word"] != other[0] for one, other in zip(answers, after, strict=True))
    cosines = [one["cosine"] for one in answers], [cosine for _, cosine in after]
    changed = sum(one != other[0] for one, other in zip(before, after, strict=True))
    largest = _distance(*cosines)
    if isinstance(trained.model, LanguageModel):
        raw = test["raw"].tolist()
        shares = list(_next_words(trained, raw))
        answers = asked("next", [[text] for text in raw])
        for answer, share in zip(answers, shares, strict=True):
            ids = [one["id"] for one in answer]
            largest = max(largest, _distance([one["probability"] for one in answer], share[ids]))
            share[[PAD, SOS]] = 0
            differing += ids[0] != share.argmax()
        words += raw
    return Compared(len(words), changed, differing, largest)


@torch.inference_mode()
def _next_words(trained: TrainedEmbeddings, raw: Sequence[str]) -> Iterator[np.ndarray]:
    """The probability of every word after each sentence."""
    model = trained.model
    assert isinstance(model, LanguageModel)
    for sentence in normalise_sentences(raw, trained.run.normalisation):
        text = Text.of(trained.vocabulary, pa.array([sentence]))
        last = np.array([len(text) - 1 if isinstance(model, NgramLanguageModel) else 0])
        inputs, _ = read_batch(model, text, last, torch.device("cpu"))
        yield model.output.logits(model(*inputs))[-1].softmax(dim=-1).numpy()


def _distance(one: Any, other: Any) -> float:
    return float(np.abs(np.asarray(one) - np.asarray(other)).max(initial=0))


COMPARISONS: dict[type, Callable[..., Compared]] = {
    LabellingRun: compare_labelling,
    LanguageRun: compare_language_id,
    EmbeddingsRun: compare_embeddings,
}


def compare(page: Path, root: Path) -> pd.DataFrame:
    """Compare every model of a page.

    Args:
        page: the file
        root: the folder where the workflow ran

    Returns:
        one row per model, with the columns of `Compared`
    """
    rows = {}
    for model in models_of(page):

        def asked(verb: str, arguments: Sequence[list[Any]], model: str = model) -> list[Any]:
            return ask(page, [{"model": model, "verb": verb, "asked": one} for one in arguments])

        folder = root / "results" / model
        origins = read_json(folder / "test" / "metrics.json")["origins"]
        (dataset,) = (name for name in origins if name.startswith("prepared/"))
        test = pd.read_parquet(root / "data" / dataset / "test.parquet")
        run = nlpflow.load(folder)
        rows[model] = COMPARISONS.get(type(run), compare_seq2seq)(run, test, asked)
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(Compared._fields))
    return table.rename_axis("model").reset_index()


def main() -> int:
    """Print the table; exit with 1 if Node and Python differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", type=Path, help="such as results/sample/playground.html")
    page = parser.parse_args().page
    table = compare(page, page.resolve().parents[2])
    shown = table.assign(largest=[f"{10.0 ** np.ceil(np.log10(x)):.0e}" for x in table["largest"]])
    print(shown.to_csv(sep="\t", index=False), end="")
    print(f"rounding changes {table['rounding'].sum()} of {table['inputs'].sum()} outputs")
    return int(table["differing"].sum() > 0 or table["largest"].max() > TOLERANCE)


if __name__ == "__main__":
    sys.exit(main())
