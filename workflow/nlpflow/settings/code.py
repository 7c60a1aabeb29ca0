"""Digests of code: a rule runs again if its code changes, but not if only comments change."""

import ast
import hashlib
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def code_digest(script: Path, *modules: str) -> str:
    """Digest of the code of every nlpflow module that a script or a module imports.

    Indirect imports count as well. Comments, docstrings and layout do not, since the digest is of
    the syntax tree. Imports are found by parsing: nothing is run and torch is not loaded. A module
    that is loaded by name at run time must be given in `modules`.

    Args:
        modules: dotted names, as in `nlpflow.tasks.translation.training`
    """
    digest = hashlib.sha256()
    for path in sorted(_reached([script, *map(_path, modules)])):
        digest.update(f"{path.name}\0".encode() + _read(path)[0])
    return digest.hexdigest()[:16]


def _reached(files: list[Path]) -> set[Path]:
    """The files themselves, and every nlpflow file that they import, directly or not.

    nlpflow/__init__.py is left out, because it has only the version and `load`, and a
    release reruns nothing.
    """
    found: set[Path] = set()
    while files:
        path = files.pop()
        if path not in found and path != PACKAGE / "__init__.py":
            found.add(path)
            files.extend(_read(path)[1])
    return found


@cache
def _read(path: Path) -> tuple[bytes, tuple[Path, ...]]:
    """The digest of a file's syntax tree, and the nlpflow files that it imports."""
    tokens: list[str] = []
    names: set[str] = set()
    _write(ast.parse(path.read_bytes()), tokens, names)
    wanted = [name.split(".") for name in names if name.split(".")[0] == PACKAGE.name]
    # Importing a module also runs the packages that it is in.
    modules = {".".join(parts[:end]) for parts in wanted for end in range(1, len(parts) + 1)}
    imported = tuple(path for path in map(_path, sorted(modules)) if path.is_file())
    return hashlib.sha256("".join(tokens).encode()).digest(), imported


IGNORED = {"ctx", "kind", "type_comment"}
"""Fields of a syntax tree that follow from others, or change nothing at run time."""


def _write(node: object, tokens: list[str], names: set[str]) -> None:
    """Append a syntax tree as text, the same under every version of Python, and what it imports.

    Positions, empty fields and string constants that stand as statements are left out: the latter
    are the docstrings of modules, classes, functions and attributes.
    """
    if isinstance(node, list):
        for part in node:
            if not _is_docstring(part):
                _write(part, tokens, names)
                tokens.append(",")
    elif isinstance(node, ast.AST) and not isinstance(node, ast.Constant):
        tokens.append(f"{type(node).__name__}(")
        for name in node._fields:
            value = getattr(node, name, None)
            if value is not None and value != [] and name not in IGNORED:
                tokens.append(f"{name}=[")
                _write(value, tokens, names)
                tokens.append("]")
        tokens.append(")")
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    else:
        # Not repr: which characters it escapes depends on Python's version.
        tokens.append(ascii(node.value if isinstance(node, ast.Constant) else node))


def _is_docstring(node: object) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _path(module: str) -> Path:
    """The file of a dotted name; it may not exist when the name is that of a function."""
    path = PACKAGE.joinpath(*module.split(".")[1:])
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
