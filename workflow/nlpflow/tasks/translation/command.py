"""`nlpflow translate`: sentences, a file or standard input through a trained run."""

import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from tqdm import tqdm

from nlpflow.errors import UserError
from nlpflow.figures.attention import attention_matrix
from nlpflow.figures.style import Style, save
from nlpflow.models.attention import NoAttention
from nlpflow.settings.checks import checked
from nlpflow.settings.translation import Decoding
from nlpflow.tasks.translation.remarks import Remarks
from nlpflow.tasks.translation.translator import (
    Translation,
    Translator,
    load_translator,
    normalise_sentences,
)
from nlpflow.text.streams import Chunk, decodable, open_input, read_chunks, replacing

CHUNK_LINES = 4096
"""Lines that are sorted by length and translated together."""


@dataclass(frozen=True)
class Request:
    """What to translate, how, and where to."""

    run: Path
    sentences: Sequence[str] = ()
    """Without any, lines are read from `input`."""
    input: Path | None = None
    """None: standard input."""
    output: Path | None = None
    """None: standard output."""
    beam: int | None = None
    """None: the run's own."""
    n_best: int | None = None
    """Write so many translations of each sentence, with line number and score."""
    attention: Path | None = None
    """Draw the attention of the only sentence."""


def translate(request: Request) -> int:
    """Write the translations of all lines in their order; returns the exit status.

    Memory does not grow with the input: a chunk of lines is read, translated and written at a
    time. An empty line stays empty.
    """
    _check(request)
    ranked: list[list[Translation]] = []
    with ExitStack() as stack:
        chunks = _chunks(request, stack)
        output = _output(request, stack)
        translator, normalisation = _loaded(request)
        remarks = Remarks(translator, by_line=not request.sentences and not _is_typed(request))
        bar = stack.enter_context(_progress(request))
        for chunk in chunks:
            ranked = _ranked(translator, chunk, normalisation, request.n_best)
            output.write("".join(_rows(chunk, ranked, request.n_best)))
            output.flush()
            remarks.add(chunk, ranked)
            bar.update(chunk.size)
    remarks.finish()
    if request.attention is not None:
        _draw(ranked[0], request.attention)
    return 0


def _check(request: Request) -> None:
    if request.sentences and request.input is not None:
        raise UserError("sentences and --input: give the one or the other")
    path = request.attention
    if path is None:
        return
    if len(request.sentences) != 1 or request.n_best is not None:
        raise UserError(
            f"--attention draws one sentence, not {len(request.sentences)}: give exactly one, "
            "without --n-best"
        )
    if path.suffix not in (".png", ".svg"):
        raise UserError(f"--attention {path}: the name must end in .png or .svg")
    if not path.parent.is_dir():
        raise UserError(f"--attention {path}: there is no folder {path.parent}")


def _chunks(request: Request, stack: ExitStack) -> Iterator[Chunk]:
    if request.sentences:
        return iter([Chunk(1, list(map(decodable, request.sentences)), 0)])
    if request.input is not None:
        stream: BinaryIO = stack.enter_context(open_input(request.input))
        return read_chunks(stream, str(request.input), CHUNK_LINES)
    # Somebody who types wants each line's answer at once.
    lines = 1 if _is_typed(request) else CHUNK_LINES
    return read_chunks(sys.stdin.buffer, "standard input", lines)


def _is_typed(request: Request) -> bool:
    return request.input is None and sys.stdin.isatty()


def _output(request: Request, stack: ExitStack) -> TextIO:
    if request.output is not None:
        return stack.enter_context(replacing(request.output))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    return sys.stdout


def _loaded(request: Request) -> tuple[Translator, str]:
    translator, normalisation = load_translator(request.run)
    if request.beam is not None:
        values = translator.decoding.model_dump() | {"beam": request.beam}
        translator.decoding = checked(Decoding, values, "command line")
    beam = translator.decoding.beam
    if request.n_best is not None and request.n_best > beam:
        raise UserError(
            f"--n-best {request.n_best} needs a beam as large, and it is {beam}: add "
            f"--beam {request.n_best}"
        )
    if request.attention and isinstance(translator.model.decoder.attention, NoAttention):
        raise UserError(
            f"run {request.run} has no attention to draw; choose a run of another experiment"
        )
    return translator, normalisation


def _progress(request: Request) -> "tqdm[Any]":
    """A bar over the bytes read, on a terminal that the translations do not go to."""
    shown = sys.stderr.isatty() and not request.sentences
    shown = shown and (request.output is not None or not sys.stdout.isatty())
    size = request.input.stat().st_size if request.input is not None else None
    return tqdm(total=size or None, unit="B", unit_scale=True, disable=not shown)


def _ranked(
    translator: Translator, chunk: Chunk, normalisation: str, n_best: int | None
) -> list[list[Translation]]:
    """The translations of each line, best first; none of an empty line."""
    sentences = normalise_sentences(chunk.lines, normalisation)
    filled = [sentence for sentence in sentences if sentence]
    if n_best is None:
        found = iter([[output] for output in translator.translate(filled)])
    else:
        found = iter(translator.n_best(filled, n_best))
    return [next(found) if sentence else [] for sentence in sentences]


def _rows(chunk: Chunk, ranked: list[list[Translation]], n_best: int | None) -> Iterator[str]:
    for number, outputs in enumerate(ranked, start=chunk.first):
        if n_best is None:
            yield f"{_on_one_line(outputs[0].text) if outputs else ''}\n"
        elif not outputs:
            yield f"{number}\t{0:.4f}\t\n"  # nothing is certain to become nothing
        for output in outputs if n_best is not None else []:
            yield f"{number}\t{output.score:.4f}\t{_on_one_line(output.text)}\n"


def _on_one_line(text: str) -> str:
    """Subwords that spell bytes can spell the end of a line."""
    return text.replace("\n", " ").replace("\r", " ").replace("\t", " ")


def _draw(outputs: list[Translation], path: Path) -> None:
    if not outputs:
        raise UserError("--attention: nothing is left of the sentence after normalisation")
    output = outputs[0]
    figure = attention_matrix(output.weights, output.src_tokens, output.tgt_tokens, Style())
    save(figure, path.with_suffix(""), Style(), formats=[path.suffix[1:]])
    print(f"nlpflow: attention drawn to {path}", file=sys.stderr)
