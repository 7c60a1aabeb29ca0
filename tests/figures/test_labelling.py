"""Figures of labelling show what they are given, and their labels keep apart."""

from collections.abc import Callable
from itertools import combinations, pairwise
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text

from nlpflow.figures.labelling import (
    DIVERGING,
    accuracy_by_frequency,
    confusion_figure,
    marginals_strip,
    transition_matrix,
)
from nlpflow.figures.style import Style, save, styled
from nlpflow.metrics.labelling import FREQUENCIES
from nlpflow.metrics.labelling import accuracy_by_frequency as frequency_rows

STYLE = Style()
TAGS = ["O", "B-LOC", "I-LOC", "B-creative-work", "I-creative-work"]
WORDS = ["Barack", "$5", "Llanfairpwllgwyngyll", "été", "in", "Washington", "yesterday", "."]
UPOS_TEXT = "ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X"
UPOS = UPOS_TEXT.split()
RANDOM = np.random.default_rng(5)
SCORES = np.where(RANDOM.random((6, 6)) < 0.3, -np.inf, RANDOM.normal(size=(6, 6)))
COUNTS = RANDOM.integers(0, 9999, (17, 17))
MARGINALS = RANDOM.dirichlet(np.ones(len(TAGS)), len(WORDS))


def transitions() -> Figure:
    return transition_matrix(SCORES, ["<start>", *TAGS], [*TAGS, "<stop>"], STYLE, "a title")


def buckets() -> pd.DataFrame:
    counts = np.repeat([*FREQUENCIES], [20, 300, 4000, 0, 60_000, 7, 1])
    rows = frequency_rows(np.arange(len(counts)) % 3 > 0, counts)
    return pd.DataFrame(rows, columns=["bucket", "words", "accuracy"])


FIGURES: dict[str, Callable[[], Figure]] = {
    "transitions": transitions,
    "confusion": lambda: confusion_figure(COUNTS[:5, :5], TAGS, STYLE),
    "marginals": lambda: marginals_strip(MARGINALS, WORDS, TAGS, STYLE),
    "frequency": lambda: accuracy_by_frequency(buckets(), STYLE),
}
HEAT_MAPS = {
    "transitions": transitions,
    "many tags": lambda: confusion_figure(COUNTS, UPOS, STYLE),
    "long": lambda: marginals_strip(np.tile(MARGINALS, (5, 1)), WORDS * 5, TAGS, STYLE),
}


def texts(labels: list[Text]) -> list[str]:
    return [label.get_text() for label in labels]


def cells(axes: Axes) -> np.ma.MaskedArray:
    return np.ma.asarray(axes.collections[0].get_array())


def overlaps(figure: Figure, labels: list[Text]) -> list[tuple[str, str]]:
    with styled(STYLE):
        figure.draw_without_rendering()
        boxes = [(label.get_text(), label.get_window_extent()) for label in labels]
    return [(a, b) for (a, one), (b, two) in combinations(boxes, 2) if one.overlaps(two)]


@pytest.mark.parametrize("name", FIGURES)
def test_second_rendering_has_the_same_bytes(name: str, tmp_path: Path) -> None:
    for again in ("first", "second"):
        save(FIGURES[name](), tmp_path / again, STYLE)
    for ending in ("svg", "png"):
        first, second = (tmp_path / f"{n}.{ending}" for n in ("first", "second"))
        assert first.stat().st_size > 5000
        assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("name", HEAT_MAPS)
def test_labels_of_heat_maps_keep_apart(name: str) -> None:
    figure = HEAT_MAPS[name]()
    axes = figure.axes[0]
    assert overlaps(figure, axes.get_yticklabels()) == []
    assert overlaps(figure, list(axes.texts)) == []
    # Slanted labels are parallel strips: their middle lines are further apart than one is high.
    pixels = [axes.transData.transform((x, 0))[0] for x in axes.get_xticks()]
    strip = STYLE.font_size / 72 * figure.dpi * 1.2
    assert all((right - left) * np.sin(np.pi / 4) > strip for left, right in pairwise(pixels))


