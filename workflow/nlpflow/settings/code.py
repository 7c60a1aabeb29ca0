"""Digests of files, values and code: a rule runs again when a module that it uses has changed."""

import ast
import hashlib
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def code_digest(script: Path, *modules: str) -> str:
    """Digest of every nlpflow module that `script` or one of `modules` imports, directly or not.

    Found by reading the import statements, so nothing is run and torch is not loaded. A module
    that is loaded by name at run time must be given in `modules`.

    :param modules: dotted names, as in `nlpflow.tasks.translation.training`
    """
    found: set[Path] = set()
    waiting = [script, *(_path(module) for module in modules)]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting.extend(_imported(path))
    digest = hashlib.sha256()
    for path in sorted(found):
        digest.update(f"{path.name}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


@cache
def _imported(path: Path) -> tuple[Path, ...]:
    """The nlpflow files that a file's import statements name."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    wanted = [name.split(".") for name in names if name.split(".")[0] == PACKAGE.name]
    # Importing a module also runs the packages that it is in.
    modules = {".".join(parts[:end]) for parts in wanted for end in range(1, len(parts) + 1)}
    return tuple(path for path in map(_path, sorted(modules)) if path.is_file())


def _path(module: str) -> Path:
    """The file of a dotted name; it may not exist when the name is that of a function."""
    path = PACKAGE.joinpath(*module.split(".")[1:])
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
