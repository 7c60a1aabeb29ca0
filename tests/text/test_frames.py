"""Commands in brackets: written and read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlpflow.text.frames import Frame, Slot, frame, parse, written

IN_NAMES = st.characters(exclude_characters='(),="', exclude_categories=["Z", "C"])
NAMES = st.text(IN_NAMES, min_size=1)
VALUES = st.text(min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(bool)


def test_written() -> None:
    command = frame("play", [Slot("track", "So  What"), Slot("artist", "Miles Davis")])
    assert written(command) == "play(artist=Miles Davis, track=So What)"
    assert written(frame("stop", [])) == "stop()"
    quoted = frame("rate", [Slot("title", 'Absolutely, "Positively" (Not)')])
    assert written(quoted) == r'rate(title="Absolutely, \"Positively\" (Not)")'


def test_order_of_slots() -> None:
    """By name; slots with the same name keep their order."""
    slots = [Slot("b", "2"), Slot("a", "9"), Slot("b", "1")]
    assert frame("x", slots).slots == (Slot("a", "9"), Slot("b", "2"), Slot("b", "1"))


@given(NAMES, st.lists(st.tuples(NAMES, VALUES), max_size=4))
def test_parse_reads_what_is_written(intent: str, slots: list[tuple[str, str]]) -> None:
    command = frame(intent, [Slot(*slot) for slot in slots])
    assert parse(written(command)) == command


def test_spaces_do_not_matter_around_slots() -> None:
    assert parse("play(a=b,c = d )") is None  # a name has no space
    assert parse("  play(a= b  c ,d=e)") == Frame("play", (Slot("a", "b c"), Slot("d", "e")))


@pytest.mark.parametrize(
    "text",
    [
        *("", "play", "play(", "play)", "(a=b)", "play(a)", "play(a=)", "play(=b)", "play(a=b"),
        *("play(a=b) now", "play(a=b,)", "play(,a=b)", "play(a=b c=d)", 'play(a="b)', "a b()"),
        *('play(a="\\q")', "play(a=b))", "play((a=b)"),
    ],
)
def test_not_well_formed(text: str) -> None:
    assert parse(text) is None
