"""The files of tagged sentences: CoNLL-U for parts of speech, two columns for entities."""

from collections.abc import Sequence

from grammar.tagged.templates import Token, spaces, text


def conllu(name: str, sentences: Sequence[Sequence[Token]]) -> str:
    """CoNLL-U with words, UPOS and spacing; what the grammar does not know is `_`."""
    return "".join(
        f"# sent_id = {name}-{number}\n# text = {text(tokens)}\n"
        + "".join(map(_word, range(1, len(tokens) + 1), tokens, spaces(tokens)))
        + "\n"
        for number, tokens in enumerate(sentences, 1)
    )


def _word(number: int, token: Token, space: bool) -> str:
    columns = [str(number), token.form, "_", token.upos, "_", "_", "_", "_", "_", "_" if space else "SpaceAfter=No"]
    return "\t".join(columns) + "\n"


def iob2(sentences: Sequence[Sequence[Token]]) -> str:
    """A line `token, tab, tag` for each token, an empty line after each sentence."""
    return "".join("".join(f"{token.form}\t{token.entity}\n" for token in tokens) + "\n" for tokens in sentences)
