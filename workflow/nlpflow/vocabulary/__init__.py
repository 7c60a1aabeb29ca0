"""Vocabularies: the tokens of a side of a dataset and their ids; words, subwords or parts."""

import json
import logging
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from nlpflow.errors import UserError
from nlpflow.settings.vocabulary import VocabularySettings
from nlpflow.tables import TextColumn, chunks
from nlpflow.text.lengths import characters_and_words
from nlpflow.text.normalisation import token_count
from nlpflow.vocabulary.base import EOS, PAD, SOS, SPECIALS, UNK, Encoded, Vocabulary
from nlpflow.vocabulary.parts import Parts, count_parts, parts_from
from nlpflow.vocabulary.subwords import Subwords, train_subwords
from nlpflow.vocabulary.words import Words, count_words, split_column

__all__ = [
    "EOS",
    "PAD",
    "SOS",
    "SPECIALS",
    "UNK",
    "Encoded",
    "Parts",
    "Subwords",
    "Vocabulary",
    "Words",
    "build_vocabularies",
    "build_vocabulary",
    "coverage",
    "load_vocabulary",
    "split_column",
]


BUILDERS = {"words": count_words, "subwords": train_subwords, "parts": count_parts}


def build_vocabulary(column: TextColumn, settings: VocabularySettings, side: str) -> Vocabulary:
    """The vocabulary of the normalised training sentences of a side.

    Logs a warning if most sentences are a single word, in a script without spaces.
    """
    if settings.kind == "words" and (whole := _single_words(column)):
        logging.warning(
            "warning: dataset %s, %s side: %.1f%% of the sentences have no space between words, "
            "so each is one word of the vocabulary; use kind 'subwords', or put spaces between the "
            "words",
            settings.dataset,
            side,
            100 * whole,
        )
    return BUILDERS[settings.kind](column, settings, side)


def _single_words(column: TextColumn) -> float:
    """The share of sentences that are a single word; 0 unless most are, for lack of spaces."""
    whole = characters = words = 0
    for chunk in chunks(column):
        whole += pc.sum(pc.equal(token_count(chunk), 1)).as_py() or 0
        of_chunk = characters_and_words(chunk)
        characters, words = characters + of_chunk[0], words + of_chunk[1]
    share = whole / len(column) if len(column) else 0.0
    return share if share > 0.5 and 2 * characters > words else 0.0


def build_vocabularies(
    train: Mapping[str, TextColumn], settings: VocabularySettings
) -> dict[str, Vocabulary]:
    """The vocabularies of both sides of the training set; one UserError covers both."""
    built: dict[str, Vocabulary] = {}
    problems = []
    for side in ("source", "target"):
        try:
            built[side] = build_vocabulary(train[side], settings, side)
        except UserError as error:
            problems.append(str(error))
    if problems:
        raise UserError("; ".join(problems))
    return built


def load_vocabulary(path: Path) -> Vocabulary:
    """Read what `Vocabulary.save` wrote; UserError for any other file."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        if content.startswith(b"{"):
            stored = json.loads(content)
            if "parts" in stored:
                return parts_from(stored)
            return Words(tuple(stored["words"]), tuple(stored["counts"]))
        return Subwords(content)
    except (ValueError, TypeError, LookupError, RuntimeError) as error:
        raise UserError(f"{path}: not a vocabulary file ({error}); make it again") from error


def coverage(vocabulary: Vocabulary, column: TextColumn) -> dict[str, float]:
    """How much of a column the vocabulary knows.

    The number of `tokens`, how many of them are `unknown`, the `known_share` (1.0 without tokens),
    and `unknown_types`, the number of different unknown tokens.
    """
    tokens = missed = 0
    types: set[str] = set()
    for chunk in chunks(column):
        ids, _ = vocabulary.encode_column(chunk)
        unknown = ids == UNK
        tokens, missed = tokens + len(ids), missed + int(unknown.sum())
        if unknown.any() and isinstance(vocabulary, Words):
            types.update(split_column(chunk)[0].filter(pa.array(unknown)).unique().to_pylist())
        elif unknown.any():
            types.update(token for text in chunk.to_pylist() for token in vocabulary.unknown(text))
    share = 1 - missed / tokens if tokens else 1.0
    return {"tokens": tokens, "unknown": missed, "known_share": share, "unknown_types": len(types)}
