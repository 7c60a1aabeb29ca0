# Reference: results that are kept in the repository, each with the cards of its runs.
#
# Needs: the comparison of every task of the config, the cards of its runs.
# Makes: results/compare/<config>/<task>/cards.json and a table for the report;
#        on request only (`snakemake keep_reference --configfile ...`) results/reference/<config>/ and
#        docs/results.md, the page of all references.

REFERENCE = f"results/reference/{CONFIG.name}/{{task}}"
REFERENCE_TABLES = ("runs.tsv", "summary.tsv", "significance.tsv")


rule cards:
    """Collect the cards of a task's runs."""
    input:
        cards=lambda w: [
            f"results/{w.task}/{name}/seed-{seed}/card.json"
            for name, seed in seeds_of(w.task)
        ],
    output:
        cards=f"{COMPARE}/cards.json",
        table=report(
            f"{COMPARE}/cards.html",
            caption="../workflow/report/cards.rst",
            category="comparison",
            labels={"task": "{task}", "what": "cards"},
        ),
    log:
        f"logs/cards/{CONFIG.name}/{{task}}.log",
    wildcard_constraints:
        task=one_of(TASKS),
    localrule: True
    conda:
        ENVIRONMENT
    params:
        labels=lambda w: {
            name: experiment.label or name
            for name, experiment in CONFIG.experiments.items()
        },
        code=code_of("cards.py"),
    script:
        "../workflow/scripts/cards.py"


rule reference:
    """Keep the results of a task as the reference that later runs are held against."""
    input:
        [f"{COMPARE}/{name}" for name in (*REFERENCE_TABLES, "cards.json")],
    output:
        tables=[f"{REFERENCE}/{name}" for name in REFERENCE_TABLES],
        cards=f"{REFERENCE}/cards.json",
        command=f"{REFERENCE}/command.txt",
    log:
        f"logs/reference/{CONFIG.name}/{{task}}.log",
    wildcard_constraints:
        task=one_of(TASKS),
    localrule: True
    conda:
        ENVIRONMENT
    params:
        command=command_of_this_config(),
        code=code_of("reference.py"),
    script:
        "../workflow/scripts/reference.py"


rule keep_reference:
    """Keep the results of this config as its reference; asked for by name alone."""
    input:
        expand(rules.reference.output.command, task=TASKS),
        "docs/results.md",
    localrule: True


rule results_page:
    """Write the page of all references."""
    input:
        expand(rules.reference.output.command, task=TASKS),
    output:
        page="docs/results.md",
    log:
        f"logs/results_page/{CONFIG.name}.log",
    localrule: True
    conda:
        ENVIRONMENT
    params:
        code=code_of("results_page.py"),
    script:
        "../workflow/scripts/results_page.py"
