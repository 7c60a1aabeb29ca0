"""Every script is drawn with an installed font that has it, or one line says what to install."""

import logging
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.text import Text
from matplotlib.textpath import TextPath

from made_fonts import make_font
from nlpflow.errors import UserError
from nlpflow.figures import fonts, style
from nlpflow.figures.comparison import compare_runs
from nlpflow.figures.differences import draw_differences
from nlpflow.figures.embeddings import covers, list_scores, neighbour_columns, word_map
from nlpflow.figures.fonts import DEFAULT_FONT, in_order, with_fallbacks
from nlpflow.figures.heatmap import attention_matrix
from nlpflow.figures.language_id import before_and_after
from nlpflow.figures.style import Style, save

CHINESE, JAPANESE, KOREAN, HINDI = "我们去", "私は行く", "나는가다", "हिन्दी"
HEBREW, ARABIC = "שלום", "سلام"
Install = Callable[..., None]


def forget() -> None:
    for cached in (fonts._faces, style._say_once, type(fontManager)._findfont_cached):
        cached.cache_clear()


@pytest.fixture
def install(monkeypatch, tmp_path) -> Iterator[Install]:
    """Installs fonts on a machine that has those of matplotlib alone, which has listed them."""
    own = [entry for entry in fontManager.ttflist if "mpl-data" in entry.fname]
    monkeypatch.setattr(fontManager, "ttflist", own)
    files: list[str] = []
    monkeypatch.setattr(fonts, "findSystemFonts", lambda: files)
    forget()

    def install(family: str, characters: str, **looks: int) -> None:
        files.append(str(make_font(tmp_path, family, characters, **looks)))

    yield install
    monkeypatch.undo()
    forget()


def chosen(characters: str, *asked: str) -> list[str]:
    return with_fallbacks([*asked, DEFAULT_FONT], characters)[len(asked) + 1 :]


def attention(words: str) -> Figure:
    src = list(words)
    return attention_matrix(np.eye(len(src)), src, ["x"] * len(src), Style())


def said(caplog) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def test_known_characters_ask_no_other_font(monkeypatch) -> None:
    monkeypatch.setattr(fonts, "_faces", lambda: pytest.fail("looked for fonts"))
    for text in ("Ça va ? \u200b\ufe0f▁ <EOS> $5", "Ελλάδα", "Москва", HEBREW, ARABIC):
        assert chosen(text) == []


def test_few_fonts_that_have_the_characters_sans_before_serif_and_mono(install) -> None:
    install("A Serif", CHINESE)
    install("B Mono Sans", CHINESE)
    install("C Sans", CHINESE)
    install("D Sans", CHINESE[:2])
    install("E Serif", HINDI)
    assert chosen(CHINESE) == ["C Sans"]
    assert chosen(f"{HINDI} {CHINESE[0]}") == ["E Serif", "C Sans"]


def test_same_fonts_same_choice_in_whatever_order_they_are_found(install) -> None:
    for name in "BADC":
        install(f"{name} Sans", CHINESE)
    assert chosen(CHINESE) == ["A Sans"]


@pytest.mark.parametrize(
    ("text", "region"), [(CHINESE, "SC"), (JAPANESE, "JP"), (KOREAN + "我", "KR")]
)
def test_the_script_decides_on_the_shapes_of_chinese_characters(install, text, region) -> None:
    for name in ("HK", "JP", "KR", "SC", "TC"):
        install(f"Sans CJK {name}", CHINESE + JAPANESE + KOREAN)
    assert chosen(text) == [f"Sans CJK {region}"]


