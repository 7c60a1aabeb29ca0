# What several rules files share: lookups in the checked config, and digests of code.

import os
import re
from functools import cache

from nlpflow.text.addresses import raw_path
from nlpflow.settings.code import code_digest
from nlpflow.settings import config as settings
from nlpflow.settings.checks import unknown_name
from nlpflow.settings.config import data_folders, languages_of

ENVIRONMENT = "../workflow/envs/nlpflow.yaml"
RUN = "results/{task}/{experiment}/seed-{seed}"
COMPARE = f"results/compare/{CONFIG.name}/{{task}}"
TASKS = sorted({experiment.task for experiment in CONFIG.experiments.values()})


def code_of(script, *modules):
    """Digest of a script and of every library module below it: an edit re-runs its users."""
    return code_digest(LIBRARY / "scripts" / script, *modules)


def experiment_of(wildcards):
    """The settings of the experiment that a run belongs to."""
    if wildcards.experiment not in CONFIG.experiments:
        raise unknown_name("experiment", wildcards.experiment, CONFIG.experiments)
    return CONFIG.experiments[wildcards.experiment]


def datasets_of(kind):
    """The names of the datasets of a kind."""
    return [name for name, dataset in CONFIG.datasets.items() if dataset.kind == kind]


def vocabulary_of(wildcards):
    """The vocabulary's name of the run's experiment."""
    return experiment_of(wildcards).vocabulary


def vocabulary_files(wildcards):
    """The two vocabularies of the run's experiment, as an input function."""
    folder = f"data/vocabularies/{vocabulary_of(wildcards)}"
    return [f"{folder}/source.vocab", f"{folder}/target.vocab"]


def encoded_of(wildcards):
    """The folder of token ids that the run is trained on, as an input function."""
    return f"data/encoded/{vocabulary_of(wildcards)}"


def dataset_of(wildcards):
    """The dataset's name of the run's experiment."""
    return settings.dataset_of(CONFIG, experiment_of(wildcards))


def corpus_of(name):
    """The corpus of the dataset of pairs `name`."""
    return REGISTRY[CONFIG.datasets[name].corpus]


def first_weights_of(wildcards):
    """The files of the run that training starts from, if it starts from one."""
    training = getattr(experiment_of(wildcards), "training", None)
    run = getattr(training, "initialise_from", None)
    return [f"{run}/weights.safetensors", f"{run}/run.json"] if run else []


def corpora_of(name):
    """The registry's entries of the corpora of the dataset of sentences `name`."""
    return {
        key: REGISTRY[key].model_dump_json() for key in CONFIG.datasets[name].corpora
    }


def files_of(name):
    """The files that the dataset of sentences `name` is read from."""
    languages = {None, *languages_of(CONFIG.datasets[name], REGISTRY)}
    files = [
        file for key in CONFIG.datasets[name].corpora for file in REGISTRY[key].files
    ]
    return [file for file in files if file.language in languages]


def sentence_files(wildcards):
    """Where the files of a dataset of sentences are, as an input function."""
    return sorted({local_path(file) for file in files_of(wildcards.dataset)})


def resource_of(key):
    """A resource of the run's experiment: a number if all agree, else a function."""
    values = {getattr(e.resources, key) for e in CONFIG.experiments.values()}
    if len(values) == 1:
        return values.pop()
    return lambda wildcards: getattr(experiment_of(wildcards).resources, key)


def command_of_this_config():
    """How this config is run, whatever the machine: without `cores` and `mirror`."""
    files = [
        f"--configfile {os.path.relpath(path, ROOT)}" for path in workflow.configfiles
    ]
    seeds = [f"--config seeds={CONFIG.seeds}"] if CONFIG.seeds else []
    return " ".join(["snakemake", *files, *seeds, "--cores all"])


def one_of(names):
    """A wildcard constraint: exactly these names."""
    return "|".join(re.escape(name) for name in names)


def local_path(file):
    """Where a corpus's file is once it is there: downloaded, or the user's own."""
    return f"data/raw/{raw_path(file.address)}" if file.is_remote else file.address


def table_of(split):
    """The table of a split of the vocabulary's dataset, as an input function."""
    return (
        lambda w: f"data/prepared/{CONFIG.vocabularies[w.vocabulary].dataset}/{split}.parquet"
    )


def of_task(path, task):
    """A path template with the task filled in and the other wildcards left."""
    return path.replace("{task}", task)


def trained(task):
    """Outputs of `train`."""
    names = ("run.json", "card.json", "history.tsv", "timings.tsv")
    files = {name.split(".")[0]: of_task(f"{RUN}/{name}", task) for name in names}
    return {"weights": of_task(f"{RUN}/weights.safetensors", task)} | files


def to_load(task):
    """What loading a run takes; `train` writes the rest at the same time."""
    files = trained(task)
    return {name: files[name] for name in ("weights", "run")}


def seeds_of(task):
    """Every (experiment, seed) of a task, in the order of the config."""
    return [
        (name, seed)
        for name, experiment in CONFIG.experiments.items()
        if experiment.task == task
        for seed in experiment.seeds
    ]


def prepared_for(*splits):
    """Prepared tables of the run's dataset, as an input function."""
    return lambda w: [f"data/prepared/{dataset_of(w)}/{name}" for name in splits]


def scored_table(wildcards):
    """The table of a run's test set: a split of its dataset, or one that the config brings."""
    folder = f"data/prepared/{dataset_of(wildcards)}"
    own = "test_sets/" if wildcards.test_set in CONFIG.test_sets else ""
    return f"{folder}/{own}{wildcards.test_set}.parquet"


def label_of(wildcards):
    """The experiment's name in tables, figures and the report."""
    return experiment_of(wildcards).label or wildcards.experiment


def quoted(wildcards):
    """What captions quote of an experiment's settings."""
    experiment = experiment_of(wildcards)
    dataset = CONFIG.datasets[dataset_of(wildcards)]
    match dataset.kind:
        case "pairs":
            languages = {"direction": f"{dataset.source} → {dataset.target}"}
        case "sentences":
            languages = {"languages": ", ".join(languages_of(dataset, REGISTRY))}
        case _:
            languages = {}
    return {
        "dataset": dataset_of(wildcards),
        **languages,
        "normalisation": dataset.normalisation,
        **experiment.model.model_dump(),
        **experiment.training.model_dump(),
        "label": label_of(wildcards),
        "first_test_set": experiment.test_sets[0],
    }


def scored_runs(task):
    """(run, test set) of every evaluation of a task."""
    return [
        (f"results/{task}/{name}/seed-{seed}", test_set)
        for name, seed in seeds_of(task)
        for test_set in CONFIG.experiments[name].test_sets
    ]


wildcard_constraints:
    dataset=one_of(CONFIG.datasets),
    vocabulary=one_of(CONFIG.vocabularies),
    # No list of names here: thousands of them would stand in every path of every job.
    # One that begins with `_` is a baseline.
    experiment="[^/_][^/]*",
    seed=r"\d+",
    test_set=one_of(["dev", "test", *datasets_of("test_sentences"), *CONFIG.test_sets]),
    split="train|dev|test",
