"""Lessons as notebooks: scripts in jupytext's percent format, run cell by cell.

A lesson is also a plain Python script, and Jupyter opens it as a notebook. It is run here in this
process: a kernel would bring thirty packages and sockets for what `exec` does.
"""

import ast
import io
import linecache
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext

from nlpflow.errors import UserError
from nlpflow.lesson_pages.claims import ClaimError

PARAMETERS = "parameters"
"""Tag of the cell whose values the workflow replaces; papermill has the same."""
HIDE_INPUT = "hide-input"
"""Tag of cells whose code a page folds away, as that of figures; Jupyter Book has the same."""


@dataclass(frozen=True)
class Cell:
    """A piece of a lesson: prose in Markdown, or code and what it gave."""

    kind: str
    """"markdown" or "code"."""
    source: str
    tags: tuple[str, ...] = ()
    printed: str = ""
    value: Any = None
    """Of the last line, if that is an expression."""


def read_lesson(path: Path) -> list[Cell]:
    """The cells of a lesson, not yet run."""
    notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    return [
        Cell(cell.cell_type, cell.source, tuple(cell.metadata.get("tags", ())))
        for cell in notebook.cells
    ]


def run_lesson(path: Path, parameters: Mapping[str, Any]) -> list[Cell]:
    """The cells of a lesson with what they printed and what their last lines gave.

    Args:
        parameters: in place of those that the cell tagged "parameters" sets

    Raises:
        UserError: a claim that does not hold, or parameters that the lesson does not have
    """
    names: dict[str, Any] = {"__name__": path.stem}
    done: list[Cell] = []
    for number, cell in enumerate(read_lesson(path), start=1):
        if cell.kind != "code":
            done.append(cell)
            continue
        where = f"lesson {path.stem}, cell {number}"
        try:
            done.append(_run(cell, names, where))
        except ClaimError as error:
            raise UserError(f"{where}: this claim does not hold: {error}") from error
        except Exception as error:
            error.add_note(where)
            raise
        if PARAMETERS in cell.tags:
            _replace(names, parameters, where)
    return done


def _run(cell: Cell, names: dict[str, Any], where: str) -> Cell:
    """Run a cell among the names of those before it."""
    # Tracebacks find the cell's lines here.
    linecache.cache[where] = len(cell.source), None, cell.source.splitlines(True), where
    body = ast.parse(cell.source, where).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    value = None
    with redirect_stdout(io.StringIO()) as printed:
        exec(compile(ast.Module(body, []), where, "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), where, "eval"), names)
    return Cell(cell.kind, cell.source, cell.tags, printed.getvalue(), value)


def _replace(names: dict[str, Any], parameters: Mapping[str, Any], where: str) -> None:
    for name in parameters:
        if name not in names:
            raise UserError(f"{where}: there is no parameter '{name}' to set")
    names.update(parameters)
