"""Requests and commands from pairs of templates, in which `{slot}` stands for a value."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from grammar.choice import one
from grammar.table import rows

_SLOT = re.compile(r"\{(\w+?)(\d?)\}")
Values = Mapping[str, Callable[[str], str]]
"""For each kind of slot, a function that makes a value from a salt."""


class Piece(NamedTuple):
    """A piece of a request; `slot` is empty outside of slots."""

    text: str
    slot: str = ""


class Templates(NamedTuple):
    """The requests that ask for a command."""

    command: str
    requests: list[str]


def templates(table: str) -> list[Templates]:
    """A row `command | request | request ...` for each command."""
    return [Templates(command, requests) for command, *requests in rows(table)]


def pieces(request: str, values: Values, salt: str) -> list[Piece]:
    """A request with values in its slots; `{file2}` is another value of the kind `file`."""
    found: list[Piece] = []
    end = 0
    for slot in _SLOT.finditer(request):
        if slot.start() > end:
            found.append(Piece(request[end : slot.start()]))
        kind, number = slot.groups()
        found.append(Piece(values[kind](f"{salt} {kind}{number}"), kind + number))
        end = slot.end()
    return [*found, Piece(request[end:])] if end < len(request) else found


def filled(command: str, request: list[Piece]) -> str:
    """A command with the values of a request."""
    values = {piece.slot: piece.text for piece in request}
    return _SLOT.sub(lambda slot: values["".join(slot.groups())], command)


def chosen(all_templates: list[Templates], salt: str) -> tuple[str, str]:
    """A command and one of its requests."""
    found = one(f"{salt} command", all_templates)
    return found.command, one(f"{salt} request", found.requests)
