"""The figures that the PyTorch tutorial prints for its data, from the real file."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from nlpflow.corpora.pairs import read_corpus
from nlpflow.prepare import leakage
from nlpflow.prepare.filters import apply_filters
from nlpflow.prepare.pairs import prepare, write
from nlpflow.settings.data import FilterSettings, PairDataset
from nlpflow.settings.registry import Corpus, CorpusFile
from nlpflow.text.normalisation import normalise

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


def test_pairs_and_vocabularies(pairs: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    table, malformed = pairs
    assert len(table) == 135_842
    assert malformed.empty
    sides = {"source": "fra", "target": "eng"}
    normalised = pd.DataFrame(
        {
            side: normalise(pa.array(table[language], pa.large_string()), "tutorial").to_pandas()
            for side, language in sides.items()
        }
    )
    kept, report = apply_filters(normalised, FILTERS, "fra", "eng")
    specials = 2  # the tutorial's vocabularies hold SOS and EOS besides the words
    assert len(kept) == 10_853
    assert report["source_types"].iloc[-1] + specials == 4_489
    assert report["target_types"].iloc[-1] + specials == 2_925


def test_no_leakage_in_the_tutorials_subset(pairs: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    dataset = PairDataset(
        kind="pairs", corpus="tutorial", source="fra", target="eng", filters=FILTERS
    )
    prepared = prepare("tutorial", dataset, CORPUS, *pairs)
    assert sum(prepared.summary["pairs"].values()) == 10_853
    found = leakage.check(prepared.splits)
    assert all(number == 0 for counts in found.values() for number in counts.values())


def test_more_sentences_for_training_alone(
    pairs: tuple[pd.DataFrame, pd.DataFrame], tmp_path: Path
) -> None:
    """All short pairs in training, and the dev and test set of the subset, byte for byte."""
    subset = PairDataset(
        kind="pairs", corpus="tutorial", source="fra", target="eng", filters=FILTERS
    )
    more = subset.model_copy(
        update={"filters": FILTERS.model_copy(update={"prefixes_in": ("dev", "test")})}
    )
    made = {
        name: prepare("tutorial", dataset, CORPUS, *pairs)
        for name, dataset in {"subset": subset, "more": more}.items()
    }
    for name, prepared in made.items():
        write(prepared, tmp_path / name)
    for file in ("dev.parquet", "test.parquet", "dev.tsv", "test.tsv", "references.parquet"):
        assert (tmp_path / "more" / file).read_bytes() == (tmp_path / "subset" / file).read_bytes()
    train = made["more"].splits["train"]
    assert len(train) > 75_000
    assert set(made["subset"].splits["train"]["pair"]) < set(train["pair"])
    held_out = {split: made["subset"].splits[split] for split in ("dev", "test")}
    found = leakage.check({"train": train} | held_out)
    assert all(number == 0 for counts in found.values() for number in counts.values())
