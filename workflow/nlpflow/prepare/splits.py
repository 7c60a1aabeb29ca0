"""Division into train, dev and test without shared sentences, hardly changed by new data.

Pairs that share a sentence on either side (or a group) must stay together: they form connected
components of a graph, and whole components are assigned.
"""

import hashlib
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from nlpflow.settings.data import SplitSettings
from nlpflow.text.arrays import Column, Mask

Hashes = npt.NDArray[np.uint64]

SPLITS = ("train", "dev", "test")

HASHED_AT_ONCE = 500_000
"""Number of keys; hashing makes Python objects of them."""


def components(
    source_key: Column, target_key: Column, group: Column | None = None
) -> npt.NDArray[np.int64]:
    """The component of every pair, numbered in the order of the pairs: (pairs,).

    Pairs are joined by equal source keys, by equal target keys (a source never joins a target) and
    by equal groups. Empty keys and null groups join nothing.
    """
    sources, nodes = _nodes(source_key, "")
    others = [_nodes(target_key, "")]
    if group is not None:
        others.append(_nodes(group, None))
    ends = []
    for other, count in others:
        ends.append(other + nodes)
        nodes += count
    rows, columns = np.tile(sources, len(ends)), np.concatenate(ends)
    graph = coo_array((np.ones(len(rows), np.int8), (rows, columns)), shape=(nodes, nodes))
    _, labels = connected_components(graph, directed=False)
    numbers, _ = pd.factorize(labels[sources])
    return np.asarray(numbers, np.int64)


def assign(
    component: npt.NDArray[np.int64],
    source_key: Column,
    target_key: Column,
    settings: SplitSettings,
) -> npt.NDArray[np.str_]:
    """The split of every pair, "train", "dev" or "test": (pairs,).

    The rule depends neither on the order nor on the number of pairs. Every key has two independent
    hashes, both salted. The key of a component, source or target, with the smallest first hash
    represents it; the second hash of that key, as a number in [0, 1), decides: below `test` it is
    test, below `test + dev` it is dev, else train. So when pairs are added, an old pair moves to
    another split only if the new pairs connect its component with another one, or add a key that
    becomes the component's representative.
    """
    return _split_of(_drawn(component, source_key, target_key, settings.salt), settings)


def complete(
    given: pd.Series,
    lacks_dev: Mask | bool,
    component: npt.NDArray[np.int64],
    source_key: Column,
    target_key: Column,
    settings: SplitSettings,
) -> npt.NDArray[np.str_]:
    """The split of every row of corpora that may have their own split: (rows,).

    A row without a given split gets one as by `assign`. If a corpus has its own training set but no
    dev set, a dev set is taken from the training rows: the components whose number, drawn as in
    `assign`, is below `dev`.

    Args:
        given: "train", "dev", "test" or null for each row.
        lacks_dev: whether the corpus of each row, or of all, has a training set and no dev set.
        component: see `components`; source_key, target_key and settings: see `assign`.
    """
    drawn = _drawn(component, source_key, target_key, settings.salt)
    split = _split_of(drawn, settings)
    there = given.notna().to_numpy(np.bool_)
    split[there] = given[there].to_numpy("str")
    split[lacks_dev & (given == "train").to_numpy(np.bool_) & (drawn < settings.dev)] = "dev"
    return split


def apart(
    split: npt.NDArray[np.str_], keys: Iterable[Column], may_share: Iterable[str] = ()
) -> Mask:
    """Which rows to keep so that no two splits share a key: (rows,).

    All rows of test are kept. Rows of dev that share a key with test are dropped, then rows of
    train that share one with test or with the rest of dev. Empty and null keys do not count.

    Args:
        split: of each row.
        keys: columns of keys; each is compared on its own.
        may_share: splits that may share keys with each other.
    """
    kept = np.ones(len(split), np.bool_)
    columns = list(keys)
    for later in ("test", "dev"):
        held_out = (split == later) & kept
        earlier = SPLITS[: SPLITS.index(later)]
        if later in may_share:
            earlier = tuple(name for name in earlier if name not in may_share)
        for key in columns:
            seen = key.filter(pa.array(held_out)).unique()
            shared = pc.is_in(key, value_set=seen.filter(pc.not_equal(seen, "")))
            kept &= ~(np.isin(split, earlier) & shared.to_numpy(zero_copy_only=False))
    return kept


def _split_of(drawn: npt.NDArray[np.float64], settings: SplitSettings) -> npt.NDArray[np.str_]:
    limits = [drawn < settings.test, drawn < settings.test + settings.dev]
    return np.select(limits, ["test", "dev"], "train")


def _drawn(
    component: npt.NDArray[np.int64], source_key: Column, target_key: Column, salt: str
) -> npt.NDArray[np.float64]:
    """The number in [0, 1) drawn for the component of every row, see `assign`: (rows,)."""
    both = np.tile(component, 2)
    rank, draw = (
        np.concatenate([hash_keys(key, salt, use) for key in (source_key, target_key)])
        for use in ("rank", "draw")
    )
    empty = np.concatenate([_is(key, "") for key in (source_key, target_key)])
    rank[empty] = np.iinfo(np.uint64).max  # many components have an empty key
    represents = rank == _smallest(rank, both)[both]
    return np.asarray(_smallest(draw[represents], both[represents])[component] / 2.0**64)


def _nodes(key: Column, alone: str | None) -> tuple[npt.NDArray[np.int64], int]:
    """A node for every pair and the number of nodes; pairs with the key `alone` get their own."""
    plain = key.combine_chunks() if isinstance(key, pa.ChunkedArray) else key
    encoded = plain.dictionary_encode(null_encoding="encode")
    nodes = encoded.indices.to_numpy().astype(np.int64)
    single = _is(key, alone)
    count, singles = len(encoded.dictionary), int(single.sum())
    nodes[single] = np.arange(count, count + singles)
    return nodes, count + singles


def _is(key: Column, value: str | None) -> npt.NDArray[np.bool_]:
    found = pc.is_null(key) if value is None else pc.equal(key, value)
    return np.asarray(found.to_numpy(zero_copy_only=False), np.bool_)


def hash_keys(key: Column, salt: str, use: str) -> Hashes:
    """Hashes of keys, independent between salts and between uses: (keys,)."""
    hash_key = hashlib.blake2b(f"{use} {salt}".encode(), digest_size=8).hexdigest()
    parts = (
        pd.util.hash_array(key.slice(start, HASHED_AT_ONCE).to_pandas().array, hash_key=hash_key)
        for start in range(0, len(key), HASHED_AT_ONCE)
    )
    return np.concatenate([np.zeros(0, np.uint64), *parts])


def _smallest(hashes: Hashes, component: npt.NDArray[np.int64]) -> Hashes:
    """The smallest hash of every component."""
    smallest = np.full(component.max(initial=-1) + 1, np.iinfo(np.uint64).max)
    np.minimum.at(smallest, component, hashes)
    return smallest
