"""Reading and running of lessons, which are scripts in jupytext's percent format.

A lesson is a plain Python script that Jupyter can open as a notebook. Its cells are run in this
process with `exec`: a Jupyter kernel would need network sockets and thirty more packages.
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
"""Tag of the cell whose values the workflow replaces, as in papermill."""
HIDE_INPUT = "hide-input"
"""Tag of cells whose code the page folds away, such as that of plots; as in Jupyter Book."""


@dataclass(frozen=True)
class Cell:
    """A cell of a lesson: prose in Markdown, or code with its output."""

    kind: str
    """"markdown" or "code"."""
    source: str
    tags: tuple[str, ...] = ()
    printed: str = ""
    value: Any = None
    """Value of the last line, if it is an expression."""


def read_lesson(path: Path) -> list[Cell]:
    """Read the cells of a lesson without running them."""
    notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    return [
        Cell(cell.cell_type, cell.source, tuple(cell.metadata.get("tags", ())))
        for cell in notebook.cells
    ]


def run_lesson(path: Path, parameters: Mapping[str, Any]) -> list[Cell]:
    """Run a lesson and return its cells with their output.

    Args:
        path: of the lesson
        parameters: replace the values that the cell tagged "parameters" sets

    Raises:
        UserError: a claim does not hold, or the lesson has no such parameter
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
    """Run a cell; `names` are the variables of the cells before it."""
    # Lets tracebacks show the cell's lines.
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
            raise UserError(f"{where}: the lesson has no parameter '{name}'")
    names.update(parameters)
