"""Texts are normalised, cut and hashed in the page as in Python, whatever characters they have."""

import random
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pytest

from nlpflow.api.labelling import MOST_TRIED
from nlpflow.playground.describe import described_vocabulary
from nlpflow.settings.vocabulary import VocabularySettings
from nlpflow.tasks.language_id.features import bare_words
from nlpflow.tasks.translation.translator import normalise_sentences
from nlpflow.text.ngrams import hashed_ngrams, ngram_texts
from nlpflow.text.normalisation import NORMALISATIONS
from nlpflow.text.tag_schemes import PREFIXES, read_spans, write_tags
from nlpflow.text.words import word_affixes, word_shape
from nlpflow.vocabulary import EOS, PAD, SOS, SPECIALS, UNK, build_vocabulary
from page_parity import address, run_node
from project import ROOT

pytestmark = pytest.mark.long

CALL = """
import { readFileSync } from "node:fs";
const [module, name] = process.argv.slice(1);
const call = (await import(module))[name];
for (const line of readFileSync(0, "utf8").split("\\n").filter((line) => line)) {
  console.log(JSON.stringify(call(...JSON.parse(line))));
}
"""
VOCABULARY = """
import { readFileSync } from "node:fs";
const { vocabularyOf } = await import(process.argv[1]);
const lines = readFileSync(0, "utf8").split("\\n").filter((line) => line);
const [described, ...sentences] = lines.map((line) => JSON.parse(line));
const vocabulary = vocabularyOf(described);
for (const sentence of sentences) {
  const ids = vocabulary.encode(sentence);
  const tokens = vocabulary.tokens(sentence);
  console.log(JSON.stringify([ids, vocabulary.decode(ids), tokens, vocabulary.joined(tokens)]));
}
"""
SPECIAL = [
    *" \t\u00a0\u2009\u202f\u3000\u200b\u200c\u200d\ufeff\u00ad\u0085\x1c\x07",
    *".!?'’-_,;:()0²④٣İıßςΣéǄǅﬁ한",
    *("ΟΔΟΣ", "e\u0301", "日本", "क्षि", "👍🏽", "\U0001d11e"),
]
WORDS = ["je", "suis", "tres", "petite", "L'homme", "well-known", "U.S.A", "Straße", "don’t", "a"]


def texts(count: int, seed: int = 1) -> list[str]:
    """Random texts of words, special characters and any others."""
    draw = random.Random(seed)
    every = [
        chr(code) for code in range(0x20, 0x2FFFF) if unicodedata.category(chr(code))[0] != "C"
    ]

    def piece() -> str:
        kind = draw.random()
        return draw.choice(WORDS if kind < 0.4 else SPECIAL if kind < 0.8 else every)

    found = ["".join(piece() for _ in range(draw.randint(0, 12))) for _ in range(count)]
    return ["", " ", *found, *(" ".join(draw.choices(WORDS, k=4)) for _ in range(50))]


def called(module: str, name: str, arguments: Sequence[Sequence[Any]]) -> list[Any]:
    return run_node(CALL, address(module), name, lines=arguments)


@pytest.mark.parametrize("name", NORMALISATIONS)
def test_normalisation(name: str) -> None:
    drawn = texts(3000)
    found = called("text.js", "normalised", [[text, name] for text in drawn])
    expected = normalise_sentences(drawn, name)
    assert [pair for pair in zip(drawn, found, expected, strict=True) if pair[1] != pair[2]] == []


@pytest.mark.parametrize(
    ("name", "function", "more"),
    [
        ("wordShape", word_shape, []),
        ("wordAffixes", word_affixes, [4]),
    ],
)
def test_pieces(name: str, function: Callable[..., Any], more: list[Any]) -> None:
    drawn = [text for text in texts(2000) if text]
    found = called("text.js", name, [[text, *more] for text in drawn])
    expected = [function(text, *more) for text in drawn]
    assert [pair for pair in zip(drawn, found, expected, strict=True) if pair[1] != pair[2]] == []


