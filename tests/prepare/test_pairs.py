from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from made_pairs import Made, as_tables, make_pairs, pair_corpus
from nlpflow.corpora.pairs import PAIR_SCHEMA
from nlpflow.errors import UserError
from nlpflow.prepare import leakage
from nlpflow.settings.data import FilterSettings, PairDataset, PairSplitSettings

pytestmark = pytest.mark.long

MALFORMED = pd.DataFrame([("f", 3, "bad", "x")], columns=["file", "line", "problem", "text"])
WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def table(pairs: list[tuple[str, ...]], **columns: list) -> pd.DataFrame:
    """What `read_corpus` returns."""
    frame = pd.DataFrame(pairs, columns=["eng", "fra"], dtype="str")
    frame.insert(0, "pair", np.arange(len(frame)))
    for name in PAIR_SCHEMA.names[3:]:
        frame[name] = pd.Series(columns.get(name, [None] * len(frame)), dtype="str")
    return frame


def many() -> list[tuple[str, str]]:
    return [(f"I see {a} {b}.", f"Je vois « {a} » {b}\u202f!") for a in WORDS for b in WORDS]


def made(
    frame: pd.DataFrame, own_split: bool = False, folder: Path | None = None, **settings: object
) -> Made:
    dataset = PairDataset(
        **({"kind": "pairs", "corpus": "c", "source": "fra", "target": "eng"} | settings)
    )
    return make_pairs(dataset, pair_corpus(own_split), frame, MALFORMED, folder)


def test_tables() -> None:
    prepared = made(table(many(), attribution=["me"] * 100))
    parts = prepared.splits
    assert list(parts) == ["train", "dev", "test"]
    everything = pd.concat(parts.values()).sort_values("pair")
    assert everything["pair"].tolist() == list(range(100))
    assert list(everything) == [
        "pair", "component", "source", "target", "source_raw", "target_raw", "attribution",
    ]  # fmt: skip
    first = everything.iloc[0]
    assert first["source"] == "je vois one one !"
    assert first["target"] == "i see one one ."
    assert first["source_raw"] == "Je vois « one » one\u202f!"
    assert first["target_raw"] == "I see one one."
    assert first["attribution"] == "me"
    assert all(part["pair"].is_monotonic_increasing for part in parts.values())
    leakage.check(as_tables(parts))
    assert prepared.summary["pairs"] == {name: len(part) for name, part in parts.items()}
    assert prepared.summary["components"] == 100
    assert prepared.summary["largest_component"] == 1
    assert prepared.summary["malformed"] == 1


def test_cased_and_the_other_direction() -> None:
    prepared = made(table(many()), source="eng", target="fra", normalisation="cased")
    first = pd.concat(prepared.splits.values()).sort_values("pair").iloc[0]
    assert (first["source"], first["target"]) == ("I see one one.", "Je vois « one » one !")


def test_report_ends_with_the_splits() -> None:
    report = made(table([*many(), many()[0]])).report
    assert report["step"].tolist() == [
        "read", "drop_empty", "drop_duplicates", "drop_copies", "train", "dev", "test",
    ]  # fmt: skip
    assert report["dropped"].tolist()[:4] == [1, 0, 1, 0]  # one malformed line
    assert report["pairs"].tolist()[:4] == [101, 101, 100, 100]
    assert report["pairs"].tail(3).sum() == 100


def test_references_include_filtered_pairs() -> None:
    pairs = [
        ("I go.", "Je vais !"),
        ("I am going to that place.", "Je vais !"),  # too long, and still a reference
        ("i go .", "je vais !"),  # the same after normalising, with another raw text
        ("I go.", "Je vais !"),
        ("", "Je vais !"),
    ]
    settings = {"filters": FilterSettings(fewer_tokens_than=6)}
    frame = table([*many(), *pairs])
    seen = set()
    for salt in map(str, range(30)):
        prepared = made(frame, split=PairSplitSettings(dev=0.4, test=0.4, salt=salt), **settings)
        for split in ("train", "dev", "test"):
            if not (prepared.splits[split]["source"] == "je vais !").any():
                continue
            seen.add(split)
            found = prepared.references[prepared.references["source"] == "je vais !"]
            expected = [
                [split, "je vais !", "i go .", "I go."],
                [split, "je vais !", "i am going to that place .", "I am going to that place."],
                [split, "je vais !", "i go .", "i go ."],
            ]
            assert found.values.tolist() == ([] if split == "train" else expected)
    assert seen == {"train", "dev", "test"}


