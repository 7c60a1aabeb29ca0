"""A trained run as a folder in the form that model hubs expect.

README.md            a model card: languages, licence, datasets and held-out scores in its front
                     matter (`model-index`), then text
config.json          the settings of the run
weights.safetensors, run.json and the vocabulary: `nlpflow.load` reads the folder

Nothing is uploaded.
"""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from nlpflow.errors import UserError
from nlpflow.export.folder import check_new, new_folder
from nlpflow.metrics.names import SCORES, base_of, metric_label
from nlpflow.results.current import Results
from nlpflow.runs.run import open_run
from nlpflow.settings.plan import Plan, RunPlan
from nlpflow.settings.registry import Corpus
from nlpflow.settings.tasks import TASKS
from nlpflow.settings.translation import Seq2SeqExperiment
from nlpflow.tables import read_json, write_json
from nlpflow.tasks.translation.loading import evaluated_with

CARD, SETTINGS, WEIGHTS, RUN = "README.md", "config.json", "weights.safetensors", "run.json"
NOT_A_LANGUAGE = "zxx"
PIPELINES = {
    "translation": "translation",
    "language_id": "text-classification",
    "tagging": "token-classification",
    "entities": "token-classification",
    "bash": "text-generation",
    "frames": "text-generation",
    "chat": "text-generation",
    "questions": "text-generation",
    "embeddings": "feature-extraction",
}
"""What hubs call the kinds of tasks."""


def export_to_hub(folder: Path, plan: Plan, config_file: Path, output: Path) -> None:
    """Write the folder.

    Args:
        folder: of the run
        plan: of the config that the run is of
        config_file: this config, named in messages
        output: the folder to write; it must not exist

    Raises:
        UserError: the run is not of this config, was made with other settings or has not been
            evaluated; or the folder exists
    """
    check_new(output)
    run = read_json(folder / RUN)
    name, task = run["experiment"], run["settings"]["task"]
    if name not in plan.config.experiments:
        raise UserError(
            f"run {folder}: {config_file} has no experiment '{name}'; name its config with "
            "--configfile"
        )
    Results(Path("results"), plan, config_file).check_training(name, folder)
    experiment = plan.config.experiments[name]
    scored = {
        test_set: read_json(folder / test_set / "metrics.json")["scores"]
        for test_set in experiment.test_sets
        if (folder / test_set / "metrics.json").is_file()
    }
    if not scored:
        raise UserError(f"run {folder}: has no held-out scores; run the workflow first")
    dataset = RunPlan(plan.config, plan.registry, plan.root).dataset(experiment)
    corpora = {key: plan.registry[key] for key in plan.config.datasets[dataset].corpus_names}
    title = experiment.label or name
    matter = front_matter(title, task, dataset, run["languages"], corpora, scored)
    text = "---\n" + yaml.safe_dump(matter, sort_keys=False, allow_unicode=True) + "---\n\n"
    body = "\n".join(card_text(title, task, corpora, scored, read_json(folder / "card.json")))
    settings = run["settings"]
    if isinstance(experiment, Seq2SeqExperiment):
        settings = settings | {"decoding": _search(folder, experiment)}
    with new_folder(output) as partial:
        shutil.copyfile(folder / WEIGHTS, partial / WEIGHTS)
        own = _copy_vocabulary(folder, run, task, partial)
        write_json(partial / RUN, run | {"vocabulary": own, "settings": settings})
        write_json(partial / SETTINGS, {"library_name": "nlpflow", **settings})
        (partial / CARD).write_text(text + body, encoding="utf-8")


def front_matter(
    title: str,
    task: str,
    dataset: str,
    languages: Sequence[str],
    corpora: dict[str, Corpus],
    scored: dict[str, dict[str, float]],
) -> dict[str, Any]:
    """What hubs read of the card.

    Args:
        title: of the model
        task: key of `TASKS`
        dataset: its name in the config
        languages: of the dataset; empty: those of the corpora
        corpora: that the dataset is made from, by name
        scored: the scores on each test set
    """
    found = languages or [code for corpus in corpora.values() for code in corpus.languages]
    codes = dict.fromkeys(code.partition("_")[0] for code in found)
    licences = dict.fromkeys(corpus.licence for corpus in corpora.values())
    results = [
        {
            "task": {"type": PIPELINES[task]},
            "dataset": {"name": f"{dataset} ({test_set})", "type": dataset, "split": test_set},
            "metrics": [
                {"type": metric, "name": metric_label(metric), "value": round(value, 4)}
                for metric, value in scores.items()
                if base_of(metric) in SCORES
            ],
        }
        for test_set, scores in scored.items()
    ]
    return {
        "language": [code for code in codes if code != NOT_A_LANGUAGE],
        "license": "other",
        "license_name": ", ".join(licences),
        "library_name": "nlpflow",
        "pipeline_tag": PIPELINES[task],
        "tags": ["nlpflow", task],
        "datasets": list(corpora),
        "metrics": list(TASKS[task].headline),
        "model-index": [{"name": title, "results": results}],
    }


def card_text(
    title: str,
    task: str,
    corpora: dict[str, Corpus],
    scored: dict[str, dict[str, float]],
    card: dict[str, Any],
) -> Iterator[str]:
    """The lines of the model card below its front matter."""
    yield f"# {title}"
    yield ""
    yield f"A model of task `{task}`, trained with nlpflow from raw public data."
    yield ""
    yield "```python"
    yield "import nlpflow"
    yield ""
    yield 'model = nlpflow.load("the folder of this file")'
    yield "```"
    yield ""
    yield "## Data"
    yield ""
    for corpus in corpora.values():
        yield f"- {corpus.title}. Licence: {corpus.licence}. Attribution: {corpus.attribution}."
    yield ""
    yield "## Held-out scores"
    yield ""
    yield "| test set | score | value |"
    yield "|---|---|---|"
    for test_set, scores in scored.items():
        for metric, value in scores.items():
            yield f"| {test_set} | {metric_label(metric)} | {value:.4g} |"
    yield ""
    yield "## Training"
    yield ""
    machine = card.get("gpu") or card["processor"]
    versions = f"nlpflow {card['nlpflow']}, torch {card['torch']}"
    yield f"{card['parameters']:,} parameters, random seed {card['seed']}; trained in"
    yield f"{card['seconds']:.0f} s on {machine} with {versions}."
    yield ""


def _search(folder: Path, experiment: Seq2SeqExperiment) -> dict[str, Any]:
    """The settings of the search with which the scores on the card were made."""
    found = evaluated_with(open_run(folder, type(experiment)), beam=None)
    if found.ensemble:
        raise UserError(
            f"run {folder}: was evaluated together with other runs (decoding.ensemble), and a "
            "folder has one; evaluate it alone"
        )
    return found.model_dump(mode="json")


def _copy_vocabulary(folder: Path, run: dict[str, Any], task: str, output: Path) -> str:
    """Copy the files of the vocabulary; its folder, relative to the copy."""
    own = TASKS[task].writes.get("vocabulary")
    if own is not None:
        for file in TASKS[task].writes.values():
            shutil.copyfile(folder / file, output / file)
        return "." if run["vocabulary"] else ""
    if not run["vocabulary"]:
        return ""
    for side in ("source", "target"):
        shutil.copyfile(folder / run["vocabulary"] / f"{side}.vocab", output / f"{side}.vocab")
    return "."
