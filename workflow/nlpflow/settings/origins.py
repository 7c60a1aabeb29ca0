"""Names are global over configs: data of one name must be of the settings that ask for it."""

import os
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

from nlpflow.errors import UserError
from nlpflow.settings.base import Settings
from nlpflow.settings.checks import checked
from nlpflow.settings.config import Config
from nlpflow.settings.loading import load_shared
from nlpflow.settings.origin import FILE, Origin, origin_of
from nlpflow.settings.plan import DataPlan
from nlpflow.settings.tasks import Experiment
from nlpflow.tables import read_json
from nlpflow.text.addresses import own_file

FOLDERS = {"datasets": "prepared", "vocabularies": "vocabularies"}
"""The folder below data/ of what each section of a config defines."""


def defining_files(config: Config, config_files: Sequence[Path], root: Path) -> dict[str, str]:
    """The file that defines each dataset and vocabulary, by its folder below data/.

    Keys are like `prepared/tutorial`. Files are relative to the project: the shared file, or the
    config; several config files that are merged are named together.

    :param config_files: as given to Snakemake
    :param root: the project's folder
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

    A file that was edited since it made a folder may make it again, and equal settings are no
    clash. A folder without an origin, or with a damaged one, is left to Snakemake.

    :param data: the folder of `prepared/` and `vocabularies/`
    :raises UserError: one line with the name, both files and what to do
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
                    f"{place} is of the former; rename it in one of them, or delete that folder"
                )


def check_made(plan: DataPlan, experiment: Experiment, config_file: Path) -> None:
    """Refuse a dataset or vocabulary that was made with other settings than the config has now.

    Where the workflow runs, Snakemake sees to this.

    :param config_file: for errors
    :raises UserError: one line with the folder and what has changed since it was made
    """
    dataset, vocabulary = plan.dataset(experiment), experiment.vocabulary_name
    corpora = plan.corpora(SimpleNamespace(dataset=dataset))
    asked: list[tuple[str, str, Settings, dict[str, str]]] = [
        ("datasets", dataset, plan.config.datasets[dataset], corpora)
    ]
    if vocabulary:
        asked.append(("vocabularies", vocabulary, plan.config.vocabularies[vocabulary], {}))
    for section, name, settings, entries in asked:
        place = Path(plan.data) / FOLDERS[section] / name
        if not (place / FILE).is_file():
            raise UserError(f"{place / FILE} is missing: let the workflow make it first")
        where = f"{place / FILE}: damaged"
        found: Origin = checked(Origin, read_json(place / FILE), where)
        now = origin_of(settings, found.file, entries)
        if found != now:
            changed = f"{section}.{name} has in {config_file}"
            if found.settings == now.settings:
                changed = f"the registry has now for {', '.join(entries)}"
            raise UserError(
                f"{place}: made with other settings than {changed}; let the workflow make it again"
            )
