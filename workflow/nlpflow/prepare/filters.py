"""The filters of a dataset of pairs, as steps that each look at one pair alone."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
import pyarrow.compute as pc

from nlpflow.errors import UserError
from nlpflow.prepare.splits import SPLITS
from nlpflow.settings.data import FilterSettings
from nlpflow.text.arrays import Column, Mask
from nlpflow.text.lengths import length

SIDES = ("source", "target")


class PairStep(NamedTuple):
    """A step of the preparation that drops pairs."""

    name: str
    setting: str = ""
    passes: Callable[[Column, Column], Mask] | None = None
    """Which pairs of normalised sources and targets pass; None: this depends on other pairs."""
    splits: tuple[str, ...] = SPLITS
    """The splits that the step applies to."""


def filter_steps(filters: FilterSettings, source: str, target: str) -> list[PairStep]:
    """The filters that are set, in their order.

    No step depends on another, because equal pairs pass or fail every other step together.

    Args:
        filters: the settings
        source: language of the sources, target: language of the targets

    Raises:
        UserError: prefixes are given for a language that the dataset does not have.
    """
    steps = []
    if (limit := filters.fewer_tokens_than) is not None:
        steps.append(PairStep("fewer_tokens_than", str(limit), partial(_short, limit)))
    if filters.prefixes:
        languages = (source, target)
        for language in filters.prefixes:
            if language not in languages:
                raise UserError(
                    f"filters: prefixes for {language}, but the dataset translates {source} into "
                    f"{target}"
                )
        prefixes = [filters.prefixes.get(language) for language in languages]
        passes = partial(_with_prefix, prefixes)
        steps.append(PairStep("prefixes", _shown(filters), passes, filters.prefixes_in))
    if filters.drop_empty:
        steps.append(PairStep("drop_empty", passes=_filled))
    if filters.drop_duplicates:
        steps.append(PairStep("drop_duplicates"))
    if filters.drop_copies:
        steps.append(PairStep("drop_copies", passes=lambda *sides: _mask(pc.not_equal(*sides))))
    if (ratio := filters.max_length_ratio) is not None:
        steps.append(PairStep("max_length_ratio", f"{ratio:g}", partial(_alike_in_length, ratio)))
    return steps


def _short(limit: int, *sides: Column) -> Mask:
    return _mask(pc.and_(*(pc.less(length(side), limit) for side in sides)))


def _with_prefix(prefixes: list[tuple[str, ...] | None], *sides: Column) -> Mask:
    verdict = np.ones(len(sides[0]), np.bool_)
    for side, texts in zip(sides, prefixes, strict=True):
        if texts is None:
            continue
        one_of_them = np.zeros(len(side), np.bool_)
        for text in texts:
            one_of_them |= _mask(pc.starts_with(side, text))
        verdict &= one_of_them
    return verdict


def _filled(*sides: Column) -> Mask:
    return _mask(pc.and_(*(pc.not_equal(pc.utf8_trim(side, " "), "") for side in sides)))


def _alike_in_length(ratio: float, *sides: Column) -> Mask:
    # In characters, since a script without spaces has no words to count.
    lengths = [pc.utf8_length(side).to_numpy() for side in sides]
    return np.asarray(np.maximum(*lengths) <= ratio * np.minimum(*lengths))


def _shown(filters: FilterSettings) -> str:
    shown = "; ".join(f"{language}: {'|'.join(p)}" for language, p in filters.prefixes.items())
    every = len(filters.prefixes_in) == len(SPLITS)
    return shown if every else f"{shown} (in {' and '.join(filters.prefixes_in)})"


def _mask(column: Column) -> Mask:
    return np.asarray(column.to_numpy(zero_copy_only=False), np.bool_)
