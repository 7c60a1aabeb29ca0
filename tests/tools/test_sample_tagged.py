"""The sample's tagged and entity-annotated sentences: well-formed, apart, and worth learning."""

import re
from collections import Counter, defaultdict
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
SIZES = {"train": 2_000, "dev": 300, "test": 400}
KINDS = ("tagged", "entities")
UPOS = frozenset(
    {"ADJ", "ADP", "ADV", "AUX", "CCONJ", "DET", "INTJ", "NOUN", "NUM", "PART", "PRON", "PROPN"}
    | {"PUNCT", "SCONJ", "VERB"}
)
IOB2 = frozenset({"O", *(f"{place}-{kind}" for place in "BI" for kind in ("PER", "LOC", "ORG"))})


class Word(NamedTuple):
    """A token with its tag: a part of speech or an entity tag."""

    form: str
    tag: str


Sentence = tuple[Word, ...]


def blocks(path: Path) -> list[list[str]]:
    """The lines of each sentence; an empty line ends each, the last one too."""
    text = path.read_bytes().decode()
    assert text.endswith("\n\n")
    return [block.split("\n") for block in text[:-2].split("\n\n")]


@cache
def sentences(kind: str, split: str) -> tuple[Sentence, ...]:
    if kind == "tagged":
        lines = [
            [line.split("\t") for line in block if not line.startswith("#")]
            for block in blocks(SAMPLE / f"tagged.{split}.conllu")
        ]
        return tuple(tuple(Word(row[1], row[3]) for row in rows) for rows in lines)
    lines = [
        [line.split("\t") for line in block] for block in blocks(SAMPLE / f"entities.{split}.iob2")
    ]
    return tuple(tuple(Word(form, tag) for form, tag in rows) for rows in lines)


def words(kind: str, split: str) -> list[Word]:
    return [word for sentence in sentences(kind, split) for word in sentence]


def unseen(kind: str, split: str) -> list[Word]:
    known = {word.form for word in words(kind, "train")}
    return [word for word in words(kind, split) if word.form not in known]


def tags_of_training(kind: str) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for word in words(kind, "train"):
        found[word.form.lower()][word.tag] += 1
    return found


@pytest.mark.parametrize("split", SIZES)
def test_conllu_is_well_formed(split: str) -> None:
    for number, block in enumerate(blocks(SAMPLE / f"tagged.{split}.conllu"), 1):
        assert block[0] == f"# sent_id = {split}-{number}"
        rows = [line.split("\t") for line in block[2:]]
        assert {len(row) for row in rows} == {10}
        assert [row[0] for row in rows] == [str(place) for place in range(1, len(rows) + 1)]
        assert {row[3] for row in rows} <= UPOS
        assert {row[9] for row in rows} <= {"_", "SpaceAfter=No"}
        assert all({*row[2:3], *row[4:9]} == {"_"} for row in rows)
        spelled = "".join(row[1] + ("" if row[9] == "SpaceAfter=No" else " ") for row in rows)
        assert block[1] == f"# text = {spelled}"


@pytest.mark.parametrize("split", SIZES)
def test_entities_are_strict_iob2_of_one_to_three_tokens(split: str) -> None:
    lengths: Counter[int] = Counter()
    for sentence in sentences("entities", split):
        tags = [word.tag for word in sentence]
        assert set(tags) <= IOB2
        for before, tag in pairwise(["O", *tags]):
            assert not tag.startswith("I-") or before[1:] == tag[1:]
        inside = "".join(tag[0] for tag in tags)
        lengths.update(len(entity) for entity in re.findall("BI*", inside))
    assert set(lengths) == {1, 2, 3}
    kinds = Counter(word.tag[2:] for word in words("entities", split) if word.tag[0] == "B")
    assert min(kinds[kind] for kind in ("PER", "LOC", "ORG")) > 0.2 * kinds.total()


@pytest.mark.parametrize("kind", KINDS)
def test_no_sentence_stands_twice(kind: str) -> None:
    assert {split: len(sentences(kind, split)) for split in SIZES} == SIZES
    every = [
        " ".join(word.form for word in sentence).lower()
        for split in SIZES
        for sentence in sentences(kind, split)
    ]
    assert len(set(every)) == len(every)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("split", SIZES)
def test_sentences_read_like_sentences(kind: str, split: str) -> None:
    for sentence in sentences(kind, split):
        forms = [word.form for word in sentence]
        assert forms[0][0].isupper()
        assert forms[-1] in ".?!"
        assert not any(re.search(r"\s", form) for form in forms)
        text = " ".join(forms)
        assert not re.search(r"\b[aA] [aeioAEIO](?!ne)|\b[aA]n [^aeiouhAEIOU]", text), text
        assert not re.search(r"\b(the|a|an|to|is|of|not|my|his) \1\b", text), text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("split", ["dev", "test"])
def test_some_words_are_unseen(kind: str, split: str) -> None:
    assert 0.05 < len(unseen(kind, split)) / len(words(kind, split)) < 0.10


