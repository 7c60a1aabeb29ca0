"""Commands in brackets: an intent with its slots, as in `play(artist=Miles Davis, year=1959)`.

They are what a request to an assistant means. A value is written as it stands in the request; one
that contains a comma, a bracket, an equals sign or a quote is written as a JSON string.
"""

import json
import re
from collections.abc import Iterable
from typing import NamedTuple

NAME = re.compile(r'[^\s(),="]+')
"""The name of an intent or a slot."""
_PLAIN = re.compile(r'[^(),="]+')
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


class Slot(NamedTuple):
    """A value of a request, and what it is."""

    name: str
    value: str


class Frame(NamedTuple):
    """What a request means."""

    intent: str
    slots: tuple[Slot, ...]


def frame(intent: str, slots: Iterable[Slot]) -> Frame:
    """A frame with its slots in a fixed order: by name, then as given."""
    tidy = (Slot(name, " ".join(value.split())) for name, value in slots)
    return Frame(intent, tuple(sorted(tidy, key=lambda slot: slot.name)))


def written(command: Frame) -> str:
    """The text of a frame."""
    slots = ", ".join(f"{name}={_written(value)}" for name, value in command.slots)
    return f"{command.intent}({slots})"


def parse(text: str) -> Frame | None:
    """The frame of a text; None if it is not well-formed."""
    reader = _Reader(" ".join(text.split()))
    intent = reader.take(NAME)
    if intent is None or not reader.skip("("):
        return None
    slots: list[Slot] = []
    while not reader.skip(")"):
        if slots and not reader.skip(","):
            return None
        reader.skip(" ")
        name = reader.take(NAME)
        value = reader.value() if name is not None and reader.skip("=") else None
        if name is None or value is None:
            return None
        slots.append(Slot(name, value))
    return Frame(intent, tuple(slots)) if reader.at_end else None


def _written(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)


class _Reader:
    """A position in a text."""

    def __init__(self, text: str):
        self.text, self.position = text, 0

    @property
    def at_end(self) -> bool:
        return self.position == len(self.text)

    def take(self, pattern: re.Pattern[str]) -> str | None:
        """What the pattern matches here, which is then behind the position."""
        found = pattern.match(self.text, self.position)
        if found is None:
            return None
        self.position = found.end()
        return found.group()

    def skip(self, text: str) -> bool:
        """Whether this text is here; it is then behind the position."""
        here = self.text.startswith(text, self.position)
        self.position += len(text) * here
        return here

    def value(self) -> str | None:
        quoted = self.take(_QUOTED)
        if quoted is None:
            plain = self.take(_PLAIN)
            return None if plain is None else plain.strip() or None
        try:
            return str(json.loads(quoted))
        except ValueError:
            return None
