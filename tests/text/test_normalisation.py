import re
import sys
import unicodedata

import pyarrow as pa
import pytest

from nlpflow.text.normalisation import NORMALISATIONS, deduplication_keys, normalise, token_count


def tutorial(sentence: str) -> str:
    """The definition, one sentence at a time."""
    decomposed = unicodedata.normalize("NFD", sentence.lower().strip())
    plain = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
    return re.sub(r"[^a-zA-Z.!?]+", " ", re.sub(r"([.!?])", r" \1", plain))


def column(*sentences: str) -> pa.ChunkedArray:
    return pa.chunked_array([list(sentences)], pa.large_string())


def cased(sentence: str) -> str:
    return normalise(column(sentence), "cased")[0].as_py()


def key(sentence: str) -> str:
    return deduplication_keys(column(sentence))[0].as_py()


@pytest.mark.long
def test_tutorial_agrees_with_its_definition_on_every_character() -> None:
    characters = [chr(c) for c in range(sys.maxunicode + 1) if not 0xD800 <= c < 0xE000]
    named = [c for c in characters if unicodedata.category(c) not in ("Co", "Cn")]
    sentences = [f" A{c}b{c}" for c in named]
    assert normalise(column(*sentences), "tutorial").to_pylist() == list(map(tutorial, sentences))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Ça alors\u202f!", "ca alors !"),
        ("J'ai 3 œufs.", "j ai ufs ."),  # the definition drops the ligature
        ("Hi...", "hi . . ."),
        ("\x1cHi\x85", "hi"),
        ("(Hi)", " hi "),  # stripped before, not after
        ("İstanbul", "istanbul"),
        ("ΣΑΣ", " "),
        ("", ""),
    ],
)
def test_tutorial_examples(raw: str, expected: str) -> None:
    assert tutorial(raw) == expected
    assert normalise(column(raw), "tutorial").to_pylist() == [expected]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Ça\u00a0va\u202f?", "Ça va ?"),
        ("cafe\u0301", "café"),
        ("a\u2009\u3000 b", "a b"),
        ("\ufeffsoft\u00adhyphen\u200b", "softhyphen"),
        ("tab\there\x07", "tab here"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # Persian: a non-joiner inside a word
        ("ന്\u200d", "ന്\u200d"),  # Malayalam: a joiner at the end of a word
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("a \u200c \u200db", "a b"),
        ("\u200d \u00ad", ""),
        ("日本語。ไทย", "日本語。ไทย"),
    ],
)
def test_cased_examples(raw: str, expected: str) -> None:
    assert cased(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Ça va?  Très bien…", "ça va ? très bien …"),
        ("L'amour, c’est-à-dire...", "l'amour , c’est-à-dire . . ."),
        ("'Quoted' words - and -dashes-", "' quoted ' words - and - dashes -"),
        ("«Привет», 3,5 €!", "« привет » , 3 , 5 € !"),
        ("日本語。नमस्ते", "日本語 。 नमस्ते"),
        (" -' ", "-'"),
        ("", ""),
    ],
)
def test_words_examples(raw: str, expected: str) -> None:
    assert normalise(pa.array([raw]), "words").to_pylist() == [expected]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Go home.", "Go home ."),
        ("Home?", "Home ?"),
        ("È a CASA, l'Anna\u00a0!", "È a CASA , l'Anna !"),
        ("«Où est-ce ?»", "« Où est-ce ? »"),
        ("ΟΔΟΣ: Ⅳ", "ΟΔΟΣ : Ⅳ"),
        ("我们去。はい", "我们去 。 はい"),
        ("Cafe\u0301\u200b.", "Café ."),
        ("", ""),
    ],
)
def test_cased_words_examples(raw: str, expected: str) -> None:
    assert normalise(pa.array([raw]), "cased_words").to_pylist() == [expected]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ça va ?", "CA VA!"),
        ("Straße", "STRASSE"),
        ("ΟΔΟΣ", "οδος"),
        ("ﬁn 2²", "Fin, 22"),
        ("It's  me.", "it s me"),
        ("𝐀𝐁", "ab"),
        (" ? ", "?"),
        ("п\u02bcять", "п'ять"),
        ("п\u02bcять", "п’ять"),
        ("o\u02bbzbek", "o‘zbek"),  # the turned comma, as in Hawaiian
        ("soat 5\u02d0 30", "soat 5: 30"),  # the triangular colon
        ("\ua78baa", "'aa"),  # saltillo
        ("مـــرحبا", "مرحبا"),  # tatweel
    ],
)
def test_fold_makes_equal(one: str, other: str) -> None:
    assert key(one) == key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [("?", "!"), ("a b", "ab"), ("日本", "日木"), ("का", "की"), ("1", "2"), ("ʼ", "ː")],
)
def test_fold_keeps_apart(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_fold_of_nothing_is_nothing() -> None:
    assert [key(""), key(" \u00a0")] == ["", ""]


def test_token_count_is_pythons() -> None:
    sentences = ["", " ", "a", "a b", " a  b "]
    expected = [len(sentence.split(" ")) for sentence in sentences]
    assert token_count(column(*sentences)).to_pylist() == expected


@pytest.mark.parametrize("name", NORMALISATIONS)
@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_type_chunks_and_slices_are_kept(name: str, kind: pa.DataType) -> None:
    array = pa.array(["x", "Ç a", "b", None], kind)
    whole = normalise(array, name)
    chunked = normalise(pa.chunked_array([array.slice(0, 1), array.slice(1)]), name)
    empty = normalise(pa.chunked_array([], kind), name)
    assert whole.type == chunked.type == empty.type == deduplication_keys(array).type == kind
    assert chunked.num_chunks == 2
    assert whole.to_pylist() == chunked.to_pylist()
    assert whole[3].as_py() is None
    assert normalise(array.slice(1), name).equals(whole.slice(1))
