"""Labelling for the loop: batches, losses, and that the tutorials' examples are learnt."""

from itertools import product

import numpy as np
import pytest
import torch
from torch.nn import functional

from nlpflow.models.bilstm_crf import NO_TAG
from nlpflow.prepare.tagged import Sentence
from nlpflow.settings.labelling import EntitiesExperiment, LabellingExperiment, TaggingExperiment
from nlpflow.tasks.labelling.labeller import Labeller
from nlpflow.tasks.labelling.learner import LabellingLearner
from nlpflow.tasks.labelling.model import build_network
from nlpflow.tasks.labelling.scoring import EntityScoring, TagScoring
from nlpflow.training.loop import fit
from nlpflow.vocabulary import PAD, UNK
from nlpflow.vocabulary.tags import build_label_vocabulary

CPU = torch.device("cpu")
# The data of the PyTorch tutorials "Sequence Models" and "Advanced: Making Dynamic Decisions".
DOGS = """The/DET dog/NN ate/V the/DET apple/NN
Everybody/NN read/V that/DET book/NN"""
NEWS = """the/B-X wall/I-X street/I-X journal/I-X reported/O that/O apple/B-X made/O money/O
georgia/B-X tech/I-X is/O a/O university/O in/O georgia/B-X"""


def tagged(text: str) -> list[Sentence]:
    pairs = [[word.split("/") for word in line.split()] for line in text.split("\n")]
    return [Sentence([w for w, _ in row], [t for _, t in row]) for row in pairs]


SMALL = {"embedding": 12, "hidden": 12, "dropout": 0.0, "word_dropout": 0.0, "affixes": None}
SMALL |= {"embedding_std": 1.0}
CONSTANT = {"batch_size": 4, "schedule": "constant", "learning_rate": 0.001, "average": 1}
LETTERS = {"embedding": 4, "hidden": 5}


def sentences(seed: int, count: int) -> list[Sentence]:
    rng = np.random.default_rng(seed)
    rows = [rng.choice(list("abcdefgh"), rng.integers(1, 7)).tolist() for _ in range(count)]
    return [Sentence(words, [f"T{ord(word) % 3}" for word in words]) for words in rows]


TRAIN, DEV = sentences(1, 23), sentences(2, 7)


def learner(
    train: list[Sentence] = TRAIN,
    dev: list[Sentence] = DEV,
    seed: int = 1,
    kind: type[LabellingExperiment] = TaggingExperiment,
    training: dict | None = None,
    **model,
) -> LabellingLearner:
    task = "tagging" if kind is TaggingExperiment else "entities"
    settings = kind(
        task=task,
        dataset="d",
        model=SMALL | model,
        training=CONSTANT | (training or {}),
    )
    affixes = settings.model.affixes
    vocabulary = build_label_vocabulary(
        [sentence.words for sentence in train],
        [sentence.tags for sentence in train],
        longest_affix=affixes.longest if affixes else 0,
        shapes=bool(affixes and affixes.shape),
    )
    torch.manual_seed(seed)
    network = build_network(settings.model, settings.training.loss, vocabulary)
    scoring = TagScoring() if task == "tagging" else EntityScoring("IOB2")
    return LabellingLearner(Labeller(network, vocabulary, CPU), settings, train, dev, scoring, seed)


def rows(found: LabellingLearner, epoch: int) -> list[tuple[list[int], list[int]]]:
    return [
        (words[:length].tolist(), tags[:length].tolist())
        for batch in found.batches(epoch)
        for words, length, tags in zip(*batch.inputs[:2], batch.tags, strict=True)
    ]


def test_an_epoch_has_every_sentence_once() -> None:
    found = learner()
    vocabulary = found.labeller.vocabulary
    expected = [
        (vocabulary.encode(s.words), [vocabulary.tag_ids[tag] for tag in s.tags]) for s in TRAIN
    ]
    assert sorted(rows(found, 1)) == sorted(expected)
    for batch in found.batches(1):
        behind = torch.arange(batch.tags.shape[1]) >= batch.inputs.lengths[:, None]
        assert (batch.inputs.words[behind] == PAD).all()
        assert (batch.tags[behind] == NO_TAG).all()
        assert batch.inputs.spellings is None


def test_order_and_unknown_words_depend_on_seed_and_epoch_alone() -> None:
    settings = {"word_dropout": 2.0, "characters": LETTERS | {"dropout": 0.3}}
    first = learner(**settings)
    torch.manual_seed(99)
    assert rows(first, 3) == rows(learner(**settings), 3)
    assert rows(first, 3) == rows(first, 3)
    assert rows(first, 3) != rows(first, 4)
    assert rows(first, 3) != rows(learner(seed=2, **settings), 3)
    one, other = (list(x.batches(3)) for x in (first, learner(**settings)))
    for left, right in zip(one, other, strict=True):
        assert torch.equal(left.inputs.spellings.characters, right.inputs.spellings.characters)


def test_words_and_letters_are_replaced_by_unknown() -> None:
    found = learner(word_dropout=5.0, characters=LETTERS | {"dropout": 0.5})
    batches = [batch for epoch in range(1, 20) for batch in found.batches(epoch)]
    words = torch.cat([b.inputs.words[b.inputs.words != PAD] for b in batches])
    counts = torch.tensor(found.labeller.vocabulary.counts)
    expected = (counts * 5.0 / (5.0 + counts)).sum() / counts.sum()
    assert float((words == UNK).float().mean()) == pytest.approx(float(expected), abs=0.05)
    letters = torch.cat([b.inputs.spellings.characters.flatten() for b in batches])
    assert float((letters == UNK).float().mean()) == pytest.approx(0.5, abs=0.05)


