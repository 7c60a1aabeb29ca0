"""What tag schemes allow: which tag may start, follow another, and stop a sentence."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from nlpflow.text.tag_schemes import Scheme, is_tag

WAITS = {"IOB2": "", "IOBES": "BI"}
"""Prefixes after which the entity must go on."""
MAY_GO_ON = "BI"
"""Prefixes after which it may."""
GOES_ON = {"IOB2": "I", "IOBES": "IE"}
"""Prefixes of the second and later words of an entity."""

MOST_STEPS = 8
"""IOB2 mixes in 2 steps and IOBES in 3; far above that the bound that wants it is of no use."""


class Constraints(NamedTuple):
    """What is forbidden, in boolean tables: True is forbidden."""

    start: Tensor
    """(tags,)"""
    transitions: Tensor
    """From tag (row) to tag (column), (tags, tags)."""
    stop: Tensor
    """(tags,)"""


def scheme_constraints(tags: Sequence[str], scheme: Scheme) -> Constraints:
    """The tables of a scheme for the tags `O`, `B-PER`, `I-PER` (IOB2), `E-PER`, `S-PER` (IOBES).

    IOB2: an entity starts with B. IOBES: an entity of one word is S, of several B I* E
    (Ratinov & Roth 2009, 3.1, where it is called BILOU).

    Raises:
        ValueError: a tag that is not one of the scheme's, or stands twice
    """
    for tag in tags:
        if not is_tag(tag, scheme):
            raise ValueError(f"{tag!r} is not a tag of {scheme}")
    doubled = {tag for tag in tags if list(tags).count(tag) > 1}
    if doubled:
        raise ValueError(f"tag {min(doubled)!r} stands twice among {len(tags)} tags")
    parts = [(tag[:1], tag[2:]) for tag in tags]
    start = [prefix in GOES_ON[scheme] for prefix, _ in parts]
    stop = [prefix in WAITS[scheme] for prefix, _ in parts]
    transitions = [[_forbidden(tag, following, scheme) for following in parts] for tag in parts]
    return Constraints(torch.tensor(start), torch.tensor(transitions), torch.tensor(stop))


def _forbidden(tag: tuple[str, str], following: tuple[str, str], scheme: Scheme) -> bool:
    """Whether this tag may not have that one behind it."""
    same = tag[1] == following[1]
    going_on = same and tag[0] in MAY_GO_ON and following[0] in GOES_ON[scheme]
    return not going_on and (tag[0] in WAITS[scheme] or following[0] in GOES_ON[scheme])


def steps_to_mix(forbidden: Tensor) -> int | None:
    """The fewest transitions that lead from any tag to any tag, however they are counted out.

    That is the smallest d for which there is a path of exactly d transitions between any two tags
    (1 without constraints), or None where there is none up to `MOST_STEPS`.

    Args:
        forbidden: (tags, tags)
    """
    allowed = (~forbidden).double()
    reached = allowed
    for steps in range(1, MOST_STEPS + 1):
        if bool(reached.all()):
            return steps
        reached = ((reached @ allowed) > 0).double()
    return None
