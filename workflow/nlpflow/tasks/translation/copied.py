"""The probability that each word of an output is copied from the source."""

import torch

from nlpflow.models.copying import CopyingDecoder
from nlpflow.tasks.translation.translator import Translation, Translator
from nlpflow.vocabulary import EOS, Parts
from nlpflow.vocabulary.copying import extended_pair


@torch.inference_mode()
def copy_probabilities(translator: Translator, output: Translation) -> list[float] | None:
    """The probability of copying at each token of an output; None if the decoder cannot copy."""
    decoder = translator.model.decoder
    if not isinstance(decoder, CopyingDecoder):
        return None
    source, target = translator.source, translator.target
    assert isinstance(source, Parts)
    assert isinstance(target, Parts)
    read, written = output.src_tokens[:-1], output.tgt_tokens
    copies, words = extended_pair(read, written, target)
    words = [
        EOS if token == "<EOS>" else index for token, index in zip(written, words, strict=True)
    ]
    src, tgt, copied = (
        torch.tensor([ids], device=translator.device)
        for ids in ([*source.ids(read), EOS], words, [*copies, EOS])
    )
    lengths = torch.tensor([src.shape[1]])
    readout, _ = translator.model.teacher_forced(src, lengths, tgt, copied)
    return decoder.copying(readout)[0].tolist()
