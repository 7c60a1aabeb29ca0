"""The workflow from other folders: same jobs, and nothing but what it makes lands there."""

import json
import shutil
import subprocess
import sys
from functools import cache
from itertools import product
from pathlib import Path

import pytest
import yaml

from nlpflow.cli.init import init
from nlpflow.errors import UserError
from project import ROOT, counted, snakemake_in

MODULE = """
configfile: "config.yaml"

module nlpflow:
    snakefile: "{project}/{snakefile}"
    config: config
    {prefix}

use rule * from nlpflow{names}
"""
CHANGED = """
use rule train_{task} from nlpflow as nlpflow_train_{task} with:
    threads: 3
"""


def module(
    folder: Path, prefix: str = "", names: str = "", snakefile: str = "Snakefile", more: str = ""
) -> Path:
    """A folder whose Snakefile has the project as a module, with the sample's config."""
    line = f"prefix: {prefix!r}" if prefix else ""
    text = MODULE.format(project=ROOT, snakefile=snakefile, prefix=line, names=names)
    (folder / "Snakefile").write_text(text + more)
    shutil.copy(ROOT / "config/config.yaml", folder / "config.yaml")
    return folder


def planned(folder: Path, *arguments: str) -> dict[str, int]:
    """The jobs of a dry run there, by the rule's name in the project."""
    jobs = counted(snakemake_in(folder, *arguments, "-n", "--quiet", "rules"))
    return {name.removeprefix("nlpflow_"): count for name, count in jobs.items()}


def run(folder: Path, *arguments: str) -> str:
    result = snakemake_in(folder, *arguments)
    assert result.returncode == 0, result.stderr + result.stdout
    return result.stdout + result.stderr


@cache
def at_home() -> dict[str, int]:
    """The jobs of the default config, planned in the project's own folder."""
    return counted(snakemake_in(ROOT, "-n", "--quiet", "rules", "--forceall"))


def files(folder: Path) -> set[str]:
    """What is in a folder, but for Snakemake's own things."""
    return {path.name for path in folder.iterdir()} - {".snakemake"}


@pytest.mark.parametrize("snakefile", ["Snakefile", "workflow/Snakefile"])
def test_another_working_folder_plans_the_same(tmp_path: Path, snakefile: str) -> None:
    assert planned(tmp_path, "-s", str(ROOT / snakefile)) == at_home()


def test_a_config_of_that_folder(tmp_path: Path) -> None:
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text())
    del config["experiments"]["sample-plain"]
    (tmp_path / "mine.yaml").write_text(json.dumps(config))
    jobs = planned(tmp_path, "-s", str(ROOT / "Snakefile"), "--configfile", "mine.yaml")
    one_run = dict.fromkeys(("train_translation", "evaluate_translation", "figures_translation"), 1)
    assert jobs == {name: count - one_run.get(name, 0) for name, count in at_home().items()}


@pytest.mark.parametrize(
    ("prefix", "names", "snakefile"),
    [
        ("", "", "Snakefile"),
        ("some/folder", "", "Snakefile"),
        ("some/folder", " as nlpflow_*", "workflow/Snakefile"),
    ],
)
def test_a_module_plans_the_same(tmp_path: Path, prefix: str, names: str, snakefile: str) -> None:
    folder = module(tmp_path, prefix, names, snakefile)
    assert planned(folder) == at_home()


def test_rules_are_changed(tmp_path: Path) -> None:
    tasks = ("translation", "tagging")
    changes = "".join(CHANGED.format(task=task) for task in tasks)
    result = snakemake_in(
        module(tmp_path, names=" as nlpflow_*", more=changes), "-n", "--cores", "4"
    )
    jobs = [job.split("\n\n")[0] for job in result.stdout.split("rule nlpflow_")[1:]]
    assert {job.split(":")[0] for job in jobs if "threads: 3" in job} == {
        f"train_{task}" for task in tasks
    }
    assert counted(result) == {f"nlpflow_{name}": count for name, count in at_home().items()}


def test_a_folder_as_snakedeploy_writes_it(tmp_path: Path) -> None:
    """Copies of config/ and profiles/, and a module in workflow/Snakefile."""
    for part in ("config", "profiles"):
        shutil.copytree(ROOT / part, tmp_path / part)
    (tmp_path / "workflow").mkdir()
    folder = module(tmp_path, snakefile="workflow/Snakefile")
    text = (folder / "Snakefile").read_text().replace("config.yaml", "config/config.yaml")
    (folder / "workflow/Snakefile").write_text(text)
    (folder / "Snakefile").unlink()
    assert planned(folder) == at_home()
    other = ("--configfile", "config/tagging.yaml", "--replace-workflow-config")
    jobs = planned(folder, *other)
    assert jobs["train_tagging"] > 3
    assert "train_translation" not in jobs


