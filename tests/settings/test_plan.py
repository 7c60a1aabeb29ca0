"""The look-ups of the rules, on the default config."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from nlpflow.errors import UserError
from nlpflow.jobs import imported
from nlpflow.settings.loading import load_config, read_yaml
from nlpflow.settings.plan import DataPlan, ResultPlan, RunPlan, one_of
from nlpflow.settings.task_spec import TaskSpec
from nlpflow.settings.tasks import TASKS
from nlpflow.settings.training import NO_PART_OF_THE_RESULT

ROOT = Path(__file__).parents[2]
PLAN = (*load_config(read_yaml(ROOT / "config/config.yaml"), ROOT), ROOT)


def job(**wildcards: str) -> SimpleNamespace:
    return SimpleNamespace(**wildcards)


@pytest.fixture(autouse=True)
def _in_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_a_translator_is_trained_on_its_vocabulary_and_dataset() -> None:
    found = RunPlan(*PLAN).training_inputs(job(experiment="sample-additive", seed="1"))
    assert found["source"] == "data/vocabularies/sample/source.vocab"
    assert found["encoded"] == "data/encoded/sample"
    assert found["references"] == "data/prepared/sample/references.parquet"
    assert found["pretrained"] == found["first_weights"] == []


def test_each_random_seed_starts_from_the_run_of_its_own() -> None:
    experiment = PLAN[0].experiments["sample-additive"]
    training = experiment.training.model_copy(update={"initialise_from": "other/seed-{seed}"})
    decoding = experiment.decoding.model_copy(update={"ensemble": ("a/seed-{seed}", "b/seed-1")})
    changed = experiment.model_copy(update={"training": training, "decoding": decoding})
    plan = RunPlan(PLAN[0].model_copy(update={"experiments": {"e": changed}}), *PLAN[1:])
    wildcards = job(experiment="e", seed="3", test_set="test")
    files = ["weights.safetensors", "run.json"]
    assert plan.training_inputs(wildcards)["first_weights"] == [f"other/seed-3/{f}" for f in files]
    ensemble = [f"{run}/{file}" for run in ("a/seed-3", "b/seed-1") for file in files]
    assert plan.evaluation_inputs(wildcards)["ensemble"] == ensemble
    assert "ensemble" not in plan.training_settings(wildcards)


def test_a_tagger_may_start_from_the_vectors_of_a_run() -> None:
    vectors = "results/embeddings/sample-skipgram/seed-1/vectors.safetensors"
    for inputs in (RunPlan(*PLAN).training_inputs, RunPlan(*PLAN).evaluation_inputs):
        found = inputs(job(experiment="sample-tagger-vectors", seed="1", test_set="test"))
        assert found["pretrained"] == [vectors]


@pytest.mark.parametrize("endings", [[], [".txt"], [".parquet"], [".txt", ".parquet"]])
def test_the_words_of_a_matrix_of_vectors_are_an_input(tmp_path: Path, endings: list[str]) -> None:
    matrix = tmp_path / "words.npy"
    for ending in endings:
        matrix.with_suffix(ending).touch()
    config = PLAN[0]
    tagger = config.experiments["sample-tagger-vectors"]
    model = tagger.model.model_copy(update={"vectors": str(matrix)})
    experiments = {"e": tagger.model_copy(update={"model": model})}
    plan = RunPlan(config.model_copy(update={"experiments": experiments}), *PLAN[1:])
    for inputs in (plan.training_inputs, plan.evaluation_inputs):
        found = inputs(job(experiment="e", seed="1", test_set="test"))
        assert found["pretrained"] == [str(matrix)]
        assert found["pretrained_words"] == [str(matrix.with_suffix(e)) for e in endings]


def test_an_unknown_experiment_has_a_nearest_one() -> None:
    with pytest.raises(UserError, match="did you mean 'sample-additive'"):
        RunPlan(*PLAN).training_inputs(job(experiment="sample-aditive"))


def test_test_lists_are_inputs_and_in_the_settings() -> None:
    plan, wildcards = RunPlan(*PLAN), job(experiment="sample-skipgram", seed="1", test_set="test")
    assert plan.evaluation_inputs(wildcards)["lists"] == ["data/sample/similarity.eng.tsv"]
    settings = json.loads(plan.evaluation_settings(wildcards))
    assert list(settings["list_files"]) == ["sample-similarity"]
    assert "model" not in settings


def test_settings_of_training_leave_out_what_changes_nothing() -> None:
    for name, experiment in PLAN[0].experiments.items():
        settings = json.loads(RunPlan(*PLAN).training_settings(job(experiment=name)))
        assert {"task", "model", "training"} <= set(settings)
        assert not {"label", "seeds", "resources", "figures", "test_sets"} & set(settings)
        assert settings["task"] == experiment.task


@pytest.mark.parametrize("spec", TASKS.values(), ids=lambda spec: spec.name)
def test_every_setting_reaches_training_or_evaluation(spec: TaskSpec) -> None:
    passed = set(spec.training_settings) | set(spec.evaluation_settings)
    rest = set(spec.experiment.model_fields) - passed - NO_PART_OF_THE_RESULT
    assert rest <= {"compare_with"}


def test_resources_are_numbers_where_all_agree() -> None:
    assert RunPlan(*PLAN).resources("gpu", "threads") == {"gpu": 0, "threads": 1}
    config = PLAN[0]
    one = config.experiments["sample-words"]
    greedy = one.model_copy(update={"resources": one.resources.model_copy(update={"gpu": 1})})
    experiments = dict(config.experiments) | {"sample-words": greedy}
    plan = RunPlan(config.model_copy(update={"experiments": experiments}), *PLAN[1:])
    gpu = plan.resource("gpu")
    assert [gpu(job(experiment=name)) for name in ("sample-words", "sample-ngrams")] == [1, 0]


def test_a_training_on_several_gpus_is_one_task_of_slurm_and_is_evaluated_on_one_gpu() -> None:
    assert RunPlan(*PLAN).slurm_resources == {}
    config = PLAN[0]
    experiments = dict(config.experiments)
    for name, gpus in (("sample-additive", 4), ("sample-words", 1)):
        one = experiments[name]
        resources = one.resources.model_copy(update={"gpu": gpus})
        experiments[name] = one.model_copy(update={"resources": resources})
    plan = RunPlan(config.model_copy(update={"experiments": experiments}), *PLAN[1:])
    found = plan.slurm_resources
    assert found["nodes"] == 1
    names = ("sample-additive", "sample-words", "sample-ngrams")
    assert [found["tasks_per_gpu"](job(experiment=name)) for name in names] == [0, 1, 1]
    assert [plan.evaluation_gpu(job(experiment=name)) for name in names] == [1, 1, 0]


def test_corpora_are_read_in_the_order_of_their_addresses() -> None:
    plan, wildcards = DataPlan(*PLAN), job(dataset="sample-english")
    assert plan.corpus_files(wildcards) == plan.addresses(wildcards)
    assert plan.corpus_files(wildcards) == ["data/sample/sentences.eng.txt"]
    assert plan.languages(wildcards) == ["eng"]
    assert len(plan.corpus_files(job(dataset="sample-languages"))) == 6
    assert plan.annotations(job(dataset="sample")) == ["data/sample/annotations.tsv"]


def test_baselines_are_scored_on_the_test_sets_of_their_task() -> None:
    metrics = ResultPlan(*PLAN).metrics(job(task="tagging"))
    baselines = [path for path in metrics if path.startswith("results/baselines/tagging/")]
    assert len(baselines) == len(TASKS["tagging"].baselines)
    assert "results/baselines/tagging/hmm.sample-tagged/test/metrics.json" in baselines
    assert ResultPlan(*PLAN).labels(job(task="tagging"))["hmm.sample-tagged"].startswith("hidden")


def test_predictions_and_settings_of_what_is_compared() -> None:
    plan = ResultPlan(*PLAN)
    assert len(plan.predictions(job(task="tagging"))) == 4
    assert plan.predictions(job(task="embeddings")) == []
    assert [pair[0] for pair in json.loads(plan.pairs(job(task="tagging")))] == [
        "sample-tagger-vectors",
        "sample-tagger",
    ]
    assert plan.comparison_settings(job(task="tagging")) == {}
    assert plan.comparison_settings(job(task="entities")) == {
        "sample-entities-crf": {"scheme": "IOBES"},
        "sample-entities-softmax": {"scheme": "IOB2"},
    }


def test_everything_that_the_config_asks_for() -> None:
    targets = ResultPlan(*PLAN).targets()
    runs = sum(len(experiment.seeds) for experiment in PLAN[0].experiments.values())
    assert len([path for path in targets if path.endswith("curves.svg")]) == runs
    assert len([path for path in targets if path.startswith("results/lessons/")]) == 5
    assert len(targets) == len(set(targets))


def test_a_constraint_of_no_names_matches_nothing() -> None:
    assert one_of([]) == "(?!)"
    assert one_of(["a.b", "c"]) == r"a\.b|c"


@pytest.mark.parametrize("spec", TASKS.values(), ids=lambda spec: spec.name)
def test_what_a_spec_names_is_there(spec) -> None:
    """Functions, captions, and tables that plots are drawn from."""

    for function in (spec.train, spec.evaluate, spec.plot, spec.baseline, spec.statistics):
        assert not function or callable(imported(function))
    for shown in (*spec.plots.values(), *spec.texts.values()):
        assert (ROOT / "workflow/report" / shown.caption).is_file()
    assert set(spec.plotted) <= set(spec.tables)
