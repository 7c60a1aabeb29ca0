r"""Speed of training compared with the tutorial's loop, for the same network.

Both sides train the tutorial's network on the same pairs: its attention, 256 units, dropout of 0.1
and teacher forcing in half of the updates. The tutorial's loop (`batch_of_one.py`) takes one pair
and one word at a time; nlpflow takes batches. The sides take turns. The script prints the target
tokens per second of each side, the median ratio, and how far nlpflow is from the speed at which
torch multiplies matrices.

    snakemake --configfile config/tatoeba.yaml --cores 2 data/encoded/tutorial
    python benchmarks/equal_architecture.py
"""

import argparse
import itertools
import json
import statistics
import time
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import torch
from batch_of_one import BatchOfOne
from loop_overhead import Unvalidated, build
from ratios import Ratio, write_ratios

from nlpflow.runs import machine
from nlpflow.settings.loading import load_config, read_yaml
from nlpflow.settings.plan import RunPlan
from nlpflow.tables import write_json
from nlpflow.training.state import State

CONFIG, EXPERIMENT = "config/tatoeba.yaml", "tutorial-attention"
GOAL = 20


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--threads", type=int, default=2, help="of each side (%(default)s)")
    parser.add_argument("--batch", type=int, default=64, help="pairs of nlpflow's (%(default)s)")
    parser.add_argument("--turns", type=int, default=7, help="of each side (%(default)s)")
    parser.add_argument(
        "--output", type=Path, default=Path("results/benchmarks/equal_architecture")
    )
    values = parser.parse_args()
    config, registry = load_config(read_yaml(Path(CONFIG)), Path())
    settings = config.experiments[EXPERIMENT]
    training = settings.training.model_copy(
        update={"threads": values.threads, "batch_size": values.batch}
    )
    settings = settings.model_copy(update={"training": training})
    plan = RunPlan(config, registry, Path())
    files = plan.training_inputs(SimpleNamespace(experiment=EXPERIMENT, seed=1))
    learner = build(settings, files)
    state = State(learner.model, training)
    table = pd.read_parquet("data/prepared/tutorial/train.parquet")
    tutorial = BatchOfOne(list(zip(table["source"], table["target"], strict=True)), seed=1)
    speeds: dict[str, list[float]] = {"tutorial": [], "nlpflow": []}
    for turn in range(values.turns + 1):
        found = {"tutorial": pair_by_pair(tutorial), "nlpflow": in_batches(learner, state, turn)}
        if turn:  # the first turn warms up
            for side, speed in found.items():
                speeds[side].append(speed)
                print(f"turn {turn}, {side}: {speed:,.0f} tokens/s", flush=True)
    ratios = [ours / theirs for theirs, ours in zip(*speeds.values(), strict=True)]
    summary = {
        "target tokens a second": {side: statistics.median(of) for side, of in speeds.items()},
        "median of the turns' ratios": statistics.median(ratios),
        "goal": GOAL,
        "share of the matrix rate": share_of_matrix_rate(
            learner, statistics.median(speeds["nlpflow"])
        ),
        "threads": values.threads,
        "machine": machine.describe(torch.device("cpu")),
    }
    tutorial_speed, our_speed = map(statistics.median, speeds.values())
    write_ratios(
        values.output,
        [
            Ratio(
                f"training, same network, {values.threads} threads",
                "the tutorial's loop",
                "tokens/s",
                our_speed,
                tutorial_speed,
                statistics.median(ratios),
                len(ratios),
                GOAL,
            )
        ],
    )
    write_json(values.output / "summary.json", summary)
    print(json.dumps(summary, indent=2))


def pair_by_pair(tutorial: BatchOfOne) -> float:
    """Target tokens per second of 200 of the tutorial's updates."""
    seconds, tokens = tutorial.seconds, tutorial.tokens
    tutorial.train(200)
    return (tutorial.tokens - tokens) / (tutorial.seconds - seconds)


def in_batches(learner: Unvalidated, state: State, turn: int) -> float:
    """Target tokens per second of 60 of nlpflow's updates."""
    learner.model.train()
    batches = list(itertools.islice(learner.batches(turn + 1), 60))
    begun = time.perf_counter()
    tokens = 0
    for batch in batches:
        ((_, count),) = state.update(learner.loss, [batch], learner.settings.training.learning_rate)
        tokens += count
    return tokens / (time.perf_counter() - begun)


def share_of_matrix_rate(learner: Unvalidated, speed: float) -> float:
    """Operations per second of the training, divided by those of a product of large matrices.

    A weight takes 2 operations per token forwards and 4 backwards. Embeddings take none. Source
    and target have about equally many tokens.
    """
    embeddings = {
        id(part.embedding.weight) for part in (learner.model.encoder, learner.model.decoder)
    }
    weights = sum(w.numel() for w in learner.model.parameters() if id(w) not in embeddings)
    matrix = torch.randn(2048, 2048)
    rates = []
    for _ in range(5):
        begun = time.perf_counter()
        matrix @ matrix
        rates.append(2 * 2048**3 / (time.perf_counter() - begun))
    return 6 * weights * speed / statistics.median(rates)


if __name__ == "__main__":
    main()
