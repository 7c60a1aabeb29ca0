"""Differences from tables of predictions, of every task."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nlpflow.errors import UserError
from nlpflow.jobs import imported
from nlpflow.metrics.spans import count_spans, f1_aggregate
from nlpflow.metrics.translation import score
from nlpflow.results.differences import DIFFERENCE_COLUMNS, differences, predictions_of
from nlpflow.settings.comparisons import Comparison
from nlpflow.settings.tasks import TASKS
from nlpflow.tables import read_json, write_json, write_table
from nlpflow.text.tag_schemes import write_tags

LABELS = {"one": "the one", "other": "the other"}
PAIR = Comparison("one", "other", (1, 2), ("test",))


def write_run(
    results: Path, experiment: str, seed: int, table: pd.DataFrame, *metrics: str
) -> None:
    folder = results / experiment / f"seed-{seed}" / "test"
    folder.mkdir(parents=True)
    write_table(folder / "predictions.tsv", table)
    write_json(folder / "metrics.json", {"scores": dict.fromkeys(metrics, 0.0)})


def compared(
    task: str, pairs: list[Comparison], results: Path, settings: dict[str, dict[str, str]]
) -> pd.DataFrame:
    files = sorted(results.glob("*/seed-*/test/predictions.tsv"))
    spec = TASKS[task]
    read = predictions_of(files, spec.sentence_columns, imported(spec.statistics), settings)
    return differences(pairs, LABELS, read)


def test_translation(tmp_path: Path) -> None:
    references = [["the cat sat on the mat"], ["a dog", 'a "hound"'], ["null"], ["1"]] * 5
    outputs = {
        ("one", 1): ["the cat sat on the mat", 'a "hound"', "null", "1"] * 5,
        ("one", 2): ["the cat sat on a mat", "a dog", "null", ""] * 5,
        ("other", 1): ["the cat on the mat", "dog", "", "2"] * 5,
        ("other", 2): ["on the mat", "a dog", "nil", "1"] * 5,
    }
    scores = {}
    for (name, seed), texts in outputs.items():
        known = [" ||| ".join(refs) for refs in references]
        table = pd.DataFrame({"source": "x", "output": texts, "references": known})
        metrics = ("bleu_normalised", "chrf2_normalised", "exact_normalised")
        write_run(tmp_path, name, seed, table, *metrics)
        scores[name, seed] = np.array(score(texts, references))
    found = compared("translation", [PAIR], tmp_path, {})
    assert list(found) == DIFFERENCE_COLUMNS
    expected = scores["one", 1] + scores["one", 2] - scores["other", 1] - scores["other", 2]
    assert found["metric"].tolist() == list(metrics)
    assert found["difference"].tolist() == pytest.approx((expected / 2).tolist())
    assert set(found["experiment"]) == {"the one"}
    assert set(found["compared_with"]) == {"the other"}
    assert set(found["test_set"]) == {"test"}
    assert set(found["n"]) == {2}
    assert (found["low"] <= found["difference"]).all()
    assert (found["difference"] <= found["high"]).all()


def chinese(results: Path, tokenizers: dict[str, str]) -> None:
    """Runs whose outputs differ in one character."""
    outputs = {
        "one": ["她比我小五岁。", "猫坐在垫子上。"],
        "other": ["她比我大五岁。", "猫坐在垫子上。"],
    }
    for name, texts in outputs.items():
        table = pd.DataFrame({"source": "x", "output": texts, "references": outputs["one"]})
        for seed in PAIR.seeds:
            write_run(results, name, seed, table, "bleu", "chrf2", "exact")
            file = results / name / f"seed-{seed}" / "test/metrics.json"
            metrics = read_json(file) | {"measured_with": {"tokenizer": tokenizers[name]}}
            write_json(file, metrics)


def test_differences_are_measured_as_the_scores_are(tmp_path: Path) -> None:
    chinese(tmp_path, {"one": "zh", "other": "zh"})
    found = compared("translation", [PAIR], tmp_path, {}).set_index("metric")["difference"]
    references = [["她比我小五岁。"], ["猫坐在垫子上。"]]
    other = score(["她比我大五岁。", "猫坐在垫子上。"], references, tokenizer="zh").bleu
    assert found["bleu"] == pytest.approx(100 - other)


def test_scores_of_different_tokenizers_do_not_compare(tmp_path: Path) -> None:
    chinese(tmp_path, {"one": "char", "other": "zh"})
    with pytest.raises(UserError, match=r"one and other: .* different tokenizers; evaluate both"):
        compared("translation", [PAIR], tmp_path, {})


def test_language_id(tmp_path: Path) -> None:
    for name, answers in (("one", "eng eng fra"), ("other", "eng fra und")):
        for seed in PAIR.seeds:
            table = pd.DataFrame({"raw": ["a", "NA", "1"], "language": ["eng", "eng", "fra"]})
            write_run(tmp_path, name, seed, table.assign(answer=answers.split()), "accuracy")
    found = compared("language_id", [PAIR], tmp_path, {})
    assert found["metric"].tolist() == ["accuracy"]
    assert found["difference"].tolist() == pytest.approx([200 / 3])


def tagged(gold: list[list[str]], predicted: list[list[str]]) -> pd.DataFrame:
    lengths = [len(tags) for tags in gold]
    return pd.DataFrame(
        {
            "sentence": np.repeat(np.arange(1, len(gold) + 1), lengths),
            "word": "w",
            "gold": [tag for tags in gold for tag in tags],
            "predicted": [tag for tags in predicted for tag in tags],
        }
    )


def test_tagging(tmp_path: Path) -> None:
    gold = [["A", "B"], ["A"], ["B", "B", "A"]]
    for seed in PAIR.seeds:
        write_run(tmp_path, "one", seed, tagged(gold, gold), "accuracy")
        write_run(tmp_path, "other", seed, tagged(gold, [["A", "A"], ["A"], ["B"] * 3]), "accuracy")
    found = compared("tagging", [PAIR], tmp_path, {})
    assert found["difference"].tolist() == pytest.approx([100 * 2 / 6])


def test_a_baseline_has_no_random_seed(tmp_path: Path) -> None:
    gold = [["A", "B"], ["A"], ["B", "B", "A"]]
    for seed in PAIR.seeds:
        write_run(tmp_path / "tagging", "one", seed, tagged(gold, gold), "accuracy")
    folder = tmp_path / "baselines/tagging/features.data/test"
    folder.mkdir(parents=True)
    write_table(folder / "predictions.tsv", tagged(gold, [["A", "A"], ["A"], ["B"] * 3]))
    write_json(folder / "metrics.json", {"scores": {"accuracy": 0.0}})
    files = sorted(tmp_path.rglob("predictions.tsv"))
    spec = TASKS["tagging"]
    read = predictions_of(files, spec.sentence_columns, imported(spec.statistics), {})
    pair = PAIR._replace(compared_with="features.data")
    found = differences([pair], LABELS | {"features.data": "features, data"}, read)
    assert found["compared_with"].tolist() == ["features, data"]
    assert found["difference"].tolist() == pytest.approx([100 * 2 / 6])


def test_entities_of_two_schemes(tmp_path: Path) -> None:
    schemes = {"one": "IOBES", "other": "IOB2"}
    spans = [[(0, 2, "PER"), (3, 4, "LOC")], [(1, 2, "LOC")], []]
    found_spans = {"one": spans, "other": [[(0, 1, "PER"), (3, 4, "LOC")], [], [(0, 1, "PER")]]}
    f1 = {}
    for name, scheme in schemes.items():
        gold = [write_tags(of, 4, scheme) for of in spans]
        predicted = [write_tags(of, 4, scheme) for of in found_spans[name]]
        counts = count_spans(gold, predicted, scheme).counts.sum(axis=(0, 1))
        f1[name] = float(f1_aggregate(counts))
        for seed in PAIR.seeds:
            write_run(tmp_path, name, seed, tagged(gold, predicted), "f1")
    found = compared(
        "entities", [PAIR], tmp_path, {name: {"scheme": scheme} for name, scheme in schemes.items()}
    )
    assert found["difference"].tolist() == pytest.approx([f1["one"] - f1["other"]])
    assert f1["one"] == 100


def test_other_sentences_are_refused(tmp_path: Path) -> None:
    for name, words in (("one", "ab"), ("other", "ac")):
        for seed in PAIR.seeds:
            table = pd.DataFrame({"raw": list(words), "language": "eng", "answer": "eng"})
            write_run(tmp_path, name, seed, table, "accuracy")
    with pytest.raises(UserError, match="one and other: scored on different sentences of 'test'"):
        compared("language_id", [PAIR], tmp_path, {})


def test_no_comparison_is_a_table_without_rows(tmp_path: Path) -> None:
    found = compared("translation", [], tmp_path, {})
    assert list(found) == DIFFERENCE_COLUMNS
    assert found.empty


def test_line_ends_within_texts_make_no_further_sentences(tmp_path: Path) -> None:
    """Half of a row would be a sentence whose missing answer equals its missing language."""
    raw = ["a\rb", "a\nb", "a\u2028b\x85c\x0bd\x0ce", '"', "\t"]
    for name, right in (("one", 3), ("other", 1)):
        answers = ["eng" if i < right else "fra" for i in range(len(raw))]
        table = pd.DataFrame({"raw": raw, "language": "eng", "answer": answers})
        write_run(tmp_path, name, 1, table, "accuracy")
    pair = Comparison("one", "other", (1,), ("test",))
    found = compared("language_id", [pair], tmp_path, {})
    assert found["difference"].tolist() == pytest.approx([100 * 2 / 5])
