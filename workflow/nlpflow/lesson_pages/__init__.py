"""Executed lessons: claims that are checked, figures in the page, the scores of a run."""

from nlpflow.lesson_pages.claims import claim
from nlpflow.lesson_pages.runs import Run, scores_of
from nlpflow.lesson_pages.shown import show, write_powers

__all__ = ["Run", "claim", "scores_of", "show", "write_powers"]
