"""Warnings about words that a translator does not know, and text that it does not read."""

from collections.abc import Iterator

from nlpflow.cli.lines import MOST_WARNINGS, Lines, say
from nlpflow.tasks.translation.translator import LONGEST_SOURCE, Translation, Translator
from nlpflow.text.streams import Chunk, shortened


class TranslationWarnings:
    """Prints warnings about sentences on standard error as they are translated."""

    def __init__(self, translator: Translator, normalisation: str, lines: Lines):
        self._normalisation = normalisation
        self._limit = translator.model.decoder.longest_source
        self._copies = translator.model.decoder.copies
        self._lines = lines
        self._warned = 0

    def add(self, chunk: Chunk, ranked: list[list[Translation]]) -> None:
        """Print the warnings about a chunk.

        Args:
            chunk: the lines
            ranked: the translations of each line
        """
        for number, (sentence, outputs) in enumerate(
            zip(chunk.lines, ranked, strict=True), start=chunk.first
        ):
            found = list(self._warnings(sentence, outputs))
            self._warned += bool(found and self._lines.name)
            if self._warned <= MOST_WARNINGS:
                for warning in found:
                    say(f"{self._lines.where(number)}{warning}")

    def finish(self) -> None:
        """Print the number of lines whose warnings were not shown."""
        if (more := self._warned - MOST_WARNINGS) > 0:
            say(f"warnings about {more:,} more lines are not shown")

    def _warnings(self, sentence: str, outputs: list[Translation]) -> Iterator[str]:
        shown = shortened(sentence)
        if not outputs:
            if sentence.strip():
                yield f"empty after normalisation '{self._normalisation}': {shown}"
            return
        output = outputs[0]
        if output.unknown and not self._copies:
            words = list(dict.fromkeys(output.unknown))
            more = f" and {len(words) - 10} more" if len(words) > 10 else ""
            listed = ", ".join(map(shortened, words[:10]))
            yield f"not in the vocabulary of this run: {listed}{more}"
        if output.unread:
            yield (
                f"only the first {LONGEST_SOURCE - 1} of {LONGEST_SOURCE - 1 + output.unread} "
                f"tokens are read: {shown}"
            )
        elif self._limit is not None and len(output.src_tokens) > self._limit:
            yield (
                f"the attention of this run covers only the first {self._limit} of "
                f"{len(output.src_tokens)} tokens: {shown}"
            )
