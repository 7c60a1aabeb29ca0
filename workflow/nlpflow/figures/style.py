"""The style of all plots, and how they are written; the same inputs give the same bytes.

Plots are plain `matplotlib.figure.Figure` objects. They are not made through pyplot, so that there
is no global state and no display is needed. The user's own matplotlibrc is ignored.
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

# Okabe and Ito (2008), "Color Universal Design": can be told apart with common colour blindnesses.
BLUE, VERMILION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
ORANGE, SKY, BLACK = "#E69F00", "#56B4E9", "#000000"
PALETTE = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK)
GREY = "#666666"

POINTS_PER_INCH = 72


@dataclass(frozen=True)
class Style:
    """The style of plots.

    Raises:
        UserError: matplotlib does not know the colour map, or a font is not installed
    """

    width: float = 6.4
    """The width of plots in inches; some plots are wider if their labels need it."""
    font_size: float = 10.0
    """The font size in points."""
    dpi: int = 120
    """Dots per inch of PNG files."""
    colour_map: str = "viridis"
    font: str | Sequence[str] = DEFAULT_FONT
    """Font families. Characters that they lack come from DejaVu Sans or another installed font."""

    def __post_init__(self) -> None:
        """Check colour map and fonts."""
        if self.colour_map not in mpl.colormaps:
            raise UserError(
                f"figures: colour map '{self.colour_map}' is unknown to matplotlib; "
                "use one of its names, such as viridis, cividis or Greys"
            )
        for family in self.families:
            check_installed(family)

    @property
    def families(self) -> list[str]:
        """The font families of the settings, followed by the default one."""
        asked = [self.font] if isinstance(self.font, str) else self.font
        return list(dict.fromkeys([*asked, DEFAULT_FONT]))


@contextmanager
def styled(style: Style) -> Iterator[None]:
    """Apply the style inside the block, and restore matplotlib's settings after it."""
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
                "svg.fonttype": "path",  # readable without the font
                "svg.hashsalt": "nlpflow",  # without it, ids in SVG files are random
            }
        )
        yield


METADATA: dict[str, dict[str, None]] = {
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
}
"""The file formats of plots, and the metadata that are left out of each: dates and versions."""


def save(
    figure: Figure, stem: Path, style: Style, formats: Sequence[str] = tuple(METADATA)
) -> None:
    """Write a plot to `stem`.svg and `stem`.png, cropped, without dates or versions inside.

    Characters that no installed font has are drawn as boxes, and a warning names their scripts.

    Args:
        figure: to write
        stem: path without ending; its folder is made if missing
        style: fonts and resolution
        formats: file endings
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
    """Repeat the caught warnings; those about missing characters become one line of the log."""
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
    """Log a warning once, because a job may draw the same script a hundred times."""
    logging.warning("%s", line)


def add_axes(figure: Figure, left: float, bottom: float, width: float, height: float) -> Axes:
    """Add axes whose drawing area has this position and size in inches; labels are outside it."""
    across, up = figure.get_size_inches()
    return figure.add_axes((left / across, bottom / up, width / across, height / up))
