"""`nlpflow tag`: sentences or CoNLL-U from arguments, a file or standard input, through a run."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Literal, NamedTuple

import conllu
from conllu.models import Token, TokenList

from nlpflow.corpora.tagged_files import AS_TEXT, line_problem
from nlpflow.errors import UserError
from nlpflow.prepare.tagged import normalise_words
from nlpflow.tasks.labelling.labeller import BATCH, Labeller, Probabilities, load_labeller
from nlpflow.tasks.labelling.lines import Labelled, coloured, columns, conllu_text
from nlpflow.tasks.labelling.scoring import scheme_of
from nlpflow.text.streams import decodable
from nlpflow.text.tag_schemes import Scheme, read_spans, write_tags

Found = list[list[tuple[list[str], float | None]]]
"""The candidates of each sentence: tags and their log probability, if asked for."""
Format = Literal["conllu", "columns", "colour"]

LONGEST = 10_000
"""Words; more are no sentence, and memory is bounded."""


class Request(NamedTuple):
    """What `nlpflow tag` is asked for."""

    run: str
    sentences: Sequence[str]
    file: str | None
    conllu: bool
    """Whether the input is CoNLL-U, rather than a sentence a line, words between spaces."""
    format: Format
    marginals: bool
    k_best: int


def tag(request: Request) -> int:
    """Write the sentences with their tags; returns the exit status."""
    labeller, settings, normalisation = load_labeller(Path(request.run))
    scheme = scheme_of(settings)
    write = {"conllu": conllu_text, "columns": columns, "colour": coloured}[request.format]
    # A terminal gets each line's answer at once; many lines are labelled in batches.
    size = 1 if sys.stdin.isatty() and not request.file else BATCH
    for chunk in _chunks(_sentences(request), size):
        for labelled in _label(labeller, chunk, normalisation, scheme, request):
            sys.stdout.write(write(labelled))
        sys.stdout.flush()
    return 0


def _label(
    labeller: Labeller,
    sentences: Sequence[TokenList],
    normalisation: str,
    scheme: Scheme | None,
    request: Request,
) -> Iterator[Labelled]:
    words = [_words(sentence) for sentence in sentences]
    read = [normalise_words(row, normalisation) for row in words]
    if request.k_best > 1:
        found: Found = [
            [(candidate.tags, candidate.log_probability) for candidate in candidates]
            for candidates in labeller.k_best(read, request.k_best)
        ]
    else:
        found = [[(tags, None)] for tags in labeller.label(read)]
    probabilities: Sequence[Probabilities | None] = [None] * len(read)
    if request.marginals:
        probabilities = labeller.probabilities(read)
    numbers = labeller.vocabulary.tag_ids
    for sentence, row, candidates, table in zip(
        sentences, words, found, probabilities, strict=True
    ):
        for rank, (tags, score) in enumerate(candidates, start=1):
            shares = []
            if table is not None:
                shares = [float(table[at, numbers[name]]) for at, name in enumerate(tags)]
            shown = _shown(tags, scheme)
            yield Labelled(sentence, row, shown, scheme is not None, shares, rank, score)


def _shown(tags: Sequence[str], scheme: Scheme | None) -> list[str]:
    """Tags for the reader: entities in IOB2, whatever the model has inside."""
    if scheme is None:
        return list(tags)
    return write_tags(read_spans(tags, scheme)[0], len(tags))


def _words(sentence: TokenList) -> list[str]:
    return [token["form"] for token in sentence if isinstance(token["id"], int)]


def _sentences(request: Request) -> Iterator[TokenList]:
    """The sentences of the arguments, the file or standard input; those without words left out."""
    where = request.file or ("command line" if request.sentences else "standard input")
    given = map(decodable, request.sentences)
    lines: Iterable[str] = given if request.sentences else _lines(request.file)
    sentences = _parsed(lines, where) if request.conllu else _plain(lines, where)
    return (sentence for sentence in sentences if _words(sentence))


def _plain(lines: Iterable[str], where: str) -> Iterator[TokenList]:
    for number, line in enumerate(lines, start=1):
        words = line.split()
        _check_length(len(words), f"{where}, line {number}")
        yield TokenList([Token(id=at, form=word) for at, word in enumerate(words, start=1)])


def _check_length(words: int, where: str) -> None:
    if words > LONGEST:
        raise UserError(
            f"{where}: {words:,} words, and no sentence has more than {LONGEST:,}; "
            "cut the text into sentences"
        )


def _parsed(lines: Iterable[str], where: str) -> Iterator[TokenList]:
    """CoNLL-U, a sentence at a time; UserError with the line at fault."""
    block: list[str] = []
    for number, line in enumerate(chain(lines, [""]), start=1):
        if line.strip():
            comment = line.strip().startswith("#")
            if not comment and (problem := line_problem(line)):
                raise UserError(f"{where}, line {number}: no CoNLL-U: {problem}")
            block.append(line)
        elif block:
            _check_length(len(block), f"{where}, before line {number}")
            try:
                yield from conllu.parse("\n".join(block), field_parsers=AS_TEXT)
            except conllu.exceptions.ParseException as error:
                reason = " ".join(str(error).split())
                raise UserError(f"{where}, before line {number}: no CoNLL-U: {reason}") from None
            block = []


def _lines(file: str | None) -> Iterator[str]:
    """Lines of a file or of standard input; invalid UTF-8 is replaced rather than fatal."""
    if file is None:
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        yield from (line.rstrip("\r\n") for line in sys.stdin)
        return
    try:
        with Path(file).open(encoding="utf-8-sig", errors="replace", newline="\n") as stream:
            yield from (line.rstrip("\r\n") for line in stream)
    except OSError as error:
        raise UserError(f"{file}: cannot be read: {error.strerror}") from None


def _chunks(sentences: Iterable[TokenList], size: int) -> Iterator[list[TokenList]]:
    """So many at a time; what stands before a line at fault is given out, too."""
    chunk: list[TokenList] = []
    try:
        for sentence in sentences:
            chunk.append(sentence)
            if len(chunk) == size:
                yield chunk
                chunk = []
    except UserError:
        if chunk:
            yield chunk
        raise
    if chunk:
        yield chunk
