"""HTML of the report's pages, in one style.

The pages load no other files, and fit laptops and phones in light and dark mode.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape

import pandas as pd


def page(title: str, body: str) -> str:
    """A page on its own. What is below `<body>` can stand inside another page as well."""
    return (
        "<!DOCTYPE html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
        f"<title>{escape(title)}</title>\n<style>{_DARK}</style>\n</head>\n"
        f"<body>\n<style>{_CSS}</style>\n<div class='nlpflow not-prose'>\n{body}</div>\n"
        "</body>\n</html>\n"
    )


def tables_page(title: str, tables: Mapping[str, pd.DataFrame], note: str = "") -> str:
    """A page with tables under their titles; those without rows are left out.

    Args:
        note: a sentence above them
    """
    parts = [f"<p>{escape(note)}</p>\n"] if note else []
    for heading, found in tables.items():
        if len(found):
            parts += [f"<h2>{escape(heading)}</h2>\n"] if heading else []
            parts.append(table([str(name) for name in found], {"": cells_of(found)}))
    return page(title, "".join(parts))


def cells_of(found: pd.DataFrame) -> list[list[str]]:
    """The cells of a table as texts; what is missing is empty."""
    filled = found.astype(object).where(found.notna(), "")
    return [[str(value) for value in row] for row in filled.values.tolist()]


def listed(notes: Sequence[str], kind: str = "") -> str:
    """A list with one item per note; nothing if there are no notes.

    Args:
        kind: class of the list in the style sheet
    """
    items = "".join(f"<li>{escape(note)}</li>\n" for note in notes)
    return f"<ul{f' class={kind!r}' if kind else ''}>\n{items}</ul>\n" if notes else ""


def table(heads: Sequence[str], groups: Mapping[str, Iterable[Sequence[str]]]) -> str:
    """A table; where it is wider than the page, it is scrolled and not the page.

    Args:
        heads: of the columns; the first column names the rows
        groups: rows, by the heading above them; an empty heading is left out
    """
    body = {heading: list(rows) for heading, rows in groups.items()}
    cells = [row for rows in body.values() for row in rows]
    top = "".join(
        f"<th scope='col'{_kind(row[number] for row in cells)}>{escape(head)}</th>"
        for number, head in enumerate(heads)
    )
    parts = [f"<div class='scroll'><table>\n<thead><tr>{top}</tr></thead>\n"]
    for heading, rows in body.items():
        parts.append("<tbody>\n")
        if heading:
            said = f"<th scope='rowgroup' colspan='{len(heads)}'>{escape(heading)}</th>"
            parts.append(f"<tr class='group'>{said}</tr>\n")
        parts += [f"<tr>{_row(row)}</tr>\n" for row in rows]
        parts.append("</tbody>\n")
    return "".join([*parts, "</table></div>\n"])


def _row(cells: Sequence[str]) -> str:
    first, *others = cells
    return f"<th scope='row'>{escape(first)}</th>" + "".join(map(_cell, others))


def _cell(text: str) -> str:
    return f"<td{_kind([text])}>{escape(text)}</td>"


def _kind(cells: Iterable[str]) -> str:
    """The class of a cell, or of the head over a column: numbers stand at the right."""
    return " class='text'" if any(cell and not _NUMBER.match(cell) for cell in cells) else ""


_NUMBER = re.compile(r"[-+]?[\d.,]+( ± [\d.,]+| \[.*)?( \*)?$|baseline$")
_DARK = (
    "@media (prefers-color-scheme:dark){:root{--ink:#e6e6e6;--soft:#a8a8a8;--line:#444;"
    "--shade:#262626;--link:#8ab4f8}body{background:#181818}}body{margin:1rem}"
)
_CSS = (
    ".nlpflow{font:15px/1.45 system-ui,sans-serif;color:var(--ink,#1a1a1a);max-width:80rem}"
    ".nlpflow h1{font-size:1.5rem;font-weight:700;margin:0 0 .3rem}"
    ".nlpflow h2{font-size:1.15rem;font-weight:700;margin:1.6rem 0 .4rem}"
    ".nlpflow p,.nlpflow ul{margin:.4rem 0;max-width:52rem}"
    ".nlpflow ul{list-style:disc;padding-left:1.2rem;overflow-wrap:anywhere}"
    ".nlpflow .scroll{overflow-x:auto;margin:.5rem 0}"
    ".nlpflow table{border-collapse:collapse;font-size:.9em}"
    ".nlpflow th,.nlpflow td{padding:.25rem .5rem;border-bottom:1px solid var(--line,#d4d4d4);"
    "vertical-align:top;text-align:right;font-weight:400}"
    ".nlpflow td{font-variant-numeric:tabular-nums}"
    ".nlpflow thead th{font-weight:600;vertical-align:bottom}"
    ".nlpflow thead th:first-child,.nlpflow th[scope=row],.nlpflow th[scope=rowgroup],"
    ".nlpflow .text{text-align:left}"
    ".nlpflow th[scope=row],.nlpflow td.text{white-space:normal;overflow-wrap:anywhere;"
    "min-width:5rem}"
    ".nlpflow .group th{font-weight:600;background:var(--shade,#f3f3f3)}"
    ".nlpflow .soft{color:var(--soft,#5a5a5a);font-size:.9em}"
    ".nlpflow .plots{display:flex;flex-wrap:wrap;gap:1rem}"
    ".nlpflow figure{margin:0;max-width:100%}"
    ".nlpflow figure img{max-width:min(100%,30rem);max-height:32rem;background:#fff}"
    ".nlpflow figcaption{font-size:.9em;max-width:30rem}"
)
"""Every rule is bound to the class: the front page of the report has a look of its own."""
