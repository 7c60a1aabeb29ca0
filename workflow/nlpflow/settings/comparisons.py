"""Which experiment is compared with which other: the key `compare_with`."""

from collections.abc import Mapping
from typing import NamedTuple

from nlpflow.errors import UserError
from nlpflow.settings.checks import unknown_name
from nlpflow.settings.tasks import TASKS, Experiment


class Comparison(NamedTuple):
    """Two experiments, or one and a baseline, and the runs and test sets that both have."""

    experiment: str
    compared_with: str
    """An experiment, or a baseline by the name of its folder: `<baseline>.<dataset>`."""
    seeds: tuple[int, ...]
    test_sets: tuple[str, ...]


def comparisons(
    experiments: Mapping[str, Experiment], datasets: Mapping[str, str], task: str
) -> list[Comparison]:
    """The comparisons of a task, in the order of the config.

    Args:
        datasets: the name of each experiment's dataset
    """
    return [
        _comparison(name, experiment.compare_with, experiments, datasets)
        for name, experiment in experiments.items()
        if experiment.task == task and experiment.compare_with is not None
    ]


def check_comparison(
    name: str, experiments: Mapping[str, Experiment], datasets: Mapping[str, str]
) -> None:
    """Raise UserError if `compare_with` names something this experiment cannot be compared with.

    It can be compared with another experiment on the same data, and with a baseline of its task.

    Args:
        datasets: the name of each experiment's dataset
    """
    one, other = experiments[name], experiments[name].compare_with
    if other is None:
        return
    where = f"config: experiments.{name}.compare_with"
    baselines = TASKS[one.task].baselines
    if other not in experiments:
        if other in baselines:
            return
        known = [key for key in experiments if key != name]
        raise unknown_name(where, other, [*known, *baselines])
    if other == name:
        raise UserError(f"{where}: '{name}' is the experiment itself; name another one")
    if not one.predicts_sentences:
        raise UserError(
            f"{where}: runs of task '{one.task}' predict nothing for single sentences, so they "
            "cannot be compared; remove compare_with"
        )
    for what, mine, its in (
        ("task", one.task, experiments[other].task),
        ("dataset", datasets[name], datasets[other]),
    ):
        if mine != its:
            raise UserError(
                f"{where}: '{other}' has {what} '{its}', but this experiment has '{mine}'; name an "
                f"experiment with the same {what}"
            )
    both = _comparison(name, other, experiments, datasets)
    for what, key, shared in (
        ("random seed", "seeds", both.seeds),
        ("test set", "test_sets", both.test_sets),
    ):
        if not shared:
            values = ", ".join(map(str, getattr(experiments[other], key)))
            raise UserError(
                f"{where}: '{other}' has no {what} in common with '{name}'; it has {values}"
            )


def _comparison(
    name: str, other: str, experiments: Mapping[str, Experiment], datasets: Mapping[str, str]
) -> Comparison:
    one = experiments[name]
    if other not in experiments:
        return Comparison(name, f"{other}.{datasets[name]}", one.seeds, one.test_sets)
    two = experiments[other]
    return Comparison(
        name,
        other,
        tuple(seed for seed in one.seeds if seed in two.seeds),
        tuple(test_set for test_set in one.test_sets if test_set in two.test_sets),
    )
