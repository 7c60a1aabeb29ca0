# What the rules of single tasks read: lookups beside those of common.smk.

import json

from nlpflow.settings.comparisons import comparisons
from nlpflow.settings.pretrained import vector_files

LABELLING = ("tagging", "entities")
BASELINES = {
    "most-frequent": "most frequent tag",
    "hmm": "hidden Markov model",
    "features": "CRF over features",
}
"""Of the labelling tasks, and how tables call them."""
LABELLING_TABLES = [
    f"{name}.tsv"
    for name in (
        "predictions",
        "tags",
        "frequency",
        "confusion",
        "marginals",
        "transitions",
    )
]
"""What evaluating a labelling run writes beside its scores."""


def vectors_of(wildcards):
    """The files of pretrained vectors that a run starts from."""
    return vector_files(experiment_of(wildcards).model)


def table_of_first(run, name):
    """A table of a run on the experiment's first test set, as an input function."""
    return lambda w: f"{run}/{experiment_of(w).test_sets[0]}/{name}.tsv".format(**w)


def baselines_of(task):
    """The baselines of a task's datasets: their folder's name and how tables call them.

    No experiment's name starts with an underscore.
    """
    datasets = {
        CONFIG.experiments[name].dataset: None
        for name, _ in seeds_of(task)
        if task in LABELLING
    }
    return {
        f"_{baseline}.{dataset}": f"{label}, {dataset}"
        for dataset in datasets
        for baseline, label in BASELINES.items()
    }


def baseline_scores(task):
    """The scores of a task's baselines, on every test set that its experiments name."""
    test_sets = {test_set: None for _, test_set in scored_runs(task)}
    return [
        f"results/{task}/{name}/seed-0/{test_set}/metrics.json"
        for name in baselines_of(task)
        for test_set in test_sets
    ]


def compared_of(task):
    """What `compare_with` asks for: pairs of experiments with their seeds and test sets."""
    return comparisons(CONFIG.experiments, task)


def compared_predictions(task):
    """The predictions of every run that is compared with another one."""
    return sorted(
        {
            f"results/{task}/{name}/seed-{seed}/{test_set}/predictions.tsv"
            for pair in compared_of(task)
            for name in (pair.experiment, pair.compared_with)
            for seed in pair.seeds
            for test_set in pair.test_sets
        }
    )


def schemes_of(pairs):
    """The scheme of the tags of experiments on entities, by experiment."""
    names = {name for pair in pairs for name in (pair.experiment, pair.compared_with)}
    return {
        name: CONFIG.experiments[name].model.scheme
        for name in sorted(names)
        if CONFIG.experiments[name].task == "entities"
    }


def comparison_files():
    """The comparison of every task, and the cards of its runs."""
    return expand(f"{COMPARE}/{{file}}.html", task=TASKS, file=["summary", "cards"])


def all_scores():
    """The scores of every run: a failed job takes its own away, whatever is made from them."""
    return [
        f"{run}/{test_set}/metrics.json"
        for task in TASKS
        for run, test_set in scored_runs(task)
    ]


def all_figures():
    """The figures of every run."""
    return [
        f"results/{task}/{name}/seed-{seed}/figures/curves.svg"
        for task in TASKS
        for name, seed in seeds_of(task)
    ]


def test_table(wildcards):
    """A test set of a language identification run: a split of its dataset, or a dataset."""
    if wildcards.test_set in ("dev", "test"):
        return f"data/prepared/{dataset_of(wildcards)}/{wildcards.test_set}.parquet"
    return f"data/prepared/{wildcards.test_set}/test.parquet"


def lists_of(wildcards):
    """The test lists of the run's experiment: kind, name, and the corpus's only file."""
    lists = experiment_of(wildcards).lists
    return [
        (kind, name, REGISTRY[name].files[0])
        for kind in ("similarity", "analogies")
        for name in getattr(lists, kind)
    ]


def evaluation_of(wildcards):
    """What the run's evaluation measures and shows, with the files of the lists, as JSON."""
    values = {"figures": experiment_of(wildcards).figures.model_dump()}
    for kind, name, file in lists_of(wildcards):
        entry = {"file": file.model_dump(), "path": local_path(file)}
        values.setdefault(kind, {})[name] = entry
    return json.dumps(values)


def lesson_pages():
    """The pages, if the config wants them."""
    return expand(
        "results/lessons/{lesson}.html", lesson=LESSON_TASKS if CONFIG.lessons else []
    )


def lesson_runs(wildcards):
    """The (experiment, seed) whose scores a lesson quotes: the task's last, or none."""
    return seeds_of(LESSON_TASKS[wildcards.lesson])[-1:]


def lesson_metrics(wildcards):
    """The scores that a lesson quotes, on the run's first test set; empty without a run."""
    task = LESSON_TASKS[wildcards.lesson]
    return [
        f"results/{task}/{name}/seed-{seed}/{CONFIG.experiments[name].test_sets[0]}/metrics.json"
        for name, seed in lesson_runs(wildcards)
    ]
