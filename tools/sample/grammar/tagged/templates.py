"""Templates with tags: a context-free grammar whose words carry part of speech and entity.

A rule is a line `symbol | expansion | expansion ...`. In an expansion `{symbol}` stands for one of
the expansions of that symbol, `word/TAG` for a token, `[PER ... ]` marks the tokens between as an
entity. Marks of punctuation need no tag. A symbol may be written on several lines.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from grammar.choice import one
from grammar.table import rows

MARKS = frozenset(". , ? ! : ( ) \"".split())
_NO_SPACE_BEFORE = MARKS - {"("} | {"n't", "'s", "'m", "'re", "'ve", "'ll", "'"}
Rules = Mapping[str, Sequence[Sequence[str]]]


@dataclass(frozen=True)
class Token:
    """A token with its gold tags; `entity` is in IOB2."""

    form: str
    upos: str
    entity: str = "O"


def rules(*tables: str) -> dict[str, list[list[str]]]:
    """The expansions of each symbol of the tables; undefined symbols are refused."""
    found: dict[str, list[list[str]]] = {}
    for symbol, *expansions in (row for table in tables for row in rows(table)):
        found.setdefault(symbol, []).extend(expansion.split() for expansion in expansions)
    used = {part for parts in found.values() for expansion in parts for part in expansion if part[0] == "{"}
    missing = sorted(part for part in used if part[1:-1] not in found)
    if missing:
        raise ValueError(f"no rule for {' '.join(missing)}")
    return found


def terminals(grammar: Rules) -> Iterator[Token]:
    """All tokens that the rules spell."""
    for expansions in grammar.values():
        for parts in expansions:
            for part in parts:
                if part[0] not in "{[]":
                    yield _token(part)


def sentence(grammar: Rules, salt: str) -> list[Token]:
    """The sentence that the salt chooses: expanded from `sentence`, with `an` and a capital."""
    choices = 0

    def expand(symbol: str) -> list[Token]:
        nonlocal choices
        choices += 1
        tokens: list[Token] = []
        entity, opened = "", 0
        for part in one(f"{salt} {choices}", grammar[symbol]):
            if part[0] == "{":
                tokens += expand(part[1:-1])
            elif part[0] == "[":
                entity, opened = part[1:], len(tokens)
            elif part == "]":
                marked = tokens[opened:]
                tokens[opened:] = [replace(token, entity=f"{'BI'[k > 0]}-{entity}") for k, token in enumerate(marked)]
            else:
                tokens.append(_token(part))
        return tokens

    return _spelled(expand("sentence"))


def text(tokens: Sequence[Token]) -> str:
    """The sentence as it is written."""
    return "".join(f"{token.form}{' ' if space else ''}" for token, space in zip(tokens, spaces(tokens)))


def spaces(tokens: Sequence[Token]) -> list[bool]:
    """Whether a space follows each token."""
    following = [token.form for token in tokens[1:]]
    after = [after not in _NO_SPACE_BEFORE for after in following]
    return [space and token.form != "(" for token, space in zip(tokens, after)] + [False]


def _token(part: str) -> Token:
    word, slash, tag = part.rpartition("/")
    return Token(word, tag) if slash else Token(part, "PUNCT" if part in MARKS else "")


def _spelled(tokens: list[Token]) -> list[Token]:
    spelled = [
        replace(token, form="an") if token.form == "a" and _vowel(after.form) else token
        for token, after in zip(tokens, [*tokens[1:], tokens[-1]])
    ]
    first = spelled[0].form
    return [replace(spelled[0], form=first[0].upper() + first[1:]), *spelled[1:]]


def _vowel(word: str) -> bool:
    """Whether `an` stands before the word."""
    lower = word.lower()
    return (lower[0] in "aeiou" and not lower.startswith(("use", "uni", "eu", "one"))) or lower.startswith(("hour", "honest"))
