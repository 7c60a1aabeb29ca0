"""Experiments that train alike: they differ only in how their runs are decoded and evaluated."""

from collections.abc import Mapping

from nlpflow.settings.tasks import TASKS, Experiment


def trained_like(name: str, seed: int, experiments: Mapping[str, Experiment]) -> str | None:
    """The first experiment of a config whose run under this random seed has the same weights.

    None if there is none before this experiment; then its own run is trained.

    Args:
        name: of the experiment
        experiments: of the config, by name
    """
    training = _training(experiments[name])
    for other, experiment in experiments.items():
        if other == name:
            break
        if seed in experiment.seeds and _training(experiment) == training:
            return other
    return None


def _training(experiment: Experiment) -> tuple[str, int]:
    """What weights and history depend on, beside the random seed and the data."""
    settings = TASKS[experiment.task].training_settings
    return experiment.model_dump_json(include=settings), experiment.resources.gpu
