r"""Speed and memory of training and decoding on this machine's device, and what bounds a step.

Trains translators of several sizes on sentences of random words, so it needs no data and no
workflow: target tokens per second, sentences per second of greedy search, peak memory. A profile of
the training step says which kind of operation takes longest, and how far the step is from the rate
of matrix products that the device reaches alone. It takes less than ten minutes.

    make bench-device
    python benchmarks/device.py --units 256 --seconds 2
"""

import argparse
import itertools
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import torch
from step_profile import kind
from torch.profiler import ProfilerActivity, profile

from nlpflow.runs import machine
from nlpflow.settings.checks import checked
from nlpflow.settings.translation import TranslationExperiment
from nlpflow.tables import write_table
from nlpflow.tasks.translation.learner import TranslationLearner, TranslationTestSet
from nlpflow.tasks.translation.model import build_seq2seq
from nlpflow.tasks.translation.translator import Translator
from nlpflow.training.state import State
from nlpflow.vocabulary import EOS, SPECIALS, Words
from nlpflow.vocabulary.encoded import EncodedPairs, EncodedSide

VOCABULARY = 8000
PAIRS = 20_000
MEAN_LENGTH = 12
MATRIX = {"cpu": 1024, "cuda": 8192}
"""Rows of the square matrices whose product is timed."""


class Case(NamedTuple):
    """One row of the table."""

    network: str
    units: int
    precision: str


def main() -> None:
    """Measure all cases."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--units", type=int, nargs="+", default=[256, 512, 1024])
    parser.add_argument("--networks", nargs="+", default=["gru", "transformer"])
    parser.add_argument("--precisions", nargs="+", default=["fp32", "bf16"])
    parser.add_argument("--batch-tokens", type=int, default=4096, help="%(default)s")
    parser.add_argument("--seconds", type=float, default=8.0, help="of training (%(default)s)")
    parser.add_argument("--sentences", type=int, default=256, help="to decode (%(default)s)")
    parser.add_argument("--threads", type=int, default=2, help="on a CPU (%(default)s)")
    parser.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda"])
    parser.add_argument("--output", type=Path, default=Path("results/benchmarks/device"))
    values = parser.parse_args()
    device = machine.set_up(values.device, values.threads, seed=1)
    print(described(device), flush=True)
    pairs = random_pairs(np.random.default_rng(1))
    peaks = {name: matrix_rate(device, name) for name in values.precisions}
    for name, peak in peaks.items():
        print(f"products of matrices in {name}: {peak / 1e12:.2f} TFLOP/s", flush=True)
    rows = []
    for case in itertools.starmap(
        Case, itertools.product(values.networks, values.units, values.precisions)
    ):
        rows.append(measured(case, values, device, pairs, peaks[case.precision]))
        print(" ".join(f"{key}={shown(value)}" for key, value in rows[-1].items()), flush=True)
    table = pd.DataFrame(rows)
    values.output.mkdir(parents=True, exist_ok=True)
    write_table(values.output / "device.tsv", table)
    (values.output / "device.txt").write_text(described(device) + "\n", encoding="utf-8")
    print(table.to_string(index=False, float_format="{:,.3g}".format))


def measured(
    case: Case,
    values: argparse.Namespace,
    device: torch.device,
    pairs: EncodedPairs,
    peak: float,
) -> dict[str, object]:
    """The row of a case; without numbers where the device's memory is too small."""
    try:
        learner = build(case, values.batch_tokens, device, pairs)
        training = train(learner, values.seconds, device)
        rate = training["tokens"] / training["seconds"]
        decoding = decoded(learner, values.sentences, device)
    except torch.OutOfMemoryError:
        return case._asdict() | {"bound": "out of memory"}
    weights = sum(weight.numel() for weight in learner.model.parameters())
    return case._asdict() | {
        "parameters": weights,
        "tokens_per_s": rate,
        "sentences_per_s": decoding,
        "memory_mb": memory(device),
        "share_of_matrix_rate": training["flops"] / training["seconds"] / peak,
        "longest": training["longest"],
        "longest_share": training["longest_share"],
        "device_busy": training["busy"],
        "bound": bound(device, training),
    }


def build(
    case: Case, batch_tokens: int, device: torch.device, pairs: EncodedPairs
) -> TranslationLearner:
    """A learner with an untrained network."""
    networks: dict[str, dict[str, Any]] = {
        "gru": {
            "attention": "additive",
            "bidirectional": True,
            "readout": "deep",
            "tied_embeddings": True,
            "embedding": case.units,
            "hidden": case.units,
        },
        "transformer": {
            "network": "transformer",
            "tied_embeddings": True,
            "embedding": case.units,
            "feed_forward": 4 * case.units,
            "heads": 8,
        },
    }
    values = {
        "task": "translation",
        "vocabulary": "random",
        "model": networks[case.network] | {"dropout": 0.1},
        "training": {"batch_tokens": batch_tokens, "precision": case.precision},
        "decoding": {"max_tokens": 2 * MEAN_LENGTH},
    }
    settings: TranslationExperiment = checked(TranslationExperiment, values, "benchmark")
    torch.manual_seed(1)
    size = VOCABULARY + len(SPECIALS)
    model = build_seq2seq(settings.model, size, size, 100).to(device)
    words = Words(tuple(f"w{n}" for n in range(VOCABULARY)), (1,) * VOCABULARY)
    translator = Translator(model, words, words, settings.decoding, device)
    nothing = TranslationTestSet([], [], raw=True)
    return TranslationLearner(model, settings, pairs, pairs, nothing, translator, 1, device)


