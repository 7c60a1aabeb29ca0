"""Words, letters and tags: their order and ids, and what comes back from disk."""

import dataclasses
from pathlib import Path

import pytest

from nlpflow.errors import UserError
from nlpflow.vocabulary import SPECIALS, UNK
from nlpflow.vocabulary.tags import FILE, LabelVocabulary, build_label_vocabulary

WORDS = [["b", "a", "B"], ["a", "<unk>", "été"], ["a", "b"]]
TAGS = [["Y", "X", "Y"], ["X", "Z", "X"], ["X", "Y"]]
FIRST = len(SPECIALS)


def test_order_and_ids() -> None:
    vocabulary = build_label_vocabulary(WORDS, TAGS)
    assert vocabulary.words == ("a", "b", "<unk>", "B", "été")
    assert vocabulary.counts == (3, 2, 1, 1, 1)
    assert vocabulary.letters[:2] == ("a", "b")
    assert set(vocabulary.letters) == set("abB<unk>été")
    assert vocabulary.tags == ("X", "Y", "Z")
    assert (vocabulary.word_count, vocabulary.character_count) == (FIRST + 5, FIRST + 10)
    assert vocabulary.encode(["a", "B", "c", "<unk>", "<pad>"]) == [
        FIRST, FIRST + 3, UNK, FIRST + 2, UNK,
    ]  # fmt: skip
    assert vocabulary.tag_ids == {"X": 0, "Y": 1, "Z": 2}


def test_rare_words_and_lower_case() -> None:
    vocabulary = build_label_vocabulary(WORDS, TAGS, min_count=2)
    assert vocabulary.words == ("a", "b")
    assert "é" in vocabulary.alphabet
    lowered = build_label_vocabulary(WORDS, TAGS, min_count=3, lower_case=True)
    assert lowered.words == ("a", "b")
    assert lowered.counts == (3, 3)
    assert lowered.encode(["A", "B", "É"]) == [FIRST, FIRST + 1, UNK]
    assert "B" in lowered.alphabet


def test_affixes_and_shapes() -> None:
    words = [["Walked", "talked", "12"], ["Talks", "walked"]]
    tags = [["V", "V", "N"], ["N", "V"]]
    vocabulary = build_label_vocabulary(words, tags, longest_affix=2, shapes=True)
    # Three words end in -ed; "12" stands once, and so do its shape and its affixes.
    assert vocabulary.affixes == (
        "-1:d", "-2:ed", "1:t", "1:w", "2:ta", "2:wa", "shape:Xx", "shape:x",
    )  # fmt: skip
    known = {name: FIRST + index for index, name in enumerate(vocabulary.affixes)}
    assert vocabulary.encode_affixes("WED") == [
        known["1:w"], known["-1:d"], UNK, known["-2:ed"], UNK,
    ]  # fmt: skip
    assert vocabulary.encode_affixes("12") == [UNK] * 5
    assert vocabulary.affixes_per_word == 5
    assert vocabulary.affix_count == FIRST + 8
    plain = build_label_vocabulary(words, tags)
    assert (plain.affixes, plain.encode_affixes("WED")) == ((), [])


def test_a_word_shorter_than_an_affix_is_its_own() -> None:
    vocabulary = build_label_vocabulary([["a", "a"]], [["X", "X"]], longest_affix=3)
    assert vocabulary.affixes == ("-1:a", "-2:a", "-3:a", "1:a", "2:a", "3:a")
    assert UNK not in vocabulary.encode_affixes("A")


def test_round_trip_and_digests(tmp_path: Path) -> None:
    vocabulary = build_label_vocabulary(WORDS, TAGS, lower_case=True, longest_affix=2, shapes=True)
    vocabulary.save(tmp_path)
    assert LabelVocabulary.load(tmp_path) == vocabulary
    for part, value in {
        "tags": ("Q",),
        "lower_case": False,
        "counts": (9, 9),
        "affixes": ("1:a",),
        "shapes": False,
    }.items():
        other = dataclasses.replace(vocabulary, **{part: value}).digests
        assert {name for name in other if other[name] != vocabulary.digests[name]} == {part}


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"words": 1}'])
def test_damaged_file(tmp_path: Path, content: str) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        LabelVocabulary.load(tmp_path)
    (tmp_path / FILE).write_text(content)
    with pytest.raises(UserError, match="not a vocabulary file"):
        LabelVocabulary.load(tmp_path)