def test_bare_words() -> None:
    drawn = texts(1000)
    columns = bare_words(pa.array(drawn, pa.large_string())).to_pylist()
    assert called("text.js", "bareWords", [[text] for text in drawn]) == [
        [word for word in column.split(" ") if word] for column in columns
    ]


@pytest.mark.parametrize(("longest", "buckets", "ends"), [(4, 16384, "mark"), (2, 2, "space")])
def test_ngrams(longest: int, buckets: int, ends: str) -> None:
    drawn = texts(300)
    settings = {"longest": longest, "buckets": buckets, "ends": ends}
    found = called("identifier.js", "hashedNgrams", [[text, settings] for text in drawn])
    end, shown = (ord(" "), " ") if ends == "space" else (0x110000, "_")
    for text, ngrams in zip(drawn, found, strict=True):
        ids, _ = hashed_ngrams(pa.array([text], pa.large_string()), longest, buckets, end)
        assert [one["feature"] for one in ngrams] == ids.tolist()
        assert [one["text"] for one in ngrams] == ngram_texts(text, longest, shown)


@pytest.mark.parametrize(
    "values", [{"kind": "subwords", "max_size": 500}, {"kind": "parts"}, {"kind": "words"}]
)
def test_vocabularies(values: dict[str, Any]) -> None:
    pairs = (ROOT / "data/sample/sentences.eng.txt").read_text().splitlines()[:2000]
    settings = VocabularySettings(dataset="data", **values)
    vocabulary = build_vocabulary(pa.array(pairs), settings, "source")
    drawn = [*pairs, *texts(500), "\u2581a  b\u2581", "   "]
    if values["kind"] == "words":
        drawn = [" ".join(text.split()) for text in drawn]
    described = described_vocabulary(vocabulary)
    found = run_node(VOCABULARY, address("vocabulary.js"), lines=[described, *drawn])
    expected = []
    for text in drawn:
        ids, tokens = vocabulary.encode(text), vocabulary.tokens(text)
        expected.append([ids, vocabulary.decode(ids), tokens, vocabulary.joined(tokens)])
    assert [trio for trio in zip(drawn, found, expected, strict=True) if trio[1] != trio[2]] == []


@pytest.mark.parametrize("scheme", PREFIXES)
def test_any_tags_in_iob2(scheme: str) -> None:
    draw = random.Random(2)
    tags = ["O", *(f"{prefix}-{kind}" for prefix in PREFIXES[scheme] for kind in ("A", "B-C"))]
    drawn = [draw.choices(tags, k=draw.randint(1, 8)) for _ in range(1000)]
    expected = [write_tags(read_spans(row, scheme)[0], len(row)) for row in drawn]
    assert called("tagger.js", "inIob2", [[row, scheme] for row in drawn]) == expected


def test_a_network_that_copies_knows_every_word() -> None:
    source = {"tokens": ["open", "report.txt", "report.txt", "<EOS>"], "unread": 0}
    source["unknown"] = [False, True, True, False]
    asked = [[{"settings": {"copying": copying}}, source, {"ended": True}] for copying in (0, 1)]
    found = called("view_text.js", "warningsOf", asked)
    assert found == [["The network does not know: report.txt."], []]
    cut = [[{"settings": {}}, source | {"unread": 3}, {"ended": False}]]
    (notes,) = called("view_text.js", "warningsOf", cut)
    assert notes[1:] == [
        "3 words at the end are not read.",
        "The output is cut at the length limit.",
    ]


def test_a_language_model_begins_with_a_frequent_word() -> None:
    asked = [[[".", "2", "der", "die"]], [["の", "a"]], [["."]]]
    assert called("view_words.js", "firstWord", asked) == ["der", "の", ""]


def test_constants_are_those_of_python() -> None:
    code = "console.log(JSON.stringify({ ...(await import(process.argv[1])) }));"
    (found,) = run_node(code, address("vocabulary.js"), lines=[])
    assert found["SPECIALS"] == [*SPECIALS]
    assert [found[name] for name in ("PAD", "UNK", "SOS", "EOS")] == [PAD, UNK, SOS, EOS]
    (found,) = run_node(code, address("tagger.js"), lines=[])
    assert found["MOST_TRIED"] == MOST_TRIED
