"""Train one run of entities; see `nlpflow.tasks.labelling`."""

from pathlib import Path

from nlpflow.settings.data import TaggedDataset
from nlpflow.settings.labelling import EntitiesExperiment
from nlpflow.tasks.labelling.entity_scoring import EntityScoring
from nlpflow.tasks.labelling.training import train_labeller


def train(
    name: str,
    settings: EntitiesExperiment,
    seed: int,
    dataset: TaggedDataset,
    prepared: Path,
    folder: Path,
    checkpoints: Path,
) -> None:
    """Train the experiment `name` under a random seed and write the run into `folder`."""
    scheme = settings.model.scheme
    scoring = EntityScoring(scheme)
    train_labeller(
        name,
        settings,
        seed,
        dataset,
        prepared,
        folder,
        checkpoints,
        Path(__file__),
        scoring,
        scheme,
    )
