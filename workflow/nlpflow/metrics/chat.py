"""Scores of responses in dialogues that need no single right answer."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlpflow.metrics.translation import score
from nlpflow.text.languages import BLEU_TOKENIZER

PLACEHOLDER = "[value]"
_ENDS = ".!?"
_FIRST_PERSON = re.compile(r"I(?:['’]\w+)?")
COMMONEST = 10


def distinct(outputs: Sequence[str], order: int) -> float:
    """Different n-grams of words in per cent of all n-grams (Li et al. 2016, section 5.2)."""
    grams = [
        tuple(words[start : start + order])
        for words in map(str.split, outputs)
        for start in range(len(words) - order + 1)
    ]
    return 100 * len(set(grams)) / len(grams) if grams else 0.0


def commonest_share(outputs: Sequence[str]) -> float:
    """The share of the ten most frequent outputs in all outputs, in per cent."""
    return 100 * sum(n for _, n in Counter(outputs).most_common(COMMONEST)) / len(outputs)


def delexicalised(text: str) -> str:
    """A text in which names, numbers, times and the like are one placeholder.

    No annotation is needed: what has a digit, or a capital inside a sentence, is a value.
    """
    found: list[str] = []
    begins, inside = True, False
    for word in text.split(" "):
        core = word.rstrip(",;:" + _ENDS)
        end = word[len(core) :]
        named = core[:1].isupper() and not begins and not _FIRST_PERSON.fullmatch(core)
        value = named or any(letter.isdigit() for letter in core)
        if value and inside:
            found.pop()
        found.append(PLACEHOLDER + end if value else word)
        begins, inside = end.endswith(tuple(_ENDS)), value and not end
    return " ".join(found)


def delexicalised_bleu(
    outputs: Sequence[str], references: Sequence[Sequence[str]], tokenizer: str = BLEU_TOKENIZER
) -> float:
    """BLEU of delexicalised responses: no model can know which restaurants there are."""
    known = [[delexicalised(text) for text in texts] for texts in references]
    return score([delexicalised(text) for text in outputs], known, tokenizer=tokenizer).bleu


def recall_at_1(scores: NDArray[np.float64]) -> float:
    """How often the first candidate has the highest score, in per cent; ties do not count.

    Args:
        scores: of the true response and of other candidates, (responses, candidates)
    """
    return float(100 * (scores[:, 0] > scores[:, 1:].max(axis=1)).mean())
