"""Claims of a lesson: each is checked where it stands."""

MARK = "✓ "
"""What the line of a claim that holds starts with."""


class ClaimError(AssertionError):
    """A claim that does not hold; its text is the claim."""


def claim(text: str, holds: bool) -> None:
    """Print the claim if it holds.

    Args:
        holds: a `bool`, not something that merely counts as true, such as a non-empty list

    Raises:
        ClaimError: it does not hold
        TypeError: `holds` is no `bool`
    """
    if not isinstance(holds, bool):
        raise TypeError(f"claim {text!r}: {type(holds).__name__} is not a bool")
    if not holds:
        raise ClaimError(text)
    print(f"{MARK}{text}")
