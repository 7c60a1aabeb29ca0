"""Two full runs of the default config, from nothing: every file that no clock is in is the same.

The report of the second is looked at, for it has every task.

Some five minutes on two cores: `make test-reproduction`.
"""

from pathlib import Path

from project import Project
from workflow.finished.test_report import Loaded, check_entries, entries

TASKS = {"translation", "language_id", "embeddings", "tagging", "entities"}
CLOCKS = {"card.json", "cards.json", "cards.html", "timings.tsv"}


def made(folder: Path) -> dict[str, bytes]:
    """Every result of a run, by its path; weights and tables, figures and pages."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in CLOCKS and not path.name.startswith(".snakemake")
    }


def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    runs = []
    for name in ("one", "two"):
        project = Project(tmp_path / name)
        result = project.snakemake_afresh()
        assert result.returncode == 0, result.stderr
        results = project.folder / "results"
        runs.append({k: v for k, v in made(results).items() if not k.startswith(".checkpoints")})
    one, two = runs
    assert one.keys() == two.keys()
    for kind in ("metrics.json", "predictions.tsv", "summary.tsv", ".svg", ".png", ".safetensors"):
        assert [path for path in one if path.endswith(kind)], kind
    assert [path for path in one if one[path] != two[path]] == []

    report = project.folder / "results/sample.html"  # of every task
    result = project.snakemake_afresh("--report", str(report))
    assert result.returncode == 0, result.stderr
    found = entries(report)
    assert {task for task in TASKS if any(f"results/{task}/" in path for path in found)} == TASKS
    check_entries(found)
    page = Loaded()
    page.feed(report.read_text())
    assert [address for address in page.addresses if "//" in address] == []
