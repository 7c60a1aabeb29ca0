# Tagging: part-of-speech runs, scored by accuracy over words of every kind.
#
# Needs: the templates of training.smk, tables of a dataset of tagged words.
# Makes: results/tagging/<experiment>/seed-<n>/ with, for each test set, scores, predictions, scores
#        by tag and by word frequency, confusions, marginals, transitions; and their figures.

TAGGING = of_task(RUN, "tagging")


use rule train as train_tagging with:
    input:
        tables=prepared_for("train.parquet", "dev.parquet"),
        vectors=vectors_of,
    output:
        **trained("tagging"),
        vocabulary=f"{TAGGING}/vocabulary.json",
    log:
        "logs/train/tagging/{experiment}.seed-{seed}.log",
    benchmark:
        "logs/train/tagging/{experiment}.seed-{seed}.benchmark.tsv"
    params:
        settings=lambda w: experiment_of(w).model_dump_json(
            include={"task", "dataset", "model", "training"}
        ),
        dataset=lambda w: CONFIG.datasets[dataset_of(w)].model_dump_json(),
        folders=lambda w: data_folders(CONFIG, experiment_of(w), "data"),
        code=code_of("train.py", "nlpflow.tasks.tagging.training"),


use rule evaluate as evaluate_tagging with:
    input:
        **trained("tagging"),
        vocabulary=f"{TAGGING}/vocabulary.json",
        vectors=vectors_of,
        table=lambda w: f"data/prepared/{dataset_of(w)}/{w.test_set}.parquet",
        train=prepared_for("train.parquet"),
    output:
        metrics=f"{TAGGING}/{{test_set}}/metrics.json",
        tables=multiext(f"{TAGGING}/{{test_set}}/", *LABELLING_TABLES),
    log:
        "logs/evaluate/tagging/{experiment}.seed-{seed}.{test_set}.log",
    benchmark:
        "logs/evaluate/tagging/{experiment}.seed-{seed}.{test_set}.benchmark.tsv"
    params:
        settings=lambda w: experiment_of(w).model_dump_json(include={"figures"}),
        code=code_of("evaluate.py", "nlpflow.tasks.tagging.evaluation"),


use rule figures as figures_tagging with:
    input:
        history=f"{TAGGING}/history.tsv",
        confusion=table_of_first(TAGGING, "confusion"),
        frequency=table_of_first(TAGGING, "frequency"),
        transitions=table_of_first(TAGGING, "transitions"),
        marginals=table_of_first(TAGGING, "marginals"),
    output:
        curves=report(
            f"{TAGGING}/figures/curves.svg",
            caption="../workflow/report/labelling_curves.rst",
            category="tagging",
            subcategory="curves",
            labels=LABELS,
        ),
        confusion=report(
            f"{TAGGING}/figures/confusion.svg",
            caption="../workflow/report/confusion.rst",
            category="tagging",
            subcategory="confusion",
            labels=LABELS,
        ),
        frequency=report(
            f"{TAGGING}/figures/frequency.svg",
            caption="../workflow/report/tagging_frequency.rst",
            category="tagging",
            subcategory="word frequency",
            labels=LABELS,
        ),
        transitions=report(
            directory(f"{TAGGING}/figures/transitions"),
            patterns=["{name}.svg"],
            caption="../workflow/report/transitions.rst",
            category="tagging",
            subcategory="transitions",
            labels=LABELS,
        ),
        marginals=report(
            directory(f"{TAGGING}/figures/marginals"),
            patterns=["{sentence}.svg"],
            caption="../workflow/report/marginals.rst",
            category="tagging",
            subcategory="marginals",
            labels={**LABELS, "sentence": "{sentence}"},
        ),
    log:
        "logs/figures/tagging/{experiment}.seed-{seed}.log",
    benchmark:
        "logs/figures/tagging/{experiment}.seed-{seed}.benchmark.tsv"
    localrule: True
    params:
        task="tagging",
        quoted=quoted,
        style=CONFIG.figures.model_dump_json(),
        code=code_of("figures.py", "nlpflow.tasks.tagging.figures"),
