"""What follows from a language's code, and from its text where the code says nothing."""

from importlib.util import find_spec

import pyarrow as pa
import pytest
from sacrebleu.metrics.bleu import BLEU

from nlpflow.text.languages import ANALYSERS, analyser, bleu_tokenizer, written_without_latin

TEXTS = {
    "eng": "She is reading.",
    "tha": "เธอกำลังอ่านหนังสือ",
    "cmn": "她在看书。",
    "kor": "그녀는 책을 읽는다.",
    "rus": "Она читает.",
}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("eng", "eng", "13a"),
        ("rus", "rus", "13a"),
        ("cmn", "cmn", "zh"),
        ("zh_Hant", "cmn", "zh"),
        ("yue", "cmn", "zh"),
        ("cmn_Latn", "eng", "zh"),  # which counts Latin words as 13a does
        ("tha", "tha", "char"),
        ("xx", "cmn", "char"),  # not a code: the text decides
        ("xx", "kor", "13a"),
    ],
)
def test_tokenizer(language: str, text: str, expected: str) -> None:
    assert bleu_tokenizer(language, pa.array([TEXTS[text]])) == expected


@pytest.mark.parametrize("language", ["jpn", "ja", "kor", "ko"])
def test_a_dictionary_where_it_is_installed(language: str) -> None:
    name, packages = ANALYSERS[language]
    installed = all(map(find_spec, packages))
    assert analyser(language) == (name if installed else "")
    assert bleu_tokenizer(language, pa.array(["x"])) == (name if installed else "char")


def test_nothing_is_downloaded() -> None:
    names = {"13a", "zh", "char"} | {name for name, _ in ANALYSERS.values()}
    assert names <= set(BLEU.TOKENIZERS)
    assert not [name for name in names if "spm" in name or "flores" in name.lower()]


def test_letters_of_a_language() -> None:
    without = ("jpn", "ja", "cmn", "kor", "rus", "ell", "ara", "hin", "tha", "srp_Cyrl", "eng_Brai")
    assert all(map(written_without_latin, without))
    with_latin = (
        "fra",
        "eng",
        "eng_answers",
        "eng_word",
        "vie",
        "tur",
        "srp",
        "srp_Latn",
        "cmn_Latn",
        "xx",
    )
    assert not any(map(written_without_latin, with_latin))
