"""The scores that the pages quote are those of the expected results."""

from pathlib import Path

import pytest

import docs_scores
from docs_scores import ROOT, pages, with_scores
from nlpflow.errors import UserError

TUNED = "<!-- score: ablations/translation; dev; bleu_normalised; tuned -->"
SUBWORDS = "<!-- score: ablations/translation; dev; bleu_normalised; 1,000 subwords -->"
LAYERS = "<!-- score: ablations/translation; dev; bleu_normalised difference; two layers -->"
BEAM = "<!-- score: ablations/translation; dev; bleu_normalised difference; beam 5 -->"
COLUMNS = "bleu_normalised, -, bleu_normalised difference"
ABOVE = f"<!-- scores: ablations/translation; dev; {COLUMNS} -->\n\n"
HEAD = "| changed | BLEU | minutes | difference |\n|---|---|---|---|\n"


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_pages_quote_the_expected_results(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert with_scores(text, page.name) == text, "run python tools/docs_scores.py"


@pytest.fixture
def _results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "results/reference/ablations/translation"
    folder.mkdir(parents=True)
    (folder / "summary.tsv").write_text(
        "experiment\ttest_set\tmetric\tn\tmean\tsd\n"
        "tuned\tdev\tbleu_normalised\t3\t45.1255\t0.519595\n"
        "1,000 subwords\tdev\tbleu_normalised\t1\t1444.46\t\n"
    )
    (folder / "significance.tsv").write_text(
        "experiment\tcompared_with\ttest_set\tmetric\tn\tdifference\tlow\thigh\tp\n"
        "two layers\ttuned\tdev\tbleu_normalised\t2\t-4.4631\t-5.66\t-3.287\t0.001\n"
        "beam 5\ttuned\tdev\tbleu_normalised\t2\t0.36\t-0.2\t0.87\t0.2\n"
    )
    monkeypatch.setattr(docs_scores, "ROOT", tmp_path)
    monkeypatch.setattr(docs_scores, "REFERENCE", tmp_path / "results/reference")
    docs_scores._table.cache_clear()
    monkeypatch.setattr(docs_scores, "_table", docs_scores._table.__wrapped__)


@pytest.mark.usefixtures("_results")
@pytest.mark.parametrize(
    ("written", "right"),
    [
        (f"| 0.0{TUNED} |", f"| 45.1{TUNED} |"),
        (f"| 0.0 ± 9.9{TUNED} |", f"| 45.1 ± 0.5{TUNED} |"),
        (f"45.13 ± 0.52{TUNED} per cent", f"45.13 ± 0.52{TUNED} per cent"),
        (f"about 0{TUNED}", f"about 45{TUNED}"),
        (f"1.0{SUBWORDS}", f"1,444.5{SUBWORDS}"),
        (f"+1.5{LAYERS}", f"−4.5{LAYERS}"),
        (f"−4.0 [−1.0, +1.0]{LAYERS}", f"−4.5 [−5.7, −3.3]{LAYERS}"),
        (f"+1.0 [−1.0, +1.0] *{BEAM}", f"+0.4 [−0.2, +0.9]{BEAM}"),
        ("45.2 <!-- a remark --> and 3", "45.2 <!-- a remark --> and 3"),
    ],
)
def test_the_shape_of_a_number_is_kept(written: str, right: str) -> None:
    assert with_scores(written, "page.md") == right


@pytest.mark.usefixtures("_results")
def test_a_table() -> None:
    rows = (
        "| nothing<!-- tuned --> | 1.0 ± 0.0 | 12 | |\n"
        "| beam 5 | | 13 | −9.99 [−1.00, −1.00] * |\n"
        "| two layers | | 14 | −1.00 |\n"
        "| small<!-- ablations/translation; 1,000 subwords --> | 7 points | | |\n"
    )
    right = (
        "| nothing<!-- tuned --> | 45.1 ± 0.5 | 12 |  |\n"
        "| beam 5 |  | 13 | +0.36 [−0.20, +0.87] |\n"
        "| two layers |  | 14 | −4.46 * |\n"
        "| small<!-- ablations/translation; 1,000 subwords --> | 1,444 points |  |  |\n"
    )
    assert with_scores(f"{ABOVE}{HEAD}{rows}\n{rows}", "p.md") == f"{ABOVE}{HEAD}{right}\n{rows}"


@pytest.mark.usefixtures("_results")
@pytest.mark.parametrize(
    ("written", "message"),
    [
        (f"none{TUNED}", "dev; bleu_normalised; tuned: no number stands before the comment"),
        (f"1{TUNED.replace('; tuned', '; none')}", "bleu_normalised of none on dev stands 0 times"),
        (f"1{TUNED.replace('ablations', 'none')}", "no results/reference/none/translation/summary"),
        (f"1{BEAM.replace('difference', 'gain')}", "stands 1 times in the expected results"),
        ("1<!-- score: tuned; dev; bleu -->", "has 3 parts with `;` between, not 4"),
        (f"{ABOVE}\ntext", "page.md: a comment `scores:` stands above no table"),
        (f"{ABOVE}{HEAD}| tuned | 1 |\n", "row tuned has 1 scores"),
        (f"{ABOVE}{HEAD}| tnued | 1 | | |\n", "bleu_normalised of tnued on dev stands 0 times"),
    ],
)
def test_a_comment_at_fault_is_refused(written: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        with_scores(written, "page.md")
