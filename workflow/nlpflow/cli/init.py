"""The subcommand `nlpflow init`: writes a working folder that imports nlpflow's workflow."""

import os
import shutil
import sys
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from nlpflow.errors import UserError

PROJECT = Path(__file__).resolve().parents[3]
"""The root of the repository, if the library is in one."""
PARTS = ("Snakefile", "config", "profiles")
"""What is written into a working folder."""

SNAKEFILE = """\
# Runs nlpflow's workflow in this folder: data/, results/ and logs/ are made here.
# What you can change, and how: {project}/docs/elsewhere.md

# `snakemake --configfile config/other.yaml` replaces this config.
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
# The datasets and experiments of this folder. This is the sample's config: change it, or write
# another one. All keys, and an example of another language pair: {project}/config/README.md
#
# Corpora come from {project}/config/corpora.yaml, and from your own registries in this folder:
# registry: [config/my-corpora.yaml]
"""


def init(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER",
            help="A new folder, or one that contains no Snakefile, no config/ and no profiles/.",
        ),
    ],
) -> None:
    """Write a working folder, and print the commands to run next.

    The folder gets a Snakefile that imports nlpflow's workflow as a Snakemake module, a config for
    you to edit, and Snakemake's profiles (settings for one machine and for a Slurm cluster).
    Nothing is overwritten.

    Example: nlpflow init my-languages
    """
    if not (PROJECT / "Snakefile").is_file():
        raise UserError(
            "only the library is installed, not the workflow: clone nlpflow's repository and "
            "install it from there (`pip install --editable '.[workflow]'`)"
        )
    if there := [part for part in PARTS if os.path.lexists(folder / part)]:
        raise UserError(f"{folder} already has {', '.join(there)}: choose another folder")
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
