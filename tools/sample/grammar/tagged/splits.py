"""Train, dev and test: no sentence in two of them, and words that training never sees."""

from collections.abc import Callable, Collection, Mapping

from grammar.choice import draw
from grammar.tagged.templates import Token

SIZES = {"train": 2_000, "dev": 300, "test": 400}
SUFFIXES = ("ness", "er", "ers", "ing", "ful", "less", "able", "ment", "tion", "ed", "est")
Fate = Callable[[Token], str]


def fate(token: Token, kept: Collection[str], test: int = 9, dev: int = 15) -> str:
    """Where a word may stand: `train` is everywhere, `dev` and `test` that split alone.

    Words in `kept` stand everywhere. Of the others `test` percent are for the test set alone, as many
    more as `dev` says above that for the dev set; of words whose suffix tells the tag half or a third.
    """
    word = token.form.lower()
    if word in kept:
        return "train"
    share = draw(f"fate {word}") % 100
    if word.endswith("ly"):
        test, dev = 50, 62
    elif word.endswith(SUFFIXES):
        test, dev = 34, 46
    return "test" if share < test else "dev" if share < dev else "train"


def split(
    make: Callable[[int], list[Token]], held_out: Fate, unseen: Mapping[str, float]
) -> dict[str, list[list[Token]]]:
    """Sentences made by number until each split is full; each goes where its words may stand.

    `unseen` is the share of dev and of test sentences with a word that training lacks, by the ending
    of such a word (the first that fits, so `""` comes last). The others go where their digest says.
    """
    found: dict[str, list[list[Token]]] = {name: [] for name in SIZES}
    room: dict[tuple[str, str | None], int] = {("train", None): SIZES["train"]}
    for name in ("dev", "test"):
        room |= {(name, ending): round(SIZES[name] * share) for ending, share in unseen.items()}
        room[name, None] = SIZES[name] - sum(room[name, ending] for ending in unseen)
    seen: set[str] = set()
    number = 0
    while any(room.values()):
        tokens = make(number)
        number += 1
        key = " ".join(token.form for token in tokens)
        held = {token.form: held_out(token) for token in tokens if held_out(token) != "train"}
        if key in seen or len(set(held.values())) > 1:
            continue
        seen.add(key)
        own = ("train", "train", "train", "dev", "test")[draw(f"split {key}") % 5]
        name = next(iter(held.values()), own)
        kind = next((ending for ending in unseen for word in held if word.endswith(ending)), None)
        if room[name, kind]:
            room[name, kind] -= 1
            found[name].append(tokens)
    return found
