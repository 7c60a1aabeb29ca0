"""A name that two config files define differently is refused at start."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from nlpflow.errors import UserError
from nlpflow.settings.config import Config
from nlpflow.settings.loading import load_config
from nlpflow.settings.origin import FILE, write_origin
from nlpflow.settings.origins import check_origins, defining_files

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
REGISTRY = str(ROOT / "config/corpora.yaml")
PAIRS = {"kind": "pairs", "corpus": "sample-fra-eng", "source": "fra", "target": "eng"}
SENTENCES = {"kind": "sentences", "corpora": ["sample-sentences"]}
EXPERIMENT = {"task": "translation", "vocabulary": "v", "model": {"attention": "none"}}
VALUES: dict[str, Any] = {
    "name": "test",
    "registry": REGISTRY,
    "datasets": {"d": PAIRS},
    "vocabularies": {"v": {"dataset": "d"}},
    "experiments": {"e": EXPERIMENT},
}
SHARED = {"datasets": {"d": PAIRS}, "vocabularies": {"v": {"dataset": "d"}}}


def load(root: Path, **changes: Any) -> Config:
    return load_config(VALUES | changes, root)[0]


def make(config: Config, file: Path, root: Path) -> None:
    """Leave the origins behind that the jobs of a config write."""
    for folder, name in defining_files(config, [file], root).items():
        section = "datasets" if folder.startswith("prepared/") else "vocabularies"
        place = root / "data" / folder
        place.mkdir(parents=True, exist_ok=True)
        write_origin(place / FILE, getattr(config, section)[place.name], name)


def check(config: Config, file: Path, root: Path) -> None:
    check_origins(config, [file], root, root / "data")


def test_nothing_made_yet(tmp_path: Path) -> None:
    check(load(tmp_path), tmp_path / "a.yaml", tmp_path)


def test_two_files_with_equal_settings(tmp_path: Path) -> None:
    make(load(tmp_path), tmp_path / "a.yaml", tmp_path)
    check(load(tmp_path, name="other"), tmp_path / "b.yaml", tmp_path)


def test_a_file_that_was_edited_since(tmp_path: Path) -> None:
    make(load(tmp_path), tmp_path / "a.yaml", tmp_path)
    edited = load(tmp_path, datasets={"d": PAIRS | {"normalisation": "cased"}})
    check(edited, tmp_path / "a.yaml", tmp_path)


@pytest.mark.parametrize(
    ("section", "folder", "changes"),
    [
        ("datasets.d", "prepared/d", {"datasets": {"d": PAIRS | {"normalisation": "cased"}}}),
        (
            "vocabularies.v",
            "vocabularies/v",
            {"vocabularies": {"v": {"dataset": "d", "max_size": 9}}},
        ),
    ],
)
def test_another_file_with_other_settings(
    tmp_path: Path, section: str, folder: str, changes: dict[str, Any]
) -> None:
    make(load(tmp_path), tmp_path / "config/a.yaml", tmp_path)
    with pytest.raises(UserError) as caught:
        check(load(tmp_path, **changes), tmp_path / "config/b.yaml", tmp_path)
    assert str(caught.value) == (
        f"{section}: config/a.yaml and config/b.yaml define it differently, and "
        f"{tmp_path}/data/{folder} was made by the former; rename it in one of them, "
        "or delete the folder"
    )


def test_a_dataset_of_another_kind(tmp_path: Path) -> None:
    make(load(tmp_path), tmp_path / "a.yaml", tmp_path)
    words = {"task": "language_id", "dataset": "d", "model": {"features": "words"}}
    other = load(tmp_path, datasets={"d": SENTENCES}, vocabularies={}, experiments={"e": words})
    with pytest.raises(UserError, match=r"^datasets\.d: a\.yaml and b\.yaml define it differently"):
        check(other, tmp_path / "b.yaml", tmp_path)


def test_an_edited_shared_file_is_no_clash(tmp_path: Path) -> None:
    changes = {"shared": "shared.yaml", "datasets": {}, "vocabularies": {}}
    (tmp_path / "shared.yaml").write_text(yaml.safe_dump(SHARED))
    make(load(tmp_path, **changes), tmp_path / "a.yaml", tmp_path)
    edited = SHARED | {"datasets": {"d": PAIRS | {"normalisation": "cased"}}}
    (tmp_path / "shared.yaml").write_text(yaml.safe_dump(edited))
    check(load(tmp_path, **changes), tmp_path / "b.yaml", tmp_path)
    own = load(tmp_path, datasets={"d": PAIRS | {"normalisation": "cased"}})
    with pytest.raises(UserError, match=r"^datasets\.d: shared\.yaml and b\.yaml"):
        check(own, tmp_path / "b.yaml", tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"file": "a.yaml"}'])
def test_a_damaged_origin_stops_nothing(tmp_path: Path, content: str) -> None:
    make(load(tmp_path), tmp_path / "a.yaml", tmp_path)
    (tmp_path / "data/prepared/d" / FILE).write_text(content)
    edited = load(tmp_path, datasets={"d": PAIRS | {"normalisation": "cased"}})
    check(edited, tmp_path / "b.yaml", tmp_path)
