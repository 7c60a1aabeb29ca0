"""Checks that results were made with the settings that a config has now."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import pandas as pd

from nlpflow.errors import UserError
from nlpflow.results.comparison import read_scores
from nlpflow.results.expected import read_cards
from nlpflow.results.other_data import COLUMN, unmarked
from nlpflow.settings.origin import MADE_WITH, Origin
from nlpflow.settings.origins import dataset_origin, origins_asked
from nlpflow.settings.plan import DataPlan, Plan, ResultPlan, RunPlan
from nlpflow.tables import digest_of, read_json, read_texts, write_table

Json = dict[str, Any]
AGAIN = "run the workflow with this config first"


@dataclass(frozen=True)
class Results:
    """The results of a config in the workflow's folder of results."""

    folder: Path
    plan: Plan
    config_file: Path
    """Named in error messages."""

    def compared(self, task: str) -> Path:
        """The folder of a task's comparison."""
        return self.folder / "compare" / self.plan.config.name / task

    def runs(self, task: str) -> dict[str, Path]:
        """The folder of each run of a task, by the run's name in the cards."""
        names = [f"{name}/seed-{seed}" for name, seed in self.plan.runs(task)]
        return {name: self.folder / task / name for name in names}

    def metrics(self, task: str) -> list[Path]:
        """The files of scores that a task's comparison reads, including those of baselines."""
        plan = ResultPlan(self.plan.config, self.plan.registry, self.plan.root)
        files = plan.metrics(SimpleNamespace(task=task))
        return [self.folder / Path(file).relative_to("results") for file in files]

    def check(self) -> None:
        """Check that all results were made with the settings that the config has now.

        The settings recorded in cards and scores are compared with those of the config, and the
        tables of the comparison are compared with cards and scores.

        Raises:
            UserError: a file is missing or was made with other settings; the message names it
        """
        for task in self.plan.tasks:
            self._check_cards(task)
            self._check_runs(task)
            self._check_table(task)

    def check_training(self, experiment: str, folder: Path) -> None:
        """Check that a run was trained with the settings that the config has now.

        Raises:
            UserError: it was not; the message names the first key, or the data, that differs
        """
        job, config = SimpleNamespace(experiment=experiment), self.plan.config
        card, run = (_read(folder / file) for file in ("card.json", "run.json"))
        settings = RunPlan(config, self.plan.registry, self.plan.root).decisive_settings(job)
        if card.get("config") != digest_of(settings):
            had = {key: run.get("settings", {}).get(key) for key in settings}
            raise self._changed(folder, had, settings)
        data = DataPlan(config, self.plan.registry, self.plan.root)
        self._check_origins(folder, card, origins_asked(data, config.experiments[experiment]))

    def _check_cards(self, task: str) -> None:
        """Check that the comparison has the runs of the config, with their present cards."""
        file = self.compared(task) / "cards.json"
        cards, runs = read_cards(file.parent), self.runs(task)
        if others := sorted(cards.keys() ^ runs.keys()):
            if others[0] in runs:
                raise UserError(f"{file}: {others[0]} is missing: {AGAIN}")
            raise UserError(
                f"{file}: contains run {others[0]}, which {self.config_file} does not have: "
                f"{AGAIN}; if you used `--config seeds=N`, add `seeds: N` to the config"
            )
        for name, folder in runs.items():
            card = _read(folder / "card.json")
            said = {key: cards[name].get(key) for key in ("label", COLUMN) if key in cards[name]}
            if cards[name] != card | said:
                raise UserError(
                    f"{file}: the card of {name} differs from {folder}/card.json: {AGAIN}"
                )

    def _check_runs(self, task: str) -> None:
        """Check that runs and scores were made with the settings that the config has now."""
        plan = RunPlan(self.plan.config, self.plan.registry, self.plan.root)
        for name, folder in self.runs(task).items():
            job = SimpleNamespace(experiment=name.rpartition("/")[0])
            self.check_training(job.experiment, folder)
            weights = _read(folder / "run.json").get("weights")
            data = DataPlan(plan.config, plan.registry, plan.root)
            for test_set in plan.experiment(job).test_sets:
                file = folder / test_set / "metrics.json"
                scores, settings = _read(file), json.loads(plan.evaluation_settings(job))
                if scores.get("settings") != settings:
                    raise self._changed(file, scores.get("settings") or {}, settings)
                if scores.get("data", {}).get("weights") != weights:
                    raise UserError(
                        f"{file}: the scores do not belong to the weights that {folder} has now: "
                        f"{AGAIN}"
                    )
                if test_set in plan.config.datasets:
                    self._check_origins(file, scores, dataset_origin(data, test_set))

    def _check_origins(self, place: Path, made: Json, asked: Mapping[str, Origin]) -> None:
        """Check that tables and vocabularies were made with the config's present settings."""
        for folder, origin in asked.items():
            now = {key: getattr(origin, key) for key in MADE_WITH}
            if made.get("origins", {}).get(folder) != now:
                raise UserError(
                    f"{place}: was made from data/{folder} before its settings in "
                    f"{self.config_file} or its registry changed: {AGAIN}"
                )

    def _check_table(self, task: str) -> None:
        """Check that the table of the comparison has the present scores."""
        plan = ResultPlan(self.plan.config, self.plan.registry, self.plan.root)
        files = self.metrics(task)
        for file in files:
            _read(file)
        scores = read_scores(files, plan.labels(SimpleNamespace(task=task)))
        table = self.compared(task) / "runs.tsv"
        with TemporaryDirectory() as folder:
            expected = Path(folder, table.name)
            write_table(expected, scores)
            if not table.is_file() or not unmarked(read_texts(table)).equals(read_texts(expected)):
                raise UserError(f"{table}: does not match the present scores and labels: {AGAIN}")

    def _changed(self, place: Path, had: Json, has: Json) -> UserError:
        """The error for results made with other settings; it names the first that differs."""
        old, new = (pd.json_normalize(values).to_dict("records")[0] for values in (had, has))
        key = next((key for key in {**new, **old} if old.get(key) != new.get(key)), "")
        what = f"{key} was {old.get(key)}, but is {new.get(key)} in" if key else "not those of"
        return UserError(
            f"{place}: was made with other settings: {what} {self.config_file}: {AGAIN}"
        )


def _read(path: Path) -> Json:
    """Read a JSON file that the workflow has made."""
    if not path.is_file():
        raise UserError(f"{path} is missing: {AGAIN}")
    values: Json = read_json(path)
    if not isinstance(values, dict):
        raise UserError(f"{path}: damaged: not an object; make it again")
    return values
