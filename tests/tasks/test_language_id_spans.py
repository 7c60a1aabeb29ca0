"""Spans of sentences as further training examples of language identification."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from pydantic import ValidationError

from asked import training_job
from nlpflow.settings.data import SentenceDataset
from nlpflow.settings.language_id import LanguageIdExperiment, LanguageIdSpans
from nlpflow.settings.training import Training
from nlpflow.tables import read_table
from nlpflow.tasks.language_id.features import CharacterNgrams
from nlpflow.tasks.language_id.identifier import load_identifier
from nlpflow.tasks.language_id.learner import LanguageIdLearner
from nlpflow.tasks.language_id.sentences import LanguageSentences
from nlpflow.tasks.language_id.spans import SpanSource, short_texts
from nlpflow.tasks.language_id.training import train, untrained

LANGUAGES = ("aaa", "bbb")


def data(**texts: list[str]) -> LanguageSentences:
    rows = [(text, language) for language, own in texts.items() for text in own]
    return LanguageSentences.of(pd.DataFrame(rows, columns=["sentence", "language"]), LANGUAGES)


TRAIN = data(
    aaa=[f"ka{i} lo{i} mi tu na, ka lo." for i in "xyz"] * 100 + ["?!"],
    bbb=[f"Und{i} ig sch! Ert und na" for i in "xyz"] * 10,
)
DEV = data(aaa=["only dev has these words", "na"], bbb=["nor does train know der", "na"])


def learner(spans: LanguageIdSpans) -> LanguageIdLearner:
    features = CharacterNgrams(3, 256, "space")
    model = untrained(features, 2, 1)
    return LanguageIdLearner(model, features, TRAIN, DEV, 16, 5, torch.device("cpu"), spans)


def drawn(spans: LanguageIdSpans, epoch: int = 1) -> list[tuple[str, int]]:
    """The texts of an epoch behind the training sentences, with their languages."""
    texts = learner(spans).texts(epoch)
    count = len(TRAIN.sentences)
    assert texts.sentences[:count].equals(TRAIN.sentences)
    assert texts.languages[:count].tolist() == TRAIN.languages.tolist()
    return list(
        zip(texts.sentences[count:].to_pylist(), texts.languages[count:].tolist(), strict=True)
    )


def test_spans_are_substrings_of_training_sentences_of_their_language() -> None:
    for text, language in drawn(LanguageIdSpans(per_sentence=2)):
        own = TRAIN.sentences.take(np.flatnonzero(TRAIN.languages == language)).to_pylist()
        assert any(text in sentence for sentence in set(own))


def test_spans_depend_on_seed_and_epoch_alone() -> None:
    spans = LanguageIdSpans(per_sentence=1)
    assert drawn(spans, 2) == drawn(spans, 2)
    assert drawn(spans, 2) != drawn(spans, 3)
    mine = learner(spans)
    other = replace(mine, seed=6)
    assert mine.texts(2).sentences.to_pylist() != other.texts(2).sentences.to_pylist()
    # Going back, as after an interruption, gives the same texts and batches again.
    before = [batch.tolist() for batch in mine.batches(1)], mine.texts(1).sentences.to_pylist()
    mine.batches(2)
    assert ([batch.tolist() for batch in mine.batches(1)], mine.texts(1).sentences.to_pylist()) == (
        before
    )
    assert sorted(i for batch in before[0] for i in batch) == list(range(len(before[1])))


def test_without_spans_an_epoch_is_the_training_set() -> None:
    assert learner(LanguageIdSpans()).texts(3) is TRAIN


def test_shares_hold() -> None:
    shares = {"words": 0.6, "pairs": 0.1, "cuts": 0.3}
    spans = drawn(LanguageIdSpans(per_sentence=10, **shares))
    with_words = len(TRAIN.sentences) - 1  # "?!" gives no span
    assert len(spans) == 10 * with_words
    words = np.array([len(text.split()) for text, _ in spans])
    assert (words == 1).mean() == pytest.approx(0.6, abs=0.03)
    # A cut of 2 to 5 (in `aaa`: 7) words is a pair as well.
    assert (words == 2).mean() == pytest.approx(0.1 + 0.3 * (1 / 6 + 1 / 4) / 2, abs=0.03)
    (only,) = {
        len(text.split())
        for text, _ in drawn(LanguageIdSpans(per_sentence=1, words=1, pairs=0, cuts=0))
    }
    assert only == 1


@pytest.mark.parametrize(
    ("exponent", "share"), [(0.0, 1 / 2), (0.5, 10**0.5 / (1 + 10**0.5)), (1.0, 10 / 11)]
)
def test_languages_are_balanced(exponent: float, share: float) -> None:
    spans = drawn(LanguageIdSpans(per_sentence=10, language_exponent=exponent))
    first = np.mean([language == 0 for _, language in spans])
    assert first == pytest.approx(share, abs=0.03)


@pytest.mark.parametrize(
    "shares", [{"words": 0.9}, {"words": 0, "pairs": 0, "cuts": 0}, {"cuts": -0.2}]
)
def test_shares_that_do_not_sum_to_one(shares: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        LanguageIdSpans(**shares)


def test_short_dev_texts_are_of_dev_and_of_one_language() -> None:
    texts = short_texts(DEV)
    own = {
        "only": 0, "dev": 0, "has": 0, "these": 0, "words": 0,
        "nor": 1, "does": 1, "train": 1, "know": 1, "der": 1,
    }  # fmt: skip
    found = texts["words"]
    assert dict(zip(found.sentences.to_pylist(), found.languages.tolist(), strict=True)) == own
    assert "has these" in texts["pairs"].sentences.to_pylist()
    assert short_texts(data(aaa=["1"], bbb=["?"])) == {}
    assert SpanSource.of(DEV).draw_evenly("words", 5).languages.tolist() == [0] * 5 + [1] * 5


def test_training_on_spans_identifies_single_words(tmp_path: Path) -> None:
    """In sentences a sign tells the languages apart; spans do not have it, so words must."""
    rng = np.random.default_rng(0)
    own = {"aaa": ["kalo", "mitu", "lomi"], "bbb": ["kola", "tumi", "milo"]}
    for split, size in {"train": 300, "dev": 30}.items():
        rows = [
            (f"{' '.join(rng.choice(words, 4))} {sign * 3}", language)
            for (language, words), sign in zip(own.items(), "!?", strict=True)
            for _ in range(size if language == "aaa" else size // 10)
        ]
        table = pd.DataFrame(rows, columns=["raw", "language"])
        table.assign(sentence=table["raw"]).to_parquet(tmp_path / f"{split}.parquet")
    right = {}
    for name, spans in {"sentences": {}, "spans": {"per_sentence": 1}}.items():
        settings = LanguageIdExperiment(
            task="language_id",
            dataset="d",
            model={"features": "characters", "buckets": 1024, "ends": "space"},
            spans=spans,
            training=Training(learning_rate=0.01, batch_size=16, epochs=2),
        )
        dataset = SentenceDataset(kind="sentences", corpora=("c",))
        train(training_job(settings, dataset, tmp_path, tmp_path / name))
        identifier, _ = load_identifier(tmp_path / name)
        answers = identifier.identify(own["bbb"])
        right[name] = sum(answer[0].language == "bbb" for answer in answers)
        history = read_table(tmp_path / name / "history.tsv")
        assert history["dev_accuracy_words"].between(0, 100).all()
    assert right["spans"] == 3
    assert right["sentences"] < 3
