# Vocabulary and encode: the tokens of a dataset, and its sentences as token ids.
#
# Needs: the tables of a dataset; the training set of the dataset whose tokens it takes, if another.
# Makes: data/vocabularies/<vocabulary>/ (shared by the runs that name it) and
#        data/encoded/<vocabulary>/ (memory-mapped arrays).

VOCABULARY = "data/vocabularies/{vocabulary}"


rule vocabulary:
    """Count words, or train subwords, on a training set alone; measure coverage on dev."""
    input:
        train=DATA.text_of_tokens,
        dev=DATA.split("dev.parquet"),
        test=DATA.split("test.parquet"),
    output:
        source=f"{VOCABULARY}/source.vocab",
        target=f"{VOCABULARY}/target.vocab",
        coverage=f"{VOCABULARY}/coverage.json",
        origin=f"{VOCABULARY}/origin.json",
    log:
        "logs/vocabulary/{vocabulary}.log",
    benchmark:
        "logs/vocabulary/{vocabulary}.benchmark.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=4000,
        runtime=60,
        # Not a param: equal settings in another file must not run the job again.
        defined_in=lambda w: DEFINED_IN[f"vocabularies/{w.vocabulary}"],
    params:
        vocabulary=lambda w: CONFIG.vocabularies[w.vocabulary].model_dump_json(),
        autoencode=DATA.autoencodes,
        kept_apart=DATA.kept_apart_in,
        code=DATA.code("vocabulary.py"),
    script:
        "../workflow/scripts/vocabulary.py"


rule encode:
    """Encode the training and dev set as arrays of token ids that training maps into memory."""
    input:
        train=DATA.split("train.parquet"),
        dev=DATA.split("dev.parquet"),
        leakage=DATA.split("leakage.json"),
        source=rules.vocabulary.output.source,
        target=rules.vocabulary.output.target,
    output:
        # One output, not eight: Snakemake would check each of them for every training.
        arrays=directory("data/encoded/{vocabulary}"),
    log:
        "logs/encode/{vocabulary}.log",
    benchmark:
        "logs/encode/{vocabulary}.benchmark.tsv"
    conda:
        ENVIRONMENT
    resources:
        mem_mb=4000,
        runtime=60,
    params:
        code=DATA.code("encode.py"),
    script:
        "../workflow/scripts/encode.py"
