"""The rules of the default config, from what Snakemake itself says of them."""

import re
import subprocess
import sys
from pathlib import Path

from sheet import Point, Sheet

ROOT = Path(__file__).parents[2]
COLUMN, ROW = 2.05, 0.62  # inches
SIZE = (1.68, 0.36)
# By the first part of a rule's name: which column it stands in, and the colour of its stage.
STAGES = {
    "prepare": (0, "word"), "check": (1, "word"), "vocabulary": (1, "embedding"),
    "encode": (2, "embedding"), "train": (3, "recurrent"),
    "baseline": (3, "recurrent"), "evaluate": (4, "state"), "figures": (5, "linear"),
    "compare": (6, "function"), "summary": (6, "function"), "cards": (6, "function"),
    "lesson": (6, "function"), "playground": (6, "function"),
}  # fmt: skip
ROWS = {
    "translation": 0.0, "bash": 1.0, "frames": 2.0, "language_id": 3.0, "embeddings": 4.0,
    "tagging": 5.0, "entities": 6.0,
    "prepare": 1.0, "vocabulary": 1.0, "encode": 1.0,
    "check_leakage": 3.0, "prepare_sentences": 3.5, "prepare_tags": 5.5,
    "baseline_translation": 7.0, "baseline_bash": 8.0, "baseline_frames": 9.0,
    "baseline_tagging": 10.0, "baseline_entities": 11.0,
    "compare": 3.0, "summary": 4.0, "cards": 5.0, "lesson": 6.0, "playground": 7.0,
}  # fmt: skip
"""Of rules that stand alone, and of a task's own, which begin with their stage."""
Edges = set[tuple[str, str]]


def rule_graph() -> Sheet:
    """Every rule of the default config, and whose output each reads."""
    edges = without_shortcuts(read_edges())
    columns = 1 + max(column for column, _ in STAGES.values())
    sheet = Sheet(COLUMN * columns, ROW * (max(ROWS.values()) + 1))
    places = {name: place_of(name) for edge in sorted(edges) for name in edge}
    for before, after in sorted(edges):  # first: they pass behind the boxes
        start, end = places[before], places[after]
        width, height = SIZE
        if start.x == end.x:
            line = start.moved(up=-height / 2), end.moved(up=height / 2)
        else:
            line = start.moved(right=width / 2), end.moved(right=-width / 2)
        sheet.arrow(*line, colour="#999999")
    for name, (x, y) in places.items():
        _, kind = STAGES[name.split("_")[0]]
        sheet.box(x, y, name.replace("_", " "), kind, *SIZE)
    return sheet


def place_of(name: str) -> Point:
    """The middle of a rule's box."""
    stage, _, task = name.partition("_")
    column, _ = STAGES[stage]
    row = ROWS[name] if name in ROWS else ROWS[task]
    return Point(COLUMN * (column + 0.5), ROW * (max(ROWS.values()) + 0.5 - row))


def read_edges() -> Edges:
    """Pairs of rules, the second of which reads what the first writes; `all` left out."""
    command = [sys.executable, "-m", "snakemake", "--rulegraph", "dot", "--cores", "1"]
    command += ["--configfile", "config/config.yaml", "--forceall"]
    graph = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = dict(re.findall(r'(\d+)\[label = "(\w+)"', graph))
    edges = {(names[one], names[two]) for one, two in re.findall(r"(\d+) -> (\d+)", graph)}
    return {edge for edge in edges if "all" not in edge and edge[0] != edge[1]}


def without_shortcuts(edges: Edges) -> Edges:
    """The edges that no longer way stands for."""

    def reached(start: str) -> set[str]:
        nexts = {two for one, two in edges if one == start}
        return nexts.union(*map(reached, nexts))

    return {
        (one, two)
        for one, two in edges
        if not any(two in reached(middle) for start, middle in edges if start == one)
    }
