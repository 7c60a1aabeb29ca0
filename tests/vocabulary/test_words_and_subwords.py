import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from nlpflow.errors import UserError
from nlpflow.settings.vocabulary import VocabularySettings as Settings
from nlpflow.vocabulary import (
    EOS,
    PAD,
    SOS,
    SPECIALS,
    UNK,
    Vocabulary,
    build_vocabularies,
    build_vocabulary,
    coverage,
    load_vocabulary,
)

SENTENCES = ["b a c", "a  b d ", "a é b", "", "<EOS> z"]
DAYS, PEOPLE = ("今日", "明日", "昨日", "来週"), ("先生", "学生", "友達", "会社", "家族")
JAPANESE = [
    f"{day}{who}は{what}を{how}。"
    for day in DAYS
    for who in PEOPLE
    for what in ("電車", "日本", "東京", "音楽", "時間")
    for how in ("見ます", "待ちます")
]


def column(sentences: list[str]) -> pa.ChunkedArray:
    middle = len(sentences) // 2
    return pa.chunked_array([sentences[:middle], sentences[middle:]], pa.large_string())


def words(sentences: list[str] = SENTENCES, **settings: int) -> Vocabulary:
    return build_vocabulary(column(sentences), Settings(dataset="d", **settings), "source")


@pytest.fixture(scope="module")
def subwords() -> Vocabulary:
    settings = Settings(dataset="d", kind="subwords", max_size=320)
    return build_vocabulary(column(JAPANESE), settings, "source")


def test_special_tokens() -> None:
    assert (PAD, UNK, SOS, EOS) == (0, 1, 2, 3)
    assert SPECIALS == ("<pad>", "<unk>", "<SOS>", "<EOS>")


def test_order_is_by_count_then_by_code_point() -> None:
    vocabulary = words()
    tokens = [vocabulary.token(index) for index in range(len(vocabulary))]
    assert tokens == [*SPECIALS, "a", "b", "c", "d", "z", "é"]
    shuffled = words(SENTENCES[::-1])
    assert shuffled.digest == vocabulary.digest


def test_min_count_and_max_size() -> None:
    assert len(words(min_count=2)) == 4 + 2
    assert len(words(min_count=3)) == 4 + 2
    assert len(words(max_size=8)) == 8
    assert words(max_size=8).unknown("a b c d z") == ["z"]
    with pytest.raises(UserError, match="dataset d, source side: no word occurs 4 times"):
        words(min_count=4)
    with pytest.raises(UserError, match="no word occurs 1 times"):
        words([""])


def test_words_encode_and_decode() -> None:
    vocabulary = words()
    assert vocabulary.tokens(" a  q b ") == ["a", "q", "b"]
    assert vocabulary.encode(" a  q b ") == [4, UNK, 5]
    assert vocabulary.unknown(" a  q b q") == ["q", "q"]
    assert vocabulary.decode([SOS, 4, UNK, 5, EOS, PAD]) == "a <unk> b"
    assert vocabulary.decode(np.array([4, 5], np.int32)) == "a b"
    for index in (-1, len(vocabulary)):
        with pytest.raises(IndexError):
            vocabulary.token(index)


def test_special_names_in_a_sentence_are_unknown_words() -> None:
    vocabulary = words()
    assert vocabulary.encode("<EOS> <pad>") == [UNK, UNK]
    assert vocabulary.encode_column(column(["<EOS> <pad>"]))[0].tolist() == [UNK, UNK]


def test_words_encode_column() -> None:
    ids, offsets = words().encode_column(column(["a q", "", "  ", "b"]))
    assert ids.tolist() == [4, UNK, 5]
    assert ids.dtype == np.int32
    assert offsets.tolist() == [0, 2, 2, 2, 3]
    assert offsets.dtype == np.int64
    ids, offsets = words().encode_column(pa.chunked_array([], pa.string()))
    assert (ids.tolist(), offsets.tolist()) == ([], [0])


def test_coverage() -> None:
    assert coverage(words(), column(["a q", "q r b"])) == {
        "tokens": 5, "unknown": 3, "known_share": 0.4, "unknown_types": 2,
    }  # fmt: skip
    assert coverage(words(), column(["", ""]))["known_share"] == 1.0


def test_digest_is_of_tokens_and_order(tmp_path: Path) -> None:
    digests = {words().digest, words(min_count=2).digest, words(["a b b"]).digest}
    assert len(digests | {words(["a a b"]).digest}) == 4
    assert len(words().digest) == 64


def test_words_file(tmp_path: Path) -> None:
    vocabulary = words(['"tab\t" \u2028 {é', "{é"])
    vocabulary.save(tmp_path / "x.vocab")
    loaded = load_vocabulary(tmp_path / "x.vocab")
    assert loaded == vocabulary
    assert loaded.digest == vocabulary.digest
    assert loaded.kind == "words"


def test_subwords_of_a_script_without_spaces(subwords: Vocabulary, tmp_path: Path) -> None:
    assert [subwords.token(index) for index in range(4)] == list(SPECIALS)
    assert len(subwords) == 320
    characters = sum(map(len, JAPANESE))
    assert len(subwords.encode_column(column(JAPANESE))[0]) < characters
    for sentence in JAPANESE:
        ids = subwords.encode(sentence)
        assert [subwords.token(index) for index in ids] == subwords.tokens(sentence)
        assert subwords.decode([SOS, *ids, EOS, PAD]) == sentence
    subwords.save(tmp_path / "x.vocab")
    loaded = load_vocabulary(tmp_path / "x.vocab")
    assert loaded == subwords
    assert loaded.kind == "subwords"
    assert loaded.encode(JAPANESE[0]) == subwords.encode(JAPANESE[0])


