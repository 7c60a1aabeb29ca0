"""Digests of code: an edit reaches whoever imports the module, and nobody else."""

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nlpflow.settings import code
from nlpflow.settings.code import code_digest

pytestmark = pytest.mark.long

EDIT = "EDITED = True\n"
SCRIPTS = code.PACKAGE.parent / "scripts"
TASK = "nlpflow.tasks.translation"
USERS = {
    "download.py": (),
    "prepare.py": (),
    "vocabulary.py": (),
    "encode.py": (),
    "train.py": (f"{TASK}.training",),
    "evaluate.py": (f"{TASK}.evaluation",),
    "figures.py": (f"{TASK}.figures",),
    "compare.py": (),
}


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    code._read.cache_clear()
    yield
    code._read.cache_clear()


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


SMALL = {
    "nlpflow/__init__.py": "",
    "nlpflow/sub/__init__.py": "",
    "nlpflow/a.py": "from nlpflow.b import f\n",
    "nlpflow/b.py": "def f():\n    from nlpflow.sub import deep\n",
    "nlpflow/sub/deep.py": "import nlpflow.a\nimport os\n",  # a circle
    "nlpflow/other.py": "import nlpflow.sub.deep as d\n",
    "nlpflow/loaded.py": "from nlpflow import c as renamed\n",
    "nlpflow/c.py": "import numpy\n",
    "scripts/direct.py": "from nlpflow.b import f\n",
    "scripts/indirect.py": "if True:\n    import nlpflow.other\n",
    "scripts/unrelated.py": "import json, pathlib\nfrom nlpflow_extra import a\n",
}
REACHES = {
    "direct.py": {"a", "b", "deep"},
    "indirect.py": {"a", "b", "deep", "other"},
    "unrelated.py": set(),
}


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path, SMALL)
    monkeypatch.setattr(code, "PACKAGE", tmp_path / "nlpflow")
    return tmp_path


def digests(root: Path) -> dict[str, str]:
    code._read.cache_clear()
    return {name: code_digest(root / "scripts" / name) for name in REACHES}


@pytest.mark.parametrize("edited", ["a", "b", "sub/deep", "other", "loaded", "c"])
def test_an_edit_reaches_its_users_and_nobody_else(small: Path, edited: str) -> None:
    before = digests(small)
    path = small / "nlpflow" / f"{edited}.py"
    path.write_text(path.read_text() + EDIT)
    after = digests(small)
    changed = {name for name in REACHES if before[name] != after[name]}
    assert changed == {name for name, reached in REACHES.items() if path.stem in reached}


def test_an_edit_of_the_script_itself(small: Path) -> None:
    before = digests(small)
    path = small / "scripts" / "unrelated.py"
    path.write_text(path.read_text() + EDIT)
    after = digests(small)
    assert {name for name in REACHES if before[name] != after[name]} == {"unrelated.py"}


def test_a_new_version_reaches_nobody(small: Path) -> None:
    before = digests(small)
    (small / "nlpflow/__init__.py").write_text('VERSION = "9.9"\n')
    assert digests(small) == before
    (small / "nlpflow/sub/__init__.py").write_text(EDIT)
    assert digests(small) != before


def test_the_package_itself_holds_the_version_and_load() -> None:
    """What no job uses, because its changes run no job again."""
    body = ast.parse((code.PACKAGE / "__init__.py").read_text()).body
    assert [ast.unparse(part.targets[0]) for part in body if isinstance(part, ast.Assign)] == [
        "VERSION"
    ]
    assert [part.name for part in body if isinstance(part, ast.FunctionDef)] == ["load"]
    assert not [part for part in body if isinstance(part, ast.ClassDef)]


def test_a_new_import_reaches_further(small: Path) -> None:
    before = digests(small)
    write(small, {"scripts/unrelated.py": "import nlpflow.c\n"})
    between = digests(small)
    write(small, {"nlpflow/c.py": "import scipy\n"})
    after = digests(small)
    assert len({d["unrelated.py"] for d in (before, between, after)}) == 3


def test_modules_loaded_by_name_are_given(small: Path) -> None:
    script = small / "scripts" / "unrelated.py"
    before = [code_digest(script), code_digest(script, "nlpflow.loaded")]
    write(small, {"nlpflow/c.py": "import scipy\n"})
    code._read.cache_clear()
    after = [code_digest(script), code_digest(script, "nlpflow.loaded")]
    assert before[0] == after[0]
    assert before[1] != after[1]


def test_a_module_that_does_not_exist_is_no_silent_nothing(small: Path) -> None:
    with pytest.raises(FileNotFoundError):
        code_digest(small / "scripts" / "direct.py", "nlpflow.nowhere")


def test_a_digest_knows_no_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for place in ("one", "zz/another"):
        write(tmp_path / place, SMALL)
        monkeypatch.setattr(code, "PACKAGE", tmp_path / place / "nlpflow")
        found.append(digests(tmp_path / place))
    assert found[0] == found[1]


def test_a_digest_is_the_same_again(small: Path) -> None:
    assert digests(small) == digests(small)


