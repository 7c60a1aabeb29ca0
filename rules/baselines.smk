# Baselines: what the networks of a labelling task must beat, on the same datasets.
#
# Needs: the tables of a dataset of tagged words.
# Makes: results/<task>/_<baseline>.<dataset>/seed-0/<test set>/ with the tables of a run: the most
#        frequent tag, a hidden Markov model, a CRF over hand-written features.

BASELINE = "results/{task}/_{baseline}.{dataset}/seed-0"


rule baseline:
    """Train one baseline, and score it on dev and test."""
    input:
        train="data/prepared/{dataset}/train.parquet",
        dev="data/prepared/{dataset}/dev.parquet",
        test="data/prepared/{dataset}/test.parquet",
    output:
        dev=f"{BASELINE}/dev/metrics.json",
        test=f"{BASELINE}/test/metrics.json",
    log:
        "logs/baseline/{task}/{baseline}.{dataset}.log",
    benchmark:
        "logs/baseline/{task}/{baseline}.{dataset}.benchmark.tsv"
    wildcard_constraints:
        task=one_of(LABELLING),
        baseline=one_of(BASELINES),
    conda:
        ENVIRONMENT
    resources:
        mem_mb=4000,
        runtime=120,
    params:
        code=lambda w: code_of("baseline.py", f"nlpflow.tasks.{w.task}.baselines"),
    script:
        "../workflow/scripts/baseline.py"
