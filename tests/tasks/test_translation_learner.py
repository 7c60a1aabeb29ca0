"""Translation for the loop: batches, the loss of both ways of feeding, and the dev figures."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import torch
from torch.nn import functional

from nlpflow.metrics.translation import score
from nlpflow.settings.translation import TranslationExperiment
from nlpflow.tasks.translation.learner import TranslationLearner, TranslationTestSet, read_test_set
from nlpflow.tasks.translation.model import build_seq2seq
from nlpflow.tasks.translation.translator import Translator
from nlpflow.vocabulary import EOS, PAD, Words
from nlpflow.vocabulary.encoded import EncodedPairs, EncodedRows, write_encoded

SOURCE = Words(tuple("abcdefg"), (1,) * 7)
TARGET = Words(tuple("ABCDEF"), (1,) * 6)
EPOCHS = 5


def sentences(words: tuple[str, ...], seed: int, count: int) -> list[str]:
    rng = np.random.default_rng(seed)
    return [" ".join(rng.choice(words, rng.integers(1, 6))) for _ in range(count)]


TRAIN = list(zip(sentences(SOURCE.words, 1, 25), sentences(TARGET.words, 2, 25), strict=True))
DEV = list(zip(sentences(SOURCE.words, 3, 9), sentences(TARGET.words, 4, 9), strict=True))


def encoded(folder: Path, split: str, pairs: list[tuple[str, str]]) -> EncodedPairs:
    src, tgt = (pa.array([pair[side] for pair in pairs]) for side in (0, 1))
    rows = EncodedRows(SOURCE.encode_column(src), TARGET.encode_column(tgt))
    write_encoded(folder, split, [rows])
    return EncodedPairs.open(folder, split)


@pytest.fixture
def data(tmp_path: Path) -> tuple[EncodedPairs, EncodedPairs]:
    return encoded(tmp_path, "train", TRAIN), encoded(tmp_path, "dev", DEV)


def build(
    data: tuple[EncodedPairs, EncodedPairs], seed: int = 1, decoding_batch: int = 4, **training
) -> TranslationLearner:
    settings = TranslationExperiment(
        task="translation",
        vocabulary="sample",
        model={"attention": "additive", "embedding": 8, "hidden": 8},
        training={"batch_size": 4, "epochs": EPOCHS} | training,
        decoding={"max_tokens": 6, "batch_size": decoding_batch},
    )
    torch.manual_seed(0)
    model = build_seq2seq(settings.model, len(SOURCE), len(TARGET), 6)
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(4)
        model.decoder.output.bias[EOS] += 6
    device = torch.device("cpu")
    translator = Translator(model.eval(), SOURCE, TARGET, settings.decoding, device)
    dev_set = TranslationTestSet([src for src, _ in DEV], [[tgt] for _, tgt in DEV], raw=False)
    return TranslationLearner(model, settings, *data, dev_set, translator, seed, device)


def pairs_of(batches) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Every pair of the batches, unpadded, in order."""
    found = []
    for batch in batches:
        for src, length, tgt in zip(batch.src, batch.src_lengths, batch.tgt, strict=True):
            assert (src[length:] == PAD).all()
            found.append((tuple(src[:length].tolist()), tuple(tgt[tgt != PAD].tolist())))
    return found


def test_an_epoch_has_every_pair_once(data) -> None:
    expected = [((*SOURCE.encode(src), EOS), (*TARGET.encode(tgt), EOS)) for src, tgt in TRAIN]
    batches = list(build(data).batches(1))
    assert sorted(pairs_of(batches)) == sorted(expected)
    assert sorted(len(batch.src) for batch in batches) == [1, 4, 4, 4, 4, 4, 4]


def test_the_order_depends_on_random_seed_and_epoch_alone(data) -> None:
    learner = build(data)
    first = pairs_of(learner.batches(1))
    torch.manual_seed(99)
    assert pairs_of(learner.batches(2)) != first
    assert pairs_of(learner.batches(1)) == first
    assert pairs_of(build(data).batches(1)) == first
    assert pairs_of(build(data, seed=2).batches(1)) != first


def alone(learner: TranslationLearner, src, tgt, free: bool) -> tuple[float, int]:
    """Loss of one pair, word by word from the decoder, until the own <EOS> if `free`."""
    memory, state = learner.model.encode(torch.tensor([src]), torch.tensor([len(src)]))
    word, total, steps = 2, 0.0, 0
    for reference in tgt:
        decoded = learner.model.decoder(torch.tensor([[word]]), state, memory)
        state = decoded.state
        shares = learner.model.decoder.logits(decoded.readout)[0, 0].log_softmax(dim=0)
        total, steps = total - shares[reference].item(), steps + 1
        word = int(shares.argmax()) if free else reference
        if free and word == EOS:
            break
    return total, steps


