r"""Where the time of a training update goes, in fp32 and in bf16.

Trains the same translator in both precisions on one thread, and prints the share of each kind of
operation in the processor time of an update, and the time of an update in all. bf16 is slower on a
processor without bf16 instructions.

    snakemake --configfile config/tatoeba.yaml --cores 2 data/encoded/tutorial
    python benchmarks/step_profile.py
"""

import argparse
import itertools
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
from loop_overhead import build
from torch.profiler import ProfilerActivity, profile

from nlpflow.settings.loading import load_config, read_yaml
from nlpflow.settings.plan import RunPlan
from nlpflow.tables import write_table
from nlpflow.training.state import State

KINDS = {
    "GRU layers of the encoder": ("gru", "rnn"),
    "matrix products": ("mm", "linear", "matmul", "mkldnn"),
    "optimiser": ("adam", "_foreach", "fused"),
    "softmax and loss": ("softmax", "logsumexp", "nll", "cross_entropy"),
    "embeddings": ("embedding", "index", "gather", "scatter"),
    "copies and conversions": ("copy", "cat", "stack", "clone", "contiguous", "fill", "zero"),
}
"""Words in the names of torch's operators, by kind; the first kind that fits counts."""


def main() -> None:
    """Profile both."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--experiment", default="tutorial-additive", help="%(default)s")
    parser.add_argument("--configfile", default="config/tatoeba.yaml", help="%(default)s")
    parser.add_argument("--updates", type=int, default=30, help="of each precision (%(default)s)")
    parser.add_argument("--output", type=Path, default=Path("results/benchmarks/step_profile"))
    values = parser.parse_args()
    config, registry = load_config(read_yaml(Path(values.configfile)), Path())
    settings = config.experiments[values.experiment]
    files = RunPlan(config, registry, Path()).training_inputs(
        SimpleNamespace(experiment=values.experiment, seed=1)
    )
    columns = {}
    for precision in ("fp32", "bf16"):
        training = settings.training.model_copy(update={"precision": precision, "threads": 1})
        learner = build(settings.model_copy(update={"training": training}), files)
        state = State(learner.model, training)
        learner.model.train()
        batches = list(itertools.islice(learner.batches(1), values.updates + 5))
        for batch in batches[:5]:  # warms up
            state.update(learner.loss, [batch], training.learning_rate)
        with profile(activities=[ProfilerActivity.CPU]) as profiled:
            for batch in batches[5:]:
                state.update(learner.loss, [batch], training.learning_rate)
        events = profiled.key_averages()
        times = pd.Series({event.key: event.self_cpu_time_total for event in events})
        columns[precision] = times.groupby(kind).sum() / 1000 / values.updates
    table = pd.DataFrame(columns).fillna(0.0)
    table = table.sort_values("fp32", ascending=False)
    shares = (100 * table / table.sum()).add_suffix(", %")
    table = table.add_suffix(", ms").join(shares).rename_axis("operations").reset_index()
    total = {name: table[name].sum() for name in table if name != "operations"}
    table = pd.concat([table, pd.DataFrame([{"operations": "an update"} | total])])
    values.output.mkdir(parents=True, exist_ok=True)
    write_table(values.output / "shares.tsv", table)
    print(table.to_string(index=False, float_format="{:.1f}".format))


def kind(operator: str) -> str:
    """The kind of an operator, by its name."""
    name = operator.lower().removeprefix("aten::")
    found = [one for one, words in KINDS.items() if any(word in name for word in words)]
    return found[0] if found else "element-wise operations and Python"


if __name__ == "__main__":
    main()
