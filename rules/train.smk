# Train: one run for each experiment and random seed; a rule for each task.
#
# Needs: the inputs that the task's spec in nlpflow.settings.tasks lists (prepared tables,
#        vocabularies, token ids), pretrained vectors, the run whose weights a warm start takes, and
#        the run of an earlier experiment that is trained in the same way: it is copied.
# Makes: results/<task>/<experiment>/seed-<n>/ with weights, settings, card and history, and other
#        files that the task writes.
#
# A training in progress is kept in results/.checkpoints/<task>/<experiment>/seed-<n>/: Snakemake
# deletes declared outputs before it tries a job again.

for task, spec in TASKS.items():

    rule:
        """Train one run: an experiment under one random seed."""
        name:
            f"train_{task}"
        input:
            unpack(RUNS.training_inputs),
            same_run=RUNS.same_run,
        output:
            **spec.run_files,
        log:
            f"logs/train/{task}/{{experiment}}.seed-{{seed}}.log",
        benchmark:
            f"logs/train/{task}/{{experiment}}.seed-{{seed}}.benchmark.tsv"
        conda:
            ENVIRONMENT
        threads: RUNS.resource("threads")
        resources:
            **RUNS.resources("mem_mb", "runtime", "gpu", "checkpoint_minutes"),
            **RUNS.slurm_resources,
        params:
            train=spec.train,
            settings=RUNS.training_settings,
            dataset=RUNS.dataset_settings,
            analyser=RUNS.analyser,
            code=RUNS.code("train.py", spec.train),
        script:
            "../workflow/scripts/train.py"
