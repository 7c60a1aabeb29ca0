"""The experiments of every task; the key `task` says which settings one has."""

from typing import Annotated

from pydantic import Field

from nlpflow.settings.embeddings import EmbeddingsExperiment
from nlpflow.settings.labelling import EntitiesExperiment, TaggingExperiment
from nlpflow.settings.language_id import LanguageIdExperiment
from nlpflow.settings.translation import TranslationExperiment

Experiment = Annotated[
    TranslationExperiment
    | LanguageIdExperiment
    | EmbeddingsExperiment
    | TaggingExperiment
    | EntitiesExperiment,
    Field(discriminator="task"),
]
