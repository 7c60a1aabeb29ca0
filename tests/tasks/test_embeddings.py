"""The task on a tiny text: the tutorial's example, runs on disk, commands, repeatability."""

import json
from itertools import product

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import torch

from asked import assert_says_what_it_was_made_with, evaluation_job, training_job
from nlpflow.cli import main
from nlpflow.cli.lines import MOST_WARNINGS
from nlpflow.errors import UserError
from nlpflow.figures.style import Style
from nlpflow.results.comparison import read_scores, summarise, summary_html
from nlpflow.results.differences import differences
from nlpflow.runs.run import load_run
from nlpflow.settings.checks import checked
from nlpflow.settings.data import PairDataset, SentenceDataset
from nlpflow.settings.embeddings import EmbeddingsExperiment
from nlpflow.settings.vocabulary import VocabularySettings
from nlpflow.tasks.embeddings.evaluation import evaluate
from nlpflow.tasks.embeddings.figures import plot
from nlpflow.tasks.embeddings.text import Text
from nlpflow.tasks.embeddings.training import build_learner, train, vectors_of
from nlpflow.training.loop import fit
from nlpflow.vectors.pretrained import read_vectors
from nlpflow.vocabulary import build_vocabulary

PEOPLE = ("mathematician", "physicist")
ACTIONS = ("ran to the store", "solved the open problem", "wrote a paper", "drank coffee")
THINGS = ("store", "problem", "paper", "coffee")
TEXT = [
    *(f"the {person} {action} ." for person, action in product(PEOPLE, ACTIONS)),
    *(f"the {thing} was {state} ." for thing, state in product(THINGS, ("old", "new", "there"))),
    *(f"a {thing} is on the table ." for thing in THINGS),
]
# What the tutorial leaves to be inferred stays unseen.
SEEN = [line for line in TEXT if line != "the physicist solved the open problem ."]

SGD = {"optimiser": "sgd", "learning_rate": 0.1, "batch_size": 32}
ADAM = {"optimiser": "adam", "learning_rate": 0.01, "batch_size": 16}
MODELS = {
    "skipgram": ({"kind": "skipgram", "window": 2, "subsample": None, "noise": 16}, SGD, 60),
    "cbow": ({"kind": "cbow", "window": 2, "subsample": None}, SGD, 60),
    "ngram": ({"kind": "ngram", "context": 2, "hidden": 16}, ADAM, 20),
    "lstm": ({"kind": "lstm", "hidden": 16}, {**ADAM, "batch_size": 4}, 40),
}


def settings_of(kind, epochs=None, **model):
    shape, training, enough = MODELS[kind]
    values = {
        "task": "embeddings",
        "dataset": "tiny",
        "words": {"min_count": 1},
        "model": {"dimension": 12, **shape, **model},
        "training": {**training, "epochs": epochs or enough, "patience": 1000},
    }
    return checked(EmbeddingsExperiment, values, "test")


def learner_of(settings, seed=1):
    column = pa.array(SEEN, pa.string())
    limits = VocabularySettings(dataset="tiny", min_count=1)
    vocabulary = build_vocabulary(column, limits, "training")
    text = Text.of(vocabulary, column)
    torch.manual_seed(seed)
    return build_learner(settings, vocabulary, text, text, seed, torch.device("cpu")), vocabulary


def cosine(learner, vocabulary, first, second):
    matrix = learner.model.embedding.weight.detach().numpy()
    vectors = vectors_of(vocabulary, matrix)
    return float(vectors.unit[vectors.index(first)] @ vectors.unit[vectors.index(second)])


@pytest.mark.parametrize("kind", MODELS)
def test_people_of_the_same_contexts_become_alike(kind):
    """The tutorial's example: a mathematician and a physicist do the same things."""
    settings = settings_of(kind)
    learner, vocabulary = learner_of(settings)
    before = cosine(learner, vocabulary, *PEOPLE)
    fit(learner, settings.training, kind)
    after = cosine(learner, vocabulary, *PEOPLE)
    others = [cosine(learner, vocabulary, PEOPLE[0], word) for word in ("the", ".", "ran", "table")]
    assert after > before + 0.2
    assert after > max(others)


@pytest.mark.parametrize("kind", MODELS)
def test_training_is_repeatable_and_follows_its_seed(kind):
    settings = settings_of(kind, epochs=1)

    def weights(seed):
        learner, _ = learner_of(settings, seed)
        fit(learner, settings.training, kind)
        return learner.model.embedding.weight

    assert torch.equal(weights(1), weights(1))
    assert not torch.equal(weights(1), weights(2))


