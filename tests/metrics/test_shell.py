"""Templates of bash commands, and whether they parse."""

import pytest

from nlpflow.metrics.shell import parses, template

TEMPLATES = {
    "find . -name '*.txt'": "find ARG -name ARG",
    'find src/main -name "*.java" -print0 | xargs -0 rm -rf': (
        "find ARG -name ARG -print0 | xargs ARG rm -rf"
    ),
    r"find / -type f -exec grep -l 'x y' {} \;": (r"find ARG -type ARG -exec grep -l ARG {} \;"),
    "tar --file=a.tar -czf - b": "tar --file ARG -czf - ARG",
    "head -n1 file": "head -n ARG ARG",
    "mv $1 /tmp/$x": "mv ARG ARG",
    'rm "$(which ls)"': "rm $( which ARG )",
    "cat <(sort a) > b.txt": "cat <( sort ARG ) > ARG",
    "sudo -u root chmod 755 a": "sudo -u root ARG ARG ARG",
    "for i in *; do echo $i; done": "for ARG in ARG ; do echo ARG ; done",
    "PATH=x ls": "ARG = ARG ls",
    "": "",
}


@pytest.mark.parametrize("command", TEMPLATES)
def test_template(command: str) -> None:
    assert template(command) == TEMPLATES[command]


def test_other_arguments_have_the_same_template() -> None:
    one = "find . -iname '*.c' -mtime -7 | xargs wc -l"
    other = 'find "$HOME/my src" -iname x -mtime +30 | xargs wc -l'
    assert template(one) == template(other)
    assert template(one) != template(one.replace("-iname", "-name"))
    assert template(one) != template(one.replace("wc", "cat"))


@pytest.mark.parametrize("command", ["ls", "a | b && c", "if true; then ls; fi", "x=$(y)"])
def test_parses(command: str) -> None:
    assert parses(command)


@pytest.mark.parametrize("command", ["", "  ", "ls |", "echo 'a", "for i in", "ls )", "$(ls"])
def test_syntax_errors(command: str) -> None:
    assert not parses(command)
    template(command)
