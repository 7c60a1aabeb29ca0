"""`nlpflow page` and `nlpflow export`: runs in any folder, files that a failure leaves alone."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from made_card import made_card, settings_of
from nlpflow.cli import main
from nlpflow.settings.loading import load_config
from nlpflow.settings.plan import Plan
from nlpflow.tables import read_json, write_json
from project import ROOT
from untrained import translation_run

pytestmark = pytest.mark.long

DATA = {"kind": "pairs", "corpus": "sample-fra-eng", "source": "fra", "target": "eng"}
MODEL = {"attention": "additive", "embedding": 6, "hidden": 8}


def made(folder: Path, **decoding: Any) -> tuple[Path, Path]:
    """A run that is not below results/, and its config."""
    experiment = {"task": "translation", "vocabulary": "v", "model": MODEL, "decoding": decoding}
    values = {
        "name": "made",
        "datasets": {"data": DATA},
        "vocabularies": {"v": {"dataset": "data"}},
        "experiments": {"e": experiment},
    }
    (folder / "config.yaml").write_text(yaml.safe_dump(values))
    config, registry = load_config(values, ROOT)
    plan = Plan(config, registry, ROOT)
    run = translation_run(folder / "moved", MODEL, **decoding)
    write_json(run / "card.json", made_card(plan, "e"))
    written = read_json(run / "run.json")
    settings = settings_of(plan, "e")
    settings["decoding"] |= decoding
    write_json(run / "run.json", written | {"settings": settings})
    return run, folder / "config.yaml"


def test_a_run_in_any_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run, config = made(tmp_path)
    output = tmp_path / "page.html"
    arguments = ["page", str(run), "--configfile", str(config), "--output", str(output)]
    assert main(arguments) == 0, capsys.readouterr().err
    assert "1 of 1 run" in capsys.readouterr().err
    before = output.read_bytes()
    config.write_text(config.read_text().replace("hidden: 8", "hidden: 9"))
    assert main(arguments) == 1
    assert "made with other settings: model.hidden was 8, but is 9" in capsys.readouterr().err
    assert output.read_bytes() == before


def test_no_model_replaces_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run, config = made(tmp_path, ensemble=["results/translation/e/seed-2"])
    output = tmp_path / "page.html"
    output.write_text("an older page")
    arguments = ["page", str(run), "--configfile", str(config), "--output", str(output)]
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert "not written: no model can be in it" in error
    assert output.read_text() == "an older page"


def test_an_export_has_the_name_of_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run, config = made(tmp_path)
    (run / "test").mkdir()
    metrics = {"data": {"weights": read_json(run / "run.json")["weights"]}}
    metrics |= {"scores": {"bleu": 1.0}, "settings": {}}
    metrics["decoding"] = read_json(run / "run.json")["settings"]["decoding"]
    write_json(run / "test/metrics.json", metrics)
    monkeypatch.chdir(tmp_path)
    assert main(["export", str(run), "--configfile", str(config)]) == 0, capsys.readouterr().err
    assert (tmp_path / "exported/e-seed-1/README.md").is_file()
