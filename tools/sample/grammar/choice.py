"""Choosing without chance: the same combinations each time, on every Python and machine."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import product
from math import prod
from typing import Any, TypeVar

T = TypeVar("T")


def draw(salt: str) -> int:
    """A number of 64 bits that depends on the salt alone."""
    return int.from_bytes(sha256(salt.encode()).digest()[:8], "big")


def one(salt: str, options: Sequence[T]) -> T:
    """One of the options."""
    return options[draw(salt) % len(options)]


def some(salt: str, count: int, options: Sequence[T]) -> list[T]:
    """`count` of the options (all where they are fewer), in their order."""
    ranked = sorted(range(len(options)), key=lambda k: draw(f"{salt} {k}"))
    return [options[k] for k in sorted(ranked[:count])]


def combinations(salt: str, count: int, *axes: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """`count` distinct combinations of one item from each axis; earlier items come more often.

    Item k of n has the weight 1 / (1 + 4 k / n): the smallest `draw / weight` are taken, which is
    sampling by weight, done in whole numbers so that no machine rounds differently.
    """

    def rank(indexes: tuple[int, ...]) -> int:
        scale = prod(len(axis) + 4 * k for axis, k in zip(axes, indexes))
        return draw(f"{salt} {indexes}") * scale

    ranked = sorted(product(*(range(len(axis)) for axis in axes)), key=rank)
    for indexes in sorted(ranked[:count]):
        yield tuple(axis[k] for axis, k in zip(axes, indexes))
