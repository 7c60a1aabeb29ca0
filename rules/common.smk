# What every stage looks up: the plan of this config, and which names wildcards may take.

from nlpflow.settings.plan import (
    LESSONS,
    DataPlan,
    ResultPlan,
    RunPlan,
    SummaryPlan,
    one_of,
)
from nlpflow.settings.tasks import TASKS

DATA = DataPlan(CONFIG, REGISTRY, ROOT, mark=local)
RUNS = RunPlan(CONFIG, REGISTRY, ROOT, mark=local)
RESULTS = ResultPlan(CONFIG, REGISTRY, ROOT, mark=local)
SUMMARY = SummaryPlan(CONFIG, REGISTRY, ROOT, mark=local)
DEFINED_IN = defining_files(CONFIG, workflow.configfiles, ROOT)

ENVIRONMENT = "../workflow/envs/nlpflow.yaml"


wildcard_constraints:
    dataset=one_of(CONFIG.datasets),
    vocabulary=one_of(CONFIG.vocabularies),
    # No list of names here: thousands of them would stand in every path of every job.
    experiment="[^/]+",
    seed=r"\d+",
    test_set=one_of(RUNS.test_sets),
    split="train|dev|test",
