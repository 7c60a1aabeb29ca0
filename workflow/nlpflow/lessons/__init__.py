"""What lessons import: claims that are checked, figures in the page, the scores of a run."""

from nlpflow.lessons.claims import claim
from nlpflow.lessons.runs import Run, scores_of
from nlpflow.lessons.shown import show, write_powers

__all__ = ["Run", "claim", "scores_of", "show", "write_powers"]
