"""A run of each task from prepared tables to scores, figures and `nlpflow tag`."""

import json
import shutil
import unicodedata
from pathlib import Path
from typing import Any, Literal

import conllu
import numpy as np
import pandas as pd
import pytest
import torch

from asked import assert_says_what_it_was_made_with, evaluation_job, training_job
from nlpflow.cli import main
from nlpflow.cli.conllu_lines import UPOS, XPOS
from nlpflow.cli.tag_answers import open_answers
from nlpflow.errors import UserError
from nlpflow.figures.style import Style
from nlpflow.prepare.tagged import PreparedTags, read_prepared, write_prepared
from nlpflow.results.cards import cards_html, collect_cards
from nlpflow.settings.data import TaggedDataset
from nlpflow.settings.labelling import EntitiesExperiment, TaggingExperiment
from nlpflow.settings.pretrained import vector_files
from nlpflow.settings.tasks import TASKS
from nlpflow.tables import file_digest
from nlpflow.tasks.interface import BaselineJob
from nlpflow.tasks.labelling import baselines, evaluation, training
from nlpflow.tasks.labelling.figures import plot
from nlpflow.tasks.labelling.labeller import load_labeller
from nlpflow.text.tag_schemes import read_spans
from nlpflow.vocabulary.tags import PARTS

SIZES = {"train": 40, "dev": 12, "test": 12}
MODEL = {"embedding": 8, "hidden": 8, "dropout": 0.0, "characters": {"embedding": 4, "hidden": 4}}
TABLES = ["confusion", "frequency", "marginals", "predictions", "tags", "transitions"]
PLACES = ["Oslo", "Rome", "New York"]


def write(folder: Path, entities: bool) -> Path:
    """Sentences like "Ann saw Oslo ." with parts of speech or entities."""
    rng = np.random.default_rng(5)
    splits = {}
    for split, size in SIZES.items():
        words, tags = [], []
        for _ in range(size):
            place = rng.choice(PLACES).split()
            subject = rng.choice(["Ann", "Bob", "Zoé"])
            words.append([subject, rng.choice(["saw", "left"]), *place, "."])
            inside = ["B-LOC", "I-LOC"] if entities else ["PROPN", "PROPN"]
            others = ("B-PER", "O", "O") if entities else ("PROPN", "VERB", "PUNCT")
            tags.append([*others[:2], *inside[: len(place)], others[2]])
        splits[split] = pd.DataFrame(
            {"sentence": np.arange(size), "words": words, "tags": tags, "in_train": False}
        )
    report = malformed = pd.DataFrame({"step": ["read"]})
    write_prepared(PreparedTags(splits, report, malformed), folder)
    return folder


