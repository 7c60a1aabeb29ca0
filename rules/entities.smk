# Entities: runs of entity recognition, scored by precision, recall and F1 of whole spans.
#
# Needs: the templates of training.smk, tables of a dataset of tagged words.
# Makes: results/entities/<experiment>/seed-<n>/ with the tables and figures that tagging has.

ENTITIES = of_task(RUN, "entities")


use rule train as train_entities with:
    input:
        tables=prepared_for("train.parquet", "dev.parquet"),
        vectors=vectors_of,
    output:
        **trained("entities"),
        vocabulary=f"{ENTITIES}/vocabulary.json",
    log:
        "logs/train/entities/{experiment}.seed-{seed}.log",
    benchmark:
        "logs/train/entities/{experiment}.seed-{seed}.benchmark.tsv"
    params:
        settings=lambda w: experiment_of(w).model_dump_json(
            include={"task", "dataset", "model", "training"}
        ),
        dataset=lambda w: CONFIG.datasets[dataset_of(w)].model_dump_json(),
        folders=lambda w: data_folders(CONFIG, experiment_of(w), "data"),
        code=code_of("train.py", "nlpflow.tasks.entities.training"),


use rule evaluate as evaluate_entities with:
    input:
        **trained("entities"),
        vocabulary=f"{ENTITIES}/vocabulary.json",
        vectors=vectors_of,
        table=lambda w: f"data/prepared/{dataset_of(w)}/{w.test_set}.parquet",
        train=prepared_for("train.parquet"),
    output:
        metrics=f"{ENTITIES}/{{test_set}}/metrics.json",
        tables=multiext(f"{ENTITIES}/{{test_set}}/", *LABELLING_TABLES),
    log:
        "logs/evaluate/entities/{experiment}.seed-{seed}.{test_set}.log",
    benchmark:
        "logs/evaluate/entities/{experiment}.seed-{seed}.{test_set}.benchmark.tsv"
    params:
        settings=lambda w: experiment_of(w).model_dump_json(include={"figures"}),
        code=code_of("evaluate.py", "nlpflow.tasks.entities.evaluation"),


use rule figures as figures_entities with:
    input:
        history=f"{ENTITIES}/history.tsv",
        confusion=table_of_first(ENTITIES, "confusion"),
        frequency=table_of_first(ENTITIES, "frequency"),
        transitions=table_of_first(ENTITIES, "transitions"),
        marginals=table_of_first(ENTITIES, "marginals"),
    output:
        curves=report(
            f"{ENTITIES}/figures/curves.svg",
            caption="../workflow/report/labelling_curves.rst",
            category="entities",
            subcategory="curves",
            labels=LABELS,
        ),
        confusion=report(
            f"{ENTITIES}/figures/confusion.svg",
            caption="../workflow/report/confusion.rst",
            category="entities",
            subcategory="confusion",
            labels=LABELS,
        ),
        frequency=report(
            f"{ENTITIES}/figures/frequency.svg",
            caption="../workflow/report/entities_frequency.rst",
            category="entities",
            subcategory="word frequency",
            labels=LABELS,
        ),
        transitions=report(
            directory(f"{ENTITIES}/figures/transitions"),
            patterns=["{name}.svg"],
            caption="../workflow/report/transitions.rst",
            category="entities",
            subcategory="transitions",
            labels=LABELS,
        ),
        marginals=report(
            directory(f"{ENTITIES}/figures/marginals"),
            patterns=["{sentence}.svg"],
            caption="../workflow/report/marginals.rst",
            category="entities",
            subcategory="marginals",
            labels={**LABELS, "sentence": "{sentence}"},
        ),
    log:
        "logs/figures/entities/{experiment}.seed-{seed}.log",
    benchmark:
        "logs/figures/entities/{experiment}.seed-{seed}.benchmark.tsv"
    localrule: True
    params:
        task="entities",
        quoted=quoted,
        style=CONFIG.figures.model_dump_json(),
        code=code_of("figures.py", "nlpflow.tasks.entities.figures"),
