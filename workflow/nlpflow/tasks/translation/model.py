"""Builds the untrained network that the settings of a translation experiment describe."""

from nlpflow.models.attention import ATTENTIONS, Sizes
from nlpflow.models.seq2seq import Decoder, Encoder, Seq2Seq
from nlpflow.settings.translation import TranslationModel


def build_seq2seq(
    settings: TranslationModel, src_vocabulary: int, tgt_vocabulary: int, max_length: int
) -> Seq2Seq:
    """The untrained network, initialised from PyTorch's global random state.

    Args:
        settings: section `model` of the experiment
        src_vocabulary: number of source ids, special tokens included
        tgt_vocabulary: number of target ids, special tokens included
        max_length: length of the longest source of the training set in tokens, `<EOS>` included;
            used by the tutorial's attention only
    """
    encoder = Encoder(
        src_vocabulary,
        settings.embedding,
        settings.hidden,
        settings.layers,
        settings.bidirectional,
        settings.dropout,
    )
    sizes = Sizes(
        embedding=settings.embedding,
        hidden=settings.hidden,
        values=encoder.output_size,
        max_length=max_length,
        window=settings.window,
    )
    decoder = Decoder(
        tgt_vocabulary,
        settings.embedding,
        settings.hidden,
        ATTENTIONS[settings.attention](sizes),
        settings.layers,
        settings.dropout,
        settings.readout == "deep",
        settings.tied_embeddings,
    )
    return Seq2Seq(encoder, decoder)
