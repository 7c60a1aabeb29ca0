"""The sample's sentences for language identification: enough, apart from each other, correct."""

import re
from functools import cache
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
LANGUAGES = ("deu", "eng", "fra", "ita", "nld", "spa")


@cache
def sentences(language: str) -> tuple[str, ...]:
    text = (SAMPLE / f"sentences.{language}.txt").read_bytes().decode()
    assert text.endswith("\n")
    return tuple(text[:-1].split("\n"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_distinct_sentences_of_a_few_words(language: str) -> None:
    assert 1_500 <= len(sentences(language)) <= 3_000
    assert len(set(sentences(language))) == len(sentences(language))
    lengths = [len(text.split()) for text in sentences(language)]
    assert min(lengths) == 2
    assert max(lengths) <= 12
    # Short ones are what language identification fails on: some, but not most.
    assert 0.02 < sum(length <= 3 for length in lengths) / len(lengths) < 0.25


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_look_like_sentences(language: str) -> None:
    for text in sentences(language):
        assert re.fullmatch(r"[¿¡]?('s )?[^\W\d_a-zà-ÿ][^\d_¿¡.?!]*[.?!]", text), text
        assert not re.search(r"  |\b(?!her|nous|vous)(\w+) \1\b|\s$", text), text


def test_no_sentence_is_of_two_languages() -> None:
    every = [text.casefold() for language in LANGUAGES for text in sentences(language)]
    assert len(set(every)) == len(every)


@pytest.mark.parametrize(
    ("language", "letters"),
    [("deu", "äöüßÜ"), ("fra", "éèêçàœÉ"), ("ita", "èéàòùÈ"), ("nld", "'"), ("spa", "ñáéíóú¿¡")],
)
def test_the_letters_of_a_language_are_there(language: str, letters: str) -> None:
    text = "\n".join(sentences(language))
    assert [letter for letter in letters if letter not in text] == []


def test_spanish_questions_and_cries_open_as_they_close() -> None:
    for text in sentences("spa"):
        assert text.endswith("?") == text.startswith("¿"), text
        assert text.endswith("!") == text.startswith("¡"), text


# Language and rule -> what must not be there.
SPANISH_FEMININE = (
    "casa|camisa|mesa|falda|silla|novela|cocina|bicicleta|lámpara|maleta|carta|chaqueta|botella"
)
DUTCH_NEUTER = "huis|boek|overhemd|horloge|paard|bed|kopje"
DUTCH_COMMON = "auto|kamer|hond|tafel|fiets|tuin|rok|jas|stoel|kat|appel|lamp"
FORBIDDEN = {
    "spa contraction": r"\b(a|de) el\b",
    "spa gender": rf"\b(un|el|este|los) ({SPANISH_FEMININE})",
    "spa gender of the adjective": rf"\b({SPANISH_FEMININE})s?( son| es)?( más)? \w+os?\.$",
    "spa number": r"\b(los|las|mis|sus) \w+s (es|está) ",
    "spa y before i": r"\by (i|hi)[a-z]",
    "spa pronoun after a": r"\bA (yo|tú) ",
    "deu ending": r"\b(eine \w+en|einen \w+(e|es)|eine \w+(es|er)|ein \w+e) [A-ZÄÖÜ]",
    "deu noun in lower case": r"\b(der|die|das|de[mn]|eine?|einen|im|am) (?!wenig)[a-zäöü]+[.?!]",
    "deu comma before dass": r"[^,] dass\b",
    "deu first person": r"\b[Ii]ch (ist|hat|sind|bist|wirst|muß)\b",
    "deu second person": r"\b[Dd]u (ist|bin|hat|habe|muss|kann|wird)\b",
    "nld t before je": r"\b(hebt|bent|kunt|zult|wilt|werkt|leest|gaat|koopt) je\b(?! neef)",
    "nld article of a neuter": rf"\b[Dd]e(ze)? ({DUTCH_NEUTER})\b",
    "nld article of a common noun": rf"\b([Hh]et|[Dd]it) ({DUTCH_COMMON})\b",
    "nld ending after een": rf"\been \w+e ({DUTCH_NEUTER})\b",
    "nld person": r"\b[Ii]k (is|bent|heeft|werkt|leest|zijn)\b|\b[Hh]ij (ben|heb|werk|lees)\b",
    "ita elision": r"\b(la|lo|una|della|nella|dalla) [aeiou]|\b[Cc]i è\b|\bdi [Ii]talia\b",
    "ita article before s": r"\b(il|un|i|del) (s[bcdfglmnpqrtvz]|z)",
    "ita article": r"\b(lo|uno|gli) [bcdfglmnpqrtv]|\b(i|il) [aeou]",
    "ita contraction": r"\b(a|di|da|in|su) (il|lo|la|i|gli|le|l')\b",
    "ita number": r"\b(i|gli) (miei|suoi) \w+[oa]\b|\b(le) (mie|sue) \w+a\b",
    "ita essere": r"\bha (andat|uscit|tornat|restat)",
    "ita age": r"(venti|trenta|quaranta|cinquanta|sessanta) anni",
}


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_no_sentence_breaks_a_rule(rule: str) -> None:
    pattern = re.compile(FORBIDDEN[rule])
    assert [text for text in sentences(rule[:3]) if pattern.search(text)] == []


# Sentences that show agreement, from the files themselves.
EXPECTED = """
spa | Sois jóvenes.
spa | Soy trabajadora.
spa | Mis vestidos son grises.
spa | Usted leyó el periódico anoche.
spa | Ayer yo no busqué un trabajo nuevo.
spa | Ayer Carmen no durmió hasta las diez.
spa | ¿Por qué están tan contentos mis padres?
deu | Ich habe einen teuren Mantel.
deu | Ihr habt ein gelbes Boot.
deu | Gestern bin ich ins Kino gegangen.
deu | Ich glaube, dass mein Bruder die Küche putzt.
deu | Dieses Zimmer ist größer als meins.
nld | Jij hebt een oud kopje.
nld | Mijn broer heeft een oude fiets.
nld | Werk je 's ochtends in de tuin?
nld | Eet je neef elke dag een appel?
nld | Ik heb vorige week fruit op de markt gekocht.
ita | Lui ha quarant'anni.
ita | Lei ha uno zaino pesante.
ita | Quest'orologio è più caro del mio.
ita | Alla nostra vicina piace ballare molto bene.
ita | Ieri i miei genitori non sono andati a scuola a piedi.
"""


@pytest.mark.parametrize("line", EXPECTED.strip().splitlines())
def test_sentences_show_the_grammar(line: str) -> None:
    language, text = line.split(" | ")
    assert text in sentences(language)
