"""Fonts of plots, chosen among the installed ones by the characters that a plot contains.

Bidirectional text and joined letters (Arabic, Indic scripts) are laid out by libraqm, which
matplotlib includes.
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

DEFAULT_FONT = "DejaVu Sans"  # ships with matplotlib: the same glyphs on every machine
REGULAR = 400
NO_LETTERS = "Last Resort"  # ships with matplotlib, too; has only boxes

EAST_ASIAN = {
    "CJK", "IDEOGRAPHIC", "FULLWIDTH", "HALFWIDTH", "HIRAGANA", "KATAKANA", "BOPOMOFO", "HANGUL",
}  # fmt: skip
"""First words of the Unicode names of characters that East Asian fonts have."""
EAST_ASIAN_NAME = "Chinese, Japanese or Korean"
SYMBOLS = "symbols"
PACKAGES = {EAST_ASIAN_NAME: "fonts-noto-cjk", SYMBOLS: "fonts-symbola"}
OTHER_PACKAGE = "fonts-noto-core"

LEFT_TO_RIGHT, ISOLATE, END_OF_ISOLATE = "\u200e", "\u2068", "\u2069"


def check_installed(family: str) -> None:
    """Check that a font family is installed.

    Raises:
        UserError: it is not; the message names the family with the most similar name
    """
    with suppress(ValueError):
        _face_of(family)
        return
    known = _faces()  # adds fonts that were installed after matplotlib made its list
    with suppress(ValueError):
        _face_of(family)
        return
    close = get_close_matches(family, sorted(known), n=1, cutoff=0.5)
    what = f"did you mean '{close[0]}'? Else install it" if close else "install it"
    raise UserError(f"figures.font: '{family}' is not installed; {what}, or use {DEFAULT_FONT}")


def give_fonts(texts: Iterable[Text], families: Sequence[str]) -> None:
    """Set the font families of texts so that all characters are covered, see `with_fallbacks`."""
    texts = list(texts)
    chosen = with_fallbacks(families, {sign for text in texts for sign in text.get_text()})
    if chosen != list(families):
        for text in texts:
            text.set_fontfamily(chosen)


def with_fallbacks(families: Sequence[str], characters: Iterable[str]) -> list[str]:
    """`families`, followed by as few other installed ones as needed to cover all characters.

    The result depends only on the installed fonts and the characters. A character that no font has
    is ignored.
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
    """A warning for characters that no font has: their scripts, and packages with such fonts."""
    scripts = sorted({_script(sign) for sign in missing})
    packages = sorted({PACKAGES.get(script, OTHER_PACKAGE) for script in scripts})
    return (
        f"figures: no installed font has the characters of: {', '.join(scripts)}; they are drawn "
        f"as boxes. Install a font (on Debian and Ubuntu: apt-get install {' '.join(packages)}), "
        "then plot again"
    )


def in_order(*parts: str) -> str:
    """Join parts to a label from left to right, each part in the direction of its own script."""
    label = "".join(parts)
    if not any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in label):
        return label
    return LEFT_TO_RIGHT + "".join(f"{ISOLATE}{part}{END_OF_ISOLATE}" for part in parts)


def width_in_letters(text: str) -> int:
    """The width of a text in Latin letters; an East Asian character counts as two."""
    return sum(1 + (unicodedata.east_asian_width(sign) in "WF") for sign in text)


def _face_of(family: str) -> FontPath:
    """The file of a family's upright face.

    Raises:
        ValueError: the family is not installed
    """
    return findfont(FontProperties(family=family), fallback_to_default=False)


@cache
def _faces() -> dict[str, FontPath]:
    """The upright face of each installed family whose weight is nearest to regular.

    Fonts that were installed after matplotlib made its list are added to the list.
    """
    bundled = Path(get_data_path(), "fonts")
    alone = bool(os.getenv("MPL_IGNORE_SYSTEM_FONTS"))
    known = {entry.fname for entry in fontManager.ttflist}
    for path in [] if alone else sorted({*findSystemFonts()} - known):
        with suppress(Exception):  # as in matplotlib, unreadable files are ignored
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
    """Whether a character has a glyph, unlike control characters and variation selectors."""
    return unicodedata.category(sign) not in ("Cc", "Cf") and "VARIATION" not in _name(sign)


def _rank(family: str, region: str) -> tuple[bool, bool, bool, str]:
    """Sort key of families that cover equally many characters; the least is chosen."""
    return "Sans" not in family, "Mono" in family, not family.endswith(region), family


def _region(characters: Iterable[str]) -> str:
    """The suffix of font names for the regional glyphs that Chinese characters need.

    It depends on the other characters: kana need Japanese glyphs, Hangul Korean ones.
    """
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
