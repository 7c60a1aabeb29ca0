"""Baselines of questions, and what training can know."""

import pandas as pd
import pytest

from nlpflow.tasks.questions.baselines import by_beginning, fixed
from nlpflow.tasks.questions.counting import COUNTINGS, known_answers
from nlpflow.tasks.translation.learner import TranslationTestSet

QUESTIONS = ["who is a", "who is b", "where is c", "where was d", "who is e"]
ANSWERS = ["Ann", "Ann", "Rome", "Oslo", "Bob"]


def test_fixed_answer() -> None:
    assert fixed(QUESTIONS, ANSWERS)(["what", "who is x"]) == ["Ann", "Ann"]
    assert fixed(["a", "b"], ["z", "y"])(["c"]) == ["y"]  # the first by code point


def test_answer_by_the_first_two_words() -> None:
    predict = by_beginning(QUESTIONS, ANSWERS)
    assert predict(["Who is z", "where was it", "where is"]) == ["Ann", "Oslo", "Rome"]
    assert predict(["when", ""]) == ["Ann", "Ann"]


def test_which_answers_training_has() -> None:
    test_set = TranslationTestSet(["q1", "q2"], [["the ROME!", "Milan"], ["Paris"]], raw=True)
    found = known_answers(test_set, ANSWERS)
    assert [found.names[number] for number in found.numbers] == ["in training", "new"]


def test_counting() -> None:
    counted = COUNTINGS["questions"].counted(["ann", "x"], [["Ann"], ["Rome"]], ANSWERS)
    assert isinstance(counted, pd.DataFrame)
    assert COUNTINGS["questions"].scores(counted) == pytest.approx({"exact": 50, "word_f1": 50})