def test_a_run_that_stays_at_the_floor_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The entities of the dev set are of a type that training lacks: F1 is 0 in all epochs."""
    write(tmp_path, entities=True)
    dev = pd.read_parquet(tmp_path / "dev.parquet")
    dev["tags"] = [["O" if tag == "O" else "B-ORG" for tag in tags] for tags in dev["tags"]]
    dev.to_parquet(tmp_path / "dev.parquet")
    values = {
        "task": "entities",
        "dataset": "d",
        "model": MODEL | {"output": "softmax"},  # a CRF leaves sentences with unknown tags out
        "training": {"epochs": 3, "learning_rate": 0.001, "schedule": "constant", "patience": 1},
    }
    settings = TASKS["entities"].experiment.model_validate(values)
    dataset = TaggedDataset(kind="labelled", corpus="c")
    run = tmp_path / "e/seed-1"
    training.train(training_job(settings, dataset, tmp_path, run))
    assert len(pd.read_csv(run / "history.tsv", sep="\t")) == 3
    assert "e seed 1: dev f1 never above 0, so the dev loss selected the epoch" in caplog.text
    cards = collect_cards([run / "card.json"], {"e": "E"})
    assert cards["e/seed-1"]["floor"] == "f1 never above 0"
    assert "f1 never above 0" in cards_html(cards)


def train(
    folder: Path, task: str, tags: Literal["upos", "xpos"] | None = None, **model: Any
) -> Path:
    values = {
        "task": task,
        "dataset": "d",
        "model": MODEL | model,
        "training": {"epochs": 8, "learning_rate": 0.03, "batch_size": 8},
    }
    dataset = TaggedDataset(kind="labelled", corpus="c", tags=tags, normalisation="digits")
    prepared = write(folder / "prepared", task == "entities")
    settings = (EntitiesExperiment if task == "entities" else TaggingExperiment)(**values)
    pretrained = [Path(file) for file in vector_files(settings.model)]
    run = folder / "run"
    training.train(training_job(settings, dataset, prepared, run, pretrained=pretrained))
    return folder / "run"


@pytest.fixture(scope="module")
def tagger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train(tmp_path_factory.mktemp("tagging"), "tagging")


@pytest.fixture(scope="module")
def finder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    model = {"output": "crf", "constraints": True, "scheme": "IOBES"}
    return train(tmp_path_factory.mktemp("entities"), "entities", **model)


def evaluate(task: str, run: Path, folder: Path, **figures: Any) -> dict[str, Any]:
    settings = {"figures": figures}
    job = evaluation_job(task, run, run.parent / "prepared", folder, settings)
    evaluation.evaluate(job)
    assert_says_what_it_was_made_with(job)
    metrics: dict[str, Any] = json.loads((folder / "metrics.json").read_text())
    return metrics


def test_files_of_a_run(tagger: Path, tmp_path: Path) -> None:
    names = {path.name for path in tagger.iterdir()}
    assert names == {
        "run.json", "weights.safetensors", "history.tsv", "timings.tsv", "card.json",
        "vocabulary.json",
    }  # fmt: skip
    record = json.loads((tagger / "run.json").read_text())
    assert record["vocabulary"] == "."
    assert set(record["digests"]) == set(PARTS)
    again = train(tmp_path, "tagging")
    for name in ("run.json", "weights.safetensors", "history.tsv", "vocabulary.json"):
        assert (again / name).read_bytes() == (tagger / name).read_bytes(), name


def test_scores_and_tables_of_tagging(tagger: Path, tmp_path: Path) -> None:
    metrics = evaluate("tagging", tagger, tmp_path, sentences=["Ann saw 2 New York"], sample=1)
    scores = metrics["scores"]
    assert scores["accuracy"] == 100  # what stands where is easily learnt
    assert scores["accuracy_bigrams"] == 100
    assert metrics["sentences"] == SIZES["test"]
    assert {path.stem for path in tmp_path.glob("*.tsv")} == set(TABLES)
    predictions = pd.read_csv(tmp_path / "predictions.tsv", sep="\t")
    assert list(predictions) == ["sentence", "word", "gold", "predicted", "in_train"]
    assert (predictions["gold"] == predictions["predicted"]).all()
    assert len(predictions) == metrics["words"]
    marginals = pd.read_csv(tmp_path / "marginals.tsv", sep="\t")
    assert marginals["sentence"].nunique() == 2
    assert marginals[marginals["sentence"] == 1]["word"].unique().tolist()[2] == "0"
    sums = marginals.groupby(["sentence", "position"])["probability"].sum()
    np.testing.assert_allclose(sums, 1, atol=1e-4)
    assert pd.read_csv(tmp_path / "transitions.tsv", sep="\t").empty


def test_scores_and_tables_of_entities(finder: Path, tmp_path: Path) -> None:
    metrics = evaluate("entities", finder, tmp_path, sample=1)
    assert metrics["scores"]["f1"] > 90
    assert metrics["scores"]["invalid_sequences"] == 0
    assert "f1_bigrams" not in metrics["scores"]
    transitions = pd.read_csv(tmp_path / "transitions.tsv", sep="\t").set_index(["from", "to"])
    assert transitions.loc[("start", "E-LOC"), "score"] == -np.inf
    assert transitions.loc[("B-LOC", "stop"), "score"] == -np.inf
    assert np.isfinite(transitions.loc[("B-LOC", "E-LOC"), "score"])


@pytest.mark.parametrize("fixture", ["tagger", "finder"])
def test_figures(fixture: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    run = request.getfixturevalue(fixture)
    task = "tagging" if fixture == "tagger" else "entities"
    evaluate(task, run, tmp_path, sample=1)
    tables = {name: tmp_path / f"{name}.tsv" for name in TABLES}
    tables |= {"history": run / "history.tsv"}
    drawn = {name: tmp_path / f"{name}.svg" for name in ("curves", "confusion", "frequency")}
    drawn |= {name: tmp_path / name for name in ("transitions", "marginals")}
    plot(tables, drawn, Style(dpi=50))
    assert all(drawn[name].is_file() for name in ("curves", "confusion", "frequency"))
    assert [path.name for path in drawn["marginals"].glob("*.svg")] == ["sentence-1.svg"]
    assert len(list(drawn["transitions"].glob("*.svg"))) == (fixture == "finder")


@pytest.mark.parametrize("kind", ["most-frequent", "hmm", "features"])
@pytest.mark.parametrize("fixture", ["tagger", "finder"])
def test_baselines(kind: str, fixture: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    run = request.getfixturevalue(fixture)
    task = "tagging" if fixture == "tagger" else "entities"
    tables = {split: run.parent / f"prepared/{split}.parquet" for split in SIZES}
    outputs = {
        split: {
            Path(name).stem: tmp_path / f"{split}.{name}" for name in TASKS[task].baseline_files
        }
        for split in ("dev", "test")
    }
    baselines.evaluate(BaselineJob(task, kind, {}, tables, outputs))
    for files in outputs.values():
        assert all(path.is_file() for path in files.values())
        scores = json.loads(files["metrics"].read_text())["scores"]
        assert scores["accuracy" if fixture == "tagger" else "f1"] == 100


def test_labeller_gives_the_same_alone_and_in_a_batch(finder: Path) -> None:
    labeller, settings, run = load_labeller(finder)
    assert settings.model.characters is not None
    assert run.normalisation == "digits"
    words = [s.words for s in read_prepared(finder.parent / "prepared/test.parquet")]
    together = labeller.label(words)
    assert together == [labeller.label([row])[0] for row in words]
    for row, tags, probabilities in zip(
        words, together, labeller.probabilities(words), strict=True
    ):
        assert probabilities.shape == (len(row), len(labeller.vocabulary.tags))
        best = labeller.k_best([row], 3)[0]
        assert best[0].tags == tags
        scores = [candidate.log_probability for candidate in best]
        assert scores == sorted(scores, reverse=True)
        assert sum(np.exp(scores)) <= 1 + 1e-5


def test_k_best_of_a_softmax_are_products(tagger: Path) -> None:
    labeller, _, _ = load_labeller(tagger)
    sentence = ["Ann", "ran"]
    table = labeller.probabilities([sentence])[0].astype(float)
    products = np.sort(np.log(np.outer(table[0], table[1]).ravel()))[::-1]
    found = labeller.k_best([sentence], 100)[0]
    assert len(found) == len(products)
    scores = [candidate.log_probability for candidate in found]
    np.testing.assert_allclose(scores, products, atol=1e-4)


# The command


def tag(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["tag", *arguments]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def test_columns_are_the_default(tagger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tag(capsys, str(tagger), "Ann saw Oslo .", "  ", "Bob left")
    assert out == "Ann\tPROPN\nsaw\tVERB\nOslo\tPROPN\n.\tPUNCT\n\n\nBob\tPROPN\nleft\tVERB\n\n"


def test_marginals_and_k_best(finder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tag(capsys, str(finder), "Ann saw New York .", "--marginals", "--k-best", "2")
    first, second, _ = out.split("\n\n")
    assert first.startswith("# 1: log probability -")
    assert second.startswith("# 2: log probability -")
    rows = [line.split("\t") for line in first.splitlines()[1:]]
    assert [row[:2] for row in rows] == [
        ["Ann", "B-PER"], ["saw", "O"], ["New", "B-LOC"], ["York", "I-LOC"], [".", "O"],
    ]  # fmt: skip
    assert all(0 < float(row[2]) <= 1 for row in rows)
    assert first.splitlines()[1:] != second.splitlines()[1:]


CONLLU = """# sent_id = 7
# text = Ann's left.
1-2\tAnn's\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No
1\tAnn\tAnn\tX\tNNP\tNumber=Sing\t3\tnsubj\t_\t_
2\t's\tbe\tX\t_\t_\t3\taux\t_\t_
2.1\tgone\t_\t_\t_\t_\t_\t_\t0:root\t_
3\tleft\tleave\tX\tVBN\t_\t0\troot\t_\tA=1|B=2
"""


def test_conllu_keeps_what_it_does_not_know(
    tagger: Path, finder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "in.conllu"
    path.write_text(CONLLU + "\n")
    out = tag(capsys, str(tagger), "--conllu", "--file", str(path), "--marginals")
    expected, got = CONLLU.splitlines(), out.splitlines()
    assert got[:3] == expected[:3]
    assert got[5] == expected[5]
    for place, tagged in ((3, "PROPN"), (6, "VERB")):
        before, after = expected[place].split("\t"), got[place].split("\t")
        assert after[3] == tagged
        assert [*before[:3], *before[4:9]] == [*after[:3], *after[4:9]]
        assert "P=" in after[9]
    assert got[6].split("\t")[9].startswith("A=1|B=2|P=")
    found = tag(capsys, str(finder), "--conllu", "--file", str(path))
    assert found.splitlines()[3].endswith("\tNER=B-PER")
    assert found.splitlines()[3].split("\t")[3] == "X"


def test_the_dataset_says_which_column_has_the_tags(
    tagger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Tags of XPOS may have names of UPOS, such as SYM."""
    run = train(tmp_path, "tagging", tags="xpos")
    capsys.readouterr()
    path = tmp_path / "in.conllu"
    path.write_text(CONLLU + "\n")
    (parsed,) = conllu.parse(tag(capsys, str(run), "--conllu", "--file", str(path)))
    words = [token for token in parsed if isinstance(token["id"], int)]
    assert [token["upos"] for token in words] == ["X"] * 3
    assert [token["xpos"] for token in words][::2] == ["PROPN", "VERB"]
    # Tags of a corpus in columns are of UPOS if all of them are.
    for values, column in (({}, UPOS), ({"tags": None}, UPOS), ({"tags": "xpos"}, XPOS)):
        stored = json.loads((tagger / "run.json").read_text())
        (run / "run.json").write_text(json.dumps(stored | values))
        for name in ("weights.safetensors", "vocabulary.json"):
            shutil.copyfile(tagger / name, run / name)
        assert open_answers(run, False, 1).column == column