@pytest.mark.parametrize("free", [False, True])
def test_loss_is_the_sum_over_the_pairs_alone(data, free: bool) -> None:
    learner = build(data, teacher_forcing=0.0 if free else 1.0)
    steps_seen = 0
    for batch in learner.batches(1):
        loss, tokens = learner.loss(batch, 1)
        each = [alone(learner, src, tgt, free) for src, tgt in pairs_of([batch])]
        assert tokens == sum(steps for _, steps in each)
        assert loss.item() == pytest.approx(sum(total for total, _ in each), rel=1e-4)
        steps_seen += tokens
    everything = sum(len(tgt.split()) + 1 for _, tgt in TRAIN)
    assert steps_seen < everything if free else steps_seen == everything


def forced_share(learner: TranslationLearner, epoch: int, draws: int = 200) -> float:
    """The share of forced batches, told apart by their loss."""
    batch = next(iter(learner.batches(1)))
    src, tgt = batch.src, batch.tgt
    with torch.no_grad():
        readout, _ = learner.model.teacher_forced(src, batch.src_lengths, tgt)
        logits = learner.model.decoder.logits(readout)
        forced = functional.cross_entropy(logits[tgt != PAD], tgt[tgt != PAD], reduction="sum")
        losses = [learner.loss(batch, epoch)[0].item() for _ in range(draws)]
    assert len(set(losses)) <= 2
    return float(np.mean(np.isclose(losses, forced.item())))


def test_teacher_forcing_is_a_share_of_the_batches(data) -> None:
    for epoch in (1, EPOCHS):
        assert forced_share(build(data, teacher_forcing=1.0), epoch) == 1
        assert forced_share(build(data, teacher_forcing=0.0), epoch) == 0
        assert 0.35 < forced_share(build(data, teacher_forcing=0.5), epoch) < 0.65


