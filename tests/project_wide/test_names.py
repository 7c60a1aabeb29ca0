"""One name, one meaning: no two public classes or types of the library share a name."""

import ast
from collections import defaultdict
from collections.abc import Iterator

from project import ROOT

LIBRARY = ROOT / "workflow/nlpflow"


def classes(module: ast.Module) -> Iterator[str]:
    """Public classes and names of types at the top of a module."""
    for node in module.body:
        match node:
            case ast.ClassDef(name=name):
                names = [name]
            case ast.Assign(targets=targets):
                names = [target.id for target in targets if isinstance(target, ast.Name)]
            case ast.AnnAssign(target=ast.Name(id=name)):
                names = [name]
            case _:
                continue
        yield from (name for name in names if name[0].isupper() and not name.isupper())


def test_no_two_classes_share_a_name() -> None:
    places = defaultdict(list)
    for path in sorted(LIBRARY.rglob("*.py")):
        for name in classes(ast.parse(path.read_text())):
            places[name].append(str(path.relative_to(LIBRARY)))
    assert len(places) > 200
    assert {name: paths for name, paths in places.items() if len(paths) > 1} == {}
