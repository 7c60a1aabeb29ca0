"""The tokens of one side of a dataset and their numbers: words, or SentencePiece subwords."""

import json
from pathlib import Path

import pyarrow as pa

from nlpflow.errors import UserError
from nlpflow.settings.data import VocabularySettings
from nlpflow.vocabulary.base import EOS, PAD, SOS, SPECIALS, UNK, Encoded, Vocabulary
from nlpflow.vocabulary.subwords import Subwords, train_subwords
from nlpflow.vocabulary.words import Words, count_words, split_words

__all__ = [
    "EOS",
    "PAD",
    "SOS",
    "SPECIALS",
    "UNK",
    "Encoded",
    "Subwords",
    "Vocabulary",
    "Words",
    "build_vocabulary",
    "coverage",
    "load_vocabulary",
    "split_words",
]


def build_vocabulary(
    column: pa.Array | pa.ChunkedArray, settings: VocabularySettings, side: str
) -> Vocabulary:
    """The vocabulary of the normalised training sentences; `side` names them in errors."""
    build = train_subwords if settings.kind == "subwords" else count_words
    return build(column, settings, side)


def load_vocabulary(path: Path) -> Vocabulary:
    """Read what `Vocabulary.save` wrote; UserError for any other file."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        if content.startswith(b"{"):
            stored = json.loads(content)
            return Words(tuple(stored["words"]), tuple(stored["counts"]))
        return Subwords(content)
    except (ValueError, TypeError, LookupError, RuntimeError) as error:
        raise UserError(f"{path}: not a vocabulary file ({error}); make it again") from error


def coverage(vocabulary: Vocabulary, column: pa.Array | pa.ChunkedArray) -> dict[str, float]:
    """How much of a column the vocabulary knows.

    `tokens` and how many of them are `unknown`, the `known_share` (1.0 where there are no tokens),
    and `unknown_types`, the number of different unknown tokens.
    """
    ids, _ = vocabulary.encode_column(column)
    unknown = ids == UNK
    missed = int(unknown.sum())
    types = 0
    if missed:  # never with subwords
        types = len(split_words(column)[0].filter(pa.array(unknown)).unique())
    share = 1 - missed / len(ids) if len(ids) else 1.0
    return {"tokens": len(ids), "unknown": missed, "known_share": share, "unknown_types": types}
