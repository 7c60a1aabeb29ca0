# Language identification: bag-of-words and n-gram classifiers, scored by accuracy and calibration.
#
# Needs: the templates of training.smk, prepared sentences.
# Makes: results/language_id/<experiment>/seed-<n>/ with, for each test set, scores, predictions,
#        breakdowns, confusions, calibration, the most confident errors and the heaviest weights.

LANGUAGE_ID = of_task(RUN, "language_id")
LANGUAGE_ID_TABLES = ("breakdown", "confusions", "calibration", "weights", "words")


use rule train as train_language_id with:
    input:
        tables=prepared_for("train.parquet", "dev.parquet"),
        leakage=prepared_for("leakage.json"),
        first_weights=first_weights_of,
    output:
        **trained("language_id"),
    log:
        "logs/train/language_id/{experiment}.seed-{seed}.log",
    benchmark:
        "logs/train/language_id/{experiment}.seed-{seed}.benchmark.tsv"
    params:
        settings=lambda w: experiment_of(w).model_dump_json(
            include={"task", "dataset", "model", "training"}
        ),
        dataset=lambda w: CONFIG.datasets[dataset_of(w)].model_dump_json(),
        folders=lambda w: data_folders(CONFIG, experiment_of(w), "data"),
        code=code_of("train.py", "nlpflow.tasks.language_id.training"),


use rule evaluate as evaluate_language_id with:
    input:
        **trained("language_id"),
        table=test_table,
    output:
        **{
            name: f"{LANGUAGE_ID}/{{test_set}}/{name}.tsv"
            for name in ("predictions", *LANGUAGE_ID_TABLES)
        },
        metrics=f"{LANGUAGE_ID}/{{test_set}}/metrics.json",
        errors=report(
            f"{LANGUAGE_ID}/{{test_set}}/errors.txt",
            caption="../workflow/report/language_errors.rst",
            category="language identification",
            subcategory="errors",
            labels={**LABELS, "test set": "{test_set}"},
        ),
    log:
        "logs/evaluate/language_id/{experiment}.seed-{seed}.{test_set}.log",
    benchmark:
        "logs/evaluate/language_id/{experiment}.seed-{seed}.{test_set}.benchmark.tsv"
    params:
        quoted=quoted,
        settings=lambda w: experiment_of(w).model_dump_json(include={"figures"}),
        code=code_of("evaluate.py", "nlpflow.tasks.language_id.evaluation"),


use rule figures as figures_language_id with:
    input:
        **{name: table_of_first(LANGUAGE_ID, name) for name in LANGUAGE_ID_TABLES},
        history=f"{LANGUAGE_ID}/history.tsv",
    output:
        curves=report(
            f"{LANGUAGE_ID}/figures/curves.svg",
            caption="../workflow/report/language_curves.rst",
            category="language identification",
            subcategory="curves",
            labels=LABELS,
        ),
        breakdown=report(
            f"{LANGUAGE_ID}/figures/breakdown.svg",
            caption="../workflow/report/language_breakdown.rst",
            category="language identification",
            subcategory="breakdown",
            labels=LABELS,
        ),
        confusions=report(
            f"{LANGUAGE_ID}/figures/confusions.svg",
            caption="../workflow/report/language_confusions.rst",
            category="language identification",
            subcategory="confusions",
            labels=LABELS,
        ),
        calibration=report(
            f"{LANGUAGE_ID}/figures/calibration.svg",
            caption="../workflow/report/language_calibration.rst",
            category="language identification",
            subcategory="calibration",
            labels=LABELS,
        ),
        weights=report(
            f"{LANGUAGE_ID}/figures/weights.html",
            caption="../workflow/report/language_weights.rst",
            category="language identification",
            subcategory="weights",
            labels={**LABELS, "what": "heaviest"},
        ),
        words=report(
            directory(f"{LANGUAGE_ID}/figures/words"),
            patterns=["{what}.svg"],
            caption="../workflow/report/language_words.rst",
            category="language identification",
            subcategory="weights",
            labels={**LABELS, "what": "{what}"},
        ),
    log:
        "logs/figures/language_id/{experiment}.seed-{seed}.log",
    benchmark:
        "logs/figures/language_id/{experiment}.seed-{seed}.benchmark.tsv"
    localrule: True
    params:
        task="language_id",
        quoted=quoted,
        style=CONFIG.figures.model_dump_json(),
        code=code_of("figures.py", "nlpflow.tasks.language_id.figures"),
