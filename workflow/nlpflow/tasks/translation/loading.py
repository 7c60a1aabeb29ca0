"""Loads the translator of a trained run, or of several that decode together."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from nlpflow.errors import UserError
from nlpflow.models.ensemble import Ensemble
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.runs.run import OpenRun, Run, open_run
from nlpflow.settings.checks import checked
from nlpflow.settings.translation import Decoding, Seq2SeqExperiment, TranslationExperiment
from nlpflow.settings.translation_training import of_seed
from nlpflow.tables import read_json
from nlpflow.tasks.translation.model import build_seq2seq
from nlpflow.tasks.translation.translator import Translator
from nlpflow.vocabulary import Vocabulary, load_vocabulary


def load_translator(
    folder: Path,
    decoding: Decoding | None = None,
    beam: int | None = None,
    others: Sequence[Path] | None = None,
    kinds: Sequence[type[Seq2SeqExperiment]] = (TranslationExperiment,),
) -> tuple[Translator, Run]:
    """Load the translator of a trained run, on the device and with the threads of its settings.

    Args:
        folder: the run's folder
        decoding: settings of the search; None: those with which the run was evaluated, or, if it
            was not, those of its settings
        beam: replaces the beam of the search; None: no change
        others: folders of other runs that decode together with this one; None: those that the
            settings of the search name
        kinds: of experiments; a run of another one is refused

    Returns:
        the translator, and its run, whose normalisation its sentences need

    Raises:
        UserError: a folder does not contain a complete run of translation, the run's test sets
            were evaluated with different settings, the beam is out of range, or another run has
            other vocabularies or another normalisation
    """
    opened: OpenRun[Seq2SeqExperiment] = open_run(folder, *kinds)
    sides = {
        side: load_vocabulary(Path(opened.run.vocabulary) / f"{side}.vocab")
        for side in ("source", "target")
    }
    opened.check_vocabulary({side: sides[side].digest for side in sides})
    model = _model(opened, sides)
    decoding = decoding or evaluated_with(opened, beam)
    if others is None:
        others = [Path(of_seed(other, opened.run.seed)) for other in decoding.ensemble]
    if others:
        model = Ensemble([model, *(_member(other, opened, sides) for other in others)]).eval()
    translator = Translator(model, sides["source"], sides["target"], decoding, opened.device)
    return translator, opened.run


def _member(
    folder: Path, first: OpenRun[Seq2SeqExperiment], sides: Mapping[str, Vocabulary]
) -> Seq2Seq:
    """The network of another run of the same task that decodes together with the first."""
    opened = open_run(folder, type(first.settings))
    for side in sides:
        if opened.run.digests.get(side) != sides[side].digest:
            raise UserError(
                f"run {folder} has another {side} vocabulary than run {first.folder}: runs that "
                "decode together need the same vocabulary"
            )
    if opened.run.normalisation != first.run.normalisation:
        raise UserError(
            f"run {folder} has normalisation '{opened.run.normalisation}', run {first.folder} "
            f"'{first.run.normalisation}': runs that decode together need the same"
        )
    return _model(opened, sides).to(first.device)


def _model(opened: OpenRun[Seq2SeqExperiment], sides: Mapping[str, Vocabulary]) -> Seq2Seq:
    """The network of a run, with its weights."""
    sizes = len(sides["source"]), len(sides["target"]), opened.run.sizes["max_length"]
    model = build_seq2seq(opened.settings.model, *sizes)
    opened.load(model)
    return model


def evaluated_with(opened: OpenRun[Seq2SeqExperiment], beam: int | None) -> Decoding:
    """The settings of the search with which the run was evaluated.

    They may differ from the run's own settings if the config changed after training. Scores of
    other weights are ignored. Scores of a test set that the config no longer has may be from an
    older beam, so all test sets must agree, except on the batch size.
    """
    found: dict[str, Decoding] = {}
    for file in sorted(opened.folder.glob("*/metrics.json")):
        metrics = read_json(file)
        values = metrics if isinstance(metrics, dict) else {}
        data = values.get("data")
        weights = data.get("weights") if isinstance(data, dict) else None
        if weights in (None, opened.run.weights):
            where = f"{file}: decoding"
            found[file.parent.name] = checked(Decoding, values.get("decoding"), where)
    if not found:
        # A run records only those of these settings that training uses.
        found = {"settings": opened.settings.decoding}
        if beam is None:
            logging.warning(
                "warning: run %s: no scores say how to search, so outputs are those of greedy "
                "search; evaluate the run, or choose a beam",
                opened.folder,
            )
    if beam is not None:
        update = {"beam": beam, "sampling": None}
        changed = {name: one.model_dump() | update for name, one in found.items()}
        found = {name: checked(Decoding, one, "command line") for name, one in changed.items()}
    (first, decoding), *others = found.items()
    for name, other in others:
        for key in Decoding.model_fields:
            if key == "batch_size":
                continue
            one, two = getattr(decoding, key), getattr(other, key)
            if one != two:
                raise UserError(
                    f"run {opened.folder}: {first} was evaluated with {key} {one}, {name} with "
                    f"{key} {two}: evaluate both with the same, or remove the older folder"
                    + "; --beam N chooses a beam"
                    * (key == "beam")
                )
    return decoding
