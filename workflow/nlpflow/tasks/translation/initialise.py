"""What a translator's weights start from: another run, whose words must be the same, or vectors."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from torch import Tensor, nn

from nlpflow.errors import UserError
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.runs.run import load_run
from nlpflow.settings.checks import unknown_name
from nlpflow.settings.translation import TranslationModel, TranslationTraining
from nlpflow.tasks.pretrained import start_from_source
from nlpflow.vocabulary import Vocabulary, Words

WORDS = {"source": ("encoder.embedding.",), "target": ("decoder.embedding.", "decoder.output.")}
"""The weights with a row a word, by the vocabulary that numbers the words."""


def initialise(
    model: nn.Module,
    settings: TranslationTraining,
    first_weights: Sequence[Path],
    digests: dict[str, str],
) -> None:
    """Do what `initialise_from` and `initialise_parts` say, if anything.

    Args:
        first_weights: the files of the other run; none if there is no such run
        digests: of this run's two vocabularies
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


def load_parts(
    model: nn.Module, weights: Mapping[str, Tensor], parts: Sequence[str], where: str
) -> list[str]:
    """Put the weights of some modules (all, if `parts` is empty) into `model`.

    Args:
        parts: names of modules as in `encoder` or `decoder.attention`
        where: the run that `weights` belong to, for errors

    Returns:
        the names of the weights taken
    """
    own = model.state_dict()
    modules = [name for name, _ in model.named_modules() if name]
    for part in parts:
        if part not in modules:
            raise unknown_name("training.initialise_parts", part, modules)
    taken = [
        name for name in own if not parts or any(name.startswith(f"{part}.") for part in parts)
    ]
    for name in taken:
        if name not in weights:
            raise UserError(f"training.initialise_from: {where} has no weights {name}")
        if weights[name].shape != own[name].shape:
            shapes = [tuple(tensor.shape) for tensor in (weights[name], own[name])]
            raise UserError(
                f"training.initialise_from: {name} of {where} is {shapes[0]}, here {shapes[1]}; "
                "choose equal sizes, or other parts with training.initialise_parts"
            )
    model.load_state_dict({name: weights[name] for name in taken}, strict=False)
    return taken


def start_from_vectors(
    model: Seq2Seq,
    settings: TranslationModel,
    vocabularies: Mapping[str, Vocabulary],
    sources: Mapping[str, str | Path],
) -> dict[str, dict[str, float]]:
    """Do what `source_vectors` and `target_vectors` say.

    Args:
        vocabularies: `source` and `target`, of words where vectors are asked for
        sources: what each name in the settings stands for

    Returns:
        how many words have a vector, by side; empty if none is asked for
    """
    asked = {
        "source": (model.encoder.embedding, settings.source_vectors),
        "target": (model.decoder.embedding, settings.target_vectors),
    }
    coverage = {}
    for side, (embedding, source) in asked.items():
        if source is None:
            continue
        vocabulary = vocabularies[side]
        assert isinstance(vocabulary, Words)  # checked with the config
        coverage[side] = start_from_source(embedding, sources[source], vocabulary.words)
        logging.info("%s vectors: %s", side, coverage[side])
    return coverage
