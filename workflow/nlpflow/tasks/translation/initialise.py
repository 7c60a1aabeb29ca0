"""Warm start of a translator from another run's weights, or from pretrained vectors."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from torch import Tensor, nn

from nlpflow.errors import UserError
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.runs.run import load_run
from nlpflow.settings.checks import unknown_name
from nlpflow.settings.translation_model import GRUModel, TranslationModel
from nlpflow.settings.translation_training import TranslationTraining
from nlpflow.tasks.pretrained import start_from_source
from nlpflow.vocabulary import Parts, Vocabulary, Words


def initialise(
    model: Seq2Seq,
    settings: TranslationTraining,
    first_weights: Sequence[Path],
    digests: dict[str, str],
) -> None:
    """Copy the weights of the run that `initialise_from` names, or those in `initialise_parts`.

    Args:
        model: changed in place
        settings: section `training` of the experiment
        first_weights: the files of the other run; empty if the settings name none
        digests: of this run's source and target vocabulary

    Raises:
        UserError: weights are missing or have another size, or belong to another vocabulary
    """
    if not first_weights:
        return
    where = f"run {first_weights[0].parent}"
    run, weights = load_run(first_weights[0].parent)
    taken = load_parts(model, weights, settings.initialise_parts, where)
    for side, of_words in word_weights(model).items():
        if of_words & {*taken} and run.digests[side] != digests[side]:
            raise UserError(
                f"training.initialise_from: {where} has another {side} vocabulary; use the same "
                "one, or leave out its embeddings with training.initialise_parts"
            )
    logging.info("training starts with %s weights of %s", len(taken), where)


def word_weights(model: Seq2Seq) -> dict[str, set[str]]:
    """The names of the weights with one row per word, by the side whose words they are."""
    rows = {
        "source": [model.encoder.embedding.weight],
        "target": [model.decoder.embedding.weight, *model.decoder.output.parameters()],
    }
    named = list(model.named_parameters(remove_duplicate=False))
    return {
        side: {name for name, weight in named if any(weight is one for one in weights)}
        for side, weights in rows.items()
    }


def load_parts(
    model: nn.Module, weights: Mapping[str, Tensor], parts: Sequence[str], where: str
) -> list[str]:
    """Copy the weights of some modules into a model.

    Args:
        model: changed in place
        weights: of the other run, by name
        parts: names of modules such as `encoder` or `decoder.attention`; empty: all of them
        where: the run that `weights` belong to, for errors

    Returns:
        the names of the copied weights

    Raises:
        UserError: the model has no such module, or weights are missing or have another size
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
            raise UserError(f"training.initialise_from: {where} has no weights named {name}")
        if weights[name].shape != own[name].shape:
            shapes = [tuple(tensor.shape) for tensor in (weights[name], own[name])]
            raise UserError(
                f"training.initialise_from: {name} of {where} is {shapes[0]}, here {shapes[1]}; "
                "use the same sizes, or choose other parts with training.initialise_parts"
            )
    model.load_state_dict({name: weights[name] for name in taken}, strict=False)
    return taken


def freeze(model: nn.Module, parts: Sequence[str]) -> None:
    """Leave the weights of these parts as they are.

    Raises:
        UserError: a part is unknown, or nothing is left to train
    """
    modules = dict(model.named_modules())
    for part in parts:
        if part not in modules or not part:
            raise unknown_name("training.freeze", part, [name for name in modules if name])
        modules[part].requires_grad_(False)
    if not any(weight.requires_grad for weight in model.parameters()):
        raise UserError("training.freeze: leaves nothing to train; name fewer parts")


def start_from_vectors(
    model: Seq2Seq,
    settings: TranslationModel,
    vocabularies: Mapping[str, Vocabulary],
    sources: Mapping[str, str | Path],
) -> dict[str, dict[str, float]]:
    """Set the embeddings to the vectors that `source_vectors` and `target_vectors` name.

    Args:
        model: changed in place
        settings: section `model` of the experiment
        vocabularies: `source` and `target`; of words on a side with vectors
        sources: the source for `read_vectors` of each name in the settings

    Returns:
        how many words have a vector, by side; empty if the settings name no vectors
    """
    if not isinstance(settings, GRUModel):
        return {}
    asked = {
        "source": (model.encoder.embedding, settings.source_vectors),
        "target": (model.decoder.embedding, settings.target_vectors),
    }
    coverage = {}
    for side, (embedding, source) in asked.items():
        if source is None:
            continue
        vocabulary = vocabularies[side]
        assert isinstance(vocabulary, Words | Parts)  # checked with the config
        std, words = settings.embedding_std, vocabulary.listed
        coverage[side] = start_from_source(embedding, sources[source], words, std=std)
        logging.info("%s vectors: %s", side, coverage[side])
    return coverage
