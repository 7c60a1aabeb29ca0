"""An intent and slots from features of words."""

from nlpflow.baselines.feature_frames import FeatureFrames, slot_tags
from nlpflow.text.frames import parse

ROOMS = ["kitchen", "attic", "small study", "garage"]
REQUESTS = [
    text
    for room in ROOMS
    for text in (f"turn the light on in the {room}", f"switch off the {room} light, please")
]
COMMANDS = [text for room in ROOMS for text in (f"on(room={room})", f"off(room={room})")]


def test_training_set_is_learnt() -> None:
    assert FeatureFrames(REQUESTS, COMMANDS).predict(REQUESTS) == COMMANDS


def test_a_room_never_seen() -> None:
    model = FeatureFrames(REQUESTS, COMMANDS)
    assert model.predict(["turn the light on in the cellar"]) == ["on(room=cellar)"]


def test_slot_tags() -> None:
    command = parse("off(a=light, b=small study)")
    assert command is not None
    assert slot_tags("light in small study light", command) == ["B-a", "O", "B-b", "I-b", "O"]
    missing = parse("off(a=elsewhere)")
    assert missing is not None
    assert slot_tags("light off", missing) == ["O", "O"]


def test_commands_that_are_not_well_formed_are_left_out() -> None:
    model = FeatureFrames([*REQUESTS, "broken"], [*COMMANDS, "off(room="])
    assert model.predict(REQUESTS[:2]) == COMMANDS[:2]
