"""What tagging and entities report of a test set, against counts by hand."""

import pytest

from nlpflow.prepare.tagged import Sentence
from nlpflow.tasks.labelling.scoring import EntityScoring, TagScoring, tagged_test_set

TRAIN = [
    Sentence(["the", "run", "was", "slow"], ["DET", "NOUN", "VERB", "ADJ"]),
    Sentence(["they", "run"], ["PRON", "VERB"]),
]
TEST = [
    Sentence(["they", "run"], ["PRON", "VERB"], in_train=True),
    Sentence(["the", "slowly", "Early", "dog", "was"], ["DET", "ADV", "ADV", "NOUN", "VERB"]),
]
FOUND = [["PRON", "NOUN"], ["DET", "ADV", "ADJ", "NOUN", "VERB"]]


def test_accuracy_by_kind_of_word() -> None:
    report = TagScoring().report(tagged_test_set(TEST, TRAIN), FOUND)
    assert report.scores == pytest.approx(
        {
            "accuracy": 100 * 5 / 7,
            "accuracy_seen": 100 * 3 / 4,
            "accuracy_unseen": 100 * 2 / 3,
            "accuracy_ambiguous": 0.0,
            "accuracy_unseen_ly": 50.0,
            "accuracy_without_overlap": 80.0,
            "f1_macro": 100 * (1 + 1 + 2 / 3 + 2 / 3 + 2 / 3) / 5,
        }
    )
    rows = {row[0]: row[1:] for row in report.by_tag.values.tolist()}
    assert rows["ADV"] == pytest.approx([100, 50, 200 / 3, 2])
    assert rows["ADJ"] == [0, 0, 0, 0]
    assert report.by_frequency["words"].sum() == 7
    assert report.by_frequency.values.tolist()[0] == ["0", 3, pytest.approx(200 / 3)]


def test_what_cannot_be_measured_is_left_out() -> None:
    known = [Sentence(["they"], ["PRON"], in_train=True)]
    report = TagScoring().report(tagged_test_set(known, TRAIN), [["PRON"]])
    assert report.scores == {"accuracy": 100, "accuracy_seen": 100, "f1_macro": 100}


def test_dev_scores() -> None:
    gold = [sentence.tags for sentence in TEST]
    assert TagScoring().dev_scores(gold, FOUND) == {"accuracy": pytest.approx(100 * 5 / 7)}
    found = EntityScoring("IOB2").dev_scores(
        [["B-A", "I-A", "O", "B-B"]], [["B-A", "O", "O", "B-B"]]
    )
    assert found == {"f1": 50, "precision": 50, "recall": 50}


@pytest.mark.parametrize("scheme", ["IOB2", "IOBES"])
def test_entities(scheme) -> None:
    single = "S" if scheme == "IOBES" else "B"
    last = "E" if scheme == "IOBES" else "I"
    test = [
        Sentence(["New", "York"], ["B-LOC", f"{last}-LOC"], in_train=True),
        Sentence(["in", "Paris", "with", "Ann"], ["O", f"{single}-LOC", "O", f"{single}-PER"]),
    ]
    found = [["B-LOC", f"{last}-LOC"], ["O", f"{single}-PER", "I-PER", f"{single}-PER"]]
    report = EntityScoring(scheme).report(tagged_test_set(test, []), found)
    whole = {"IOB2": 2, "IOBES": 3}[scheme]  # IOB2 takes "Paris with" for one entity
    assert report.scores == pytest.approx(
        {
            "precision": 100 * 2 / 3,
            "recall": 100 * 2 / 3,
            "f1": 100 * 2 / 3,
            "invalid_sequences": whole - 2,
            "f1_without_overlap": 50,
        }
    )
    rows = {row[0]: row[1:] for row in report.by_tag.values.tolist()}
    assert rows["LOC"] == pytest.approx([100, 50, 200 / 3, 2])
    assert rows["PER"] == pytest.approx([50, 100, 200 / 3, 1])
    assert report.by_frequency["words"].sum() == 4
