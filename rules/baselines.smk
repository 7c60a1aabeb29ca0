# Baselines: simple models that the networks of a task must beat, on the same datasets.
#
# Needs: the prepared tables of a dataset.
# Makes: results/baselines/<task>/<baseline>.<dataset>/<test set>/ with the tables of a run.

for task, spec in TASKS.items():
    if spec.baselines:
        tables = {
            name: f"data/prepared/{{dataset}}/{name}.parquet"
            for name in ("train", *spec.baseline_tables)
        }

        rule:
            """Train one baseline, and score it on dev and test."""
            name:
                f"baseline_{task}"
            input:
                **tables,
                dev="data/prepared/{dataset}/dev.parquet",
                test="data/prepared/{dataset}/test.parquet",
            output:
                dev=multiext(
                    f"results/baselines/{task}/{{baseline}}.{{dataset}}/dev/",
                    *spec.baseline_files,
                ),
                test=multiext(
                    f"results/baselines/{task}/{{baseline}}.{{dataset}}/test/",
                    *spec.baseline_files,
                ),
            log:
                f"logs/baseline/{task}/{{baseline}}.{{dataset}}.log",
            benchmark:
                f"logs/baseline/{task}/{{baseline}}.{{dataset}}.benchmark.tsv"
            wildcard_constraints:
                baseline=one_of(spec.baselines),
            conda:
                ENVIRONMENT
            resources:
                mem_mb=4000,
                runtime=120,
            params:
                evaluate=spec.baseline,
                task=task,
                dataset=DATA.settings,
                code=RUNS.code("baseline.py", spec.baseline),
            script:
                "../workflow/scripts/baseline.py"

        rule:
            """Train one baseline, and score it on a test set that is not a split of its dataset."""
            name:
                f"baseline_{task}_elsewhere"
            input:
                **tables,
                test="data/prepared/{dataset}/test_sets/{test_set}.parquet",
            output:
                test=multiext(
                    f"results/baselines/{task}/{{baseline}}.{{dataset}}/{{test_set}}/",
                    *spec.baseline_files,
                ),
            log:
                f"logs/baseline/{task}/{{baseline}}.{{dataset}}.{{test_set}}.log",
            benchmark:
                f"logs/baseline/{task}/{{baseline}}.{{dataset}}.{{test_set}}.benchmark.tsv"
            wildcard_constraints:
                baseline=one_of(spec.baselines),
                test_set=one_of(DATA.own_test_sets(task)),
            conda:
                ENVIRONMENT
            resources:
                mem_mb=4000,
                runtime=120,
            params:
                evaluate=spec.baseline,
                task=task,
                dataset=DATA.settings,
                code=RUNS.code("baseline.py", spec.baseline),
            script:
                "../workflow/scripts/baseline.py"
