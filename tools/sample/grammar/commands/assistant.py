"""Requests to an assistant at home, with intent and slots."""

import json

from grammar.choice import one
from grammar.commands import names
from grammar.commands.templates import Values, chosen, pieces, templates

REQUESTS = 1200
_ROOMS = "kitchen attic garage hall bathroom study cellar nursery".split() + ["living room", "spare room", "guest bathroom"]
_ITEMS = "milk bread butter soap apples rice honey coffee".split() + ["green tea", "toilet paper", "dark chocolate", "olive oil"]
_DAYS = "today tomorrow monday friday saturday sunday".split()
_KINDS = "jazz folk rock opera blues techno".split()
_TABLE = """
light_on | turn the light on in the {room} | lights on in the {room}, please | i cannot see anything in the {room} | could you switch on the light of the {room}?
light_off | turn off the light in the {room} | lights off in the {room} | make it dark in the {room} | i do not need the light in the {room} any more
light_dim | dim the light in the {room} to {percent} percent | set the {room} light to {percent} percent | {percent} percent light in the {room}
heating_set | set the heating in the {room} to {degrees} degrees | make the {room} {degrees} degrees warm | i want {degrees} degrees in the {room}
heating_ask | how warm is it in the {room}? | tell me the temperature of the {room}
music_play | play {artist} in the {room} | i want to hear {artist} in the {room} | put on {artist}
music_genre | play some {genre} in the {room} | i feel like {genre} | put on some {genre} music
music_stop | stop the music | no more music, please | be quiet
list_add | put {item} on the shopping list | we need {count} {item} | add {item} to my list | remember to buy {count} {item}
list_ask | what is on my shopping list? | read me the list
alarm_set | wake me up at {time} {day} | set an alarm for {time} {day} | i must get up at {time}
timer_set | set a timer for {minutes} minutes | tell me when {minutes} minutes are over
call | call {person} | i want to talk to {person} | please phone {person} {day}
message_send | tell {person} that i am late | send {person} a message | write to {person} that we meet at {time}
weather_ask | will it rain {day}? | what is the weather like {day}? | do i need an umbrella {day}?
"""


def _number(salt: str, least: int, most: int, step: int = 1) -> str:
    return str(one(salt, range(least, most + 1, step)))


VALUES: Values = {
    "room": lambda salt: one(salt, _ROOMS),
    "item": lambda salt: one(salt, _ITEMS),
    "day": lambda salt: one(salt, _DAYS),
    "genre": lambda salt: one(salt, _KINDS),
    "artist": names.artist,
    "person": names.name,
    "percent": lambda salt: _number(salt, 5, 95, 5),
    "degrees": lambda salt: _number(salt, 15, 25),
    "count": lambda salt: _number(salt, 2, 12),
    "minutes": lambda salt: _number(salt, 1, 90),
    "time": lambda salt: f"{_number(f'{salt} h', 5, 11)}:{one(salt, ('00', '15', '30', '45', '05', '20'))}",
}
_TEMPLATES = templates(_TABLE)


def rasa() -> str:
    """The requests as Rasa's JSON, each once."""
    examples = {}
    number = 0
    while len(examples) < REQUESTS:
        number += 1
        intent, request = chosen(_TEMPLATES, f"assistant {number}")
        entities, text = [], ""
        for piece in pieces(request, VALUES, f"assistant {number}"):
            if piece.slot:
                end = len(text) + len(piece.text)
                entities.append({"start": len(text), "end": end, "value": piece.text, "entity": piece.slot})
            text += piece.text
        examples.setdefault(text, {"text": text, "intent": intent, "entities": entities})
    lines = ",\n".join(json.dumps(example) for example in examples.values())
    return f'{{"rasa_nlu_data": {{"common_examples": [\n{lines}\n]}}}}\n'
