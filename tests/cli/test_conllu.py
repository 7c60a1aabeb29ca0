"""What `nlpflow tag --conllu` reads it gives back, whatever stands in it; the tags are made up."""

from collections.abc import Iterator, Sequence

import conllu
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nlpflow.cli.conllu_lines import LONGEST, MISC, UPOS, XPOS, ConlluSentence, conllu_sentences
from nlpflow.cli.lines import Lines
from nlpflow.cli.tag_formats import TagAnswer, conllu_on_a_terminal, conllu_text, read_plain
from nlpflow.errors import UserError
from nlpflow.text.streams import Chunk

TAGS = {UPOS: "NOUN", XPOS: "N|x=y", MISC: "B-LOC"}


def as_lines(text: str) -> Lines:
    lines = text.removesuffix("\n").split("\n") if text else []
    return Lines(iter([Chunk(1, lines, 0)]), print, "f")


def answered(
    text: str, column: int, marginals: bool = False, top: int = 1, tag: str | None = None
) -> str:
    """The text with the same tag at each word."""

    def answers(sentence: ConlluSentence) -> Iterator[TagAnswer]:
        tags = [tag or TAGS[column]] * len(sentence.words)
        shares = [0.25] * len(tags) if marginals else []
        for rank in range(1, (top if tags else 1) + 1):
            score = -float(rank) if top > 1 else None
            yield TagAnswer(sentence, tags, column, shares, rank, score)

    return "".join(
        map(
            conllu_text, (one for read in conllu_sentences(as_lines(text)) for one in answers(read))
        )
    )


def row(number: int | str, form: str = "a", misc: str = "_", **cells: str) -> str:
    named = {"lemma": "_", "upos": "X", "xpos": "x", "feats": "_", "head": "0", "deprel": "_"}
    return "\t".join([str(number), form, *(named | cells).values(), "_", misc])


