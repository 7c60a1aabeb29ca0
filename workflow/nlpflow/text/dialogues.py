"""The context that a response in a dialogue is learnt from."""

from collections.abc import Sequence

CONTEXT = 2
"""Turns of a context."""
NEXT_TURN = " | "
"""Stands between two turns."""


def context(turns: Sequence[str]) -> str:
    """The last turns of a dialogue as one text, with single spaces."""
    return NEXT_TURN.join(" ".join(turn.split()) for turn in turns[-CONTEXT:])
