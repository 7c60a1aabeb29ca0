"""Fonts for what a figure says: chosen among the installed ones by the characters it needs.

Bidirectional text and the shapes of letters in their words (Arabic, Indic scripts) are the work of
libraqm, which matplotlib brings.
"""

import os
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from matplotlib import get_data_path
from matplotlib.font_manager import (
    FontEntry,
    FontPath,
    FontProperties,
    findfont,
    findSystemFonts,
    fontManager,
    weight_dict,
)
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text

from nlpflow.errors import UserError

DEFAULT_FONT = "DejaVu Sans"  # ships with matplotlib: the same letters on every machine
REGULAR = 400
NO_LETTERS = "Last Resort"  # ships with matplotlib, too: a box for every character

EAST_ASIAN = {
    "CJK", "IDEOGRAPHIC", "FULLWIDTH", "HALFWIDTH", "HIRAGANA", "KATAKANA", "BOPOMOFO", "HANGUL",
}  # fmt: skip
"""First words of the names of characters that one font has for Chinese, Japanese and Korean."""
EAST_ASIAN_NAME = "Chinese, Japanese or Korean"
SYMBOLS = "symbols"
PACKAGES = {EAST_ASIAN_NAME: "fonts-noto-cjk", SYMBOLS: "fonts-symbola"}
OTHER_PACKAGE = "fonts-noto-core"

LEFT_TO_RIGHT, ISOLATE, END_OF_ISOLATE = "\u200e", "\u2068", "\u2069"


def check_installed(family: str) -> None:
    """UserError, with the nearest name there is, for a family that is not installed."""
    with suppress(ValueError):
        _face_of(family)
        return
    known = _faces()  # also those that were installed after matplotlib made its list
    with suppress(ValueError):
        _face_of(family)
        return
    close = get_close_matches(family, sorted(known), n=1, cutoff=0.5)
    nearest = f"did you mean '{close[0]}'? Else install it" if close else "install it"
    raise UserError(f"figures.font: '{family}' is not installed; {nearest}, or take {DEFAULT_FONT}")


def give_fonts(texts: Iterable[Text], families: Sequence[str]) -> None:
    """Give texts that `families` lack characters of further families that have them."""
    texts = list(texts)
    chosen = with_fallbacks(families, {sign for text in texts for sign in text.get_text()})
    if chosen != list(families):
        for text in texts:
            text.set_fontfamily(chosen)


def with_fallbacks(families: Sequence[str], characters: Iterable[str]) -> list[str]:
    """`families`, then the installed ones that have the other characters, as few as will do.

    Equal fonts and equal characters give equal families. A character that no font has is left out.
    """
    missing = {sign for sign in characters if _is_drawn(sign)}
    for family in families:
        missing -= _found(_face_of(family), missing)
    chosen = list(families)
    region = _region(missing)
    while missing:
        found = {family: _found(face, missing) for family, face in _faces().items()}
        best = min(found, key=lambda family: (-len(found[family]), *_rank(family, region)))
        if not found[best]:
            break
        chosen.append(best)
        missing -= found[best]
    return chosen


def advice(missing: Iterable[str]) -> str:
    """One line on characters that no font has: their scripts, and a package that would help."""
    scripts = sorted({_script(sign) for sign in missing})
    packages = sorted({PACKAGES.get(script, OTHER_PACKAGE) for script in scripts})
    return (
        f"figures: no installed font has the characters of: {', '.join(scripts)}; they are drawn "
        f"as boxes. Install a font (on Debian and Ubuntu: apt-get install {' '.join(packages)}), "
        "then draw again"
    )


def in_order(*parts: str) -> str:
    """A label of parts that stand from left to right, each in the direction of its own script."""
    label = "".join(parts)
    if not any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in label):
        return label
    return LEFT_TO_RIGHT + "".join(f"{ISOLATE}{part}{END_OF_ISOLATE}" for part in parts)


def width_in_letters(text: str) -> int:
    """The width of a text in Latin letters: those of East Asian scripts are twice as wide."""
    return sum(1 + (unicodedata.east_asian_width(sign) in "WF") for sign in text)


def _face_of(family: str) -> FontPath:
    """The file of a family's upright face; ValueError if there is none."""
    return findfont(FontProperties(family=family), fallback_to_default=False)


@cache
def _faces() -> dict[str, FontPath]:
    """The upright, most regular face of each installed family.

    matplotlib reads a list of fonts that it made once; those installed since are added to it.
    """
    bundled = Path(get_data_path(), "fonts")
    alone = bool(os.getenv("MPL_IGNORE_SYSTEM_FONTS"))
    known = {entry.fname for entry in fontManager.ttflist}
    for path in [] if alone else sorted({*findSystemFonts()} - known):
        with suppress(Exception):  # matplotlib, too, leaves out files that it cannot read
            fontManager.addfont(path)
    faces: dict[str, FontPath] = {}
    for entry in sorted(fontManager.ttflist, key=_from_regular):
        there = Path(entry.fname).is_file() and (not alone or bundled in Path(entry.fname).parents)
        if there and entry.style == "normal" and not entry.name.startswith(NO_LETTERS):
            faces.setdefault(entry.name, FontPath(entry.fname, entry.index))
    return faces


def _from_regular(entry: FontEntry) -> tuple[float, str, int]:
    weight = entry.weight
    number = weight_dict[weight] if isinstance(weight, str) else weight
    return abs(number - REGULAR), entry.fname, entry.index


def _found(face: FontPath, characters: Iterable[str]) -> set[str]:
    font = FT2Font(face.path, face_index=face.face_index)
    return {sign for sign in characters if font.get_char_index(ord(sign))}


def _is_drawn(sign: str) -> bool:
    """Whether a character has a shape of its own: no control character, no variation selector."""
    return unicodedata.category(sign) not in ("Cc", "Cf") and "VARIATION" not in _name(sign)


def _rank(family: str, region: str) -> tuple[bool, bool, bool, str]:
    """What decides between families that have the same characters; least first."""
    return "Sans" not in family, "Mono" in family, not family.endswith(region), family


def _region(characters: Iterable[str]) -> str:
    """How fonts call the shapes that Chinese characters have beside the others."""
    scripts = {_name(sign).split()[0] for sign in characters}
    if scripts & {"HIRAGANA", "KATAKANA"}:
        return " JP"
    return " KR" if "HANGUL" in scripts else " SC"


def _script(sign: str) -> str:
    first = _name(sign).split()[0]
    if first in EAST_ASIAN:
        return EAST_ASIAN_NAME
    return first.capitalize() if unicodedata.category(sign)[0] in "LMN" else SYMBOLS


def _name(sign: str) -> str:
    return unicodedata.name(sign, "UNNAMED")