def test_references_of_dropped_sources_are_left_out() -> None:
    prepared = made(table(many()))
    for split in ("dev", "test"):
        references = prepared.references[prepared.references["split"] == split]
        assert set(references["source"]) == set(prepared.splits[split]["source"])


def test_groups_stay_together() -> None:
    frame = table(many(), group=["g"] * 30 + [None] * 70)
    prepared = made(frame)
    places = {name for name, part in prepared.splits.items() if (part["pair"] < 30).any()}
    assert len(places) == 1
    assert prepared.summary["largest_component"] == 30


def test_own_split_is_respected_without_leakage() -> None:
    pairs = {
        "train": [("a", "A1"), ("leak dev", "A2"), ("a3", "leak test."), ("", "A4")],
        "dev": [("leak dev", "B1"), ("b2", "leak test dev"), ("b3", "B3"), ("", "B4")],
        "test": [("c1", "Leak test!"), ("c2", "leak test dev"), ("c3", "C3"), ("", "C4")],
    }
    frame = table(
        [pair for part in pairs.values() for pair in part],
        split=[split for split, part in pairs.items() for _ in part],
    )
    prepared = made(frame, own_split=True, normalisation="cased")
    raw = {split: part["target_raw"].tolist() for split, part in prepared.splits.items()}
    assert raw == {"train": ["a"], "dev": ["leak dev", "b3"], "test": ["c1", "c2", "c3"]}
    assert prepared.report["step"].tolist()[:3] == ["read", "also in dev or test", "drop_empty"]
    assert prepared.report["dropped"].tolist()[:3] == [1, 3, 3]
    assert prepared.report["pairs"].tolist()[:3] == [12, 9, 6]
    leakage.check(as_tables(prepared.splits))


def test_own_split_respects_groups() -> None:
    frame = table(
        [(letter, letter * 2) for letter in "abcdef"],
        split=["train", "train", "train", "dev", "dev", "test"],
        group=["with dev", None, "with test", "with dev", "with test", "with test"],
    )
    prepared = made(frame, own_split=True)
    raw = {split: part["target_raw"].tolist() for split, part in prepared.splits.items()}
    assert raw == {"train": ["b"], "dev": ["d"], "test": ["f"]}
    leakage.check(as_tables(prepared.splits))


def test_a_dev_set_is_cut_out_of_train() -> None:
    """By components, and none of test."""
    pairs = many()
    copies = [(one, f"{other} Encore.") for one, other in pairs[:80]]
    frame = table(
        [*pairs[:80], *copies, ("leak", pairs[90][1]), *pairs[80:]],
        split=["train"] * 161 + ["test"] * 20,
    )
    dataset = PairDataset(kind="pairs", corpus="c", source="fra", target="eng")
    brings = pair_corpus(own_split=True, splits=("train", "test"))
    prepared = make_pairs(dataset, brings, frame, MALFORMED)
    sizes = {split: len(part) for split, part in prepared.splits.items()}
    assert sizes["test"] == 20
    assert sizes["train"] + sizes["dev"] == 160
    assert 4 <= sizes["dev"] < 40
    assert prepared.splits["dev"]["pair"].lt(160).all()
    leakage.check(as_tables(prepared.splits))


def test_a_dropped_dev_pair_drops_no_training_pair() -> None:
    frame = table(
        [("x", "D"), ("y", "E"), ("y", "F"), ("z", "G"), ("v", "F"), ("w", "W")],
        split=["train", "train", "dev", "dev", "test", "test"],
    )
    prepared = made(frame, own_split=True)
    assert prepared.splits["train"]["target_raw"].tolist() == ["x", "y"]
    assert prepared.splits["dev"]["target_raw"].tolist() == ["z"]


@pytest.mark.parametrize(("source", "expected"), [("eng", "0-1 2-3"), ("fra", "1-0 3-2")])
def test_alignments_follow_the_direction(source: str, expected: str) -> None:
    alignment = ["0-1 2-3", *[None] * 99]
    target = {"eng": "fra", "fra": "eng"}[source]
    prepared = made(table(many(), alignment=alignment), source=source, target=target)
    everything = pd.concat(prepared.splits.values()).sort_values("pair")
    assert everything["alignment"].fillna("-").tolist() == [expected, *["-"] * 99]
    cased = made(table(many(), alignment=alignment), normalisation="cased")
    assert "alignment" not in cased.splits["test"]


