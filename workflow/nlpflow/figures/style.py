"""One look for every figure, and one way to write it: the same inputs give the same bytes.

Figures are plain `matplotlib.figure.Figure` objects, never made through pyplot, so that nothing is
kept in global state and no display is needed. The user's own matplotlibrc has no say.
"""

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import matplotlib as mpl
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from nlpflow.errors import UserError
from nlpflow.figures.fonts import DEFAULT_FONT, advice, check_installed, give_fonts

# Okabe and Ito (2008), "Color Universal Design": told apart under the common colour blindnesses.
BLUE, VERMILION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
ORANGE, SKY, BLACK = "#E69F00", "#56B4E9", "#000000"
PALETTE = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK)
GREY = "#666666"

POINTS_PER_INCH = 72


@dataclass(frozen=True)
class Style:
    """How figures look. `width` is in inches, `font_size` in points, `dpi` counts for PNG only.

    The families of `font` are asked in turn, then DejaVu Sans, then whichever installed one has the
    characters that are still missing.
    """

    width: float = 6.4
    font_size: float = 10.0
    dpi: int = 120
    colour_map: str = "viridis"
    font: str | Sequence[str] = DEFAULT_FONT

    def __post_init__(self) -> None:
        """Raise UserError for a colour map or a font that is not there."""
        if self.colour_map not in mpl.colormaps:
            raise UserError(
                f"figures: colour map '{self.colour_map}' is unknown to matplotlib; "
                "take one of its names, such as viridis, cividis or Greys"
            )
        for family in self.families:
            check_installed(family)

    @property
    def families(self) -> list[str]:
        """The families that are asked first."""
        asked = [self.font] if isinstance(self.font, str) else self.font
        return list(dict.fromkeys([*asked, DEFAULT_FONT]))


@contextmanager
def styled(style: Style) -> Iterator[None]:
    """Apply the style inside the block and give the caller's matplotlib settings back after it."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "font.family": style.families,
                "font.size": style.font_size,
                "axes.titlesize": style.font_size,
                "axes.titleweight": "bold",
                "axes.titlelocation": "left",
                "axes.labelsize": style.font_size,
                "axes.prop_cycle": cycler(color=PALETTE),
                "axes.spines.top": False,
                "axes.spines.right": False,
                "axes.axisbelow": True,
                "axes.edgecolor": GREY,
                "grid.color": "#DDDDDD",
                "grid.linewidth": 0.6,
                "legend.frameon": False,
                "legend.fontsize": style.font_size * 0.9,
                "xtick.color": GREY,
                "ytick.color": GREY,
                "xtick.labelcolor": BLACK,
                "ytick.labelcolor": BLACK,
                "text.parse_math": False,  # "$5" is a token, not a formula
                "svg.fonttype": "path",  # the reader's machine need not have the font
                "svg.hashsalt": "nlpflow",  # else every SVG has fresh random ids
            }
        )
        yield


METADATA: dict[str, dict[str, None]] = {
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
}
"""The formats of figures, and what is kept out of each: dates and versions."""


def save(
    figure: Figure, stem: Path, style: Style, formats: Sequence[str] = tuple(METADATA)
) -> None:
    """Write `stem`.svg and `stem`.png, cut to what is drawn, with no date or version inside.

    Characters that no installed font has are drawn as boxes; a line of the log names their scripts.
    """
    stem.parent.mkdir(parents=True, exist_ok=True)
    give_fonts(figure.findobj(Text), style.families)
    with styled(style), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for ending in formats:
            figure.savefig(
                stem.with_name(f"{stem.name}.{ending}"),
                dpi=style.dpi,
                bbox_inches="tight",
                pad_inches=0.1,
                metadata=METADATA[ending],
            )
    _pass_on(caught)


def _pass_on(caught: list[warnings.WarningMessage]) -> None:
    """Warn again of what was caught; matplotlib's warnings of missing characters become a line."""
    missing = set()
    for warning in caught:
        words = str(warning.message).split()
        if words[0] == "Glyph" and "missing" in words:
            missing.add(chr(int(words[1])))
        else:
            warnings.warn_explicit(
                warning.message, warning.category, warning.filename, warning.lineno
            )
    if missing:
        _say_once(advice(missing))


@cache
def _say_once(line: str) -> None:
    """A job may draw the same script a hundred times."""
    logging.warning("%s", line)


def add_axes(figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """Axes whose drawing area has exactly this place and size in inches; labels hang outside it."""
    across, up = figure.get_size_inches()
    return figure.add_axes((left / across, bottom / up, width / across, height / up))
