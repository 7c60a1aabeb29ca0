# Train, evaluate, figures: the templates that every task derives its own rules from.
#
# Needs: encoded data, vocabularies, prepared tables of the run's dataset.
# Makes: results/<task>/<experiment>/seed-<n>/ with weights, history, scores and figures.
#
# A training in progress is kept in results/.checkpoints/<task>/<experiment>/seed-<n>/.
#
# A template matches no file itself (its task is none); a task says `use rule train as ... with`
# and brings its outputs, captions, and the digest of its own modules.

TEMPLATE = {"task": "(?!)"}


rule train:
    """Train one run: an experiment under one random seed."""
    input:
        arrays=encoded_of,
        vocabularies=vocabulary_files,
        tables=prepared_for("dev.parquet", "references.parquet"),
        first_weights=first_weights_of,
        vectors=vectors_of,
    output:
        **trained("{task}"),
    log:
        "logs/train/{task}/{experiment}.seed-{seed}.log",
    benchmark:
        "logs/train/{task}/{experiment}.seed-{seed}.benchmark.tsv"
    wildcard_constraints:
        **TEMPLATE,
    conda:
        ENVIRONMENT
    threads: resource_of("threads")
    resources:
        mem_mb=resource_of("mem_mb"),
        runtime=resource_of("runtime"),
        gpu=resource_of("gpu"),
        checkpoint_minutes=resource_of("checkpoint_minutes"),
    params:
        code=code_of("train.py"),
    script:
        "../workflow/scripts/train.py"


rule evaluate:
    """Score one run on one test set, and write down its attention."""
    input:
        **to_load("{task}"),
        vocabularies=vocabulary_files,
        table=lambda w: f"data/prepared/{dataset_of(w)}/{w.test_set}.parquet",
        references=prepared_for("references.parquet"),
    output:
        metrics=f"{RUN}/{{test_set}}/metrics.json",
    log:
        "logs/evaluate/{task}/{experiment}.seed-{seed}.{test_set}.log",
    benchmark:
        "logs/evaluate/{task}/{experiment}.seed-{seed}.{test_set}.benchmark.tsv"
    wildcard_constraints:
        **TEMPLATE,
    conda:
        ENVIRONMENT
    threads: resource_of("threads")
    resources:
        mem_mb=resource_of("mem_mb"),
        runtime=resource_of("runtime"),
        gpu=resource_of("gpu"),
    params:
        code=code_of("evaluate.py"),
    script:
        "../workflow/scripts/evaluate.py"


rule figures:
    """Draw the training curves of one run."""
    input:
        history=of_task(f"{RUN}/history.tsv", "{task}"),
    output:
        curves=f"{RUN}/figures/curves.svg",
    log:
        "logs/figures/{task}/{experiment}.seed-{seed}.log",
    benchmark:
        "logs/figures/{task}/{experiment}.seed-{seed}.benchmark.tsv"
    wildcard_constraints:
        **TEMPLATE,
    localrule: True
    conda:
        ENVIRONMENT
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        style=CONFIG.figures.model_dump_json(),
        code=code_of("figures.py"),
    script:
        "../workflow/scripts/figures.py"
