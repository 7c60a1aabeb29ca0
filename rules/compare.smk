# Compare: the runs of one config side by side.
#
# Needs: the scores of every run and of the task's baselines; predictions where an experiment says
#        `compare_with`.
# Makes: results/compare/<config>/<task>/ with one tidy table, its means, the differences that
#        `compare_with` asks for, and a figure a metric and a difference.


rule compare:
    """Put the scores of all runs into one table, with means over random seeds."""
    input:
        metrics=lambda w: [
            *(f"{run}/{test}/metrics.json" for run, test in scored_runs(w.task)),
            *baseline_scores(w.task),
        ],
        predictions=lambda w: compared_predictions(w.task),
    output:
        runs=f"{COMPARE}/runs.tsv",
        summary=f"{COMPARE}/summary.tsv",
        significance=f"{COMPARE}/significance.tsv",
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
        pairs=lambda w: json.dumps(compared_of(w.task)),
        schemes=lambda w: schemes_of(compared_of(w.task)),
        style=CONFIG.figures.model_dump_json(),
        code=code_of("compare.py"),
    script:
        "../workflow/scripts/compare.py"
