"""`nlpflow translate`: sentences from arguments or standard input through a trained run."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from nlpflow.errors import UserError
from nlpflow.figures.attention import attention_matrix
from nlpflow.figures.style import Style, save
from nlpflow.models.attention import NoAttention
from nlpflow.tasks.translation.translator import (
    Translation,
    load_translator,
    normalise_sentences,
)


def translate(run: str, sentences: Sequence[str], attention: str | None) -> int:
    """Print one translation a line; returns the exit status."""
    if attention is not None:
        _check_attention(attention, sentences)
    translator, normalisation = load_translator(Path(run))
    if attention is not None and isinstance(translator.model.decoder.attention, NoAttention):
        raise UserError(f"run {run} has no attention to draw; choose a run of another experiment")
    # A terminal and a pipe get each line's answer at once; many lines are translated in batches.
    size = 1 if sys.stdin.isatty() else translator.decoding.batch_size
    for chunk in _chunks(sentences or _lines(), size):
        outputs = translator.translate(normalise_sentences(chunk, normalisation))
        for sentence, output in zip(chunk, outputs, strict=True):
            print(output.text, flush=True)
            _report_limits(sentence, output, translator.model.decoder.attention)
    if attention is not None:
        path = Path(attention)
        figure = attention_matrix(output.weights, output.src_tokens, output.tgt_tokens, Style())
        save(figure, path.with_suffix(""), Style(), formats=[path.suffix[1:]])
        print(f"nlpflow: attention drawn to {path}", file=sys.stderr)
    return 0


def _check_attention(attention: str, sentences: Sequence[str]) -> None:
    path = Path(attention)
    if len(sentences) != 1:
        raise UserError(f"--attention draws one sentence, not {len(sentences)}: give exactly one")
    if path.suffix not in (".png", ".svg"):
        raise UserError(f"--attention {attention}: the name must end in .png or .svg")
    if not path.parent.is_dir():
        raise UserError(f"--attention {attention}: there is no folder {path.parent}")


def _report_limits(sentence: str, output: Translation, attention: object) -> None:
    """Say on stderr what the run could not know or see of a sentence."""
    if output.unknown:
        words = ", ".join(dict.fromkeys(output.unknown))
        print(f"nlpflow: unknown to this run: {words}", file=sys.stderr)
    limit = getattr(attention, "max_length", None)
    if limit is not None and len(output.src_tokens) > limit:
        print(
            f"nlpflow: the attention of this run sees the first {limit} of "
            f"{len(output.src_tokens)} tokens of: {sentence}",
            file=sys.stderr,
        )


def _lines() -> Iterator[str]:
    """Lines of standard input; invalid UTF-8 is replaced rather than fatal."""
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    for line in sys.stdin:
        yield line.rstrip("\r\n")


def _chunks(sentences: Iterable[str], size: int) -> Iterator[list[str]]:
    iterator = iter(sentences)
    while chunk := list(islice(iterator, size)):
        yield chunk