@pytest.mark.parametrize("kind", ["cbow", "ngram", "lstm"])
def test_sampled_softmax_trains_too(kind):
    settings = settings_of(kind, samples=8)
    learner, _ = learner_of(settings)
    trained = fit(learner, settings.training, kind)
    assert trained.history["dev_loss"].iloc[-1] < 0.8 * trained.history["dev_loss"].iloc[0]


def test_window_gradients_are_sums_that_fade():
    settings = settings_of("skipgram")
    learner, _ = learner_of(settings)
    torch.nn.init.normal_(learner.model.output.weight)
    batch = next(iter(learner.batches(31)))
    assert batch.done == pytest.approx(0.5)

    def gradient(loss):
        learner.model.zero_grad()
        loss.backward()
        return learner.model.embedding.weight.grad.to_dense()

    plain, count = learner._loss(batch)
    scaled, same_count = learner.loss(batch, 31)
    assert scaled.item() == plain.item()
    assert count == same_count > 1
    torch.testing.assert_close(gradient(scaled / count), 0.5 * gradient(plain))


def test_text_of_sentences():
    column = pa.array(["b a a", "x", "", "a"], pa.string())
    vocabulary = build_vocabulary(
        pa.array(["a a b"], pa.string()), VocabularySettings(dataset="t"), "training"
    )
    text = Text.of(vocabulary, column)
    a, b = vocabulary.encode("a b")
    assert text.side.ids.tolist() == [b, a, a, 3, 1, 3, 3, a, 3]
    assert [part.tolist() for part in text.words()] == [[b, a, a, a], [0, 0, 0, 3]]
    assert text.contexts(np.arange(len(text)), 2).tolist() == [
        [2, 2], [2, b], [b, a], [a, a], [2, 2], [2, 1], [2, 2], [2, 2], [2, a]
    ]  # fmt: skip
    inputs, lengths, words = text.shifted(np.array([0, 3]))
    assert inputs.tolist() == [[2, b, a, a], [2, a, 3, 0]]
    assert lengths.tolist() == [4, 2]
    assert words.tolist() == [b, a, a, 3, a, 3]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prepared")
    for split in ("train", "dev", "test"):
        table = pd.DataFrame({"sentence": SEEN, "language": "eng"})
        table.to_parquet(folder / f"{split}.parquet")
    return folder


@pytest.fixture(scope="module")
def runs(prepared, tmp_path_factory):
    """A run of each model, by its kind."""
    folder = tmp_path_factory.mktemp("runs")
    dataset = SentenceDataset(kind="sentences", corpora=("c",), normalisation="tutorial")
    for kind in MODELS:
        train(training_job(settings_of(kind, epochs=3), dataset, prepared, folder / kind))
    return folder


@pytest.mark.parametrize("kind", MODELS)
def test_evaluation_and_figures(kind, runs, prepared, tmp_path):
    pairs, questions = tmp_path / "pairs.txt", tmp_path / "questions.txt"
    pairs.write_text("Store problem 3\npaper coffee 2\nold new 9\nking queen 5\n")
    questions.write_text(": all\nstore old paper new\nking queen man woman\n")
    settings = {
        "figures": {"words": ["Store", "xyzzy"], "neighbours": 2, "frequent": 5},
        "lists": {"similarity": ["list"], "analogies": ["questions"]},
        "list_files": {"list": {"address": "a"}, "questions": {"address": "b"}},
    }
    run, lists = runs / kind, (pairs, questions)
    job = evaluation_job("embeddings", run, prepared, tmp_path, settings, lists=lists)
    evaluate(job)
    assert_says_what_it_was_made_with(job)
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert {"list", "questions"} <= set(metrics["scores"])
    assert ("perplexity" in metrics["scores"]) == (kind in ("ngram", "lstm"))
    table = pd.read_csv(tmp_path / "lists.tsv", sep="\t").set_index(["list", "section"])
    assert table.loc["list"][["known", "all"]].to_numpy().tolist() == [[3, 4]]
    assert table.loc["questions"][["known", "all"]].to_numpy().tolist() == [[1, 2], [1, 2]]
    neighbours = pd.read_csv(tmp_path / "neighbours.tsv", sep="\t")
    assert neighbours["word"].tolist() == ["store", "store"]
    tables = {name: tmp_path / f"{name}.tsv" for name in ("lists", "map", "neighbours")}
    drawn = {name: tmp_path / f"{name}.svg" for name in ("curves", *tables)}
    plot(tables | {"history": runs / kind / "history.tsv"}, drawn, Style())
    assert all(path.stat().st_size > 1000 for path in drawn.values())


