"""The committed drawings are what their script draws."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

DRAWINGS = Path(__file__).parents[2] / "docs" / "drawings"
NAMES = {"word-encoding", "encoder", "plain-decoder", "attention-decoder", "rules"}
DRAWN_WITH = "3.11.2"  # another matplotlib may place a letter elsewhere


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("drawings")
    subprocess.run(
        [sys.executable, "-B", str(DRAWINGS / "draw.py"), "--output", str(output)], check=True
    )
    return output


def test_every_drawing_is_committed_and_no_other() -> None:
    assert {path.stem for path in DRAWINGS.glob("*.svg")} == NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_script_draws_the_committed_bytes(drawn: Path, name: str) -> None:
    if version("matplotlib") != DRAWN_WITH:
        pytest.skip(
            f"the committed drawings are matplotlib {DRAWN_WITH}'s, here is "
            f"{version('matplotlib')}: NOT compared"
        )
    again, committed = (folder / f"{name}.svg" for folder in (drawn, DRAWINGS))
    same = again.read_bytes() == committed.read_bytes()
    assert same, f"run: python docs/drawings/draw.py --output docs/drawings ({name} differs)"


def test_drawings_name_the_words_and_shapes(drawn: Path) -> None:
    # With letters as outlines, matplotlib keeps each text as a comment before them.
    encoder = (drawn / "encoder.svg").read_text(encoding="utf-8")
    for text in ("je", "ne", "suis", "pas", "le", "chat", "noir", "&lt;EOS&gt;", "(batch, hidden)"):
        assert f"<!-- {text} -->" in encoder, text
    assert "<title>The encoder: a GRU reads the source sentence word by word</title>" in encoder
