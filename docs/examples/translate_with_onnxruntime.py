"""Translates normalised sentences with ONNX Runtime alone: FOLDER SENTENCE [SENTENCE ...].

FOLDER is what `nlpflow export RUN --to onnx` wrote of a run with a vocabulary of words.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime

folder = Path(sys.argv[1])
config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
encoder, decoder = (
    onnxruntime.InferenceSession(folder / name) for name in ("encoder.onnx", "decoder.onnx")
)
special = config["special_ids"]
tokens = {}
for side in ("source", "target"):
    vocabulary = json.loads((folder / f"{side}.vocab").read_text(encoding="utf-8"))
    tokens[side] = sorted(special, key=special.get) + vocabulary["words"]
ids = {token: number for number, token in enumerate(tokens["source"]) if number >= len(special)}


def named(session: onnxruntime.InferenceSession, values: dict) -> dict:
    """The outputs of a graph by name; it takes of the values what it needs."""
    names = [one.name for one in session.get_outputs()]
    given = {one.name: values[one.name] for one in session.get_inputs()}
    return dict(zip(names, session.run(names, given), strict=True))


def translate(sentence: str) -> str:
    """Greedy search: the best word at every step."""
    words = [ids.get(word, special["<unk>"]) for word in sentence.split(" ") if word]
    words = [*words[: config["longest_source"] - 1], special["<EOS>"]]
    values = named(encoder, {"source": np.array([words])})
    said = [special["<SOS>"]]
    while len(said) <= config["decoding"]["max_tokens"]:
        step = named(decoder, values | {"words": np.array(said[-1:])})
        said.append(int(step["log_probabilities"][0].argmax()))
        if said[-1] == special["<EOS>"]:
            break
        values |= {name.removeprefix("next_"): value for name, value in step.items()}
    left_out = [special[token] for token in ("<pad>", "<SOS>", "<EOS>")]
    return " ".join(tokens["target"][word] for word in said if word not in left_out)


for each in sys.argv[2:]:
    print(translate(each))