WRITTEN = """\
def f(a: int, b: str = "x") -> list[int]:
    return [a, len(b)]


class Point:
    x: int
"""
SAME = {
    "a comment": WRITTEN.replace("    return", "    # why\n    return"),
    "a docstring of the module": '"""What it is."""\n' + WRITTEN,
    "a docstring of a function": WRITTEN.replace("    return", '    """A list."""\n    return'),
    "a docstring of a class": WRITTEN.replace("    x: int", '    """A point."""\n\n    x: int'),
    "a docstring of an attribute": WRITTEN + '    """In metres."""\n',
    "blank lines": "\n" + WRITTEN.replace("    x: int", "\n    x: int"),
    "a wrapped line": WRITTEN.replace("[a, len(b)]", "[\n        a,\n        len(b),\n    ]"),
    "other quotes": WRITTEN.replace('"x"', "'x'"),
}
OTHER = {
    "an expression": WRITTEN.replace("len(b)", "len(b) + 1"),
    "an operator": WRITTEN.replace("[a, len(b)]", "[a] + [len(b)]"),
    "an order": WRITTEN.replace("[a, len(b)]", "[len(b), a]"),
    "a default value": WRITTEN.replace('"x"', '"y"'),
    "no default value": WRITTEN.replace(' = "x"', ""),
    "a type": WRITTEN.replace('"x"', "1"),
    "an annotation": WRITTEN.replace("a: int", "a: float"),
    "a decorator": WRITTEN.replace("class", "@final\nclass"),
    "a name": WRITTEN.replace("Point", "Place"),
    "a statement": WRITTEN + EDIT,
    "an import": "import json\n" + WRITTEN,
    "a string constant": WRITTEN.replace("    return", '    b = "A list."\n    return'),
}


def digests_of(folder: Path, texts: dict[str, str]) -> dict[str, str]:
    """The digest of each text as the same script."""
    found = {}
    for name, text in texts.items():
        write(folder, {"script.py": text})
        code._read.cache_clear()
        found[name] = code_digest(folder / "script.py")
    return found


def test_comments_docstrings_and_layout_are_no_code(tmp_path: Path) -> None:
    found = digests_of(tmp_path, {"as written": WRITTEN} | SAME)
    assert [name for name in found if found[name] != found["as written"]] == []


def test_every_other_edit_is(tmp_path: Path) -> None:
    found = digests_of(tmp_path, {"as written": WRITTEN} | OTHER)
    assert len(set(found.values())) == len(found)


def test_a_digest_is_the_same_under_every_version_of_python(tmp_path: Path) -> None:
    """Written down; `ascii` keeps characters that only some versions know."""
    text = 'async def f(a, /, *b, c=1.5):\n    return f"{a!r:>{c}}é\\U0001fae8", {**a}, b[1:]\n'
    assert digests_of(tmp_path, {"": text}) == {"": "99530bc283362e89"}


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real library and its scripts, to be edited."""
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(code.PACKAGE, tmp_path / "nlpflow", ignore=ignore)
    shutil.copytree(SCRIPTS, tmp_path / "scripts", ignore=ignore)
    monkeypatch.setattr(code, "PACKAGE", tmp_path / "nlpflow")
    return tmp_path


def real(root: Path) -> dict[str, str]:
    code._read.cache_clear()
    return {name: code_digest(root / "scripts" / name, *modules) for name, modules in USERS.items()}


@pytest.mark.parametrize(
    ("edited", "users"),
    [
        ("models/attention.py", {"train.py", "evaluate.py"}),
        ("training/loop.py", {"train.py"}),
        ("figures/curves.py", {"figures.py"}),
        ("metrics/alignment.py", {"evaluate.py"}),
        ("download/fetch.py", {"download.py"}),
        ("results/comparison.py", {"compare.py"}),
        ("cli/tag.py", set()),
        ("jobs.py", set(USERS)),
        ("errors.py", set(USERS)),
    ],
)
def test_edits_of_the_library(copied: Path, edited: str, users: set[str]) -> None:
    before = real(copied)
    path = copied / "nlpflow" / edited
    path.write_text(path.read_text() + EDIT)
    after = real(copied)
    assert {name for name in USERS if before[name] != after[name]} == users


@pytest.mark.parametrize("script", ["train.py", "compare.py"])
def test_whatever_an_import_loads_is_in_the_digest(copied: Path, script: str) -> None:
    """Python itself says which of our modules a script's imports load."""
    tree = ast.parse((copied / "scripts" / script).read_text())
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    lines = [ast.unparse(node) for node in imports]
    lines += [f"import {module}" for module in USERS[script]]
    lines += ["import sys", "print(*(n for n in sys.modules if n.startswith('nlpflow')))"]
    loaded = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        env={"PYTHONPATH": str(copied), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=copied,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    files = {copied.joinpath(*name.split(".")).with_suffix(".py") for name in loaded}
    files = {file for file in files if file.is_file()}
    assert len(files) > 2
    modules = [code._path(module) for module in USERS[script]]
    assert files <= code._reached([copied / "scripts" / script, *modules])


def test_what_a_digest_would_not_see_does_not_exist() -> None:
    """Relative imports."""
    for path in code.PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            assert not (isinstance(node, ast.ImportFrom) and node.level), path