def text_of(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


KEPT = {
    "comments": ["# text = a", "#no space", "#", "# x = 1", "# x = 2", "  # y", row(1), "# late"],
    "comments alone": ["# newdoc", "", "# newpar", "", row(1)],
    "blank lines": ["", " ", row(1), "", "\t", "", row(1), " "],
    "spaces in MISC": [row(1, misc="A=b  c|D= e |SpacesAfter=\\s\\s"), row(2, misc="  ")],
    "empty cells": [row(1, misc=""), row(2, lemma="", feats="")],
    "repeated notes": [row(1, misc="A=1|A=2||B|P|NER"), row(2, misc="P=often|NERD=1|XP=0.5000")],
    "words with spaces": [row(1, "10 000"), row(2, "a  b"), row(3, "Mont\u00a0Blanc")],
    "line ends of others": [row(1, "a\u2028b"), row(2, "\x85a\x0b", misc="N=\x0c\x1c"), "# a\rb"],
    "control characters": ["# \x1b[31m", row(1, "\x07", lemma="\x9b2J")],
    "no words": [row("1-2", "ab"), row(1), row("1.1"), row(2), row("2.1", "_"), row("2.2")],
    "a node before all": [row("0.1"), row(1)],
    "odd feats": [row(1, feats="no features|a==", head="x", deprel="")],
    "first letter #": [row(1, "#"), row(2, "# a")],
    "k_best of others": ["# k_best = yes", "# log_probability = 1", row(1)],
}


@pytest.mark.parametrize("column", TAGS)
@pytest.mark.parametrize("lines", KEPT.values(), ids=KEPT)
def test_what_is_not_tagged_stays(lines: list[str], column: int) -> None:
    assert_kept(text_of(*lines), column, marginals=False)
    assert_kept(text_of(*lines).replace("P=often|", ""), column, marginals=True)


def assert_kept(text: str, column: int, *, marginals: bool) -> None:
    """Only the column, and notes at the end of MISC, are other; a second time nothing is."""
    found = answered(text, column, marginals)
    before, after = text.split("\n"), found.split("\n")
    if any(line.strip(" \t\r") for line in before[-2:-1]):  # a blank line at the end is added
        before.append("")
    assert len(after) == len(before)
    notes = ["NER=B-LOC"] * (column == MISC) + ["P=0.2500"] * marginals
    for old, new in zip(before, after, strict=True):
        number, *_ = old.split("\t")
        if not number.isdecimal():
            assert new == old
            continue
        cells = old.split("\t")
        if column != MISC:
            cells[column] = TAGS[column]
        if notes:
            kept = [cells[MISC]] if cells[MISC] not in ("", "_") else []
            cells[MISC] = "|".join([*kept, *notes])
        assert new == "\t".join(cells)
    assert answered(found, column, marginals) == found


LETTERS = st.characters(codec="utf-8", exclude_characters="\n\t")
CELL = st.text(LETTERS | st.sampled_from("#_|= \r\u2028\x85\x0b\ufeff"), max_size=6)
COMMENT = CELL.map(lambda cell: f"#{cell}\t{cell}")
FORM = CELL.filter(str.strip)
MADE = st.builds(row, st.just("1.1"), CELL) | COMMENT


@st.composite
def documents(draw: st.DrawFn) -> str:
    lines: list[str] = []
    for _ in range(draw(st.integers(0, 3))):
        lines += draw(st.lists(COMMENT | st.sampled_from(["", " ", "#"]), max_size=3))
        for number in range(1, draw(st.integers(1, 4))):
            cells = {name: draw(CELL) for name in ("lemma", "upos", "feats", "deprel")}
            misc = draw(CELL.filter(lambda cell: cell and "NER=" not in cell and "P=" not in cell))
            lines += draw(st.lists(MADE, max_size=1))
            lines.append(row(number, draw(FORM), misc, **cells))
        lines.append("")
    return text_of(*lines)


@given(documents(), st.sampled_from([*TAGS]), st.booleans())
@example("", UPOS, False)
def test_any_conllu_stays(text: str, column: int, marginals: bool) -> None:
    assert_kept(text, column, marginals=marginals)


@given(documents(), st.sampled_from([*TAGS]), st.booleans(), st.integers(1, 3), st.integers(1, 3))
def test_an_earlier_answer_is_replaced(
    text: str, column: int, marginals: bool, first: int, second: int
) -> None:
    once = answered(text, column, marginals, second)
    assert answered(answered(text, column, True, first, "other"), column, marginals, second) == once
    assert answered(once, column, marginals, second) == once


def test_ranks_of_an_earlier_answer() -> None:
    text = text_of("# text = a", row(1), "", row(1, "b"), "")
    found = answered(text, UPOS, top=2)
    first = text_of(
        "# text = a", "# k_best = 1", "# log_probability = -1.0000", row(1, upos="NOUN")
    )
    assert found.startswith(first + "\n")
    assert found.count("# k_best = 2\n# log_probability = -2.0000\n") == 2
    assert answered(found, UPOS) == answered(text, UPOS)
    # The second best alone are sentences like others.
    second = "\n\n".join(found.split("\n\n")[1::2]) + "\n\n"
    assert answered(second, UPOS) == answered(text, UPOS)


def test_notes_of_an_earlier_answer() -> None:
    misc = "A=1|NER=B-PER|P=0.9000|B"
    (entity,) = answered(text_of(row(1, misc=misc)), MISC).split("\n")[:1]
    assert entity == row(1, misc="A=1|B|NER=B-LOC")
    # What was probable were the tags before.
    (part,) = answered(text_of(row(1, misc=misc)), UPOS).split("\n")[:1]
    assert part == row(1, upos="NOUN", misc="A=1|NER=B-PER|B")
    assert answered(text_of(row(1, misc="P=0.5000")), UPOS).split("\t")[MISC] == "_\n\n"


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([row(1), row(2), row(1)], "line 3: not CoNLL-U: has word 1 after word 2; the words of"),
        ([row(2)], "line 1: not CoNLL-U: has word 2 after word 0"),
        ([row(1), row(3)], "line 2: not CoNLL-U: has word 3 after word 1"),
        ([row(1), "", row(1), row(1)], "line 4: not CoNLL-U: has word 1 after word 1"),
        (
            ["# x", row("x")],
            "line 2: not CoNLL-U: has the id 'x', which is not the number of a word",
        ),
        ([row("01")], "line 1: not CoNLL-U: has the id '01'"),
        ([row("\ufeff1")], "line 1: not CoNLL-U: has the id '\\ufeff1'"),
        ([row("1-")], "line 1: not CoNLL-U: has the id '1-'"),
        ([row(1, " ")], "line 1: not CoNLL-U: has an empty word"),
        (["1\ta"], "line 1: not CoNLL-U: has 2 columns, not 10"),
        ([row(1).replace("\t", " ")], "line 1: not CoNLL-U: has 1 columns, not 10"),
        ([f"# x\r{row(1)}\r\r"], "line 1: not CoNLL-U: the lines end with carriage returns"),
        ([row(n) for n in range(1, LONGEST + 2)], "line 10001: 10,001 words, but a sentence"),
        (["# x"] * (10 * LONGEST + 1), "line 100001: not CoNLL-U: 100,000 lines without a blank"),
    ],
)
def test_no_conllu(lines: Sequence[str], problem: str) -> None:
    with pytest.raises(UserError) as refused:
        answered(text_of(*lines), UPOS)
    assert str(refused.value).startswith(f"f, {problem}")


def test_a_terminal_gets_no_control_characters() -> None:
    (sentence,) = conllu_sentences(as_lines(text_of("# \x1b[31m", row(1, "a\x9bb"))))
    shown = conllu_on_a_terminal(TagAnswer(sentence, ["X"], UPOS, [], 1, None))
    assert shown == text_of("# \ufffd[31m", row(1, "a\ufffdb"), "")


def test_plain_words_stand_between_spaces_and_tabs() -> None:
    text = " Mont\u00a0Blanc  a\u2009b\tc\u2028d \x85 \x0b\x0c e\u3000f\n"
    (sentence,) = read_plain(as_lines(text))
    assert sentence.words == ["Mont\u00a0Blanc", "a\u2009b", "c d", "e\u3000f"]
    (parsed,) = conllu.parse(conllu_text(TagAnswer(sentence, ["X"] * 4, UPOS, [], 1, None)))
    assert [token["form"] for token in parsed] == sentence.words
