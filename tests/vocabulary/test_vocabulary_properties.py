import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from nlpflow.settings.vocabulary import VocabularySettings as Settings
from nlpflow.vocabulary import SPECIALS, UNK, build_vocabulary

WORD = st.text(st.characters(exclude_characters=" ", exclude_categories=["Cs"]), max_size=4)
SENTENCES = st.lists(st.lists(WORD | st.sampled_from(SPECIALS)).map(" ".join), max_size=8)
TRAINING = ["a b c a", "é 日本 a", "x y\tz"]

SUBWORDS = build_vocabulary(
    pa.array(TRAINING * 20), Settings(dataset="d", kind="subwords", max_size=272), "source"
)


def column(sentences: list[str]) -> pa.Array:
    return pa.array(sentences, pa.large_string())


@given(SENTENCES)
def test_known_words_come_back(sentences: list[str]) -> None:
    vocabulary = build_vocabulary(column([*TRAINING, *sentences]), Settings(dataset="d"), "source")
    for sentence in sentences:
        known = ["<unk>" if word in SPECIALS else word for word in sentence.split(" ") if word]
        assert vocabulary.decode(vocabulary.encode(sentence)) == " ".join(known)


@given(SENTENCES)
def test_columns_are_encoded_like_sentences(sentences: list[str]) -> None:
    words = build_vocabulary(column(TRAINING), Settings(dataset="d"), "source")
    for vocabulary in (words, SUBWORDS):
        ids, offsets = vocabulary.encode_column(column(sentences))
        assert len(offsets) == len(sentences) + 1
        for number, sentence in enumerate(sentences):
            encoded = vocabulary.encode(sentence)
            assert ids[offsets[number] : offsets[number + 1]].tolist() == encoded
            assert len(vocabulary.tokens(sentence)) == len(encoded)
            assert len(vocabulary.unknown(sentence)) == encoded.count(UNK)


@given(st.lists(st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1)))
def test_subwords_spell_everything(words: list[str]) -> None:
    sentence = " ".join(words).replace("▁", "_")  # SentencePiece writes a space like this
    assert SUBWORDS.decode(SUBWORDS.encode(sentence)) == sentence
