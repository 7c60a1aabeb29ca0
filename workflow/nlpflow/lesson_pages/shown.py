"""Plots in the page of a lesson."""

import base64
from dataclasses import dataclass
from html import escape
from math import log10
from pathlib import Path
from tempfile import TemporaryDirectory

from matplotlib.axis import Axis
from matplotlib.figure import Figure

from nlpflow.figures.style import Style, save


@dataclass(frozen=True)
class Picture:
    """A plot as SVG, with a text for those who cannot see it."""

    svg: bytes
    words: str

    def _repr_html_(self) -> str:
        """An HTML element that contains the whole plot."""
        data = base64.b64encode(self.svg).decode()
        return f'<img alt="{escape(self.words)}" src="data:image/svg+xml;base64,{data}">'


def show(figure: Figure, words: str) -> Picture:
    """Show a plot in the style of all plots.

    Args:
        figure: the plot
        words: what it shows, in a sentence
    """
    with TemporaryDirectory() as folder:
        save(figure, Path(folder) / "figure", Style(), ("svg",))
        return Picture((Path(folder) / "figure.svg").read_bytes(), words)


def write_powers(axis: Axis) -> None:
    """Label a logarithmic axis with 10⁻³, 10⁰.

    Matplotlib's own labels are formulas, which the style switches off.
    """
    axis.set_major_formatter(lambda value, _: f"10{f'{log10(value):.0f}'.translate(_RAISED)}")


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
