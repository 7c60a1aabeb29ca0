# Lessons: pages on the parts of the models, run cell by cell, with every claim checked.
#
# Needs: lessons/, and for each lesson the scores of one run of its task.
# Makes: results/lessons/<lesson>.html, one page per lesson, which loads no other file.


rule lesson:
    """Run a lesson and write its page; a claim that does not hold fails the job."""
    input:
        lesson=lambda w: RESULTS.own(f"lessons/{w.lesson}.py"),
        data=RESULTS.lesson_data,
        metrics=RESULTS.lesson_metrics,
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
        lesson=one_of(LESSONS),
    conda:
        "../workflow/envs/lessons.yaml"
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        label=RESULTS.lesson_labels,
        task=lambda w: LESSONS[w.lesson],
        code=RESULTS.code("lesson.py"),
        used=lambda w: RESULTS.code(f"../../lessons/{w.lesson}.py"),
    script:
        "../workflow/scripts/lesson.py"
