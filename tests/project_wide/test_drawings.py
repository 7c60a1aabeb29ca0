"""The committed drawings show what their script draws."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

DRAWINGS = Path(__file__).parents[2] / "docs" / "drawings"
NAMES = {"word-encoding", "encoder", "plain-decoder", "attention-decoder", "layers", "rules"}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("drawings")
    subprocess.run(
        [sys.executable, "-B", str(DRAWINGS / "draw.py"), "--output", str(output)], check=True
    )
    return output


def test_every_drawing_is_committed_and_no_other() -> None:
    assert {path.stem for path in DRAWINGS.glob("*.svg")} == NAMES


def texts_of(path: Path) -> list[str]:
    """The title and every text of a drawing; another matplotlib may place them elsewhere."""
    # With letters as outlines, matplotlib keeps each text as a comment before them.
    return re.findall(r"<title>.*?</title>|<!-- .*? -->", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(NAMES))
def test_script_draws_what_is_committed(drawn: Path, name: str) -> None:
    again, committed = (texts_of(folder / f"{name}.svg") for folder in (drawn, DRAWINGS))
    assert len(committed) > 3
    message = f"run: python docs/drawings/draw.py --output docs/drawings ({name} differs)"
    assert sorted(again) == sorted(committed), message


def test_drawings_name_the_words_and_shapes(drawn: Path) -> None:
    encoder = texts_of(drawn / "encoder.svg")
    for text in ("je", "ne", "suis", "pas", "le", "chat", "noir", "&lt;EOS&gt;", "(batch, hidden)"):
        assert f"<!-- {text} -->" in encoder, text
    assert "<title>The encoder: a GRU reads the source sentence word by word</title>" in encoder
