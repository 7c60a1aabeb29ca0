"""The rooms of the library, from the layers that import-linter holds and from the code itself."""

import ast
import tomllib
from pathlib import Path
from typing import NamedTuple

from sheet import Sheet

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "workflow" / "nlpflow"
ROW = 0.44  # inches
NAME = 1.55
WIDTH = 8.0
KINDS = ("function", "linear", "state", "recurrent", "embedding", "word")


class Room(NamedTuple):
    """A package or module of the library."""

    name: str
    about: str
    modules: int


def layers() -> Sheet:
    """One row for each room, the ground floor below; a colour for each stage of the work."""
    rows = [(room, floor) for floor, rooms in enumerate(read_layers()) for room in rooms]
    floors = 1 + max(floor for _, floor in rows)
    sheet = Sheet(WIDTH, ROW * (len(rows) + 0.6))
    for number, (room, floor) in enumerate(reversed(rows)):
        y = ROW * (number + 0.5)
        sheet.box(0.1 + NAME / 2, y, room.name, KINDS[len(KINDS) * floor // floors], NAME, 0.34)
        sheet.shape(NAME + 0.3, y, f"{room.about}  ({room.modules})")
    top = ROW * (len(rows) + 0.15)
    sheet.shape(0.1, top, "imports point downwards only; in brackets: modules")
    return sheet


def read_layers() -> list[list[Room]]:
    """The rooms of each layer, the highest first."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    (lines,) = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    return [[read_room(name.strip()) for name in line.split("|")] for line in lines]


def read_room(name: str) -> Room:
    """A room, with the first sentence of its docstring."""
    folder = LIBRARY / name
    files = sorted(folder.rglob("*.py")) if folder.is_dir() else [LIBRARY / f"{name}.py"]
    main = folder / "__init__.py" if folder.is_dir() else files[0]
    text = ast.get_docstring(ast.parse(main.read_text(encoding="utf-8"))) or ""
    about = text.partition("\n")[0].partition(". ")[0].rstrip(".")
    return Room(name, about, sum(file.name != "__init__.py" for file in files))
