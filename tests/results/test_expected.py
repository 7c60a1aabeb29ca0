"""References: kept, and held against a fresh run."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from nlpflow.cli import main
from nlpflow.errors import UserError
from nlpflow.results.cards import Cards
from nlpflow.results.differences import DIFFERENCE_COLUMNS
from nlpflow.results.expected import RUN, keep, verify
from nlpflow.results.page import results_page
from nlpflow.tables import read_json, read_texts, write_json, write_table

BLEU = {1: 30.0, 2: 31.0, 3: 32.0}  # a standard deviation of 1


def card(label: str, seed: int, **changes: Any) -> dict[str, Any]:
    values = {"config": "c", "code": "k", "data": {"train": "d"}, "processor": "P", "device": "cpu"}
    rest = {"torch": "2", "torch_threads": 1, "finished": "2026-11-25T01:00:00", "seconds": 60.0}
    return {"label": label, "seed": seed} | values | rest | changes


def compared(folder: Path, bleu: dict[int, float], baseline: float = 10.0, **changes: Any) -> Path:
    """A comparison of one experiment and a baseline."""
    folder.mkdir(parents=True)
    rows = [("big", seed, "test", "bleu", value) for seed, value in bleu.items()]
    rows.append(("counted", 0, "test", "bleu", baseline))
    differences = [("big", "small", "test", "bleu", 3, 2.5, 1.5, 3.5, 0.01)]
    runs = pd.DataFrame(rows, columns=["experiment", "seed", "test_set", "metric", "value"])
    write_table(folder / "runs.tsv", runs)
    write_table(folder / "summary.tsv", summary_of(runs))
    write_table(folder / "significance.tsv", pd.DataFrame(differences, columns=DIFFERENCE_COLUMNS))
    cards: Cards = {f"big/seed-{seed}": card("big", seed, **changes) for seed in bleu}
    write_json(folder / "cards.json", cards)
    return folder


def summary_of(runs: pd.DataFrame) -> pd.DataFrame:
    groups = runs.groupby(["experiment", "test_set", "metric"], sort=False)["value"]
    return groups.agg(n="size", mean="mean", sd="std").reset_index()


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    compare = compared(tmp_path / "measured", BLEU)
    folder = tmp_path / "results/reference/small/translation"
    keep(sorted(compare.iterdir()), folder, "snakemake --configfile config/small.yaml")
    return folder


def verdicts(tmp_path: Path, reference: Path, bleu: dict[int, float], **changes: Any) -> list[str]:
    fresh = compared(tmp_path / "results/compare/small/translation", bleu, **changes)
    return list(verify(fresh, reference)["verdict"])


def test_the_same_run_is_equal(tmp_path: Path, reference: Path) -> None:
    assert verdicts(tmp_path, reference, BLEU) == ["equal"] * 4


@pytest.mark.parametrize("label", ["2017", "1e5", "nan", "true", "007"])
def test_a_label_may_look_like_a_number(tmp_path: Path, label: str) -> None:
    """What must be equal is found by label; a page shows it as it is."""
    for part, bleu in (("results/reference/small/translation", 30.0), ("fresh", 30.01)):
        folder = compared(tmp_path / part, {1: 30.0})
        runs = pd.DataFrame([(label, 1, "1", "bleu", bleu)], columns=[*RUN, "value"])
        write_table(folder / "runs.tsv", runs)
        write_table(folder / "summary.tsv", summary_of(runs))
        write_json(folder / "cards.json", {f"{label}/seed-1": card(label, 1)})
        (folder / "command.txt").write_text("snakemake\n")
    reference = tmp_path / "results/reference/small/translation"
    assert list(verify(tmp_path / "fresh", reference)["verdict"]) == ["not equal"]
    assert f"| {label} | 1 | 1 | 30.0 |" in results_page(tmp_path / "results/reference")


def test_a_damaged_figure_is_refused(tmp_path: Path, reference: Path) -> None:
    fresh = compared(tmp_path / "fresh", BLEU)
    runs = (fresh / "runs.tsv").read_text()
    (fresh / "runs.tsv").write_text(runs.replace("\t31\n", "\t3l\n"))
    with pytest.raises(UserError, match=r"damaged: column value: .*'3l'"):
        verify(fresh, reference)


def test_the_same_kind_of_processor_must_give_equal_figures(
    tmp_path: Path, reference: Path
) -> None:
    figures = verdicts(tmp_path, reference, BLEU | {2: 31.01})
    assert figures == ["equal", "not equal", "equal", "equal"]


@pytest.mark.parametrize(
    "difference", [{"processor": "Q"}, {"code": "l"}, {"torch": "3"}, {"data": {}}]
)
def test_elsewhere_three_standard_deviations_are_allowed(
    tmp_path: Path, reference: Path, difference: dict[str, Any]
) -> None:
    figures = verdicts(tmp_path, reference, {1: 32.9, 2: 31.0, 3: 28.9}, **difference)
    assert figures == ["within tolerance", "equal", "outside tolerance", "equal"]


def test_files_of_other_names_are_the_same_data(tmp_path: Path, reference: Path) -> None:
    figures = verdicts(tmp_path, reference, BLEU | {2: 31.01}, data={"prepared/train": "d"})
    assert figures == ["equal", "not equal", "equal", "equal"]


def test_fewer_random_seeds_are_enough(tmp_path: Path, reference: Path) -> None:
    assert verdicts(tmp_path, reference, {2: 31.0}) == ["equal", "equal"]


def test_a_baseline_may_not_change(tmp_path: Path, reference: Path) -> None:
    assert verdicts(tmp_path, reference, BLEU, baseline=10.2)[-1] == "outside tolerance"


def test_a_missing_figure_fails(tmp_path: Path, reference: Path) -> None:
    fresh = compared(tmp_path / "fresh", BLEU)
    runs = pd.read_csv(fresh / "runs.tsv", sep="\t")
    write_table(fresh / "runs.tsv", runs[runs["experiment"] != "counted"].assign(seed=[0, 1, 2]))
    assert set(verify(fresh, reference)["verdict"]) >= {"missing"}


@pytest.mark.parametrize(
    ("bleu", "verdict"), [(31.4, "within tolerance"), (28.4, "outside tolerance")]
)
def test_one_random_seed_may_be_five_per_cent_away(
    tmp_path: Path, bleu: float, verdict: str
) -> None:
    reference = compared(tmp_path / "one", {1: 30.0})
    fresh = compared(tmp_path / "two", {1: bleu}, code="l")
    assert list(verify(fresh, reference)["verdict"]) == [verdict, "equal"]


def test_no_random_seed_in_common_fails(tmp_path: Path, reference: Path) -> None:
    assert verdicts(tmp_path, reference, {7: 31.0}) == ["missing"] * 3 + ["equal"]


def test_command(tmp_path: Path, reference: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = ["--results", str(tmp_path / "results")]
    assert main(["verify", "small", *results]) == 1
    assert "run the workflow with this config first" in capsys.readouterr().err
    compared(tmp_path / "results/compare/small/translation", BLEU | {3: 35.1}, code="l")
    assert main(["verify", "small", *results]) == 1
    printed = capsys.readouterr()
    assert "big, random seed 3, test, bleu: 35.1, expected 32 ± 3: outside tolerance" in printed.out
    assert "scores need not be equal because these differ: code\n" in printed.out
    assert "1 scores are missing or differ too much" in printed.err
    assert main(["verify", "other", *results]) == 1
    assert "there are no expected results for a config named 'other', only for: small" in (
        capsys.readouterr().err
    )


def test_figures_that_agree_exit_with_0(
    tmp_path: Path, reference: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    compared(tmp_path / "results/compare/small/translation", BLEU)
    assert main(["verify", "small", "--results", str(tmp_path / "results")]) == 0
    assert capsys.readouterr().out == "translation: 4 equal\n"


NOTE = "pairs: data differ from those of the published results (2019-04-07, 10 pairs)"


def with_notes(folder: Path, *experiments: str) -> None:
    """Say of experiments that they were made from other data."""
    runs = pd.read_csv(folder / "runs.tsv", sep="\t")
    notes = [NOTE if name in experiments else "" for name in runs["experiment"]]
    write_table(folder / "runs.tsv", runs.assign(other_data=notes))


def test_figures_of_other_data_do_not_fail(
    tmp_path: Path, reference: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    others = {1: 50.0, 2: 51.0, 3: 32.0}
    fresh = compared(tmp_path / "results/compare/small/translation", others, baseline=20.0)
    results = ["--results", str(tmp_path / "results")]
    assert main(["verify", "small", *results]) == 1
    assert "3 scores are missing or differ too much" in capsys.readouterr().err
    with_notes(fresh, "big", "counted")
    assert main(["verify", "small", *results]) == 3
    printed = capsys.readouterr()
    assert "translation: 3 from other data, 1 equal\n" in printed.out
    assert f"  big, counted: {NOTE}\n" in printed.out
    assert "small: 3 scores cannot be compared, because their data differ" in printed.out
    assert printed.err == ""
    with_notes(fresh, "big")  # scores of the same data still have to agree
    assert main(["verify", "small", *results]) == 1
    printed = capsys.readouterr()
    assert "counted, random seed 0, test, bleu: 20, expected 10" in printed.out
    assert "1 scores are missing or differ too much" in printed.err


def test_a_reference_of_other_data_is_compared_with_the_same_data_only(
    tmp_path: Path, reference: Path
) -> None:
    with_notes(reference, "big")
    fresh = compared(tmp_path / "fresh", BLEU | {1: 50.0}, code="l")
    verdict = ["from other data", "equal", "equal", "equal"]
    assert list(verify(fresh, reference)["verdict"]) == verdict
    with_notes(fresh, "big")
    assert list(verify(fresh, reference)["verdict"]) == ["outside tolerance", *verdict[1:]]


def test_a_score_that_other_data_do_not_have_is_not_missing(
    tmp_path: Path, reference: Path
) -> None:
    fresh = compared(tmp_path / "fresh", BLEU, code="l")
    kept = pd.read_csv(reference / "runs.tsv", sep="\t")
    more = kept[kept["experiment"] == "big"].assign(metric="bleu_without_overlap")
    write_table(reference / "runs.tsv", pd.concat([kept, more]))
    assert (verify(fresh, reference)["verdict"] == "missing").sum() == len(more)
    with_notes(fresh, "big")
    assert (verify(fresh, reference)["verdict"] == "from other data").sum() == len(more)


def test_page_says_that_a_reference_is_of_other_data(reference: Path) -> None:
    assert NOTE not in results_page(reference.parents[1])
    cards = {"big/seed-1": card("big", 1, other_data=NOTE)}
    write_json(reference / "cards.json", cards)
    assert f"\n\n{NOTE}\n\n" in results_page(reference.parents[1])


def test_no_comparison(tmp_path: Path, reference: Path) -> None:
    with pytest.raises(UserError, match=r"runs\.tsv is missing"):
        verify(tmp_path / "nothing", reference)


def test_page_has_table_command_and_machine(reference: Path) -> None:
    page = results_page(reference.parents[1])
    assert "## small\n\n### small: translation" in page
    assert "| big | test | 3 | 31.0 ± 1.0 |" in page
    assert "| big | small | test | 3 | +2.50 [+1.50, +3.50] * |" in page
    assert "    snakemake --configfile config/small.yaml\n" in page
    assert "3 runs on P, 1 thread(s), torch 2, code `k`, 2026-11-25; a run took 60 sec" in page


def test_page_of_the_repository_is_up_to_date() -> None:
    root = Path(__file__).parents[2]
    page = (root / "docs/results.md").read_text(encoding="utf-8")
    assert page == results_page(root / "results/reference")


def test_a_part_of_the_experiments_leaves_the_others_as_they_are(
    tmp_path: Path, reference: Path
) -> None:
    """`big` is made again and `counted`, with another row, and `other` is not."""
    for name in ("runs.tsv", "summary.tsv"):
        table = read_texts(reference / name)
        other = table[table["experiment"] == "big"].assign(experiment="other")
        write_table(reference / name, pd.concat([other, table]))
    cards = read_json(reference / "cards.json")
    write_json(reference / "cards.json", cards | {"other/seed-1": card("other", 1)})
    before = {file.name: file.read_text() for file in reference.iterdir()}
    compare = compared(tmp_path / "again", {1: 40.0, 2: 41.0}, baseline=11.0)
    keep(sorted(compare.iterdir()), reference, "snakemake", part=True)
    runs = read_texts(reference / "runs.tsv")
    assert runs["experiment"].tolist() == ["other"] * 3 + ["big"] * 2 + ["counted"]
    assert runs["value"].tolist() == ["30", "31", "32", "40", "41", "11"]
    summary = read_texts(reference / "summary.tsv")
    assert summary["mean"].tolist() == ["31", "40.5", "11"]
    assert list(read_json(reference / "cards.json")) == ["big/seed-1", "big/seed-2", "other/seed-1"]
    whole = compared(tmp_path / "whole", BLEU)
    keep(sorted(whole.iterdir()), reference, "snakemake --configfile config/small.yaml")
    assert "other" not in (reference / "runs.tsv").read_text()
    assert before["significance.tsv"] == (reference / "significance.tsv").read_text()
