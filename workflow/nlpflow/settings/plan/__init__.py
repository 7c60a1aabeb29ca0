"""What the rules look up in a checked config: paths, inputs and params.

Methods that take `wildcards` are Snakemake's input functions and params, called with the wildcards
of a job, such as `experiment`, `seed` and `test_set`. Paths are relative to the working folder;
what belongs to the project (lessons, the sample) is found from the project's folder.
"""

from nlpflow.settings.plan.base import Plan, one_of
from nlpflow.settings.plan.data import DataPlan
from nlpflow.settings.plan.results import LESSONS, ResultPlan
from nlpflow.settings.plan.runs import RunPlan
from nlpflow.settings.plan.sources import sources_of
from nlpflow.settings.plan.summary import SummaryPlan

__all__ = [
    "LESSONS",
    "DataPlan",
    "Plan",
    "ResultPlan",
    "RunPlan",
    "SummaryPlan",
    "one_of",
    "sources_of",
]
