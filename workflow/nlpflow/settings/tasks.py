"""The registry of tasks: what each one reads, writes and shows, and its functions.

Nothing here loads torch. A function is given by its dotted name and imported when its job runs, so
the digest of a job's code covers only its own task and stage.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from pydantic import Field

from nlpflow.settings.chat import ChatExperiment
from nlpflow.settings.commands import BashExperiment, FramesExperiment
from nlpflow.settings.embeddings import EmbeddingsExperiment
from nlpflow.settings.labelling import EntitiesExperiment, LabellingExperiment, TaggingExperiment
from nlpflow.settings.language_id import LanguageIdExperiment
from nlpflow.settings.questions import QuestionsExperiment
from nlpflow.settings.task_spec import ReportedFile, TaskSpec
from nlpflow.settings.translation import Seq2SeqExperiment, TranslationExperiment

PREPARED = "{data}/prepared/{dataset}"
VOCABULARY = "{data}/vocabularies/{vocabulary}"

TEST_SET = {"test set": "{test_set}"}
SPLIT_FILES = {split: f"{PREPARED}/{split}.parquet" for split in ("train", "dev")}
LEAKAGE = {"leakage": f"{PREPARED}/leakage.json"}

TRANSLATION = TaskSpec(
    name="translation",
    title="translation",
    family="seq2seq",
    pipeline="translation",
    prompt="Sentence to translate",
    experiment=TranslationExperiment,
    train="nlpflow.tasks.translation.training.train",
    evaluate="nlpflow.tasks.translation.evaluation.evaluate",
    plot="nlpflow.tasks.translation.figures.plot",
    statistics="nlpflow.metrics.translation.statistics",
    baseline="nlpflow.tasks.translation.baselines.evaluate",
    baselines={"nearest": "nearest training sentence"},
    baseline_tables=("references",),
    baseline_files=("metrics.json", "predictions.tsv", "breakdown.tsv"),
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


def _scored(
    name: str,
    title: str,
    experiment: type[Seq2SeqExperiment],
    headline: tuple[str, ...],
    baselines: Mapping[str, str],
    package: str,
    prompt: str,
) -> TaskSpec:
    """The spec of a task that is as translation, but scored in its own way."""
    return replace(
        TRANSLATION,
        name=name,
        title=title,
        pipeline="text-generation",
        prompt=prompt,
        experiment=experiment,
        evaluate=f"nlpflow.tasks.{package}.evaluation.evaluate",
        statistics=f"nlpflow.metrics.{package}.statistics",
        baseline=f"nlpflow.tasks.{package}.baselines.evaluate",
        baselines=baselines,
        headline=headline,
    )


BASH = _scored(
    "bash",
    "shell commands",
    BashExperiment,
    ("exact", "template", "parses"),
    {"nearest": "nearest training request"},
    "commands",
    "What should be done (nothing is executed)",
)
FRAMES = _scored(
    "frames",
    "requests to an assistant",
    FramesExperiment,
    ("exact", "intent", "slot_f1", "well_formed"),
    {
        "nearest": "nearest training request",
        "features": "logistic regression and CRF over features",
    },
    "commands",
    "Request to the assistant",
)
QUESTIONS = _scored(
    "questions",
    "questions",
    QuestionsExperiment,
    ("exact", "word_f1"),
    {
        "fixed": "most frequent answer",
        "beginning": "most frequent answer after the first two words",
        "nearest": "nearest training question",
    },
    "questions",
    "Question",
)
CHAT = replace(
    TRANSLATION,
    name="chat",
    title="chat",
    pipeline="text-generation",
    prompt="The last two turns, with | between them",
    experiment=ChatExperiment,
    evaluate="nlpflow.tasks.chat.evaluation.evaluate",
    baseline="nlpflow.tasks.chat.baselines.evaluate",
    baselines={"fixed": "most frequent response", "nearest": "nearest training context"},
    headline=("perplexity", "recall_1", "bleu_delexicalised", "distinct_2", "commonest"),
)

LANGUAGE_ID = TaskSpec(
    name="language_id",
    title="language identification",
    family="language_id",
    pipeline="text-classification",
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
    family="embeddings",
    pipeline="feature-extraction",
    experiment=EmbeddingsExperiment,
    train="nlpflow.tasks.embeddings.training.train",
    evaluate="nlpflow.tasks.embeddings.evaluation.evaluate",
    plot="nlpflow.tasks.embeddings.figures.plot",
    reads=SPLIT_FILES | LEAKAGE,
    evaluation_reads=SPLIT_FILES,
    headline=("perplexity",),
    training_settings=frozenset({"task", "dataset", "side", "words", "model", "training"}),
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
        family="labelling",
        pipeline="token-classification",
        prompt="Sentence, with spaces between words and signs",
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
        BASH,
        FRAMES,
        QUESTIONS,
        CHAT,
        LANGUAGE_ID,
        EMBEDDINGS,
        _labelling("tagging", TaggingExperiment, ("accuracy", "accuracy_unseen", "f1_macro")),
        _labelling("entities", EntitiesExperiment, ("f1", "precision", "recall")),
    )
}
"""Every task, by the name that experiments give as `task`."""


Experiment = Annotated[
    TranslationExperiment
    | BashExperiment
    | FramesExperiment
    | QuestionsExperiment
    | ChatExperiment
    | LanguageIdExperiment
    | EmbeddingsExperiment
    | TaggingExperiment
    | EntitiesExperiment,
    Field(discriminator="task"),
]