def test_the_ending_of_many_unseen_words_tells_their_tag() -> None:
    endings = {"ly": "ADV", "ness": "NOUN", "er": "NOUN", "ing": "VERB", "ed": "VERB"}
    for ending, tag in endings.items():
        found = Counter(word.tag for word in unseen("tagged", "test") if word.form.endswith(ending))
        assert found.total() >= (40 if ending == "ly" else 8), ending
        assert found[tag] > 0.7 * found.total(), ending
        # Training shows the ending with this tag, on other words.
        seen = {
            word.form
            for word in words("tagged", "train")
            if word.form.endswith(ending) and word.tag == tag
        }
        assert len(seen) >= 8, ending


AMBIGUOUS = {
    "that": {"DET", "PRON", "SCONJ"},
    "as": {"ADP", "ADV", "SCONJ"},
    "'s": {"AUX", "PART", "VERB"},
    "is": {"AUX", "VERB"},
    "have": {"AUX", "VERB"},
    "did": {"AUX", "VERB"},
    "to": {"ADP", "PART"},
    "no": {"DET", "INTJ"},
    "well": {"ADV", "INTJ"},
    "before": {"ADP", "SCONJ"},
    "like": {"ADP", "VERB"},
    "there": {"ADV", "PRON"},
    "what": {"DET", "PRON"},
    "can": {"AUX", "NOUN"},
    "walk": {"NOUN", "VERB"},
    "work": {"NOUN", "VERB"},
    "book": {"NOUN", "VERB"},
    "plays": {"NOUN", "VERB"},
    "light": {"ADJ", "NOUN", "VERB"},
    "open": {"ADJ", "VERB"},
    "english": {"ADJ", "PROPN"},
    "her": {"PRON"},
    "not": {"PART"},
    "n't": {"PART"},
    "will": {"AUX", "NOUN"},
}


@pytest.mark.parametrize("form", AMBIGUOUS)
def test_training_shows_every_tag_of_a_word(form: str) -> None:
    assert set(tags_of_training("tagged")[form]) == AMBIGUOUS[form]


@pytest.mark.parametrize("name", ["Washington", "Paris", "Sydney", "Jordan", "Hamilton", "Lincoln"])
def test_a_name_is_a_person_and_a_place_by_context(name: str) -> None:
    kinds = Counter(word.tag[2:] for word in words("entities", "train") if word.form == name)
    assert min(kinds["PER"], kinds["LOC"]) >= 3


@pytest.mark.parametrize("kind", KINDS)
def test_a_word_list_does_not_solve_the_test(kind: str) -> None:
    best = {form: tags.most_common(1)[0][0] for form, tags in tags_of_training(kind).items()}
    default = {"tagged": "NOUN", "entities": "O"}[kind]
    test = words(kind, "test")
    right = sum(best.get(word.form.lower(), default) == word.tag for word in test)
    assert 0.75 < right / len(test) < 0.93


# Sentences of the files with the tags of Universal Dependencies.
EXPECTED = """
Well/INTJ ,/PUNCT that/PRON is/AUX their/PRON house/NOUN ./PUNCT
He/PRON is/AUX as/ADV jealous/ADJ as/SCONJ Mrs./PROPN Brown/PROPN was/AUX ./PUNCT
We/PRON look/VERB like/ADP farmers/NOUN ./PUNCT
She/PRON drank/VERB a/DET can/NOUN of/ADP beer/NOUN ./PUNCT
I/PRON left/VERB my/PRON photo/NOUN on/ADP the/DET left/ADJ side/NOUN ./PUNCT
I/PRON think/VERB that/SCONJ there/PRON 's/VERB no/DET dress/NOUN outside/ADV ./PUNCT
He/PRON 's/AUX already/ADV followed/VERB him/PRON ./PUNCT
Mark/PROPN 's/PART aunt/NOUN has/VERB a/DET strong/ADJ will/NOUN ./PUNCT
She/PRON is/AUX n't/PART fearless/ADJ ./PUNCT
"""


@pytest.mark.parametrize("line", EXPECTED.strip().splitlines())
def test_sentences_are_tagged_by_the_conventions(line: str) -> None:
    expected = tuple(Word(*part.rsplit("/", 1)) for part in line.split())
    assert any(expected in sentences("tagged", split) for split in SIZES)


ENTITIES = """
Paris|B-PER Porter|I-PER told the truth last week .
Our aunt lives in San|B-LOC Paris|I-LOC .
Mr. Washington|B-PER studied at the University|B-ORG of|I-ORG Leeds|I-ORG .
Turin|B-LOC is a green town near Washington|B-LOC .
My cousin works for Keller|B-ORG .
Mr. Keller|B-PER plays for Dublin|B-ORG Rovers|I-ORG .
"""


@pytest.mark.parametrize("line", ENTITIES.strip().splitlines())
def test_entities_follow_the_frame(line: str) -> None:
    expected = tuple(
        Word(form, tag or "O") for form, _, tag in (part.partition("|") for part in line.split())
    )
    assert any(expected in sentences("entities", split) for split in SIZES)
