"""Language identification from prepared tables to answers, on small made-up languages."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import torch

from asked import assert_says_what_it_was_made_with, evaluation_job, training_job
from nlpflow.errors import UserError
from nlpflow.figures.style import Style
from nlpflow.settings.data import SentenceDataset
from nlpflow.settings.language_id import LanguageIdExperiment
from nlpflow.settings.training import Training
from nlpflow.tables import read_texts
from nlpflow.tasks.language_id.evaluation import evaluate
from nlpflow.tasks.language_id.features import (
    CharacterNgrams,
    WordFeatures,
    bare_words,
    build_features,
)
from nlpflow.tasks.language_id.figures import plot, weights_page
from nlpflow.tasks.language_id.identifier import LONGEST, Answer, Identifier, load_identifier
from nlpflow.tasks.language_id.learner import LanguageIdLearner
from nlpflow.tasks.language_id.sentences import LanguageSentences
from nlpflow.tasks.language_id.training import train, untrained

SYLLABLES = {"aaa": ["ka", "lo", "mi", "tu"], "bbb": ["sch", "ert", "und", "ig"]}
DATASET = SentenceDataset(kind="sentences", corpora=("c",))
TABLES = ("breakdown", "confusions", "calibration", "weights", "words")


def table(size: int, seed: int) -> pd.DataFrame:
    """Sentences of two languages with syllables of their own and a few that both have."""
    rng = np.random.default_rng(seed)
    rows = []
    for language, own in SYLLABLES.items():
        for _ in range(size):
            words = [
                "".join(rng.choice([*own, "na"], rng.integers(1, 4)))
                for _ in range(rng.integers(1, 7))
            ]
            rows.append((" ".join(words), language))
    frame = pd.DataFrame(rows, columns=["raw", "language"])
    return frame.assign(sentence=frame["raw"])


def experiment(
    features: str, spans: Mapping[str, float] | None = None, **training: object
) -> LanguageIdExperiment:
    return LanguageIdExperiment(
        task="language_id",
        dataset="d",
        spans=spans or {},
        model={"features": features, "buckets": 1024},
        training=Training(**({"learning_rate": 0.05, "batch_size": 16, "epochs": 3} | training)),
        figures={"words": ["kalo", "und", "nowhere"]},
    )


@pytest.fixture(scope="module", params=["words", "characters"])
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained run; beside it the tables."""
    folder = tmp_path_factory.mktemp(request.param)
    for number, (split, size) in enumerate({"train": 300, "dev": 30, "test": 60}.items()):
        table(size, number).to_parquet(folder / f"{split}.parquet")
    train(training_job(experiment(request.param), DATASET, folder, folder / "run"))
    return folder / "run"


@pytest.fixture
def identifier(run: Path) -> Identifier:
    return load_identifier(run)[0]


# Features


def test_words_are_bare() -> None:
    column = pa.array(["«Ça va?» — l'été, 2 x", "", "हिन्दी!", "?!"], pa.large_string())
    assert [text.split() for text in bare_words(column).to_pylist()] == [
        ["ça", "va", "l", "été", "2", "x"],
        [],
        ["हिन्दी"],
        [],
    ]


def test_unknown_words_do_not_count() -> None:
    words = WordFeatures(("a", "b"))
    ids, offsets = words(pa.array(["b c a b", "c", "", "A, b."], pa.large_string()))
    assert ids.tolist() == [1, 0, 1, 0, 1]
    assert offsets.tolist() == [0, 3, 3, 3, 5]
    assert words.texts(["b c a b"]) == {(1, "b"): 2, (0, "a"): 1}


def test_frequent_words_come_first() -> None:
    settings = experiment("words").model
    column = pa.array(["b a", "a c", "c"], pa.large_string())
    assert build_features(settings, column) == WordFeatures(("a", "c", "b"))
    rare = settings.model_copy(update={"min_count": 2})
    assert build_features(rare, column) == WordFeatures(("a", "c"))
    with pytest.raises(UserError, match="no word occurs 9 times"):
        build_features(settings.model_copy(update={"min_count": 9}), column)


