"""A trained run put to use: sentences in, translations and attention out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
import torch
from numpy.typing import NDArray
from torch import Tensor

from nlpflow.decoding.beam import beam_search
from nlpflow.decoding.greedy import greedy
from nlpflow.errors import UserError
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.runs.run import OpenRun, open_run
from nlpflow.settings.checks import checked
from nlpflow.settings.translation import Decoding, TranslationExperiment
from nlpflow.tables import read_json
from nlpflow.tasks.translation.model import build_seq2seq
from nlpflow.text.normalisation import normalise
from nlpflow.vocabulary import EOS, Vocabulary, load_vocabulary

LONGEST_SOURCE = 1000
"""Source tokens that are read of a sentence, `<EOS>` included; the others are left out."""

TOKENS_A_SENTENCE = 100
"""A batch holds fewer sentences if they are longer than this, so that memory is bounded."""

Result = TypeVar("Result")


@dataclass(frozen=True)
class Translation:
    """One translated sentence."""

    text: str
    src_tokens: list[str]
    """With `<EOS>`; unknown words as written."""
    tgt_tokens: list[str]
    """With `<EOS>` unless the length limit ended it."""
    unknown: list[str]
    """Source words that the vocabulary lacks."""
    weights: NDArray[np.float32]
    """Attention, (tgt_tokens, src_tokens)."""
    unread: int = 0
    """Source tokens beyond `LONGEST_SOURCE`."""
    score: float | None = None
    """Log-probability divided by the length penalty; None after greedy search."""


@dataclass
class Translator:
    """A model with its vocabularies."""

    model: Seq2Seq
    source: Vocabulary
    target: Vocabulary
    decoding: Decoding
    device: torch.device

    def translate(self, sentences: Sequence[str]) -> list[Translation]:
        """The best translation of each normalised sentence, by the search of the settings."""
        if self.decoding.beam == 1:
            return self.greedy(sentences)
        return [ranked[0] for ranked in self.n_best(sentences, 1)]

    def greedy(self, sentences: Sequence[str]) -> list[Translation]:
        """Greedy translations, whatever the settings' beam."""
        return self._by_length(sentences, self._greedy)

    def n_best(self, sentences: Sequence[str], count: int) -> list[list[Translation]]:
        """The `count` (at most `beam`) best translations of each sentence, best first."""
        return self._by_length(sentences, partial(self._beam, count=count))

    def _by_length(
        self, sentences: Sequence[str], search: Callable[[list[str], list[list[int]]], list[Result]]
    ) -> list[Result]:
        """Search in batches of like length; the order is kept."""
        most = LONGEST_SOURCE - 1
        ids = [[*self.source.encode(sentence)[:most], EOS] for sentence in sentences]
        results: dict[int, Result] = {}
        was_training = self.model.training
        self.model.eval()
        for chunk in self._batches([len(sentence) for sentence in ids]):
            found = search([sentences[i] for i in chunk], [ids[i] for i in chunk])
            results |= zip(chunk, found, strict=True)
        self.model.train(was_training)
        return [results[i] for i in range(len(ids))]

    def _batches(self, lengths: list[int]) -> Iterator[list[int]]:
        """Indices of sentences, the longest first."""
        order = sorted(range(len(lengths)), key=lambda i: lengths[i], reverse=True)
        while order:
            most = self.decoding.batch_size * TOKENS_A_SENTENCE // lengths[order[0]]
            size = min(self.decoding.batch_size, max(most, 1))
            yield order[:size]
            order = order[size:]

    def _greedy(self, sentences: list[str], ids: list[list[int]]) -> list[Translation]:
        found = greedy(self.model, *self._padded(ids), self.decoding.max_tokens)
        counts = found.lengths.tolist()
        words = found.words.tolist()
        weights = found.weights.float().cpu().numpy()
        translations = []
        for row, sentence in enumerate(sentences):
            output = words[row][: counts[row]]
            ended = words[row][counts[row] : counts[row] + 1] == [EOS]
            translations.append(self._translation(sentence, output, ended, weights[row], None))
        return translations

    def _beam(
        self, sentences: list[str], ids: list[list[int]], count: int
    ) -> list[list[Translation]]:
        decoding = self.decoding
        found = beam_search(
            self.model,
            *self._padded(ids),
            decoding.max_tokens,
            decoding.beam,
            decoding.length_penalty,
            count,
        )
        return [
            [
                self._translation(
                    sentence, one.words, one.ended, one.weights.float().numpy(), one.score
                )
                for one in ranked
            ]
            for sentence, ranked in zip(sentences, found, strict=True)
        ]

    def _padded(self, ids: list[list[int]]) -> tuple[Tensor, Tensor]:
        lengths = torch.tensor([len(sentence) for sentence in ids])
        src = torch.nn.utils.rnn.pad_sequence(
            [torch.tensor(sentence) for sentence in ids], batch_first=True
        )
        return src.to(self.device), lengths

    def _translation(
        self,
        sentence: str,
        output: list[int],
        ended: bool,
        weights: NDArray[np.float32],
        score: float | None,
    ) -> Translation:
        """From token ids and weights (at least as many steps, src_time)."""
        tokens = self.source.tokens(sentence)
        src_tokens = [*tokens[: LONGEST_SOURCE - 1], "<EOS>"]
        tgt_tokens = [self.target.token(i) for i in output] + ["<EOS>"] * ended
        seen = np.zeros((len(tgt_tokens), len(src_tokens)), dtype=np.float32)
        # The tutorial's attention sees no further than the longest training sentence.
        width = min(len(src_tokens), weights.shape[1])
        seen[:, :width] = weights[: len(tgt_tokens), :width]
        return Translation(
            self.target.decode(output),
            src_tokens,
            tgt_tokens,
            self.source.unknown(sentence),
            seen,
            len(tokens) + 1 - len(src_tokens),
            score,
        )


