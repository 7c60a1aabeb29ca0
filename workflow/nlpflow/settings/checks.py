"""Turns what pydantic finds into one line: the path, what is wrong, the nearest valid key."""

from collections.abc import Iterable
from difflib import get_close_matches
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from nlpflow.errors import UserError

LONGEST_SHOWN = 80
"""Characters of a wrong value that an error repeats."""

IN_YAML_WORDS = {
    "dict_type": "input should be a mapping, that is lines of `key: value`",
    "model_type": "input should be a mapping, that is lines of `key: value`",
    "tuple_type": "input should be a list",
}
"""What pydantic says in Python's words, by error type."""


def checked(kind: Any, values: Any, where: str) -> Any:
    """`values` as a `kind` (any type that pydantic knows), or a `UserError` after `where`."""
    try:
        return TypeAdapter(kind).validate_python(values)
    except ValidationError as error:
        # A misspelt key is also a missing one: the misspelling says more.
        found = sorted(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise UserError(f"{where}: {_explain(kind, found[0])}{more}") from None


def unknown_name(where: str, name: str, known: Iterable[str]) -> UserError:
    """The error for a name that does not exist, with the nearest one that does."""
    known = list(known)
    return UserError(f"{where}: '{name}' is unknown{_nearest(name, known)}")


def on_one_line(text: str) -> str:
    """`text` for an error message: as it is, or quoted if a character in it cannot be shown."""
    return text if text.isprintable() and text else repr(text)


def _explain(kind: Any, error: Any) -> str:
    location = [part for part in error["loc"] if part != "[key]"]
    path = ".".join(on_one_line(str(part)) for part in location)
    before = f"{path}: " if location else ""
    if error["type"] == "extra_forbidden":
        known = _keys_at(kind, location[:-1])
        return f"{before}unknown key{_nearest(str(location[-1]), known)}"
    if error["type"] == "missing":
        return f"{before}this key is required"
    message = IN_YAML_WORDS.get(error["type"], error["msg"].removeprefix("Value error, "))
    return f"{before}{message[0].lower()}{message[1:]}{_shown(error['input'], error['type'])}"


def _shown(value: Any, error_type: str) -> str:
    """The wrong value, and what YAML may have made of it; empty for lists and mappings."""
    if not isinstance(value, str | int | float | bool | None):
        return ""
    if isinstance(value, int) and value.bit_length() > LONGEST_SHOWN:
        return ", not a number of that size"
    text = repr(value)
    shown = f", not {text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + '...'}"
    if error_type == "float_type" and isinstance(value, str) and _is_number(value):
        shown += " (YAML reads 1e-3 as text: write 1.0e-3)"
    if isinstance(value, bool) and error_type in ("string_type", "literal_error", "invalid_key"):
        shown += " (YAML reads yes, no, on and off as true or false: put it in quotes)"
    return shown


def _nearest(name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1, cutoff=0.5)
    if close:
        return f"; did you mean '{close[0]}'?"
    return f"; known are: {', '.join(sorted(known))}" if known else ""


def _keys_at(kind: Any, location: list[Any]) -> list[str]:
    """The keys that the settings at `location` below `kind` may have."""
    if get_origin(kind) in (Union, UnionType):
        kind = next(arg for arg in get_args(kind) if arg is not type(None))
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if not location:
            return list(kind.model_fields)
        field = kind.model_fields.get(str(location[0]))
        return _keys_at(field.annotation, location[1:]) if field else []
    arguments = get_args(kind)
    return _keys_at(arguments[1 if get_origin(kind) is dict else 0], location[1:])


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
