# Embeddings: word vectors from text, scored by perplexity, similarity lists and analogies.
#
# Needs: the templates of training.smk, prepared sentences of one language, lists of the registry.
# Makes: results/embeddings/<experiment>/seed-<n>/ with the vectors as word2vec text and as
#        safetensors; for each test set scores, lists, neighbours and a map; their figures.

EMBEDDINGS = of_task(RUN, "embeddings")


use rule train as train_embeddings with:
    input:
        tables=prepared_for("train.parquet", "dev.parquet"),
        leakage=prepared_for("leakage.json"),
        vectors=vectors_of,
    output:
        **trained("embeddings"),
        vocabulary=f"{EMBEDDINGS}/words.vocab",
        vectors=multiext(f"{EMBEDDINGS}/vectors", ".txt", ".safetensors"),
    log:
        "logs/train/embeddings/{experiment}.seed-{seed}.log",
    benchmark:
        "logs/train/embeddings/{experiment}.seed-{seed}.benchmark.tsv"
    params:
        settings=lambda w: experiment_of(w).model_dump_json(
            include={"task", "dataset", "words", "model", "training"}
        ),
        dataset=lambda w: CONFIG.datasets[dataset_of(w)].model_dump_json(),
        folders=lambda w: data_folders(CONFIG, experiment_of(w), "data"),
        code=code_of("train.py", "nlpflow.tasks.embeddings.training"),


use rule evaluate as evaluate_embeddings with:
    input:
        **trained("embeddings"),
        vocabulary=rules.train_embeddings.output.vocabulary,
        vectors=rules.train_embeddings.output.vectors,
        table=lambda w: f"data/prepared/{dataset_of(w)}/{w.test_set}.parquet",
        counted=prepared_for("train.parquet", "dev.parquet"),
        lists=lambda w: [local_path(file) for _, _, file in lists_of(w)],
    output:
        metrics=f"{EMBEDDINGS}/{{test_set}}/metrics.json",
        lists=f"{EMBEDDINGS}/{{test_set}}/lists.tsv",
        neighbours=f"{EMBEDDINGS}/{{test_set}}/neighbours.tsv",
        map=f"{EMBEDDINGS}/{{test_set}}/map.tsv",
    log:
        "logs/evaluate/embeddings/{experiment}.seed-{seed}.{test_set}.log",
    benchmark:
        "logs/evaluate/embeddings/{experiment}.seed-{seed}.{test_set}.benchmark.tsv"
    params:
        settings=evaluation_of,
        code=code_of("evaluate.py", "nlpflow.tasks.embeddings.evaluation"),


use rule figures as figures_embeddings with:
    input:
        history=f"{EMBEDDINGS}/history.tsv",
        lists=table_of_first(EMBEDDINGS, "lists"),
        map=table_of_first(EMBEDDINGS, "map"),
        neighbours=table_of_first(EMBEDDINGS, "neighbours"),
    output:
        curves=report(
            f"{EMBEDDINGS}/figures/curves.svg",
            caption="../workflow/report/embeddings_curves.rst",
            category="word embeddings",
            subcategory="curves",
            labels=LABELS,
        ),
        lists=report(
            f"{EMBEDDINGS}/figures/lists.svg",
            caption="../workflow/report/embeddings_lists.rst",
            category="word embeddings",
            subcategory="lists",
            labels=LABELS,
        ),
        map=report(
            f"{EMBEDDINGS}/figures/map.svg",
            caption="../workflow/report/embeddings_map.rst",
            category="word embeddings",
            subcategory="map",
            labels=LABELS,
        ),
        neighbours=report(
            f"{EMBEDDINGS}/figures/neighbours.svg",
            caption="../workflow/report/embeddings_neighbours.rst",
            category="word embeddings",
            subcategory="neighbours",
            labels=LABELS,
        ),
    log:
        "logs/figures/embeddings/{experiment}.seed-{seed}.log",
    benchmark:
        "logs/figures/embeddings/{experiment}.seed-{seed}.benchmark.tsv"
    localrule: True
    params:
        task="embeddings",
        quoted=quoted,
        style=CONFIG.figures.model_dump_json(),
        code=code_of("figures.py", "nlpflow.tasks.embeddings.figures"),
