"""The filters of a dataset of pairs, with a report of what every step drops."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nlpflow.errors import UserError
from nlpflow.prepare.splits import SPLITS
from nlpflow.settings.data import FilterSettings
from nlpflow.tables import as_arrow
from nlpflow.text.arrays import Mask
from nlpflow.text.lengths import length
from nlpflow.text.normalisation import token_count

SIDES = ("source", "target")
REPORT = ["step", "setting", "dropped", "pairs", "source_types", "target_types"]


def apply_filters(
    table: pd.DataFrame, filters: FilterSettings, source: str, target: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The pairs that pass every filter, and the report.

    Args:
        table: the pairs, with the normalised sentences in columns `source` and `target`, and their
            `split`, which a filter on some splits alone needs.
        filters: the settings; filters that are not set are left out.
        source: language of the sources, target: language of the targets.

    Returns:
        The rows that are kept, unchanged, and the report: one row "read", then one row per step.
        Its columns are `step`, `setting`, `dropped`, `pairs` (left after the step), `source_types`
        and `target_types` (number of distinct tokens that are left, split at single spaces. An
        empty token counts as well: with `<SOS>` and `<EOS>`, the numbers are the tutorial's
        vocabulary sizes).

    Raises:
        UserError: prefixes are given for a language that the dataset does not have.
    """
    types = [_Types(as_arrow(table[side])) for side in SIDES]
    kept = np.ones(len(table), np.bool_)
    rows = []
    for step, setting, passed in _steps(table, filters, (source, target)):
        before = int(kept.sum())
        kept &= passed
        pairs = int(kept.sum())
        rows.append((step, setting, before - pairs, pairs, *(side.count(kept) for side in types)))
    return table[kept], pd.DataFrame(rows, columns=REPORT)


def count_types(table: pd.DataFrame) -> list[int]:
    """The number of different pieces between single spaces in `source` and in `target`."""
    everything = np.ones(len(table), np.bool_)
    return [_Types(as_arrow(table[side])).count(everything) for side in SIDES]


def _steps(
    table: pd.DataFrame, filters: FilterSettings, languages: tuple[str, str]
) -> Iterator[tuple[str, str, Mask]]:
    """The name and setting of every step, and the mask of the pairs that pass it.

    Each mask is over all pairs. No step depends on another, because equal pairs pass or fail every
    other step together.
    """
    columns = [as_arrow(table[side]) for side in SIDES]
    yield "read", "", np.ones(len(table), np.bool_)
    if (limit := filters.fewer_tokens_than) is not None:
        short = [pc.less(length(column), limit) for column in columns]
        yield "fewer_tokens_than", str(limit), _mask(pc.and_(*short))
    if filters.prefixes:
        passed = _with_prefix(columns, filters, languages)
        if len(filters.prefixes_in) < len(SPLITS):
            passed |= ~table["split"].isin(filters.prefixes_in).to_numpy(np.bool_)
        yield "prefixes", _shown(filters), passed
    if filters.drop_empty:
        filled = [pc.not_equal(pc.utf8_trim(column, " "), "") for column in columns]
        yield "drop_empty", "", _mask(pc.and_(*filled))
    if filters.drop_duplicates:
        yield "drop_duplicates", "", ~table.duplicated(list(SIDES)).to_numpy(np.bool_)
    if filters.drop_copies:
        yield "drop_copies", "", _mask(pc.not_equal(*columns))
    if (ratio := filters.max_length_ratio) is not None:
        lengths = [pc.utf8_length(column).to_numpy() for column in columns]
        # In characters, since a script without spaces has no words to count.
        passed = np.maximum(*lengths) <= ratio * np.minimum(*lengths)
        yield "max_length_ratio", f"{ratio:g}", passed


def _with_prefix(
    columns: list[pa.ChunkedArray], filters: FilterSettings, languages: tuple[str, str]
) -> Mask:
    verdict = np.ones(len(columns[0]), np.bool_)
    for language, prefixes in filters.prefixes.items():
        if language not in languages:
            raise UserError(
                f"filters: prefixes for {language}, but the dataset translates "
                f"{languages[0]} into {languages[1]}"
            )
        column = columns[languages.index(language)]
        one_of_them = np.zeros(len(column), np.bool_)
        for prefix in prefixes:
            one_of_them |= _mask(pc.starts_with(column, prefix))
        verdict &= one_of_them
    return verdict


def _shown(filters: FilterSettings) -> str:
    shown = "; ".join(f"{language}: {'|'.join(p)}" for language, p in filters.prefixes.items())
    every = len(filters.prefixes_in) == len(SPLITS)
    return shown if every else f"{shown} (in {' and '.join(filters.prefixes_in)})"


class _Types:
    """The pieces of a column as ids, cut once so that every step can count them quickly."""

    def __init__(self, column: pa.ChunkedArray) -> None:
        pieces = [pc.split_pattern(chunk, " ").flatten() for chunk in column.chunks]
        encoded = pa.chunked_array(pieces, column.type).dictionary_encode().chunks
        # All chunks have the same dictionary.
        self._number = len(encoded[0].dictionary) if encoded else 0
        self._ids = np.concatenate([np.zeros(0, np.int32), *(ids.indices for ids in encoded)])
        self._pieces = token_count(column).to_numpy()

    def count(self, kept: Mask) -> int:
        seen = np.zeros(self._number, np.bool_)
        seen[self._ids[np.repeat(kept, self._pieces)]] = True
        return int(seen.sum())


def _mask(column: pa.ChunkedArray) -> Mask:
    return np.asarray(column.to_numpy(), np.bool_)
