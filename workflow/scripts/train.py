"""Train one run of any task, by the function that the task's spec names."""

import json
from pathlib import Path

from nlpflow.jobs import Inputs, imported, job
from nlpflow.training.run import Train, TrainingJob

with job(snakemake.log[0]) as status:
    train: Train = imported(snakemake.params.train)
    folder = Path(snakemake.output.run).parent
    results, task, experiment, seed = folder.parents[2], *folder.parts[-3:]
    # How often to save changes no result, so it is a resource and not a param.
    resources = {"checkpoint_minutes": snakemake.resources.checkpoint_minutes}
    train(
        TrainingJob(
            experiment,
            int(snakemake.wildcards.seed),
            json.loads(snakemake.params.settings) | {"resources": resources},
            json.loads(snakemake.params.dataset),
            Inputs.of(snakemake.input.items()),
            folder,
            # Not a declared output: Snakemake deletes those before it tries a job again.
            results / ".checkpoints" / task / experiment / seed,
            status.show,
        )
    )
