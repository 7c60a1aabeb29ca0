# Compare: the runs of one config side by side.
#
# Needs: the scores of every run and of the task's baselines; predictions of experiments with
#        `compare_with`; whether the corpora are the versions in the registry; what the filters of
#        the task's datasets dropped; the attention plots of translators.
# Makes: results/compare/<config>/<task>/ with one tidy table, its means, the differences that
#        `compare_with` asks for, and a plot for each metric and each difference;
#        results/compare/<config>/summary.html, the first page of the report.

from nlpflow.metrics.names import plot_label

COMPARE = f"results/compare/{CONFIG.name}/{{task}}"


rule compare:
    """Put the scores of all runs into one table, with means over random seeds."""
    input:
        metrics=RESULTS.metrics,
        predictions=RESULTS.predictions,
        versions=RESULTS.versions_read,
        reports=RESULTS.filter_reports,
        cards=RESULTS.cards,
    output:
        runs=f"{COMPARE}/runs.tsv",
        summary=f"{COMPARE}/summary.tsv",
        significance=f"{COMPARE}/significance.tsv",
        table=report(
            f"{COMPARE}/summary.html",
            caption="../workflow/report/comparison_table.rst",
            category="comparison",
            labels=lambda w: {"task": TASKS[w.task].title, "what": "table"},
        ),
        figures=report(
            directory(f"{COMPARE}/figures"),
            patterns=["{metric}.svg"],
            caption="../workflow/report/comparison.rst",
            category="comparison",
            labels=lambda w: {
                "task": TASKS[w.task].title,
                "what": plot_label(w.metric),
            },
        ),
    log:
        f"logs/compare/{CONFIG.name}/{{task}}.log",
    benchmark:
        f"logs/compare/{CONFIG.name}/{{task}}.benchmark.tsv"
    wildcard_constraints:
        task=one_of(RESULTS.tasks),
    localrule: True
    conda:
        ENVIRONMENT
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        labels=RESULTS.labels,
        data=RESULTS.data_of,
        baselines=RESULTS.baseline_labels,
        pairs=RESULTS.pairs,
        settings=RESULTS.comparison_settings,
        statistics=lambda w: TASKS[w.task].statistics,
        columns=lambda w: TASKS[w.task].sentence_columns,
        headline=lambda w: TASKS[w.task].headline,
        scored_on=RESULTS.scored_on,
        style=CONFIG.figures.model_dump_json(),
        code=lambda w: RESULTS.code("compare.py", TASKS[w.task].statistics),
    script:
        "../workflow/scripts/compare.py"


rule cards:
    """Collect the cards of a task's runs."""
    input:
        cards=RESULTS.cards,
        versions=RESULTS.versions_read,
    output:
        cards=f"{COMPARE}/cards.json",
        table=report(
            f"{COMPARE}/cards.html",
            caption="../workflow/report/cards.rst",
            category="comparison",
            labels=lambda w: {"task": TASKS[w.task].title, "what": "cards"},
        ),
    log:
        f"logs/cards/{CONFIG.name}/{{task}}.log",
    wildcard_constraints:
        task=one_of(RESULTS.tasks),
    localrule: True
    conda:
        ENVIRONMENT
    params:
        labels=RESULTS.labels,
        data=RESULTS.data_of,
        code=RESULTS.code("cards.py"),
    script:
        "../workflow/scripts/cards.py"


rule summary:
    """Write the first page of the report: scores, attention plots, data and licences."""
    input:
        summaries=SUMMARY.summaries(),
        metrics=SUMMARY.all_metrics(),
        reports=SUMMARY.all_filter_reports(),
        proofs=SUMMARY.proofs(),
        attention=SUMMARY.attention_plots(),
    output:
        page=report(
            f"results/compare/{CONFIG.name}/summary.html",
            caption="../workflow/report/summary.rst",
            category="at a glance",
            labels={"config": CONFIG.name},
        ),
    log:
        f"logs/summary/{CONFIG.name}.log",
    localrule: True
    conda:
        ENVIRONMENT
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        facts=lambda w: SUMMARY.facts().model_dump_json(),
        code=lambda w: RESULTS.code("summary.py"),
    script:
        "../workflow/scripts/summary.py"
