"""Scores of commands, counted by hand."""

import numpy as np
import pytest

from nlpflow.metrics.commands import COLUMNS, counts, scores, statistics

INTENTS = {"play", "stop"}


def test_bash() -> None:
    outputs = ["ls  -l", "find . -name b", "cat 'x", "ls"]
    references = [["ls -l"], ["find src -name c"], ["cat x"], ["pwd", "ls"]]
    found = counts(outputs, references, "bash", ())
    assert found.columns.tolist() == list(COLUMNS["bash"])
    assert found["exact"].tolist() == [1, 0, 0, 1]
    assert found["template"].tolist() == [1, 1, 0, 1]
    assert found["parses"].tolist() == [1, 1, 0, 1]
    assert scores(found) == {"exact": 50, "template": 75, "parses": 75}


FRAMES = {
    # output: reference, exact, intent, well_formed, slots correct, wrong, missed
    "play(artist=Bach, year=1720)": ("play(artist=Bach, year=1720)", 1, 1, 1, 2, 0, 0),
    "play(artist=bach)": ("play(artist=Bach, year=1720)", 0, 1, 1, 0, 1, 2),
    "stop(artist=Bach)": ("play(artist=Bach)", 0, 0, 1, 1, 0, 0),
    "play(artist=Bach": ("play(artist=Bach)", 0, 0, 0, 0, 0, 1),
    "dance()": ("stop()", 0, 0, 0, 0, 0, 0),
    "play(a=x, a=x)": ("play(a=x)", 0, 1, 1, 1, 1, 0),
    "stop()": ("stop()", 1, 1, 1, 0, 0, 0),
}


@pytest.mark.parametrize("output", FRAMES)
def test_frames(output: str) -> None:
    reference, *expected = FRAMES[output]
    found = counts([output], [[reference]], "frames", INTENTS)
    assert found.iloc[0].tolist() == expected


def test_frames_together() -> None:
    references = [[reference] for reference, *_ in FRAMES.values()]
    found = counts(list(FRAMES), references, "frames", INTENTS)
    rows = np.array([row[1:] for row in FRAMES.values()])
    correct, wrong, missed = rows[:, 3:].sum(axis=0)
    assert scores(found) == pytest.approx(
        {
            "exact": 100 * 2 / 7,
            "intent": 100 * 4 / 7,
            "well_formed": 100 * 5 / 7,
            "slot_f1": 100 * correct / (correct + (wrong + missed) / 2),
        }
    )


def test_the_most_similar_reference_counts() -> None:
    references = [["stop(a=x)", "play(a=x, b=y)"]]
    found = counts(["play(a=x)"], references, "frames", INTENTS)
    assert found.iloc[0].tolist() == [0, 1, 1, 1, 0, 0]


def test_statistics_give_the_scores() -> None:
    """Sums of the statistics of single sentences give the scores of all."""
    references = [[reference] for reference, *_ in FRAMES.values()]
    found = counts(list(FRAMES), references, "frames", INTENTS)
    for name, one in statistics(found.astype("str"), {}).items():
        sums = one.sentences.sum(axis=0).astype(float)
        assert float(one.aggregate(sums)) == pytest.approx(scores(found)[name])
        assert len(one.sentences) == len(FRAMES)
