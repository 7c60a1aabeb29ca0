"""The spec of a task: what it reads, writes and shows, and its functions by dotted name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from nlpflow.settings.training import BaseExperiment

Templates = Mapping[str, str]
"""Files by name; `{data}`, `{dataset}` and `{vocabulary}` stand for those of the experiment."""

RUN_FILES = {
    "weights": "weights.safetensors",
    "run": "run.json",
    "card": "card.json",
    "history": "history.tsv",
    "timings": "timings.tsv",
}
"""What training writes for every task, by name."""


@dataclass(frozen=True)
class ReportedFile:
    """A file of a run that the report shows; with `{...}` in the name, all files of a folder."""

    file: str
    caption: str
    """The name of the caption's file in workflow/report."""
    title: str
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The file, or the folder of the files."""
        return str(PurePosixPath(self.file).parent) if self.patterns else self.file

    @property
    def patterns(self) -> list[str]:
        """The pattern of the files in the folder; empty for a single file."""
        return [PurePosixPath(self.file).name] if "{" in self.file else []


@dataclass(frozen=True)
class TaskSpec:
    """A task as the rules, the comparison and the command line see it."""

    name: str
    title: str
    """The name of the task in the report."""
    experiment: type[BaseExperiment]
    """The settings of an experiment."""
    train: str
    """Dotted name of a `nlpflow.training.run.Train`."""
    evaluate: str
    """Dotted name of a `nlpflow.tasks.interface.Evaluate`."""
    plot: str
    """Dotted name of a `nlpflow.tasks.interface.Plot`."""
    reads: Templates
    """What training reads, beside pretrained vectors and first weights."""
    tables: tuple[str, ...]
    """Tables that evaluation writes for each test set, beside its scores."""
    plots: Mapping[str, ReportedFile]
    """The plots of a run, by name."""
    plotted: tuple[str, ...]
    """The tables of the first test set that plots are drawn from, beside the history."""
    family: str = ""
    """The family of its networks. The playground and the ONNX graphs, which have code for each
    family, work for all its tasks; they leave out a task without one."""
    pipeline: str = ""
    """What model hubs call this kind of task; empty if they have no name for it."""
    prompt: str = "Text"
    """What a reader writes into the playground's field."""
    headline: tuple[str, ...] = ()
    """The scores on the report's first page, in order, and those on lists of words; empty: all."""
    evaluation_reads: Templates = field(default_factory=dict)
    """What evaluation reads, beside the run and the test set."""
    training_settings: Any = frozenset({"task", "dataset", "model", "training"})
    """The settings that affect the result of a training, as pydantic's argument `include`."""
    evaluation_settings: frozenset[str] = frozenset({"figures"})
    """Which settings change scores and tables, beside those of training."""
    writes: Mapping[str, str] = field(default_factory=dict)
    """Files that training writes beside `RUN_FILES`, by name."""
    texts: Mapping[str, ReportedFile] = field(default_factory=dict)
    """Texts that evaluation writes for each test set, by name."""
    baseline: str = ""
    """Dotted name of a `nlpflow.tasks.interface.Baseline`, if the task has baselines."""
    baselines: Mapping[str, str] = field(default_factory=dict)
    """The names of the baselines in tables, by key."""
    baseline_tables: tuple[str, ...] = ()
    """The tables of the dataset that scoring a baseline reads, beside training and test set."""
    baseline_files: tuple[str, ...] = ()
    """The files that scoring a baseline writes for each test set."""
    statistics: str = ""
    """Dotted name of a `nlpflow.tasks.interface.Statistics`; empty if runs cannot be compared."""
    sentence_columns: tuple[str, ...] = ()
    """The columns of predictions that runs on the same sentences have in common."""

    def run_file(self, file: str) -> str:
        """The path of a file in the folder of a run, with wildcards."""
        return f"results/{self.name}/{{experiment}}/seed-{{seed}}/{file}"

    @property
    def run_files(self) -> dict[str, str]:
        """The files that training writes."""
        return {name: self.run_file(file) for name, file in {**RUN_FILES, **self.writes}.items()}

    @property
    def to_load(self) -> dict[str, str]:
        """The files that loading a run needs."""
        return {name: self.run_files[name] for name in ("weights", "run", *self.writes)}

    @property
    def scores(self) -> dict[str, str]:
        """Scores and tables of a run on a test set."""
        files = {"metrics": "metrics.json"} | {name: f"{name}.tsv" for name in self.tables}
        return {name: self.run_file(f"{{test_set}}/{file}") for name, file in files.items()}

    @property
    def pngs(self) -> list[str]:
        """The PNG copies of plots; a folder of plots holds its own."""
        files = [plot.file for plot in self.plots.values() if not plot.patterns]
        svgs = [PurePosixPath(file) for file in files if file.endswith(".svg")]
        return [self.run_file(f"figures/{file.with_suffix('.png')}") for file in svgs]

    def in_report(self, shown: ReportedFile) -> dict[str, Any]:
        """The arguments of Snakemake's `report` for a file; captions are beside the rules."""
        wildcards = {pattern.split("{")[1].split("}")[0] for pattern in shown.patterns}
        labels = {"experiment": "{experiment}", "seed": "{seed}", **shown.labels}
        return {
            "caption": f"../workflow/report/{shown.caption}",
            "category": self.title,
            "subcategory": shown.title,
            "labels": labels | {name: f"{{{name}}}" for name in wildcards},
            "patterns": shown.patterns,
        }
