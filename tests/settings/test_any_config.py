"""Whatever a config or registry holds: it is read, or refused in one line."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from nlpflow.errors import UserError
from nlpflow.settings.checks import checked
from nlpflow.settings.loading import load_config
from nlpflow.settings.registry import Corpus
from settings.wrong import (
    FULL,
    FULL_REGISTRY,
    GONE,
    KeyPath,
    changed,
    one_line,
    refusal,
)


def paths(values: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    yield path
    if isinstance(values, dict | list):
        steps = values.items() if isinstance(values, dict) else enumerate(values)
        for step, value in steps:
            yield from paths(value, (*path, step))


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.dates()
    | st.datetimes()
    | st.binary(max_size=3)
    | st.sampled_from(["plain", "words", "pairs", "eng", "model.hidden", "1e-3", "none", "a/b"])
)
KEYS = SCALARS | st.sampled_from([str(path[-1]) for path in paths(FULL) if path])
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(KEYS, inner, max_size=3)
        | st.sets(SCALARS, max_size=2)
    ),
    max_leaves=6,
)


@st.composite
def mutated(draw: st.DrawFn, values: Any) -> Any:
    """`values` with one to three places replaced, removed or added to."""
    for _ in range(draw(st.integers(1, 3))):
        *above, last = draw(
            st.sampled_from([path for path in paths(values) if path] or [("name",)])
        )
        change = draw(st.sampled_from(["replace", "remove", "add"]))
        if change == "add" and isinstance(last, str):
            last = draw(KEYS)
        new = draw(ANYTHING)
        values = changed(values, (*above, last), GONE if change == "remove" else new)
        if not values:
            break
    return values


def outcome(read: Callable[[], Any]) -> str | None:
    """The line of a `UserError`, None if all is well; any other exception passes."""
    try:
        read()
    except UserError as error:
        return one_line(str(error))
    return None


@settings(max_examples=300, deadline=None)
@given(values=mutated(FULL))
def test_mutated_config_is_read_or_refused_in_one_line(root: Path, values: Any) -> None:
    line = outcome(lambda: load_config(values, root))
    # A registry that cannot be read is named by its path, quoted where it must be.
    assert line is None or line.startswith("config: ") or "cannot be read: " in line


@settings(max_examples=200, deadline=None)
@given(values=mutated(FULL_REGISTRY))
def test_mutated_registry_is_read_or_refused_in_one_line(values: Any) -> None:
    line = outcome(lambda: checked(dict[str, Corpus], values, "registry"))
    assert line is None or line.startswith("registry: ")


@settings(max_examples=100, deadline=None)
@given(values=ANYTHING)
def test_anything_else_is_refused_in_one_line(root: Path, values: Any) -> None:
    assert refusal(values, root)
