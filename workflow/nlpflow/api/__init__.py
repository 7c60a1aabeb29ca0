"""Trained runs in Python: `nlpflow.load(folder)` gives an object with the verbs of its task.

The command line is made from these classes.
"""

from pathlib import Path

from nlpflow.api.embeddings import EmbeddingsRun
from nlpflow.api.labelling import LabellingRun, TaggedSentence
from nlpflow.api.language_id import LanguageRun
from nlpflow.api.translation import ChatRun, Command, CommandRun, QuestionsRun, TranslationRun
from nlpflow.errors import UserError
from nlpflow.runs.run import check_is_run
from nlpflow.settings.tasks import TASKS
from nlpflow.tables import read_json
from nlpflow.tasks.language_id.identifier import Answer
from nlpflow.tasks.translation.translator import Translation

__all__ = [
    "Answer",
    "ChatRun",
    "Command",
    "CommandRun",
    "EmbeddingsRun",
    "LabellingRun",
    "LanguageRun",
    "QuestionsRun",
    "TaggedSentence",
    "TrainedRun",
    "Translation",
    "TranslationRun",
    "load",
]

TrainedRun = (
    TranslationRun
    | CommandRun
    | ChatRun
    | QuestionsRun
    | LanguageRun
    | LabellingRun
    | EmbeddingsRun
)

RUNS: dict[str, type[TrainedRun]] = {
    "translation": TranslationRun,
    "bash": CommandRun,
    "frames": CommandRun,
    "chat": ChatRun,
    "questions": QuestionsRun,
    "language_id": LanguageRun,
    "tagging": LabellingRun,
    "entities": LabellingRun,
    "embeddings": EmbeddingsRun,
}
"""The class of a run, by its task."""


def load(folder: str | Path) -> TrainedRun:
    """Load a trained run.

    Args:
        folder: of the run, such as `results/translation/sample-additive/seed-1`

    Raises:
        UserError: the folder does not contain a complete run, or there is no class for its task
    """
    folder = Path(folder)
    check_is_run(folder)
    content = read_json(folder / "run.json")
    settings = content.get("settings") if isinstance(content, dict) else None
    task = settings.get("task") if isinstance(settings, dict) else None
    if task in TASKS and task not in RUNS:
        raise UserError(
            f"run {folder}: nlpflow.load has no class for task {task}; add one, see "
            "docs/architecture.md"
        )
    if task not in RUNS:
        raise UserError(f"run {folder}: damaged: run.json names no known task; train it again")
    return RUNS[task](folder)
