"""How a word becomes numbers: its place in the vocabulary, a one-hot vector, its embedding."""

from sheet import KINDS, QUIET, Point, Sheet

SPECIAL = ["<PAD>", "<SOS>", "<EOS>", "<UNK>"]
WORDS = ["je", "ne", "suis", "pas", "le", "chat", "noir", "⋮"]
CHOSEN = (SPECIAL + WORDS).index("chat")

ROW, CELL, WORD_CELL = 0.32, 0.42, 0.95
TOP = 4.25  # of the tables
NUMBERS, VOCABULARY, ONE_HOT, WEIGHTS, EMBEDDING = 2.35, 2.6, 4.15, 5.3, 8.0
FEATURES = 4  # drawn of the embedding

FILL, EDGE = KINDS["embedding"]


def word_encoding() -> Sheet:
    """A word as a one-hot vector, which picks one row of the embedding weights."""
    sheet = Sheet(10, 5.0)
    y = TOP - (CHOSEN + 1) * ROW
    middle = y + ROW / 2
    for place, word in enumerate(SPECIAL + WORDS):
        _draw_row(sheet, place, word)
    for x, width in ((VOCABULARY, WORD_CELL), (ONE_HOT, CELL), (WEIGHTS, FEATURES * CELL)):
        sheet.frame(x, y, (width, ROW), EDGE)

    given = sheet.box(0.75, middle, "chat", "word")
    sheet.arrow(given.right, Point(NUMBERS - 0.2, middle))
    sheet.shape(1.68, middle + 0.14, "look up", align="center")
    sheet.text((ONE_HOT + CELL + WEIGHTS) / 2, middle, "×", size=15)
    sheet.arrow(Point(WEIGHTS + FEATURES * CELL + 0.06, middle), Point(EMBEDDING - 0.06, middle))
    for column in range(FEATURES):
        sheet.cell(EMBEDDING + column * CELL, y, (CELL, ROW), "", FILL)
    sheet.frame(EMBEDDING, y, (FEATURES * CELL, ROW), EDGE)

    _name_tables(sheet, middle)
    return sheet


def _draw_row(sheet: Sheet, place: int, word: str) -> None:
    """One word across the three tables; "⋮" stands for all the words that are left out."""
    y = TOP - (place + 1) * ROW
    left_out = word == "⋮"
    fill = FILL if place == CHOSEN else "#FFFFFF"
    if not left_out:
        sheet.text(NUMBERS, y + ROW / 2, str(place), size=9.5, colour=QUIET)
    word_fill = "#EEEEEE" if word in SPECIAL else fill
    sheet.cell(VOCABULARY, y, (WORD_CELL, ROW), word, word_fill)
    sheet.cell(ONE_HOT, y, (CELL, ROW), word if left_out else str(int(place == CHOSEN)), fill)
    for column in range(FEATURES):
        sheet.cell(WEIGHTS + column * CELL, y, (CELL, ROW), word if left_out else "", fill)


def _name_tables(sheet: Sheet, middle: float) -> None:
    for x, y, name, shape in (
        (VOCABULARY + WORD_CELL / 2, TOP, "vocabulary", "number, word"),
        (ONE_HOT + CELL / 2, TOP, "one-hot", "(vocabulary,)"),
        (WEIGHTS + FEATURES * CELL / 2, TOP, "embedding weights", "(vocabulary, embedding)"),
        (EMBEDDING + FEATURES * CELL / 2, middle + ROW / 2, "embedding of “chat”", "(embedding,)"),
    ):
        sheet.text(x, y + 0.42, name, weight="bold")
        sheet.shape(x, y + 0.17, shape, align="center")
    special_middle = TOP - len(SPECIAL) * ROW / 2
    sheet.bar(Point(2.1, TOP - len(SPECIAL) * ROW + 0.04), Point(2.1, TOP - 0.04))
    sheet.shape(2.0, special_middle, "special\ntokens", align="right")
