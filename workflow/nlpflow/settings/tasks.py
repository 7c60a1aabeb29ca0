"""The registry of tasks: what each one reads, writes and shows, and its functions.

Nothing here loads torch. A function is given by its dotted name and imported when its job runs, so
the digest of a job's code covers only its own task and stage.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Annotated, Any

from pydantic import Field

from nlpflow.settings.embeddings import EmbeddingsExperiment
from nlpflow.settings.labelling import EntitiesExperiment, LabellingExperiment, TaggingExperiment
from nlpflow.settings.language_id import LanguageIdExperiment
from nlpflow.settings.training import BaseExperiment
from nlpflow.settings.translation import TranslationExperiment

Templates = Mapping[str, str]
"""Files by name; `{data}`, `{dataset}` and `{vocabulary}` stand for those of the experiment."""

PREPARED = "{data}/prepared/{dataset}"
VOCABULARY = "{data}/vocabularies/{vocabulary}"
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


TEST_SET = {"test set": "{test_set}"}
SPLIT_FILES = {split: f"{PREPARED}/{split}.parquet" for split in ("train", "dev")}
LEAKAGE = {"leakage": f"{PREPARED}/leakage.json"}

TRANSLATION = TaskSpec(
    name="translation",
    title="translation",
    experiment=TranslationExperiment,
    train="nlpflow.tasks.translation.training.train",
    evaluate="nlpflow.tasks.translation.evaluation.evaluate",
    plot="nlpflow.tasks.translation.figures.plot",
    statistics="nlpflow.metrics.translation.statistics",
    sentence_columns=("source", "references"),
    reads={
        "dev": f"{PREPARED}/dev.parquet",
        "references": f"{PREPARED}/references.parquet",
        "source": f"{VOCABULARY}/source.vocab",
        "target": f"{VOCABULARY}/target.vocab",
        "encoded": "{data}/encoded/{vocabulary}",
    },
    evaluation_reads={
        "train": f"{PREPARED}/train.parquet",
        "references": f"{PREPARED}/references.parquet",
        "source": f"{VOCABULARY}/source.vocab",
        "target": f"{VOCABULARY}/target.vocab",
    },
    headline=("bleu", "chrf2", "exact", "aer", "fluency_perplexity"),
    # Of `decoding` only what validation on the dev set uses: it is always greedy.
    training_settings={
        **dict.fromkeys(("task", "vocabulary", "model", "training"), True),
        "decoding": {"max_tokens", "batch_size"},
    },
    evaluation_settings=frozenset({"figures", "decoding"}),
    tables=("predictions", "breakdown", "attention"),
    texts={"samples": ReportedFile("samples.txt", "samples.rst", "samples", TEST_SET)},
    plots={
        "curves": ReportedFile("curves.svg", "curves.rst", "curves"),
        "breakdown": ReportedFile("breakdown.svg", "breakdown.rst", "breakdown"),
        "attention": ReportedFile("attention/{sentence}.svg", "attention.rst", "attention"),
    },
    plotted=("breakdown", "attention"),
)

LANGUAGE_ID = TaskSpec(
    name="language_id",
    title="language identification",
    experiment=LanguageIdExperiment,
    train="nlpflow.tasks.language_id.training.train",
    evaluate="nlpflow.tasks.language_id.evaluation.evaluate",
    plot="nlpflow.tasks.language_id.figures.plot",
    statistics="nlpflow.tasks.language_id.statistics.statistics",
    sentence_columns=("raw", "language"),
    reads=SPLIT_FILES | LEAKAGE,
    evaluation_reads={"train": SPLIT_FILES["train"]},
    headline=("accuracy", "accuracy_macro", "accuracy_short", "ece"),
    training_settings=frozenset({"task", "dataset", "model", "spans", "training"}),
    tables=("predictions", "breakdown", "confusions", "calibration", "weights", "words"),
    texts={"errors": ReportedFile("errors.txt", "language_errors.rst", "errors", TEST_SET)},
    plots={
        "curves": ReportedFile("curves.svg", "language_curves.rst", "curves"),
        "breakdown": ReportedFile("breakdown.svg", "language_breakdown.rst", "breakdown"),
        "confusions": ReportedFile("confusions.svg", "language_confusions.rst", "confusions"),
        "calibration": ReportedFile("calibration.svg", "language_calibration.rst", "calibration"),
        "weights": ReportedFile(
            "weights.html", "language_weights.rst", "weights", {"what": "heaviest"}
        ),
        "words": ReportedFile("words/{what}.svg", "language_words.rst", "weights"),
    },
    plotted=("breakdown", "confusions", "calibration", "weights", "words"),
)

EMBEDDINGS = TaskSpec(
    name="embeddings",
    title="word embeddings",
    experiment=EmbeddingsExperiment,
    train="nlpflow.tasks.embeddings.training.train",
    evaluate="nlpflow.tasks.embeddings.evaluation.evaluate",
    plot="nlpflow.tasks.embeddings.figures.plot",
    reads=SPLIT_FILES | LEAKAGE,
    evaluation_reads=SPLIT_FILES,
    headline=("perplexity",),
    training_settings=frozenset({"task", "dataset", "words", "model", "training"}),
    evaluation_settings=frozenset({"figures", "lists"}),
    writes={"vocabulary": "words.vocab", "text": "vectors.txt", "vectors": "vectors.safetensors"},
    tables=("lists", "neighbours", "map"),
    plots={
        "curves": ReportedFile("curves.svg", "embeddings_curves.rst", "curves"),
        "lists": ReportedFile("lists.svg", "embeddings_lists.rst", "lists"),
        "map": ReportedFile("map.svg", "embeddings_map.rst", "map"),
        "neighbours": ReportedFile("neighbours.svg", "embeddings_neighbours.rst", "neighbours"),
    },
    plotted=("lists", "map", "neighbours"),
)


def _labelling(
    name: str, experiment: type[LabellingExperiment], headline: tuple[str, ...]
) -> TaskSpec:
    """The spec of tagging or entities, which differ in how tags are scored."""
    package = "nlpflow.tasks.labelling"
    return TaskSpec(
        name=name,
        title=name,
        experiment=experiment,
        train=f"{package}.training.train",
        evaluate=f"{package}.evaluation.evaluate",
        plot=f"{package}.figures.plot",
        baseline=f"{package}.baselines.evaluate",
        statistics=f"{package}.statistics.statistics",
        sentence_columns=("sentence", "word"),
        reads=SPLIT_FILES,
        evaluation_reads={"train": SPLIT_FILES["train"]},
        headline=headline,
        writes={"vocabulary": "vocabulary.json"},
        tables=("predictions", "tags", "frequency", "confusion", "marginals", "transitions"),
        plots={
            "curves": ReportedFile("curves.svg", "labelling_curves.rst", "curves"),
            "confusion": ReportedFile("confusion.svg", "confusion.rst", "confusion"),
            "frequency": ReportedFile("frequency.svg", f"{name}_frequency.rst", "word frequency"),
            "transitions": ReportedFile("transitions/{name}.svg", "transitions.rst", "transitions"),
            "marginals": ReportedFile("marginals/{sentence}.svg", "marginals.rst", "marginals"),
        },
        plotted=("confusion", "frequency", "transitions", "marginals"),
        baselines={
            "most-frequent": "most frequent tag",
            "hmm": "hidden Markov model",
            "features": "CRF over features",
        },
        baseline_files=(
            "metrics.json",
            "predictions.tsv",
            "tags.tsv",
            "frequency.tsv",
            "confusion.tsv",
        ),
    )


TASKS = {
    spec.name: spec
    for spec in (
        TRANSLATION,
        LANGUAGE_ID,
        EMBEDDINGS,
        _labelling("tagging", TaggingExperiment, ("accuracy", "accuracy_unseen", "f1_macro")),
        _labelling("entities", EntitiesExperiment, ("f1", "precision", "recall")),
    )
}
"""Every task, by the name that experiments give as `task`."""


Experiment = Annotated[
    TranslationExperiment
    | LanguageIdExperiment
    | EmbeddingsExperiment
    | TaggingExperiment
    | EntitiesExperiment,
    Field(discriminator="task"),
]