def test_conllu_of_plain_sentences(finder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tag(capsys, str(finder), "", "Ann saw Oslo .", "--format", "conllu")
    (sentence,) = conllu.parse(out)
    assert sentence.metadata == {"sent_id": "2"}
    assert [token["form"] for token in sentence] == ["Ann", "saw", "Oslo", "."]
    assert sentence[2]["misc"] == {"NER": "B-LOC"}


def test_coloured_lines(tagger: Path, finder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tag(capsys, str(finder), "Ann saw New York .", "--format", "colour", "--marginals")
    assert out.count("\n") == 1
    assert "mNew York\x1b[2m/LOC " in out
    assert " saw " in out
    assert "%\x1b[0m" in out
    out = tag(capsys, str(tagger), "Ann saw", "--format", "colour", "--k-best", "2")
    assert out.startswith("1 (-")
    assert "mAnn\x1b[2m/PROPN\x1b[0m" in out


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("1\tVa\n", "line 1: not CoNLL-U: has 2 columns, not 10"),
        (
            "# x\n" + "\t".join(["x", *"abcdefghi"]) + "\n",
            "has the id 'x', which is not the number of a word",
        ),
    ],
)
def test_wrong_conllu(
    tagger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, message: str
) -> None:
    (tmp_path / "x").write_text(content)
    assert main(["tag", str(tagger), "--conllu", "--file", str(tmp_path / "x")]) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert message in err


