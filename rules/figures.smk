# Figures: the plots of a run, from its tables alone.
#
# Needs: the history of the training, and tables of the experiment's first test set.
# Makes: results/<task>/<experiment>/seed-<n>/figures/, each plot as SVG and PNG.

for task, spec in TASKS.items():

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
