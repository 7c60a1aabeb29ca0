"""A lesson as a self-contained HTML page, with formulas as MathML and plots inside the page."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from nlpflow.errors import UserError
from nlpflow.lesson_pages.claims import MARK
from nlpflow.lesson_pages.notebook import HIDE_INPUT, PARAMETERS, Cell, run_lesson


def write_page(lesson: Path, parameters: Mapping[str, Any], page: Path) -> None:
    """Run a lesson and write its page; the same results give the same bytes.

    Raises:
        UserError: a claim does not hold, or the page would load or link to something outside
    """
    html = page_of(run_lesson(lesson, parameters))
    if found := outside(html):
        raise UserError(f"lesson {lesson.stem}: the page must not refer to {found[0]}")
    page.write_text(html, encoding="utf-8")


def page_of(cells: Sequence[Cell]) -> str:
    """The HTML page of cells that have been run."""
    title = next(cell.source for cell in cells if cell.kind == "markdown").splitlines()[0]
    body = "\n".join(_prose(cell) if cell.kind == "markdown" else _code(cell) for cell in cells)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(title.lstrip('# '))}</title>\n"
        f"<style>\n{_CSS}{_CODE.get_style_defs('.source')}\n</style>\n"
        f"<main>\n{body}\n</main>\n</html>\n"
    )


def outside(html: str) -> list[str]:
    """All addresses outside the page that it loads or links to."""
    attributes = r"""\b(?:src|href|srcset|poster|action)\s*=\s*["']?(?!data:|\#)([^\s"'>]+)"""
    styles = r"""(?:url\(|@import)\s*["']?(?!data:|\#)([^\s"')]+)"""
    addresses = r"""\b[a-z]+://[^\s"'<>]+"""
    return [
        found for pattern in (attributes, styles, addresses) for found in re.findall(pattern, html)
    ]


def _formula(tex: str, options: Mapping[str, Any]) -> str:
    display = "block" if options["display_mode"] else "inline"
    # HTML does not need the name space.
    return convert(tex, display=display).replace(' xmlns="http://www.w3.org/1998/Math/MathML"', "")


_MARKDOWN = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, renderer=_formula)
_CODE = HtmlFormatter(cssclass="source")


def _prose(cell: Cell) -> str:
    return str(_MARKDOWN.render(cell.source))


def _code(cell: Cell) -> str:
    """The HTML of a code cell: code, printed output, and the value of the last line."""
    if PARAMETERS in cell.tags:
        return ""
    code = highlight(cell.source, PythonLexer(), _CODE)
    hidden = HIDE_INPUT in cell.tags
    parts = [] if hidden else [code]
    for line in cell.printed.splitlines():
        kind = "claim" if line.startswith(MARK) else "printed"
        parts.append(f'<pre class="{kind}">{escape(line)}</pre>\n')
    if cell.value is not None:
        parts.append(f'<div class="value">{_value(cell.value)}</div>\n')
    if hidden:
        parts.append(f"<details><summary>code</summary>\n{code}</details>\n")
    return f'<div class="cell">\n{"".join(parts)}</div>'


def _value(value: Any) -> str:
    """A value as Jupyter shows it: its own HTML if it has any, else its `repr`."""
    if hasattr(value, "_repr_html_"):
        return str(value._repr_html_())
    return f"<pre>{escape(repr(value))}</pre>"


_CSS = """\
body { margin: 0; color: #222; background: #fff; font: 17px/1.55 Georgia, "DejaVu Serif", serif; }
main { max-width: 50rem; margin: 2rem auto 5rem; padding: 0 1rem; }
h1, h2 { font-family: "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; line-height: 1.25; }
h1 { font-size: 1.8rem; } h2 { font-size: 1.25rem; margin-top: 2.4rem; }
p, li { max-width: 43rem; }
code, pre { font: 12.5px/1.5 Menlo, Consolas, "DejaVu Sans Mono", monospace; }
p code, li code, td code { background: #f4f4f4; padding: 0 .2em; }
.cell { margin: 1rem 0; }
.source pre { margin: 0; padding: .7rem 1rem; background: #f6f7f9; border-left: 3px solid #0072B2;
  overflow-x: auto; }
pre.printed, pre.claim, .value pre { margin: 0; padding: .1rem 1rem; white-space: pre-wrap; }
.source + pre, .source + .value { padding-top: .6rem; }
pre.claim { color: #00664b; padding-left: 2.2rem; text-indent: -1.2rem; }
details { font-size: .8em; color: #666; } summary { cursor: pointer; }
.value img { display: block; max-width: 100%; margin: .8rem auto; }
.value p { margin: .4rem 1rem; font-style: italic; }
table { border-collapse: collapse; margin: .8rem 1rem; font-size: .9em; }
caption { text-align: left; padding-bottom: .3rem; }
th, td { padding: .2rem .9rem .2rem 0; border-bottom: 1px solid #ddd; text-align: left; }
th { font-weight: normal; } td { text-align: right; font-variant-numeric: tabular-nums; }
thead th { font-weight: bold; }
.math.block { overflow-x: auto; margin: 1rem 0; }
"""
