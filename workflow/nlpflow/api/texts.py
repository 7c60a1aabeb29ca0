"""A check that all verbs of trained runs need."""

from collections.abc import Sequence

from nlpflow.errors import UserError


def check_list(texts: Sequence[object]) -> None:
    """Raise UserError for one text, which is a sequence too: of its letters."""
    if isinstance(texts, str):
        raise UserError("one text where a list of texts is needed; put it into [ ]")