def test_subwords_know_everything(subwords: Vocabulary) -> None:
    strange = "ไทย <EOS> <unk> 🚀"
    assert subwords.decode(subwords.encode(strange)) == strange
    assert subwords.unknown(strange) == []
    assert not {PAD, UNK, SOS, EOS} & set(subwords.encode(strange))
    assert coverage(subwords, column([strange]))["known_share"] == 1.0


def test_subwords_encode_column(subwords: Vocabulary) -> None:
    sentences = [JAPANESE[0], "", "x y"]
    ids, offsets = subwords.encode_column(column(sentences))
    for number, sentence in enumerate(sentences):
        found = ids[offsets[number] : offsets[number + 1]].tolist()
        assert found == subwords.encode(sentence)
    assert (ids.dtype, offsets.dtype) == (np.int32, np.int64)


def test_subwords_are_deterministic(subwords: Vocabulary) -> None:
    settings = Settings(dataset="d", kind="subwords", max_size=320)
    assert build_vocabulary(column(JAPANESE), settings, "source").digest == subwords.digest


@pytest.mark.parametrize(
    ("sentences", "size", "message"),
    [
        (
            ["a b"],
            5000,
            r"5000 subwords cannot be learnt from 1 sentences; .* allow 263 to 263 ",
        ),
        (JAPANESE, 100, r"100 subwords cannot be learnt from 200 sentences; .* allow 293 to 393 "),
        (["", " "], 300, "no text to learn subwords from"),
        ([], 300, "no text to learn subwords from"),
    ],
)
def test_wrong_number_of_subwords(sentences: list[str], size: int, message: str) -> None:
    settings = Settings(dataset="d", kind="subwords", max_size=size)
    with pytest.raises(UserError, match=f"dataset d, target side: {message}"):
        build_vocabulary(column(sentences), settings, "target")


@pytest.mark.parametrize(
    "content", [b"", b"junk", b"{", b'{"words": ["a"]}', b'{"words": ["a"], "counts": []}']
)
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.vocab"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"x\.vocab: not a vocabulary file"):
        load_vocabulary(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"x\.vocab: cannot be read"):
        load_vocabulary(tmp_path / "x.vocab")


ENGLISH = [f"{who} {verb} {what}." for who in "IT" for verb in ("sees", "has") for what in "abcde"]


def sides(source: list[str], target: list[str]) -> pa.Table:
    return pa.table({"source": column(source), "target": column(target)})


def test_each_side_has_its_own_size() -> None:
    """Chinese characters need more pieces than short English sentences have."""
    characters = [chr(code) for code in range(0x4E00, 0x4E00 + 200)]
    # Some characters are frequent, so that less coverage leaves out the rare ones.
    chinese = [f"我们看{one}。我们看书。" for one in characters]
    train = sides(ENGLISH * 10, chinese)
    limits = {}
    for size in (300, 460):
        with pytest.raises(UserError, match="cannot be learnt") as caught:
            build_vocabularies(train, Settings(dataset="d", kind="subwords", max_size=size))
        for side, least, most in re.findall(
            r"(\w+) side: .*?allow (\d+) to (\d+) subwords", str(caught.value)
        ):
            limits[side] = int(least), int(most)
    assert limits["source"][1] < limits["target"][0]  # no number fits both
    sizes = {"source": limits["source"][1], "target": limits["target"][0]}
    built = build_vocabularies(train, Settings(dataset="d", kind="subwords", max_size=sizes))
    assert {side: len(vocabulary) for side, vocabulary in built.items()} == sizes
    smaller = sizes | {"target": 422}
    assert smaller["target"] < limits["target"][0]
    settings = Settings(dataset="d", kind="subwords", max_size=smaller, character_coverage=0.98)
    fewer = build_vocabularies(train, settings)["target"]
    assert len(fewer) == smaller["target"]
    assert all(fewer.decode(fewer.encode(sentence)) == sentence for sentence in chinese)


def test_both_sides_are_told_of_at_once() -> None:
    settings = Settings(dataset="d", kind="subwords", max_size=5000)
    with pytest.raises(UserError) as caught:
        build_vocabularies(sides(ENGLISH * 10, JAPANESE), settings)
    message = str(caught.value)
    for side in ("source", "target"):
        assert f"dataset d, {side} side: 5000 subwords cannot be learnt from 200" in message
        assert f"set the vocabulary's max_size.{side} (as in" in message
    assert "\n" not in message


def test_words_of_each_side() -> None:
    settings = Settings(dataset="d", max_size={"source": 8, "target": 9})
    built = build_vocabularies(sides(ENGLISH, ENGLISH), settings)
    assert {side: len(vocabulary) for side, vocabulary in built.items()} == {
        "source": 8,
        "target": 9,
    }


def test_sentences_that_are_one_word_are_warned_of(caplog) -> None:
    build_vocabularies(sides(ENGLISH * 10, JAPANESE), Settings(dataset="d"))
    (message,) = caplog.messages
    assert message.startswith("warning: dataset d, target side: 100.0% of the sentences have no")
    caplog.clear()
    divided = [" ".join(sentence) for sentence in JAPANESE]
    build_vocabularies(sides(["Go."] * len(divided), divided), Settings(dataset="d"))
    build_vocabularies(
        sides(ENGLISH * 10, JAPANESE),
        Settings(dataset="d", kind="subwords", max_size={"source": 271, "target": 320}),
    )
    assert not caplog.messages
