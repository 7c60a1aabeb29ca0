"""profiles/slurm on a real Slurm: what each job gets."""

import json

from project import Project
from slurm.submitted import RUN, TRAINING_JOB, Submitted


def rule_of(comment):
    return comment.removeprefix("rule_").partition("_wildcards_")[0]


def test_training_gets_what_its_experiment_asks(undisturbed):
    additive = undisturbed.jobs[TRAINING_JOB]
    plain = undisturbed.jobs["rule_train_translation_wildcards_plain_1"]
    assert (additive["Partition"], plain["Partition"]) == ("gpu", "cpu")
    assert additive["TresPerJob"] == "gres:gpu:1"
    assert "TresPerJob" not in plain
    assert (additive["MinMemoryNode"], plain["MinMemoryNode"]) == ("1500M", "1200M")
    assert (additive["TimeLimit"], plain["TimeLimit"]) == ("00:20:00", "00:10:00")
    assert (additive["NumCPUs"], plain["NumCPUs"]) == ("1", "2")


def test_job_sees_the_gpu_that_it_was_given(undisturbed):
    card = json.loads((undisturbed.project.folder / RUN / "card.json").read_text())
    assert card["visible_gpus"] == "0"
    plain = undisturbed.project.folder / "results/translation/plain/seed-1/card.json"
    assert json.loads(plain.read_text())["visible_gpus"] is None


def test_rules_without_an_experiment_ask_for_themselves(undisturbed):
    for rule in ("prepare", "vocabulary", "encode"):
        job = undisturbed.jobs[f"rule_{rule}_wildcards_small"]
        assert job["Partition"] == "cpu"
        assert job["TimeLimit"] == "01:00:00"
        assert job["MinMemoryNode"] == "4000M"
        assert "TresPerJob" not in job


def test_evaluation_gets_what_its_experiment_asks(undisturbed):
    additive = undisturbed.jobs["rule_evaluate_translation_wildcards_additive_1_test"]
    plain = undisturbed.jobs["rule_evaluate_translation_wildcards_plain_1_test"]
    assert (additive["Partition"], plain["Partition"]) == ("gpu", "cpu")
    assert additive["TresPerJob"] == "gres:gpu:1"
    assert "TresPerJob" not in plain
    assert (additive["MinMemoryNode"], plain["MinMemoryNode"]) == ("1500M", "1200M")


def test_short_rules_stay_local(undisturbed):
    rules = {rule_of(comment) for comment in undisturbed.jobs}
    assert rules == {"prepare", "vocabulary", "encode", "train_translation", "evaluate_translation"}
    assert (undisturbed.project.folder / "results/compare/small/translation/summary.tsv").exists()
    assert (undisturbed.project.folder / RUN / "figures/curves.svg").exists()


def test_the_whole_sample_goes_through(slurm, tmp_path):
    """The default config: every task, on the partition without GPUs, with what its rule asks."""
    project = Project(tmp_path)
    with Submitted(project, config="config") as submitted:
        submitted.succeed()
    jobs = [job for job in slurm.jobs() if job["WorkDir"] == str(tmp_path)]
    got = {
        (rule_of(job["Comment"]), job["MinMemoryNode"], job["TimeLimit"])
        for job in jobs
        if (job["JobState"], job["Partition"], job.get("TresPerJob")) == ("COMPLETED", "cpu", None)
    }
    tasks = ("embeddings", "entities", "language_id", "tagging", "translation")
    assert got == {
        *((rule, "4000M", "01:00:00") for rule in ("prepare", "prepare_tags")),
        *((rule, "4000M", "01:00:00") for rule in ("vocabulary", "encode")),
        ("prepare_sentences", "8000M", "01:00:00"),
        ("baseline", "4000M", "02:00:00"),
        ("lesson", "1000M", "00:10:00"),
        *((f"train_{task}", "2000M", "01:00:00") for task in tasks),
        *((f"evaluate_{task}", "2000M", "01:00:00") for task in tasks),
    }
    assert len(list((project.folder / "results/compare/sample").glob("*/summary.tsv"))) == 5
