"""After an edit exactly the jobs that depend on it run again: a table of edits and their jobs."""

import os
from collections.abc import Callable

import pytest
import yaml

from project import SMALL, small_config

COMPARED = {"compare": 1, "summary": 1}
SCORED = {"evaluate_translation": 2, "figures_translation": 2, "playground": 1, **COMPARED}
TRAINED = {"train_translation": 2, "cards": 1, **SCORED}
ENCODED = {"vocabulary": 1, "encode": 1, **TRAINED}
BASELINE = {"baseline_translation": 1}
PREPARED = {"prepare": 1, "check_leakage": 1, **BASELINE, **ENCODED}
ONE_RUN = {
    "train_translation": 1,
    "evaluate_translation": 1,
    "figures_translation": 1,
    "playground": 1,
    "cards": 1,
    **COMPARED,
}
DESCRIBED = {"summary": 1, "playground": 1}
UNTRAINED = {"train_translation": 0, "cards": 0}
BEAM = {"decoding": {"beam": 5}}


def in_config(path: str, value: object) -> Callable:
    """Set a key of the config, `a.b.c`."""

    def edit(project):
        config = project.read_config()
        *steps, last = path.split(".")
        part = config
        for step in steps:
            part = part.setdefault(step, {})
        part[last] = value
        project.write_config(config)

    return edit


def in_file(name: str, line: str) -> Callable:
    """Append a line to a file."""

    def edit(project):
        path = project.folder / name
        path.write_text(path.read_text() + line)

    return edit


def in_registry(**values: object) -> Callable:
    """Set keys of the corpus."""
    return in_entry(lambda corpus: corpus.update(values))


def in_corpus_file(**values: object) -> Callable:
    """Set keys of the corpus's file."""
    return in_entry(lambda corpus: corpus["files"][0].update(values))


def in_entry(change: Callable) -> Callable:
    def edit(project):
        path = project.folder / "config/small-corpora.yaml"
        registry = yaml.safe_load(path.read_text())
        change(registry["small"])
        path.write_text(yaml.safe_dump(registry))

    return edit


