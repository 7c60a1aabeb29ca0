"""Builds the untrained network that the settings of a tagging or entities experiment describe."""

from collections.abc import Sequence

from nlpflow.models.bilstm_crf import LabellingNetwork, Tagger
from nlpflow.models.characters import CharacterEncoder
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
            vocabulary.letter_count,
            settings.characters.embedding,
            settings.characters.hidden,
            settings.characters.bidirectional,
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
    )
    if settings.vectors is not None:
        tagger.embedding = OpenEmbedding(vocabulary.word_count, settings.embedding)
    crf = None
    if settings.output == "crf":
        crf = LinearChainCRF(len(vocabulary.tags), _constraints(settings, vocabulary.tags))
    return LabellingNetwork(tagger, crf, loss)


def _constraints(settings: LabellingModel, tags: Sequence[str]) -> Constraints | None:
    if isinstance(settings, EntitiesModel) and settings.constraints:
        return scheme_constraints(tags, settings.scheme)
    return None
