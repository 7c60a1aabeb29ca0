"""Writes the scores that README.md and docs/ quote, from the expected results.

python tools/docs_scores.py [--check]

A quoted score is followed by a comment, which a browser does not show and which says where the
score stands below results/reference:

    45.1 ± 0.5<!-- ablations/translation; tuned; dev; bleu_normalised -->
    −4.2 [−5.4, −3.0] *<!-- ablations/translation; two layers less tuned; dev; bleu_normalised -->

The shape of what stands before the comment is kept: its number of decimals, with or without
standard deviation, with or without interval. A new score is written with any digits in the wished
shape, and this program fills in the right ones. A difference whose p value is below 0.05 gets a
star.
"""

import argparse
import re
import sys
from functools import cache
from pathlib import Path

import pandas as pd

from nlpflow.errors import UserError
from nlpflow.tables import read_table

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "results/reference"

NUMBER = r"[+−-]?\d[\d,]*(?:\.\d+)?"
QUOTED = re.compile(
    rf"(?P<value>{NUMBER})(?P<sd> ± [\d.,]+)?(?P<interval> \[{NUMBER}, {NUMBER}\])?(?: \*)?"
    r"<!-- (?P<place>[^<>]*;[^<>]*) -->"
)
MARKED = re.compile(r"<!-- [^<>]*;[^<>]*;[^<>]* -->")
SIGNIFICANT = 0.05


def pages() -> list[Path]:
    """The pages that may quote scores."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def with_scores(text: str, where: str) -> str:
    """A page with every quoted score as the expected results have it.

    Args:
        text: the page's Markdown
        where: the page's name, in messages

    Raises:
        UserError: a comment names a score that the expected results lack, or follows no number
    """
    if len(QUOTED.findall(text)) != len(MARKED.findall(text)):
        quoted = {match["place"] for match in QUOTED.finditer(text)}
        lost = [mark for mark in MARKED.findall(text) if mark[5:-4] not in quoted]
        raise UserError(f"{where}: no number stands before {lost[0] if lost else 'a comment'}")
    return QUOTED.sub(lambda match: _score(match, where), text)


def _score(match: re.Match[str], where: str) -> str:
    place = match["place"]
    parts = [part.strip() for part in place.split(";")]
    if len(parts) != 4:
        raise UserError(
            f"{where}: {place}: has {len(parts)} parts; write config/task; experiment; test set; "
            "metric"
        )
    folder, experiment, test_set, metric = parts
    decimals = len(match["value"].partition(".")[2])
    one, _, other = experiment.partition(" less ")
    table = _table(folder, "significance" if other else "summary", where)
    rows = (
        (table["experiment"] == one) & (table["test_set"] == test_set) & (table["metric"] == metric)
    )
    if other:
        rows &= table["compared_with"] == other
    if rows.sum() != 1:
        raise UserError(f"{where}: {place}: stands {rows.sum()} times in the expected results")
    row = table[rows].iloc[0]
    if other:
        shown = _signed(row["difference"], decimals)
        if match["interval"]:
            shown += f" [{_signed(row['low'], decimals)}, {_signed(row['high'], decimals)}]"
        if row["p"] < SIGNIFICANT:
            shown += " *"
    else:
        shown = f"{row['mean']:,.{decimals}f}"
        if match["sd"]:
            shown += f" ± {row['sd']:.{decimals}f}"
    return f"{shown}<!-- {place} -->"


def _signed(value: float, decimals: int) -> str:
    return f"{value:+,.{decimals}f}".replace("-", "−")


@cache
def _table(folder: str, name: str, where: str) -> pd.DataFrame:
    path = REFERENCE / folder / f"{name}.tsv"
    if not path.exists():
        raise UserError(f"{where}: {folder}: no such folder in {REFERENCE.relative_to(ROOT)}")
    texts = ["experiment", "test_set", "metric"]
    return read_table(path, *texts, *(["compared_with"] if name == "significance" else []))


def main() -> None:
    """Write the pages; with --check name those that differ, and fail."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail on differences")
    check = parser.parse_args().check
    stale = []
    for page in pages():
        text = page.read_text(encoding="utf-8")
        new = with_scores(text, str(page.relative_to(ROOT)))
        if new != text:
            stale.append(str(page.relative_to(ROOT)))
            if not check:
                page.write_text(new, encoding="utf-8")
    if stale:
        print(("differs: " if check else "written: ") + ", ".join(stale))
    sys.exit(bool(check and stale))


if __name__ == "__main__":
    try:
        main()
    except UserError as error:
        sys.exit(f"error: {error}")
