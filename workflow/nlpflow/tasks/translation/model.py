"""Builds the untrained network that the settings of a translation experiment describe."""

import torch

from nlpflow.models import attention, transformer
from nlpflow.models.copying import CopyingDecoder
from nlpflow.models.seq2seq import GRUDecoder, GRUEncoder, Seq2Seq
from nlpflow.models.transformer import TransformerDecoder, TransformerEncoder
from nlpflow.settings.translation_model import GRUModel, TransformerModel, TranslationModel


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
    if isinstance(settings, TransformerModel):
        network = _transformer(settings, src_vocabulary, tgt_vocabulary)
    else:
        network = _gru(settings, src_vocabulary, tgt_vocabulary, max_length)
    if settings.copying:
        network.decoder = CopyingDecoder(network.decoder)
    return network


def _gru(settings: GRUModel, src_vocabulary: int, tgt_vocabulary: int, max_length: int) -> Seq2Seq:
    encoder = GRUEncoder(
        src_vocabulary,
        settings.embedding,
        settings.hidden,
        settings.layers,
        settings.bidirectional,
        settings.dropout,
        settings.residual,
    )
    sizes = attention.Sizes(
        embedding=settings.embedding,
        hidden=settings.hidden,
        values=encoder.output_size,
        max_length=max_length,
        window=settings.window,
        heads=settings.heads,
    )
    decoder = GRUDecoder(
        tgt_vocabulary,
        settings.embedding,
        settings.hidden,
        attention.ATTENTIONS[settings.attention](sizes),
        settings.layers,
        settings.dropout,
        settings.readout == "deep",
        settings.tied_embeddings,
        settings.residual,
    )
    with torch.no_grad():
        encoder.embedding.weight.mul_(settings.embedding_std)
        if not settings.tied_embeddings:
            decoder.embedding.weight.mul_(settings.embedding_std)
    return Seq2Seq(encoder, decoder)


def _transformer(settings: TransformerModel, src_vocabulary: int, tgt_vocabulary: int) -> Seq2Seq:
    sizes = transformer.TransformerSizes(
        width=settings.embedding,
        layers=settings.layers,
        heads=settings.heads,
        feed_forward=settings.feed_forward,
        dropout=settings.dropout,
    )
    return Seq2Seq(
        TransformerEncoder(src_vocabulary, sizes),
        TransformerDecoder(tgt_vocabulary, sizes, settings.tied_embeddings),
    )
