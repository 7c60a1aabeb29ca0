"""Bash commands: whether they parse, and their templates, in which arguments are masked.

Tree-sitter's grammar of bash parses them. A template keeps what a command does and forgets what it
does it to, as in Lin et al. 2018, "NL2Bash: a corpus and semantic parser for natural language
interface to the Linux operating system", section 6.1: `find . -name "*.txt" | xargs rm` and
`find src -name 'a' | xargs rm` have the template `find ARG -name ARG | xargs rm`.
"""

import re
from functools import cache

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

MASK = "ARG"
FLAG = re.compile(r"--?(?:[^\W\d]{2,}\d*|[^\W\d])(?:-[^\W\d]+)*")
"""The start of an option; what follows, as in `-n1` and `--file=x`, is an argument."""
STRUCTURE = {
    "{}",
    "'{}'",
    '"{}"',
    r"\;",
    "';'",
    '";"',
    ";",
    r"\(",
    r"\)",
    "'('",
    "')'",
    "!",
    r"\!",
    "+",
    "-",
    "--",
}
"""Arguments that belong to what a command does."""
RUNS_NEXT = {"-exec", "-execdir", "-ok", "-okdir"}
"""Options whose next word is a command."""
RUNNERS = {"xargs", "sudo", "nohup", "time", "env", "watch", "nice", "command"}
"""Commands whose first word of letters alone is a command."""
COMMAND_NAME = re.compile(r"[A-Za-z]+")
ARGUMENTS = {
    "word",
    "string",
    "raw_string",
    "ansi_c_string",
    "number",
    "concatenation",
    "simple_expansion",
    "expansion",
    "arithmetic_expansion",
    "variable_name",
    "extglob_pattern",
    "regex",
    "heredoc_body",
}
"""Nodes that a template masks."""
SUBSTITUTIONS = {"command_substitution", "process_substitution"}


def parses(command: str) -> bool:
    """Whether a command has no syntax error and is not empty."""
    tree = _parser().parse(command.encode())
    return not tree.root_node.has_error and tree.root_node.child_count > 0


def template(command: str) -> str:
    """The template of a command; with a syntax error, of the parts that the parser recognises."""
    return " ".join(_parts(_parser().parse(command.encode()).root_node))


@cache
def _parser() -> Parser:
    return Parser(Language(tree_sitter_bash.language()))


def _parts(node: Node) -> list[str]:
    """The template of a node, word by word."""
    if node.type == "command":
        return _command(node)
    if node.type in ARGUMENTS:
        return _argument(node)
    if not node.children:
        return [_text(node)]
    return [part for child in node.children for part in _parts(child)]


def _command(node: Node) -> list[str]:
    found: list[str] = []
    waits = False  # for a word of letters alone, which is then a command
    for child in node.children:
        text = _text(child)
        named = child.type == "command_name" and not child.named_children[0].named_children
        after_exec = bool(found) and found[-1] in RUNS_NEXT
        if named or after_exec or (waits and COMMAND_NAME.fullmatch(text)):
            found.append(text)
            waits = text in RUNNERS
        else:
            found += _parts(child)
    return found


def _argument(node: Node) -> list[str]:
    """An argument: its mask, with the commands that it contains."""
    text = _text(node)
    if text in STRUCTURE:
        return [text]
    flag = FLAG.match(text)
    if flag is not None:
        rest = [MASK] if flag.end() < len(text) else []
        return [flag.group(), *rest]
    inner = [part for one in _substitutions(node) for part in _parts(one)]
    return inner or [MASK]


def _substitutions(node: Node) -> list[Node]:
    """The outermost substitutions in a node."""
    if node.type in SUBSTITUTIONS:
        return [node]
    return [found for child in node.children for found in _substitutions(child)]


def _text(node: Node) -> str:
    return (node.text or b"").decode(errors="replace")
