"""Frames from hand-written features: an intent classifier and a tagger of slots.

The classifier is a logistic regression on words and pairs of words; the tagger is the CRF over
features of words of `nlpflow.baselines.feature_crf`. Neither sees what the other predicts. Before
networks this was the usual way to understand requests to assistants (Raymond & Riccardi 2007).
"""

import re
from collections.abc import Sequence

from nlpflow.baselines.feature_crf import FeatureCRF, train_crf, word_features
from nlpflow.errors import UserError
from nlpflow.text.frames import Frame, Slot, frame, parse, written
from nlpflow.text.tag_schemes import OUTSIDE, read_spans

WORDS = re.compile(r"[^\W_]+|[^\w\s]|_")


class FeatureFrames:
    """The two models, trained on requests and their commands.

    Args:
        requests: normalised
        commands: of the requests, in brackets; those that are not well-formed are left out

    Raises:
        UserError: none is well-formed
    """

    def __init__(self, requests: Sequence[str], commands: Sequence[str]):
        pairs = [(request, parse(text)) for request, text in zip(requests, commands, strict=True)]
        known = [(request, command) for request, command in pairs if command is not None]
        if not known:
            raise UserError(
                "features of requests: no training command has the form intent(slot=value); "
                "check the corpus, or its reader"
            )
        words = [_words(request)[0] for request, _ in known]
        tags = [slot_tags(request, command) for request, command in known]
        self._slots = FeatureCRF(train_crf(map(word_features, words), tags))
        intents = [[command.intent] for _, command in known]
        self._intent = FeatureCRF(train_crf([[_bag(one)] for one in words], intents))

    def predict(self, requests: Sequence[str]) -> list[str]:
        """The text of the command of each request."""
        return [written(self._frame(request)) for request in requests]

    def _frame(self, request: str) -> Frame:
        words, ends = _words(request)
        (intent,) = self._intent.tag_features([_bag(words)])
        spans, _ = read_spans(self._slots.tag(words), "IOB2")
        slots = (Slot(span.type, _text(request, ends, span.start, span.end)) for span in spans)
        return frame(intent, slots)


def slot_tags(request: str, command: Frame) -> list[str]:
    """The IOB2 tags of a request's words: each slot where its value first stands alone."""
    words, places = _words(request)
    tags = [OUTSIDE] * len(words)
    for name, value in sorted(command.slots, key=lambda slot: -len(slot.value)):
        size = len(_words(value)[0])
        for start in range(len(words) - size + 1):
            free = all(tag == OUTSIDE for tag in tags[start : start + size])
            if free and size and _text(request, places, start, start + size) == value:
                tags[start : start + size] = [f"B-{name}"] + [f"I-{name}"] * (size - 1)
                break
    return tags


def _words(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """The words of a text, and where each begins and ends."""
    found = list(WORDS.finditer(text))
    return [one.group() for one in found], [one.span() for one in found]


def _text(request: str, places: Sequence[tuple[int, int]], start: int, end: int) -> str:
    """The text from a word to before another one."""
    return request[places[start][0] : places[end - 1][1]]


def _bag(words: Sequence[str]) -> list[str]:
    """The words and pairs of neighbouring words of a request, in lower case."""
    lower = [word.lower() for word in words]
    pairs = zip(["<s>", *lower], [*lower, "</s>"], strict=True)
    return sorted({"bias", *lower, *(f"{one} {two}" for one, two in pairs)})
