"""The figures that the PyTorch tutorial prints for its data, from the real file."""

from pathlib import Path

import pandas as pd
import pytest

from made_pairs import Made, as_tables, make_pairs
from nlpflow.corpora.pairs import read_corpus
from nlpflow.prepare import leakage
from nlpflow.settings.data import FilterSettings, PairDataset
from nlpflow.settings.registry import Corpus, CorpusFile

ARCHIVE = "download.pytorch.org/tutorial/data.zip"
MIRROR = Path(__file__).parents[3] / "shared/data/mirror"
PREFIXES = (
    "i am ", "i m ", "he is", "he s ", "she is", "she s", "you are", "you re ", "we are",
    "we re ", "they are", "they re ",
)  # fmt: skip
FILTERS = FilterSettings(
    fewer_tokens_than=10,
    prefixes={"eng": PREFIXES},
    drop_empty=False,
    drop_duplicates=False,
    drop_copies=False,
)
CORPUS = Corpus(
    title="English-French pairs of the PyTorch tutorial",
    licence="CC BY 2.0 FR",
    attribution="manythings.org/anki and tatoeba.org",
    reader="tsv",
    languages=("eng", "fra"),
    files=(CorpusFile(address=f"https://{ARCHIVE}", member="data/eng-fra.txt"),),
)
SUBSET = PairDataset(kind="pairs", corpus="tutorial", source="fra", target="eng", filters=FILTERS)

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        not (MIRROR / ARCHIVE).exists(),
        reason=f"THE TUTORIAL'S FIGURES ARE NOT CHECKED: no {ARCHIVE} in {MIRROR}",
    ),
]


@pytest.fixture(scope="module")
def pairs() -> tuple[pd.DataFrame, pd.DataFrame]:
    return read_corpus("tutorial", CORPUS, {f"https://{ARCHIVE}": MIRROR / ARCHIVE}, None)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tutorial")


@pytest.fixture(scope="module")
def subset(pairs: tuple[pd.DataFrame, pd.DataFrame], folder: Path) -> Made:
    return make_pairs(SUBSET, CORPUS, *pairs, folder / "subset")


def test_pairs_and_vocabularies(pairs: tuple[pd.DataFrame, pd.DataFrame], subset: Made) -> None:
    table, malformed = pairs
    assert len(table) == 135_842
    assert malformed.empty
    report = subset.report.set_index("step")
    specials = 2  # the tutorial's vocabularies hold SOS and EOS besides the words
    assert report.loc["prefixes", "pairs"] == 10_853
    assert report.loc["prefixes", "source_types"] + specials == 4_489
    assert report.loc["prefixes", "target_types"] + specials == 2_925


def test_no_leakage_in_the_tutorials_subset(subset: Made) -> None:
    assert sum(subset.summary["pairs"].values()) == 10_853
    found = leakage.check(as_tables(subset.splits))
    assert all(number == 0 for counts in found.values() for number in counts.values())


def test_batches_make_no_difference(
    pairs: tuple[pd.DataFrame, pd.DataFrame], subset: Made, folder: Path
) -> None:
    """With all rows in files: byte for byte."""
    make_pairs(SUBSET, CORPUS, *pairs, folder / "batches", most=10_007)
    for file in (folder / "subset").iterdir():
        assert (folder / "batches" / file.name).read_bytes() == file.read_bytes()


def test_more_sentences_for_training_alone(
    pairs: tuple[pd.DataFrame, pd.DataFrame], subset: Made, folder: Path
) -> None:
    """All short pairs in training, and the dev and test set of the subset, byte for byte."""
    filters = FILTERS.model_copy(update={"prefixes_in": ("dev", "test")})
    dataset = SUBSET.model_copy(update={"filters": filters})
    more = make_pairs(dataset, CORPUS, *pairs, folder / "more")
    for file in ("dev.parquet", "test.parquet", "dev.tsv", "test.tsv", "references.parquet"):
        assert (folder / "more" / file).read_bytes() == (folder / "subset" / file).read_bytes()
    train = more.splits["train"]
    assert len(train) > 75_000
    assert set(subset.splits["train"]["pair"]) < set(train["pair"])
    held_out = {split: subset.splits[split] for split in ("dev", "test")}
    found = leakage.check(as_tables({"train": train} | held_out))
    assert all(number == 0 for counts in found.values() for number in counts.values())
