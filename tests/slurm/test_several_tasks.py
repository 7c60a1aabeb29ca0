"""Two tasks of one srun train one run together, on CPUs: the cluster's one GPU is a file."""

import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd

from slurm.submitted import TRAINING


def test_two_tasks_train_one_run(slurm, prepared):
    config = prepared.read_config()
    additive = config["experiments"]["additive"]
    additive["training"] = TRAINING | {"epochs": 2}
    prepared.write_config(config)
    command = [sys.executable, "-m", "nlpflow.cli", "train", "additive"]
    command += ["--configfile", "config/small.yaml", "--output"]
    histories = []
    for tasks in (1, 2):
        folder = prepared.folder / f"tasks-{tasks}"
        options = [f"--ntasks={tasks}", "--overcommit", "--partition=cpu", "--kill-on-bad-exit=1"]
        result = subprocess.run(
            ["srun", *options, *command, folder],
            env=os.environ | {"PYTHONPATH": str(prepared.folder / "workflow")},
            cwd=prepared.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        assert result.stderr.count("epoch 2/2") == 1, "one process speaks"
        histories.append(pd.read_csv(folder / "history.tsv", sep="\t"))
        card = json.loads((folder / "card.json").read_text())
        assert card.get("processes", 1) == tasks
    one, two = histories
    assert one["learning_rate"].equals(two["learning_rate"])
    # Masks of dropout differ, sums of losses do so a little.
    assert np.allclose(one["train_loss"], two["train_loss"], rtol=0.05)