def test_transitions_stand_at_their_tags_and_white_is_zero() -> None:
    axes, bar = transitions().axes
    assert texts(axes.get_yticklabels()) == ["<start>", *TAGS]
    assert texts(axes.get_xticklabels()) == [*TAGS, "<stop>"]
    bottom, top = axes.get_ylim()
    assert bottom > top, "the first row must stand on top"
    assert np.array_equal(cells(axes).mask, np.isinf(SCORES))
    assert np.array_equal(cells(axes).filled(-np.inf), SCORES)
    low, high = axes.collections[0].get_clim()
    assert low == -high == -np.abs(SCORES[np.isfinite(SCORES)]).max()
    assert min(to_rgb(mpl.colormaps[DIVERGING](0.5))) > 0.95
    assert bar.get_ylabel() == "transition score\n(grey: forbidden)"


def test_transitions_without_forbidden_ones_speak_of_none() -> None:
    figure = transition_matrix(np.zeros((1, 2)), ["A"], ["A", "<stop>"], STYLE)
    assert figure.axes[1].get_ylabel() == "transition score"


def test_confusions_are_shares_of_rows_with_their_counts() -> None:
    counts = np.array([[12_345, 0, 5], [1, 3, 0], [0, 0, 0]])
    axes = confusion_figure(counts, ["A", "B", "C"], STYLE).axes[0]
    assert cells(axes).tolist() == [[12345 / 12350, 0, 5 / 12350], [0.25, 0.75, 0], [0, 0, 0]]
    assert texts(list(axes.texts)) == ["12k", "", "5", "1", "3", "", "", "", ""]
    assert axes.get_ylabel() == "gold tag"
    assert axes.get_xlabel() == "predicted tag"


def test_numbers_stand_out_from_their_cells() -> None:
    axes = confusion_figure(COUNTS, UPOS, STYLE).axes[0]
    mesh = axes.collections[0]
    for text, colour in zip(axes.texts, mesh.to_rgba(cells(axes)).reshape(-1, 4), strict=True):
        lights = [
            np.dot(rgb, [0.299, 0.587, 0.114]) for rgb in (to_rgb(text.get_color()), colour[:3])
        ]
        assert abs(lights[0] - lights[1]) >= 0.49


def test_marginals_have_words_across_and_tags_downwards() -> None:
    axes, bar = marginals_strip(MARGINALS, WORDS, TAGS, STYLE).axes
    assert texts(axes.get_xticklabels()) == WORDS
    assert texts(axes.get_yticklabels()) == TAGS
    assert np.array_equal(cells(axes), MARGINALS.T)
    assert axes.collections[0].get_clim() == (0, 1)
    assert bar.get_ylabel() == "probability"


def test_frequency_draws_each_bucket_with_its_number_of_words() -> None:
    figure = accuracy_by_frequency(buckets(), STYLE)
    axes = figure.axes[0]
    names = ["0", "1", "2–4", "5–9", "10–99", "100–999", "1000\nor more"]
    assert texts(axes.get_xticklabels()) == names
    assert texts(list(axes.texts)) == ["20", "300", "4,000", "0", "60,000", "7", "1"]
    heights = [bar.get_height() for bar in axes.patches]
    assert heights == buckets()["accuracy"].fillna(0).tolist()
    assert overlaps(figure, axes.get_xticklabels()) == []
    assert overlaps(figure, list(axes.texts)) == []


@pytest.mark.parametrize("shape", [(5, 6), (0, 6), (36,)])
def test_values_that_do_not_fit_are_refused(shape: tuple[int, ...]) -> None:
    values = np.zeros(shape)
    with pytest.raises(ValueError, match="expected"):
        transition_matrix(values, ["<start>", *TAGS], [*TAGS, "<stop>"], STYLE)
    with pytest.raises(ValueError, match="expected"):
        confusion_figure(values, [*TAGS, "X"], STYLE)
    with pytest.raises(ValueError, match="expected"):
        marginals_strip(values, WORDS, TAGS, STYLE)


def test_impossible_values_are_refused() -> None:
    for bad in (np.nan, -np.inf):
        with pytest.raises(ValueError, match="must be numbers"):
            transition_matrix(np.full((1, 1), bad), ["A"], ["A"], STYLE)
    with pytest.raises(ValueError, match="negative"):
        confusion_figure(np.array([[-1]]), ["A"], STYLE)
    for bad in (np.nan, -0.1, 1.1):
        with pytest.raises(ValueError, match="between 0 and 1"):
            marginals_strip(np.full((1, 1), bad), ["a"], ["A"], STYLE)
    with pytest.raises(ValueError, match="no buckets"):
        accuracy_by_frequency(buckets().iloc[:0], STYLE)
