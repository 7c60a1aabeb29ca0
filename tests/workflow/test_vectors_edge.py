"""A tagger that starts from the vectors of a run has that run trained first."""

from project import Project


def test_vectors_of_a_run_are_trained_before_the_tagger(tmp_path):
    project = Project(tmp_path)
    weights = "results/tagging/{}/seed-1/weights.safetensors"
    without = project.jobs(weights.format("sample-tagger-words"))
    assert without == {"prepare_tags": 1, "train_tagging": 1}
    before = {"prepare_sentences": 1, "check_leakage": 1, "train_embeddings": 1}
    assert project.jobs(weights.format("sample-tagger-vectors")) == without | before


def test_a_run_that_the_config_does_not_have_is_named(tmp_path):
    project = Project(tmp_path)
    config = tmp_path / "config/config.yaml"
    text = config.read_text().replace("embeddings/sample-skipgram", "embeddings/sample-skipgrm")
    config.write_text(text)
    result = project.snakemake("-n")
    assert result.returncode != 0
    message = "'sample-skipgrm' is unknown; did you mean 'sample-skipgram'?"
    assert message in result.stdout + result.stderr
