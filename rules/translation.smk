# Translation: sequence-to-sequence runs, scored by BLEU, chrF2, exact match and fluency.
#
# Needs: the templates of training.smk.
# Makes: results/translation/<experiment>/seed-<n>/ with, for each test set, scores, predictions,
#        breakdowns, samples and attention tables; figures of curves, breakdowns and attention.

TRANSLATION = of_task(RUN, "translation")


LABELS = {"experiment": "{experiment}", "seed": "{seed}"}


use rule train as train_translation with:
    output:
        **trained("translation"),
    log:
        "logs/train/translation/{experiment}.seed-{seed}.log",
    benchmark:
        "logs/train/translation/{experiment}.seed-{seed}.benchmark.tsv"
    params:
        # Of `decoding` only what validation on the dev set uses: it is always greedy.
        settings=lambda w: experiment_of(w).model_dump_json(
            include={
                **dict.fromkeys(("task", "vocabulary", "model", "training"), True),
                "decoding": {"max_tokens", "batch_size"},
            }
        ),
        dataset=lambda w: CONFIG.datasets[dataset_of(w)].model_dump_json(),
        folders=lambda w: data_folders(CONFIG, experiment_of(w), "data"),
        code=code_of("train.py", "nlpflow.tasks.translation.training"),


use rule evaluate as evaluate_translation with:
    input:
        **to_load("translation"),
        vocabularies=vocabulary_files,
        table=scored_table,
        references=prepared_for("references.parquet"),
        judged_by=prepared_for("train.parquet"),
    output:
        metrics=f"{TRANSLATION}/{{test_set}}/metrics.json",
        predictions=f"{TRANSLATION}/{{test_set}}/predictions.tsv",
        breakdown=f"{TRANSLATION}/{{test_set}}/breakdown.tsv",
        samples=report(
            f"{TRANSLATION}/{{test_set}}/samples.txt",
            caption="../workflow/report/samples.rst",
            category="translation",
            subcategory="samples",
            labels={**LABELS, "test set": "{test_set}"},
        ),
        attention=f"{TRANSLATION}/{{test_set}}/attention.tsv",
    log:
        "logs/evaluate/translation/{experiment}.seed-{seed}.{test_set}.log",
    benchmark:
        "logs/evaluate/translation/{experiment}.seed-{seed}.{test_set}.benchmark.tsv"
    params:
        quoted=quoted,
        settings=lambda w: experiment_of(w).model_dump_json(
            include={"figures", "decoding"}
        ),
        code=code_of("evaluate.py", "nlpflow.tasks.translation.evaluation"),


use rule figures as figures_translation with:
    input:
        history=f"{TRANSLATION}/history.tsv",
        breakdown=table_of_first(TRANSLATION, "breakdown"),
        attention=table_of_first(TRANSLATION, "attention"),
    output:
        curves=report(
            f"{TRANSLATION}/figures/curves.svg",
            caption="../workflow/report/curves.rst",
            category="translation",
            subcategory="curves",
            labels=LABELS,
        ),
        breakdown=report(
            f"{TRANSLATION}/figures/breakdown.svg",
            caption="../workflow/report/breakdown.rst",
            category="translation",
            subcategory="breakdown",
            labels=LABELS,
        ),
        attention=report(
            directory(f"{TRANSLATION}/figures/attention"),
            patterns=["{sentence}.svg"],
            caption="../workflow/report/attention.rst",
            category="translation",
            subcategory="attention",
            labels={**LABELS, "sentence": "{sentence}"},
        ),
    log:
        "logs/figures/translation/{experiment}.seed-{seed}.log",
    benchmark:
        "logs/figures/translation/{experiment}.seed-{seed}.benchmark.tsv"
    localrule: True
    params:
        task="translation",
        quoted=quoted,
        style=CONFIG.figures.model_dump_json(),
        code=code_of("figures.py", "nlpflow.tasks.translation.figures"),
