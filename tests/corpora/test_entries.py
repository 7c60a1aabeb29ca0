"""Readers of requests to assistants, and what is wrong with entries."""

import json
from pathlib import Path
from typing import Any

import pytest

from nlpflow.corpora.pairs import read_corpus
from nlpflow.errors import UserError
from nlpflow.settings.registry import Corpus

GOOD = {"text": "lights off in the attic", "intent": "off", "entities": []}
ROOM = {"start": 18, "end": 23, "value": "attic", "entity": "room"}
BAD: list[tuple[Any, str]] = [
    ("lights", "is not an object with text, intent and entities"),
    ({"intent": "off"}, "has no text"),
    ({**GOOD, "text": 3}, "text is not a text"),
    ({**GOOD, "text": "  "}, "has no text"),
    ({"text": "lights off"}, "has no intent"),
    ({**GOOD, "intent": "off (all)"}, "the name 'off (all)' has spaces, commas, brackets"),
    ({**GOOD, "entities": {}}, "entities is not a list of objects"),
    ({**GOOD, "entities": [3]}, "entities is not a list of objects"),
    ({**GOOD, "entities": [{**ROOM, "start": 17}]}, "entity room: characters 17 to 23 are not"),
    ({**GOOD, "entities": [{**ROOM, "end": "23"}]}, "entity room: start and end are not numbers"),
    ({**GOOD, "entities": [ROOM, {**ROOM, "entity": "b"}]}, "overlaps the entity before it"),
    ({**GOOD, "entities": [{"start": 6, "end": 7, "value": " ", "entity": "x"}]}, "slot x has no"),
    ({**GOOD, "text": "lights \ud83d"}, "has half of a character (a lone surrogate)"),
]


def corpus(reader: str) -> Corpus:
    return Corpus(
        title="t",
        licence="l",
        attribution="a",
        reader=reader,
        languages=["eng", "zxx"],
        files=[{"address": "a.json"}],
    )


def read(reader: str, path: Path):
    return read_corpus("c", corpus(reader), {"a.json": path}, None)


def written(path: Path, content: Any) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_rasa(tmp_path: Path) -> None:
    entities = [ROOM, {"start": 0, "end": 6, "value": "lights", "entity": "device"}]
    examples = [{**GOOD, "entities": entities}, GOOD | {"text": " lights\n off "}]
    path = written(tmp_path / "a.json", {"rasa_nlu_data": {"common_examples": examples}})
    pairs, malformed = read("rasa", path)
    assert pairs["eng"].tolist() == ["lights off in the attic", "lights off"]
    assert pairs["zxx"].tolist() == ["off(device=lights, room=attic)", "off()"]
    assert pairs["pair"].tolist() == [0, 1]
    assert malformed.empty


@pytest.mark.parametrize(("entry", "problem"), BAD, ids=[problem for _, problem in BAD])
def test_malformed_entries_are_counted(tmp_path: Path, entry: Any, problem: str) -> None:
    """The entry is listed with its number and its problem, and the others are read."""
    content = {"rasa_nlu_data": {"common_examples": [GOOD, entry, GOOD]}}
    pairs, malformed = read("rasa", written(tmp_path / "a.json", content))
    assert pairs["zxx"].tolist() == ["off()", "off()"]
    (row,) = malformed.to_dict("records")
    assert (row["file"], row["line"]) == ("a.json", 2)
    assert problem in row["problem"]


def test_snips(tmp_path: Path) -> None:
    query = [
        {"text": "play "},
        {"text": "Hello, world", "entity": "track"},
        {"text": " by "},
        {"text": "Bob", "entity": "artist"},
    ]
    content = {"Play": [{"data": query}, {"data": "play"}, {"data": [{"text": "stop"}]}]}
    pairs, malformed = read("snips", written(tmp_path / "a.json", content))
    assert pairs["eng"].tolist() == ["play Hello, world by Bob", "stop"]
    assert pairs["zxx"].tolist() == ['Play(artist=Bob, track="Hello, world")', "Play()"]
    assert malformed["problem"].tolist() == ["data is not a list of pieces of text"]


def test_surrogates_of_an_older_encoding(tmp_path: Path) -> None:
    """A character that was written as two surrogates of three bytes each (CESU-8)."""
    path = tmp_path / "a.json"
    face = "\ud83d\ude00".encode("utf-8", "surrogatepass")
    path.write_bytes(b'{"Play": [{"data": [{"text": "play ' + face + b'"}]}]}')
    pairs, malformed = read("snips", path)
    assert pairs["eng"].tolist() == ["play \N{GRINNING FACE}"]
    assert malformed.empty


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "line 1: not JSON"),
        ('{"a": [\n1', "line 2: not JSON"),
        ("[1, 2]", "not a file of reader 'snips', which has a list of queries with `data`"),
        ('{"a": 3}', "not a file of reader 'snips'"),
        ('{"a": [{}]}', "not a file of reader 'snips'"),
        ("[" * 100_000, "JSON that is nested too deeply"),
        ("{}", "has no entries; check the corpus's address and member"),
        ('{"a": [{"data": 1}]}', "only 0 of 1 entries are well-formed (entry 1 data is not"),
    ],
)
def test_other_files(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(UserError) as refused:
        read("snips", written(tmp_path / "a.json", content))
    assert "corpus c: a.json" in str(refused.value)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'{"a": "\xff"}')
    with pytest.raises(UserError, match=r"a.json: not UTF-8 \(byte 7\)"):
        read("snips", tmp_path / "a.json")


