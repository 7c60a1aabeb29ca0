"""Sentences of each language alone, for language identification."""

from collections.abc import Callable, Iterable

from grammar.choice import some
from grammar.languages import dutch, german, italian, spanish

COUNT = 2_400
SHORTEST, LONGEST = 2, 12  # words
_GRAMMARS: dict[str, Callable[[], Iterable[str]]] = {
    "deu": german.sentences,
    "ita": italian.sentences,
    "nld": dutch.sentences,
    "spa": spanish.sentences,
}


def by_language(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """`COUNT` distinct sentences of each language, the shortest first.

    English and French are sides of the pairs of the bilingual grammar, the others have grammars of
    their own.
    """
    english, french = zip(*pairs)
    sources = {"eng": english, "fra": french}
    sources |= {language: tuple(make()) for language, make in _GRAMMARS.items()}
    return {language: _chosen(language, sources[language]) for language in sorted(sources)}


def _chosen(language: str, sentences: Iterable[str]) -> list[str]:
    fitting = sorted({text for text in sentences if SHORTEST <= len(text.split()) <= LONGEST})
    return sorted(some(f"sentences {language}", COUNT, fitting), key=lambda text: (len(text), text))
