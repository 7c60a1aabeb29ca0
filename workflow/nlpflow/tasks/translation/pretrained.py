"""Pretrained vectors that the word embeddings of a translator start from."""

import logging
from collections.abc import Mapping
from pathlib import Path

from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.settings.translation import TranslationModel
from nlpflow.tasks.pretrained import start_from_source
from nlpflow.vocabulary import Vocabulary, Words


def start_from_vectors(
    model: Seq2Seq,
    settings: TranslationModel,
    vocabularies: Mapping[str, Vocabulary],
    files: Mapping[str, Path],
) -> dict[str, dict[str, float]]:
    """Do what `source_vectors` and `target_vectors` say.

    :param vocabularies: `source` and `target`, of words where vectors are asked for
    :param files: where the files of vectors are, by their names in the settings
    :returns: how many words have a vector, by side; empty if none is asked for
    """
    asked = {
        "source": (model.encoder.embedding, settings.source_vectors),
        "target": (model.decoder.embedding, settings.target_vectors),
    }
    coverage = {}
    for side, (embedding, source) in asked.items():
        if source is None:
            continue
        vocabulary = vocabularies[side]
        assert isinstance(vocabulary, Words)  # checked with the config
        coverage[side] = start_from_source(embedding, files.get(source, source), vocabulary.words)
        logging.info("%s vectors: %s", side, coverage[side])
    return coverage