def test_a_font_of_the_settings_comes_first(install, tmp_path) -> None:
    install("A Sans", CHINESE)
    install("My Own", CHINESE + "a", width=2000)
    wide = Style(font=["My Own"])
    assert wide.families == ["My Own", DEFAULT_FONT]
    assert chosen(CHINESE, "My Own") == []
    figures = {}
    for name, looks in (("wide", wide), ("usual", Style())):
        save(attention_matrix(np.eye(2), ["a", "我"], ["x", "y"], looks), tmp_path / name, looks)
        figures[name] = (tmp_path / f"{name}.svg").read_text(encoding="utf-8")
    assert "MyOwn" in figures["wide"]
    assert "MyOwn" not in figures["usual"]
    assert "ASans" in figures["usual"]


@pytest.mark.parametrize("font", ["Noto Sans CJQ", ["DejaVu Sans", "Noto Sans CJQ"]])
def test_an_unknown_font_is_refused_with_the_nearest_one(install, font) -> None:
    install("Noto Sans CJK", CHINESE)
    with pytest.raises(UserError) as caught:
        Style(font=font)
    assert str(caught.value) == (
        "figures.font: 'Noto Sans CJQ' is not installed; did you mean 'Noto Sans CJK'? Else "
        "install it, or use DejaVu Sans"
    )


@pytest.mark.parametrize("script", [CHINESE, JAPANESE, KOREAN, HINDI, "ไม่", "አማርኛ"])
def test_a_font_installed_after_the_list_was_made_is_drawn(
    install, script, tmp_path, caplog
) -> None:
    install("Tiny Sans", script)
    for again in ("first", "second"):
        save(attention(script), tmp_path / again, Style())
    assert "TinySans" in (tmp_path / "first.svg").read_text(encoding="utf-8")
    for ending in ("svg", "png"):
        first, second = (tmp_path / f"{name}.{ending}" for name in ("first", "second"))
        assert first.read_bytes() == second.read_bytes()
    assert not [line for line in said(caplog) if line.startswith("figures:")]


@pytest.mark.parametrize(
    ("words", "scripts", "packages"),
    [
        (CHINESE + "。", "Chinese, Japanese or Korean", "fonts-noto-cjk"),
        (JAPANESE, "Chinese, Japanese or Korean", "fonts-noto-cjk"),
        (KOREAN, "Chinese, Japanese or Korean", "fonts-noto-cjk"),
        (HINDI, "Devanagari", "fonts-noto-core"),
        ("🦖", "symbols", "fonts-symbola"),
        (
            CHINESE + "ไม่" + HINDI,
            "Chinese, Japanese or Korean, Devanagari, Thai",
            "fonts-noto-cjk fonts-noto-core",
        ),
    ],
)
def test_one_line_names_what_to_install(
    install, tmp_path, caplog, words, scripts, packages
) -> None:
    for name in ("first", "second"):
        save(attention(words), tmp_path / name, Style())
    assert said(caplog) == [
        f"figures: no installed font has the characters of: {scripts}; they are drawn as boxes. "
        f"Install a font (on Debian and Ubuntu: apt-get install {packages}), then plot again"
    ]


def test_where_system_fonts_are_ignored_they_are_not_chosen(install, monkeypatch) -> None:
    install("Tiny Sans", CHINESE)
    assert chosen(CHINESE) == ["Tiny Sans"]
    forget()
    monkeypatch.setenv("MPL_IGNORE_SYSTEM_FONTS", "1")
    assert chosen(CHINESE) == []


def words_of(script: str) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    return pd.DataFrame(
        {
            "word": [script] * 20,
            "x": 0.01 * rng.normal(size=20),
            "y": rng.normal(size=20),
            "chosen": 1,
        }
    )


def test_names_of_the_map_are_measured_in_the_font_that_draws_them(install) -> None:
    install("Wide Sans", CHINESE, width=3000)
    figure = word_map(words_of(CHINESE), Style())
    renderer = figure.canvas.get_renderer()
    extents = np.array([text.get_window_extent(renderer).extents for text in figure.axes[0].texts])
    upon = covers(extents, extents)
    np.fill_diagonal(upon, False)
    assert not upon.any()
    assert (extents[:, 2] - extents[:, 0]).min() > 3 * 3 * 0.8 * Style().font_size


