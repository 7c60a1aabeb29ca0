"""`nlpflow export --to onnx`: the folder, the example that reads it, and what is refused."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import nlpflow
from nlpflow.api import TranslationRun
from nlpflow.cli import main
from nlpflow.errors import UserError
from nlpflow.export.onnx_folder import EXPORTS, NO_GRAPH, export_to_onnx
from nlpflow.settings.tasks import TASKS
from nlpflow.tables import read_json, write_json
from project import ROOT
from untrained import language_run, translation_run

pytestmark = pytest.mark.long

EXAMPLE = ROOT / "docs/examples/translate_with_onnxruntime.py"
SENTENCES = ["a b c", "f", "é d xyz a", " ".join("abcdef" * 5), ""]
ATTENTION = {"attention": "additive", "embedding": 6, "hidden": 8}
WITHOUT = ("nlpflow", "torch", "onnx", "pyarrow", "pandas")
"""Packages that the example has to do without."""


def translated(folder: Path, *sentences: str) -> list[str]:
    """What the example prints in a Python without the library and without torch."""
    missing = "".join(f"sys.modules[{name!r}] = None; " for name in WITHOUT)
    code = f"import runpy, sys; {missing}runpy.run_path({str(EXAMPLE)!r}, run_name='__main__')"
    command = [sys.executable, "-c", code, str(folder), *sentences]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


def test_the_example_translates_as_the_project_does(tmp_path: Path) -> None:
    run = translation_run(tmp_path / "e", ATTENTION, max_tokens=7)
    export_to_onnx(run, "a card", tmp_path / "exported")
    model = nlpflow.load(run)
    assert isinstance(model, TranslationRun)
    expected = [output.text for output in model.translator.greedy(SENTENCES)]
    assert translated(tmp_path / "exported", *SENTENCES) == expected
    assert len(set(expected)) > 2


def test_the_folder(tmp_path: Path) -> None:
    run = translation_run(tmp_path / "e", ATTENTION, beam=3)
    exported = tmp_path / "exported/e"
    export_to_onnx(run, "a card\n", exported)
    files = {"config.json", "decoder.onnx", "encoder.onnx", "source.vocab", "target.vocab"}
    assert {path.name for path in exported.iterdir()} == files | {"README.md"}
    assert (exported / "README.md").read_text() == "a card\n"
    assert [path.name for path in exported.parent.iterdir()] == [exported.name]
    for side in ("source", "target"):
        assert (exported / f"{side}.vocab").read_bytes() == (
            tmp_path / f"e/{side}.vocab"
        ).read_bytes()
    config = read_json(exported / "config.json")
    assert config["task"] == "translation"
    assert config["normalisation"] == "words"
    assert config["special_ids"] == {"<pad>": 0, "<unk>": 1, "<SOS>": 2, "<EOS>": 3}
    assert (config["decoding"]["beam"], config["decoding"]["max_tokens"]) == (3, 50)
    assert config["vocabulary"]["source"] == {"file": "source.vocab", "kind": "words", "size": 11}
    step = config["graphs"]["decoder.onnx"]
    assert step["inputs"]["words"] == {"type": "int64", "shape": ["rows"]}
    assert step["inputs"]["state_0"] == {"type": "float32", "shape": ["rows", 8]}
    assert step["outputs"]["log_probabilities"] == {"type": "float32", "shape": ["rows", 11]}
    assert "copies" not in step["inputs"]
    again = tmp_path / "again"
    export_to_onnx(run, "a card\n", again)
    assert all((again / name).read_bytes() == (exported / name).read_bytes() for name in files)
    assert not any(str(ROOT).encode() in (again / name).read_bytes() for name in files)


@pytest.mark.parametrize("task", ["bash", "frames", "chat", "questions"])
def test_every_task_with_a_search(task: str, tmp_path: Path) -> None:
    copying = task in ("bash", "frames")
    run = translation_run(tmp_path / "e", ATTENTION | {"copying": copying}, task)
    export_to_onnx(run, "a card", tmp_path / "exported")
    config = read_json(tmp_path / "exported/config.json")
    assert config["copies"] == copying
    inputs = config["graphs"]["decoder.onnx"]["inputs"]
    assert ("copies" in inputs) == copying


def test_every_task_can_be_exported_or_says_why_not() -> None:
    assert EXPORTS.keys() | NO_GRAPH.keys() == {spec.family for spec in TASKS.values()}


def refused(*arguments: Any) -> str:
    with pytest.raises(UserError) as error:
        export_to_onnx(*arguments)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_refusals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = language_run(tmp_path / "e/seed-1", "words")
    output = tmp_path / "exported"
    export_to_onnx(run, "a card", output)
    before = (output / "config.json").read_bytes()
    assert refused(run, "a card", output).endswith(
        "exported: exists already; remove it, or choose another folder"
    )
    assert (output / "config.json").read_bytes() == before
    assert "cannot be written" in refused(run, "a card", output / "config.json/model")
    values = read_json(run / "run.json")
    values["settings"]["task"] = "embeddings"
    write_json(run / "run.json", values)
    assert refused(run, "a card", tmp_path / "other").endswith(
        "of task 'embeddings'; its vectors are in vectors.txt and vectors.safetensors, use these "
        "files"
    )
    assert main(["export", str(tmp_path), "--to", "onnx"]) == 1
    assert "is not a trained run" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["e", "exported"]


def test_an_ensemble_is_refused(tmp_path: Path) -> None:
    run = translation_run(tmp_path / "e", ATTENTION, ensemble=["results/translation/f/seed-1"])
    assert "decodes together with other runs (decoding.ensemble)" in refused(
        run, "a card", tmp_path / "o"
    )
    assert not (tmp_path / "o").exists()


def test_nothing_is_left_of_an_export_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = language_run(tmp_path / "e/seed-1", "words")
    monkeypatch.setattr("nlpflow.export.graph.CLOSE", -1.0)
    assert "differs from torch" in refused(run, "a card", tmp_path / "exported")
    assert [path.name for path in tmp_path.iterdir()] == ["e"]


def test_the_example_is_shown() -> None:
    page = (ROOT / "docs/python.md").read_text(encoding="utf-8")
    assert "(examples/translate_with_onnxruntime.py)" in page
