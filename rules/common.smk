# What several rules files share: lookups in the checked config, and digests of code.

from nlpflow.provenance import code_digest

ENVIRONMENT = "../workflow/envs/nlpflow.yaml"


def code_of(script, *modules):
    """Digest of a script and of every library module below it: an edit re-runs its users."""
    return code_digest(LIBRARY / "scripts" / script, *modules)


def experiment_of(wildcards):
    """The settings of the experiment that a run belongs to."""
    return CONFIG.experiments[wildcards.experiment]


def vocabulary_of(wildcards):
    """The vocabulary's name of the run's experiment."""
    return experiment_of(wildcards).vocabulary


def dataset_of(wildcards):
    """The dataset's name of the run's experiment."""
    return CONFIG.vocabularies[vocabulary_of(wildcards)].dataset


def corpus_of(name):
    """The corpus of the dataset `name`."""
    return REGISTRY[CONFIG.datasets[name].corpus]


def resource_of(key):
    """A resource of the run's experiment, as a function for `resources:`."""
    return lambda wildcards: getattr(experiment_of(wildcards).resources, key)


def one_of(names):
    """A wildcard constraint: exactly these names."""
    import re

    return "|".join(re.escape(name) for name in names)


wildcard_constraints:
    dataset=one_of(CONFIG.datasets),
    vocabulary=one_of(CONFIG.vocabularies),
    experiment=one_of(CONFIG.experiments),
    seed=r"\d+",
    test_set="dev|test",
    split="train|dev|test",