def test_columns_of_neighbours_have_room_for_wide_letters(install) -> None:
    install("Tiny Sans", "星期一")
    word = "星期一" * 4
    rows = [(f"{word}{n}", 1, word, 0.5) for n in range(2)]
    table = pd.DataFrame(rows, columns=["word", "rank", "neighbour", "cosine"])
    figure = neighbour_columns(table, Style())
    fonts.give_fonts(figure.findobj(Text), Style().families)
    figure.draw_without_rendering()
    extents = np.array([text.get_window_extent().extents for text in figure.axes[0].texts])
    upon = covers(extents, extents)
    np.fill_diagonal(upon, False)
    assert not upon.any()


def scores(label: str) -> pd.DataFrame:
    rows = [(label, 1, "test", "bleu", 5.0)]
    return pd.DataFrame(rows, columns=["experiment", "seed", "test_set", "metric", "value"])


def differences(label: str) -> pd.DataFrame:
    columns = ["experiment", "compared_with", "test_set", "metric", "difference", "low", "high"]
    return pd.DataFrame([(label, label, "test", "bleu", 1.0, 0.5, 2.0)], columns=columns)


def lists(label: str) -> pd.DataFrame:
    columns = ["list", "section", "score", "low", "high", "known", "all"]
    return pd.DataFrame([("pairs", label, 1.0, 0.5, 2.0, 3, 4)], columns=columns)


def weights(label: str) -> pd.DataFrame:
    columns = ["word", "language", "before", "after"]
    return pd.DataFrame([(label, "heb", 0.0, 1.0)], columns=columns)


@pytest.mark.parametrize(
    ("figure", "parts"),
    [
        (lambda label: compare_runs(scores(label), "bleu", Style()), ["", " (n=1)"]),
        (lambda label: draw_differences(differences(label), Style()), ["", " − ", ""]),
        (lambda label: list_scores(lists(label), Style()), ["", "  (3 of 4)"]),
        (lambda label: before_and_after(weights(label), Style()), ["", "  heb"]),
    ],
)
def test_labels_of_several_parts_keep_them_from_left_to_right(figure, parts) -> None:
    for label in ("label", HEBREW):
        whole = [part or label for part in parts]
        (tick,) = figure(label).axes[0].get_yticklabels()
        assert tick.get_text() == in_order(*whole)
    assert in_order("label", " (n=1)") == "label (n=1)"


def ink(text: str) -> np.ndarray:
    """The outline of a text, as matplotlib draws it: (points, 2), from 0 on the left."""
    points = TextPath((0, 0), text, size=100).vertices
    return points - [points[:, 0].min(), 0]


def ends_with(text: str, end: str) -> bool:
    """Whether the right end of a text looks like another one."""
    whole, part = ink(text), ink(end)
    right = whole[whole[:, 0] > whole[:, 0].max() - part[:, 0].max() - 1]
    right = right - [right[:, 0].min(), 0]
    same = len(right) == len(part)
    return same and bool(np.allclose(np.sort(right, axis=0), np.sort(part, axis=0), atol=1))


@pytest.mark.parametrize("word", [HEBREW, ARABIC])
def test_right_to_left_words_are_drawn_from_right_to_left(word) -> None:
    assert ends_with(in_order(word, "  heb"), "heb")
    assert ends_with(f"{word}  heb", word), "matplotlib's own order"
    assert not ends_with(in_order(word, "  heb"), word)


def test_two_right_to_left_parts_stay_in_order() -> None:
    assert ends_with(in_order("אחת", " − ", "שתים"), "שתים")
    assert ends_with("אחת − שתים", "אחת"), "matplotlib's own order"


def test_hebrew_letters_run_to_the_left_and_arabic_ones_join() -> None:
    assert ends_with("שם", "ש")
    apart = sum(ink(letter)[:, 0].max() for letter in ARABIC)
    assert ink(ARABIC)[:, 0].max() < 0.95 * apart
