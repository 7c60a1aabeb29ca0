"""A trained run as ONNX graphs, with all that a program needs to run them without nlpflow.

encoder.onnx and decoder.onnx    of a sequence-to-sequence run; the search is outside
emissions.onnx                   of a tagger; with a CRF also transitions.npz, its scores
probabilities.onnx               of a language identifier
config.json                      files, inputs and outputs of the graphs, normalisation, special
                                 ids, settings of the search
README.md                        the model card, see `nlpflow.export.card`
and the vocabulary
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from nlpflow import VERSION
from nlpflow.errors import UserError
from nlpflow.export.card import CARD
from nlpflow.export.folder import check_new, new_folder
from nlpflow.export.graph import OPSET, Graph, check_installed
from nlpflow.export.labelling import as_npz, emissions_graph, transition_table
from nlpflow.export.language_id import probabilities_graph
from nlpflow.export.seq2seq import seq2seq_graphs
from nlpflow.models.characters import LONGEST_WORD
from nlpflow.runs.run import Run, load_run
from nlpflow.settings.tasks import TASKS
from nlpflow.settings.translation import Seq2SeqExperiment
from nlpflow.tables import write_json
from nlpflow.tasks.labelling.labeller import load_labeller
from nlpflow.tasks.labelling.scoring import scheme_of
from nlpflow.tasks.language_id.features import CharacterNgrams, WordFeatures
from nlpflow.tasks.language_id.identifier import LONGEST, load_identifier
from nlpflow.tasks.translation.loading import load_translator
from nlpflow.tasks.translation.translator import LONGEST_SOURCE
from nlpflow.text import ngrams
from nlpflow.vocabulary import SPECIALS
from nlpflow.vocabulary.tags import FILE

CONFIG = "config.json"
TRANSITIONS = "transitions.npz"
WORDS = "words.txt"


class OnnxExport(NamedTuple):
    """What is written of a run."""

    graphs: dict[str, Graph]
    """By the names of their files."""
    config: dict[str, Any]
    """What `config.json` has for this task."""
    files: dict[str, bytes]
    """The content of the other files."""


def export_to_onnx(folder: Path, card: str, output: Path) -> None:
    """Write the folder; the same run gives the same bytes.

    Args:
        folder: of the run
        card: see `nlpflow.export.card.model_card`
        output: the folder to write; it must not exist

    Raises:
        UserError: a package is missing; the run cannot be exported; the folder exists; or a graph
            does not compute what the network computes
    """
    check_new(output)
    run, _ = load_run(folder)
    task = str(run.settings.get("task"))
    family = TASKS[task].family if task in TASKS else ""
    if family not in EXPORTS:
        raise UserError(f"run {folder}: of task '{task}'; {NO_GRAPH.get(family, NOT_KNOWN)}")
    check_installed()
    graphs, config, files = EXPORTS[family](folder)
    with new_folder(output) as partial:
        for name, content in files.items():
            (partial / name).write_bytes(content)
        for name, graph in graphs.items():
            graph.write(partial / name)
        (partial / CARD).write_text(card, encoding="utf-8")
        described = {name: graph.description() for name, graph in graphs.items()}
        write_json(partial / CONFIG, _about(run) | {"graphs": described} | config)


def _about(run: Run) -> dict[str, Any]:
    return {
        "nlpflow": VERSION,
        "opset": OPSET,
        "task": run.settings["task"],
        "experiment": run.experiment,
        "seed": run.seed,
        "weights": run.weights,
        "languages": list(run.languages),
        "normalisation": run.normalisation,
        "special_ids": {token: index for index, token in enumerate(SPECIALS)},
    }


def _seq2seq(folder: Path) -> OnnxExport:
    experiments = (spec.experiment for spec in TASKS.values())
    kinds = [kind for kind in experiments if issubclass(kind, Seq2SeqExperiment)]
    translator, _ = load_translator(folder, others=(), kinds=kinds)
    if translator.decoding.ensemble:
        raise UserError(
            f"run {folder}: decodes together with other runs (decoding.ensemble), and a folder has "
            "one; evaluate it alone"
        )
    model = translator.model.cpu()
    sides = {"source": translator.source, "target": translator.target}
    config = {
        "vocabulary": {
            side: {"file": f"{side}.vocab", "kind": vocabulary.kind, "size": len(vocabulary)}
            for side, vocabulary in sides.items()
        },
        "decoding": translator.decoding.model_dump(mode="json", exclude={"ensemble", "batch_size"}),
        "longest_source": LONGEST_SOURCE,
        "copies": model.decoder.copies,
    }
    files = {f"{side}.vocab": vocabulary.content for side, vocabulary in sides.items()}
    return OnnxExport(seq2seq_graphs(model), config, files)


def _labelling(folder: Path) -> OnnxExport:
    labeller, settings, run = load_labeller(folder)
    network = labeller.network.cpu()
    files = {FILE: (Path(run.vocabulary) / FILE).read_bytes()}
    scores = transition_table(network)
    if scores is not None:
        files[TRANSITIONS] = as_npz(scores)
    config = {
        "vocabulary": {"file": FILE},
        "transitions": None if scores is None else TRANSITIONS,
        "scheme": scheme_of(settings),
        "longest_word": LONGEST_WORD,
    }
    return OnnxExport({"emissions.onnx": emissions_graph(network.tagger)}, config, files)


def _language_id(folder: Path) -> OnnxExport:
    identifier, _ = load_identifier(folder)
    _, weights = load_run(folder)
    config: dict[str, Any] = {
        "longest_text": LONGEST,
        "scripts": weights["scripts"].numpy().tobytes().decode().split("\n"),
    }
    files = {}
    features = identifier.features
    if isinstance(features, WordFeatures):
        config["features"] = {"kind": "words", "file": WORDS}
        files[WORDS] = "".join(f"{word}\n" for word in features.words).encode()
    elif isinstance(features, CharacterNgrams):
        config["features"] = {
            "kind": "characters",
            "longest": features.longest,
            "buckets": features.buckets,
            "end": ord(" ") if features.ends == "space" else ngrams.BOUNDARY,
            "hash": {
                "start": int(ngrams.START),
                "factor": int(ngrams.FACTOR),
                "final": int(ngrams.FINAL),
            },
        }
    model = identifier.model.cpu()
    return OnnxExport({"probabilities.onnx": probabilities_graph(model)}, config, files)


EXPORTS: dict[str, Callable[[Path], OnnxExport]] = {
    "seq2seq": _seq2seq,
    "labelling": _labelling,
    "language_id": _language_id,
}
"""What is written of the run in a folder, by the family of its task."""

NO_GRAPH = {
    "embeddings": "its vectors are in vectors.txt and vectors.safetensors, use these files",
}
"""Why runs of a family have no graph."""
NOT_KNOWN = "its networks have no ONNX form; use --to hub"
