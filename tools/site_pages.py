"""Writes what the site is built from: one folder of Markdown, with the pages of the API.

python tools/site_pages.py build/pages

Pages have ordinary relative links, which work where the repository is browsed. The site has one
folder, so links are pointed anew: to another page, to a module's place in the API, or to a page
that shows a file. `mkdocs build --strict` then finds those that lead nowhere.
"""

import argparse
import os
import re
import shutil
from pathlib import Path, PurePosixPath

import jupytext
from latex2mathml.converter import convert

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = "workflow/nlpflow/"
PAGES = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "config/README.md": "config.md",
    "data/sample/README.md": "sample_data.md",
    "docs/README.md": "documentation.md",
}
"""Where the site has pages outside docs/ and the index of docs/; others keep their places."""
LINK = re.compile(r"""(\]\(|\b(?:src|href|srcset)=")(?![a-z]+:|#)([^)"#\s]+)""")
FORMULA = re.compile(r"(?P<code>`[^`]*`)|\$\$(?P<block>.+?)\$\$|\$(?P<inline>.+?)\$", re.DOTALL)
LANGUAGES = {".py": "python", ".smk": "python", ".yaml": "yaml", ".json": "json"}


def write_pages(folder: Path) -> None:
    """Write every page of the site below a folder, which is emptied first."""
    shutil.rmtree(folder, ignore_errors=True)
    places = _places()
    for source, place in places.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        page = _lesson(text) if source.endswith(".py") else text
        _write(folder / place, _with_links(page, source, places, folder))
    library = ROOT / LIBRARY
    for room in sorted(path.parent.name for path in library.glob("*/__init__.py")):
        _write(folder / f"api/{room}.md", f"---\ntitle: {room}\n---\n\n::: nlpflow.{room}\n")
    modules = sorted(path.stem for path in library.glob("[!_]*.py"))
    directives = "".join(f"\n::: nlpflow.{module}\n" for module in modules)
    _write(folder / "api/modules.md", f"---\ntitle: {', '.join(modules)}\n---\n{directives}")


def _places() -> dict[str, str]:
    """Where the site has what becomes a page of its own; both paths are relative."""
    docs = {path: path.removeprefix("docs/") for path in _files("docs/**/*.md")}
    lessons = {path: path.removesuffix("py") + "md" for path in _files("lessons/*.py")}
    return docs | lessons | PAGES


def _files(pattern: str) -> list[str]:
    return sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern))


def _write(page: Path, text: str) -> None:
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text, encoding="utf-8")


def _with_links(text: str, source: str, places: dict[str, str], folder: Path) -> str:
    """A page with links as the site has them; what they show is put into the folder."""

    def pointed(link: re.Match[str]) -> str:
        path = (ROOT / source).parent.joinpath(link[2]).resolve().relative_to(ROOT).as_posix()
        place, _, anchor = (places.get(path) or _place_of(path, folder)).partition("#")
        relative = os.path.relpath(place, Path(places[source]).parent)
        return link[1] + Path(relative).as_posix() + (f"#{anchor}" if anchor else "")

    return LINK.sub(pointed, text)


def _place_of(path: str, folder: Path) -> str:
    """Where the site shows a file or folder that is not a page: part of the API, image, listing."""
    file = ROOT / path
    if path.startswith(LIBRARY) and (file.is_dir() or file.suffix == ".py"):
        parts = PurePosixPath(path).with_suffix("").relative_to(LIBRARY).parts
        room = "modules" if (ROOT / LIBRARY / f"{parts[0]}.py").is_file() else parts[0]
        return f"api/{room}.md#{'.'.join(('nlpflow', *parts))}"
    if file.suffix in (".svg", ".png"):
        place = path.removeprefix("docs/")
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, folder / place)
        return place
    place = f"files/{path}.md"
    if file.is_dir():
        body = "\n".join(sorted(found.name + "/" * found.is_dir() for found in file.iterdir()))
    else:
        body = file.read_text(encoding="utf-8")
    language = LANGUAGES.get(file.suffix, "text")
    _write(folder / place, f"# {path}\n\n````` {language}\n{body.rstrip()}\n`````\n")
    return place


def _lesson(script: str) -> str:
    """A lesson as it is written, with formulas in MathML and without what it prints."""
    parts = []
    for cell in jupytext.reads(script, fmt="py:percent").cells:
        if cell.cell_type == "markdown":
            parts.append(FORMULA.sub(_formula, cell.source))
        elif "parameters" not in cell.metadata.get("tags", []):
            parts.append(f"``` python\n{cell.source}\n```")
    return "\n\n".join(parts) + "\n"


def _formula(found: re.Match[str]) -> str:
    if found["code"]:
        return found["code"]
    if found["block"]:
        return str(convert(found["block"], display="block"))
    return str(convert(found["inline"]))


def main() -> None:
    """Write the pages below the folder that the command line names."""
    parser = argparse.ArgumentParser(description="Write the Markdown that the site is built from.")
    parser.add_argument("folder", type=Path, help="is emptied first")
    write_pages(parser.parse_args().folder)


if __name__ == "__main__":
    main()
