"""Readers of pairs from files of entries, in JSON: requests to assistants, and questions.

The second side of a request is the command that it asks for, in brackets
(`nlpflow.text.frames`); that of a question is an answer.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from nlpflow.corpora.lines import TEXT, file_name
from nlpflow.download.archives import open_member
from nlpflow.errors import UserError
from nlpflow.settings.registry import CorpusFile
from nlpflow.text.frames import NAME, Slot, frame, written

ENTRIES = pa.schema(
    [("entry", pa.int64())] + [(name, TEXT) for name in ("text", "first", "second", "problem")]
)
Pairs = list[tuple[str, str]]


class Malformed(Exception):
    """An entry of a file that cannot be used; the message says why."""


class Format(NamedTuple):
    """How the files of a reader are read."""

    entries: Callable[[Any], Any]
    """The entries of a file's content."""
    pairs: Callable[[Any], Pairs]
    """The pairs of an entry; `Malformed` if it has none."""
    has: str
    """What a file must have, in messages."""


def read_entries(name: str, reader: str, file: CorpusFile, path: Path) -> pa.Table:
    """The pairs of a file: `entry` (from 1), `text`, `first`, `second` and `problem`.

    An entry may have several pairs. One with a problem, null where there is none, has a row without
    a pair; `text` is what the file has.

    Args:
        name: the name of the corpus, for error messages
        reader: a key of `FORMATS`
        file: the file's entry in the registry
        path: where it is

    Raises:
        UserError: the file is not JSON, or not of the reader's format
    """
    where = f"corpus {name}: {file_name(file)}"
    with open_member(path, file.member) as stream:
        content = _parsed(stream.read(), where)
    found = FORMATS[reader]
    try:
        entries = list(found.entries(content))
    except (KeyError, TypeError, AttributeError) as error:
        raise UserError(
            f"{where}: not a file of reader '{reader}', which has {found.has}; check the corpus's "
            "reader"
        ) from error
    rows = [
        (number, *row)
        for number, entry in enumerate(entries, start=1)
        for row in _rows(entry, found.pairs)
    ]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[]] * len(ENTRIES)
    return pa.table(columns, schema=ENTRIES)


def _parsed(content: bytes, where: str) -> Any:
    try:
        text = content.decode("utf-8-sig", "surrogatepass")
        # Two surrogates in a row, each as three bytes (CESU-8), are one character.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
        return json.loads(text)
    except UnicodeDecodeError as error:
        raise UserError(f"{where}: not UTF-8 (byte {error.start})") from error
    except json.JSONDecodeError as error:
        raise UserError(
            f"{where}, line {error.lineno}: not JSON: {error.msg}; download it again, or correct it"
        ) from error
    except RecursionError:
        raise UserError(f"{where}: JSON that is nested too deeply") from None


def _rows(entry: Any, read: Callable[[Any], Pairs]) -> Iterator[tuple[str | None, ...]]:
    shown = json.dumps(entry, ensure_ascii=False)
    try:
        if not _has_whole_characters(shown):
            shown = json.dumps(entry)
            raise Malformed("has half of a character (a lone surrogate)")
        yield from [(shown, *pair, None) for pair in read(entry)]
    except Malformed as problem:
        yield shown, None, None, str(problem)


def _has_whole_characters(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _snips_entries(content: Any) -> Iterator[Any]:
    for intent, queries in content.items():
        for query in queries:
            yield {"intent": intent, "data": query["data"]}


def _snips(entry: Any) -> Pairs:
    pieces = entry["data"]
    if not isinstance(pieces, list) or not all(isinstance(piece, dict) for piece in pieces):
        raise Malformed("data is not a list of pieces of text")
    slots = []
    for piece in pieces:
        text = _text(piece, "text")
        if "entity" in piece:
            slots.append(Slot(_text(piece, "entity"), text))
    return _request("".join(piece["text"] for piece in pieces), entry["intent"], slots)


def _rasa(entry: Any) -> Pairs:
    if not isinstance(entry, dict):
        raise Malformed("is not an object with text, intent and entities")
    text = _text(entry, "text")
    entities = entry.get("entities", [])
    if not isinstance(entities, list) or not all(isinstance(one, dict) for one in entities):
        raise Malformed("entities is not a list of objects")
    slots, last = [], 0
    for entity in sorted(entities, key=lambda entity: str(entity.get("start")).zfill(12)):
        name, value = _text(entity, "entity"), _text(entity, "value")
        start, end = entity.get("start"), entity.get("end")
        if not isinstance(start, int) or not isinstance(end, int):
            raise Malformed(f"entity {name}: start and end are not numbers")
        if text[start:end] != value:
            raise Malformed(f"entity {name}: characters {start} to {end} are not {value!r}")
        if start < last:
            raise Malformed(f"entity {name}: overlaps the entity before it")
        slots.append(Slot(name, value))
        last = end
    return _request(text, _text(entry, "intent"), slots)


def _request(text: str, intent: str, slots: list[Slot]) -> Pairs:
    request = " ".join(text.split())
    if not request:
        raise Malformed("has no text")
    for name in (intent, *(slot.name for slot in slots)):
        if not NAME.fullmatch(name):
            raise Malformed(f"the name {name!r} has spaces, commas, brackets, quotes or =")
    for slot in slots:
        if not slot.value.strip():
            raise Malformed(f"slot {slot.name} has no text")
    return [(request, written(frame(intent, slots)))]


def _question(entry: Any) -> Pairs:
    if not isinstance(entry, dict):
        raise Malformed("is not an object with qText and answers")
    question, answers = " ".join(_text(entry, "qText").split()), entry.get("answers")
    if not question:
        raise Malformed("has no question")
    if not isinstance(answers, list) or not all(isinstance(one, str) for one in answers):
        raise Malformed("answers is not a list of texts")
    tidy = dict.fromkeys(" ".join(answer.split()) for answer in answers)
    if not any(tidy):
        raise Malformed("has no answer")
    return [(question, answer) for answer in tidy if answer]


def _list(content: Any) -> list[Any]:
    if not isinstance(content, list):
        raise TypeError
    return content


def _text(entry: dict[str, Any], key: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str):
        raise Malformed(f"{key} is not a text" if key in entry else f"has no {key}")
    return value


FORMATS = {
    "snips": Format(_snips_entries, _snips, "a list of queries with `data` for each intent"),
    "rasa": Format(
        lambda content: _list(content["rasa_nlu_data"]["common_examples"]),
        _rasa,
        "a list rasa_nlu_data.common_examples",
    ),
    "questions": Format(_list, _question, "a list of questions with qText and answers"),
}
"""By the name of the reader."""
