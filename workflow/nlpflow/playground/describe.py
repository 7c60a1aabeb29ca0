"""What the page needs of a run, as JSON: settings, vocabulary, weights, scores and licences."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel

from nlpflow.errors import UserError
from nlpflow.metrics.held_out import held_out_scores, metrics_of
from nlpflow.metrics.names import metric_heading
from nlpflow.models.characters import LONGEST_WORD
from nlpflow.models.crf import scheme_constraints
from nlpflow.playground.rounded import rounded
from nlpflow.runs.run import OpenRun, open_run
from nlpflow.settings.checks import checked
from nlpflow.settings.embeddings import EmbeddingsExperiment
from nlpflow.settings.labelling import LabellingExperiment
from nlpflow.settings.language_id import LanguageIdExperiment
from nlpflow.settings.plan.summary import Facts
from nlpflow.settings.tasks import TASKS
from nlpflow.settings.translation import Seq2SeqExperiment
from nlpflow.tables import read_json, read_texts
from nlpflow.tasks.embeddings.training import VOCABULARY, vectors_of
from nlpflow.tasks.labelling.scoring import scheme_of
from nlpflow.tasks.language_id.identifier import LONGEST
from nlpflow.tasks.translation.loading import evaluated_with
from nlpflow.tasks.translation.translator import LONGEST_SOURCE
from nlpflow.text.writing import letters_of
from nlpflow.vectors.word_vectors import WordVectors, on_plane
from nlpflow.vocabulary import Parts, Subwords, Vocabulary, load_vocabulary
from nlpflow.vocabulary.base import SPECIALS
from nlpflow.vocabulary.tags import LabelVocabulary

EXAMPLES = 3
"""Sentences of the test set to try, where the config names none."""
LANGUAGES = 8
"""The same of language identification, one of each language."""
ON_MAP = 600
"""Words on the map of embeddings, the most frequent ones."""

ATTENTIONS = {"none", "tutorial", "additive", "dot", "general", "local-p", "multi-head"}
"""Kinds of attention that web/attention.js computes."""

Described = dict[str, Any]
Tensors = Mapping[str, NDArray[Any]]


class Unplayable(UserError):
    """A complete run whose model the page cannot run."""


def describe(folder: Path, facts: Facts) -> Described:
    """A run as the page reads it.

    Args:
        folder: of the run
        facts: of the config that the run is of

    Raises:
        Unplayable: the page cannot run the model
        UserError: the folder has no complete run, or the config has no such experiment
    """
    task = _task_of(folder)
    opened = open_run(folder, TASKS[task].experiment)
    run = opened.run
    told = next((found for found in facts.tasks if found.name == task), None)
    if told is None or run.experiment not in told.contenders:
        raise UserError(
            f"run {folder}: config '{facts.config}' has no experiment '{run.experiment}' of task "
            f"{task}; name its config with --configfile"
        )
    contender = told.contenders[run.experiment]
    sources = [facts.corpora[name] for name in contender.sources]
    family = TASKS[task].family
    details, tensors = FAMILIES[family](opened)
    try:
        weights = rounded(tensors)
    except ValueError as error:
        raise Unplayable(str(error)) from None
    return {
        "id": f"{task}/{run.experiment}/seed-{run.seed}",
        "kind": family,
        "prompt": TASKS[task].prompt,
        "title": told.title,
        "label": contender.label,
        "normalisation": run.normalisation,
        "languages": list(run.languages or facts.datasets[contender.dataset].languages),
        "notes": [],
        **details,
        "examples": _examples(folder),
        "scores": list(_scores(folder, run.weights)),
        "data": [source.model_dump() for source in sources],
        "card": _card(folder),
        "tensors": weights.tensors,
        "weights": weights.content,
    }


def _task_of(folder: Path) -> str:
    found = read_json(folder / "run.json") if (folder / "run.json").is_file() else {}
    settings = found.get("settings") if isinstance(found, dict) else None
    task = settings.get("task") if isinstance(settings, dict) else None
    if not isinstance(task, str):
        raise UserError(
            f"{folder} is not a trained run; a run is a folder like "
            "results/translation/<experiment>/seed-<n>"
        )
    if task not in TASKS or TASKS[task].family not in FAMILIES:
        raise Unplayable(f"the page cannot run models of task {task}")
    return task


class _Card(BaseModel):
    """What the page says of `card.json`."""

    parameters: int
    seed: int
    seconds: float
    nlpflow: str
    torch: str
    processor: str
    gpu: str | None = None


def _scores(folder: Path, weights: str) -> Iterator[dict[str, Any]]:
    """The held-out scores of these weights, those on lists of words too."""
    for test_set, scores in held_out_scores(folder, weights).items():
        for metric, value in scores.items():
            yield {"test_set": test_set, "metric": metric_heading(metric), "value": value}


def _card(folder: Path) -> dict[str, Any]:
    where = f"{folder / 'card.json'}: damaged, train the run again"
    card: _Card = checked(_Card, read_json(folder / "card.json"), where)
    return card.model_dump(exclude={"processor", "gpu"}) | {"machine": card.gpu or card.processor}


def _examples(folder: Path) -> list[str]:
    """The sentences or words that the config draws plots of, else the first of a test set."""
    for test_set, found in metrics_of(folder):
        figures = found.settings.get("figures") or {}
        if sentences := figures.get("sentences"):
            return list(sentences)
        predictions = folder / test_set / "predictions.tsv"
        if predictions.is_file() and (texts := _first_texts(read_texts(predictions))):
            return texts
        return list(figures.get("words") or [])
    return []


def _first_texts(predictions: pd.DataFrame) -> list[str]:
    """The first sources; of tagged words, which have one row each, the first sentences.

    Of sentences whose language is identified, the first one of each language.
    """
    if "language" in predictions:
        firsts = predictions.drop_duplicates("language")["raw"]
        return list(firsts.head(LANGUAGES))
    if "source" in predictions:
        return list(predictions["source"].head(EXAMPLES))
    if "word" in predictions:
        sentences = predictions.groupby("sentence", sort=False)["word"]
        return list(sentences.agg(" ".join).head(EXAMPLES))
    return []


def _numpy(opened: OpenRun[Any]) -> Tensors:
    return {name: tensor.numpy() for name, tensor in opened.weights.items()}


def described_vocabulary(vocabulary: Vocabulary) -> Described:
    """What the page needs to cut sentences into the tokens of a vocabulary."""
    if not isinstance(vocabulary, Subwords):
        listed: Sequence[str] = vocabulary.listed  # type: ignore[attr-defined]
        described: Described = {"kind": vocabulary.kind, "tokens": list(listed)}
        if isinstance(vocabulary, Parts):
            described["spaces_between"] = sorted(vocabulary.spacing.usual)
        return described
    pieces = [vocabulary.token(index) for index in range(len(vocabulary))]
    is_byte = [piece.startswith("<0x") and piece.endswith(">") for piece in pieces]
    return {
        "kind": "subwords",
        "pieces": pieces,
        "scores": vocabulary.scores,
        "normal": len(SPECIALS) + sum(is_byte),
    }


def _seq2seq(opened: OpenRun[Seq2SeqExperiment]) -> tuple[Described, Tensors]:
    network = opened.settings.model.attention
    if network not in ATTENTIONS | {"transformer"}:
        raise Unplayable(f"the page cannot compute {network}")
    decoding = evaluated_with(opened, beam=None)
    if decoding.ensemble:
        raise Unplayable("it decodes together with other runs (decoding.ensemble)")
    sides = {
        side: load_vocabulary(Path(opened.run.vocabulary) / f"{side}.vocab")
        for side in ("source", "target")
    }
    opened.check_vocabulary({side: sides[side].digest for side in sides})
    settings = opened.settings.model.model_dump(mode="json")
    found = {side: described_vocabulary(vocabulary) for side, vocabulary in sides.items()}
    search = decoding.model_dump(mode="json")
    details: Described = {"settings": settings, "decoding": search, **found}
    details["longest_source"] = LONGEST_SOURCE
    if decoding.sampling is not None:
        details["notes"] = ["Its outputs were drawn at random for the scores; the page searches."]
    return details, _numpy(opened)


def _labelling(opened: OpenRun[LabellingExperiment]) -> tuple[Described, Tensors]:
    vocabulary = LabelVocabulary.load(Path(opened.run.vocabulary))
    opened.check_vocabulary(vocabulary.digests)
    model = opened.settings.model
    scheme = scheme_of(opened.settings)
    forbidden = None
    if scheme is not None and model.output == "crf" and getattr(model, "constrained", False):
        constraints = scheme_constraints(vocabulary.tags, scheme)
        forbidden = {name: table.tolist() for name, table in constraints._asdict().items()}
    names = ("words", "letters", "tags", "affixes", "lower_case", "longest_affix", "shapes")
    details: Described = {
        "settings": model.model_dump(mode="json"),
        "vocabulary": {name: getattr(vocabulary, name) for name in names},
        "longest_word": LONGEST_WORD,
        "scheme": scheme,
        "forbidden": forbidden,
    }
    if model.vectors is not None:
        details["notes"] = [
            "Words that training lacks have pretrained vectors elsewhere; the page knows none for "
            "them."
        ]
    return details, _numpy(opened)


def _language_id(opened: OpenRun[LanguageIdExperiment]) -> tuple[Described, Tensors]:
    tensors = dict(_numpy(opened))
    scripts = tensors.pop("scripts").tobytes().decode().split("\n")
    words = tensors.pop("words", None)
    details = {
        "settings": opened.settings.model.model_dump(mode="json"),
        "longest_text": LONGEST,
        "letters": _ranges(letters_of(scripts)),
        "words": None if words is None else words.tobytes().decode().split("\n"),
    }
    return details, tensors


def _ranges(marked: NDArray[np.bool_]) -> list[list[int]]:
    """The first and last index of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], marked, [False]]).astype(np.int8)))
    return [[int(first), int(last) - 1] for first, last in edges.reshape(-1, 2)]


def _embeddings(opened: OpenRun[EmbeddingsExperiment]) -> tuple[Described, Tensors]:
    vocabulary = load_vocabulary(opened.folder / VOCABULARY)
    opened.check_vocabulary({"words": vocabulary.digest})
    tensors = _numpy(opened)
    every = vectors_of(vocabulary, tensors["embedding.weight"])
    shown = WordVectors(every.words[:ON_MAP], every.matrix[:ON_MAP])
    settings = opened.settings.model.model_dump(mode="json")
    if settings["kind"] not in ("ngram", "lstm"):
        tensors = {"embedding.weight": tensors["embedding.weight"]}
    details = {
        "settings": settings,
        "vocabulary": described_vocabulary(vocabulary),
        "map": np.round(on_plane(shown.unit), 4).tolist(),
    }
    return details, tensors


FAMILIES: dict[str, Callable[[OpenRun[Any]], tuple[Described, Tensors]]] = {
    "seq2seq": _seq2seq,
    "labelling": _labelling,
    "language_id": _language_id,
    "embeddings": _embeddings,
}
"""What the page needs of a run, by the family of its task: its description and its weights."""
