"""Own test sets: every line, normalised, and what of it the training set has."""

import gzip
from pathlib import Path

import pandas as pd
import pytest

from nlpflow.errors import UserError
from nlpflow.prepare.test_sets import prepare_test_set
from nlpflow.settings.data import PairDataset
from nlpflow.settings.test_sets import OwnTestSet

DATASET = PairDataset(kind="pairs", corpus="tiny", source="fra", target="eng")
TRAIN = pd.DataFrame(
    {
        "source": ["je suis la .", "tu es ici !", "", "oui"],
        "target": ["i am here .", "you are here !", "nothing", "?"],
    }
)
LINES = [
    ("Je suis là.", "I am there."),  # the source, apart from accents
    ("Il est là.", "I AM HERE!"),  # the target, apart from case and punctuation
    ("Tu es ici !", "You are here!"),  # both
    ("You are here!", "Oui"),  # on the wrong sides
    ("Il est là.", "He is there."),
    ("…", "!"),  # a target that is no word is its own key
    ("Il est là.", "He is there."),  # twice, and it counts twice
]


def prepare(files: list[Path], languages=("fra", "eng"), dataset=DATASET) -> pd.DataFrame:
    settings = OwnTestSet(languages=languages, files=[str(file) for file in files])
    return prepare_test_set("mine", settings, {str(f): f for f in files}, dataset, TRAIN)


@pytest.fixture
def table(tmp_path: Path) -> pd.DataFrame:
    (tmp_path / "own.tsv").write_text("".join(f"{a}\t{b}\n" for a, b in LINES))
    return prepare([tmp_path / "own.tsv"])


def test_every_line_is_kept_and_normalised(table: pd.DataFrame) -> None:
    assert table["line"].tolist() == [1, 2, 3, 4, 5, 6, 7]
    assert table["source_raw"].tolist() == [source for source, _ in LINES]
    assert table["target_raw"].tolist() == [target for _, target in LINES]
    assert table["source"].tolist()[:3] == ["je suis la .", "il est la .", "tu es ici !"]
    assert table["target"].tolist()[:3] == ["i am there .", "i am here !", "you are here !"]


def test_overlap_with_the_training_set(table: pd.DataFrame) -> None:
    assert table["overlap_source"].tolist() == [True, False, True, False, False, False, False]
    assert table["overlap_target"].tolist() == [False, True, True, False, False, False, False]


def test_aligned_files_either_way_and_packed(tmp_path: Path, table: pd.DataFrame) -> None:
    (tmp_path / "own.fr").write_text("".join(f"{a}\n" for a, _ in LINES))
    with gzip.open(tmp_path / "own.en.gz", "wt") as stream:
        stream.write("".join(f"{b}\n" for _, b in LINES))
    files = [tmp_path / "own.fr", tmp_path / "own.en.gz"]
    pd.testing.assert_frame_equal(prepare(files), table)
    pd.testing.assert_frame_equal(prepare(files[::-1], ("eng", "fra")), table)


def test_the_other_direction_and_normalisation(tmp_path: Path) -> None:
    (tmp_path / "own.tsv").write_text("".join(f"{a}\t{b}\n" for a, b in LINES))
    dataset = PairDataset(
        kind="pairs", corpus="tiny", source="eng", target="fra", normalisation="cased"
    )
    found = prepare([tmp_path / "own.tsv"], dataset=dataset)
    assert found["source"].tolist() == [target for _, target in LINES]
    assert found["target"].tolist() == [source for source, _ in LINES]
    # Line 4 is now "Oui" into "You are here!".
    assert found["overlap_source"].tolist() == [line == 4 for line in found["line"]]
    assert found["overlap_target"].tolist() == [line == 4 for line in found["line"]]


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        (["a\tb\nc\nd\te\n"], "line 2 has 1 columns, not 2 or 3"),
        (["a\nb\n", "a\n"], "has 2 lines but"),
        ([""], "has no lines"),
        (["a\tb\n\xff\t\xff\nc\td\n"], "line 2 is not valid UTF-8"),
    ],
)
def test_a_malformed_test_set_is_refused(tmp_path: Path, contents, message: str) -> None:
    files = [tmp_path / f"own-{i}" for i in range(len(contents))]
    for file, content in zip(files, contents, strict=True):
        file.write_bytes(content.encode("latin-1"))
    with pytest.raises(UserError) as caught:
        prepare(files)
    assert message in str(caught.value)
    assert "mine" in str(caught.value)
    assert str(caught.value).isprintable()
