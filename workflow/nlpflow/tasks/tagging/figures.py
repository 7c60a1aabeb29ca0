"""Figures of runs of `tagging`."""

from nlpflow.tasks.labelling.figures import draw

__all__ = ["draw"]
