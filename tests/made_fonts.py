"""Fonts of rectangles, one for each character, so that tests need none that is installed."""

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen


def make_font(folder: Path, family: str, characters: str, width: int = 1000) -> Path:
    """A font file; characters are `width` thousandths of the font size wide."""
    names = {ord(sign): f"u{ord(sign):05X}" for sign in characters}
    pen = TTGlyphPen(None)
    corners = [(50, 0), (50, 700), (width - 50, 700), (width - 50, 0)]
    pen.moveTo(corners[0])
    for corner in corners[1:]:
        pen.lineTo(corner)
    pen.closePath()
    shape = pen.glyph()
    glyphs = [".notdef", *names.values()]
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(glyphs)
    font.setupCharacterMap(names)
    font.setupGlyf(dict.fromkeys(glyphs, shape))
    font.setupHorizontalMetrics(dict.fromkeys(glyphs, (width, 50)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    names_of_font = {"familyName": family, "styleName": "Regular"}
    font.setupNameTable(names_of_font | {"psName": family.replace(" ", "")})
    font.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200, usWeightClass=400)
    font.setupPost()
    path = folder / f"{family}.ttf"
    font.save(path)
    return path
