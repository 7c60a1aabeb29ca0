import numpy as np
import pandas as pd
import pytest

from made_pairs import as_tables
from nlpflow.errors import UserError
from nlpflow.prepare import leakage


def checked(splits: dict[str, pd.DataFrame], **settings: object) -> dict[str, dict[str, int]]:
    return leakage.check(as_tables(splits), **settings)


def table(*pairs: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["source", "target"], dtype="str")


def test_clean_splits() -> None:
    splits = {"train": table(("a", "b"), ("", "x")), "dev": table(("b", "a"), ("", "y"))}
    nothing = {"source": 0, "source_key": 0, "target": 0, "target_key": 0}
    assert checked(splits) == {"train/dev": nothing}
    assert list(checked(splits | {"test": table((" ", "z"))})) == [
        "train/dev", "train/test", "dev/test",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        (("Oui !", "new"), r"2 overlaps, such as 'Oui !' \(source in train and test\)"),
        (("oui", "new"), r"1 overlaps, such as 'oui' \(source_key in train and test\)"),
        (("neuf", "Yes."), r"2 overlaps, such as 'Yes.' \(target in train and test\)"),
    ],
)
def test_a_shared_sentence_is_found(pair: tuple[str, str], message: str) -> None:
    train = table(("Oui !", "Yes."), ("Non.", "No."))
    with pytest.raises(UserError, match=message):
        checked({"train": train, "dev": table(("x", "x")), "test": table(("y", "y"), pair)})


def test_three_examples_are_enough() -> None:
    same = table(*((letter, letter) for letter in "abcdefgh"))
    with pytest.raises(UserError, match=r"32 overlaps") as caught:
        checked({"train": same, "dev": same})
    assert str(caught.value).count("in train and dev") == 3
    assert "\n" not in str(caught.value)


def test_sentences_without_pairs() -> None:
    one, other, same = (pd.DataFrame({"sentence": [text]}) for text in ("Oui !", "Non", "oui"))
    assert checked({"train": one, "dev": other}) == {
        "train/dev": {"sentence": 0, "sentence_key": 0},
    }
    with pytest.raises(UserError, match=r"'oui' \(sentence_key in train and test\)"):
        checked({"train": one, "test": same})


@pytest.mark.parametrize("rows", [1, 2, 100])
@pytest.mark.parametrize("bits", [0, 1, 3, 64])
def test_hashes_that_are_equal_by_chance_do_not_count(
    rows: int, bits: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does it matter how many rows are read at a time."""
    hashes = leakage.hash_of
    few = np.uint64(2**bits - 1)
    monkeypatch.setattr(leakage, "hash_of", lambda column: hashes(column) & few)
    splits = {
        "train": table(*((f"a{n}", f"b{n}") for n in range(9)), ("x", "Y."), ("x", "z")),
        "dev": table(*((f"c{n}", f"d{n}") for n in range(5))),
        "test": table(*((f"e{n}", f"f{n}") for n in range(5)), ("u", "y")),
    }
    whole = as_tables(splits)
    parts = {
        name: [one.slice(start, rows) for (one,) in [whole[name]] for start in range(0, 20, rows)]
        for name in splits
    }
    nothing = {"source": 0, "source_key": 0, "target": 0, "target_key": 0}
    counts = leakage.check(parts, may_share=("train", "test"))
    assert counts == {
        "train/dev": nothing,
        "train/test": nothing | {"target_key": 1},
        "dev/test": nothing,
    }
    with pytest.raises(UserError, match=r"1 overlaps, such as 'y' \(target_key in train and test"):
        leakage.check(parts)


@pytest.mark.parametrize("kind", ["component", "document"])
def test_what_stays_together_is_in_one_split(kind: str) -> None:
    train = table(("a", "b"), ("c", "d")).assign(**{kind: [1, None]})
    dev = table(("e", "f"), ("g", "h")).assign(**{kind: [None, 2]})
    assert checked({"train": train, "dev": dev})["train/dev"][kind] == 0
    with pytest.raises(UserError, match=rf"1 overlaps, such as 1 \({kind} in train and dev\)"):
        checked({"train": train, "dev": dev.assign(**{kind: [1, 1]})})


def test_sentences_of_words() -> None:
    one, other = (
        pd.DataFrame({"sentence": [0, 1], "words": [text.split(), ["x", str(number)]]})
        for number, text in enumerate(("The dog .", "the dog"))
    )
    with pytest.raises(UserError, match=r"1 overlaps, such as 'the dog' \(sentence_key"):
        checked({"train": one, "dev": other})


def test_splits_of_the_corpus_may_share_and_are_counted() -> None:
    one, other = (pd.DataFrame({"sentence": [text]}) for text in ("Oui", "Non"))
    splits = {"train": one, "dev": other, "test": one}
    counts = checked(splits, may_share=("train", "test"))
    assert counts["train/test"] == {"sentence": 1, "sentence_key": 1}
    with pytest.raises(UserError, match="2 overlaps"):
        checked(splits, may_share=("train", "dev"))


def test_words_are_compared_as_they_were_divided() -> None:
    """By the key of the split: characters without a shape, such as a soft hyphen, do not count."""
    texts = ("co\u00adop shop", "coop shop")
    splits = {
        split: pd.DataFrame({"sentence": [0], "words": [text.split()]})
        for split, text in zip(("train", "test"), texts, strict=True)
    }
    with pytest.raises(UserError, match="splits share sentences"):
        checked(splits)
    other = pd.DataFrame({"sentence": [0], "words": [["co", "op", "shop"]]})
    assert checked({"train": splits["train"], "test": other})