OWN_CORPUS = {
    "title": "Own pairs",
    "licence": "ours",
    "attribution": "us",
    "reader": "tsv",
    "languages": ["eng", "fra"],
    "files": [{"address": "own/pairs.tsv"}],
    "annotations": "own/annotations.tsv",
}


def own_module(folder: Path) -> Path:
    """A module under a prefix, with a registry, corpus, test set and vectors of that folder."""
    module(folder, "some/folder")
    (folder / "own").mkdir()
    words = map("".join, product("abcdefghij", repeat=2))
    (folder / "own/pairs.tsv").write_text("".join(f"Word {w}.\tMot {w}.\n" for w in words))
    (folder / "own/annotations.tsv").write_text("eng\tfra\tgroup\nWord aa.\tMot aa.\tone\n")
    (folder / "own/test.tsv").write_text("Word z.\tMot z.\n")
    (folder / "own/vectors.txt").write_text("word 0.1 0.2\n")
    (folder / "own/corpora.yaml").write_text(json.dumps({"own": OWN_CORPUS}))
    size = {"attention": "none", "embedding": 2, "hidden": 2}
    model = size | {"target_vectors": "own/vectors.txt"}
    first = {"task": "translation", "vocabulary": "own", "model": model}
    vectors = "results/embeddings/words/seed-1/vectors.safetensors"
    second = first | {
        "model": model | {"source_vectors": vectors},
        "test_sets": ["test", "mine"],
    }
    third = first | {
        "model": size,
        "training": {"initialise_from": "results/translation/first/seed-1"},
    }
    words = {"task": "embeddings", "dataset": "words", "model": {"kind": "cbow", "dimension": 2}}
    words["training"] = {"optimiser": "sgd", "learning_rate": 0.1}
    config = {
        "name": "own",
        "registry": ["own/corpora.yaml"],
        "datasets": {
            "own": {"kind": "pairs", "corpus": "own", "source": "fra", "target": "eng"},
            "words": {
                "kind": "sentences",
                "corpora": ["own", "sample-sentences"],  # one of the project's registry
                "languages": ["fra"],
            },
        },
        "vocabularies": {"own": {"dataset": "own"}},
        "test_sets": {"mine": {"languages": ["eng", "fra"], "files": ["own/test.tsv"]}},
        "experiments": {"first": first, "second": second, "third": third, "words": words},
    }
    (folder / "config.yaml").write_text(json.dumps(config))
    return folder


def test_own_files_stand_in_the_working_folder_and_runs_below_the_prefix(tmp_path: Path) -> None:
    folder = own_module(tmp_path)
    jobs = planned(folder)
    assert jobs["train_translation"] == 3
    assert jobs["train_embeddings"] == 1
    assert jobs["prepare_test_set"] == 1
    run(folder, "some/folder/data/prepared/own/leakage.json")
    assert files(folder) == {"Snakefile", "config.yaml", "own", "some"}
    prepared = files(folder / "some/folder/data/prepared/own")
    assert {"train.parquet", "dev.tsv", "filter_report.tsv", "leakage.json"} <= prepared
    shown = run(folder, "-n", "some/folder/results/translation/second/seed-1/mine/metrics.json")
    assert "own/vectors.txt" in shown
    assert "some/folder/own" not in shown
    (folder / "other.yaml").write_text("datasets: {own: {normalisation: cased}}")
    refused = snakemake_in(folder, "-n", "--configfile", "other.yaml")
    assert "some/folder/data/prepared/own was made by the former" in refused.stderr
    assert "some/folder/results/embeddings/words/seed-1/vectors.safetensors" in shown


def test_a_module_in_the_project_itself(tmp_path: Path) -> None:
    """Even where the project is the working folder, a prefix moves none of its own files."""
    outer = str(module(tmp_path, "some/folder") / "Snakefile")
    assert planned(ROOT, "-s", outer, "--configfile", "config/config.yaml") == at_home()


