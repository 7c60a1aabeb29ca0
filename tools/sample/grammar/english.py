"""English morphology: plurals, verb forms, contractions, comparatives."""

from dataclasses import dataclass

_DOUBLING = frozenset({"run", "swim", "get", "win", "forget", "travel"})
_PLURALS = {"child": "children", "man": "men", "woman": "women", "knife": "knives",
            "mouse": "mice", "person": "people", "wife": "wives"}
_NOT = {"is": "isn 't", "are": "aren 't", "was": "wasn 't", "were": "weren 't", "do": "don 't",
        "does": "doesn 't", "did": "didn 't", "will": "won 't", "can": "can 't",
        "have": "haven 't", "has": "hasn 't", "must": "mustn 't"}
_SHORT = {"am": "'m", "is": "'s", "are": "'re", "will": "'ll", "have": "'ve", "has": "'s"}

_COMPARATIVES = {"good": "better", "bad": "worse", "big": "bigger", "sad": "sadder",
                 "hot": "hotter", "shy": "shyer"}
_TAKES_ER = frozenset(
    "tall short small young old strong weak rich poor kind nice brave shy calm proud quick slow"
    " fast strict warm cold long cheap large near new clean thick light dark".split()
)


def _with_s(word: str) -> str:
    if word.endswith(("s", "sh", "ch", "x", "z", "o")):
        return word + "es"
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + "s"


def plural(noun: str) -> str:
    """The plural of a noun (`photo` and `piano` take a plain s)."""
    head, _, last = noun.rpartition(" ")
    many = _PLURALS.get(last) or (last + "s" if last in ("photo", "piano") else _with_s(last))
    return f"{head} {many}".strip()


def comparative(adjective: str) -> str:
    """`taller`, `happier`, `more patient`."""
    if adjective in _COMPARATIVES:
        return _COMPARATIVES[adjective]
    if adjective.endswith("y"):
        return adjective[:-1] + "ier"
    if adjective in _TAKES_ER:
        return adjective + ("r" if adjective.endswith("e") else "er")
    return f"more {adjective}"


@dataclass(frozen=True)
class EnglishVerb:
    """The forms of a verb; `base` may carry a particle (`get up`, `look for`)."""

    base: str
    past: str
    participle: str

    @property
    def third(self) -> str:
        head, particle = self._parts()
        return ({"have": "has", "be": "is"}.get(head) or _with_s(head)) + particle

    @property
    def ing(self) -> str:
        head, particle = self._parts()
        if head.endswith("ie"):
            stem = head[:-2] + "y"
        elif head in _DOUBLING:
            stem = head + head[-1]
        else:
            stem = head[:-1] if head.endswith("e") and not head.endswith("ee") else head
        return stem + "ing" + particle

    def _parts(self) -> tuple[str, str]:
        head, space, particle = self.base.partition(" ")
        return head, space + particle


def english_verb(cell: str) -> EnglishVerb:
    """A verb from a table: `eat ate eaten`, `work` (regular), `wait + for` (with a particle)."""
    forms, _, particle = cell.partition("+")
    base, *others = forms.split()
    stem = base + base[-1] if base in _DOUBLING else base
    regular = base + "d" if base.endswith("e") else (
        base[:-1] + "ied" if base.endswith("y") and base[-2] not in "aeiou" else stem + "ed"
    )
    past, participle = (others + others)[:2] if others else (regular, regular)
    tail = f" {particle.strip()}" if particle else ""
    return EnglishVerb(base + tail, past + tail, participle + tail)


def shortened(auxiliary: str) -> str:
    """The auxiliary as it leans on a pronoun: `'m`, `'re`, `'ll`."""
    return _SHORT.get(auxiliary, auxiliary)


def negated(auxiliary: str) -> str:
    """`isn 't`, `don 't`: the auxiliary with `not` contracted, as two pieces."""
    return _NOT[auxiliary]
