"""A zip archive of the results of a config, described as an RO-Crate.

See https://w3id.org/ro/crate/1.1. The file `ro-crate-metadata.json` lists every file with its
format and the training (a `CreateAction`) that made it. The archive has no weights and no
predictions, because the runs can be made again.
"""

import mimetypes
import os
from collections.abc import Iterator, Sequence
from importlib.metadata import distributions
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rocrate.model import ContextEntity, File, SoftwareApplication
from rocrate.rocrate import ROCrate

from nlpflow import VERSION
from nlpflow.errors import UserError
from nlpflow.results.current import Results
from nlpflow.results.expected import read_cards
from nlpflow.settings.plan import Plan

RUN_FILES = ("run.json", "card.json", "history.tsv", "timings.tsv")
PROJECT_FILES = ("README.md", "LICENSE", "CITATION.cff", "pyproject.toml", "Snakefile")
PINS = "requirements.txt"


def archive(results: Path, plan: Plan, files: Sequence[Path], output: Path) -> int:
    """Write the archive of a config that has been run, and return the exit status.

    Args:
        results: folder of the results
        plan: of the config
        files: the config itself, its registry and its shared file
        output: the zip file to write

    Raises:
        UserError: there are no results, or the config has changed since they were made
    """
    config = plan.config.name
    compare = results / "compare" / config
    if not compare.is_dir():
        raise UserError(f"{compare} is missing: run the workflow with this config first")
    if not (results / f"{config}.html").is_file():
        raise UserError(f"{results}/{config}.html is missing: make the report first")
    current = Results(results, plan, files[0])
    current.check()
    crate = ROCrate()
    crate.name = f"nlpflow: results of the config {config}"
    crate.description = "Config, metrics, plots, report, run cards and pinned versions."
    crate.license = "https://spdx.org/licenses/MIT"
    tool = crate.add(
        SoftwareApplication(crate, "#nlpflow", {"name": "nlpflow", "softwareVersion": VERSION})
    )
    for path in map(Path, PROJECT_FILES):
        if path.is_file():
            _add(crate, path)
    for path in files:
        inside = not path.is_absolute() and ".." not in path.parts
        _add(crate, path, "" if inside else f"config/{path.name}")
    _add(crate, results / f"{config}.html")
    for task in current.plan.tasks:
        for path in _files_below(current.compared(task)):
            _add(crate, path)
        cards, scores = read_cards(current.compared(task)), current.metrics(task)
        for name, run in current.runs(task).items():
            _add_run(crate, tool, run, cards[name], [s for s in scores if s.is_relative_to(run)])
    with TemporaryDirectory() as folder:
        pins = Path(folder, PINS)
        pins.write_text(installed(), encoding="utf-8")
        _add(crate, pins, PINS)
        _write(crate, output)
    print(f"{output}: {output.stat().st_size / 2**20:.1f} MB")
    return 0


def _write(crate: ROCrate, output: Path) -> None:
    """Write the zip file; if that fails, leave no partial file."""
    partial = output.with_suffix(".part.zip")
    try:
        crate.write_zip(partial)
        os.replace(partial, output)
    except OSError as error:
        raise UserError(f"{output}: cannot be written: {error.strerror or error}") from None
    finally:
        partial.unlink(missing_ok=True)


def installed() -> str:
    """All installed packages with their versions, in pip's format."""
    names = {f"{found.metadata['Name']}=={found.version}" for found in distributions()}
    return "\n".join(sorted(names, key=str.lower)) + "\n"


def _add_run(
    crate: ROCrate,
    tool: SoftwareApplication,
    run: Path,
    card: dict[str, Any],
    scores: Sequence[Path],
) -> None:
    files = [*(run / name for name in RUN_FILES), *scores, *_files_below(run / "figures")]
    made = [_add(crate, path) for path in files if path.is_file()]
    values = {
        "@type": "CreateAction",
        "name": f"training of {card['label']}, random seed {card['seed']}",
        "endTime": card["finished"],
        "description": f"code {card['code']}, config {card['config']}",
        "instrument": {"@id": tool.id},
        "result": [{"@id": entity.id} for entity in made],
    }
    crate.add(ContextEntity(crate, f"#{'/'.join(run.parts[-3:])}", properties=values))


def _add(crate: ROCrate, path: Path, name: str = "") -> File:
    kind = mimetypes.guess_type(path.name)[0] or "text/plain"
    properties = {"encodingFormat": kind, "contentSize": str(path.stat().st_size)}
    return crate.add_file(path, name or path.as_posix(), properties=properties)


def _files_below(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())