def train(learner: TranslationLearner, seconds: float, device: torch.device) -> dict[str, Any]:
    """Updates for some seconds after a warm-up, then a profile of three more."""
    training = learner.settings.training
    state = State(learner.model, training)
    learner.model.train()
    batches = itertools.chain.from_iterable(learner.batches(n) for n in itertools.count(1))

    def update() -> int:
        batch = next(batches)
        state.update(learner.loss, [batch], training.learning_rate)
        return int((batch.tgt != 0).sum())

    for _ in range(3):
        update()
    wait(device)
    tokens, updates, start = 0, 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        tokens += update()
        updates += 1
    wait(device)
    elapsed = time.perf_counter() - start
    kinds = [ProfilerActivity.CPU]
    if device.type == "cuda":
        kinds.append(ProfilerActivity.CUDA)
    begun = time.perf_counter()
    with profile(activities=kinds, with_flops=True) as profiled:
        for _ in range(3):
            update()
        wait(device)
    traced = time.perf_counter() - begun
    events = profiled.key_averages()
    on_device = device.type == "cuda"
    times = pd.Series(
        [one.self_device_time_total if on_device else one.self_cpu_time_total for one in events],
        index=[kind(one.key) for one in events],
    )
    times = times.groupby(level=0).sum()
    return {
        "tokens": tokens,
        "seconds": elapsed,
        "flops": sum(one.flops for one in events) / 3 * updates,
        "longest": times.idxmax(),
        "longest_share": times.max() / times.sum(),
        "busy": times.sum() / 1e6 / traced if on_device else 1.0,
    }


def bound(device: torch.device, training: dict[str, Any]) -> str:
    """What bounds a step."""
    if device.type == "cuda" and training["busy"] < 0.6:
        return "starting of kernels: the device waits for the processor"
    return str(training["longest"])


def decoded(learner: TranslationLearner, count: int, device: torch.device) -> float:
    """Sentences per second of greedy search; the outputs have the greatest length."""
    rng = np.random.default_rng(2)
    sentences = [
        " ".join(f"w{n}" for n in rng.integers(0, VOCABULARY, rng.poisson(MEAN_LENGTH) + 1))
        for _ in range(count)
    ]
    learner.translator.greedy(sentences[:16])
    wait(device)
    start = time.perf_counter()
    learner.translator.greedy(sentences)
    wait(device)
    return count / (time.perf_counter() - start)


def random_pairs(rng: np.random.Generator) -> EncodedPairs:
    """Pairs of sentences of random words; frequent words are as frequent as in real text."""

    def side() -> EncodedSide:
        lengths = rng.poisson(MEAN_LENGTH, PAIRS) + 2
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        ids = (rng.zipf(1.3, offsets[-1]) % VOCABULARY + len(SPECIALS)).astype(np.int32)
        ids[offsets[1:] - 1] = EOS
        return EncodedSide(ids, offsets)

    return EncodedPairs(side(), side())


def matrix_rate(device: torch.device, precision: str) -> float:
    """FLOP/s of a product of large square matrices, the best of five."""
    size = MATRIX[device.type]
    dtype = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}[precision]
    one, other = (torch.randn(size, size, device=device).to(dtype) for _ in range(2))

    def product() -> None:
        one @ other

    return 2 * size**3 / min(timed(product, device) for _ in range(6))


def timed(work: Callable[[], None], device: torch.device) -> float:
    """Seconds that some work takes."""
    wait(device)
    start = time.perf_counter()
    work()
    wait(device)
    return time.perf_counter() - start


def wait(device: torch.device) -> None:
    """Wait until the device has done its work."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def memory(device: torch.device) -> float:
    """Peak memory since the last call on a GPU, or of the process, in MB."""
    if device.type == "cuda":
        peak = torch.cuda.max_memory_allocated(device) / 2**20
        torch.cuda.reset_peak_memory_stats(device)
        return peak
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def described(device: torch.device) -> str:
    """Device, driver and versions."""
    facts = machine.describe(device)
    return ", ".join(f"{name} {value}" for name, value in facts.items() if value is not None)


def shown(value: object) -> str:
    """A value with at most three digits."""
    return f"{value:,.3g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
