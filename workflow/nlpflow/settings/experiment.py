"""The experiments of every task; the key `task` says which settings one has."""

from nlpflow.settings.translation import TranslationExperiment

Experiment = TranslationExperiment
