"""Two full runs of the default config, from nothing: every file that no clock is in is the same.

The report of the first is looked at, for it has every task.

Some five minutes on two cores: `make test-reproduction`.
"""

from pathlib import Path

from project import Project
from workflow.finished.test_report import Loaded, check_entries, entries

TASKS = {"translation", "bash", "frames", "language_id", "embeddings", "tagging", "entities"}
CLOCKS = ("card.json", "cards.json", "cards.html", "timings.tsv", "minutes_*.png", "minutes_*.svg")
CLOCKS += ("playground.html",)  # it has the cards
FOLDERS = (*TASKS, "baselines", "compare", "lessons", "sample")


def made(project: Project) -> dict[str, bytes]:
    """Every result of a run, by its path; weights and tables, figures and pages."""
    results = project.folder / "results"
    return {
        str(path.relative_to(results)): path.read_bytes()
        for folder in FOLDERS
        for path in sorted((results / folder).rglob("*"))
        if path.is_file()
        and not any(path.match(name) for name in CLOCKS)
        and not path.name.startswith(".snakemake")
    }


def test_two_runs_give_the_same_bytes(sample: Project, tmp_path: Path) -> None:
    again = Project(tmp_path)
    result = again.snakemake_afresh()
    assert result.returncode == 0, result.stderr
    one, two = made(sample), made(again)
    assert one.keys() == two.keys()
    for kind in ("metrics.json", "predictions.tsv", "summary.tsv", ".svg", ".png", ".safetensors"):
        assert [path for path in one if path.endswith(kind)], kind
    assert [path for path in one if one[path] != two[path]] == []


def test_every_folder_of_results_is_compared(sample: Project) -> None:
    """None is left out because a new one has another name."""
    found = {path.name for path in (sample.folder / "results").iterdir() if path.is_dir()}
    assert found - {".checkpoints", "reference"} == set(FOLDERS)


def test_the_report_has_every_task(sample: Project) -> None:
    report = sample.folder / "results/sample.html"
    found = entries(report)
    assert {task for task in TASKS if any(f"results/{task}/" in path for path in found)} == TASKS
    check_entries(found)
    page = Loaded()
    page.feed(report.read_text())
    assert [address for address in page.addresses if "//" in address] == []
