"""The first page of the report: best first, every corpus attributed, texts escaped."""

import re
from pathlib import Path

import pytest

from made_summary import BEST, contender, dataset, facts, plot, report, scores, task
from nlpflow.results.data_section import split_statement
from nlpflow.results.summary import held_out, read_task, summary_page
from nlpflow.settings.plan.summary import AttentionFacts
from nlpflow.tables import write_json

SIZES = {"train": 1000, "dev": 100, "test": 50}
ROWS = [
    ("low", "test", "bleu_normalised", 10.0),
    ("low", "test", "aer", 9.0),
    ("high", "test", "bleu_normalised", 30.0),
    ("high", "test", "aer", 20.0),
    ("middle", "test", "bleu_normalised", 20.0),
]


def made(rows=ROWS, headline=("bleu", "aer"), plots=(), attention=(), **contenders) -> str:
    names = contenders or {label: contender(label) for label in ("low", "high", "middle")}
    about = task(names, headline)
    everything = facts([about], {"data": dataset()}, attention)
    return summary_page(everything, [scores(about, rows)], plots, {"data": report(SIZES)})


def rows_of(page: str) -> list[str]:
    return re.findall(r"<th scope='row'>(.*?)</th>", page.partition("<h2>Data")[0])


def shown(page: str) -> str:
    """The text that a reader sees."""
    body = re.sub(r"<style>.*?</style>", "", page.partition("<body>")[2], flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", body)


def test_best_first() -> None:
    assert rows_of(made()) == ["high", "middle", "low"]
    assert "best BLEU (normalised) first" in made()


def test_lowest_first_where_lower_is_better() -> None:
    rows = [(label, "test", "perplexity", mean) for label, _, _, mean in ROWS if mean >= 10]
    rows = [row for number, row in enumerate(rows) if row[0] not in {r[0] for r in rows[:number]}]
    page = made(rows, headline=("perplexity",))
    assert rows_of(page) == ["low", "middle", "high"]
    assert "perplexity (lower is better)" in page


def test_ranked_by_a_score_that_every_experiment_has() -> None:
    rows = [*ROWS, ("low", "test", "bleu", 99.0)]
    assert rows_of(made(rows)) == ["high", "middle", "low"]


def test_scores_of_other_test_sets_are_not_ranked_together() -> None:
    rows = [*ROWS, ("low", "dev", "bleu_normalised", 90.0)]
    page = made(rows)
    assert rows_of(page) == ["high", "middle", "low", "low"]
    assert "not held out" in page
    assert "not held out" not in made()


def test_mean_deviation_and_number_of_seeds() -> None:
    page = made()
    assert "30.0 ± 0.2" in page
    assert "<td>3</td>" in page


def test_a_baseline_has_no_random_seeds_and_chooses_no_score() -> None:
    rows = [*ROWS, ("counted", "test", "aer", 1.0)]
    names = {label: contender(label) for label in ("low", "high", "middle")}
    page = made(rows, **names, counted=contender("counted", weights=""))
    assert rows_of(page) == ["high", "middle", "low", "counted"]
    assert "<td>baseline</td>" in page
    assert "3 experiments" in page


def test_an_experiment_without_a_score_is_named() -> None:
    names = {label: contender(label) for label in ("low", "high", "middle", "silent")}
    assert "No score, because no test lists (`lists`) are named: silent." in made(**names)
    assert "No score" not in made()


def test_weights_are_said_of_each_experiment_where_they_differ() -> None:
    assert f"Runs keep {BEST}." in made()
    mean = "the mean of the weights of the last 3 epochs"
    page = made(
        low=contender("low"),
        high=contender("high", weights=mean),
        middle=contender("middle"),
    )
    assert f"Runs keep {BEST} (low, middle); {mean} (high)." in page.replace("\n", " ")


def test_lines_are_short_enough_for_the_front_page_however_many_experiments() -> None:
    labels = [f"experiment {number} with a long name" * 2 for number in range(400)]
    mean = "the mean of the weights of the last 3 epochs"
    names = {
        f"e{number}": contender(label, weights=(BEST, mean)[number % 2])
        for number, label in enumerate(labels)
    }
    page = made([(label, "test", "bleu", 1.0) for label in labels], **names)
    assert max(map(len, page.splitlines())) < 10_000  # the limit of docutils


def test_no_column_name_is_shown() -> None:
    assert "_" not in shown(made())


def test_names_and_sentences_are_text(tmp_path: Path) -> None:
    label = "<script>alert(1)</script> & 'x'"
    attention = AttentionFacts(
        label=label, seed=1, kind="dot", rows="They sum to 1.", sentences=("<b>je</b> suis",)
    )
    page = made(
        [(label, "test", "bleu", 1.0)],
        plots=[plot(tmp_path / "attention", "sentence-1.svg")],
        attention=[attention],
        one=contender(label),
    )
    assert "<script>" not in page
    assert "<b>je</b>" not in page
    assert "&lt;b&gt;je&lt;/b&gt; suis" in page
    assert "They sum to 1." in page
    assert page.count("<img") == 1


def test_attention_is_that_of_the_best_run_that_has_some(tmp_path: Path) -> None:
    attention = [
        AttentionFacts(label=label, seed=1, kind="dot", rows="", sentences=("a", "b"))
        for label in ("low", "middle")
    ]
    folders = [plot(tmp_path / f.label, "sentence-1.svg", "sentence-2.svg") for f in attention]
    page = made(plots=folders, attention=attention)
    assert "Attention weights of <b>middle</b>" in page
    assert page.count("<img") == 2
    assert "<h2>Attention" not in made()


def test_attention_of_each_task(tmp_path: Path) -> None:
    labels = ("first", "second")
    attention = [
        AttentionFacts(label=label, seed=1, kind="dot", rows="", sentences=("a",))
        for label in labels
    ]
    tasks = [task({label: contender(label)}) for label in labels]
    page = summary_page(
        facts(tasks, {"data": dataset()}, attention),
        [
            scores(about, [(label, "test", "bleu", 1.0)])
            for about, label in zip(tasks, labels, strict=True)
        ],
        [plot(tmp_path / label, "sentence-1.svg") for label in labels],
        {"data": report(SIZES)},
    )
    assert page.count("<h2>Attention") == 1
    assert all(f"Attention weights of <b>{label}</b>" in page for label in labels)


def test_every_corpus_is_attributed() -> None:
    about = task({"one": contender("one")})
    data = {"data": dataset(corpora=("this", "that")), "more": dataset(corpora=("other",))}
    page = summary_page(
        facts([about], data),
        [scores(about, [("one", "test", "bleu", 1.0)])],
        [],
        dict.fromkeys(data, report(SIZES)),
    )
    for corpus in ("this", "that", "other"):
        for what in ("title", "licence", "people"):
            assert f"{what} of {corpus}" in page


def test_sizes_and_what_each_step_dropped() -> None:
    about = task({"one": contender("one")})
    dropped = report(SIZES, fewer_tokens_than=1234, drop_empty=0)
    page = summary_page(
        facts([about], {"data": dataset()}),
        [scores(about, [("one", "test", "bleu", 1.0)])],
        [],
        {"data": dropped},
    )
    assert "<td>1,000</td><td>100</td><td>50</td>" in page
    assert "source or target of 7 words or more: 1,234; empty: 0" in page


LABELLED = report(
    {"train": 90, "dev": 20, "dev, also in train": 3, "test": 10, "test, also in train": 4},
    "sentences",
)
LEAK_FREE = "occurs in more than one of train, dev and test"


@pytest.mark.parametrize("kind", ["pairs", "sentences", "labelled"])
def test_a_divided_dataset_has_no_sentence_in_two_splits(kind: str) -> None:
    assert LEAK_FREE in split_statement(dataset("divided", kind), LABELLED)


@pytest.mark.parametrize(
    ("sides", "said"),
    [
        (("source", "target"), "no sentence, in either language, occurs in"),
        (("source",), "no source occurs (a target may) in"),
        ((), "no document is (sentences may be) in"),
    ],
)
def test_what_is_kept_apart(sides: tuple[str, ...], said: str) -> None:
    found = dataset("divided").model_copy(update={"kept_apart": sides})
    assert said in split_statement(found, LABELLED)


def test_a_split_that_the_corpus_brings_says_what_its_parts_share() -> None:
    said = split_statement(dataset("given", "labelled"), LABELLED)
    assert LEAK_FREE not in said
    assert "3 of 20 dev sentences and 4 of 10 test sentences are also in train" in said
    said = split_statement(dataset("given test", "labelled"), LABELLED)
    assert "4 of 10 test sentences are also in train" in said
    assert "The dev set is taken from train" in said
    assert split_statement(dataset("test only"), LABELLED) == "no run trains on it."


def test_test_sets_say_what_they_are_to_a_run() -> None:
    assert held_out("test") == "held-out test set"
    assert "not held out" in held_out("dev")
    assert held_out("mine", 1200) == (
        "test set mine, 1,200 of its sentences also in the training set"
    )


def test_signatures_and_overlaps_are_read_from_the_runs(tmp_path: Path) -> None:
    about = task({"one": contender("one"), "two": contender("two", "other")})
    files = []
    for name, tokenizer in (("one", "13a"), ("two", "zh")):
        file = tmp_path / "translation" / name / "seed-1/test/metrics.json"
        file.parent.mkdir(parents=True)
        values = {"signatures": {"bleu": f"tok:{tokenizer}"}, "overlap": {"pairs": 2, "source": 1}}
        write_json(file, values)
        files.append(file)
    summary = tmp_path / "summary.tsv"
    summary.write_text(
        "experiment\ttest_set\tmetric\tn\tmean\tsd\n"
        "one\ttest\tbleu\t1\t3\t\ntwo\ttest\tbleu\t1\t4\t\n"
    )
    found = read_task(about, summary, files)
    assert found.overlaps == {("data", "test"): 2, ("other", "test"): 2}
    data = {"data": dataset(), "other": dataset()}
    page = summary_page(facts([about], data), [found], [], dict.fromkeys(data, report(SIZES)))
    assert "BLEU is measured with tok:13a (data, test)." in page
    assert "BLEU is measured with tok:zh (other, test)." in page
    assert "2 of its sentences also in the training set" in page
