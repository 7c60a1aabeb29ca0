"""Speed of training in bf16 compared with fp32, on the same batches of the same translator.

Each turn makes the same updates from the same initial weights, first in one precision and then in
the other. The script prints target tokens per processor second, on one thread, and their ratio. On
a processor without bf16 instructions the ratio is below 1.

    snakemake --configfile config/french.yaml --cores 2 data/encoded/french
    python benchmarks/precision.py
"""

import argparse
import itertools
import json
import statistics
import time
from pathlib import Path
from types import SimpleNamespace

import torch
from loop_overhead import Unvalidated, build
from ratios import Ratio, write_ratios

from nlpflow.runs import machine
from nlpflow.settings.loading import load_config, read_yaml
from nlpflow.settings.plan import RunPlan
from nlpflow.tables import write_json
from nlpflow.training.state import State

SIDES = ("fp32", "bf16")


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--experiment", default="french", help="%(default)s")
    parser.add_argument("--configfile", default="config/french.yaml", help="%(default)s")
    parser.add_argument("--updates", type=int, default=60, help="of a turn (%(default)s)")
    parser.add_argument("--turns", type=int, default=7, help="of each side (%(default)s)")
    parser.add_argument("--output", type=Path, default=Path("results/benchmarks/precision"))
    values = parser.parse_args()
    config, registry = load_config(read_yaml(Path(values.configfile)), Path())
    plan = RunPlan(config, registry, Path())
    settings = config.experiments[values.experiment]
    files = plan.training_inputs(SimpleNamespace(experiment=values.experiment, seed=1))
    speeds: dict[str, list[float]] = {side: [] for side in SIDES}
    for turn in range(values.turns + 1):
        for side in SIDES:
            speed = tokens_a_second(build(settings, files), side, values.updates)
            if turn:  # the first turn warms up
                speeds[side].append(speed)
                print(f"turn {turn}, {side}: {speed:,.0f} tokens/s", flush=True)
    ratios = [bf16 / fp32 for fp32, bf16 in zip(*speeds.values(), strict=True)]
    summary = {
        "experiment": values.experiment,
        "target tokens a second": {side: statistics.median(of) for side, of in speeds.items()},
        "median of the turns' ratios": statistics.median(ratios),
        "machine": machine.describe(torch.device("cpu")),
    }
    fp32, bf16 = map(statistics.median, speeds.values())
    ratio = statistics.median(ratios)
    write_ratios(
        values.output,
        [Ratio("training in bf16", "fp32", "tokens/s", bf16, fp32, ratio, len(ratios))],
    )
    write_json(values.output / "summary.json", summary)
    print(json.dumps(summary, indent=2))


def tokens_a_second(learner: Unvalidated, precision: str, updates: int) -> float:
    """Target tokens per processor second over a number of updates."""
    training = learner.settings.training.model_copy(update={"precision": precision})
    state = State(learner.model, training)
    learner.model.train()
    batches = list(itertools.islice(learner.batches(1), updates))
    begun = time.process_time()
    tokens = 0
    for batch in batches:
        ((_, count),) = state.update(learner.loss, [batch], training.learning_rate)
        tokens += count
    return tokens / (time.process_time() - begun)


if __name__ == "__main__":
    main()