def test_texts_of_ngrams_have_their_numbers() -> None:
    features = CharacterNgrams(2, 64)
    counts = features.texts(["aa", "a"])
    ids, _ = features(pa.array(["aa", "a"], pa.large_string()))
    assert sum(counts.values()) == len(ids)
    assert {text for _, text in counts} == {"_a", "a", "aa", "a_"}
    assert {number for number, _ in counts} == set(ids.tolist())


# Learning


def test_batches_are_every_sentence_once_and_the_same_again() -> None:
    data = LanguageSentences.of(table(20, 0), ("aaa", "bbb"))
    features = CharacterNgrams(2, 64)
    model = untrained(features, 2, 1)
    learner = LanguageIdLearner(model, features, data, data, 16, 5, torch.device("cpu"))
    first = [batch.tolist() for batch in learner.batches(1)]
    assert [len(batch) for batch in first] == [16, 16, 8]
    assert sorted(place for batch in first for place in batch) == list(range(40))
    assert first == [batch.tolist() for batch in learner.batches(1)]
    assert first != [batch.tolist() for batch in learner.batches(2)]


def test_loss_is_the_sum_over_sentences() -> None:
    data = LanguageSentences.of(table(20, 0), ("aaa", "bbb"))
    features = CharacterNgrams(2, 64)
    model = untrained(features, 2, 1)
    learner = LanguageIdLearner(model, features, data, data, 16, 5, torch.device("cpu"))
    places = np.arange(40)
    with torch.no_grad():
        loss, count = learner.loss(places, 1)
        alone = [learner.loss(places[i : i + 1], 1)[0].item() for i in places]
    assert count == 40
    assert loss.item() == pytest.approx(sum(alone), rel=1e-5)
    with torch.no_grad():
        figures = learner.validate()
    assert figures["loss"] == pytest.approx(loss.item() / 40, rel=1e-5)
    assert 0 <= figures[learner.score] <= 100


def test_it_learns(identifier: Identifier) -> None:
    test_set = table(200, 9)
    answers = identifier.identify(test_set["raw"].tolist())
    right = [answer[0].language for answer in answers] == test_set["language"]
    assert right.mean() > 0.9  # "na" alone is of both languages


def test_the_same_seed_gives_the_same_bytes(run: Path) -> None:
    again = run.parent / "again"
    settings = load_identifier(run)[1].settings
    features = settings["model"]["features"]
    train(training_job(experiment(features), DATASET, run.parent, again))
    for name in ("weights.safetensors", "history.tsv", "run.json"):
        assert (again / name).read_bytes() == (run / name).read_bytes()
    other = run.parent / "other"
    train(training_job(experiment(features), DATASET, run.parent, other, seed=2))
    assert (other / "weights.safetensors").read_bytes() != (
        run / "weights.safetensors"
    ).read_bytes()


# Answers


def test_probabilities_sum_to_one_and_do_not_depend_on_neighbours(identifier: Identifier) -> None:
    texts = table(30, 3)["raw"].tolist()
    together = identifier.probabilities(pa.array(texts, pa.large_string()))
    assert together.sum(axis=1).tolist() == pytest.approx([1] * len(texts))
    for text, row in zip(texts, together, strict=True):
        alone = identifier.probabilities(pa.array([text], pa.large_string()))
        assert alone[0].tolist() == pytest.approx(row.tolist(), rel=1e-5)


def test_top_and_threshold(identifier: Identifier) -> None:
    ((first, second),) = identifier.identify(["kalo mitu"], top=5)
    assert first.language == "aaa"
    assert first.probability > second.probability
    assert first.probability + second.probability == pytest.approx(1)
    assert identifier.identify(["kalo mitu"], 2, first.probability) == [[first]]
    ((und,),) = identifier.identify(["kalo mitu"], 2, 1.0)
    assert und == Answer("und", first.probability)


