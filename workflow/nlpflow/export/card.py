"""The card of a model that leaves the project: languages, licences, held-out scores."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from nlpflow.errors import UserError
from nlpflow.metrics.held_out import held_out_scores
from nlpflow.metrics.names import SCORES, base_of, metric_label
from nlpflow.results.current import Results
from nlpflow.settings.plan import Plan, RunPlan, sources_of
from nlpflow.settings.plan.sources import SourceFacts
from nlpflow.settings.tasks import TASKS
from nlpflow.tables import read_json

CARD = "README.md"
"""The card's file in the folder of an export."""
NOT_A_LANGUAGE = "zxx"

USE = {
    "hub": [
        "```python",
        "import nlpflow",
        "",
        'model = nlpflow.load("the folder of this file")',
        "```",
    ],
    "onnx": [
        "The network as ONNX graphs. `config.json` says what a program needs to run them; the page "
        "*Trained runs in Python* of nlpflow's documentation explains it."
    ],
}
"""How to use a folder, by its form."""


def model_card(folder: Path, plan: Plan, config_file: Path, form: str) -> str:
    """The card of a run, with a front matter that model hubs read.

    Args:
        folder: of the run
        plan: of the config that the run is of
        config_file: this config, named in messages
        form: of the export, a key of `USE`

    Raises:
        UserError: the run is not of this config, was made with other settings, or its weights have
            no held-out scores
    """
    run = read_json(folder / "run.json")
    name, task = run["experiment"], run["settings"]["task"]
    if name not in plan.config.experiments:
        raise UserError(
            f"run {folder}: {config_file} has no experiment '{name}'; name its config with "
            "--configfile"
        )
    Results(Path("results"), plan, config_file).check_training(name, folder)
    experiment = plan.config.experiments[name]
    measured = held_out_scores(folder, run["weights"])
    scored = {name: measured[name] for name in experiment.test_sets if name in measured}
    if not scored:
        raise UserError(
            f"run {folder}: its weights have no held-out scores; run the workflow first, with a "
            "test set beside dev in `test_sets`"
        )
    dataset = RunPlan(plan.config, plan.registry, plan.root).dataset(experiment)
    languages = run["languages"] or plan.config.datasets[dataset].languages_in(plan.registry)
    sources = sources_of(plan, name)
    title = experiment.label or name
    corpora = [key for key in sources if key in plan.registry]
    matter = front_matter(title, task, dataset, languages, sources, corpora, scored)
    text = "---\n" + yaml.safe_dump(matter, sort_keys=False, allow_unicode=True) + "---\n\n"
    return text + "\n".join(
        card_text(title, task, sources, scored, read_json(folder / "card.json"), USE[form])
    )


def front_matter(
    title: str,
    task: str,
    dataset: str,
    languages: Sequence[str],
    sources: dict[str, SourceFacts],
    corpora: Sequence[str],
    scored: dict[str, dict[str, float]],
) -> dict[str, Any]:
    """What hubs read of the card.

    Args:
        title: of the model
        task: key of `TASKS`
        dataset: its name in the config
        languages: of the dataset
        sources: see `nlpflow.settings.plan.sources_of`
        corpora: those of the sources that are corpora
        scored: the scores on each test set
    """
    codes = dict.fromkeys(code.partition("_")[0] for code in languages)
    licences = dict.fromkeys(source.licence for source in sources.values())
    pipeline = TASKS[task].pipeline
    results = [
        {
            "task": {"type": pipeline or task},
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
        **({"pipeline_tag": pipeline} if pipeline else {}),
        "tags": ["nlpflow", task],
        "datasets": list(corpora),
        "metrics": list(TASKS[task].headline),
        "model-index": [{"name": title, "results": results}],
    }


def card_text(
    title: str,
    task: str,
    sources: dict[str, SourceFacts],
    scored: dict[str, dict[str, float]],
    card: dict[str, Any],
    use: Sequence[str],
) -> Iterator[str]:
    """The lines of the model card below its front matter."""
    yield f"# {title}"
    yield ""
    yield f"A model of task `{task}`, trained with nlpflow from the data below."
    yield ""
    yield from use
    yield ""
    yield "## Data"
    yield ""
    for source in sources.values():
        yield f"- {source.title}. Licence: {source.licence}. Attribution: {source.attribution}."
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
