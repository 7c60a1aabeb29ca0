# Reference: expected results, which are kept in the repository with the cards of their runs.
#
# Needs: the comparison of every task of the config, the cards of its runs.
# Makes: on request only (`snakemake keep_reference --configfile ...`) results/reference/<config>/ and
#        docs/results.md, the page of all expected results.

REFERENCE = f"results/reference/{CONFIG.name}/{{task}}"
KEPT = ("runs.tsv", "summary.tsv", "significance.tsv", "cards.json")


rule reference:
    """Keep the results of a task as the expected results of later runs."""
    input:
        [f"{COMPARE}/{name}" for name in KEPT],
    output:
        # If only a part of the experiments was run, the expected results of the others stay.
        files=[update(f"{REFERENCE}/{name}") for name in KEPT],
        command=f"{REFERENCE}/command.txt",
    log:
        f"logs/reference/{CONFIG.name}/{{task}}.log",
    wildcard_constraints:
        task=one_of(RESULTS.tasks),
    localrule: True
    conda:
        ENVIRONMENT
    params:
        command=RESULTS.command(workflow.configfiles),
        part=bool(CONFIG.only),
        code=RESULTS.code("reference.py"),
    script:
        "../workflow/scripts/reference.py"


rule keep_reference:
    """Keep the results of this config as expected results; runs only when it is asked for by name."""
    input:
        expand(f"{REFERENCE}/command.txt", task=RESULTS.tasks),
        "docs/results.md",
    localrule: True


rule results_page:
    """Write the page of all expected results."""
    input:
        expand(f"{REFERENCE}/command.txt", task=RESULTS.tasks),
    output:
        page="docs/results.md",
    log:
        f"logs/results_page/{CONFIG.name}.log",
    localrule: True
    conda:
        ENVIRONMENT
    params:
        code=RESULTS.code("results_page.py"),
    script:
        "../workflow/scripts/results_page.py"