def test_sample_and_lesson_come_from_the_project(tmp_path: Path) -> None:
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text())
    experiments = config["experiments"]
    del experiments["sample-words"], experiments["sample-ngrams"]  # the lesson quotes a run of them
    folder = module(tmp_path, "some/folder")
    (folder / "config.yaml").write_text(json.dumps(config))
    lesson = "some/folder/results/lessons/3-building-blocks.html"
    run(folder, lesson, "some/folder/data/prepared/sample/leakage.json")
    page = (folder / lesson).read_text()
    assert "training sentences" in page
    assert str(ROOT) not in page
    assert files(folder) == {"Snakefile", "config.yaml", "some"}
    assert files(folder / "some/folder") == {"data", "results", "logs"}


def test_expected_results_are_kept_below_the_prefix(tmp_path: Path) -> None:
    folder = module(tmp_path, "some/folder")
    assert planned(folder, "keep_reference")["results_page"] == 1
    kept = folder / "some/folder/results/reference"
    shutil.copytree(ROOT / "results/reference/sample", kept / "sample")
    run(folder, "some/folder/docs/results.md", "--allowed-rules", "results_page")
    assert "## sample" in (folder / "some/folder/docs/results.md").read_text()


def test_captions_know_a_config_that_is_part_of_another(tmp_path: Path) -> None:
    folder = module(tmp_path)
    config = yaml.safe_load((folder / "config.yaml").read_text())
    (folder / "config.yaml").write_text(json.dumps({"models": config}))
    text = (folder / "Snakefile").read_text().replace("config: config", 'config: config["models"]')
    (folder / "Snakefile").write_text(text)
    assert planned(folder) == at_home()
    target = "data/prepared/sample/leakage.json"
    run(folder, target)
    run(folder, "--report", "report.html", target)
    assert "builds the classic neural NLP models" in (folder / "report.html").read_text()


@pytest.fixture
def fetched(tmp_path: Path) -> str:
    """The address of workflow/Snakefile in a git repository, from which Snakemake fetches it."""
    repository = tmp_path / "repository"
    (repository / "workflow").mkdir(parents=True)
    shutil.copy(ROOT / "workflow/Snakefile", repository / "workflow")
    for command in ("init -q", "add .", "-c user.name=a -c user.email=a@b commit -qm a"):
        subprocess.run(["git", *command.split()], cwd=repository, check=True)
    return f"git+file://{repository}/workflow/Snakefile@HEAD"


def test_a_fetched_snakefile_finds_the_rest(tmp_path: Path, fetched: str) -> None:
    folder = module(tmp_path)
    text = (folder / "Snakefile").read_text().replace(f"{ROOT}/Snakefile", fetched)
    (folder / "Snakefile").write_text(text)
    assert planned(folder) == at_home()


def test_a_fetched_snakefile_without_the_rest_is_one_line(tmp_path: Path, fetched: str) -> None:
    without = "import sys; sys.modules['nlpflow'] = None; from snakemake.cli import main; main()"
    command = [sys.executable, "-c", without, "-n", "-s", fetched]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "clone the repository" in result.stderr.splitlines()[-1]


def test_init_writes_a_folder_that_plans_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "my own"
    init(folder)
    assert files(folder) == {"Snakefile", "config", "profiles"}
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"cd '{folder}'"
    assert second == f"{Path(sys.executable).with_name('snakemake')} --cores all"
    config = folder / "config/config.yaml"
    text = config.read_text()
    assert text.count("# registry: [config/my-corpora.yaml]") == 1
    config.write_text(text.replace("# registry:", "registry:"))
    (folder / "config/my-corpora.yaml").write_text(json.dumps({"own": OWN_CORPUS}))
    assert planned(folder) == at_home()
    config.write_text("name: not a whole config")
    jobs = planned(folder, "--configfile", str(ROOT / "config/config.yaml"))
    assert jobs == at_home()


@pytest.mark.parametrize("part", ["Snakefile", "config", "profiles"])
def test_init_overwrites_nothing(tmp_path: Path, part: str) -> None:
    (tmp_path / part).mkdir()
    with pytest.raises(UserError, match=f"already has {part}"):
        init(tmp_path)
    assert files(tmp_path) == {part}


def test_init_where_no_folder_can_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="cannot be written"):
        init(tmp_path / "file")


def test_init_without_the_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nlpflow.cli.init.PROJECT", tmp_path)
    with pytest.raises(UserError, match="clone nlpflow's repository"):
        init(tmp_path / "new")
    assert files(tmp_path) == set()
