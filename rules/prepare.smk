# Prepare: make datasets from corpora: normalise, split without leakage, filter.
#
# Needs: the files of the corpora, annotations if any; the files of the config's own test sets.
# Makes: data/prepared/<dataset>/ with one table per split, what each filter dropped, the malformed
#        lines, the check that no sentence is in two splits, whether the corpora are the versions
#        in the registry, and for pairs all known reference translations; in test_sets/ the test
#        sets in the dataset's normalisation, marked where its training set has their sentences.

PREPARED = "data/prepared/{dataset}"
SPLIT_FILES = {name: f"{PREPARED}/{name}.parquet" for name in ("train", "dev", "test")}
REPORTS = {
    "filter_report": report(
        f"{PREPARED}/filter_report.tsv",
        caption="../workflow/report/filter_report.rst",
        category="data",
        labels={"dataset": "{dataset}", "what": "dropped"},
    ),
    "malformed": f"{PREPARED}/malformed.tsv",
    "origin": f"{PREPARED}/origin.json",
}


rule prepare:
    """Normalise, split by connected components of equal sentences, filter."""
    input:
        files=DATA.corpus_files,
        annotations=DATA.annotations,
    output:
        **SPLIT_FILES,
        **REPORTS,
        tables=multiext(f"{PREPARED}/", "train.tsv", "dev.tsv", "test.tsv"),
        references=f"{PREPARED}/references.parquet",
    log:
        "logs/prepare/{dataset}.log",
    benchmark:
        "logs/prepare/{dataset}.benchmark.tsv"
    wildcard_constraints:
        dataset=one_of(DATA.datasets("pairs")),
    conda:
        ENVIRONMENT
    resources:
        mem_mb=4000,
        runtime=60,
        # Not a param: equal settings in another file must not run the job again.
        defined_in=lambda w: DEFINED_IN[f"prepared/{w.dataset}"],
    params:
        dataset=DATA.settings,
        corpora=DATA.corpora,
        addresses=DATA.addresses,
        code=DATA.code("prepare.py"),
    script:
        "../workflow/scripts/prepare.py"


rule prepare_sentences:
    """Pool the sentences of several corpora by language, split, balance."""
    input:
        files=DATA.corpus_files,
    output:
        **SPLIT_FILES,
        **REPORTS,
        tables=multiext(f"{PREPARED}/", "train.tsv", "dev.tsv", "test.tsv"),
    log:
        "logs/prepare/{dataset}.log",
    benchmark:
        "logs/prepare/{dataset}.benchmark.tsv"
    wildcard_constraints:
        dataset=one_of(DATA.datasets("sentences")),
    conda:
        ENVIRONMENT
    resources:
        mem_mb=8000,
        runtime=60,
        # Not a param: equal settings in another file must not run the job again.
        defined_in=lambda w: DEFINED_IN[f"prepared/{w.dataset}"],
    params:
        dataset=DATA.settings,
        corpora=DATA.corpora,
        languages=DATA.languages,
        normalisations=DATA.normalisations,
        addresses=DATA.addresses,
        code=DATA.code("prepare_sentences.py"),
    script:
        "../workflow/scripts/prepare_sentences.py"


use rule prepare_sentences as prepare_test_sentences with:
    input:
        files=DATA.corpus_files,
        training=DATA.apart_from,
    output:
        **REPORTS,
        test=f"{PREPARED}/test.parquet",
        tables=f"{PREPARED}/test.tsv",
    log:
        "logs/prepare/{dataset}.log",
    benchmark:
        "logs/prepare/{dataset}.benchmark.tsv"
    wildcard_constraints:
        dataset=one_of(DATA.datasets("test_sentences")),


