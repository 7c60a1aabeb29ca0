"""Files of settings say what they seem to say, or are refused with the line."""

from typing import Any

import pytest

from nlpflow.errors import UserError
from nlpflow.settings.base import Language, Name
from nlpflow.settings.checks import checked
from nlpflow.settings.yaml_text import parse

READ = {
    '{"a":1,"b":{"c":2}}': {"a": 1, "b": {"c": 2}},
    '{"a": "\\u00e9 \\/ \\ud83d\\ude00",\n\t"x": 1e-5}': {"a": "é / 😀", "x": 1e-5},
    "a: [0, 0.5, .5, 0x10, 1_000, 08, 0o7, '010', '1:30', 1e5]": {
        "a": [0, 0.5, 0.5, 16, 1000, "08", "0o7", "010", "1:30", "1e5"]
    },
    "x: &x {a: 1, b: 2}\ny: {<<: *x, a: 3}\nz: *x": {
        "x": {"a": 1, "b": 2},
        "y": {"a": 3, "b": 2},
        "z": {"a": 1, "b": 2},
    },
    "": None,
    "# nothing": None,
    "- {a: 1}\n- {a: 2}": [{"a": 1}, {"a": 2}],
}
"""What is taken as it stands."""

TWICE = {
    "a: 1\nb: 2\na: 3": ("a", 3, 1),
    "a: 1\n'a': 1": ("a", 2, 1),
    "x:\n  - c: 1\n    d: 2\n    c: 3": ("c", 4, 2),
    "{a: 1, b: 2, a: 3}": ("a", 1, 1),
    "no: 1\nfalse: 2": ("false", 2, 1),
    "x: &x {a: 1}\ny:\n  <<: *x\n  b: 1\n  <<: *x": ("<<", 5, 3),
    '{"a": 1,\n\t"b": {"c": 1,\n\t"c": 2}}': ("c", 3, 2),
    '{"a": 1,\n "\\u0061": 2}': ("a", 2, 1),
    "a: 1\n? a\n: 2": ("a", 2, 1),
    "1: a\n1.0: b": ("1.0", 2, 1),
    '"a\\tb": 1\n"a\\tb": 2': (r"'a\tb'", 2, 1),
}
"""The key, its second line and its first."""

OTHER_BASES = {
    "a: 010": "line 1: YAML reads 010 as 8, in base 8 because of its leading 0",
    "a:\n  - -0_7": "line 2: YAML reads -0_7 as -7, in base 8 because of its leading 0",
    "a: 00": "line 1: YAML reads 00 as 0, in base 8 because of its leading 0",
    "a: 1\nb: 1:30": "line 2: YAML reads 1:30 as 90, in base 60 because of its colon",
    "a: +1:30.5": "line 1: YAML reads +1:30.5 as 90.5, in base 60 because of its colon",
    "12:30: a": "line 1: YAML reads 12:30 as 750, in base 60 because of its colon",
}


@pytest.mark.parametrize("text", READ)
def test_read(text: str) -> None:
    assert parse(text, "f.yaml") == READ[text]


@pytest.mark.parametrize("text", TWICE)
def test_equal_keys(text: str) -> None:
    key, line, first = TWICE[text]
    with pytest.raises(UserError) as caught:
        parse(text, "f.yaml")
    assert str(caught.value) == (
        f"f.yaml, line {line}: key {key} is already in line {first}, and only one of the two "
        "would count; remove or rename one"
    )


@pytest.mark.parametrize("text", OTHER_BASES)
def test_numbers_to_another_base(text: str) -> None:
    with pytest.raises(UserError) as caught:
        parse(text, "f.yaml")
    rest = "; write the number that is meant, or put it in quotes if it is text"
    assert str(caught.value) == f"f.yaml, {OTHER_BASES[text]}{rest}"


BOOLEAN = "(YAML reads yes, no, on and off as true or false: put it in quotes)"
NOTHING = "(YAML reads null, ~ and nothing as no value: put it in quotes)"
NUMBER = "(YAML reads this as a number: put it in quotes)"


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        (list[Language], "[sv, no]", f"1: input should be a valid string, not False {BOOLEAN}"),
        (
            dict[Language, str],
            "{no: a}",
            f"False: input should be a valid string, not False {BOOLEAN}",
        ),
        (
            dict[str, dict[Name, int]],
            "a: {2017: 1}",
            f"a.2017: input should be a valid string, not 2017 {NUMBER}",
        ),
        (
            dict[Name, int],
            "~: 1",
            f"None: input should be a valid string, not None {NOTHING}",
        ),
        (list[Name], "[1.10]", f"0: input should be a valid string, not 1.1 {NUMBER}"),
        (list[Name], "[null]", f"0: input should be a valid string, not None {NOTHING}"),
        (
            list[Name],
            "[2017-01-02]",
            "0: input should be a valid string, not the date 2017-01-02 (put it in quotes)",
        ),
    ],
)
def test_what_yaml_makes_of_a_name(kind: Any, text: str, message: str) -> None:
    with pytest.raises(UserError) as caught:
        checked(kind, parse(text, "f.yaml"), "config")
    assert str(caught.value) == f"config: {message}"


def test_norwegian_in_quotes() -> None:
    assert checked(dict[Language, list[Language]], parse("'no': ['no']", "f"), "f") == {
        "no": ["no"]
    }
