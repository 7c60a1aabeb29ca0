"""Writes config/README.md and the JSON schemas of the settings; every table comes from the models.

python tools/config_docs.py [--check]
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import TypeAdapter

from nlpflow.settings.base import NAME_PATTERN, Name, Settings
from nlpflow.settings.checks import annotation_of, tagged_union
from nlpflow.settings.config import Config, Shared
from nlpflow.settings.registry import DATE_PATTERN, Corpus

INTRODUCTION = Path(__file__).with_name("config_introduction.md")
FOLDER = Path(__file__).resolve().parents[1] / "config"

NOUNS = {"integer": "whole number", "number": "number", "string": "text"}
NAMED_PATTERNS = {
    NAME_PATTERN: ("name", "ASCII letters, digits, `_` `.` `+` `-`; starts with a letter or digit"),
    r"^[a-z]{2,3}(_[A-Za-z]+)?$": ("language code", "like `fra` or `srp_Latn`"),
    r"^[0-9a-f]{64}$": ("text", "64 hexadecimal digits, lower case"),
    DATE_PATTERN: ("date", "like `2019-04-07`"),
    r"^[a-z_]+(\.[a-z_]+)*$": ("text", "keys joined by dots"),
}
"""The name of each pattern of text, and a description of what it allows."""

Schema = dict[str, Any]
Links = dict[str, str]
"""The heading of every group of settings, by the name of its class."""


def config_reference() -> str:
    """The text of config/README.md."""
    parts = [INTRODUCTION.read_text(encoding="utf-8").strip()]
    links: Links = {}
    for title, model, start in (
        ("Keys of a config", Config, ""),
        ("Keys of a shared file", Shared, ""),
        ("Keys of the registry", Corpus, "<corpus>"),
    ):
        groups = [group for group in _groups(model, start) if group[1].__name__ not in links]
        links |= {group.__name__: heading for heading, group in groups}
        parts.append(f"## {title}")
        parts += [_section(heading, group.model_json_schema(), links) for heading, group in groups]
    return "\n\n".join(parts) + "\n"


def generated_files() -> dict[str, str]:
    """The text of every generated file, by its name in the config folder."""
    dialect = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    corpora = {"title": "Corpora", "description": "The registry of corpora, by name."}
    return {
        "README.md": config_reference(),
        "config.schema.json": _as_json(dialect | Config.model_json_schema()),
        "corpora.schema.json": _as_json(
            dialect | corpora | TypeAdapter(dict[Name, Corpus]).json_schema()
        ),
    }


def main(arguments: Sequence[str] | None = None, folder: Path = FOLDER) -> int:
    """Write the files and return the exit status.

    With `--check` nothing is written; one line names the files that are out of date.
    """
    parser = argparse.ArgumentParser(
        prog="python tools/config_docs.py",
        description="Write config/README.md and the JSON schemas of the settings.",
    )
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 on a difference")
    check = parser.parse_args(arguments).check
    stale = []
    for name, text in generated_files().items():
        path = folder / name
        if not check:
            path.write_bytes(text.encode())
        elif not path.is_file() or path.read_bytes() != text.encode():
            stale.append(name)
    if stale:
        command = "python tools/config_docs.py"
        print(f"{folder}: {', '.join(stale)} out of date; run {command}", file=sys.stderr)
    return 1 if stale else 0


def _as_json(schema: Schema) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _groups(model: type[Settings], path: str) -> Iterator[tuple[str, type[Settings]]]:
    """A group of settings and all groups below it, each once, with the title of its section."""
    found: dict[type[Settings], tuple[str, str]] = {}
    for place, only_for, group in _paths(model, path, ""):
        shared = group in found and found[group][1] != only_for
        found.setdefault(group, (place, only_for))
        if shared:
            found[group] = (found[group][0], "")
    for group, (place, only_for) in found.items():
        title = f"`{place}`" if place else "Top level"
        yield f"{title}, `{only_for}`" if only_for else title, group


def _paths(
    group: type[Settings], path: str, only_for: str
) -> Iterator[tuple[str, str, type[Settings]]]:
    """All paths of a group of settings and of the groups below it.

    Returns:
        the path, the tag of the union that it belongs to (or empty), and the group
    """
    yield path, only_for, group
    for key, field in group.model_fields.items():
        for suffix, tag, child in _groups_in(annotation_of(field)):
            yield from _paths(child, f"{path}.{key}{suffix}".removeprefix("."), tag or only_for)


def _groups_in(annotation: Any, suffix: str = "") -> Iterator[tuple[str, str, type[Settings]]]:
    if isinstance(annotation, type) and issubclass(annotation, Settings):
        yield suffix, "", annotation
        return
    key, members = tagged_union(annotation)
    for member in members:
        (tag,) = get_args(member.model_fields[key].annotation)
        yield suffix, f"{key}: {tag}", member
    if not members:
        suffix += {dict: ".<name>", tuple: "[]"}.get(get_origin(annotation), "")
        for argument in get_args(annotation):
            yield from _groups_in(argument, suffix)


def _section(heading: str, schema: Schema, links: Links) -> str:
    rows = ["| Key | Type | Default | Allowed | Meaning |", "| --- | --- | --- | --- | --- |"]
    for key, field in schema["properties"].items():
        cells = (
            f"`{key}`",
            _type(field, links),
            "**required**" if key in schema.get("required", []) else _default(field),
            _allowed(field),
            field["description"],
        )
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    purpose = " ".join(schema["description"].split())
    return f"### {heading}\n\n{purpose}\n\n" + "\n".join(rows)


def _type(field: Schema, links: Links, ending: str = "") -> str:
    """The type of a field in words; `ending` is `s` for its plural."""
    if options := field.get("anyOf", field.get("oneOf")):
        return " or ".join(_type(option, links, ending) for option in options)
    if "$ref" in field:
        heading = links.get(field["$ref"].rpartition("/")[2])
        return f"[{heading}](#{_anchor(heading)})" if heading else f"any value{ending}"
    if "enum" in field:
        return f"{'' if ending else 'one of '}{', '.join(map(_code, field['enum']))}"
    if "const" in field:
        return _code(field["const"])
    match field.get("type"):
        case "null":
            return "`null`"
        case "boolean":
            return "`true` or `false`"
        case "array":
            items = field.get("items") or field["prefixItems"][0]
            return f"list of {_type(items, links, 's')}"
        case "object":
            ((pattern, values),) = field["patternProperties"].items()
            return f"mapping from {NAMED_PATTERNS[pattern][0]}s to {_type(values, links, 's')}"
    noun, _ = NAMED_PATTERNS.get(field.get("pattern", ""), (NOUNS[field["type"]], ""))
    return noun + ending


def _default(field: Schema) -> str:
    return "as below" if "$ref" in field else _code(field["default"])


def _allowed(field: Schema) -> str:
    """The limits of a field's values; of a list, those of its entries, then of their number."""
    limits = [_allowed(option) for option in field.get("anyOf", [])]
    if entries := field.get("items") or next(iter(field.get("prefixItems", [])), None):
        limits += [f"each {limit}" for limit in [_allowed(entries)] if limit]
    if pattern := field.get("pattern"):
        limits.append(NAMED_PATTERNS[pattern][1])
    signs = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
    limits += [f"{sign} {field[key]}" for key, sign in signs.items() if key in field]
    if field.get("minLength"):
        limits.append("not empty")
    text = ", ".join(filter(None, limits))
    least = field.get("minItems", field.get("minProperties"))
    if not least:
        return text
    count = f"exactly {least}" if least == field.get("maxItems") else f"at least {least}"
    return f"{text}; {count}".removeprefix("; ")


def _code(value: Any) -> str:
    """A value as it is written in YAML."""
    return f"`{value if value and isinstance(value, str) else json.dumps(value)}`"


def _anchor(heading: str) -> str:
    """The anchor that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


if __name__ == "__main__":
    sys.exit(main())
