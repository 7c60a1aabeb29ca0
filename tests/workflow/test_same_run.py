"""Two experiments that differ only in their search are trained once."""

import json
from pathlib import Path

import pytest

from nlpflow.runs.run import load_run
from project import small_project

pytestmark = pytest.mark.long


def test_an_experiment_with_a_beam(tmp_path: Path) -> None:
    project = small_project(tmp_path)
    config = project.read_config()
    config["experiments"]["beam"] = config["experiments"]["additive"] | {"decoding": {"beam": 3}}
    project.write_config(config)
    scores = [
        f"results/translation/{name}/seed-1/test/metrics.json" for name in ("beam", "additive")
    ]
    result = project.snakemake("--configfile", "config/small.yaml", "--cores", "2", *scores)
    assert result.returncode == 0, result.stderr

    log = (tmp_path / "logs/train/translation/beam.seed-1.log").read_text()
    assert log == "beam: trained like translation/additive/seed-1, whose files it copies\n"
    folders = [tmp_path / Path(file).parents[1] for file in scores]
    for name in ("weights.safetensors", "history.tsv", "timings.tsv"):
        assert len({(folder / name).read_bytes() for folder in folders}) == 1, name
    (run, _), (other, _) = map(load_run, folders)
    assert run == other.model_copy(update={"experiment": "beam"})
    card, its = (json.loads((folder / "card.json").read_text()) for folder in folders)
    assert card.pop("parents") == {"translation/additive/seed-1/weights.safetensors": run.weights}
    assert card == {name: its[name] for name in its if name != "parents"}
    searches = [json.loads((tmp_path / file).read_text())["decoding"]["beam"] for file in scores]
    assert searches == [3, config["experiments"]["additive"].get("decoding", {}).get("beam", 1)]
