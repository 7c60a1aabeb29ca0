"""How many test requests differ from a training request in nothing but the values of slots.

python tools/carriers.py data/prepared/snips

A carrier is a request in lower case in which each slot's value is replaced by the slot's name. The
share of test requests whose carrier is in the training set says how much of a test can be solved by
a look-up of requests and a list of values.
"""

import argparse
from pathlib import Path

import pandas as pd

from nlpflow.text.frames import parse


def carrier(request: str, command: str) -> str:
    """A request with the names of slots for their values, the longest value first."""
    frame = parse(command)
    text = request.lower()
    slots = [] if frame is None else sorted(frame.slots, key=lambda slot: -len(slot.value))
    for slot in slots:
        text = text.replace(slot.value.lower(), f"<{slot.name}>", 1)
    return text


def carriers(table: Path) -> list[str]:
    """The carriers of a prepared split."""
    pairs = pd.read_parquet(table, columns=["source", "target"])
    return [carrier(*pair) for pair in zip(pairs["source"], pairs["target"], strict=True)]


def main() -> None:
    """Print the counts and the share."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dataset", type=Path, help="such as data/prepared/snips")
    dataset = parser.parse_args().dataset
    known = set(carriers(dataset / "train.parquet"))
    test = carriers(dataset / "test.parquet")
    found = sum(one in known for one in test)
    print(f"{found} of {len(test)} test carriers ({100 * found / len(test):.1f} %) are in training")


if __name__ == "__main__":
    main()