def test_alignment_outside_the_sentence() -> None:
    # "i see one one ." has five words
    alignment = ["5-0", *[None] * 99]
    with pytest.raises(UserError, match="link 0-5 points outside"):
        made(table(many(), alignment=alignment))


def test_empty_split_names_the_step_at_fault() -> None:
    with pytest.raises(UserError, match=r"no pairs in train and dev and test.*fewer_tokens_than"):
        made(table(many()), filters=FilterSettings(fewer_tokens_than=3))
    with pytest.raises(UserError, match="nothing is filtered"):
        made(table(many()[:2]))


def test_wrong_languages() -> None:
    with pytest.raises(UserError, match="has eng and fra, not deu and eng"):
        made(table(many()), source="deu")


def test_written_files(tmp_path: Path) -> None:
    frame = table([('Say "hi"', "Dis\r« hé »"), *many()])
    prepared = made(frame, folder=tmp_path / "one" / "deep")
    made(frame, folder=tmp_path / "two")
    names = sorted(path.name for path in (tmp_path / "two").iterdir())
    assert names == [
        "dev.parquet", "dev.tsv", "filter_report.tsv", "malformed.tsv", "references.parquet",
        "test.parquet", "test.tsv", "train.parquet", "train.tsv",
    ]  # fmt: skip
    for name in names:
        one, two = ((tmp_path / f / name).read_bytes() for f in ("one/deep", "two"))
        assert one == two
    for split, part in prepared.splits.items():
        stored = pd.read_parquet(tmp_path / "two" / f"{split}.parquet")
        pd.testing.assert_frame_equal(stored, part)
        text = pd.read_csv(tmp_path / "two" / f"{split}.tsv", sep="\t", dtype={"attribution": str})
        raw = part["source_raw"].str.replace("\r", " ")
        assert text["source_raw"].tolist() == raw.tolist()
        assert text["target_raw"].tolist() == part["target_raw"].tolist()
    assert pq.read_table(tmp_path / "two" / "references.parquet").column_names == [
        "split", "source", "target", "target_raw",
    ]  # fmt: skip
    assert (tmp_path / "two" / "malformed.tsv").read_text() == (
        "file\tline\tproblem\ttext\nf\t3\tbad\tx\n"
    )


def test_other_letters_than_latin_ones_need_another_normalisation() -> None:
    """Where the language's code says nothing of them, the data does."""
    frame = table([(english, f"我看见{number}号") for number, (english, _) in enumerate(many())])
    with pytest.raises(UserError, match=r"dataset d: 100.0% of the letters of fra are not Latin"):
        made(frame, normalisation="tutorial")
    prepared = made(frame, normalisation="cased", filters=FilterSettings(fewer_tokens_than=7))
    assert sum(map(len, prepared.splits.values())) == 100
    with pytest.raises(UserError, match="step fewer_tokens_than drops most of them"):
        made(frame, normalisation="cased", filters=FilterSettings(fewer_tokens_than=5))


def test_prefixes_of_dev_and_test_leave_training_whole() -> None:
    every = made(table(many())).splits
    filters = {"prefixes": {"eng": ("i see one", "i see two", "i see three", "i see four")}}
    subset = made(table(many()), filters=FilterSettings(**filters))
    more = made(table(many()), filters=FilterSettings(**filters, prefixes_in=("dev", "test")))
    assert more.splits["train"].equals(every["train"])
    assert len(subset.splits["train"]) < len(every["train"])
    for split in ("dev", "test"):
        assert more.splits[split].equals(subset.splits[split])
    assert more.references.equals(subset.references)
    held_out = {split: subset.splits[split] for split in ("dev", "test")}
    leakage.check(as_tables({"train": more.splits["train"]} | held_out))


def spread(split: PairSplitSettings, **columns: list) -> Made:
    """Many sources, few targets."""
    pairs = [(f"answer {number % 5}", f"question {number}") for number in range(200)]
    return made(table(pairs, **columns), split=split, normalisation="cased")


def test_only_sources_are_kept_apart() -> None:
    """By sentence the few targets would join all pairs to five components."""
    prepared = spread(PairSplitSettings(by="source"))
    assert prepared.summary["components"] == 200
    assert all(part["target"].nunique() == 5 for part in prepared.splits.values())
    leakage.check(as_tables(prepared.splits), sides=("source",))
    with pytest.raises(UserError, match="splits share sentences"):
        leakage.check(as_tables(prepared.splits))