@pytest.mark.parametrize("text", ["", "   ", "12:30", "Ελλάδα", "日本語", "\x00\ufffd", "🙂"])
def test_undetermined(identifier: Identifier, text: str) -> None:
    assert identifier.identify([text], top=3) == [[Answer("und", 0.0)]]


def test_nothing_and_very_long(identifier: Identifier) -> None:
    assert identifier.identify([]) == []
    long = "kalo mitu " * 200_000
    ((answer,),) = identifier.identify([long])
    assert answer == identifier.identify([long[:LONGEST]])[0][0]
    assert answer.language == "aaa"


def test_damaged_and_foreign_runs(run: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not a trained run"):
        load_identifier(tmp_path)
    record = json.loads((run / "run.json").read_text())
    (tmp_path / "weights.safetensors").write_bytes((run / "weights.safetensors").read_bytes())
    record["languages"] = ["aaa", "bbb", "ccc"]
    (tmp_path / "run.json").write_text(json.dumps(record))
    with pytest.raises(UserError, match="weights do not fit"):
        load_identifier(tmp_path)
    record["settings"]["task"] = "translation"
    (tmp_path / "run.json").write_text(json.dumps(record))
    with pytest.raises(
        UserError, match="is of task 'translation'; a run of task language_id is needed"
    ):
        load_identifier(tmp_path)


# Evaluation and figures


@pytest.fixture(scope="module")
def evaluated(run: Path) -> Path:
    figures = {"words": ["kalo", "und", "nowhere"], "top": 4}
    job = evaluation_job("language_id", run, run.parent, run / "test", {"figures": figures})
    evaluate(job)
    assert_says_what_it_was_made_with(job)
    return run


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, sep="\t", keep_default_na=False)


def test_scores_are_those_of_the_predictions(evaluated: Path) -> None:
    folder = evaluated / "test"
    metrics = json.loads((folder / "metrics.json").read_text())
    found = read(folder / "predictions.tsv")
    right = found["answer"] == found["language"]
    assert metrics["scores"]["accuracy"] == pytest.approx(100 * right.mean())
    short = found["words"] <= 3
    assert metrics["scores"]["accuracy_short"] == pytest.approx(100 * right[short].mean())
    assert metrics["sentences"] == len(found) == 120
    assert metrics["model_bytes"] == (evaluated / "weights.safetensors").stat().st_size
    breakdown = read(folder / "breakdown.tsv")
    for _, part in breakdown.groupby("kind"):
        assert part["sentences"].sum() == 120
        mean = (part["sentences"] * part["accuracy"]).sum() / 120
        assert mean == pytest.approx(100 * right.mean(), rel=1e-4)
    assert read(folder / "confusions.tsv")["count"].sum() == 120
    assert (folder / "errors.txt").read_text().count("> ") == min(20, int((~right).sum()))


def test_weights_before_and_after(evaluated: Path) -> None:
    words = read(evaluated / "test/words.tsv").set_index(["word", "language"])
    bag = load_identifier(evaluated)[1].settings["model"]["features"] == "words"
    if bag:
        assert (words.loc["nowhere"] == 0).all(axis=None)
        own = "kalo"
    else:
        own = "und"
    language = {"kalo": "aaa", "und": "bbb"}[own]
    other = {"aaa": "bbb", "bbb": "aaa"}[language]
    after = words["after"]
    assert after[own, language] > after[own, other]
    assert (words.loc[own, "before"].abs() < 0.2).all()
    assert after[own, language] - words["before"][own, language] > 0.1


def test_heaviest_features_belong_to_the_language(evaluated: Path) -> None:
    weights = read(evaluated / "test/weights.tsv")
    assert weights.groupby("language").size().to_dict() == {"aaa": 4, "bbb": 4}
    assert (weights["count"] >= 5).all()
    for language, mine in weights.groupby("language"):
        assert mine["weight"].is_monotonic_decreasing
        letters = set("".join(mine["feature"])) - set("_ na")
        assert letters <= set("".join(SYLLABLES[str(language)]))


