"""Runs with random weights on disk, and the page that plays them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import torch
from torch import nn

from nlpflow.playground.describe import describe
from nlpflow.playground.page import page
from nlpflow.runs.run import Run, save_run
from nlpflow.settings.plan.sources import SourceFacts
from nlpflow.settings.plan.summary import Contender, DatasetFacts, Facts, TaskFacts
from nlpflow.settings.tasks import TASKS
from nlpflow.tables import write_json
from page_parity import ask, round_weights

CORPUS = SourceFacts(title="a corpus", licence="CC0 1.0", attribution="its authors")
DATA = DatasetFacts(kind="pairs", languages=("fra", "eng"), corpora=("corpus",), division="divided")
CARD = {"processor": "a processor", "parameters": 1, "seed": 1, "seconds": 61.0}
CARD |= {"nlpflow": "0", "torch": "0", "finished": "2020-01-01T00:00:00+00:00"}


def randomise(model: nn.Module, seed: int) -> None:
    """Weights that give decided outputs, as exact in half precision as in single."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for weight in model.parameters():
            weight.copy_(torch.randn(weight.shape, generator=generator) * 0.7)
    round_weights(model)


def save(
    folder: Path,
    settings: Any,
    model: nn.Module,
    normalisation: str = "tutorial",
    vocabulary: str = "",
    digests: dict[str, str] | None = None,
    **sizes: int,
) -> None:
    """Save a run of an experiment named as its folder, with a score on its test set."""
    run = Run(
        experiment=folder.parent.name,
        seed=1,
        settings=settings.model_dump(mode="json"),
        normalisation=normalisation,
        languages=("fra", "eng"),
        vocabulary=vocabulary,
        digests=digests or {},
        sizes=sizes,
    )
    empty = pd.DataFrame()
    save_run(folder, run, model.state_dict(), empty, empty, CARD)
    add_scores(folder)


def add_scores(folder: Path, figures: dict[str, Any] | None = None) -> None:
    """What evaluation writes of the run in a folder."""
    run = Run.model_validate_json((folder / "run.json").read_text())
    metrics = {
        "data": {"weights": run.weights},
        "scores": {"accuracy": 12.3456, "sample-similarity": 65.9},
        "settings": {"figures": figures or {}},
    }
    if "decoding" in run.settings:
        metrics["decoding"] = run.settings["decoding"]
    (folder / "test").mkdir()
    write_json(folder / "test/metrics.json", metrics)


def facts(*experiments: tuple[str, str], label: str = "") -> Facts:
    """What a config says of experiments, each given by task and name."""
    tasks: dict[str, dict[str, Contender]] = {}
    for task, name in experiments:
        contender = Contender(
            label=label or name, dataset="data", weights="best", sources=("corpus",)
        )
        tasks.setdefault(task, {})[name] = contender
    return Facts(
        config="made",
        tasks=tuple(
            TaskFacts(name=task, title=TASKS[task].title, headline=(), contenders=contenders)
            for task, contenders in tasks.items()
        ),
        datasets={"data": DATA},
        corpora={"corpus": CORPUS},
        test_sets={},
        attention=(),
    )


def write_made(folders: Sequence[Path], output: Path, label: str = "") -> Path:
    """The page of runs in folders .../<task>/<experiment>/seed-1."""
    told = facts(*((folder.parts[-3], folder.parts[-2]) for folder in folders), label=label)
    described = [describe(folder, told) for folder in folders]
    output.write_text(page(described, "made", []), encoding="utf-8")
    return output


def asked(made: dict[str, Any], name: str, verb: str, *arguments: Any) -> list[Any]:
    """The answers of a run in a page.

    Args:
        made: `runs` by name, and their `page`
        name: of the run
        verb: a method of the model
        arguments: a list for each question
    """
    model = "/".join(made["runs"][name].parts[-3:])
    return ask(made["page"], [{"model": model, "verb": verb, "asked": one} for one in arguments])
