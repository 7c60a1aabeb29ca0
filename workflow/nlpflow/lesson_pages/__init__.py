"""Executed lessons: checked claims, plots in the page, and the scores of a run."""

from nlpflow.lesson_pages.claims import claim
from nlpflow.lesson_pages.runs import LessonRun, scores_of
from nlpflow.lesson_pages.shown import show, write_powers

__all__ = ["LessonRun", "claim", "scores_of", "show", "write_powers"]
