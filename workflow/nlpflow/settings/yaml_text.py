"""Strict reading of YAML and JSON: what the formats silently drop or change is refused.

If a key occurs twice, both formats keep only its last value. YAML 1.1 reads a number with a leading
0 in base 8, and one with colons in base 60.
"""

import json
from collections.abc import Iterator
from typing import Any

import yaml

from nlpflow.errors import UserError
from nlpflow.settings.checks import on_one_line

MERGE = "tag:yaml.org,2002:merge"
NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")


def parse(text: str, where: str) -> Any:
    """The content of a YAML or JSON file.

    Args:
        where: the file, in messages

    Raises:
        UserError: the text is neither YAML nor JSON, has duplicate keys, or has a number that YAML
            does not read in base 10
    """
    try:
        values, is_json = json.loads(text), True
    except (ValueError, RecursionError):
        values, is_json = None, False
    try:
        # JSON may have tabs between its parts, YAML may not.
        loader = yaml.SafeLoader(text.replace("\t", " ") if is_json else text)
        root = loader.get_single_node()
        for node in _nodes(root, set()):
            if isinstance(node, yaml.MappingNode):
                _check_keys(node, loader, where)
            elif isinstance(node, yaml.ScalarNode) and not is_json:
                _check_number(node, loader, where)
        return values if is_json or root is None else loader.construct_document(root)
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: an impossible date
        raise UserError(f"{where}: not valid YAML: {' '.join(str(error).split())}") from None


def _nodes(node: yaml.Node | None, seen: set[int]) -> Iterator[yaml.Node]:
    """A node and those below it in the order of the text, each once even if aliases repeat it."""
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    yield node
    if isinstance(node, yaml.CollectionNode):
        for child in node.value:
            for part in child if isinstance(child, tuple) else (child,):
                yield from _nodes(part, seen)


def _check_keys(node: yaml.MappingNode, loader: yaml.SafeLoader, where: str) -> None:
    first: dict[Any, yaml.Node] = {}
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            continue  # the loader refuses it
        name = key.value if key.tag == MERGE else loader.construct_object(key)
        other = first.setdefault(name, key)
        if other is not key:
            raise UserError(
                f"{where}, line {key.start_mark.line + 1}: key {on_one_line(key.value)} is already "
                f"in line {other.start_mark.line + 1}, and only one of the two would count; remove "
                "or rename one"
            )


def _check_number(node: yaml.ScalarNode, loader: yaml.SafeLoader, where: str) -> None:
    if node.tag not in NUMBERS or node.style is not None:
        return
    text = node.value
    digits = text.lstrip("+-").replace("_", "")
    is_octal = digits.isdecimal() and digits.startswith("0") and len(digits) > 1
    if is_octal or ":" in text:
        base = "8 because of its leading 0" if is_octal else "60 because of its colon"
        raise UserError(
            f"{where}, line {node.start_mark.line + 1}: YAML reads {text} as "
            f"{loader.construct_object(node)}, in base {base}; write the number that is meant, or "
            "put it in quotes if it is text"
        )
