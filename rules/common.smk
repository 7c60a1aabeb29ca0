# Shared by all stages: the plan of this config, and the values that wildcards may take.

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
    # Not a list of names: a grid may have thousands, and every path would be matched against all.
    experiment="[^/]+",
    seed=r"\d+",
    test_set=one_of(RUNS.test_sets),
    split="train|dev|test",
