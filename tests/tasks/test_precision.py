"""Every loss in half precision is near that in fp32 and teaches as much.

Sentences have 200 words and batches are large: a sum in bf16 or fp16 would be off by per cents, or
infinite.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import torch
from torch import Tensor

from nlpflow.models.precision import autocast
from nlpflow.models.seq2seq import Seq2Seq
from nlpflow.prepare.tagged import Sentence
from nlpflow.settings.checks import checked
from nlpflow.settings.embeddings import EmbeddingsExperiment
from nlpflow.settings.labelling import TaggingExperiment
from nlpflow.settings.translation import TranslationExperiment
from nlpflow.settings.vocabulary import VocabularySettings
from nlpflow.tasks.embeddings.text import Text
from nlpflow.tasks.embeddings.training import build_learner
from nlpflow.tasks.labelling.labeller import Labeller
from nlpflow.tasks.labelling.learner import LabellingLearner
from nlpflow.tasks.labelling.model import build_network
from nlpflow.tasks.labelling.scoring import TagScoring
from nlpflow.tasks.language_id.features import CharacterNgrams
from nlpflow.tasks.language_id.learner import LanguageIdLearner
from nlpflow.tasks.language_id.sentences import LanguageSentences
from nlpflow.tasks.language_id.training import untrained
from nlpflow.tasks.translation.learner import TranslationLearner, TranslationTestSet
from nlpflow.tasks.translation.model import build_seq2seq
from nlpflow.tasks.translation.translator import Translator
from nlpflow.training.loop import Learner
from nlpflow.vocabulary import Words, build_vocabulary
from nlpflow.vocabulary.encoded import EncodedPairs, EncodedRows, write_encoded
from nlpflow.vocabulary.tags import build_label_vocabulary

CPU = torch.device("cpu")
NEAR = 2e-3
"""Relative: bf16 has a relative step of 8e-3, and a loss is a mean over thousands of roundings."""
SCALES = [2.0**power for power in range(16, -1, -1)]
"""What the scaler of fp16 tries until the gradients are finite."""
LENGTH, COUNT = 200, 64
WORDS = [f"w{number}" for number in range(40)]


def texts(seed: int) -> list[list[str]]:
    rng = np.random.default_rng(seed)
    return [rng.choice(WORDS, LENGTH).tolist() for _ in range(COUNT)]


def labelling(folder: Path, **values) -> Learner:
    rows = [Sentence(words, [f"T{int(word[1:]) % 9}" for word in words]) for words in texts(1)]
    loss = {"loss": values.pop("loss")} if "loss" in values else {}
    settings = TaggingExperiment(
        task="tagging",
        dataset="d",
        model={"embedding": 12, "hidden": 12, "dropout": 0.0, "word_dropout": 0.0}
        | {"affixes": None, "embedding_std": 1.0}
        | values,
        training={"batch_size": COUNT, "schedule": "constant", "learning_rate": 0.001} | loss,
    )
    vocabulary = build_label_vocabulary([row.words for row in rows], [row.tags for row in rows])
    network = build_network(settings.model, settings.training.loss, vocabulary)
    labeller = Labeller(network, vocabulary, CPU)
    return LabellingLearner(labeller, settings, rows, rows, TagScoring(), 1)


def translation(folder: Path, **training) -> Learner:
    sides = [[" ".join(words) for words in texts(seed)] for seed in (1, 2)]
    words = Words(tuple(WORDS), (1,) * len(WORDS))
    encoded = EncodedRows(*(words.encode_column(pa.array(side)) for side in sides))
    write_encoded(folder, "train", [encoded])
    pairs = EncodedPairs.open(folder, "train")
    settings = TranslationExperiment(
        task="translation",
        vocabulary="v",
        model={"attention": "additive", "embedding": 8, "hidden": 8},
        training={"batch_size": 8, "teacher_forcing": 1.0} | training,
    )
    model: Seq2Seq = build_seq2seq(settings.model, len(words), len(words), LENGTH + 1)
    translator = Translator(model, words, words, settings.decoding, CPU)
    dev = TranslationTestSet([], [], raw=False)
    return TranslationLearner(model, settings, pairs, pairs, dev, translator, 1, CPU)


def embeddings(folder: Path, **model) -> Learner:
    optimiser = {"optimiser": "adam"}
    if model["kind"] in ("skipgram", "cbow"):
        optimiser = {"optimiser": "sgd"}
        model |= {"subsample": None}
    values = {
        "task": "embeddings",
        "dataset": "d",
        "words": {"min_count": 1},
        "model": {"dimension": 12} | model,
        "training": {"batch_size": 10_000, "learning_rate": 0.1} | optimiser,
    }
    settings = checked(EmbeddingsExperiment, values, "test")
    column = pa.array([" ".join(words) for words in texts(1)])
    vocabulary = build_vocabulary(column, VocabularySettings(dataset="d", min_count=1), "training")
    text = Text.of(vocabulary, column)
    return build_learner(settings, vocabulary, text, text, 1, CPU)


def language_id(folder: Path) -> Learner:
    table = pd.DataFrame({"sentence": [" ".join(words) for words in texts(1)]})
    data = LanguageSentences.of(
        table.assign(language=["aaa", "bbb"] * (COUNT // 2)), ("aaa", "bbb")
    )
    features = CharacterNgrams(2, 64)
    return LanguageIdLearner(untrained(features, 2, 1), features, data, data, COUNT, 1, CPU)


LEARNERS: dict[str, Callable[[Path], Learner]] = {
    "softmax": labelling,
    "likelihood": lambda folder: labelling(folder, output="crf"),
    "perceptron": lambda folder: labelling(folder, output="crf", loss="perceptron"),
    "translation": translation,
    "smoothed": lambda folder: translation(folder, label_smoothing=0.1),
    "skipgram": lambda folder: embeddings(folder, kind="skipgram"),
    "cbow": lambda folder: embeddings(folder, kind="cbow"),
    "cbow, sampled": lambda folder: embeddings(folder, kind="cbow", samples=20),
    "ngram": lambda folder: embeddings(folder, kind="ngram", context=2, hidden=8),
    "ngram, sampled": lambda folder: embeddings(
        folder, kind="ngram", context=2, hidden=8, samples=20
    ),
    "lstm": lambda folder: embeddings(folder, kind="lstm", hidden=8),
    "language identification": language_id,
}


def loss_of(learner: Learner, kind: torch.dtype | None) -> tuple[float, dict[str, Tensor]]:
    """The loss of the first batch, and the gradients of a token."""
    learner.model.train()
    for scale in SCALES:
        learner.model.zero_grad()
        torch.manual_seed(1)
        with autocast(CPU, kind):
            loss, tokens = learner.loss(learner.batches(1)[0], 1)
        (loss / tokens * scale).backward()
        assert loss.dtype == torch.float32
        named = learner.model.named_parameters()
        found = {name: weight.grad.to_dense() / scale for name, weight in named}
        if all(gradient.isfinite().all() for gradient in found.values()):
            return loss.item(), found
    raise AssertionError("the gradients are not finite at any scale")


@pytest.mark.parametrize("kind", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("name", LEARNERS)
def test_half_precision_is_near(name: str, kind: torch.dtype, tmp_path: Path) -> None:
    torch.manual_seed(0)
    learner = LEARNERS[name](tmp_path)
    exact, gradients = loss_of(learner, None)
    near, found = loss_of(learner, kind)
    assert near == pytest.approx(exact, rel=NEAR)
    for weight, gradient in gradients.items():
        error = (found[weight] - gradient).norm()
        assert error <= 0.1 * gradient.norm(), (weight, float(error / gradient.norm()))


@pytest.mark.parametrize("kind", [torch.float32, torch.bfloat16, torch.float16])
def test_no_long_sentence_is_lost_to_rounding(kind: torch.dtype, tmp_path: Path) -> None:
    """One wrong word of 200 is a gradient, with the perceptron too."""
    torch.manual_seed(0)
    crf = labelling(tmp_path, output="crf", loss="perceptron").model.crf
    emissions = torch.randn(256, LENGTH, len(crf.start)).to(kind).requires_grad_()
    mask = torch.ones(256, LENGTH, dtype=torch.bool)
    tags = crf.viterbi(emissions, mask).tags.clone()
    tags[:, 100] = (tags[:, 100] + 1) % len(crf.start)
    crf.perceptron_loss(emissions, mask, tags).sum().backward()
    assert (emissions.grad.abs().sum(dim=(1, 2)) > 0).all()


@pytest.mark.parametrize("kind", [torch.bfloat16, torch.float16])
def test_an_lstm_works_on_every_processor_and_moves_no_random_number(kind: torch.dtype) -> None:
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    with autocast(CPU, kind):
        assert torch.equal(torch.rand(1), expected)
        states, _ = torch.nn.LSTM(8, 8)(torch.randn(3, 4, 8))
        (states @ torch.randn(8, 2)).sum().backward()
    assert torch.backends.mkldnn.enabled
