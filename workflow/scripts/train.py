"""Train one run of any task, by the function that the task's spec names."""

import json
import sys
from pathlib import Path

from nlpflow.jobs import Inputs, imported, job
from nlpflow.runs.run import repeat_run
from nlpflow.training.launch import launch
from nlpflow.training.processes import joined, launched_place
from nlpflow.training.run import Train, TrainingJob

place = launched_place()  # whatever else the environment says: the config has the number of GPUs
folder = Path(snakemake.output.run).parent
results, task, experiment, seed = folder.parents[2], *folder.parts[-3:]
with job(snakemake.log[0], place.rank if place else None) as status:
    if snakemake.input.same_run:
        repeat_run([Path(file) for file in snakemake.input.same_run], experiment, folder)
        sys.exit()
    if snakemake.resources.gpu > 1 and place is None:
        # Each process runs this script again, with the same `snakemake`.
        name, mpi = f"{experiment} seed {snakemake.wildcards.seed}", snakemake.resources.get("mpi")
        sys.exit(launch(sys.argv[:1], snakemake.resources.gpu, name, mpi))
    train: Train = imported(snakemake.params.train)
    # How often to save changes no result, so it is a resource and not a param.
    resources = {"checkpoint_minutes": snakemake.resources.checkpoint_minutes}
    # Where to save changes none either. It is not a declared output: Snakemake deletes those before
    # it tries a job again.
    checkpoints = Path(snakemake.config.get("checkpoints") or results / ".checkpoints")
    with joined(place) as processes:
        train(
            TrainingJob(
                experiment,
                int(snakemake.wildcards.seed),
                json.loads(snakemake.params.settings) | {"resources": resources},
                json.loads(snakemake.params.dataset),
                Inputs.of(snakemake.input.items()),
                folder,
                checkpoints / task / experiment / seed,
                status.show if processes.is_first else None,
            )
        )
