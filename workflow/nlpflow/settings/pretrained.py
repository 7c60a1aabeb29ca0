"""Pretrained vectors that a model starts from: where they come from."""

from pathlib import Path

from nlpflow.settings.base import Settings

GLOVE = "glove-6b-50d"
"""The vectors that need no file: GloVe (Pennington et al. 2014), 400,000 words, 50 dimensions,
6 billion tokens, as the package of the extra `glove` ships it (public domain: PDDL)."""
SOURCE = "a file, or `glove-6b-50d` of the extra `glove`"
WORD_LISTS = (".txt", ".parquet")
"""Endings of the file with the words of a NumPy matrix, which has the matrix's name otherwise."""
KEYS = ("vectors", "source_vectors", "target_vectors")


def vector_files(model: Settings) -> list[str]:
    """The files of pretrained vectors that the settings of any task's model name."""
    return [source for source in _sources(model) if source != GLOVE]


def starts_from_glove(model: Settings) -> bool:
    """Whether the settings of any task's model name the vectors that need no file."""
    return GLOVE in _sources(model)


def _sources(model: Settings) -> list[str]:
    named = dict.fromkeys(getattr(model, key, None) for key in KEYS)
    return [source for source in named if source is not None]


def word_lists(path: Path) -> list[Path]:
    """The files beside vectors that may hold their words: one for a NumPy matrix, else none."""
    if path.suffix != ".npy":
        return []
    return [found for found in map(path.with_suffix, WORD_LISTS) if found.is_file()]
