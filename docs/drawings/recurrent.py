"""The two recurrent networks of a translator, unrolled in time: encoder and plain decoder."""

from itertools import pairwise

from sheet import KINDS, QUIET, Box, Point, Sheet

SRC = ["je", "ne", "suis", "pas", "le", "chat", "noir", "<EOS>"]
TGT = ["i", "am", "not", "the", "black", "cat", "<EOS>"]
STATE = KINDS["state"][1]
WIDTH, WIDE = 0.78, 1.02  # of a box, in the encoder and in the decoder


def encoder() -> Sheet:
    """A GRU reads the source from left to right; its last state is the context vector."""
    sheet = Sheet(13.1, 4.5)
    rows = {0.5: "source words", 1.45: "embedding", 2.5: "GRU", 3.55: "encoder outputs"}
    _name_rows(sheet, rows)
    xs = [3.75 + 1.06 * step for step in range(len(SRC))]
    state = sheet.box(1.98, 2.5, "zeros", "state", width=0.66)
    for step, (x, word) in enumerate(zip(xs, SRC, strict=True), start=1):
        column = [
            sheet.box(x, 0.5, word, "word", WIDTH),
            sheet.box(x, 1.45, f"e{_below(step)}", "embedding", WIDTH),
            sheet.box(x, 2.5, "GRU", "recurrent", WIDTH),
            sheet.box(x, 3.55, f"o{_below(step)}", "state", WIDTH),
        ]
        _climb(sheet, column)
        sheet.arrow(state.right, column[2].left, colour=STATE)
        state = column[2]
    context = sheet.box(12.35, 2.5, "context\nvector", "state", height=0.58)
    sheet.arrow(state.right, context.left, colour=STATE)

    beside = xs[0] - 0.1
    sheet.shape(beside, 0.97, "(batch,)", align="right")
    sheet.shape(beside, 1.97, "(batch, embedding)", align="right")
    sheet.shape(beside, 3.02, "(batch, hidden)", align="right")
    sheet.shape(2.83, 2.63, "(batch, hidden)", align="center")
    sheet.shape(context.middle.x, 2.02, "(batch, hidden)", align="center")
    middle = (xs[0] + xs[-1]) / 2
    sheet.bar(Point(xs[0] - WIDTH / 2, 3.9), Point(xs[-1] + WIDTH / 2, 3.9))
    sheet.shape(middle, 4.1, "all of them, for attention: (batch, src_len, hidden)", align="center")
    return sheet


def plain_decoder() -> Sheet:
    """A GRU starts from the context vector and is fed its own words until it says <EOS>."""
    sheet = Sheet(13.3, 6.7)
    rows = {
        0.75: "input words",
        1.7: "embedding",
        2.55: "ReLU",
        3.5: "GRU",
        4.45: "linear",
        5.3: "log-softmax",
        6.25: "output words",
    }
    _name_rows(sheet, rows)
    xs = [4.45 + 1.36 * step for step in range(len(TGT))]
    state = sheet.box(2.3, 3.5, "context\nvector", "state", height=0.58)
    fed_back: Box | None = None
    for x, before, word in zip(xs, ["<SOS>", *TGT], TGT, strict=False):
        column = [
            sheet.box(x, 0.75, before, "word", WIDE),
            sheet.box(x, 1.7, "embed", "embedding", WIDE),
            sheet.box(x, 2.55, "ReLU", "function", WIDE),
            sheet.box(x, 3.5, "GRU", "recurrent", WIDE),
            sheet.box(x, 4.45, "linear", "linear", WIDE),
            sheet.box(x, 5.3, "log-softmax", "function", WIDE),
            sheet.box(x, 6.25, word, "word", WIDE),
        ]
        _climb(sheet, column)
        if fed_back is not None:
            gap = x - 0.68
            sheet.arrow(
                fed_back.right,
                Point(gap, 6.25),
                Point(gap, 0.75),
                column[0].left,
                colour=QUIET,
                dashed=True,
            )
        sheet.arrow(state.right, column[3].left, colour=STATE)
        state, fed_back = column[3], column[-1]

    beside = xs[0] - 0.1
    for y, shape in (
        (1.22, "(batch,)"),
        (2.12, "(batch, embedding)"),
        (3.05, "(batch, embedding)"),
        (3.98, "(batch, hidden)"),
        (4.88, "(batch, vocabulary)"),
        (5.78, "(batch, vocabulary)"),
    ):
        sheet.shape(beside, y, shape, align="right")
    sheet.shape(3.35, 3.62, "(batch, hidden)", align="center")
    sheet.shape(
        (xs[0] + xs[-1]) / 2,
        0.25,
        "dashed: the likeliest word is the next input "
        "(under teacher forcing, the reference's word)",
        align="center",
    )
    return sheet


def _name_rows(sheet: Sheet, names: dict[float, str]) -> None:
    for y, name in names.items():
        sheet.text(0.15, y, name, align="left", weight="bold")


def _climb(sheet: Sheet, column: list[Box]) -> None:
    """Arrows from each box of a column to the one above it."""
    for lower, upper in pairwise(column):
        sheet.arrow(lower.top, upper.bottom)


def _below(number: int) -> str:
    """The number in subscript digits."""
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
