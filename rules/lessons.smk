# Lessons: what the models are made of, run cell by cell, with every claim checked.
#
# Needs: lessons/, the scores of one run of the task that each lesson ends with.
# Makes: results/lessons/<lesson>.html, a page each that loads nothing.

LESSON_TASKS = {
    "1-tensors": "translation",
    "2-differentiation": "embeddings",
    "3-building-blocks": "language_id",
    "4-lstm-steps": "tagging",
    "5-dynamic-graphs": "entities",
}
LESSON_DATA = {
    "3-building-blocks": [
        f"data/sample/sentences.{name}.txt" for name in ("eng", "spa")
    ],
}


rule lesson:
    """Run a lesson and write its page; a claim that does not hold fails the job."""
    input:
        lesson="lessons/{lesson}.py",
        data=lambda w: LESSON_DATA.get(w.lesson, []),
        metrics=lesson_metrics,
    output:
        page=report(
            "results/lessons/{lesson}.html",
            caption="../workflow/report/lesson.rst",
            category="lessons",
            labels={"lesson": "{lesson}"},
        ),
    log:
        "logs/lesson/{lesson}.log",
    benchmark:
        "logs/lesson/{lesson}.benchmark.tsv"
    wildcard_constraints:
        lesson=one_of(LESSON_TASKS),
    conda:
        "../workflow/envs/lessons.yaml"
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        label=lambda w: [
            CONFIG.experiments[name].label or name for name, _ in lesson_runs(w)
        ],
        task=lambda w: LESSON_TASKS[w.lesson],
        code=code_of("lesson.py"),
        used=lambda w: code_digest(ROOT / f"lessons/{w.lesson}.py"),
    script:
        "../workflow/scripts/lesson.py"
