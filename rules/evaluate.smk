# Evaluate: the scores of a run on its test sets, and its plots; two rules for each task.
#
# Needs: a run, the table of the test set, and the inputs that the task's spec lists.
# Makes: results/<task>/<experiment>/seed-<n>/<test set>/ with metrics.json, predictions and tables;
#        figures/ beside it with plots of the training's history and of tables of the experiment's
#        first test set, each as SVG and PNG.

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
            **RUNS.resources("mem_mb", "runtime"),
            gpu=RUNS.evaluation_gpu,
        params:
            evaluate=spec.evaluate,
            settings=RUNS.evaluation_settings,
            quoted=RUNS.quoted,
            analyser=RUNS.analyser,
            code=RUNS.code("evaluate.py", spec.evaluate),
        script:
            "../workflow/scripts/evaluate.py"

    rule:
        """Draw the plots of one run."""
        name:
            f"figures_{task}"
        input:
            unpack(RUNS.plot_inputs),
        output:
            **{
                name: report(
                    (
                        directory(spec.run_file(f"figures/{plot.path}"))
                        if plot.patterns
                        else spec.run_file(f"figures/{plot.path}")
                    ),
                    **spec.in_report(plot),
                )
                for name, plot in spec.plots.items()
            },
            pngs=spec.pngs,
        log:
            f"logs/figures/{task}/{{experiment}}.seed-{{seed}}.log",
        benchmark:
            f"logs/figures/{task}/{{experiment}}.seed-{{seed}}.benchmark.tsv"
        localrule: True
        conda:
            ENVIRONMENT
        resources:
            mem_mb=1000,
            runtime=10,
        params:
            plot=spec.plot,
            style=CONFIG.figures.model_dump_json(),
            quoted=RUNS.quoted,
            code=RUNS.code("figures.py", spec.plot),
        script:
            "../workflow/scripts/figures.py"
