"""Checks settings; a mistake becomes one line: the key's path, what is wrong, the nearest key."""

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from nlpflow.errors import UserError
from nlpflow.text.streams import LONGEST_SHOWN, shortened

IN_YAML_WORDS = {
    "dict_type": "input should be a mapping, that is lines of `key: value`",
    "model_type": "input should be a mapping, that is lines of `key: value`",
    "model_attributes_type": "input should be a mapping, that is lines of `key: value`",
    "tuple_type": "input should be a list",
}
"""Messages for what pydantic says in Python's terms, by error type."""


def checked(kind: Any, values: Any, where: str) -> Any:
    """Validate `values` as the type `kind`, which may be any type that pydantic supports.

    Raises:
        UserError: the values are not valid; the message starts with `where`
    """
    try:
        return TypeAdapter(kind).validate_python(values)
    except ValidationError as error:
        errors = [one for one in error.errors() if not _follows(one, error.errors())]
        # A misspelt key is reported as unknown and as missing; the former says more.
        found = sorted(errors, key=lambda one: one["type"] != "extra_forbidden")
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise UserError(f"{where}: {_explain(kind, found[0])}{more}") from None


def unknown_name(where: str, name: str, known: Iterable[str]) -> UserError:
    """The error for a name that does not exist, with the nearest one that does."""
    known = list(known)
    return UserError(f"{where}: '{name}' is unknown{_nearest(name, known)}")


def on_one_line(text: str) -> str:
    """`text` for an error message: as it is, or quoted if a character in it cannot be shown."""
    return text if text.isprintable() and text else repr(text)


def tagged_union(kind: Any) -> tuple[str, tuple[Any, ...]]:
    """The key that tells the members of a union of settings apart, and the members."""
    if get_origin(kind) is Annotated:
        union, *notes = get_args(kind)
        for note in notes:
            if isinstance(note, FieldInfo) and isinstance(note.discriminator, str):
                return note.discriminator, get_args(union)
    return "", ()


def annotation_of(field: FieldInfo) -> Any:
    """The type of a key, with its discriminator, which pydantic stores separately."""
    if field.discriminator is None:
        return field.annotation
    return Annotated[field.annotation, Field(discriminator=field.discriminator)]


def _follows(error: Any, errors: Iterable[Any]) -> bool:
    """Whether a list is too short only because pydantic does not count its wrong items."""
    depth = len(error["loc"])
    return error["type"] == "too_short" and any(
        len(other["loc"]) > depth and other["loc"][:depth] == error["loc"] for other in errors
    )


def _explain(kind: Any, error: Any) -> str:
    location = _without_tags(kind, [part for part in error["loc"] if part != "[key]"])
    if error["type"].startswith("union_tag"):
        return _explain_tag(kind, error, location)
    if error["loc"][-1:] == ("[key]",):
        location[-1] = error["input"]  # pydantic writes False as 0
    before = _path(location)
    if error["type"] == "extra_forbidden":
        known = _keys_at(kind, error["loc"][:-1])
        return f"{before}unknown key{_nearest(str(location[-1]), known)}"
    if error["type"] == "missing":
        return f"{before}this key is required"
    message = IN_YAML_WORDS.get(error["type"], error["msg"].removeprefix("Value error, "))
    return f"{before}{message[0].lower()}{message[1:]}{_shown(error['input'], error['type'])}"


def _explain_tag(kind: Any, error: Any, location: list[Any]) -> str:
    """What is wrong with the key that tells the members of a union apart."""
    key, members = tagged_union(_at(kind, error["loc"]))
    before = _path([*location, key])
    if error["type"] == "union_tag_invalid":
        known = error["ctx"]["expected_tags"].replace(", ", " or ")
        return f"{before}input should be {known}{_shown(error['input'][key], 'literal_error')}"
    meant = {name for member in members for name in member.model_fields}
    others = [name for name in error["input"] if isinstance(name, str) and name not in meant]
    for wrong in get_close_matches(key, others, n=1, cutoff=0.5):
        return f"{_path([*location, wrong])}unknown key; did you mean '{key}'?"
    return f"{before}this key is required"


def _path(location: list[Any]) -> str:
    return "".join([".".join(on_one_line(str(part)) for part in location), ": " * bool(location)])


def _shown(value: Any, error_type: str) -> str:
    """The wrong value, and how YAML may have read it; empty for lists and mappings."""
    if isinstance(value, date):
        return f", not the date {value} (put it in quotes)"
    if not isinstance(value, str | int | float | bool | None):
        return ""
    if isinstance(value, int) and value.bit_length() > LONGEST_SHOWN:
        return ", but the number is too large"
    shown = f", not {shortened(repr(value))}"
    if error_type == "float_type" and isinstance(value, str) and _is_number(value):
        shown += " (YAML reads 1e-3 as text: write 1.0e-3)"
    if error_type in ("string_type", "literal_error", "invalid_key"):
        shown += _not_a_text(value)
    return shown


def _not_a_text(value: object) -> str:
    """How YAML reads a value that should be text, and the remedy; empty for a text."""
    if isinstance(value, str):
        return ""
    if isinstance(value, bool):
        return " (YAML reads yes, no, on and off as true or false: put it in quotes)"
    if value is None:
        return " (YAML reads null, ~ and nothing as no value: put it in quotes)"
    return " (YAML reads this as a number: put it in quotes)"


def _nearest(name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1, cutoff=0.5)
    if close:
        return f"; did you mean '{close[0]}'?"
    return f"; known are: {', '.join(sorted(known))}" if known else ""


def _keys_at(kind: Any, location: Iterable[Any]) -> list[str]:
    """The keys that the settings at `location` below `kind` may have."""
    kind = _plain(_at(kind, location))
    is_group = isinstance(kind, type) and issubclass(kind, BaseModel)
    return list(kind.model_fields) if is_group else []


def _at(kind: Any, location: Iterable[Any]) -> Any:
    """The type of what is at `location` below `kind`."""
    for part in location:
        if part != "[key]":
            kind = _below(kind, part)
    return kind


def _without_tags(kind: Any, location: list[Any]) -> list[Any]:
    """`location` as it is in the file, without the union members that pydantic adds."""
    kept = []
    for part in location:
        if not tagged_union(kind)[1]:
            kept.append(part)
        kind = _below(kind, part)
    return kept


def _below(kind: Any, part: Any) -> Any:
    """The type of the key, entry or member `part` of a `kind`; None where it has none."""
    if members := _members(kind):
        return members.get(part)
    kind = _plain(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        field = kind.model_fields.get(str(part))
        return annotation_of(field) if field else None
    arguments = get_args(kind)
    return arguments[get_origin(kind) is dict] if arguments else None


def _members(kind: Any) -> dict[str, Any]:
    """The groups of settings of a tagged union, by the tag that stands for each."""
    key, members = tagged_union(kind)
    return {
        tag: member for member in members for tag in get_args(member.model_fields[key].annotation)
    }


def _plain(kind: Any) -> Any:
    """`kind` without its notes and without `None`."""
    if get_origin(kind) is Annotated:
        return _plain(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return _plain(next(arg for arg in get_args(kind) if arg is not type(None)))
    return kind


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