def load_translator(
    folder: Path, decoding: Decoding | None = None, beam: int | None = None
) -> tuple[Translator, str]:
    """The translator of a run's folder, and the normalisation that its sentences need.

    It runs on the device and with the threads that the run's settings name.

    Args:
        decoding: how to search; None: as the run was evaluated, and as its settings say where it
            was not
        beam: in place of the beam that it was evaluated with

    Raises:
        UserError: test sets were evaluated differently, or the beam is out of range
    """
    opened = open_run(folder, TranslationExperiment)
    run, settings = opened.run, opened.settings
    sides = {
        side: load_vocabulary(Path(run.vocabulary) / f"{side}.vocab")
        for side in ("source", "target")
    }
    opened.check_vocabulary({side: sides[side].digest for side in sides})
    model = build_seq2seq(
        settings.model, len(sides["source"]), len(sides["target"]), run.sizes["max_length"]
    )
    opened.load(model)
    decoding = decoding or _evaluated_with(opened, beam)
    translator = Translator(model, sides["source"], sides["target"], decoding, opened.device)
    return translator, run.normalisation


def _evaluated_with(opened: OpenRun[TranslationExperiment], beam: int | None) -> Decoding:
    """How a run's scores were made: the config may have changed since training.

    Scores of other weights do not count. A test set that the config no longer has may keep scores
    of an older beam, so all must agree, in all but how many sentences are decoded at once.
    """
    found: dict[str, Decoding] = {}
    for file in sorted(opened.folder.glob("*/metrics.json")):
        metrics = read_json(file)
        values = metrics if isinstance(metrics, dict) else {}
        data = values.get("data")
        weights = data.get("weights") if isinstance(data, dict) else None
        if weights in (None, opened.run.weights):
            where = f"{file}: decoding"
            found[file.parent.name] = checked(Decoding, values.get("decoding"), where)
    found = found or {"settings": opened.settings.decoding}
    if beam is not None:
        changed = {name: one.model_dump() | {"beam": beam} for name, one in found.items()}
        found = {name: checked(Decoding, one, "command line") for name, one in changed.items()}
    (first, decoding), *others = found.items()
    for name, other in others:
        for key in ("beam", "length_penalty", "max_tokens"):
            one, two = getattr(decoding, key), getattr(other, key)
            if one != two:
                raise UserError(
                    f"run {opened.folder}: {first} was evaluated with {key} {one}, {name} with "
                    f"{key} {two}: evaluate both alike, or remove the folder of the older"
                    + "; --beam N chooses a beam"
                    * (key == "beam")
                )
    return decoding


def normalise_sentences(sentences: Sequence[str], normalisation: str) -> list[str]:
    """Raw sentences through a dataset's normalisation."""
    column = normalise(pa.array(sentences, type=pa.string()), normalisation)
    return [str(sentence).strip() for sentence in column.to_pylist()]
