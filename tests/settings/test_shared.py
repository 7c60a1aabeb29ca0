"""Definitions that several configs share: what a config takes of them, and what it may not say."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from nlpflow.errors import UserError
from nlpflow.settings.config import Config
from nlpflow.settings.loading import load_config

ROOT = Path(__file__).resolve().parents[2]
PAIRS = {"kind": "pairs", "corpus": "sample-fra-eng", "source": "fra", "target": "eng"}
SENTENCES = {"kind": "sentences", "corpora": ["sample-sentences"]}
SHARED: dict[str, Any] = {
    "datasets": {
        "pairs": PAIRS,
        "cased": PAIRS | {"normalisation": "cased"},
        "longer": PAIRS | {"filters": {"fewer_tokens_than": 20}},
        "sentences": SENTENCES,
        "english": SENTENCES | {"languages": ["eng"]},
        "lists": SENTENCES | {"kind": "test_sentences", "apart_from": ["sentences"]},
    },
    "vocabularies": {
        "words": {"dataset": "pairs"},
        "cased": {"dataset": "cased"},
        "both": {"dataset": "pairs", "made_from": "longer"},
    },
}
TRANSLATION = {"task": "translation", "vocabulary": "words", "model": {"attention": "none"}}
IDENTIFICATION = {"task": "language_id", "dataset": "english", "model": {"features": "words"}}


def load(tmp_path: Path, experiment: dict[str, Any], **others: Any) -> Config:
    if not (tmp_path / "shared.yaml").exists():
        (tmp_path / "shared.yaml").write_text(yaml.safe_dump(SHARED))
    values = {
        "name": "test",
        "shared": "shared.yaml",
        "registry": str(ROOT / "config/corpora.yaml"),
        "experiments": {"e": experiment},
    }
    return load_config(values | others, tmp_path)[0]


def names(config: Config) -> tuple[set[str], set[str]]:
    return set(config.datasets), set(config.vocabularies)


OTHER_VOCABULARY = {"experiment": "e", "parameters": {"vocabulary": ["cased"]}}


@pytest.mark.parametrize(
    ("experiment", "others", "datasets", "vocabularies"),
    [
        (TRANSLATION, {}, {"pairs"}, {"words"}),
        (TRANSLATION, {"grids": {"g": OTHER_VOCABULARY}}, {"pairs", "cased"}, {"words", "cased"}),
        (IDENTIFICATION, {}, {"english"}, set()),
        # A test set brings the training set that it is apart from.
        (
            IDENTIFICATION | {"test_sets": ["test", "lists"]},
            {},
            {"english", "lists", "sentences"},
            set(),
        ),
        # Own definitions stay, used or not, and may name shared ones.
        (
            TRANSLATION | {"vocabulary": "own"},
            {"vocabularies": {"own": {"dataset": "cased", "min_count": 2}}},
            {"cased"},
            {"own"},
        ),
        (TRANSLATION, {"datasets": {"own": SENTENCES}}, {"pairs", "own"}, {"words"}),
        # A vocabulary brings the dataset that its tokens are made from.
        (TRANSLATION | {"vocabulary": "both"}, {}, {"pairs", "longer"}, {"both"}),
    ],
)
def test_a_config_takes_what_it_uses(
    tmp_path: Path,
    experiment: dict[str, Any],
    others: dict[str, Any],
    datasets: set[str],
    vocabularies: set[str],
) -> None:
    assert names(load(tmp_path, experiment, **others)) == (datasets, vocabularies)


def test_it_means_what_it_would_mean_in_the_config(tmp_path: Path) -> None:
    shared = load(tmp_path, TRANSLATION)
    own = load(
        tmp_path,
        TRANSLATION,
        shared=None,
        datasets={"pairs": PAIRS},
        vocabularies={"words": {"dataset": "pairs"}},
    )
    assert shared.datasets == own.datasets
    assert shared.vocabularies == own.vocabularies


@pytest.mark.parametrize(
    ("experiment", "others", "line"),
    [
        (
            TRANSLATION,
            {"datasets": {"pairs": PAIRS}},
            "config: datasets.pairs: shared.yaml defines datasets.pairs as well; "
            "rename it here, or leave it out to take the shared one",
        ),
        (
            TRANSLATION,
            {"vocabularies": {"cased": {"dataset": "pairs"}}},
            "config: vocabularies.cased: shared.yaml defines vocabularies.cased as well; "
            "rename it here, or leave it out to take the shared one",
        ),
        (
            TRANSLATION,
            {"shared": None},
            "config: datasets: this key is required, or `shared`",
        ),
    ],
)
def test_refused(
    tmp_path: Path, experiment: dict[str, Any], others: dict[str, Any], line: str
) -> None:
    with pytest.raises(UserError) as caught:
        load(tmp_path, experiment, **others)
    assert str(caught.value) == line


def test_what_is_not_used_may_be_of_another_registry(tmp_path: Path) -> None:
    datasets = SHARED["datasets"] | {"elsewhere": PAIRS | {"corpus": "elsewhere"}}
    (tmp_path / "shared.yaml").write_text(yaml.safe_dump(SHARED | {"datasets": datasets}))
    assert names(load(tmp_path, TRANSLATION)) == ({"pairs"}, {"words"})


def test_a_wrong_shared_file(tmp_path: Path) -> None:
    (tmp_path / "shared.yaml").write_text(yaml.safe_dump({"dataset": {}}))
    with pytest.raises(
        UserError, match=r"^shared shared\.yaml: dataset: unknown key; did you mean"
    ):
        load(tmp_path, TRANSLATION)


def test_the_nearest_shared_name_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        UserError, match=r"e\.dataset: 'englich' is unknown; did you mean 'english'"
    ):
        load(tmp_path, IDENTIFICATION | {"dataset": "englich"})
