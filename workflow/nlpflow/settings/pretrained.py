"""Pretrained vectors that a model starts from: where they come from."""

from nlpflow.settings.base import Settings

GLOVE = "glove-6b-50d"
"""The vectors that need no file: GloVe (Pennington et al. 2014), 400,000 words, 50 dimensions,
6 billion tokens, as the package of the extra `glove` ships it (public domain: PDDL)."""
SOURCE = "a file, or `glove-6b-50d` of the extra `glove`"
KEYS = ("vectors", "source_vectors", "target_vectors")


def vector_files(model: Settings) -> list[str]:
    """The files of pretrained vectors that the settings of any task's model name."""
    named = dict.fromkeys(getattr(model, key, None) for key in KEYS)
    return [source for source in named if source is not None and source != GLOVE]
