"""`nlpflow init`: a working folder, in which the workflow runs as a module."""

import os
import shutil
import sys
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from nlpflow.errors import UserError

PROJECT = Path(__file__).resolve().parents[3]
"""The repository, if the library is in one."""
PARTS = ("Snakefile", "config", "profiles")
"""What a working folder begins with."""

SNAKEFILE = """\
# nlpflow's workflow, run in this folder: data/, results/ and logs/ are made here.
# What may be changed, and how: {project}/docs/elsewhere.md

# Another one, `snakemake --configfile config/other.yaml`, stands in its place.
if not workflow.configfiles:

    configfile: "config/config.yaml"


module nlpflow:
    snakefile:
        "{project}/workflow/Snakefile"
    config:
        config


use rule * from nlpflow
"""

CONFIG = """\
# What is made here. This is the sample's config: change it, or write another one.
# Every key, and an example of another language pair: {project}/config/README.md
#
# Corpora are those of {project}/config/corpora.yaml, and those of registries of your own, which
# lie in this folder:
# registry: [config/my-corpora.yaml]
"""


def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="New, or without these files.")],
) -> None:
    """Write a working folder, and print the commands to type next.

    It has a Snakefile that runs the workflow as a module, a config to change, and the profiles.
    Nothing is overwritten.

    Example: nlpflow init my-languages
    """
    if not (PROJECT / "Snakefile").is_file():
        raise UserError(
            "the workflow is not here, only the library: clone nlpflow's repository and install it "
            "from there (`pip install --editable '.[workflow]'`)"
        )
    if there := [part for part in PARTS if os.path.lexists(folder / part)]:
        raise UserError(f"{folder} has {', '.join(there)} already: choose another folder")
    sample = (PROJECT / "config/config.yaml").read_text(encoding="utf-8")
    texts = {
        "Snakefile": SNAKEFILE.format(project=PROJECT),
        "config/config.yaml": CONFIG.format(project=PROJECT) + sample[sample.index("name:") :],
    }
    try:
        (folder / "config").mkdir(parents=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        shutil.copytree(PROJECT / "profiles", folder / "profiles")
    except OSError as error:
        raise UserError(f"{folder}: cannot be written: {error.strerror or error}") from None
    snakemake = Path(sys.executable).with_name("snakemake")
    print(f"cd {quote(str(folder))}\n{quote(str(snakemake))} --cores all")
