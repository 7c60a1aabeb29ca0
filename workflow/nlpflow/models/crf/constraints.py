"""Constraints of tag schemes: which tags may start a sentence, follow one another, and end it."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from nlpflow.text.tag_schemes import Scheme, is_tag

MUST_CONTINUE = {"IOB2": "", "IOBES": "BI"}
"""Prefixes after which the entity must continue."""
MAY_CONTINUE = "BI"
"""Prefixes after which the entity may continue."""
CONTINUES = {"IOB2": "I", "IOBES": "IE"}
"""Prefixes of the second and later words of an entity."""

MOST_STEPS = 8
"""How far `steps_to_mix` counts. IOB2 needs 2 steps and IOBES 3. With many more steps, the bound in
`forward_backward.scale_of` would never allow computation in probability space."""


class Constraints(NamedTuple):
    """Boolean tables of what a scheme forbids: True is forbidden."""

    start: Tensor
    """Tags that may not start a sentence, (tags,)."""
    transitions: Tensor
    """From tag (row) to tag (column), (tags, tags)."""
    stop: Tensor
    """Tags that may not end a sentence, (tags,)."""


def scheme_constraints(tags: Sequence[str], scheme: Scheme) -> Constraints:
    """The constraints of a scheme.

    In IOB2 an entity starts with B. In IOBES an entity of one word is S and an entity of several
    words is B I* E (Ratinov & Roth 2009, section 3.1, where the scheme is called BILOU).

    Args:
        tags: `O`, and prefixes with types such as `B-PER`, `I-PER` (both schemes), `E-PER`, `S-PER`
            (IOBES)
        scheme: `IOB2` or `IOBES`

    Raises:
        ValueError: a tag does not belong to the scheme, or occurs twice
    """
    for tag in tags:
        if not is_tag(tag, scheme):
            raise ValueError(f"{tag!r} is not a tag of {scheme}")
    doubled = {tag for tag in tags if list(tags).count(tag) > 1}
    if doubled:
        raise ValueError(f"tag {min(doubled)!r} occurs twice among {len(tags)} tags")
    parts = [(tag[:1], tag[2:]) for tag in tags]
    start = [prefix in CONTINUES[scheme] for prefix, _ in parts]
    stop = [prefix in MUST_CONTINUE[scheme] for prefix, _ in parts]
    transitions = [[_forbidden(tag, following, scheme) for following in parts] for tag in parts]
    return Constraints(torch.tensor(start), torch.tensor(transitions), torch.tensor(stop))


def _forbidden(tag: tuple[str, str], following: tuple[str, str], scheme: Scheme) -> bool:
    """Whether the scheme forbids the tag `following` after `tag`; both are (prefix, type)."""
    same = tag[1] == following[1]
    continued = same and tag[0] in MAY_CONTINUE and following[0] in CONTINUES[scheme]
    needs_same = tag[0] in MUST_CONTINUE[scheme] or following[0] in CONTINUES[scheme]
    return needs_same and not continued


def steps_to_mix(forbidden: Tensor) -> int | None:
    """The smallest d such that exactly d allowed transitions lead from any tag to any tag.

    It is 1 without constraints.

    Args:
        forbidden: from tag (row) to tag (column), (tags, tags)

    Returns:
        d, or None if it is greater than `MOST_STEPS`
    """
    allowed = (~forbidden).double()
    reached = allowed
    for steps in range(1, MOST_STEPS + 1):
        if bool(reached.all()):
            return steps
        reached = ((reached @ allowed) > 0).double()
    return None
