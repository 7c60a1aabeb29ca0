"""The page: markup, style, code and models in one file, which loads nothing else.

A page that is opened from a disk may not import modules, so the modules of web/ are put together
here: each becomes a function that returns what it exports.
"""

import json
import logging
import math
import re
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from nlpflow.errors import UserError
from nlpflow.playground.describe import Described, Unplayable, describe
from nlpflow.runs.run import read_run
from nlpflow.settings.plan.summary import Facts

WEB = files("nlpflow.playground") / "web"
MOST_MIB = 64
"""The size of all models together, as they stand in the page, in MiB. Browsers on phones give up on
much larger pages."""

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:class|const|function) (\w+))", re.MULTILINE)


class Chosen(NamedTuple):
    """Which runs are in a page."""

    models: list[Described]
    """As `describe` gives them, in the order of the page."""
    left_out: list[dict[str, str]]
    """The `id` and the `reason` of each run that the page cannot hold or run."""


def choose(folders: Sequence[Path], facts: Facts) -> Chosen:
    """Describe the runs that the page can hold and run; the log names the others.

    Args:
        folders: of the runs, in the order of the page
        facts: of the config that the runs are of

    Raises:
        UserError: a folder has no complete run of the config
    """
    models: dict[str, Described] = {}
    left_out = []
    room = MOST_MIB * 2**20
    for folder in dict.fromkeys(folders):
        try:
            model = describe(folder, facts)
            if model["id"] in models:
                raise Unplayable("another folder with this run is in the page")
            size = len(_json(model).encode())
            if size > room:
                raise Unplayable(_too_large(size, bool(models)))
        except Unplayable as reason:
            run = read_run(folder)
            name = f"{run.settings['task']}/{run.experiment}/seed-{run.seed}"
            left_out.append({"id": name, "reason": str(reason)})
            logging.warning("warning: %s is not in the page: %s", name, reason)
            continue
        room -= size
        models[model["id"]] = model
    return Chosen([*models.values()], left_out)


def _too_large(size: int, has_others: bool) -> str:
    """Why a run is left out; a size within the limit is too large only beside other models."""
    shown = f"its {math.ceil(size / 2**20)} MiB"
    if has_others and size <= MOST_MIB * 2**20:
        return (
            f"{shown} and the models before it are more than the {MOST_MIB:g} MiB of a page; write "
            "a page of its own with `nlpflow page`"
        )
    return (
        f"{shown} are more than the {MOST_MIB:g} MiB of a page; use it on the command line or in "
        "Python, or train a smaller network"
    )


def write_page(chosen: Chosen, config: str, output: Path) -> None:
    """Write the page.

    Args:
        chosen: the runs
        config: the name of their config
        output: the file

    Raises:
        UserError: the file cannot be written
    """
    text = page(chosen.models, config, chosen.left_out)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        partial = output.with_name(f".{output.name}.part")  # an older page stays until it is whole
        partial.write_text(text, encoding="utf-8")
        partial.replace(output)
    except OSError as error:
        raise UserError(f"{output}: cannot be written: {error.strerror or error}") from None


def page(models: Sequence[Described], config: str, left_out: Sequence[dict[str, str]]) -> str:
    """The text of the page.

    Args:
        models: as `describe` gives them
        config: its name
        left_out: `id` and `reason` of runs that are not in the page
    """
    listed = [{name: model[name] for name in ("id", "label", "title")} for model in models]
    facts = {"config": config, "models": listed, "left_out": list(left_out)}
    data = [_data('id="page"', facts)]
    data += [_data(f'data-model="{model["id"]}"', model) for model in models]
    start = "modules['main.js'].start(document.getElementById('root'), {});"
    parts = {
        "style": (WEB / "style.css").read_text(encoding="utf-8"),
        "data": "\n".join(data),
        "code": bundled("main.js") + start.format(_json(bundled("worker.js"))),
    }
    text = (WEB / "page.html").read_text(encoding="utf-8")
    return re.sub(r"\{(style|data|code)\}", lambda found: parts[found[1]], text)


def bundled(entry: str) -> str:
    """A module of web/ and all that it imports as one script, in which `modules` has them by name.

    Raises:
        ValueError: a module imports or exports in a form that is not understood here
    """
    return "const modules = {};\n" + "".join(_wrapped(name) for name in _in_order(entry, []))


def _in_order(name: str, before: list[str]) -> list[str]:
    """A module after those that it imports."""
    for needed in _IMPORT.findall(_source(name)):
        _in_order(needed[1], before)
    if name not in before:
        before.append(name)
    return before


def _wrapped(name: str) -> str:
    source = _source(name)
    exported = ", ".join(_EXPORT.findall(source))
    source = _IMPORT.sub(r"const {\1} = modules['\2'];" + "\n", source)
    source = _EXPORT.sub("", source)
    if re.search(r"^(import|export)\b", source, re.MULTILINE):
        raise ValueError(f"{name}: import and export are written as in the other modules")
    return f"modules['{name}'] = (() => {{\n{source}return {{ {exported} }};\n}})();\n"


def _source(name: str) -> str:
    return (WEB / name).read_text(encoding="utf-8")


def _data(attribute: str, values: Any) -> str:
    return f'<script type="application/json" {attribute}>{_json(values)}</script>'


def _json(values: Any) -> str:
    """JSON that a script can hold: without `<`, it neither ends the script nor opens a comment."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
