"""Commands as processes of their own, forked from one that has imported what they need.

A start of Python with torch takes some seconds and one of Snakemake two, nearly all of it imports.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        "torch._dynamo",
        "nlpflow.cli.translation_warnings",
        "nlpflow.cli.tag_answers",
        "nlpflow.figures.heatmap",
        "nlpflow.tasks.embeddings.trained",
        "nlpflow.tasks.labelling.labeller",
        "nlpflow.tasks.language_id.identifier",
        *(
            f"nlpflow.tasks.{task}.training"
            for task in ("embeddings", "entities", "language_id", "tagging", "translation")
        ),
        "nbformat",
        "rocrate.rocrate",
        "smart_open",
        "snakemake.cli",
        "snakemake.report.html_reporter",
        "snakemake.storage",
    ]
)


def process(target: Callable[..., object], *arguments: object) -> Any:
    """A process that starts with the environment that this one has now.

    The process that it is forked from has the environment of the first test that needed it.
    """
    return FORKS.Process(target=_call, args=(dict(os.environ), target, arguments))


def _call(
    environment: dict[str, str], target: Callable[..., object], arguments: Sequence[object]
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    target(*arguments)


def at_work(folder: Path, streams: Sequence[str | int]) -> None:
    """Take a folder and three streams (file names, or open files) for the process's own."""
    os.chdir(folder)
    flags = (os.O_RDONLY, *[os.O_CREAT | os.O_WRONLY | os.O_TRUNC] * 2)
    for number, (stream, flag) in enumerate(zip(streams, flags, strict=True)):
        os.dup2(stream if isinstance(stream, int) else os.open(stream, flag, 0o644), number)
    sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, "w")
    sys.stderr = os.fdopen(2, "w", errors="backslashreplace")  # as Python's own


def run(
    command: str, folder: Path, library: Path, arguments: Sequence[str], stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """A command in a folder, with the library below `workflow/` of a project.

    Args:
        command: the module whose `main` it is
    """
    with tempfile.TemporaryDirectory() as said:
        streams = [f"{said}/{name}" for name in ("in", "out", "err")]
        Path(streams[0]).write_text(stdin, encoding="utf-8")
        child = process(_run, command, folder, library, streams, arguments)
        child.start()
        child.join()
        assert child.exitcode is not None
        out, err = (Path(stream).read_text(encoding="utf-8") for stream in streams[1:])
    return subprocess.CompletedProcess([command, *arguments], child.exitcode, out, err)


def _run(
    command: str, folder: Path, library: Path, streams: Sequence[str], arguments: Sequence[str]
) -> None:
    at_work(folder, streams)
    # The project's library may be another than the one that was imported.
    for name in [name for name in sys.modules if name.partition(".")[0] == "nlpflow"]:
        del sys.modules[name]
    sys.path.insert(0, str(library / "workflow"))
    os.environ["PYTHONPATH"] = str(library / "workflow")
    sys.argv = [command, *arguments]
    sys.exit(import_module(command).main())
