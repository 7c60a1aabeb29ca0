# Prepare: a corpus becomes a dataset: normalised, split without leakage, filtered.
#
# Needs: the files of the corpus, its annotations if any.
# Makes: data/prepared/<dataset>/ with a table a split, references, what each filter dropped,
#        malformed lines, and the proof that no sentence is in two splits.

PREPARED = "data/prepared/{dataset}"


rule prepare:
    """Normalise, split by connected components of equal sentences, filter."""
    input:
        files=lambda w: sorted(
            {local_path(file) for file in corpus_of(w.dataset).files}
        ),
        annotations=lambda w: corpus_of(w.dataset).annotations or [],
    output:
        train=f"{PREPARED}/train.parquet",
        dev=f"{PREPARED}/dev.parquet",
        test=f"{PREPARED}/test.parquet",
        tables=multiext(f"{PREPARED}/", "train.tsv", "dev.tsv", "test.tsv"),
        references=f"{PREPARED}/references.parquet",
        filters=f"{PREPARED}/filter_report.tsv",
        malformed=f"{PREPARED}/malformed.tsv",
    log:
        "logs/prepare/{dataset}.log",
    benchmark:
        "logs/prepare/{dataset}.benchmark.tsv"
    wildcard_constraints:
        dataset=one_of(datasets_of("pairs")) or "(?!)",
    conda:
        ENVIRONMENT
    resources:
        mem_mb=4000,
        runtime=60,
    params:
        dataset=lambda w: CONFIG.datasets[w.dataset].model_dump_json(),
        corpus=lambda w: corpus_of(w.dataset).model_dump_json(),
        paths=lambda w: {
            file.address: local_path(file) for file in corpus_of(w.dataset).files
        },
        code=code_of("prepare.py"),
    script:
        "../workflow/scripts/prepare.py"


rule check_leakage:
    """Fail the run if a sentence of either language is in two splits."""
    input:
        train=rules.prepare.output.train,
        dev=rules.prepare.output.dev,
        test=rules.prepare.output.test,
    output:
        leakage=f"{PREPARED}/leakage.json",
    log:
        "logs/check_leakage/{dataset}.log",
    benchmark:
        "logs/check_leakage/{dataset}.benchmark.tsv"
    localrule: True
    conda:
        ENVIRONMENT
    resources:
        mem_mb=4000,
        runtime=60,
    params:
        code=code_of("check_leakage.py"),
    script:
        "../workflow/scripts/check_leakage.py"
