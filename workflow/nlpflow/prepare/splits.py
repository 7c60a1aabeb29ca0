"""Division into train, dev and test without shared sentences, hardly changed by new data.

Rows that share a sentence on either side (or a group) must stay together: they form connected
components of a graph, and whole components are assigned.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from nlpflow.prepare.components import Components
from nlpflow.prepare.keys import Keys, hash_keys
from nlpflow.settings.data import SplitSettings
from nlpflow.text.arrays import Floats, Hashes, Ids, Mask

SPLITS = ("train", "dev", "test")
TRAIN, DEV, TEST = range(3)
HIGHEST = np.iinfo(np.uint64).max

Splits = npt.NDArray[np.int8]
"""The split of each row, as its index in `SPLITS`; -1 for none."""


def split_numbers(names: pd.Series) -> Splits:
    """Names of splits, or null, as numbers."""
    return np.array(pd.Categorical(names, categories=SPLITS).codes, np.int8)


def assign(components: Components, columns: Sequence[Keys], settings: SplitSettings) -> Splits:
    """The split of every row: (rows,).

    The rule depends neither on the order nor on the number of rows. Every key has two independent
    hashes, both salted. The key of a component, in any column, with the smallest first hash
    represents it; the second hash of that key, as a number in [0, 1), decides: below `test` it is
    test, below `test + dev` it is dev, else train. So when rows are added, an old row moves to
    another split only if the new rows connect its component with another one, or add a key that
    becomes the component's representative.

    Args:
        components: of the rows
        columns: of keys, the first of those that made the components
        settings: shares and salt
    """
    drawn = _drawn(components, columns, settings.salt)
    return _split_of(drawn, settings)[components.of_rows]


def complete(
    given: Splits,
    lacks_dev: Mask | bool,
    components: Components,
    columns: Sequence[Keys],
    settings: SplitSettings,
) -> Splits:
    """The split of every row of corpora that may have their own split: (rows,).

    A row without a given split gets one as by `assign`. If a corpus has its own training set but no
    dev set, a dev set is taken from the training rows: the components whose number, drawn as in
    `assign`, is below `dev`.

    Args:
        given: the split of each row, if it has one
        lacks_dev: whether the corpus of each row, or of all, has a training set and no dev set
        components, columns, settings: see `assign`
    """
    drawn = _drawn(components, columns, settings.salt)
    split = np.where(given < 0, _split_of(drawn, settings)[components.of_rows], given)
    into_dev = (drawn < settings.dev)[components.of_rows]
    split[lacks_dev & (given == TRAIN) & into_dev] = DEV
    return split


def apart(split: Splits, columns: Iterable[Keys], may_share: Iterable[int] = ()) -> Mask:
    """Which rows to keep so that no two splits share a key: (rows,).

    All rows of test are kept. Rows of dev that share a key with test are dropped, then rows of
    train that share one with test or with the rest of dev.

    Args:
        split: of each row
        columns: of keys; each is compared on its own
        may_share: splits that may share keys with each other
    """
    kept = np.ones(len(split), np.bool_)
    every = list(columns)
    for later in (TEST, DEV):
        held_out = (split == later) & kept
        earlier = list(range(later))
        if later in may_share:
            earlier = [number for number in earlier if number not in may_share]
        for keys in every:
            seen = np.zeros(keys.count + 1, np.bool_)
            seen[keys.numbers[held_out]] = True
            seen[-1] = False  # rows without a key
            kept &= ~(np.isin(split, earlier) & seen[keys.numbers])
    return kept


def _split_of(drawn: Floats, settings: SplitSettings) -> Splits:
    limits = [drawn < settings.test, drawn < settings.test + settings.dev]
    return np.select(limits, [np.int8(TEST), np.int8(DEV)], np.int8(TRAIN))


def _drawn(components: Components, columns: Sequence[Keys], salt: str) -> Floats:
    """The number in [0, 1) drawn for every component, see `assign`: (components,)."""
    rank, draw = (np.full(components.number, HIGHEST) for _ in range(2))
    for component, ranks, _ in _hashes(components, columns):
        np.minimum.at(rank, component, ranks)
    drawn = np.zeros(components.number, np.bool_)
    for component, ranks, draws in _hashes(components, columns):
        represents = ranks == rank[component]
        np.minimum.at(draw, component[represents], draws[represents])
        drawn[component[represents]] = True
    # Components without a key are drawn together.
    draw[~drawn] = hash_keys(pa.array([""], pa.large_string()), salt, "draw")
    return np.asarray(draw / 2.0**64)


def _hashes(
    components: Components, columns: Sequence[Keys]
) -> Iterator[tuple[Ids, Hashes, Hashes]]:
    """The component, rank and draw of each key that a row has, for some keys at a time."""
    for keys, of_keys in zip(columns, components.of_keys, strict=False):
        start = 0
        for hashes in keys.hashes:
            component = of_keys[start : start + len(hashes)]
            start += len(hashes)
            used = component >= 0
            rank, draw = (hashes[use].to_numpy()[used] for use in ("rank", "draw"))
            yield component[used], rank, draw
