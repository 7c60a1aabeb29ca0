"""The log-likelihood of given targets."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.utils.rnn import pad_sequence

from nlpflow.models.recurrent import take_rows
from nlpflow.tasks.translation.translator import Translator
from nlpflow.text.arrays import Longs
from nlpflow.vocabulary import EOS, PAD, Parts
from nlpflow.vocabulary.copying import extended_pair

BATCH = 64


@torch.inference_mode()
def log_likelihoods(
    translator: Translator, sources: Sequence[str], targets: Sequence[str]
) -> tuple[NDArray[np.float64], Longs]:
    """The log-likelihood of each target given its source, and the number of its tokens.

    Both count `<EOS>`.

    Args:
        translator: with one network, not an ensemble
        sources: normalised
        targets: normalised, one for each source
    """
    model = translator.model
    model.eval()
    sums = np.zeros(len(sources))
    counts = np.zeros(len(sources), np.int64)
    order = sorted(range(len(sources)), key=lambda i: len(sources[i]), reverse=True)
    for start in range(0, len(order), BATCH):
        members = order[start : start + BATCH]
        rows = [_ids(translator, sources[i], targets[i]) for i in members]
        src, tgt, copies = (
            pad_sequence([torch.tensor(row[part]) for row in rows], batch_first=True)
            for part in range(3)
        )
        lengths = torch.tensor([len(row[0]) for row in rows])
        src, tgt, copies = (part.to(translator.device) for part in (src, tgt, copies))
        copied = copies if model.decoder.copies else None
        readout, _ = model.teacher_forced(src, lengths, tgt, copied)
        for row, i in enumerate(members):
            count = int((tgt[row] != PAD).sum())
            steps = take_rows(readout, (torch.tensor(row), slice(count)))
            sums[i] = -float(model.decoder.loss(steps, tgt[row, :count]))
            counts[i] = count
    return sums, counts


def _ids(
    translator: Translator, source: str, target: str
) -> tuple[list[int], list[int], list[int]]:
    """Source, target and, for a decoder that copies, the source's ids for copying."""
    src = [*translator.source.encode(source), EOS]
    if not translator.model.decoder.copies:
        return src, [*translator.target.encode(target), EOS], src
    vocabulary = translator.target
    assert isinstance(vocabulary, Parts)
    tokens = translator.source.tokens(source), vocabulary.tokens(target)
    copies, tgt = extended_pair(*tokens, vocabulary)
    return src, [*tgt, EOS], [*copies, EOS]