@pytest.mark.parametrize("kind", MODELS)
def test_without_lists_and_words_there_are_figures_and_a_comparison(kind, runs, prepared, tmp_path):
    outputs = tmp_path / kind / "seed-1" / "test"
    settings = {"figures": {"frequent": 0}, "lists": {}}
    evaluate(evaluation_job("embeddings", runs / kind, prepared, outputs, settings))
    tables = {name: outputs / f"{name}.tsv" for name in ("lists", "map", "neighbours")}
    drawn = {name: tmp_path / f"{name}.svg" for name in ("curves", *tables)}
    plot(tables | {"history": runs / kind / "history.tsv"}, drawn, Style())
    assert all(path.stat().st_size > 1000 for path in drawn.values())
    scores = read_scores([outputs / "metrics.json"], {kind: kind})
    perplexities = {"perplexity", "perplexity_add_k"} if kind in ("ngram", "lstm") else set()
    assert set(scores["metric"]) == perplexities
    page = summary_html(summarise(scores), differences([], {}, None))
    assert ("No run has a score" in page) == (not perplexities)


def test_perplexity_of_an_untrained_softmax_is_the_vocabulary(prepared, tmp_path, monkeypatch):
    dataset = SentenceDataset(kind="sentences", corpora=("c",), normalisation="tutorial")
    settings = settings_of("ngram", epochs=1)
    monkeypatch.setattr(torch.nn.init, "uniform_", lambda tensor, *_: torch.nn.init.zeros_(tensor))
    rate = settings.training.model_copy(update={"learning_rate": 1e-12})
    settings = settings.model_copy(update={"training": rate})
    train(training_job(settings, dataset, prepared, tmp_path / "run"))
    evaluate(evaluation_job("embeddings", tmp_path / "run", prepared, tmp_path, {"lists": {}}))
    metrics = json.loads((tmp_path / "metrics.json").read_text())
    assert metrics["scores"]["perplexity"] == pytest.approx(metrics["words"] + 4, rel=1e-3)
    assert 1 < metrics["scores"]["perplexity_add_k"] < metrics["words"]


@pytest.mark.parametrize("side", ["source", "target"])
def test_a_side_of_pairs_trains_as_its_sentences_do(runs, prepared, tmp_path, side):
    folder, other = tmp_path / "pairs", {"source": "target", "target": "source"}[side]
    folder.mkdir()
    for split in ("train", "dev", "test"):
        pairs = pd.DataFrame({side: SEEN, other: [line[::-1] for line in SEEN]})
        pairs.to_parquet(folder / f"{split}.parquet")
    dataset = PairDataset(
        kind="pairs", corpus="c", source="fra", target="eng", normalisation="tutorial"
    )
    settings = settings_of("ngram", epochs=3).model_copy(update={"side": side})
    train(training_job(settings, dataset, folder, tmp_path / "run"))
    same = "vectors.txt"
    assert (tmp_path / "run" / same).read_bytes() == (runs / "ngram" / same).read_bytes()
    assert load_run(tmp_path / "run")[0].languages == (getattr(dataset, side),)
    scores = []
    for run, tables in ((tmp_path / "run", folder), (runs / "ngram", prepared)):
        evaluate(evaluation_job("embeddings", run, tables, tmp_path, {"lists": {}}))
        scores.append(json.loads((tmp_path / "metrics.json").read_text())["scores"])
    assert scores[0] == scores[1]


def test_vectors_as_text_are_those_of_the_weights(runs):
    words = ["mathematician", "physicist"]
    text, weights = (
        read_vectors(runs / "skipgram" / name, words)
        for name in ("vectors.txt", "vectors.safetensors")
    )
    assert text.exact.all()
    assert text.matrix.shape == (2, 12)
    np.testing.assert_allclose(text.matrix, weights.matrix, rtol=1e-6)


def test_commands(runs, capsys):
    run = str(runs / "skipgram")
    assert main(["neighbours", run, "Physicist", "store", "--top", "3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[0] for line in lines] == ["physicist", "store"]
    assert all(len(line.split("\t")) == 4 for line in lines)
    assert main(["analogy", run, "store", "old", "paper", "--top", "2"]) == 0
    question, *answers = capsys.readouterr().out.rstrip("\n").split("\t")
    assert question == "store old paper"
    assert len(answers) == 2
    assert not {"store", "old", "paper"} & {answer.split(" ")[0] for answer in answers}


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["analogy", "RUN", "store", "old"], 2, "2 words instead of three"),
        (["neighbours", "nowhere", "old"], 1, "nowhere is not a trained run"),
    ],
)
def test_errors_are_one_line(runs, capsys, arguments, status, message):
    run = str(runs / "skipgram")
    assert main([run if part == "RUN" else part for part in arguments]) == status
    output = capsys.readouterr()
    assert message in output.err
    assert output.err.count("\n") == 1
    assert not output.out


