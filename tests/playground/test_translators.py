"""Translators of every kind give in the page what they give in Python: greedy and beam search."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import nlpflow
from networks import KINDS, network
from nlpflow.settings.commands import FramesExperiment
from nlpflow.settings.translation import TranslationExperiment
from nlpflow.settings.vocabulary import VocabularySettings
from nlpflow.tasks.translation.model import build_seq2seq
from nlpflow.vocabulary import EOS, build_vocabulary
from page_parity import TOLERANCE, compare_seq2seq
from playground.made_runs import asked, randomise, save, write_made

pytestmark = pytest.mark.long

SENTENCES = [
    "Je suis très fatigué.",
    "elle est   trop petite !",
    "nous",
    "Où est-ce que tu vas , mon ami inconnu ? je ne sais pas , et elle ne sait pas non plus .",
    "xylophone zèbre",
]
TRAINED = [
    "je suis tres fatigue .",
    "elle est trop petite !",
    "nous allons ou ?",
    "elle ne sait pas",
]
SIDES = ("source", "target")
SUBWORDS = 282
GRUS = {
    "two-layers": {"layers": 2, "bidirectional": True},
    "three-plain-layers": {"layers": 3, "residual": False},
    "deep": {"readout": "deep", "bidirectional": True},
    "tied": {"readout": "deep", "tied_embeddings": True},
    "copying": {"copying": True, "readout": "deep"},
}


def seq2seq(
    root: Path,
    name: str,
    model: Any,
    kind: str = "words",
    texts: Sequence[str] = TRAINED,
    **decoding: Any,
) -> Path:
    """A run of a network with random weights; one that copies is of task frames.

    Both vocabularies are made of `texts`.
    """
    folder = root / "vocabularies" / name
    folder.mkdir(parents=True)
    size = (SUBWORDS if texts is TRAINED else 400) if kind == "subwords" else None
    settings = VocabularySettings(dataset="data", kind=kind, max_size=size)
    sides = {side: build_vocabulary(pa.array(texts), settings, side) for side in SIDES}
    for side, vocabulary in sides.items():
        vocabulary.save(folder / f"{side}.vocab")
    experiment_type = FramesExperiment if model.copying else TranslationExperiment
    experiment = experiment_type.model_validate(
        {
            "task": "frames" if model.copying else "translation",
            "vocabulary": name,
            "model": model.model_dump(),
            "decoding": {"max_tokens": 12, **decoding},
        }
    )
    built = build_seq2seq(model, *map(len, sides.values()), max_length=6)
    randomise(built, seed=crc32(name.encode()))
    run = root / "results" / experiment.task / name / "seed-1"
    digests = {side: vocabulary.digest for side, vocabulary in sides.items()}
    normalisation = "cased" if model.copying else "tutorial"
    save(run, experiment, built, normalisation, str(folder), digests, max_length=6)
    return run


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Runs of every kind of network by name, and the page."""
    root = tmp_path_factory.mktemp("made")
    runs = {kind: seq2seq(root, kind, network(kind)) for kind in KINDS}
    for name, values in GRUS.items():
        runs[name] = seq2seq(
            root, name, network("additive", **values), "parts" if name == "copying" else "words"
        )
    runs["transformer-3"] = seq2seq(
        root, "transformer-3", network("transformer", layers=3, hidden=6)
    )
    runs["subwords"] = seq2seq(root, "subwords", network("general"), "subwords", beam=3)
    runs["replaced"] = seq2seq(root, "replaced", network("dot"), replace_unknown=True)
    return {"runs": runs, "page": write_made(list(runs.values()), root / "page.html")}


