"""A translator's first weights from another run, whose words must be the same."""

import logging
from collections.abc import Sequence
from pathlib import Path

from torch import nn

from nlpflow.errors import UserError
from nlpflow.runs.run import load_run
from nlpflow.settings.translation import TranslationTraining
from nlpflow.training.initial import load_parts

WORDS = {
    "source": ("encoder.embedding.",),
    "target": ("decoder.embedding.", "decoder.output."),
}
"""The weights with a row a word, by the vocabulary that numbers the words."""


def initialise(
    model: nn.Module,
    settings: TranslationTraining,
    first_weights: Sequence[Path],
    digests: dict[str, str],
) -> None:
    """Do what `initialise_from` and `initialise_parts` say, if anything.

    :param first_weights: the files of the other run; none if there is no such run
    :param digests: of this run's two vocabularies
    """
    if not first_weights:
        return
    where = f"run {settings.initialise_from}"
    run, weights = load_run(first_weights[0].parent)
    taken = load_parts(model, weights, settings.initialise_parts, where)
    for side, prefixes in WORDS.items():
        if any(name.startswith(prefixes) for name in taken) and run.digests[side] != digests[side]:
            raise UserError(
                f"training.initialise_from: {where} has another {side} vocabulary; use the same, "
                "or leave its words out with training.initialise_parts"
            )
    logging.info("training starts from %s weights of %s", len(taken), where)
