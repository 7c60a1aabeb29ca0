"""Builds the untrained network that the settings of a tagging or entities experiment describe."""

from collections.abc import Sequence

import torch

from nlpflow.models.bilstm_crf import LabellingNetwork, Tagger
from nlpflow.models.characters import AffixEncoder, CharacterEncoder
from nlpflow.models.crf import Constraints, LinearChainCRF, scheme_constraints
from nlpflow.models.embeddings import OpenEmbedding
from nlpflow.settings.labelling import EntitiesModel, LabellingModel
from nlpflow.vocabulary.tags import LabelVocabulary


def build_network(
    settings: LabellingModel, loss: str, vocabulary: LabelVocabulary
) -> LabellingNetwork:
    """The untrained network for a vocabulary.

    Args:
        settings: the section `model` of the experiment
        loss: the setting `training.loss`
        vocabulary: words, characters and tags of the training set
    """
    characters = None
    if settings.characters is not None:
        characters = CharacterEncoder(
            vocabulary.character_count,
            settings.characters.embedding,
            settings.characters.hidden,
            settings.characters.bidirectional,
        )
    affixes = None
    if settings.affixes is not None:
        affixes = AffixEncoder(
            vocabulary.affix_count,
            vocabulary.affixes_per_word,
            settings.affixes.embedding,
            settings.embedding_std,
        )
    tagger = Tagger(
        vocabulary.word_count,
        len(vocabulary.tags),
        settings.embedding,
        settings.hidden,
        settings.layers,
        settings.bidirectional,
        settings.dropout,
        characters,
        affixes,
    )
    if settings.vectors is not None:
        tagger.embedding = OpenEmbedding(vocabulary.word_count, settings.embedding)
    with torch.no_grad():
        tagger.embedding.weight.mul_(settings.embedding_std)
    crf = None
    if settings.output == "crf":
        crf = LinearChainCRF(len(vocabulary.tags), _constraints(settings, vocabulary.tags))
    return LabellingNetwork(tagger, crf, loss)


def _constraints(settings: LabellingModel, tags: Sequence[str]) -> Constraints | None:
    if isinstance(settings, EntitiesModel) and settings.constrained:
        return scheme_constraints(tags, settings.scheme)
    return None