def test_softmax_loss_is_the_negative_log_likelihood() -> None:
    found = learner(characters=LETTERS)
    for batch in found.batches(1):
        loss, words = found.loss(batch, 1)
        emissions = found.model.tagger(*batch.inputs)
        inside = batch.tags != NO_TAG
        chosen = functional.log_softmax(emissions, 2).gather(2, batch.tags.clamp_min(0)[..., None])
        torch.testing.assert_close(loss, -chosen.squeeze(2)[inside].sum())
        assert words == int(inside.sum())


@pytest.mark.parametrize("loss", ["nll", "perceptron", "hinge"])
def test_crf_losses_equal_enumeration(loss: str) -> None:
    found = learner(output="crf", training={"loss": loss})
    crf = found.model.crf
    batch = next(iter(found.batches(1)))
    expected = 0.0
    for words, length, tags in zip(*batch.inputs[:2], batch.tags, strict=True):
        emissions = found.model.tagger(words[None, :length], length[None], None)
        mask = torch.ones(1, int(length), dtype=torch.bool)
        every = torch.tensor([
            float(crf.score(emissions, mask, torch.tensor([path])).detach())
            + (loss == "hinge") * sum(a != b for a, b in zip(path, tags.tolist(), strict=False))
            for path in product(range(len(found.labeller.vocabulary.tags)), repeat=int(length))
        ])  # fmt: skip
        best = every.logsumexp(0) if loss == "nll" else every.max()
        expected += float(best - crf.score(emissions, mask, tags[None, :length]).detach())
    value, count = found.loss(batch, 1)
    assert float(value.detach()) == pytest.approx(expected, rel=1e-4, abs=1e-4)
    assert count == int(batch.inputs.lengths.sum())


@pytest.mark.parametrize("output", ["softmax", "crf"])
def test_dev_tags_that_training_lacks_are_left_out_of_the_loss(output: str) -> None:
    known = Sentence(["a", "b"], ["T1", "T2"])
    strange = Sentence(["a", "b"], ["T1", "NEW"])
    both = learner(dev=[known, strange], output=output).validate()
    assert both["accuracy"] <= 75
    if output == "crf":  # the whole sentence is left out
        alone = learner(dev=[known], output=output).validate()
        assert both["loss"] == pytest.approx(alone["loss"])
    nothing = learner(dev=[Sentence(["a"], ["NEW"])], output=output).validate()
    assert (nothing["loss"], nothing["accuracy"]) == (0.0, 0.0)


@pytest.mark.parametrize(
    "model",
    [
        {"output": "softmax"},
        {"output": "softmax", "bidirectional": False, "layers": 2},
        {"output": "softmax", "characters": LETTERS},
        {"output": "crf"},
    ],
)
def test_tutorials_tagger_is_learnt(model: dict) -> None:
    training = {"epochs": 30, "patience": 30, "learning_rate": 0.05, "batch_size": 2}
    found = learner(tagged(DOGS), tagged(DOGS), training=training, **model)
    trained = fit(found, found.settings.training, "dogs")
    assert trained.history["dev_accuracy"].max() == 100
    found.model.load_state_dict(trained.weights)
    assert found.labeller.label([s.words for s in found.dev]) == [s.tags for s in found.dev]


@pytest.mark.parametrize(
    ("loss", "constraints"), [("nll", False), ("nll", True), ("perceptron", False), ("hinge", True)]
)
def test_tutorials_entities_are_learnt(loss: str, constraints: bool) -> None:
    training = {"epochs": 30, "patience": 30, "learning_rate": 0.05, "loss": loss}
    news = tagged(NEWS)
    found = learner(
        news,
        news,
        1,
        EntitiesExperiment,
        training,
        output="crf",
        scheme="IOB2",
        constraints=constraints,
    )
    trained = fit(found, found.settings.training, "news")
    assert trained.history["dev_f1"].max() == 100
    assert (trained.history["train_loss"] >= 0).all()
    assert trained.history["train_loss"].iloc[-1] < trained.history["train_loss"].iloc[0]


def test_unseen_words_in_ly_need_letters() -> None:
    """The tutorial's promise of affixes, on words made up for it."""
    stems = ["".join(letters) for letters in product("bdk", "ae", "lmr", "io")]
    rows_ = [[stem + ending for ending in ("ly", "ed", "")] for stem in stems]
    made = [Sentence(words, ["ADV", "VERB", "NOUN"][: len(words)]) for words in rows_]
    # Each word alone: nothing but its letters can say what it is.
    alone = [Sentence([w], [t]) for s in made for w, t in zip(s.words, s.tags, strict=True)]
    train, dev = alone[:-18], alone[-18:]
    training = {"epochs": 12, "patience": 12, "learning_rate": 0.03, "batch_size": 8}
    scores = {}
    models = {
        "characters": {"characters": LETTERS},
        "affixes": {"affixes": {"embedding": 6}},
        "neither": {},
    }
    for name, model in models.items():
        found = learner(train, dev, training=training, word_dropout=0.5, **model)
        scores[name] = fit(found, found.settings.training, name).history["dev_accuracy"].max()
    assert scores["characters"] >= 95
    assert scores["affixes"] >= 95
    assert scores["neither"] <= 40


def test_word_and_affix_embeddings_start_at_their_standard_deviation() -> None:
    news = [Sentence([f"w{n}" for n in range(500)] * 2, ["T"] * 1000)]
    tagger = learner(news, embedding=40, embedding_std=0.2, affixes={}).model.tagger
    for embedding in (tagger.embedding, tagger.affixes.embedding):
        assert float(embedding.weight[1:].detach().std()) == pytest.approx(0.2, rel=0.03)
    assert not tagger.embedding.weight[0].detach().any()
