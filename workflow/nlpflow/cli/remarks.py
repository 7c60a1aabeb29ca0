"""What a run could not know or see of a sentence, said on standard error."""

from collections.abc import Iterator

from nlpflow.cli.lines import MOST_REMARKS, Lines, say
from nlpflow.tasks.translation.translator import LONGEST_SOURCE, Translation, Translator
from nlpflow.text.streams import Chunk, shortened


class Remarks:
    """Remarks on sentences as they are translated."""

    def __init__(self, translator: Translator, normalisation: str, lines: Lines):
        self._normalisation = normalisation
        self._limit = getattr(translator.model.decoder.attention, "max_length", None)
        self._lines = lines
        self._remarked = 0

    def add(self, chunk: Chunk, ranked: list[list[Translation]]) -> None:
        """Remark on the sentences of a chunk; `ranked` has the translations of each."""
        for number, (sentence, outputs) in enumerate(
            zip(chunk.lines, ranked, strict=True), start=chunk.first
        ):
            found = list(self._remarks(sentence, outputs))
            self._remarked += bool(found and self._lines.name)
            if self._remarked <= MOST_REMARKS:
                for remark in found:
                    say(f"{self._lines.where(number)}{remark}")

    def finish(self) -> None:
        """Say how many lines were passed over."""
        if (more := self._remarked - MOST_REMARKS) > 0:
            say(f"there is as much to say of {more:,} more lines")

    def _remarks(self, sentence: str, outputs: list[Translation]) -> Iterator[str]:
        shown = shortened(sentence)
        if not outputs:
            if sentence.strip():
                yield f"normalisation '{self._normalisation}' leaves nothing of: {shown}"
            return
        output = outputs[0]
        if output.unknown:
            words = list(dict.fromkeys(output.unknown))
            more = f" and {len(words) - 10} more" if len(words) > 10 else ""
            yield f"unknown to this run: {', '.join(map(shortened, words[:10]))}{more}"
        if output.unread:
            yield (
                f"only the first {LONGEST_SOURCE - 1} of "
                f"{LONGEST_SOURCE - 1 + output.unread} tokens are read of: {shown}"
            )
        elif self._limit is not None and len(output.src_tokens) > self._limit:
            yield (
                f"the attention of this run sees the first {self._limit} of "
                f"{len(output.src_tokens)} tokens of: {shown}"
            )
