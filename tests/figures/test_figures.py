"""Figures show what they are given, all of it, and come out the same bytes again."""

import subprocess
import sys
from collections.abc import Callable
from itertools import combinations, pairwise
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.text import Text

from nlpflow.errors import UserError
from nlpflow.figures.breakdown import breakdown
from nlpflow.figures.comparison import compare_runs
from nlpflow.figures.curves import training_curves
from nlpflow.figures.differences import draw_differences
from nlpflow.figures.heatmap import attention_from_table, attention_matrix
from nlpflow.figures.style import BLUE, Style, save, styled
from nlpflow.results.differences import DIFFERENCE_COLUMNS

STYLE = Style()
SRC_TEXT = (
    "je ne pense pas que l' anticonstitutionnellement élu président français où ça été très "
    "gêné à noël dernier . <EOS>"
)
TGT_TEXT = "i do not think the president was $5 or $6 embarrassed last christmas . <EOS>"
LONG_SRC, LONG_TGT = SRC_TEXT.split(), TGT_TEXT.split()
ARABIC = ["لا", "أعرف", "لماذا", "تأخر", "القطار", "<EOS>"]
SENTENCES = {
    "long": (LONG_SRC, LONG_TGT),
    "very long": (LONG_SRC * 3, LONG_TGT * 3),
    "one token": (["<EOS>"], ["<EOS>"]),
    "Arabic": (ARABIC, ["i", "do", "not", "know", "<EOS>"]),
    "long words, short sentence": (["anticonstitutionnellement"] * 3, ["unconstitutionally"] * 2),
}


def shares(tgt: int, src: int) -> np.ndarray:
    scores = np.exp(np.random.default_rng(7).normal(size=(tgt, src)))
    return np.asarray(scores / scores.sum(axis=1, keepdims=True))


