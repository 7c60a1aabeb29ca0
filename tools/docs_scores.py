"""Writes the scores that README.md and docs/ quote, from the expected results.

python tools/docs_scores.py [--check]

A comment, which a browser does not show, says where scores stand below results/reference. In a
sentence it follows the score:

    45.1 ± 0.5<!-- score: ablations/translation; dev; bleu_normalised; tuned -->

Above a table it names the metric of each column after the first, `-` for other columns:

    <!-- scores: ablations/translation; dev; bleu_normalised, bleu_normalised difference, - -->

    | changed | BLEU | difference in BLEU | minutes |
    |---|---|---|---|
    | two layers | 40.4 ± 2.3 | −4.5 [−5.7, −3.3] * | 7 |
    | nothing<!-- tuned --> | 45.1 ± 0.5 | | 5 |

The first cell of a row is the experiment, as its title stands in the expected results; another name
is followed by a comment with the title, and with the folder where that differs in this row:
`<!-- french/translation; French to English -->`. A difference is that from the experiment's
`compared_with`.

The shape of what stands there is kept: the number of decimals, with or without standard deviation,
with or without interval; an empty cell stays empty. A new score is written with any digits in the
wished shape, and this program fills in the right ones. In a table a difference whose p value is
below 0.05 gets a star.
"""

import argparse
import re
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from nlpflow.errors import UserError
from nlpflow.tables import read_table

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "results/reference"

NUMBER = r"[+−-]?\d[\d,]*(?:\.\d+)?"
SHOWN = rf"(?P<value>{NUMBER})(?P<sd> ± [\d.,]+)?(?P<interval> \[{NUMBER}, {NUMBER}\])?(?: \*)?"
IN_SENTENCE = re.compile(rf"(?:{SHOWN})?<!-- score: (?P<place>[^<>]*) -->")
TABLE = re.compile(
    r"<!-- scores: (?P<place>[^<>]*) -->\n\n(?P<head>\|.*\n\|.*\n)(?P<rows>(?:\|.*\n)+)"
)
TITLE = re.compile(r"<!-- ([^<>]*) -->")
SIGNIFICANT = 0.05


class Scores(NamedTuple):
    """The expected results of one task of one config on one test set."""

    where: str
    """The page and the comment, in messages."""
    folder: str
    """Below results/reference: config/task."""
    test_set: str

    def score(self, experiment: str, column: str, shape: re.Match[str]) -> str:
        """What stands in the expected results, in the shape of what the page quotes.

        Args:
            experiment: its title
            column: a metric; for differences, with the word `difference` behind it
            shape: a match of `SHOWN`

        Raises:
            UserError: the expected results lack it
        """
        metric, _, difference = column.partition(" ")
        table = _table(self.folder, "significance" if difference else "summary", self.where)
        rows = table[
            (table["experiment"] == experiment)
            & (table["test_set"] == self.test_set)
            & (table["metric"] == metric)
        ]
        if len(rows) != 1 or difference not in ("", "difference"):
            raise UserError(
                f"{self.where}: {column} of {experiment} on {self.test_set} stands {len(rows)} "
                f"times in the expected results of {self.folder}; correct the comment"
            )
        row, decimals = rows.iloc[0], len(shape["value"].partition(".")[2])
        if difference:
            shown = _signed(row["difference"], decimals)
            if shape["interval"]:
                shown += f" [{_signed(row['low'], decimals)}, {_signed(row['high'], decimals)}]"
            return shown + (" *" if row["p"] < SIGNIFICANT else "")
        deviation = f" ± {row['sd']:.{decimals}f}" if shape["sd"] else ""
        return f"{row['mean']:,.{decimals}f}{deviation}"


def pages() -> list[Path]:
    """The pages that may quote scores."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def with_scores(text: str, page: str) -> str:
    """A page with every quoted score as the expected results have it.

    Args:
        text: the page's Markdown
        page: its name, in messages

    Raises:
        UserError: a comment names a score that the expected results lack, or belongs to no number
            or table
    """
    if text.count("<!-- scores: ") != len(TABLE.findall(text)):
        raise UserError(f"{page}: a comment `scores:` stands above no table")
    text = TABLE.sub(lambda match: _with_table(match, page), text)
    return IN_SENTENCE.sub(lambda match: _with_score(match, page), text)


def _with_score(match: re.Match[str], page: str) -> str:
    scores, (column, experiment) = _scores(match["place"], page, 4)
    if not match["value"]:
        raise UserError(f"{scores.where}: no number stands before the comment")
    shown = scores.score(experiment, column, match).removesuffix(" *")
    return f"{shown}<!-- score: {match['place']} -->"


def _with_table(match: re.Match[str], page: str) -> str:
    scores, (columns,) = _scores(match["place"], page, 3)
    names = [name.strip() for name in columns.split(",")]
    lines = []
    for line in match["rows"].splitlines():
        label, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        if len(cells) != len(names):
            raise UserError(f"{scores.where}: row {label} has {len(cells)} scores")
        title = TITLE.search(label)
        folder, _, experiment = (title[1] if title else label).rpartition("; ")
        row = scores._replace(folder=folder or scores.folder)
        for number, (name, cell) in enumerate(zip(names, cells, strict=True)):
            shape = re.fullmatch(rf"{SHOWN}(?P<unit>.*)", cell)
            if shape and name != "-":
                cells[number] = row.score(experiment, name, shape) + shape["unit"]
        lines.append(f"| {' | '.join([label, *cells])} |\n")
    return f"<!-- scores: {match['place']} -->\n\n{match['head']}{''.join(lines)}"


def _scores(place: str, page: str, parts: int) -> tuple[Scores, list[str]]:
    values = [part.strip() for part in place.split(";")]
    if len(values) != parts:
        raise UserError(f"{page}: {place}: has {len(values)} parts with `;` between, not {parts}")
    folder, test_set, *others = values
    return Scores(f"{page}: {place}", folder, test_set), others


def _signed(value: float, decimals: int) -> str:
    return f"{value:+,.{decimals}f}".replace("-", "−")


@cache
def _table(folder: str, name: str, where: str) -> pd.DataFrame:
    path = REFERENCE / folder / f"{name}.tsv"
    if not path.exists():
        raise UserError(f"{where}: no {path.relative_to(ROOT)}")
    texts = ["experiment", "test_set", "metric"]
    return read_table(path, *texts, *(["compared_with"] if name == "significance" else []))


def main() -> None:
    """Write the pages; with --check name those that differ, and fail."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail on differences")
    check = parser.parse_args().check
    stale = []
    for page in pages():
        text, name = page.read_text(encoding="utf-8"), str(page.relative_to(ROOT))
        new = with_scores(text, name)
        if new != text:
            stale.append(name)
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
