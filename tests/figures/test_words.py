"""The map of words and the table of neighbours: names never cover each other, same bytes again."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg

from nlpflow.figures.embeddings import (
    DOT,
    NO_WORDS,
    covers,
    list_scores,
    neighbour_columns,
    place_names,
    word_map,
)
from nlpflow.figures.style import Style, save
from nlpflow.tables import read_table, write_table


def words_table(count, spread):
    rng = np.random.default_rng(count)
    return pd.DataFrame(
        {
            "word": [f"word{'x' * (i % 7)}{i}" for i in range(count)],
            "x": spread * rng.normal(size=count),
            "y": spread * rng.normal(size=count),
            "chosen": np.arange(count) % 2,
        }
    )


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=25),
    st.integers(5, 60),
)
def test_no_name_covers_another_or_a_dot(dots, width):
    dots = np.array(dots, float)
    sizes = np.tile([float(width), 10.0], (len(dots), 1))
    places = place_names(dots, sizes)
    boxes = np.concatenate([places - sizes / 2, places + sizes / 2], axis=1)
    upon = covers(boxes, boxes)
    np.fill_diagonal(upon, False)
    assert not upon.any()
    assert not covers(boxes, np.concatenate([dots - DOT, dots + DOT], axis=1)).any()


def test_names_as_drawn_do_not_cover_each_other():
    figure = word_map(words_table(60, 0.01), Style())
    renderer = figure.canvas.get_renderer()
    extents = [text.get_window_extent(renderer).extents for text in figure.axes[0].texts]
    upon = covers(np.array(extents), np.array(extents))
    np.fill_diagonal(upon, False)
    assert len(extents) == 60
    assert not upon.any()


def test_a_lonely_name_stays_at_its_dot():
    places = place_names(np.array([[10.0, 20.0]]), np.array([[30.0, 8.0]]))
    assert np.abs(places - [10, 20]).max() < 30


@pytest.mark.parametrize("count", [1, 2, 40])
def test_same_map_same_bytes(tmp_path, count):
    for name in ("first", "second"):
        save(word_map(words_table(count, 1.0), Style()), tmp_path / name, Style())
    for ending in ("svg", "png"):
        first, second = ((tmp_path / f"{n}.{ending}").read_bytes() for n in ("first", "second"))
        assert first == second


def test_a_map_without_words_says_so():
    texts = [text.get_text() for text in word_map(words_table(0, 1.0), Style()).axes[0].texts]
    assert texts == [NO_WORDS]


def test_neighbours_stand_below_their_word():
    rows = [
        (word, rank, f"n{rank}", 1 - rank / 10)
        for word in ("king", "tea", "averylongwordindeed", "x", "y", "z")
        for rank in (1, 2, 3)
    ]
    table = pd.DataFrame(rows, columns=["word", "rank", "neighbour", "cosine"])
    figure = neighbour_columns(table, Style())
    axes = figure.axes[0]
    found = {text.get_text(): text.get_position() for text in axes.texts}
    assert {"king", "tea", "averylongwordindeed", "n1", "0.90"} <= set(found)
    width, height = figure.get_size_inches()
    for text in axes.texts:
        x, y = text.get_position()
        assert 0 <= x < width
        assert 0 < y < height
    renderer = FigureCanvasAgg(figure).get_renderer()
    extents = np.array([t.get_window_extent(renderer).extents for t in axes.texts])
    upon = covers(extents, extents)
    np.fill_diagonal(upon, False)
    assert not upon.any()


def test_no_known_word_is_said():
    table = pd.DataFrame(columns=["word", "rank", "neighbour", "cosine"])
    texts = [text.get_text() for text in neighbour_columns(table, Style()).axes[0].texts]
    assert texts == [NO_WORDS]


def lists_table(rows, folder):
    columns = ["list", "section", "score", "low", "high", "known", "all"]
    write_table(folder / "lists.tsv", pd.DataFrame(rows, columns=columns))
    return read_table(folder / "lists.tsv", "list", "section")


def test_lists_show_score_interval_and_coverage(tmp_path):
    rows = [
        ("pairs", "", 40.0, 30.0, 50.0, 90, 1000),
        ("few", "", np.nan, np.nan, np.nan, 2, 10),
        ("questions", "", 20.0, 10.0, 30.0, 4, 5),
        ("questions", "capitals", 25.0, 0.0, 50.0, 3, 4),
    ]
    axes = list_scores(lists_table(rows, tmp_path), Style()).axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "pairs  (90 of 1,000)",
        "few  (2 of 10)",
        "questions  (4 of 5)",
        "capitals  (3 of 4)",
    ]
    dots = [line.get_xydata().tolist()[0] for line in axes.lines if line.get_marker() == "o"]
    assert dots == [[40, 0], [20, 2], [25, 3]]
    intervals = [part.get_segments()[0].tolist() for part in axes.collections]
    assert intervals == [[[30, 0], [50, 0]], [[10, 2], [30, 2]], [[0, 3], [50, 3]]]
    assert not axes.texts


@pytest.mark.parametrize("rows", [[], [("few", "", np.nan, np.nan, np.nan, 2, 10)]])
def test_lists_without_a_score_are_said(rows, tmp_path):
    (text,) = list_scores(lists_table(rows, tmp_path), Style()).axes[0].texts
    assert text.get_text().startswith("the experiment names no lists")
