"""One step of the decoder that looks back at the source: attention scored by a linear layer."""

from sheet import KINDS, Point, Sheet

STATE = KINDS["state"][1]
INPUTS, ATTENTION, OUTPUT, STATES = 1.3, 5.0, 9.1, 12.0  # the columns' middles
WIDE, TALL = 1.75, 0.58


def attention_decoder() -> Sheet:
    """Score the source positions from embedding and state, mix the outputs, then step the GRU."""
    sheet = Sheet(13.1, 7.1)
    word = sheet.box(INPUTS, 0.5, "previous word", "word", WIDE)
    embedding = sheet.box(INPUTS, 1.4, "embedding", "embedding", WIDE)
    hidden = sheet.box(INPUTS, 2.5, "previous\nhidden state", "state", WIDE, TALL)
    mask_in = sheet.box(INPUTS, 3.6, "source mask", "word", WIDE)
    outputs = sheet.box(INPUTS, 5.8, "encoder outputs", "state", WIDE)

    scores = sheet.box(ATTENTION, 2.5, "linear over\n[embedding, hidden]", "linear", WIDE, TALL)
    mask = sheet.box(ATTENTION, 3.6, "mask padding", "function", WIDE)
    softmax = sheet.box(ATTENTION, 4.7, "softmax", "function", WIDE)
    mix = sheet.box(ATTENTION, 5.8, "weighted sum", "function", WIDE)

    combine = sheet.box(OUTPUT, 2.5, "linear over\n[embedding, context]", "linear", WIDE, TALL)
    relu = sheet.box(OUTPUT, 3.35, "ReLU", "function", WIDE)
    gru = sheet.box(OUTPUT, 4.2, "GRU", "recurrent", WIDE)
    linear = sheet.box(OUTPUT, 5.05, "linear", "linear", WIDE)
    log_softmax = sheet.box(OUTPUT, 5.85, "log-softmax", "function", WIDE)
    next_word = sheet.box(OUTPUT, 6.65, "next word", "word", WIDE)

    old = sheet.box(STATES, 3.7, "previous\nhidden state", "state", 1.45, TALL)
    new = sheet.box(STATES, 4.7, "new\nhidden state", "state", 1.45, TALL)

    sheet.arrow(word.top, embedding.bottom)
    fork = Point(ATTENTION, embedding.middle.y)
    sheet.arrow(embedding.right, Point(OUTPUT, fork.y), combine.bottom)
    sheet.arrow(fork, scores.bottom)
    sheet.dot(fork)
    sheet.arrow(hidden.right, scores.left, colour=STATE)
    sheet.arrow(mask_in.right, mask.left)
    sheet.arrow(outputs.right, mix.left)
    for lower, upper in (
        (scores, mask),
        (mask, softmax),
        (softmax, mix),
        (combine, relu),
        (relu, gru),
        (gru, linear),
        (linear, log_softmax),
        (log_softmax, next_word),
    ):
        sheet.arrow(lower.top, upper.bottom)
    aisle = (mix.right.x + combine.left.x) / 2
    sheet.arrow(mix.right, Point(aisle, mix.middle.y), Point(aisle, combine.middle.y), combine.left)
    turn = STATES - 1.2
    sheet.arrow(
        old.left, Point(turn, 3.7), Point(turn, 4.1), gru.right.moved(up=-0.1), colour=STATE
    )
    sheet.arrow(gru.right.moved(up=0.1), Point(turn, 4.3), Point(turn, 4.7), new.left, colour=STATE)
    _write_shapes(sheet)
    return sheet


def _write_shapes(sheet: Sheet) -> None:
    between = (INPUTS + ATTENTION) / 2
    for y, shape in (
        (1.54, "(batch, embedding)"),
        (2.64, "(batch, hidden)"),
        (3.74, "(batch, src_len)"),
        (5.94, "(batch, src_len, hidden)"),
    ):
        sheet.shape(between, y, shape, align="center")
    sheet.shape(INPUTS + 0.1, 0.94, "(batch,)")
    for y, shape in (
        (3.09, "scores (batch, src_len)"),
        (4.15, "scores (batch, src_len)"),
        (5.25, "weights (batch, src_len)"),
    ):
        sheet.shape(ATTENTION + 0.1, y, shape)
    sheet.shape(7.15, 4.2, "context\n(batch, hidden)")
    for y, shape in (
        (2.97, "(batch, hidden)"),
        (3.77, "(batch, hidden)"),
        (4.62, "(batch, hidden)"),
        (5.45, "(batch, vocabulary)"),
        (6.25, "(batch, vocabulary)"),
    ):
        sheet.shape(OUTPUT + 0.1, y, shape)
