"""`nlpflow export`: a run that leaves the house is the same run, with a card that hubs can read."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import nlpflow
from nlpflow.cli import main
from nlpflow.errors import UserError
from project import ROOT, SMALL

RUN = "results/translation/additive/seed-1"


@pytest.fixture
def exported(finished, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(finished.folder)
    config = SMALL[1]
    arguments = ["--configfile", config, "--output", str(tmp_path / "model")]
    assert main(["export", RUN, *arguments]) == 0
    return tmp_path / "model"


def test_it_translates_alike_elsewhere(finished, exported: Path, tmp_path: Path) -> None:
    moved = shutil.move(exported, tmp_path / "moved")
    sentences = ["je suis fatigué .", "elle est trop petite ."]
    one, other = (nlpflow.load(folder) for folder in (finished.folder / RUN, moved))
    assert [output.text for output in one.translate(sentences)] == [
        output.text for output in other.translate(sentences)
    ]


def test_the_card(finished, exported: Path) -> None:
    _, front, text = (exported / "README.md").read_text().split("---\n", 2)
    matter = yaml.safe_load(front)
    assert matter["language"] == ["fra", "eng"]
    assert matter["library_name"] == "nlpflow"
    assert matter["license_name"]
    (index,) = matter["model-index"]
    scores = json.loads((finished.folder / RUN / "test/metrics.json").read_text())["scores"]
    found = {one["type"]: one["value"] for one in index["results"][0]["metrics"]}
    del scores["fluency_perplexity_references"]  # of the references, not of the model
    assert found == {name: round(value, 4) for name, value in scores.items()}
    assert "Attribution: " in text
    assert json.loads((exported / "config.json").read_text())["task"] == "translation"
    assert not [path for path in exported.rglob("*") if path.suffix in (".pt", ".pkl")]


def test_it_is_searched_as_it_was_evaluated(finished, exported: Path) -> None:
    scored = json.loads((finished.folder / RUN / "test/metrics.json").read_text())["decoding"]
    for file, path in (("config.json", ()), ("run.json", ("settings",))):
        found = json.loads((exported / file).read_text())
        for key in path:
            found = found[key]
        assert found["decoding"] == scored


def test_onnx_runtime_alone_translates_alike(finished, tmp_path: Path) -> None:
    output = finished.folder / "exported/additive-seed-1-onnx"
    done = finished.nlpflow("export", RUN, "--to", "onnx", *SMALL)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "Attribution: " in (output / "README.md").read_text()
    sentences = ["je suis fatigué .", "elle est trop petite .", "xyzzy !"]
    command = [sys.executable, str(ROOT / "docs/examples/translate_with_onnxruntime.py")]
    found = subprocess.run([*command, str(output), *sentences], capture_output=True, text=True)
    run = nlpflow.load(finished.folder / RUN)
    expected = [output.text for output in run.translator.greedy(sentences)]
    assert found.stdout.split("\n")[:-1] == expected, found.stderr


def test_wrong_use(finished) -> None:
    run = nlpflow.load(finished.folder / RUN)
    with pytest.raises(UserError, match="one text where a list of texts is needed"):
        run.outputs("je suis fatigué .")
    with pytest.raises(UserError, match="count: 0 outputs"):
        run.n_best(["je suis fatigué ."], 0)
    with pytest.raises(UserError, match="decoding: beam: input should be"):
        run.search_with(0)


def test_refusals(finished, exported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = SMALL[1]
    again = ["export", RUN, "--configfile", config, "--output", str(exported)]
    assert main(again) == 1
    assert "exists already; remove it" in capsys.readouterr().err
    assert main(["export", RUN, "--output", str(exported) + "2"]) == 1
    assert "config/config.yaml has no experiment 'additive'" in capsys.readouterr().err
    below = str(exported / "README.md/model")
    assert main(["export", RUN, "--configfile", config, "--output", below]) == 1
    assert "cannot be written" in capsys.readouterr().err
    assert main(["export", "results", "--output", str(exported) + "2"]) == 1
    assert "is not a trained run" in capsys.readouterr().err
