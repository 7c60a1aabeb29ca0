# Evaluate: the scores of a run on a test set, and the tables that plots are drawn from.
#
# Needs: a run, the table of the test set, and what the task's spec says.
# Makes: results/<task>/<experiment>/seed-<n>/<test set>/ with metrics.json, predictions and tables.

for task, spec in TASKS.items():

    rule:
        """Score one run on one test set."""
        name:
            f"evaluate_{task}"
        input:
            unpack(RUNS.evaluation_inputs),
            **spec.to_load,
        output:
            **spec.scores,
            **{
                name: report(
                    spec.run_file(f"{{test_set}}/{text.file}"), **spec.in_report(text)
                )
                for name, text in spec.texts.items()
            },
        log:
            f"logs/evaluate/{task}/{{experiment}}.seed-{{seed}}.{{test_set}}.log",
        benchmark:
            f"logs/evaluate/{task}/{{experiment}}.seed-{{seed}}.{{test_set}}.benchmark.tsv"
        conda:
            ENVIRONMENT
        threads: RUNS.resource("threads")
        resources:
            **RUNS.resources("mem_mb", "runtime", "gpu"),
        params:
            evaluate=spec.evaluate,
            settings=RUNS.evaluation_settings,
            quoted=RUNS.quoted,
            code=RUNS.code("evaluate.py", spec.evaluate),
        script:
            "../workflow/scripts/evaluate.py"