def test_questions(tmp_path: Path) -> None:
    """A pair for each answer; malformed entries have the number of the entry."""
    content = [
        {"qText": "who?", "answers": ["A", "B ", "A"]},
        {"qText": "where?", "answers": []},
        {"qText": "when?", "answers": ["C"]},
        {"qText": " ", "answers": ["C"]},
        {"qText": "why?", "answers": "C"},
        {"qText": "how?", "answers": ["D"]},
    ]
    pairs, malformed = read("questions", written(tmp_path / "a.json", content))
    assert pairs[["eng", "zxx"]].to_numpy().tolist() == [
        ["who?", "A"],
        ["who?", "B"],
        ["when?", "C"],
        ["how?", "D"],
    ]
    assert malformed["line"].tolist() == [2, 4, 5]
    assert malformed["problem"].tolist() == [
        "has no answer",
        "has no question",
        "answers is not a list of texts",
    ]
    with pytest.raises(UserError, match="not a file of reader 'questions'"):
        read("questions", written(tmp_path / "a.json", {"a": 1}))


def test_dialogues(tmp_path: Path) -> None:
    """The assistant's turns are responses to the last two turns; a dialogue is a group."""

    def turn(speaker: str, text: str) -> dict[str, str]:
        return {"speaker": speaker, "utterance": text}

    turns = [
        turn("USER", "I am hungry."),
        turn("SYSTEM", "What do you  like?"),
        turn("USER", "Soup."),
        turn("SYSTEM", "Here you are."),
    ]
    content = [{"dialogue_id": "7_1", "turns": turns}, {"dialogue_id": "7_2", "turns": turns[:2]}]
    pairs, malformed = read("dialogues", written(tmp_path / "a.json", content))
    assert pairs[["eng", "zxx", "group"]].to_numpy().tolist() == [
        ["I am hungry.", "What do you like?", "a.json#1"],
        ["What do you like? | Soup.", "Here you are.", "a.json#1"],
        ["I am hungry.", "What do you like?", "a.json#2"],
    ]
    assert malformed.empty


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({"dialogue_id": "1"}, "has no list of turns"),
        ({"dialogue_id": "1", "turns": []}, "has no turn that answers another one"),
        ({"turns": ["hello"]}, "has a turn that is not an object"),
        ({"turns": [{"speaker": "USER"}]}, "has no utterance"),
        ({"turns": [{"utterance": "x"}]}, "has no speaker"),
        ({"turns": [{"speaker": "USER", "utterance": " "}]}, "has a turn without text"),
        ({"turns": [{"speaker": "SYSTEM", "utterance": "x"}]}, "has no turn that answers another"),
        (3, "has no list of turns"),
    ],
)
def test_malformed_dialogues_are_counted(tmp_path: Path, entry: Any, problem: str) -> None:
    good = {"turns": [{"speaker": who, "utterance": who} for who in ("USER", "SYSTEM")]}
    pairs, malformed = read("dialogues", written(tmp_path / "a.json", [good, entry, good]))
    assert pairs["zxx"].tolist() == ["SYSTEM", "SYSTEM"]
    (row,) = malformed.to_dict("records")
    assert row["line"] == 2
    assert problem in row["problem"]


YAML = """\
categories: [x]
conversations:
- - Hello
  - Yes
  - 'How: are you?'
- - alone
- just a text
- - a: b
  - c
- - one
  - 2
"""


def test_chatterbot(tmp_path: Path) -> None:
    """Every value is a text, also `Yes` and `2`."""
    pairs, malformed = read("chatterbot", written(tmp_path / "a.json", YAML))
    assert pairs[["eng", "zxx"]].to_numpy().tolist() == [
        ["Hello", "Yes"],
        ["Hello | Yes", "How: are you?"],
        ["one", "2"],
    ]
    assert malformed[["line", "problem"]].to_numpy().tolist() == [
        [2, "has no turn that answers another one"],
        [3, "is not a list of turns"],
        [4, "has a turn that is not a text"],
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("conversations:\n- [a", "line 2: not YAML"),
        ("a: 1", "not a file of reader 'chatterbot', which has a list conversations"),
        ("conversations: &a [[x, y]]\nb: *a", "line 2: not YAML: aliases are not read"),
        ("", "not a file of reader 'chatterbot'"),
    ],
)
def test_other_yaml(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(UserError) as refused:
        read("chatterbot", written(tmp_path / "a.json", content))
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)
