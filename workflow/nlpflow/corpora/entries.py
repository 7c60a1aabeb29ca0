"""Readers of pairs from files of entries, in JSON or YAML.

An entry is a request to an assistant, whose second side is the command that it asks for, in
brackets (`nlpflow.text.frames`); a question, whose second sides are its answers; or a dialogue,
whose pairs are a context and a response.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import yaml

from nlpflow.corpora.lines import TEXT, file_name
from nlpflow.download.archives import open_member
from nlpflow.errors import UserError
from nlpflow.settings.checks import on_one_line
from nlpflow.settings.registry import CorpusFile
from nlpflow.text.dialogues import context
from nlpflow.text.frames import NAME, Slot, frame, written

ENTRIES = pa.schema(
    [("entry", pa.int64())]
    + [(name, TEXT) for name in ("text", "first", "second", "group", "problem")]
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
    language: str = "JSON"
    """`JSON` or `YAML`."""
    grouped: bool = False
    """Whether the pairs of an entry stay in one split."""


def read_entries(name: str, reader: str, file: CorpusFile, path: Path) -> pa.Table:
    """The pairs of a file: `entry` (from 1), `text`, `first`, `second`, `group` and `problem`.

    An entry may have several pairs. One with a problem, null where there is none, has a row without
    a pair; `text` is what the file has.

    Args:
        name: the name of the corpus, for error messages
        reader: a key of `FORMATS`
        file: the file's entry in the registry
        path: where it is

    Raises:
        UserError: the file is not JSON (YAML), or not of the reader's format
    """
    where, found = f"corpus {name}: {file_name(file)}", FORMATS[reader]
    with open_member(path, file.member) as stream:
        content = _parsed(stream.read(), where, found.language)
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
        for row in _rows(entry, found, f"{file_name(file)}#{number}")
    ]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[]] * len(ENTRIES)
    return pa.table(columns, schema=ENTRIES)


class _Texts(yaml.BaseLoader):
    """Reads YAML whose values are all texts: `Yes` is no boolean. Aliases are refused."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):  # a few of them can stand for billions of values
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "aliases are not read", mark)
        return super().compose_node(parent, index)


def _parsed(content: bytes, where: str, language: str) -> Any:
    try:
        text = content.decode("utf-8-sig", "surrogatepass")
        # Two surrogates in a row, each as three bytes (CESU-8), are one character.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
        return json.loads(text) if language == "JSON" else yaml.load(text, _Texts)
    except UnicodeDecodeError as error:
        raise UserError(f"{where}: not UTF-8 (byte {error.start})") from error
    except json.JSONDecodeError as error:
        problem = f"line {error.lineno}: not JSON: {error.msg}"
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        said = " ".join(str(getattr(error, "problem", None) or error).split())
        problem = f"{f'line {mark.line + 1}: ' if mark else ''}not YAML: {said}"
    except ValueError as error:  # such as a number with thousands of digits
        problem = f"not {language}: {on_one_line(str(error))}"
    except RecursionError:
        raise UserError(f"{where}: {language} that is nested too deeply") from None
    raise UserError(f"{where}, {problem}; download it again, or correct it")


def _rows(entry: Any, found: Format, name: str) -> Iterator[tuple[str | None, ...]]:
    shown = json.dumps(entry, ensure_ascii=False, default=str)
    try:
        if not _has_whole_characters(shown):
            shown = json.dumps(entry, default=str)
            raise Malformed("has half of a character (a lone surrogate)")
        group = name if found.grouped else None
        yield from [(shown, *pair, group, None) for pair in found.pairs(entry)]
    except Malformed as problem:
        yield shown, None, None, None, str(problem)


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
        if text[start:end] != value:  # Rasa may have a synonym here, which is not in the text
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


def _conversation(entry: Any) -> Pairs:
    """Each turn but the first is a response to those before it."""
    if not isinstance(entry, list):
        raise Malformed("is not a list of turns")
    if not all(isinstance(turn, str) for turn in entry):
        raise Malformed("has a turn that is not a text")
    return _responses(entry, range(1, len(entry)))


def _dialogue(entry: Any) -> Pairs:
    """The turns of the assistant are responses."""
    if not isinstance(entry, dict) or not isinstance(entry.get("turns"), list):
        raise Malformed("has no list of turns")
    turns, answers = [], []
    for number, turn in enumerate(entry["turns"]):
        if not isinstance(turn, dict):
            raise Malformed("has a turn that is not an object")
        turns.append(_text(turn, "utterance"))
        if _text(turn, "speaker") == "SYSTEM" and number:
            answers.append(number)
    return _responses(turns, answers)


def _responses(turns: list[str], answers: Iterable[int]) -> Pairs:
    """The pairs of context and response; `answers` are the numbers of the responses."""
    tidy = [" ".join(turn.split()) for turn in turns]
    if not all(tidy):
        raise Malformed("has a turn without text")
    found = [(context(tidy[:end]), tidy[end]) for end in answers]
    if not found:
        raise Malformed("has no turn that answers another one")
    return found


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
    "chatterbot": Format(
        lambda content: _list(content["conversations"]),
        _conversation,
        "a list conversations",
        "YAML",
        grouped=True,
    ),
    "dialogues": Format(_list, _dialogue, "a list of dialogues with turns", grouped=True),
}
"""By the name of the reader."""
