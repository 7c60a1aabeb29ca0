"""Taggers of every kind give in the page what they give in Python: tags, marginals, k best."""

from typing import Any

import numpy as np
import pytest

import nlpflow
from nlpflow.settings.labelling import EntitiesExperiment, TaggingExperiment
from nlpflow.tasks.labelling.model import build_network
from nlpflow.vocabulary.tags import build_label_vocabulary
from page_parity import TOLERANCE
from playground.made_runs import asked, randomise, save, write_made

pytestmark = pytest.mark.long

WORDS = [
    ["The", "İstanbul", "McDonald-42", "ΣΟΦΟΣ", "x" * 40, "②", "."],
    ["one"],
    ["Unseen", "words", "ǅ", "straße", "日本語", "١٢"],
]
MODELS: dict[str, dict[str, Any]] = {
    "plain": {"affixes": None, "embedding": 5, "hidden": 6},
    "everything": {
        "characters": {"embedding": 4, "hidden": 5, "bidirectional": True},
        "embedding": 5,
        "hidden": 6,
        "layers": 2,
        "output": "crf",
    },
    "forwards": {
        "characters": {"embedding": 4, "hidden": 5, "bidirectional": False},
        "bidirectional": False,
        "hidden": 6,
    },
}
TAGS = {
    "tagging": ["DET", "NOUN", "VERB"],
    "IOB2": ["B-LOC", "B-PER", "I-LOC", "I-PER", "O"],
    "IOBES": ["B-LOC", "E-LOC", "I-LOC", "O", "S-LOC", "S-PER"],
}


@pytest.fixture(scope="module")
def labellers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    root = tmp_path_factory.mktemp("labellers")
    runs = {}
    for name, values in MODELS.items():
        for kind, tags in TAGS.items():
            task = "tagging" if kind == "tagging" else "entities"
            model = values if kind == "tagging" else values | {"scheme": kind}
            experiment_type = TaggingExperiment if kind == "tagging" else EntitiesExperiment
            experiment = experiment_type.model_validate(
                {"task": task, "dataset": "data", "model": model}
            )
            folder = root / "results" / task / f"{name}-{kind}" / "seed-1"
            folder.mkdir(parents=True)
            affixes = experiment.model.affixes
            vocabulary = build_label_vocabulary(
                WORDS[:2] * 2,
                [tags],
                lower_case=experiment.model.lower_case,
                longest_affix=affixes.longest if affixes else 0,
                shapes=affixes.shape if affixes else False,
            )
            vocabulary.save(folder)
            built = build_network(experiment.model, "nll", vocabulary)
            randomise(built, seed=len(name + kind))
            save(folder, experiment, built, "digits", str(folder), vocabulary.digests)
            runs[f"{name}-{kind}"] = folder
    return {"runs": runs, "page": write_made(list(runs.values()), root / "page.html")}


@pytest.mark.parametrize("name", [f"{name}-{kind}" for name in MODELS for kind in TAGS])
def test_tags(labellers: dict[str, Any], name: str) -> None:
    run = nlpflow.load(labellers["runs"][name])
    answers = asked(labellers, name, "tag", *([" ".join(words)] for words in WORDS))
    ranked = run.k_best(WORDS, 5)
    for words, found, best, many in zip(
        WORDS, answers, run.tag(WORDS, marginals=True), ranked, strict=True
    ):
        assert found["words"] == words
        assert found["best"] == best.tags
        assert np.allclose(found["shares"], best.probabilities, atol=TOLERANCE)
        assert [one["tags"] for one in found["ranked"]] == [one.tags for one in many]
        scores = [one["logProbability"] for one in found["ranked"]]
        assert np.allclose(scores, [one.score for one in many], atol=TOLERANCE)
