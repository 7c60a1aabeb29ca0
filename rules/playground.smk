# Playground: one page that runs the models of a config in the browser.
#
# Needs: the first run of each experiment, with its scores; the page's code.
# Makes: results/<config>/playground.html, which loads no other file.


rule playground:
    """Write the page that runs the trained models."""
    input:
        runs=SUMMARY.playground_inputs(),
        web=SUMMARY.web_files(),
    output:
        page=f"results/{CONFIG.name}/playground.html",
    log:
        f"logs/playground/{CONFIG.name}.log",
    benchmark:
        f"logs/playground/{CONFIG.name}.benchmark.tsv"
    localrule: True
    conda:
        ENVIRONMENT
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        facts=lambda w: SUMMARY.facts().model_dump_json(),
        code=lambda w: RESULTS.code("playground.py"),
    script:
        "../workflow/scripts/playground.py"
