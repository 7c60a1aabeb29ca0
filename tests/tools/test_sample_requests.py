"""The sample's requests, questions and dialogues: read whole, varied, with names that are new."""

import json
from collections import Counter
from pathlib import Path

import pytest

from nlpflow.corpora.entries import read_entries
from nlpflow.metrics.shell import parses, template
from nlpflow.settings.registry import CorpusFile
from nlpflow.text.frames import parse

SAMPLE = Path(__file__).parents[2] / "data" / "sample"


def pairs(reader: str, name: str) -> list[tuple[str, str]]:
    table = read_entries("sample", reader, CorpusFile(address=name), SAMPLE / name).to_pandas()
    assert table["problem"].isna().all()
    return list(zip(table["first"], table["second"], strict=True))


def test_requests_to_the_assistant() -> None:
    found = pairs("rasa", "assistant.json")
    assert len({request for request, _ in found}) == len(found) == 1200
    frames = [parse(command) for _, command in found]
    assert all(frame is not None for frame in frames)
    intents = Counter(frame.intent for frame in frames if frame)
    assert len(intents) == 15
    assert min(intents.values()) > 1
    artists = {slot.value for f in frames if f for slot in f.slots if slot.name == "artist"}
    assert len(artists) > 100


def test_shell_commands() -> None:
    requests, commands = (
        (SAMPLE / f"shell.{name}.txt").read_text().splitlines() for name in ("requests", "commands")
    )
    assert len(set(requests)) == len(requests) == len(commands) == 1200
    assert all(map(parses, commands))
    assert 20 < len(set(map(template, commands))) < 40
    for request, command in zip(requests, commands, strict=True):
        for word in command.replace('"', " ").split():
            if word.endswith((".txt", ".csv", ".md")) and "*" not in word:
                assert word in request.replace("?", " ").replace(",", " ").split(), (
                    request,
                    command,
                )


def test_questions() -> None:
    found = pairs("questions", "questions.json")
    questions = Counter(question for question, _ in found)
    assert len(questions) > 900
    assert max(questions.values()) == 2  # two answers to questions about money
    assert len({answer for _, answer in found}) > 200


def test_dialogues() -> None:
    dialogues = json.loads((SAMPLE / "dialogues.json").read_text())
    assert len({one["dialogue_id"] for one in dialogues}) == len(dialogues) == 260
    for one in dialogues:
        speakers = [turn["speaker"] for turn in one["turns"]]
        assert speakers == ["USER", "SYSTEM"] * (len(speakers) // 2)
    found = pairs("dialogues", "dialogues.json")
    assert len(found) == sum(len(one["turns"]) // 2 for one in dialogues)
    assert all("{" not in text for pair in found for text in pair)


@pytest.mark.parametrize("name", ["assistant.json", "questions.json", "dialogues.json"])
def test_every_value_is_in_its_place(name: str) -> None:
    assert "{" not in (SAMPLE / name).read_text().replace('{"', "").replace("[{", "")
