"""From pieces to sentences: elision, contraction, spaces, capitals; and the word alignment."""

import re
import unicodedata

from grammar.phrase import MARKS, Phrase, Piece

NARROW_SPACE = "\u202f"  # French typography puts it before ? ! ; :

_ELIDED = {"je": "j'", "le": "l'", "la": "l'", "ne": "n'", "de": "d'", "que": "qu'",
           "me": "m'", "te": "t'", "se": "s'", "ce": "cet",
           "ma": "mon", "ta": "ton", "sa": "son"}
_CONTRACTED = {("de", "le"): "du", ("de", "les"): "des", ("à", "le"): "au", ("à", "les"): "aux"}
_NO_ELISION = ("haut", "haricot", "hasard", "hibou", "honte", "hors", "huit", "onze", "oui")
_AN_DESPITE_SPELLING = ("hour", "honest")
_A_DESPITE_SPELLING = ("university", "useful", "used", "european", "one", "uniform")


def normalise(sentence: str) -> str:
    """The sentence as the translation tutorial normalises it; tokens are divided by single spaces.

    Lower case, no accents, a space before each of . ! ?, and one space for each run of anything
    else that is not one of the letters a-z.
    """
    decomposed = unicodedata.normalize("NFD", sentence.lower().strip())
    bare = "".join(char for char in decomposed if unicodedata.category(char) != "Mn")
    return re.sub(r"[^a-zA-Z.!?]+", " ", re.sub(r"([.!?])", r" \1", bare))


def spell(phrase: Phrase, space: str = NARROW_SPACE) -> tuple[str, str, list[tuple[int, int]]]:
    """(English, French, links) of a sentence; links are pairs of token indexes after `normalise`.

    `space` stands before the French marks ? ! ; : .
    """
    english = _with_articles(phrase.en)
    french = _contracted(_elided(phrase.fr))
    sentences = _join(english, ""), _join(french, space)
    sides = [_tokens(pieces, text) for pieces, text in zip((english, french), sentences)]
    links = [
        (i, j)
        for i, english_keys in enumerate(sides[0])
        for j, french_keys in enumerate(sides[1])
        if english_keys & french_keys
    ]
    return *sentences, links


def starts_with_vowel(word: str) -> bool:
    """Whether French elides before the word."""
    bare = unicodedata.normalize("NFD", word.lower())
    return bare[0] in "aeiouyhœ" and not bare.startswith(_NO_ELISION)


def _with_articles(pieces: tuple[Piece, ...]) -> list[Piece]:
    """English `a` before a vowel becomes `an`."""
    texts = [piece.text for piece in pieces]
    for k, following in enumerate(texts[1:]):
        word = following.lower()
        vowel = word[0] in "aeiou" and not word.startswith(_A_DESPITE_SPELLING)
        if texts[k] == "a" and (vowel or word.startswith(_AN_DESPITE_SPELLING)):
            texts[k] = "an"
    return [Piece(text, piece.keys) for text, piece in zip(texts, pieces)]


def _elided(pieces: tuple[Piece, ...]) -> list[Piece]:
    """`je ai` becomes `j'ai`, `ma amie` `mon amie`, `ce homme` `cet homme`, `si il` `s'il`."""
    texts = [piece.text for piece in pieces]
    for k, following in enumerate(texts[1:]):
        if texts[k] == "si" and following in ("il", "ils"):
            texts[k] = "s'"
        elif texts[k] == "ce" and following in ("est", "était", "étaient"):
            texts[k] = "c'"
        elif texts[k] in _ELIDED and following[0] not in MARKS and starts_with_vowel(following):
            texts[k] = _ELIDED[texts[k]]
    return [Piece(text, piece.keys) for text, piece in zip(texts, pieces)]


def _contracted(pieces: list[Piece]) -> list[Piece]:
    """`de le` becomes `du`, `à les` `aux`: one piece with the keys of both."""
    done: list[Piece] = []
    for piece in pieces:
        merged = _CONTRACTED.get((done[-1].text, piece.text)) if done else None
        if merged:
            piece = Piece(merged, done.pop().keys | piece.keys)
        done.append(piece)
    return done


def _join(pieces: list[Piece], space: str) -> str:
    """The sentence: pieces with spaces between, save where apostrophe, hyphen or mark join."""
    text = ""
    for piece in pieces:
        if piece.text in ("?", "!", ";", ":"):
            text += space
        elif text and piece.text not in MARKS and piece.text[0] not in "'-" and text[-1] != "'":
            text += " "
        text += piece.text
    return text[0].upper() + text[1:]


def _tokens(pieces: list[Piece], sentence: str) -> list[frozenset[str]]:
    """The keys of each token of the normalised sentence."""
    tokens = [(token, piece.keys) for piece in pieces for token in normalise(piece.text).split()]
    if " ".join(token for token, _ in tokens) != normalise(sentence):
        raise ValueError(f"pieces and sentence normalise differently: {sentence!r}")
    return [keys for _, keys in tokens]