EDIT = "EDITED = True\n"
COMMENT = "# Edited.\n"
DOCSTRING = '"""Edited."""\n'
LIBRARY = "workflow/nlpflow"
OTHER_RUN = "results/translation/additive/seed-1"
EDITS = {
    "nothing": (lambda project: None, {}),
    "a filter": (in_config("datasets.small.filters.fewer_tokens_than", 9), PREPARED),
    "normalisation": (in_config("datasets.small.normalisation", "cased"), PREPARED),
    "the split": (in_config("datasets.small.split.dev", 0.2), PREPARED),
    "vocabulary size": (in_config("vocabularies.small.max_size", 100), ENCODED),
    "vocabulary kind": (
        in_config("vocabularies.small", {"dataset": "small", "kind": "subwords", "max_size": 100}),
        ENCODED,
    ),
    "a hyperparameter": (in_config("experiments.plain.training.learning_rate", 0.01), ONE_RUN),
    "a beam": (
        in_config("experiments.plain.decoding", BEAM["decoding"]),
        ONE_RUN | UNTRAINED,
    ),
    "an experiment that trains alike": (
        in_config("experiments.beam", small_config()["experiments"]["plain"] | BEAM),
        ONE_RUN,  # the rule that trains makes the copy
    ),
    "a length limit, which validation has too": (
        in_config("experiments.plain.decoding", {"max_tokens": 9}),
        ONE_RUN,
    ),
    "torch threads": (in_config("experiments.plain.training.threads", 2), ONE_RUN),
    "a random seed more": (
        in_config("experiments.plain.seeds", [1, 2]),
        ONE_RUN | {"playground": 0},
    ),
    "an attention sentence": (
        in_config("experiments.plain.figures.sample", 2),
        ONE_RUN | UNTRAINED,
    ),
    "figure style": (
        in_config("figures.font_size", 12.0),
        {"figures_translation": 2, **COMPARED},
    ),
    "a caption": (in_file("workflow/report/curves.rst", "More words.\n"), {}),
    "job threads": (in_config("experiments.plain.resources.threads", 2), {}),
    "job memory": (in_config("experiments.plain.resources.mem_mb", 3000), {}),
    "job run time": (in_config("experiments.plain.resources.runtime", 30), {}),
    "how often training saves": (
        in_config("experiments.plain.resources.checkpoint_minutes", 1),
        {},
    ),
    "more epochs": (in_config("experiments.plain.training.epochs", 3), ONE_RUN),
    "first weights": (
        in_config("experiments.plain.training", {"epochs": 2, "initialise_from": OTHER_RUN}),
        ONE_RUN,
    ),
    "the mirror": (in_config("mirror", "elsewhere"), {}),
    "the folder of checkpoints": (in_config("checkpoints", "elsewhere"), {}),
    "a corpus digest": (
        in_corpus_file(sha256="0" * 64),
        {"download": 1, "check_versions": 1, **PREPARED},
    ),
    "a corpus's title": (in_registry(title="Another"), DESCRIBED),
    "a corpus's licence": (in_registry(licence="Another"), DESCRIBED),
    "a corpus's attribution": (in_registry(attribution="Another"), DESCRIBED),
    "a further address": (in_corpus_file(copies=["https://example.org/copy.zip"]), {}),
    "the size of a download": (in_corpus_file(size=7), {}),
    "a corpus's version": (
        in_corpus_file(version={"date": "2021-02-02", "sha256": "0" * 64}),
        {"check_versions": 1, "cards": 1, **COMPARED},
    ),
    "a corpus that is not used": (in_file("config/small-corpora.yaml", "other: {}\n"), {}),
    "a registry more": (
        in_config("registry", ["config/small-corpora.yaml", "config/corpora.yaml"]),
        {},
    ),
    "a text module": (in_file(f"{LIBRARY}/text/normalisation.py", EDIT), PREPARED),
    "a split module": (in_file(f"{LIBRARY}/prepare/splits.py", EDIT), PREPARED),
    "a model module": (in_file(f"{LIBRARY}/models/attention.py", EDIT), TRAINED | BASELINE),
    "a training module": (in_file(f"{LIBRARY}/training/schedule.py", EDIT), TRAINED),
    "a task module": (
        in_file(f"{LIBRARY}/tasks/translation/evaluation.py", EDIT),
        SCORED | BASELINE,
    ),
    "another task's module": (
        in_file(f"{LIBRARY}/tasks/embeddings/training.py", EDIT),
        {"playground": 1},
    ),
    "a figure module": (
        in_file(f"{LIBRARY}/figures/curves.py", EDIT),
        {"figures_translation": 2, "summary": 1},
    ),
    "the first page": (in_file(f"{LIBRARY}/results/summary.py", EDIT), {"summary": 1}),
    "a comment in a module that all use": (in_file(f"{LIBRARY}/errors.py", COMMENT), {}),
    "a comment in a training module": (in_file(f"{LIBRARY}/training/loop.py", COMMENT), {}),
    "a docstring": (in_file(f"{LIBRARY}/models/attention.py", DOCSTRING), {}),
    "no comparison": (in_config("experiments.additive.compare_with", None), COMPARED),
    "the bootstrap": (in_file(f"{LIBRARY}/metrics/significance.py", EDIT), COMPARED),
    "a script": (in_file("workflow/scripts/compare.py", EDIT), COMPARED),
    "a comment in a script": (in_file("workflow/scripts/compare.py", COMMENT), {}),
    "the command line": (in_file(f"{LIBRARY}/cli/tag.py", EDIT), {}),
}


@pytest.mark.parametrize("name", EDITS)
def test_edit(finished, name):
    edit, expected = EDITS[name]
    before = {
        path: (path.read_bytes(), path.stat())
        for folder in ("workflow", "config", "rules")
        for path in (finished.folder / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    edit(finished)
    try:
        assert finished.jobs(*SMALL) == {rule: n for rule, n in expected.items() if n}
    finally:
        for path, (content, stat) in before.items():
            if path.read_bytes() != content:
                path.write_bytes(content)
                os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
