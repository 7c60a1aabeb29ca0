import re
import unicodedata

import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from nlpflow.text.normalisation import JOINERS, deduplication_keys, normalise, token_count

ODD = "İıſKßẞΣσςéE\u0301\u0345\x1c\x85\u00a0\u2009\u3000\u200b\u200c\u200d\u00ad\ufeff\x00.!? aA"
TEXT = st.lists(st.text() | st.text(st.sampled_from(ODD)), max_size=5)


def array(sentences: list[str]) -> pa.Array:
    return pa.array(sentences, pa.large_string())


@given(TEXT)
@example(["\u0301 a", " \u0301a", "a\u200d\u0301\u200d", "ΑΣ"])
def test_tutorial_agrees_with_its_definition(sentences: list[str]) -> None:
    expected = []
    for sentence in sentences:
        decomposed = unicodedata.normalize("NFD", sentence.lower().strip())
        plain = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
        expected.append(re.sub(r"[^a-zA-Z.!?]+", " ", re.sub(r"([.!?])", r" \1", plain)))
    assert normalise(array(sentences), "tutorial").to_pylist() == expected


@given(TEXT)
@example(["a\u200d\u0301\u200d", "\u200d\u0301", " \u200d \u200d"])
def test_cased_is_idempotent_and_tidy(sentences: list[str]) -> None:
    once = normalise(array(sentences), "cased")
    assert normalise(once, "cased").equals(once)
    for sentence in once.to_pylist():
        assert sentence.split(" ") == sentence.split() or sentence == ""
        assert not {unicodedata.category(c) for c in sentence} & {"Cc", "Zl", "Zp"}


@given(TEXT)
def test_words_stand_apart_from_signs(sentences: list[str]) -> None:
    for sentence in normalise(array(sentences), "words").to_pylist():
        assert sentence.split(" ") == sentence.split() or sentence == ""
        for word in sentence.split(" "):
            # Joiners count as letters, and so may what this Python's Unicode does not know yet.
            inside = [
                unicodedata.category(c)[0] in "LMN" or unicodedata.category(c) in ("Cf", "Cn")
                for c in word
            ]
            # Letters and signs share a word only where a sign joins two letters.
            assert all(inside) or not any(inside) or (inside[0] and inside[-1])


@given(TEXT)
@example([":\u200c", "\u2764\u200d\U0001f525"])
def test_cased_words_are_words_with_their_case_and_lose_nothing(sentences: list[str]) -> None:
    found = normalise(array(sentences), "cased_words").to_pylist()
    plain = normalise(array(sentences), "cased").to_pylist()
    # Joiners beside a sign join nothing once it stands apart.
    unseen = dict.fromkeys(map(ord, f" {JOINERS}"))
    assert [text.translate(unseen) for text in found] == [text.translate(unseen) for text in plain]
    assert normalise(array(found), "cased_words").to_pylist() == found


@given(TEXT)
def test_fold_is_stable_and_empty_for_white_space_only(sentences: list[str]) -> None:
    for name in ("tutorial", "cased"):
        column = normalise(array(sentences), name)
        keys = deduplication_keys(column)
        assert deduplication_keys(keys).equals(keys)
        for sentence, key in zip(column.to_pylist(), keys.to_pylist(), strict=True):
            assert bool(key) == bool(sentence.strip())
            assert key == key.strip()


@given(TEXT)
def test_token_count_is_pythons(sentences: list[str]) -> None:
    assert token_count(array(sentences)).to_pylist() == [len(s.split(" ")) for s in sentences]
