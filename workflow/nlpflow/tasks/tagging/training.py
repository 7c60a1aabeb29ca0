"""Train one tagging run; see `nlpflow.tasks.labelling`."""

from pathlib import Path

from nlpflow.settings.data import TaggedDataset
from nlpflow.settings.labelling import TaggingExperiment
from nlpflow.tasks.labelling.tag_scoring import TagScoring
from nlpflow.tasks.labelling.training import train_labeller


def train(
    name: str,
    settings: TaggingExperiment,
    seed: int,
    dataset: TaggedDataset,
    prepared: Path,
    folder: Path,
    checkpoints: Path,
) -> None:
    """Train the experiment `name` under a random seed and write the run into `folder`."""
    train_labeller(
        name,
        settings,
        seed,
        dataset,
        prepared,
        folder,
        checkpoints,
        Path(__file__),
        TagScoring(),
        None,
    )
