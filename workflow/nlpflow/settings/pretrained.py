"""Where the pretrained vectors that a model starts from come from."""

from collections.abc import Mapping
from pathlib import Path

from nlpflow.settings.base import Settings
from nlpflow.settings.training import BaseExperiment

GLOVE = "glove-6b-50d"
"""The name under which configs use GloVe vectors (Pennington et al. 2014) without a file.

They have 400,000 words and 50 dimensions, and were trained on 6 billion tokens. The optional
dependency `glove` contains them (public domain: PDDL)."""
SOURCE = "a file, or `glove-6b-50d` (needs the optional dependency `glove`)"
WORD_LISTS = (".txt", ".parquet")
"""Suffixes of the word list of a NumPy matrix; apart from the suffix, both have the same name."""
KEYS = ("vectors", "source_vectors", "target_vectors")


def vector_files(model: Settings) -> list[str]:
    """The files of pretrained vectors that a model's settings name, for any task."""
    return [source for source in _sources(model) if source != GLOVE]


def starts_from_glove(model: Settings) -> bool:
    """Whether a model's settings name GloVe's vectors, for any task."""
    return GLOVE in _sources(model)


def runs_started_from(experiment: BaseExperiment) -> list[str]:
    """The folders of the runs whose weights the runs of an experiment start from."""
    found = (experiment.starts_from(seed) for seed in experiment.seeds)
    return list(dict.fromkeys(folder for folder in found if folder is not None))


def experiment_in(path: str, experiments: Mapping[str, BaseExperiment]) -> str | None:
    """The experiment of a config that a path `results/<task>/<experiment>/...` belongs to, if any.

    Args:
        experiments: of the config, by name
    """
    parts = Path(path).parts
    if parts[:1] != ("results",) or len(parts) < 3:
        return None
    _, task, name, *_ = parts
    return name if name in experiments and getattr(experiments[name], "task", "") == task else None


def _sources(model: Settings) -> list[str]:
    named = dict.fromkeys(getattr(model, key, None) for key in KEYS)
    return [source for source in named if source is not None]


def word_lists(path: Path) -> list[Path]:
    """The word lists beside a file of vectors; only NumPy matrices have one."""
    if path.suffix != ".npy":
        return []
    return [found for found in map(path.with_suffix, WORD_LISTS) if found.is_file()]
