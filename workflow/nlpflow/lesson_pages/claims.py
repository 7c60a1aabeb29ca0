"""Claims of a lesson, each of which is checked when the lesson is run."""

MARK = "✓ "
"""The beginning of the line of a claim that holds."""


class ClaimError(AssertionError):
    """A claim does not hold; the message is the claim."""


def claim(text: str, holds: bool) -> None:
    """Print the claim if it holds.

    Args:
        text: the claim
        holds: a `bool`; other values that count as true, such as a non-empty list, are refused

    Raises:
        ClaimError: the claim does not hold
        TypeError: `holds` is not a `bool`
    """
    if not isinstance(holds, bool):
        raise TypeError(f"claim {text!r}: {type(holds).__name__} is not a bool")
    if not holds:
        raise ClaimError(text)
    print(f"{MARK}{text}")