NAMES = [*KINDS, *GRUS, "transformer-3", "subwords", "replaced"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("beam", [1, 4])
def test_outputs(made: dict[str, Any], name: str, beam: int) -> None:
    run = nlpflow.load(made["runs"][name])
    run.search_with(beam)
    count = 1 if beam == 1 else 3
    expected = (
        run.n_best(SENTENCES, count) if beam > 1 else [[one] for one in run.outputs(SENTENCES)]
    )
    options = {"beam": beam, "count": count}
    answers = asked(made, name, "outputs", *([text, options] for text in SENTENCES))
    for ranked, answer in zip(expected, answers, strict=True):
        found = answer["outputs"]
        assert [one["text"] for one in found] == [one.text for one in ranked]
        assert [one["tokens"] for one in found] == [one.tgt_tokens for one in ranked]
        assert answer["source"]["tokens"] == ranked[0].src_tokens
        for one, other in zip(found, ranked, strict=True):
            assert np.allclose(one["weights"], other.weights, atol=TOLERANCE)
            assert other.score is None or one["score"] == pytest.approx(other.score, abs=TOLERANCE)


def test_the_runs_say_different_things(made: dict[str, Any]) -> None:
    """Else equal outputs would say little."""
    texts = {
        name: tuple(one.text for one in nlpflow.load(folder).outputs(SENTENCES))
        for name, folder in made["runs"].items()
    }
    assert len(set(texts.values())) == len(texts)
    assert sum(len(set(found)) > 2 for found in texts.values()) > 10


def test_forced_words_begin_the_output(made: dict[str, Any]) -> None:
    (first,) = asked(made, "additive", "outputs", [SENTENCES[0]])
    other = first["outputs"][0]["alternatives"][1][2]["id"]
    begin = [first["outputs"][0]["ids"][0], other]
    for beam in (1, 3):
        (answer,) = asked(
            made, "additive", "outputs", [SENTENCES[0], {"beam": beam, "forced": begin}]
        )
        assert answer["outputs"][0]["ids"][:2] == begin
        assert answer["outputs"][0]["tokens"] != first["outputs"][0]["tokens"]


def test_forcing_what_it_says_changes_nothing(made: dict[str, Any]) -> None:
    (free,) = asked(made, "general", "outputs", [SENTENCES[3]])
    words = free["outputs"][0]["ids"][:4]
    (forced,) = asked(made, "general", "outputs", [SENTENCES[3], {"forced": words}])
    assert forced["outputs"][0]["tokens"] == free["outputs"][0]["tokens"]
    assert forced["outputs"][0]["score"] == pytest.approx(free["outputs"][0]["score"])


@pytest.mark.parametrize("beam", [1, 3])
def test_nothing_follows_a_forced_end(made: dict[str, Any], beam: int) -> None:
    (free,) = asked(made, "additive", "outputs", [SENTENCES[0]])
    begin = [*free["outputs"][0]["ids"][:2], EOS]
    options = {"beam": beam, "count": 3, "forced": begin}
    (answer,) = asked(made, "additive", "outputs", [SENTENCES[0], options])
    assert [one["ids"] for one in answer["outputs"]] == [begin]
    assert answer["outputs"][0]["ended"]


def test_a_long_text_is_cut_where_python_cuts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit is in the description, so a change of it needs no change of the page's code."""
    for module in ("playground.describe", "tasks.translation.translator"):
        monkeypatch.setattr(f"nlpflow.{module}.LONGEST_SOURCE", 5)
    run = seq2seq(tmp_path, "additive", network("additive"))
    page = write_made([run], tmp_path / "page.html")
    text = "je suis tres fatigue et petite ."
    (answer,) = asked({"runs": {"additive": run}, "page": page}, "additive", "outputs", [text])
    (output,) = nlpflow.load(run).outputs([text])
    assert answer["source"]["tokens"] == output.src_tokens
    assert len(output.src_tokens) == 5
    assert answer["source"]["unread"] == output.unread == 3


def test_a_run_that_draws_at_random_is_compared_with_the_search(tmp_path: Path) -> None:
    sampling = {"temperature": 2.0, "nucleus": 1.0, "seed": 1}
    run = seq2seq(tmp_path, "additive", network("additive"), sampling=sampling)
    made = {"runs": {"additive": run}, "page": write_made([run], tmp_path / "page.html")}

    def ask(verb: str, arguments: Sequence[list[Any]]) -> list[Any]:
        return asked(made, "additive", verb, *arguments)

    loaded = nlpflow.load(run)
    drawn = [output.text for output in loaded.outputs(SENTENCES)]
    found = compare_seq2seq(loaded, pd.DataFrame({"source_raw": SENTENCES}), ask)
    assert drawn != [output.text for output in loaded.outputs(SENTENCES)]  # it searches now
    assert (found.rounding, found.differing) == (0, 0)
