"""What the workflow asks of a task, for tests that have the files in folders of their own."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nlpflow.jobs import Inputs
from nlpflow.settings.base import Settings
from nlpflow.settings.tasks import TASKS
from nlpflow.settings.training import BaseExperiment
from nlpflow.tables import file_digest, read_json
from nlpflow.tasks.interface import EvaluationJob
from nlpflow.training.run import TrainingJob


def training_job(
    settings: BaseExperiment,
    dataset: Settings,
    prepared: Path,
    run: Path,
    seed: int = 1,
    name: str = "e",
    pretrained: Sequence[Path] = (),
) -> TrainingJob:
    """Training on the files of a folder; checkpoints lie beside the run."""
    spec = TASKS[settings.model_dump()["task"]]
    files = {key: prepared / Path(template).name for key, template in spec.reads.items()}
    files |= {key: prepared / key for key, path in files.items() if not path.suffix}
    inputs = {key: (path,) for key, path in files.items() if path.exists()}
    return TrainingJob(
        name,
        seed,
        settings.model_dump(mode="json"),
        dataset.model_dump(mode="json"),
        Inputs(inputs | {"pretrained": tuple(pretrained)}),
        run,
        run.with_name(f"{run.name} checkpoints"),
    )


def evaluation_job(
    task: str,
    run: Path,
    prepared: Path,
    outputs: Path,
    settings: dict[str, Any],
    test_set: str = "test",
    lists: Sequence[Path] = (),
) -> EvaluationJob:
    """Evaluation on the files of a folder."""
    spec = TASKS[task]
    files = {key: prepared / Path(template).name for key, template in spec.evaluation_reads.items()}
    files |= {"table": prepared / f"{test_set}.parquet", "weights": run / "weights.safetensors"}
    inputs = {key: (path,) for key, path in files.items() if path.exists()}
    outputs.mkdir(parents=True, exist_ok=True)
    made = [*spec.scores.items(), *((name, text.file) for name, text in spec.texts.items())]
    return EvaluationJob(
        run,
        test_set,
        {"figures": {}} | settings,
        Inputs(inputs | {"lists": tuple(lists)}),
        {name: outputs / Path(path).name for name, path in made},
    )


def assert_says_what_it_was_made_with(job: EvaluationJob) -> None:
    """The scores' file has the settings and a digest of every file that was read."""
    metrics = read_json(job.outputs["metrics"])
    assert metrics["settings"] == job.settings
    files = job.inputs.named_files()
    assert {"table", "weights"} <= files.keys()
    assert metrics["data"] == {name: file_digest(path) for name, path in files.items()}
