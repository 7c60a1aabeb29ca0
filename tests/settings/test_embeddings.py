"""What an experiment of word embeddings may name in a config, and the errors otherwise."""

from pathlib import Path

import pytest
import yaml

from nlpflow.errors import UserError
from nlpflow.settings.loading import load_config

ROOT = Path(__file__).parents[2]


@pytest.fixture
def values():
    return yaml.safe_load((ROOT / "config/embeddings.yaml").read_text(encoding="utf-8"))


def test_the_config_of_the_project_is_valid(values):
    config, registry = load_config(values, ROOT)
    experiments = config.experiments.values()
    kinds = {one.model.kind for one in experiments if one.task == "embeddings"}
    assert kinds == {"skipgram", "cbow", "ngram", "lstm"}
    lists = config.experiments["english-skipgram"].lists
    readers = [registry[name].reader for name in (*lists.similarity, *lists.analogies)]
    assert readers == ["word_pairs"] * 3 + ["analogies"]


def test_taggers_differ_in_their_vectors_alone(values):
    """What one has over the other is then the gain of the vectors."""
    config, _ = load_config(values, ROOT)
    random, own = (config.experiments[f"ewt-{name}"] for name in ("random-start", "own-vectors"))
    _, _, experiment, seed, _ = Path(own.model.vectors).parts
    trained = config.experiments[experiment]
    assert trained.task == "embeddings"
    assert int(seed.removeprefix("seed-")) in trained.seeds
    assert trained.model.dimension == own.model.embedding
    without = own.model.model_copy(update={"vectors": None})
    assert own.compare_with == "ewt-random-start"
    same = {"model": without, "label": random.label, "compare_with": None}
    assert own.model_copy(update=same) == random
    assert len(random.seeds) == 3


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (
            lambda v: v["datasets"]["english"].update(
                corpora=["tatoeba-fra-eng"], languages=["eng", "fra"]
            ),
            "english-skipgram.dataset: 'english' has the languages eng, fra; word vectors need",
        ),
        (
            lambda v: v["datasets"]["english"].update(
                corpora=["tatoeba-fra-eng"], languages=["fra"]
            ),
            "lists.similarity: corpus 'simlex-999' has the reader 'word_pairs' and the languages "
            "eng; it must have the reader 'word_pairs' and the language fra",
        ),
        (
            lambda v: v["datasets"]["english"].update(corpora=["simlex-999"]),
            "datasets.english.corpora: 'simlex-999' has no plain sentences; its reader is "
            "'word_pairs'",
        ),
        (
            lambda v: v["experiments"]["english-skipgram"].update(
                lists={"similarity": ["google-analogies"]}
            ),
            "lists.similarity: corpus 'google-analogies' has the reader 'analogies'",
        ),
        (
            lambda v: v["experiments"]["english-skipgram"].update(
                lists={"similarity": ["simlex-99"]}
            ),
            "lists.similarity: 'simlex-99' is unknown; did you mean 'simlex-999'?",
        ),
        (
            lambda v: v["experiments"]["english-skipgram"].update(dataset="englsh"),
            "dataset: 'englsh' is unknown; did you mean 'english'?",
        ),
    ],
)
def test_what_does_not_fit_is_one_line(values, edit, message):
    edit(values)
    with pytest.raises(UserError) as caught:
        load_config(values, ROOT)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.fixture
def sides():
    return yaml.safe_load((ROOT / "config/vectors.yaml").read_text(encoding="utf-8"))


def test_vectors_of_a_side_have_its_language(sides):
    config, registry = load_config(sides, ROOT)
    pairs = config.datasets["tutorial-more"]
    for name, side in (("own-french", "source"), ("own-english", "target")):
        assert config.experiments[name].side == side
        assert config.experiments["more-own"].model.model_dump()[f"{side}_vectors"] == (
            f"results/embeddings/{name}/seed-1/vectors.safetensors"
        )
    assert pairs.languages_in(registry) == ("fra", "eng")


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ({"side": None}, "own-french.side is missing: dataset 'tutorial-more' is of kind 'pairs'"),
        ({"side": "both"}, "side"),
        ({"dataset": "ewt"}, "dataset 'ewt' is of kind 'labelled', not 'pairs'"),
        ({"dataset": "ewt", "side": None}, "is of kind 'labelled', not 'sentences' or 'pairs'"),
        (
            {"lists": {"similarity": ["simlex-999"]}},
            "and the languages eng; it must have the reader 'word_pairs' and the language fra",
        ),
    ],
)
def test_a_side_that_does_not_fit_is_one_line(sides, edit, message):
    sides["experiments"]["own-french"].update(edit)
    with pytest.raises(UserError) as caught:
        load_config(sides, ROOT)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
