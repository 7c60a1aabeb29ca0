"""What a feature-based CRF sees of a word: its form, its affixes, its neighbours."""

from collections.abc import Sequence

LONGEST_AFFIX = 4


def word_features(words: Sequence[str]) -> list[list[str]]:
    """The features of every word of a sentence.

    The usual ones since Ratnaparkhi 1996 (table 1): the word, affixes of up to four letters,
    capitals, digits and hyphens, and the words two places to either side.
    """
    lowered = [word.lower() for word in words]
    padded = ["<<", "<", *lowered, ">", ">>"]
    return [
        [
            "bias",
            *_form(words[at], lowered[at]),
            *(f"{place:+d}={padded[at + 2 + place]}" for place in (-2, -1, 1, 2)),
            f"-1,0={padded[at + 1]} {lowered[at]}",
            f"0,+1={lowered[at]} {padded[at + 3]}",
        ]
        for at in range(len(words))
    ]


def _form(word: str, lowered: str) -> list[str]:
    features = [f"word={lowered}", f"shape={_shape(word)}"]
    for length in range(1, min(LONGEST_AFFIX, len(lowered)) + 1):
        features += [f"prefix={lowered[:length]}", f"suffix={lowered[-length:]}"]
    return features


def _shape(word: str) -> str:
    """`Berlin-2018` -> `Xx-d`: letters by case, digits, the rest as it is; no letter twice."""
    shape = ""
    for letter in word:
        kind = "d" if letter.isdigit() else letter
        if letter.isalpha():
            kind = "X" if letter.isupper() else "x"
        shape += kind if not shape.endswith(kind) else ""
    return shape