rule prepare_tags:
    """Read tagged words, repair entities, split or keep the corpus's split, mark known sentences."""
    input:
        files=DATA.corpus_files,
    output:
        **SPLIT_FILES,
        **REPORTS,
        tables=multiext(f"{PREPARED}/", "train.tsv", "dev.tsv", "test.tsv"),
    log:
        "logs/prepare/{dataset}.log",
    benchmark:
        "logs/prepare/{dataset}.benchmark.tsv"
    wildcard_constraints:
        dataset=one_of(DATA.datasets("labelled")),
    conda:
        ENVIRONMENT
    resources:
        mem_mb=4000,
        runtime=60,
        # Not a param: equal settings in another file must not run the job again.
        defined_in=lambda w: DEFINED_IN[f"prepared/{w.dataset}"],
    params:
        dataset=DATA.settings,
        corpora=DATA.corpora,
        addresses=DATA.addresses,
        code=DATA.code("prepare_tags.py"),
    script:
        "../workflow/scripts/prepare_tags.py"


use rule prepare_tags as prepare_test_tags with:
    output:
        **REPORTS,
        test=f"{PREPARED}/test.parquet",
        tables=f"{PREPARED}/test.tsv",
    log:
        "logs/prepare/{dataset}.log",
    benchmark:
        "logs/prepare/{dataset}.benchmark.tsv"
    wildcard_constraints:
        dataset=one_of(DATA.datasets("test_labelled")),


rule mark_test_tags:
    """Normalise tagged test sentences like a dataset; mark those also in its training set."""
    input:
        test="data/prepared/{test_set}/test.parquet",
        train=f"{PREPARED}/train.parquet",
    output:
        table=f"{PREPARED}/test_sets/{{test_set}}.parquet",
    log:
        "logs/mark_test_tags/{dataset}.{test_set}.log",
    benchmark:
        "logs/mark_test_tags/{dataset}.{test_set}.benchmark.tsv"
    wildcard_constraints:
        dataset=one_of(DATA.datasets("labelled")),
        test_set=one_of(DATA.datasets("test_labelled")),
    conda:
        ENVIRONMENT
    resources:
        mem_mb=4000,
        runtime=60,
    params:
        dataset=DATA.settings,
        code=DATA.code("mark_test_tags.py"),
    script:
        "../workflow/scripts/mark_test_tags.py"


rule check_leakage:
    """Fail if two splits share a sentence, unless both are the corpus's own splits."""
    input:
        **SPLIT_FILES,
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
        may_share=DATA.may_share,
        sides=DATA.kept_apart,
        code=DATA.code("check_leakage.py"),
    script:
        "../workflow/scripts/check_leakage.py"


rule check_versions:
    """Check whether the corpora are the data that published results were made from."""
    input:
        files=DATA.version_files,
    output:
        versions=f"{PREPARED}/versions.json",
    log:
        "logs/check_versions/{dataset}.log",
    benchmark:
        "logs/check_versions/{dataset}.benchmark.tsv"
    wildcard_constraints:
        dataset=one_of(filter(DATA.versions, CONFIG.datasets)),
    localrule: True
    conda:
        ENVIRONMENT
    resources:
        mem_mb=1000,
        runtime=60,
    params:
        entries=DATA.version_entries,
        code=DATA.code("check_versions.py"),
    script:
        "../workflow/scripts/check_versions.py"


rule prepare_test_set:
    """Normalise a config's test set like a dataset; mark what is also in its training set."""
    input:
        files=DATA.test_set_files,
        train=f"{PREPARED}/train.parquet",
    output:
        table=f"{PREPARED}/test_sets/{{test_set}}.parquet",
    log:
        "logs/prepare_test_set/{dataset}.{test_set}.log",
    benchmark:
        "logs/prepare_test_set/{dataset}.{test_set}.benchmark.tsv"
    wildcard_constraints:
        dataset=one_of(DATA.datasets("pairs")),
        test_set=one_of(CONFIG.test_sets),
    conda:
        ENVIRONMENT
    resources:
        mem_mb=4000,
        runtime=60,
    params:
        dataset=DATA.settings,
        test_set=lambda w: CONFIG.test_sets[w.test_set].model_dump_json(),
        code=DATA.code("prepare_test_set.py"),
    script:
        "../workflow/scripts/prepare_test_set.py"
