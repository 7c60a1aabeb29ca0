"""The baselines do what their names say."""

import pytest

from nlpflow.baselines.feature_crf import FeatureCRF, train_crf, word_features
from nlpflow.baselines.most_frequent import train_most_frequent
from nlpflow.errors import UserError
from nlpflow.metrics.labelling import training_tags

SENTENCES = [
    ["The", "dog", "walks", "slowly"],
    ["A", "cat", "runs", "quickly"],
    ["The", "bird", "sings", "softly", "."],
    ["A", "child", "plays", "happily", "."],
]
TAGS = [["DET", "NOUN", "VERB", "ADV", "PUNCT"][: len(words)] for words in SENTENCES]


def test_most_frequent_tag_of_each_word_and_of_all() -> None:
    words = ["can", "can", "can", "run", "run", "the", "the", "the", "the"]
    tags = ["VERB", "NOUN", "VERB", "VERB", "NOUN", "DET", "DET", "DET", "DET"]
    tagger = train_most_frequent(training_tags(words, tags))
    assert tagger.tag(["can", "run", "unheard", "the"]) == ["VERB", "NOUN", "DET", "DET"]
    assert tagger.tag([]) == []


def test_nothing_to_count_is_refused() -> None:
    with pytest.raises(ValueError, match="no training words"):
        train_most_frequent({})


def test_features_of_a_word_and_its_neighbours() -> None:
    rows = word_features(["Paris-1", "a", "B"])
    assert len(rows) == 3
    first, second, third = map(set, rows)
    assert {"word=Paris-1", "lower=paris-1", "suffix=-1", "prefix=par", "capital"} <= first
    assert {"digit", "hyphen", "-1:outside", "-2:outside", "+1:lower=a", "+2:lower=b"} <= first
    assert "capitals" not in first
    assert {"-1:lower=paris-1", "+1:lower=b", "+2:outside"} <= second
    assert not any(name.startswith(("prefix", "suffix")) for name in second)
    assert {"capital", "capitals"} <= third


def test_crf_learns_and_carries_over_to_unseen_words() -> None:
    model = train_crf(map(word_features, SENTENCES), TAGS)
    tagger = FeatureCRF(model)
    assert [tagger.tag(words) for words in SENTENCES] == TAGS
    assert tagger.tag(["The", "horse", "jumps", "boldly"]) == ["DET", "NOUN", "VERB", "ADV"]
    assert tagger.tag([]) == []
    assert train_crf(map(word_features, SENTENCES), TAGS) == model


def test_strong_penalty_forgets_the_features() -> None:
    weak, strong = (train_crf(map(word_features, SENTENCES), TAGS, l1=l1) for l1 in (0.01, 1.0))
    assert len(strong) < len(weak)


def test_any_letters_may_stand_in_words() -> None:
    words = ["a:b", "c\\d", "été", "日本", "x=y z"]
    tagger = FeatureCRF(
        train_crf([word_features(words)], [["A", "B", "C", "D", "E"]], l1=0, l2=1e-4)
    )
    assert tagger.tag(words) == ["A", "B", "C", "D", "E"]


def test_words_and_tags_must_fit() -> None:
    with pytest.raises(ValueError, match="2 words but 1 tags"):
        train_crf([word_features(["a", "b"])], [["A"]])


@pytest.mark.parametrize("model", [b"", b"junk", b"lCRF", b"lCRF" + bytes(100)])
def test_other_bytes_are_refused(model: bytes) -> None:
    with pytest.raises(UserError, match="not a CRFsuite model"):
        FeatureCRF(model)


def test_models_cut_off_are_refused() -> None:
    model = train_crf(map(word_features, SENTENCES), TAGS)
    with pytest.raises(UserError, match="not a CRFsuite model"):
        FeatureCRF(model[:-1])
    with pytest.raises(UserError, match="not a CRFsuite model"):
        FeatureCRF(b"junk" + model[4:])