def test_wrong_use(tagger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tag", str(tagger), "Ann", "--conllu"]) == 2
    assert "do not give texts" in capsys.readouterr().err
    assert main(["tag", str(tmp_path), "Ann"]) == 1
    assert "is not a trained run" in capsys.readouterr().err
    assert main(["tag", str(tagger), "Ann", "--format", "xml"]) == 2
    (tmp_path / "long.txt").write_text("Ann left\n" + "a " * 10_001)
    assert main(["tag", str(tagger), "--file", str(tmp_path / "long.txt")]) == 1
    out, err = capsys.readouterr()
    assert out == "Ann\tPROPN\nleft\tVERB\n\n"
    assert "long.txt, line 2: 10,001 words, but a sentence can have" in err


def test_damaged_runs(tmp_path: Path) -> None:
    run = train(tmp_path, "tagging")
    stored = json.loads((run / "vocabulary.json").read_text())
    stored["tags"].append("ZZZ")
    (run / "vocabulary.json").write_text(json.dumps(stored))
    with pytest.raises(UserError, match="vocabulary has changed since training"):
        load_labeller(run)


@pytest.mark.parametrize("arguments", [["--marginals"], ["--k-best", "2"], ["--conllu"]])
def test_a_decomposed_word_is_known_and_given_back(
    tagger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """An accent may be a character of its own, as on a Mac: the model sees the same word."""
    found = []
    for form in ("NFC", "NFD"):
        name = unicodedata.normalize(form, "Zoé")
        text = f"1\t{name}" + "\t_" * 8 + "\n" if "--conllu" in arguments else f"{name} left\n"
        (tmp_path / "text").write_text(text, encoding="utf-8")
        out = tag(capsys, str(tagger), "--file", str(tmp_path / "text"), *arguments)
        assert name in out
        found.append(out)
    composed, decomposed = found
    assert composed != decomposed
    assert unicodedata.normalize("NFC", decomposed) == composed


# Pretrained vectors


def test_vectors_reach_words_that_training_lacks(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    place, verb = rng.normal(size=(2, 8))
    rows = {"Oslo": place, "Rome": place, "Lima": place, "saw": verb, "left": verb, "met": verb}
    source = tmp_path / "vectors.txt"
    source.write_text("".join(f"{w} {' '.join(map(str, v))}\n" for w, v in rows.items()))
    run = train(tmp_path, "tagging", vectors=str(source), characters=None)
    card = json.loads((run / "card.json").read_text())
    assert card["vectors"]["exact"] == 4
    labeller, _, _ = load_labeller(run)
    sentence = ["Ann", "met", "Lima", "xyzzy"]
    ids = labeller.read([sentence]).words[0].tolist()
    assert ids[1:] == [labeller.vocabulary.word_count, labeller.vocabulary.word_count + 1, 1]
    embedding = labeller.network.tagger.embedding
    found = embedding(torch.tensor(ids))[1:3].detach().numpy()
    np.testing.assert_allclose(found, [verb, place], rtol=1e-5)
    assert labeller.read([sentence]).words[0].tolist() == ids
    with pytest.raises(UserError, match="embedding to 8"):
        train(tmp_path / "other", "tagging", vectors=str(source), embedding=9)


@pytest.mark.parametrize("changed", ["words.npy", "words.txt"])
def test_vectors_that_have_changed_since_training_are_refused(
    tmp_path: Path, changed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "words.npy"
    np.save(source, np.random.default_rng(0).normal(size=(3, 8)).astype("f4"))
    words = source.with_suffix(".txt")
    words.write_text("Oslo\nLima\nmet\n")
    run = train(tmp_path, "tagging", vectors=str(source), characters=None)
    capsys.readouterr()
    assert tag(capsys, str(run), "Ann met Lima .")
    file = tmp_path / changed
    before = file_digest(file)
    content = bytearray(file.read_bytes())
    content[-2] ^= 1
    file.write_bytes(content)
    with pytest.raises(UserError) as caught:
        load_labeller(run)
    assert str(caught.value) == (
        f"run {run}: the file of vectors has changed since training: the sha256 of {changed} is "
        f"{file_digest(file)}, not {before}; put the old one back or train the run again"
    )
    source.unlink()
    with pytest.raises(UserError, match=r"words\.npy is missing"):
        load_labeller(run)


def test_entities_are_written_as_iob2(finder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tag(capsys, str(finder), "Ann saw New York .")
    tags = [line.split("\t")[1] for line in out.strip().splitlines()]
    assert [span.type for span in read_spans(tags)[0]] == ["PER", "LOC"]