def test_documents_are_kept_apart() -> None:
    group = [f"dialogue {number // 4}" for number in range(200)]
    prepared = spread(PairSplitSettings(by="document"), group=group)
    assert prepared.summary["components"] == 50
    for part in prepared.splits.values():
        assert (part["pair"] // 4).value_counts().eq(4).all()
    leakage.check(as_tables(prepared.splits), sides=())


def test_a_repeated_pair_stays_once_in_each_split_of_its_documents() -> None:
    """Otherwise the order of the files would decide which split loses "Thank you."."""
    pairs = [(f"question {number}", f"answer {number}") for number in range(200)]
    pairs[::4] = [("Thank you.", "Goodbye.")] * 50
    group = [f"dialogue {number // 4}" for number in range(200)]
    settings = {"split": PairSplitSettings(by="document"), "normalisation": "cased"}
    prepared = made(table(pairs, group=group), **settings)
    for part in prepared.splits.values():
        assert (part["source_raw"] == "Goodbye.").sum() == 1
    turned = made(table(pairs[::-1], group=group[::-1]), **settings)
    sizes = [{split: len(part) for split, part in one.splits.items()} for one in (prepared, turned)]
    assert sizes[0] == sizes[1]
    assert sum(sizes[0].values()) == 150 + 3


def test_pairs_without_a_document_are_kept_apart_by_their_source() -> None:
    group = ["dialogue"] * 20 + [None] * 180
    prepared = spread(PairSplitSettings(by="document"), group=group)
    assert prepared.summary["components"] == 181
    with pytest.raises(UserError, match=r"split\.by: corpus c has no documents; use sentence"):
        spread(PairSplitSettings(by="document"))


def test_the_split_of_the_corpus_can_be_left() -> None:
    split = ["train"] * 60 + ["dev"] * 20 + ["test"] * 20
    frame = table(many(), split=split)
    kept = made(frame, own_split=True).splits
    assert set(kept["test"]["pair"]) == {*range(80, 100)}
    anew = made(frame, own_split=True, split=PairSplitSettings(keep=False)).splits
    assert (anew["test"]["pair"] < 80).any()
    assert (anew["train"]["pair"] >= 80).any()
    assert sum(map(len, anew.values())) == 100


def test_sources_apart_in_the_split_of_the_corpus() -> None:
    """A training pair with a source of the test set is dropped; equal targets do not matter."""
    frame = table(
        [("x", "Q1"), ("y", "q2."), ("x", "Q3"), ("x", "Q2"), ("z", "Q5")],
        split=["train", "train", "train", "test", "dev"],
    )
    settings = {"split": PairSplitSettings(by="source"), "normalisation": "cased"}
    prepared = made(frame, own_split=True, **settings)
    assert prepared.splits["train"]["source_raw"].tolist() == ["Q1", "Q3"]


def test_autoencoder() -> None:
    """Each source with itself, in the splits that the pairs have."""
    frame = table([*many(), ("Another.", many()[0][1])])
    pairs, own = made(frame), made(frame, autoencode=True)
    for split, part in own.splits.items():
        assert part["target"].tolist() == part["source"].tolist()
        assert part["target_raw"].tolist() == part["source_raw"].tolist()
        assert set(part["source"]) == set(pairs.splits[split]["source"])
        assert not part["source"].duplicated().any()
    known = own.references
    assert known["target"].tolist() == known["source"].tolist()
    assert own.report["pairs"].tail(3).sum() == 100


def test_fewer_training_pairs() -> None:
    """A smaller training set is part of a larger one; dev and test are the same."""
    parts = {most: made(table(many()), max_training=most).splits for most in (10, 30)}
    whole = made(table(many())).splits
    for held_out in ("dev", "test"):
        assert all(part[held_out].equals(whole[held_out]) for part in parts.values())
    few, more = (set(parts[most]["train"]["pair"]) for most in (10, 30))
    assert len(few) == 10
    assert few < more < set(whole["train"]["pair"])
    report = made(table(many()), max_training=10).report.set_index("step")
    assert report.loc["max_training", "setting"] == "10"
    assert report.loc["max_training", "dropped"] == len(whole["train"]) - 10
