"""Where the pretrained vectors that a model starts from come from."""

from pathlib import Path

from nlpflow.settings.base import Settings

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


def _sources(model: Settings) -> list[str]:
    named = dict.fromkeys(getattr(model, key, None) for key in KEYS)
    return [source for source in named if source is not None]


def word_lists(path: Path) -> list[Path]:
    """The word lists beside a file of vectors; only NumPy matrices have one."""
    if path.suffix != ".npy":
        return []
    return [found for found in map(path.with_suffix, WORD_LISTS) if found.is_file()]
