# Prepare: corpora become a dataset: normalised, split without leakage, filtered.
#
# Needs: the files of the corpora, annotations if any; the files of the config's own test sets.
# Makes: data/prepared/<dataset>/ with a table a split, what each filter dropped, malformed lines,
#        the proof that no sentence is in two splits, and for pairs all known references; in
#        test_sets/ own test sets as the dataset is normalised, and what its training set has.

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


rule prepare_sentences:
    """Pool the sentences of several corpora by language, split, balance."""
    input:
        files=sentence_files,
    output:
        train=f"{PREPARED}/train.parquet",
        dev=f"{PREPARED}/dev.parquet",
        test=f"{PREPARED}/test.parquet",
        tables=multiext(f"{PREPARED}/", "train.tsv", "dev.tsv", "test.tsv"),
        filters=f"{PREPARED}/filter_report.tsv",
        malformed=f"{PREPARED}/malformed.tsv",
    log:
        "logs/prepare/{dataset}.log",
    benchmark:
        "logs/prepare/{dataset}.benchmark.tsv"
    wildcard_constraints:
        dataset=one_of(datasets_of("sentences")) or "(?!)",
    conda:
        ENVIRONMENT
    resources:
        mem_mb=8000,
        runtime=60,
    params:
        dataset=lambda w: CONFIG.datasets[w.dataset].model_dump_json(),
        corpora=lambda w: corpora_of(w.dataset),
        languages=lambda w: languages_of(CONFIG.datasets[w.dataset], REGISTRY),
        paths=lambda w: {file.address: local_path(file) for file in files_of(w.dataset)},
        code=code_of("prepare_sentences.py"),
    script:
        "../workflow/scripts/prepare_sentences.py"


use rule prepare_sentences as prepare_test_sentences with:
    input:
        files=sentence_files,
        training=lambda w: [
            f"data/prepared/{name}/train.parquet"
            for name in CONFIG.datasets[w.dataset].apart_from
        ],
    output:
        test=f"{PREPARED}/test.parquet",
        tables=f"{PREPARED}/test.tsv",
        filters=f"{PREPARED}/filter_report.tsv",
        malformed=f"{PREPARED}/malformed.tsv",
    log:
        "logs/prepare/{dataset}.log",
    benchmark:
        "logs/prepare/{dataset}.benchmark.tsv"
    wildcard_constraints:
        dataset=one_of(datasets_of("test_sentences")) or "(?!)",


rule prepare_tags:
    """Read tagged words in the corpus's own split, repair entities, mark known sentences."""
    input:
        files=rules.prepare.input.files,
    output:
        train=f"{PREPARED}/train.parquet",
        dev=f"{PREPARED}/dev.parquet",
        test=f"{PREPARED}/test.parquet",
        tables=multiext(f"{PREPARED}/", "train.tsv", "dev.tsv", "test.tsv"),
        filters=f"{PREPARED}/filter_report.tsv",
        malformed=f"{PREPARED}/malformed.tsv",
    log:
        "logs/prepare/{dataset}.log",
    benchmark:
        "logs/prepare/{dataset}.benchmark.tsv"
    wildcard_constraints:
        dataset=one_of(datasets_of("labelled")) or "(?!)",
    conda:
        ENVIRONMENT
    resources:
        mem_mb=4000,
        runtime=60,
    params:
        dataset=lambda w: CONFIG.datasets[w.dataset].model_dump_json(),
        corpus=lambda w: corpus_of(w.dataset).model_dump_json(),
        paths=rules.prepare.params.paths,
        code=code_of("prepare_tags.py"),
    script:
        "../workflow/scripts/prepare_tags.py"


rule check_leakage:
    """Fail the run if a sentence is in two splits."""
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


rule prepare_test_set:
    """Normalise a test set of the config as a dataset; mark what overlaps with its training set."""
    input:
        files=lambda w: CONFIG.test_sets[w.test_set].files,
        train=rules.prepare.output.train,
    output:
        table=f"{PREPARED}/test_sets/{{test_set}}.parquet",
    log:
        "logs/prepare_test_set/{dataset}.{test_set}.log",
    benchmark:
        "logs/prepare_test_set/{dataset}.{test_set}.benchmark.tsv"
    wildcard_constraints:
        dataset=one_of(datasets_of("pairs")) or "(?!)",
        test_set=one_of(CONFIG.test_sets) or "(?!)",
    conda:
        ENVIRONMENT
    resources:
        mem_mb=4000,
        runtime=60,
    params:
        dataset=lambda w: CONFIG.datasets[w.dataset].model_dump_json(),
        test_set=lambda w: CONFIG.test_sets[w.test_set].model_dump_json(),
        code=code_of("prepare_test_set.py"),
    script:
        "../workflow/scripts/prepare_test_set.py"