def history(epochs: int) -> pd.DataFrame:
    epoch = np.arange(1, epochs + 1)
    bleu = 40.0 - (epoch - (epochs + 1) // 2) ** 2 / epochs
    return pd.DataFrame(
        {
            "epoch": epoch,
            "step": epoch * 100,
            "train_loss": 4 / epoch,
            "dev_loss": 1 + 4 / epoch,
            "learning_rate": 0.001,
            "dev_bleu": bleu,
            "dev_chrf2": bleu + 15,
        }
    )


def runs(seeds: dict[str, int], test_sets: tuple[str, ...] = ("test",)) -> pd.DataFrame:
    rows = [
        (experiment, seed, test_set, "chrf2", 50 + 5 * place + seed / 3)
        for place, (experiment, number) in enumerate(seeds.items())
        for seed in range(number)
        for test_set in test_sets
    ]
    return pd.DataFrame(rows, columns=["experiment", "seed", "test_set", "metric", "value"])


def buckets() -> pd.DataFrame:
    rows = [
        ("length", "1–3", 812, 71.0),
        ("length", "4–9", 12340, 60.0),
        ("length", "10 or more", 0, float("nan")),
        ("unseen words", "0", 13000, 61.0),
        ("unseen words", "1 or more", 152, 33.0),
    ]
    return pd.DataFrame(rows, columns=["kind", "bucket", "sentences", "chrf2"])


FIGURES: dict[str, Callable[[], Figure]] = {
    "attention": lambda: attention_matrix(
        shares(len(LONG_TGT), len(LONG_SRC)), LONG_SRC, LONG_TGT, STYLE, "a title"
    ),
    "curves": lambda: training_curves(history(12), STYLE),
    "comparison": lambda: compare_runs(runs({"plain": 3, "attention": 6}), "chrf2", STYLE),
    "differences": lambda: draw_differences(differences(), STYLE),
    "breakdown": lambda: breakdown(buckets(), STYLE),
}


def texts(labels: list[Text]) -> list[str]:
    return [label.get_text() for label in labels]


def overlaps(figure: Figure, labels: list[Text]) -> list[tuple[str, str]]:
    """Pairs of labels whose upright boxes cross."""
    with styled(STYLE):
        figure.draw_without_rendering()
        boxes = [(label.get_text(), label.get_window_extent()) for label in labels]
    return [(a, b) for (a, one), (b, two) in combinations(boxes, 2) if one.overlaps(two)]


def points(axes: Axes, colour: str = BLUE) -> list[float]:
    """The x of every seed's point."""
    return [
        float(x)
        for line in axes.lines
        if line.get_marker() == "o" and line.get_color() == colour
        for x in np.asarray(line.get_xdata(), dtype=float)
    ]


@pytest.mark.parametrize("name", FIGURES)
def test_second_rendering_has_the_same_bytes(name: str, tmp_path: Path) -> None:
    for again in ("first", "second"):
        save(FIGURES[name](), tmp_path / again / "a.figure", STYLE)
    for ending in ("svg", "png"):
        first, second = (tmp_path / n / f"a.figure.{ending}" for n in ("first", "second"))
        assert first.stat().st_size > 5000
        assert first.read_bytes() == second.read_bytes()


def test_user_settings_neither_leak_in_nor_get_lost(tmp_path: Path) -> None:
    save(FIGURES["curves"](), tmp_path / "plain", STYLE)
    with mpl.rc_context({"font.size": 30, "lines.linestyle": ":", "svg.hashsalt": "x"}):
        save(FIGURES["curves"](), tmp_path / "changed", STYLE)
        assert mpl.rcParams["font.size"] == 30
    assert (tmp_path / "plain.svg").read_bytes() == (tmp_path / "changed.svg").read_bytes()


def test_style_changes_size_and_resolution(tmp_path: Path) -> None:
    save(training_curves(history(3), STYLE), tmp_path / "a", STYLE)
    fine = Style(width=12.8, dpi=240)
    save(training_curves(history(3), fine), tmp_path / "b", fine)
    small, large = (imread(tmp_path / f"{name}.png").shape[1] for name in "ab")
    assert small == pytest.approx(6.4 * 120, abs=40)
    assert large == pytest.approx(12.8 * 240, abs=80)


def test_figures_need_neither_torch_nor_pyplot() -> None:
    modules = "heatmap, breakdown, comparison, curves, labelling, style"
    code = (
        f"import sys; from nlpflow.figures import {modules}\n"
        "from pathlib import Path\n"
        "import numpy as np, tempfile\n"
        "figure = heatmap.attention_matrix(np.ones((1, 1)), ['a'], ['b'], style.Style())\n"
        "style.save(figure, Path(tempfile.mkdtemp()) / 'x', style.Style())\n"
        "sys.exit(str({'torch', 'matplotlib.pyplot'} & set(sys.modules) or ''))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""


@pytest.mark.parametrize("setting", [{"colour_map": "virdis"}, {"font": "No Such Font"}])
def test_unknown_looks_are_refused_by_name(setting: dict[str, str]) -> None:
    with pytest.raises(UserError, match=next(iter(setting.values()))):
        Style(**setting)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_attention_labels_every_token_in_order(sentence: str) -> None:
    src, tgt = SENTENCES[sentence]
    axes = attention_matrix(shares(len(tgt), len(src)), src, tgt, STYLE).axes[0]
    assert texts(axes.get_xticklabels()) == src
    assert texts(axes.get_yticklabels()) == tgt
    bottom, top = axes.get_ylim()
    assert bottom > top, "output words must read downwards"


def test_a_space_is_seen_on_both_axes() -> None:
    axes = attention_matrix(shares(2, 3), ["in", " ", "/"], [" ", "ls"], STYLE).axes[0]
    assert texts(axes.get_xticklabels()) == ["in", "␣", "/"]
    assert texts(axes.get_yticklabels()) == ["␣", "ls"]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_attention_labels_keep_apart(sentence: str) -> None:
    src, tgt = SENTENCES[sentence]
    figure = attention_matrix(shares(len(tgt), len(src)), src, tgt, STYLE)
    axes = figure.axes[0]
    assert overlaps(figure, axes.get_yticklabels()) == []
    # Slanted labels are parallel strips: two keep apart if their middle lines are further from
    # each other than a label is high.
    with styled(STYLE):
        figure.draw_without_rendering()
    pixels = [axes.transData.transform((x, 0))[0] for x in axes.get_xticks()]
    strip = STYLE.font_size / 72 * figure.dpi * 1.2
    assert all((right - left) * np.sin(np.pi / 4) > strip for left, right in pairwise(pixels))


def test_attention_colours_span_zero_to_one_and_grow_with_the_sentence() -> None:
    short = attention_matrix(shares(2, 2), ["a", "b"], ["c", "d"], STYLE)
    long = attention_matrix(shares(40, 60), ["mot"] * 60, ["word"] * 40, STYLE)
    assert short.axes[0].collections[0].get_clim() == (0, 1)
    assert short.axes[1].get_ylabel() == "attention weight"
    assert all(long.get_size_inches() > 3 * short.get_size_inches())


def test_attention_colours_stand_at_their_words() -> None:
    weights = np.array([[0.0, 1.0, 0.0], [0.25, 0.25, 0.5]])
    axes = attention_matrix(weights, ["a", "b", "c"], ["x", "y"], STYLE).axes[0]
    assert np.array_equal(np.ma.getdata(axes.collections[0].get_array()), weights)


def test_dollars_are_letters(tmp_path: Path) -> None:
    save(
        attention_matrix(np.ones((1, 1)), [r"$\x$"], ["$5$"], STYLE, "$a_$"), tmp_path / "a", STYLE
    )
    assert r"<!-- $\x$ -->" in (tmp_path / "a.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "weights", [np.ones((3, 2)), np.full((2, 3), 1.2), np.full((2, 3), np.nan), np.ones(6)]
)
def test_attention_refuses_what_are_no_weights(weights: np.ndarray) -> None:
    with pytest.raises(ValueError, match="weights"):
        attention_matrix(weights, ["a", "b", "c"], ["x", "y"], STYLE)


def long_table(weights: np.ndarray, src: list[str], tgt: list[str]) -> pd.DataFrame:
    rows = [
        (4, t, tgt[t], s, src[s], weights[t, s]) for t in range(len(tgt)) for s in range(len(src))
    ]
    names = ["sentence", "tgt_position", "tgt_token", "src_position", "src_token", "weight"]
    return pd.DataFrame(rows, columns=names)


def test_attention_from_table_is_the_matrix_whatever_the_order_of_rows() -> None:
    src, tgt = [*"abcdefghijk", "a"], ["x", "y", "x"]
    weights = shares(3, 12)
    table = long_table(weights, src, tgt).sample(frac=1, random_state=3)
    axes = attention_from_table(table, STYLE).axes[0]
    assert np.array_equal(np.ma.getdata(axes.collections[0].get_array()), weights)
    assert (texts(axes.get_xticklabels()), texts(axes.get_yticklabels())) == (src, tgt)


def test_attention_from_table_refuses_holes_and_two_sentences() -> None:
    table = long_table(shares(2, 2), ["a", "b"], ["x", "y"])
    with pytest.raises(ValueError, match="between 0 and 1"):
        attention_from_table(table.iloc[1:], STYLE)
    with pytest.raises(ValueError, match="one sentence"):
        attention_from_table(pd.concat([table, table.assign(sentence=5)]), STYLE)


@pytest.mark.parametrize("epochs", [1, 2, 12, 200])
def test_curves_show_every_epoch_and_mark_the_best(epochs: int) -> None:
    table = history(epochs)
    losses, metrics = training_curves(table, STYLE).axes
    drawn = {line.get_label(): line for line in [*losses.lines, *metrics.lines]}
    for label, column in {
        "train": "train_loss",
        "dev": "dev_loss",
        "BLEU": "dev_bleu",
        "chrF2": "dev_chrf2",
    }.items():
        assert np.array_equal(drawn[label].get_ydata(), table[column])
    best = (epochs + 1) // 2
    assert f"best BLEU: 40 (epoch {best})" in drawn
    for panel in (losses, metrics):
        assert any(list(line.get_xdata()) == [best, best] for line in panel.lines)


def test_curves_of_one_epoch_have_markers_and_whole_epochs() -> None:
    figure = training_curves(history(1), STYLE)
    assert list(figure.axes[1].get_xticks()) == [1]
    assert figure.axes[0].lines[0].get_marker() == "o"


def test_curves_skip_epochs_without_a_metric_and_need_none() -> None:
    table = history(4)
    table.loc[1, "dev_bleu"] = np.nan
    _, metrics = training_curves(table, STYLE).axes
    assert list(metrics.lines[0].get_xdata()) == [1, 3, 4]
    assert len(training_curves(table.drop(columns=["dev_bleu", "dev_chrf2"]), STYLE).axes) == 1


def test_comparison_shows_every_seed_and_its_number() -> None:
    table = runs({"plain": 3, "attention": 4, "lone": 1})
    axes = compare_runs(table, "chrf2", STYLE).axes[0]
    assert sorted(points(axes)) == sorted(table["value"])
    assert texts(axes.get_yticklabels()) == ["plain (n=3)", "attention (n=4)", "lone (n=1)"]
    assert axes.get_xlabel() == "chrF2"


def test_comparison_adds_the_deviation_from_five_seeds_on() -> None:
    table = runs({"few": 4, "many": 5})
    axes = compare_runs(table, "chrf2", STYLE).axes[0]
    bars = [list(line.get_xdata()) for line in axes.lines if line.get_linestyle() == "-"]
    values = table.loc[table["experiment"] == "many", "value"]
    mean, deviation = values.mean(), np.std(values, ddof=1)
    assert bars == [pytest.approx([mean - deviation, mean + deviation])]
    assert sorted(points(axes)) == sorted(table["value"])


def test_comparison_sorts_by_mean_best_on_top_in_each_test_set() -> None:
    table = runs({"a": 2, "b": 2}, test_sets=("short", "long"))
    worse = (table["experiment"] == "b") & (table["test_set"] == "long")
    table.loc[worse, "value"] -= 30
    panels = compare_runs(table, "chrf2", STYLE).axes
    upwards = {panel.get_title(loc="left"): texts(panel.get_yticklabels()) for panel in panels}
    assert upwards == {"short": ["a (n=2)", "b (n=2)"], "long": ["b (n=2)", "a (n=2)"]}


@pytest.mark.parametrize(
    "metric", ["fluency_perplexity", "perplexity_add_k", "aer", "ece", "invalid_sequences"]
)
def test_comparison_has_the_lowest_on_top_where_lower_is_better(metric: str) -> None:
    table = runs({"a": 2, "b": 3}).assign(metric=metric)
    axes = compare_runs(table, metric, STYLE).axes[0]
    assert texts(axes.get_yticklabels()) == ["b (n=3)", "a (n=2)"]
    assert axes.get_xlabel().endswith(" (lower is better)")


def differences() -> pd.DataFrame:
    rows = [
        ("dot", "plain", "short", "bleu", 3, 1.5, 0.5, 2.5, 0.01),
        ("tuned", "plain", "short", "bleu", 3, -0.5, -1.5, 0.5, 0.4),
        ("dot", "plain", "long", "bleu", 3, 0.0, -0.25, 0.75, 0.9),
    ]
    return pd.DataFrame(rows, columns=DIFFERENCE_COLUMNS)


def test_differences_are_points_with_intervals_in_their_order() -> None:
    short, long = draw_differences(differences(), STYLE).axes
    assert dict(zip(short.get_yticks().tolist(), texts(short.get_yticklabels()), strict=True)) == {
        1: "dot − plain",
        0: "tuned − plain",
    }
    (intervals,) = short.collections
    ends = [sorted(segment[:, 0].tolist()) for segment in intervals.get_segments()]
    assert ends == [[0.5, 2.5], [-1.5, 0.5]]
    zero, drawn = short.lines
    assert set(zero.get_xdata()) == {0}
    assert (list(drawn.get_xdata()), list(drawn.get_ydata())) == ([1.5, -0.5], [1, 0])
    assert texts(long.get_yticklabels()) == ["dot − plain"]
    assert long.get_xlabel() == "difference in BLEU, with 95% interval"


def test_comparison_refuses_unknown_metrics_missing_values_and_doubles() -> None:
    table = runs({"a": 2})
    with pytest.raises(UserError, match="'blue'; the runs have: chrf2"):
        compare_runs(table, "blue", STYLE)
    with pytest.raises(ValueError, match="missing"):
        compare_runs(table.assign(value=np.nan), "chrf2", STYLE)
    with pytest.raises(ValueError, match="more than once"):
        compare_runs(pd.concat([table, table]), "chrf2", STYLE)


def test_breakdown_draws_each_bucket_with_its_number_of_sentences() -> None:
    length, unseen = breakdown(buckets(), STYLE).axes
    assert texts(length.get_xticklabels()) == ["1–3", "4–9", "10 or\nmore"]
    assert [bar.get_height() for bar in length.patches] == [71, 60, 0]
    assert texts(list(length.texts)) == ["812", "12,340", "0"]
    assert [bar.get_height() for bar in unseen.patches] == [61, 33]
    assert (length.get_xlabel(), unseen.get_xlabel()) == (
        "source length (tokens)",
        "unseen words in the source",
    )


def test_breakdown_labels_keep_apart_with_many_buckets() -> None:
    rows = [("length", f"{n}–{n + 4}", 10000 + n, 50.0) for n in range(100, 180, 5)]
    table = pd.DataFrame(rows, columns=["kind", "bucket", "sentences", "chrf2"])
    figure = breakdown(pd.concat([table, buckets().iloc[3:]]), STYLE)
    for panel in figure.axes:
        assert overlaps(figure, panel.get_xticklabels()) == []
        assert overlaps(figure, list(panel.texts)) == []
