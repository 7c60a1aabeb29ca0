"""A training set that holds nothing to learn from ends in one line, not in an untrained run."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from asked import training_job
from nlpflow.errors import UserError
from nlpflow.jobs import imported
from nlpflow.prepare.tagged import PreparedTags, write_prepared
from nlpflow.settings.checks import checked
from nlpflow.settings.data import SentenceDataset, TaggedDataset
from nlpflow.settings.tasks import TASKS

WINDOWS = {"optimiser": "sgd", "learning_rate": 0.1, "epochs": 2}
WINDOW = {"dimension": 4, "subsample": None}
NETWORK = {"embedding": 4, "hidden": 4}


def write_sentences(folder: Path, sentences: list[str]) -> None:
    for split in ("train", "dev"):
        pd.DataFrame({"sentence": sentences, "language": "eng"}).to_parquet(
            folder / f"{split}.parquet"
        )


def write_tagged(folder: Path, tag: str) -> None:
    words = [["some", "words"]] * 9
    table = pd.DataFrame({"sentence": np.arange(9), "words": words, "in_train": False})
    table["tags"] = [[tag, tag]] * 9
    nothing = pd.DataFrame({"step": ["read"]})
    write_prepared(PreparedTags(dict.fromkeys(("train", "dev"), table), nothing, nothing), folder)


CASES = {
    "skip-gram on words alone": ("embeddings", {"model": WINDOW | {"kind": "skipgram"}}),
    "cbow on words alone": ("embeddings", {"model": WINDOW | {"kind": "cbow"}}),
    "one language": ("language_id", {"model": {"features": "words"}}),
    "one tag": ("tagging", {"model": NETWORK}),
    "no entity": ("entities", {"model": NETWORK | {"output": "crf"}}),
}


@pytest.mark.parametrize("case", CASES)
def test_nothing_to_learn_from(case: str, tmp_path: Path) -> None:
    task, values = CASES[case]
    if task in ("embeddings", "language_id"):
        write_sentences(tmp_path, list("aabbccddee"))
        dataset = SentenceDataset(kind="sentences", corpora=("c",))
    else:
        write_tagged(tmp_path, "O" if task == "entities" else "NOUN")
        dataset = TaggedDataset(kind="labelled", corpus="c")
    values = {"task": task, "dataset": "d"} | values
    if task == "embeddings":
        values |= {"words": {"min_count": 1}, "training": WINDOWS}
    settings = checked(TASKS[task].experiment, values, "test")
    job = training_job(settings, dataset, tmp_path, tmp_path / "run")
    with pytest.raises(UserError, match="epoch 1 had nothing to learn from") as failure:
        imported(TASKS[task].train)(job)
    assert "\n" not in str(failure.value)
    assert not (tmp_path / "run/run.json").exists()


@pytest.mark.parametrize("kind", ["skipgram", "cbow"])
def test_a_dev_set_of_words_alone_chooses_no_epoch(kind: str, tmp_path: Path) -> None:
    write_sentences(tmp_path, ["some words", "other words", "some other words"])
    pd.DataFrame({"sentence": ["some", "words"], "language": "eng"}).to_parquet(
        tmp_path / "dev.parquet"
    )
    values = {"task": "embeddings", "dataset": "d", "model": WINDOW | {"kind": kind}}
    values |= {"words": {"min_count": 1, "max_size": 9}, "training": WINDOWS}
    settings = checked(TASKS["embeddings"].experiment, values, "test")
    dataset = SentenceDataset(kind="sentences", corpora=("c",))
    job = training_job(settings, dataset, tmp_path, tmp_path / "run")
    with pytest.raises(UserError, match="no line of the dev set has two words of the vocabulary"):
        imported(TASKS["embeddings"].train)(job)
