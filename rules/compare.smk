# Compare: the runs of one config side by side.
#
# Needs: the scores of every run and of the task's baselines.
# Makes: results/compare/<config>/<task>/ with one tidy table, its means, and a figure a metric.


rule compare:
    """Put the scores of all runs into one table, with means over random seeds."""
    input:
        metrics=lambda w: [
            *(f"{run}/{test}/metrics.json" for run, test in scored_runs(w.task)),
            *baseline_scores(w.task),
        ],
    output:
        runs=f"{COMPARE}/runs.tsv",
        summary=f"{COMPARE}/summary.tsv",
        table=report(
            f"{COMPARE}/summary.html",
            caption="../workflow/report/comparison_table.rst",
            category="comparison",
            labels={"task": "{task}", "what": "table"},
        ),
        figures=report(
            directory(f"{COMPARE}/figures"),
            patterns=["{metric}.svg"],
            caption="../workflow/report/comparison.rst",
            category="comparison",
            labels={"task": "{task}", "what": "{metric}"},
        ),
    log:
        f"logs/compare/{CONFIG.name}/{{task}}.log",
    benchmark:
        f"logs/compare/{CONFIG.name}/{{task}}.benchmark.tsv"
    wildcard_constraints:
        task=one_of(TASKS),
    localrule: True
    conda:
        ENVIRONMENT
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        labels=lambda w: {
            name: experiment.label or name
            for name, experiment in CONFIG.experiments.items()
        }
        | baselines_of(w.task),
        style=CONFIG.figures.model_dump_json(),
        code=code_of("compare.py"),
    script:
        "../workflow/scripts/compare.py"
