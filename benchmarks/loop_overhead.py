"""Overhead of the training loop, compared with bare updates of the smallest model of the sample.

Both sides train the same new model on the same batches for one epoch, in turns. The bare side only
computes loss, gradient, clipping and update. The script prints the medians and their ratio. Times
are processor seconds on one thread, so that other work on the machine does not affect them.

    snakemake --cores 2 data/encoded/sample
    python benchmarks/loop_overhead.py
"""

import argparse
import json
import statistics
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import torch
from ratios import Ratio, write_ratios
from torch import nn

from nlpflow.runs import machine
from nlpflow.settings.loading import load_config, read_yaml
from nlpflow.settings.plan import RunPlan
from nlpflow.settings.plan.base import InputPaths
from nlpflow.tables import write_json
from nlpflow.tasks.translation.learner import TranslationLearner, read_test_set
from nlpflow.tasks.translation.model import build_seq2seq
from nlpflow.tasks.translation.translator import Translator
from nlpflow.training.loop import fit
from nlpflow.training.state import build_optimiser
from nlpflow.vocabulary import load_vocabulary
from nlpflow.vocabulary.encoded import EncodedPairs


class Unvalidated(TranslationLearner):
    """Learner that does not score the dev set, whose cost is not an overhead of the loop."""

    def validate(self) -> dict[str, float]:
        """Return scores of 0."""
        return {"loss": 0.0, "bleu": 0.0}


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--experiment", default="sample-plain", help="%(default)s")
    parser.add_argument("--configfile", default="config/config.yaml", help="%(default)s")
    parser.add_argument("--turns", type=int, default=9, help="epochs of each side (%(default)s)")
    parser.add_argument("--output", type=Path, default=Path("results/benchmarks/loop_overhead"))
    values = parser.parse_args()
    config, registry = load_config(read_yaml(Path(values.configfile)), Path())
    plan = RunPlan(config, registry, Path())
    settings = config.experiments[values.experiment]
    settings = settings.model_copy(
        update={"training": settings.training.model_copy(update={"epochs": 1})}
    )
    files = plan.training_inputs(SimpleNamespace(experiment=values.experiment, seed=1))
    seconds: dict[str, list[float]] = {"bare": [], "loop": []}
    for turn in range(values.turns + 1):
        for side, train in (("bare", bare), ("loop", loop)):
            taken = train(build(settings, files))
            if turn:  # the first turn warms up
                seconds[side].append(taken)
                print(f"turn {turn}, {side}: {taken:.3f} s", flush=True)
    ratios = [one / other for one, other in zip(seconds["loop"], seconds["bare"], strict=True)]
    summary = {
        "experiment": values.experiment,
        "seconds": {side: statistics.median(times) for side, times in seconds.items()},
        "ratio of medians": statistics.median(seconds["loop"]) / statistics.median(seconds["bare"]),
        "median of the turns' ratios": statistics.median(ratios),
        "machine": machine.describe(torch.device("cpu")),
    }
    values.output.mkdir(parents=True, exist_ok=True)
    write_json(values.output / "summary.json", summary)
    bare_rate, loop_rate = (1 / statistics.median(times) for times in seconds.values())
    ratio, turns = 1 / statistics.median(ratios), len(ratios)
    row = Ratio(
        "training loop", "bare updates", "epochs/s", loop_rate, bare_rate, ratio, turns, 0.95
    )
    write_ratios(values.output, [row])
    print(json.dumps(summary, indent=2))


def build(settings: Any, files: InputPaths) -> Unvalidated:
    """A new model with its training data.

    Args:
        files: see `RunPlan.training_inputs`
    """
    paths = {name: Path(file) for name, file in files.items() if isinstance(file, str)}
    device = machine.set_up("cpu", settings.training.threads, 1)
    source, target = (load_vocabulary(paths[side]) for side in ("source", "target"))
    train, dev = (EncodedPairs.open(paths["encoded"], split) for split in ("train", "dev"))
    longest = int(train.lengths()[0].max())
    model = build_seq2seq(settings.model, len(source), len(target), longest)
    translator = Translator(model, source, target, settings.decoding, device)
    dev_set = read_test_set(paths["dev"], paths["references"], "dev", "tutorial", "eng")
    return Unvalidated(model, settings, train, dev, dev_set, translator, 1, device)


def bare(learner: Unvalidated) -> float:
    """Processor seconds of one epoch without the loop."""
    settings = learner.settings.training
    begun = time.process_time()
    optimiser = build_optimiser(learner.model, settings)
    learner.model.train()
    for batch in learner.batches(1):
        optimiser.zero_grad(set_to_none=True)
        loss, tokens = learner.loss(batch, 1)
        (loss / tokens).backward()
        if settings.clip_norm is not None:
            nn.utils.clip_grad_norm_(learner.model.parameters(), settings.clip_norm)
        optimiser.step()
    return time.process_time() - begun


def loop(learner: Unvalidated) -> float:
    """Processor seconds of one epoch in the loop."""
    begun = time.process_time()
    fit(learner, learner.settings.training, "loop")
    return time.process_time() - begun


if __name__ == "__main__":
    main()