@pytest.mark.parametrize(
    ("verb", "asked", "message"),
    [
        ("neighbours", ["Store", "physicyst", "old"], "the nearest known spelling is 'physicist'"),
        (
            "neighbours",
            ["qqqq", "store"],
            "unknown: no known word has a similar spelling",
        ),
        ("neighbours", ["qqqq"], "unknown: no known word has a similar spelling"),
        (
            "analogy",
            ["store", "qqqq", "old"],
            "unknown: no known word has a similar spelling",
        ),
    ],
)
def test_what_is_unknown_is_named_and_the_rest_answered(runs, capsys, verb, asked, message):
    assert main([verb, str(runs / "skipgram"), *asked, "--top", "2"]) == 1
    found = capsys.readouterr()
    assert message in found.err
    assert found.err.count("\n") == 1
    questions = [" ".join(asked)] if verb == "analogy" else [word.lower() for word in asked]
    rows = [line.split("\t") for line in found.out.splitlines()]
    assert [row[0] for row in rows] == questions
    unknown = ("physicyst", "qqqq")
    assert [len(row) for row in rows] == [
        1 if any(w in q for w in unknown) else 3 for q in questions
    ]


def test_questions_of_a_file_keep_their_lines(runs, tmp_path, capsys):
    lines = ["store old paper", "store old", "", "a b c", "old paper store", *["zz zz zz"] * 12]
    (tmp_path / "in.txt").write_text("".join(f"{line}\n" for line in lines))
    files = ["--input", str(tmp_path / "in.txt"), "--output", str(tmp_path / "out.txt")]
    assert main(["analogy", str(runs / "skipgram"), *files, "--top", "2"]) == 1
    rows = [line.split("\t") for line in (tmp_path / "out.txt").read_text().splitlines()]
    assert [row[0] for row in rows] == lines
    assert [len(row) for row in rows] == [3, 1, 1, 1, 3, *[1] * 12]
    said = capsys.readouterr().err.splitlines()
    assert len(said) == MOST_WARNINGS + 1
    assert said[0] == f"nlpflow: {tmp_path}/in.txt, line 2: 2 words instead of 3"
    assert "line 4: word 'b' is unknown" in said[1] or "line 4: word 'a' is unknown" in said[1]
    assert said[-1] == "nlpflow: errors in 4 more lines are not shown"


def test_runs_of_other_tasks_are_refused(runs, tmp_path, capsys):
    for path in (runs / "skipgram").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    record = json.loads((tmp_path / "run.json").read_text())
    record["settings"]["task"] = "translation"
    (tmp_path / "run.json").write_text(json.dumps(record))
    assert main(["neighbours", str(tmp_path), "old"]) == 1
    assert "is of task 'translation'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("training", "message"),
    [
        ({"optimiser": "adam"}, "takes 'sgd', not 'adam'"),
        ({"clip_norm": 1.0}, "takes neither clip_norm nor weight_decay"),
        ({"weight_decay": 0.1}, "takes neither clip_norm nor weight_decay"),
        ({"accumulate": 2}, "takes neither clip_norm nor weight_decay nor accumulate"),
    ],
)
def test_settings_that_sparse_gradients_cannot_have(training, message):
    values = settings_of("cbow").model_dump()
    values["training"] |= training
    with pytest.raises(UserError, match=message):
        checked(EmbeddingsExperiment, values, "test")


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ({"kind": "skipgram", "windw": 2}, "model.windw: unknown key; did you mean 'window'?"),
        ({"kind": "lstm", "hidden": 0}, "model.hidden: "),
        ({"kind": "glove"}, "model.kind: input should be 'skipgram' or 'cbow' or 'ngram'"),
        ({"knd": "lstm"}, "model.knd: unknown key; did you mean 'kind'?"),
    ],
)
def test_errors_in_a_model_name_the_key_as_it_stands_in_the_file(model, message):
    values = settings_of("lstm").model_dump() | {"model": model}
    with pytest.raises(UserError) as caught:
        checked(EmbeddingsExperiment, values, "test")
    assert message in str(caught.value)
