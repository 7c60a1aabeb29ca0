"""Checks that data fits the config: configs share data/, so two may use one name differently."""

import os
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

from nlpflow.errors import UserError
from nlpflow.settings.checks import checked
from nlpflow.settings.config import Config
from nlpflow.settings.loading import load_shared
from nlpflow.settings.origin import FILE, MADE_WITH, Origin, origin_of
from nlpflow.settings.plan import DataPlan
from nlpflow.settings.tasks import Experiment
from nlpflow.tables import read_json
from nlpflow.text.addresses import own_file

CHANGED = {
    "settings": "was made with settings that differ from those now in {file}",
    "corpora": "was made from registry entries that differ from those now used by {file}",
}
"""What is wrong with data, by the field of its origin that differs."""
FOLDERS = {"datasets": "prepared", "vocabularies": "vocabularies"}
"""The folder below data/ for each section of a config."""


def defining_files(config: Config, config_files: Sequence[Path], root: Path) -> dict[str, str]:
    """The file that defines each dataset and vocabulary, by its folder below data/.

    Keys are like `prepared/tutorial`. Files are relative to the project: the shared file, or the
    config; several config files that are merged are named together.

    Args:
        config_files: as given to Snakemake
        root: the project's folder
    """
    own = " and ".join(os.path.relpath(path, root) for path in config_files)
    shared_file = os.path.relpath(own_file(str(config.shared), root), root)
    shared = load_shared(config, root)
    return {
        f"{folder}/{name}": shared_file if name in getattr(shared, section) else own
        for section, folder in FOLDERS.items()
        for name in getattr(config, section)
    }


def check_origins(config: Config, config_files: Sequence[Path], root: Path, data: Path) -> None:
    """Refuse to overwrite what another config file has made under the same name.

    The file that made a folder may make it again after an edit, and equal settings do not
    conflict. A folder without an origin, or with a damaged one, is left to Snakemake.

    Args:
        data: the folder that has `prepared/` and `vocabularies/`

    Raises:
        UserError: one line with the name, both files and what to do
    """
    files = defining_files(config, config_files, root)
    for section, folder in FOLDERS.items():
        for name, settings in getattr(config, section).items():
            place, file = data / folder / name, files[f"{folder}/{name}"]
            try:
                origin: Origin = checked(Origin, read_json(place / FILE), FILE)
            except UserError:
                continue
            if origin.file != file and origin.settings != origin_of(settings, file).settings:
                raise UserError(
                    f"{section}.{name}: {origin.file} and {file} define it differently, and "
                    f"{place} was made by the former; rename it in one of them, or delete the "
                    "folder"
                )


def check_made(plan: DataPlan, experiment: Experiment, config_file: Path) -> None:
    """Refuse a dataset or vocabulary if the config's settings have changed since it was made.

    Under the workflow this check is not needed: Snakemake makes such data again.

    Args:
        config_file: for errors

    Raises:
        UserError: one line with the folder and what has changed since it was made
    """
    for folder, now in origins_asked(plan, experiment).items():
        place = Path(plan.data) / folder
        if not (place / FILE).is_file():
            raise UserError(f"{place / FILE} is missing: run the workflow with {config_file} first")
        where = f"{place / FILE}: damaged"
        found: Origin = checked(Origin, read_json(place / FILE), where)
        if others := [key for key in MADE_WITH if getattr(found, key) != getattr(now, key)]:
            raise UserError(
                f"{place}: {CHANGED[others[0]].format(file=config_file)}; run the workflow with "
                "this config to make it again"
            )


def origins_asked(plan: DataPlan, experiment: Experiment) -> dict[str, Origin]:
    """The origins that the dataset and the vocabulary of an experiment must have.

    Keys are their folders below data/, like `prepared/tutorial`. The file that defines them is left
    out.
    """
    asked = dataset_origin(plan, plan.dataset(experiment))
    if name := experiment.vocabulary_name:
        vocabulary = plan.config.vocabularies[name]
        if vocabulary.made_from is not None:
            asked |= dataset_origin(plan, vocabulary.made_from)
        origin = origin_of(vocabulary, "")
        asked[f"{FOLDERS['vocabularies']}/{name}"] = origin
    return asked


def dataset_origin(plan: DataPlan, name: str) -> dict[str, Origin]:
    """The origin that a dataset must have, by its folder as in `origins_asked`."""
    corpora = plan.corpora(SimpleNamespace(dataset=name))
    return {f"{FOLDERS['datasets']}/{name}": origin_of(plan.config.datasets[name], "", corpora)}