def test_languages_that_a_run_does_not_know_are_left_out(evaluated: Path, tmp_path: Path) -> None:
    more = pd.concat([table(5, 1), pd.DataFrame({"raw": ["xyz"], "language": ["ccc"]})])
    more.to_parquet(tmp_path / "test.parquet")
    job = evaluation_job("language_id", evaluated, tmp_path, tmp_path / "out", {})
    evaluate(job)
    metrics = json.loads((tmp_path / "out/metrics.json").read_text())
    assert metrics["unknown_languages"] == ["ccc"]
    assert metrics["sentences"] == 10
    more[more["language"] == "ccc"].to_parquet(tmp_path / "test.parquet")
    with pytest.raises(UserError, match="none of its languages"):
        evaluate(job)


def test_a_test_set_of_its_own_is_compared_with_training(evaluated: Path, tmp_path: Path) -> None:
    """As the dataset trained on, or a corpus that it is made from, would be."""
    known, new = table(300, 0), table(20, 7)
    known.to_parquet(tmp_path / "train.parquet")
    new = new[~new["raw"].isin(known["raw"])]
    pd.concat([known.iloc[:10], new]).to_parquet(tmp_path / "list.parquet")
    job = evaluation_job("language_id", evaluated, tmp_path, tmp_path / "out", {}, test_set="list")
    evaluate(job)
    metrics = json.loads((tmp_path / "out/metrics.json").read_text())
    found = read(tmp_path / "out/predictions.tsv")
    right = (found["answer"] == found["language"])[10:]
    assert (metrics["sentences"], metrics["overlap"]) == (10 + len(new), 10)
    assert metrics["scores"]["accuracy_without_overlap"] == pytest.approx(100 * right.mean())
    known.to_parquet(tmp_path / "list.parquet")
    evaluate(job)
    metrics = json.loads((tmp_path / "out/metrics.json").read_text())
    assert metrics["overlap"] == metrics["sentences"]
    assert "accuracy_without_overlap" not in metrics["scores"]


def test_line_ends_within_texts(evaluated: Path, tmp_path: Path) -> None:
    """A row and three lines for each text, whatever it holds."""
    raw = ["a\rb", "a\nb", "a\u2028b\x85c\x0bd\x0ce", "\t", '"', "1e5", "nan", ""]
    language = load_identifier(evaluated)[0].languages[0]
    table = pd.DataFrame({"raw": raw, "language": language})
    table.to_parquet(tmp_path / "test.parquet")
    evaluate(evaluation_job("language_id", evaluated, tmp_path, tmp_path / "out", {}))
    found = read_texts(tmp_path / "out/predictions.tsv")
    assert found["raw"].tolist() == raw
    assert found["language"].tolist() == [language] * len(raw)
    wrong = int((found["answer"] != language).sum())
    errors = (tmp_path / "out/errors.txt").read_text(encoding="utf-8")
    assert len(errors.splitlines()) == 4 * wrong - 1


def test_figures(evaluated: Path) -> None:
    tables = {name: evaluated / f"test/{name}.tsv" for name in TABLES}
    folder = evaluated / "figures"
    figures = {name: folder / f"{name}.svg" for name in ("curves", *TABLES[:3])}
    figures |= {"weights": folder / "weights.html", "words": folder / "words"}
    plot({"history": evaluated / "history.tsv", **tables}, figures, Style())
    for name in ("curves", *TABLES[:3], "words/words"):
        for kind in ("svg", "png"):
            assert (folder / f"{name}.{kind}").stat().st_size > 1000
    assert "<th>aaa</th><th>bbb</th>" in (folder / "weights.html").read_text()


def test_features_are_written_safely() -> None:
    weights = pd.DataFrame({"language": ["a", "a"], "feature": ["<b ", "&"], "weight": [1.0, 0.5]})
    page = weights_page(weights)
    assert "<td>&lt;b␣ <small>1.00</small></td>" in page
    assert "&amp; " in page
