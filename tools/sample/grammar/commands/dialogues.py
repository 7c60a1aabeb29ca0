"""Dialogues between a user and an assistant that books, finds and plays things."""

import json

from grammar.choice import one
from grammar.commands import assistant, names
from grammar.commands.templates import Values, pieces
from grammar.table import rows

DIALOGUES = 260
# Turns of the user and of the assistant by turns, with `/` between wordings.
_TABLE = """
I want to eat {kind} food in {city}. / Find me a {kind} restaurant in {city}. | For how many people? | For {count}. / We are {count}. | {name} in {city} has a table for {count}. Shall I book it? | Yes, please. / Good, do that. | Your table at {name} is booked. | Thank you. / Thanks, that is all. | You are welcome.
Is there a good film in {city} {day}? / I want to see a film in {city} {day}. | {film} runs at {time} in {city}. | Two tickets, please. / I take {count} tickets. | Your tickets for {film} at {time} are booked. | Thank you. / Great. | You are welcome. / Enjoy the film.
I need a taxi to {city}. / Please send me a taxi, I must go to {city}. | When do you want to leave? | At {time}. / {day} at {time}. | A taxi to {city} comes at {time}. | Thanks. / Thank you. | You are welcome.
Play something by {artist}. / I want to hear {artist}. | In which room? | In the {room}. / The {room}, please. | Playing {artist} in the {room}. | Louder, please. / Not so loud, please. | Done.
What is the weather like in {city} {day}? / Will it rain in {city} {day}? | It will be {sky} in {city} {day}. | And how warm? / How warm will it be? | About {degrees} degrees. | Thank you. / Good to know. | You are welcome.
Wake me up {day}. / I must get up early {day}. | At what time? | At {time}. / {time}, please. | I will wake you up {day} at {time}. | Thanks. / Good night. | Sleep well.
"""
_KINDS = "french italian indian greek mexican".split()
_SKIES = "sunny cloudy rainy windy cold".split()
VALUES: Values = {
    **assistant.VALUES,
    "kind": lambda salt: one(salt, _KINDS),
    "city": names.name,
    "name": lambda salt: f"The {names.name(salt)}",
    "film": lambda salt: f"The {names.name(salt)} of {names.name(f'{salt} of')}",
    "sky": lambda salt: one(salt, _SKIES),
}


def schema_guided() -> str:
    """The dialogues in the form of Schema-Guided Dialogue, without annotations."""
    found = []
    for number in range(DIALOGUES):
        salt = f"dialogue {number}"
        turns = [
            {"speaker": ("USER", "SYSTEM")[turn % 2], "utterance": _said(cell, salt, turn)}
            for turn, cell in enumerate(one(f"{salt} kind", rows(_TABLE)))
        ]
        found.append(json.dumps({"dialogue_id": str(number), "turns": turns}))
    return "[\n" + ",\n".join(found) + "\n]\n"


def _said(cell: str, salt: str, turn: int) -> str:
    """One of the wordings; a dialogue keeps its values from turn to turn."""
    wording = one(f"{salt} {turn}", cell.split(" / "))
    text = "".join(piece.text for piece in pieces(wording, VALUES, salt))
    return text[0].upper() + text[1:]
