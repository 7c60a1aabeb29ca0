"""The scores of a run, with which a lesson ends."""

import json
from dataclasses import dataclass
from html import escape
from pathlib import Path

from nlpflow.metrics.names import metric_heading


@dataclass(frozen=True)
class LessonRun:
    """A run of the task that uses what a lesson teaches."""

    label: str
    metrics: Path
    """`results/<task>/<experiment>/seed-<n>/<test set>/metrics.json`"""


@dataclass(frozen=True)
class ScoreTable:
    """A caption and the value of each score; no values if there is no run."""

    caption: str
    values: dict[str, float]

    def _repr_html_(self) -> str:
        """An HTML table with one row per score."""
        if not self.values:
            return f"<p>{escape(self.caption)}</p>"
        rows = "".join(
            f"<tr><th>{escape(metric_heading(name))}</th><td>{value:.1f}</td></tr>"
            for name, value in self.values.items()
        )
        return f"<table><caption>{escape(self.caption)}</caption>{rows}</table>"


NO_RUN = "The config that made this page has no run of this task, so there are no scores here."


def scores_of(run: LessonRun | None) -> ScoreTable:
    """All scores of a run, as in the comparison; without a run, a sentence says so instead."""
    if run is None:
        return ScoreTable(NO_RUN, {})
    *_, experiment, seed, test_set, _ = run.metrics.parts
    scores = json.loads(run.metrics.read_text(encoding="utf-8"))["scores"]
    caption = f"{run.label} ({experiment}), random seed {seed.removeprefix('seed-')}, on {test_set}"
    return ScoreTable(caption, scores)