def test_teacher_forcing_goes_down_to_its_end(data) -> None:
    learner = build(data, teacher_forcing=1.0, teacher_forcing_end=0.0)
    assert forced_share(learner, 1) == 1
    assert 0.35 < forced_share(learner, 1 + EPOCHS // 2) < 0.65
    assert forced_share(learner, EPOCHS) == 0


def test_an_only_epoch_begins_and_does_not_end(data) -> None:
    learner = build(data, epochs=1, teacher_forcing=1.0, teacher_forcing_end=0.0)
    assert forced_share(learner, 1, draws=20) == 1


def test_batches_by_tokens(data) -> None:
    batches = build(data, batch_tokens=12).batches(1)
    expected = [((*SOURCE.encode(src), EOS), (*TARGET.encode(tgt), EOS)) for src, tgt in TRAIN]
    assert sorted(pairs_of(batches)) == sorted(expected)
    for batch in batches:
        assert len(batch.src) * max(batch.src.shape[1], batch.tgt.shape[1]) <= 12


def test_label_smoothing_by_hand(data) -> None:
    """The reference's share is mixed with all words alike; the dev loss is not smoothed."""
    plain, smooth = build(data), build(data, label_smoothing=0.3)
    batch = plain.batches(1)[0]
    readout, _ = plain.model.teacher_forced(batch.src, batch.src_lengths, batch.tgt)
    shares = plain.model.decoder.logits(readout).log_softmax(dim=-1)[batch.tgt != PAD]
    reference = shares.gather(1, batch.tgt[batch.tgt != PAD].unsqueeze(1)).sum()
    expected = -(0.7 * reference + 0.3 * shares.mean(dim=1).sum())
    loss, tokens = smooth.loss(batch, 1)
    torch.testing.assert_close(loss, expected)
    assert tokens == len(shares)
    assert smooth.validate() == plain.validate()


@pytest.mark.parametrize("precision", [torch.bfloat16, torch.float16])
def test_lower_precision_is_near(data, precision: torch.dtype) -> None:
    learner = build(data)
    batch = learner.batches(1)[0]
    exact, _ = learner.loss(batch, 1)
    with torch.autocast("cpu", precision):
        near, _ = learner.loss(batch, 1)
    assert near.dtype == torch.float32
    assert near.item() == pytest.approx(exact.item(), rel=0.05)


@pytest.mark.parametrize("batch_size", [1, 4, 100])
def test_dev_figures(data, batch_size: int) -> None:
    learner = build(data, decoding_batch=batch_size)
    figures = learner.validate()
    each = [
        alone(learner, [*SOURCE.encode(src), EOS], [*TARGET.encode(tgt), EOS], free=False)
        for src, tgt in DEV
    ]
    mean = sum(total for total, _ in each) / sum(steps for _, steps in each)
    assert figures["loss"] == pytest.approx(mean, rel=1e-4)
    outputs = [learner.translator.translate([src])[0].text for src, _ in DEV]
    expected = score(outputs, [[tgt] for _, tgt in DEV])
    assert figures == pytest.approx({"loss": mean, **expected._asdict()}, rel=1e-4)
    assert learner.score in figures


def stored_test_set(
    folder: Path, references: list[tuple[str, ...]], kept: dict[str, list[str]]
) -> tuple[Path, Path]:
    """The files of a test set and of all references."""
    files = folder / "test.parquet", folder / "references.parquet"
    columns = ["split", "source", "target", "target_raw"]
    pd.DataFrame(kept).to_parquet(files[0])
    pd.DataFrame(references, columns=columns).to_parquet(files[1])
    return files


def test_a_test_set_has_each_source_once_with_every_reference(tmp_path: Path) -> None:
    rows = [
        ("test", "s", "t", "T."),
        ("train", "s", "seen", "Seen."),
        ("test", "u", "v", "V!"),
        ("test", "s", "w", "W."),
        ("test", "s", "t", "t."),
    ]
    kept = {"source": ["u", "s", "s"], "target": ["v", "t", "w"]}
    tables = stored_test_set(tmp_path, rows, kept)
    normalised = read_test_set(*tables, "test", "tutorial", "eng")
    assert normalised.sources == ["u", "s"]
    assert normalised.references == [["v"], ["t", "w"]]
    assert normalised.suffix == "_normalised"
    cased = read_test_set(*tables, "test", "cased", "eng")
    assert cased.references == [["V!"], ["T.", "W.", "t."]]
    assert cased.suffix == ""


def test_sources_with_empty_targets_alone_are_not_scored(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """`drop_empty: false` keeps them in the split, and an empty target is no reference."""
    rows = [("test", "s", "t", "T."), ("test", "u", "v", "V!")]
    kept = {"source": ["u", "x", "s"], "target": ["v", "", "t"]}
    tables = stored_test_set(tmp_path, rows, kept)
    found = read_test_set(*tables, "test", "tutorial", "eng")
    assert found.sources == ["u", "s"]
    assert found.references == [["v"], ["t"]]
    assert "1 sources of test have only empty targets" in caplog.text


def test_a_guided_attention_learns_the_alignment_of_each_word(data, tmp_path: Path) -> None:
    """All target words are linked to the first source word, which no translation asks for."""
    src, tgt = (pa.array([pair[side] for pair in TRAIN]) for side in (0, 1))
    links = [[(0, position) for position in range(len(text.split()))] for _, text in TRAIN]
    sides = SOURCE.encode_column(src), TARGET.encode_column(tgt)
    write_encoded(tmp_path / "linked", "train", [EncodedRows(*sides, links)])
    linked = EncodedPairs.open(tmp_path / "linked", "train")
    found = {}
    for weight in (0.0, 1.0):
        learner = build((linked, data[1]), guided_alignment=weight)
        optimiser = torch.optim.Adam(learner.model.parameters(), lr=0.01)
        for epoch in range(1, 30):
            for batch in learner.batches(epoch):
                loss, tokens = learner.loss(batch, epoch)
                optimiser.zero_grad()
                (loss / tokens).backward()
                optimiser.step()
        batch = learner._batch(linked, np.arange(len(linked)))
        with torch.no_grad():
            _, weights = learner.model.teacher_forced(batch.src, batch.src_lengths, batch.tgt)
        words = (batch.tgt != PAD) & (batch.tgt != EOS)
        found[weight] = weights[words][:, 0].mean().item()
    assert found[1.0] > 0.95
    assert found[0.0] < 0.6


def test_an_unguided_learner_reads_no_links(data) -> None:
    assert build(data).batches(1)[0].shares is None


def test_noise_changes_the_sources_of_training_alone(data) -> None:
    plain, noisy = build(data), build(data, noise={"drop": 0.4, "swap": 2})
    batch = next(iter(plain.batches(1)))
    torch.manual_seed(3)
    changed = noisy._noisy(batch)
    assert changed.src_lengths.sum() < batch.src_lengths.sum()
    assert torch.equal(changed.tgt, batch.tgt)
    for row, length in enumerate(changed.src_lengths.tolist()):
        words = changed.src[row, :length].tolist()
        assert words[-1] == EOS
        assert set(words) <= set(batch.src[row].tolist())
        assert not changed.src[row, length:].any()
    assert plain.validate()["loss"] == noisy.validate()["loss"]
