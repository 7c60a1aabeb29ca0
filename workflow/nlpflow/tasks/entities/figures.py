"""Figures of runs of `entities`."""

from nlpflow.tasks.labelling.figures import draw

__all__ = ["draw"]
