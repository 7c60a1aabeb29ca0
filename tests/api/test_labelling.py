"""Which tags a run's answers show, and how probable these are; the networks are untrained ones."""

from itertools import product

import numpy as np
import pytest
import torch

from nlpflow.api.labelling import SentenceTagger
from nlpflow.settings.labelling import EntitiesExperiment
from nlpflow.tasks.labelling.labeller import Labeller
from nlpflow.tasks.labelling.model import build_network
from nlpflow.text.tag_schemes import Scheme, read_spans, write_tags
from nlpflow.vocabulary.tags import build_label_vocabulary

WORDS = ["a", "b", "c"]


def labeller(seed: int, tags: list[str]) -> Labeller:
    """Independent tags at random, so that most sequences are invalid."""
    torch.manual_seed(seed)
    vocabulary = build_label_vocabulary([WORDS], [tags])
    model = {"embedding": 8, "hidden": 8, "dropout": 0.0, "affixes": None, "embedding_std": 1.0}
    model |= {"output": "softmax"}
    settings = EntitiesExperiment(task="entities", dataset="d", model=model)
    network = build_network(settings.model, settings.training.loss, vocabulary)
    with torch.no_grad():
        for weights in network.parameters():
            weights.mul_(4)
    return Labeller(network.eval(), vocabulary, torch.device("cpu"))


def shown(tags: tuple[str, ...], scheme: Scheme) -> tuple[str, ...]:
    return tuple(write_tags(read_spans(tags, scheme)[0], len(tags)))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("scheme", "tags"),
    [
        ("IOB2", ["O", "B-LOC", "I-LOC"]),
        ("IOB2", ["B-LOC", "I-LOC", "I-PER"]),  # none is outside
        ("IOBES", ["O", "B-LOC", "I-LOC", "E-LOC", "S-LOC"]),
    ],
)
@pytest.mark.parametrize("top", [1, 2, 8, 100])
def test_answers_differ_and_have_their_own_probabilities(
    seed: int, scheme: Scheme, tags: list[str], top: int
) -> None:
    model = labeller(seed, tags)
    table = model.probabilities([WORDS])[0].astype(np.float64)
    names = model.vocabulary.tags
    best: dict[tuple[str, ...], tuple[float, list[float]]] = {}
    for numbers in product(range(len(names)), repeat=len(WORDS)):
        own = tuple(names[number] for number in numbers)
        seen = shown(own, scheme)
        score = float(np.log(table[range(len(WORDS)), numbers]).sum())
        told = ["O" if new == "O" else tag for new, tag in zip(seen, own, strict=True)]
        shares = [table[at, names.index(tag)] if tag in names else 0 for at, tag in enumerate(told)]
        if seen not in best or score > best[seen][0]:
            best[seen] = score, shares
    expected = sorted(best.items(), key=lambda item: -item[1][0])[:top]
    nothing, found = SentenceTagger(model, "none", scheme).k_best([[], WORDS], top, True)
    assert [one.tags for one in nothing] == [[]]
    assert [tuple(one.tags) for one in found] == [tags for tags, _ in expected]
    for one, (_, (score, shares)) in zip(found, expected, strict=True):
        assert one.probabilities == pytest.approx(shares, abs=1e-6)
        if top > 1:
            assert one.score == pytest.approx(score, abs=1e-4)


def test_parts_of_speech_are_shown_as_they_are() -> None:
    model = labeller(1, ["O", "B-LOC", "I-LOC"])
    (found,) = SentenceTagger(model, "none", None).k_best(["a b c"], 27, True)
    assert len({tuple(one.tags) for one in found}) == 27
