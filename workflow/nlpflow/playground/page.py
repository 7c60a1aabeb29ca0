"""The page: markup, style, code and models in one file, which loads nothing else.

A page that is opened from a disk may not import modules, so the modules of web/ are put together
here: each becomes a function that returns what it exports.
"""

import json
import logging
import re
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from nlpflow.errors import UserError
from nlpflow.playground.describe import Described, Unplayable, describe
from nlpflow.settings.plan.summary import Facts

WEB = files("nlpflow.playground") / "web"
MOST_MIB = 64
"""The size of all models together in MiB. Browsers on phones give up on much larger pages."""

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:class|const|function) (\w+))", re.MULTILINE)


def write_page(folders: Sequence[Path], facts: Facts, output: Path) -> int:
    """Write the page with the models of some runs, and return how many are in it.

    Runs that the page cannot hold or run are named in the page and in the log.

    Args:
        folders: of the runs, in the order of the page
        facts: of the config that the runs are of
        output: the file

    Raises:
        UserError: a folder has no complete run of the config, or the file cannot be written
    """
    models: dict[str, Described] = {}
    left_out = []
    room = MOST_MIB * 2**20
    for folder in folders:
        name = "/".join(folder.parts[-3:])
        try:
            model = describe(folder, facts)
        except Unplayable as reason:
            left_out.append({"id": name, "reason": str(reason)})
            continue
        size = 0 if model["id"] in models else len(model["weights"])
        if size > room:
            too_large = f"its {size / 2**20:.0f} MiB are too many beside the models before it"
            left_out.append({"id": name, "reason": too_large})
            continue
        room -= size
        models[model["id"]] = model
    for one in left_out:
        logging.warning("warning: %s is not in the page: %s", one["id"], one["reason"])
    text = page([*models.values()], facts.config, left_out)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        partial = output.with_name(f".{output.name}.part")  # an older page stays until it is whole
        partial.write_text(text, encoding="utf-8")
        partial.replace(output)
    except OSError as error:
        raise UserError(f"{output}: cannot be written: {error.strerror or error}") from None
    return len(models)


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
