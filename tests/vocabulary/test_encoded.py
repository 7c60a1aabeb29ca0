from pathlib import Path

import numpy as np
import pytest

from nlpflow.vocabulary import EOS, PAD, Encoded
from nlpflow.vocabulary.encoded import EncodedPairs, EncodedRows, is_encoded, write_encoded


def encoded(*sentences: list[int]) -> Encoded:
    ids = np.array([index for sentence in sentences for index in sentence], np.int32)
    return ids, np.cumsum([0, *map(len, sentences)], dtype=np.int64)


@pytest.fixture
def pairs(tmp_path: Path) -> EncodedPairs:
    rows = EncodedRows(encoded([5, 6], [], [7]), encoded([8], [9, 10, 11], [12]))
    write_encoded(tmp_path, "dev", [rows])
    return EncodedPairs.open(tmp_path, "dev")


def test_lengths_count_eos(pairs: EncodedPairs) -> None:
    assert len(pairs) == 3
    src, tgt = pairs.lengths()
    assert (src.tolist(), tgt.tolist()) == ([3, 1, 2], [2, 4, 2])


def test_padded(pairs: EncodedPairs) -> None:
    src, src_lengths, tgt, tgt_lengths = pairs.padded([2, 0, 2])
    assert src.tolist() == [[7, EOS, PAD], [5, 6, EOS], [7, EOS, PAD]]
    assert tgt.tolist() == [[12, EOS], [8, EOS], [12, EOS]]
    assert src_lengths.tolist() == [2, 3, 2]
    assert tgt_lengths.tolist() == [2, 2, 2]
    assert {array.dtype for array in (src, src_lengths, tgt, tgt_lengths)} == {np.dtype(np.int64)}


def test_no_pairs_in_a_batch(pairs: EncodedPairs) -> None:
    assert pairs.padded([])[0].shape == (0, 0)


def test_arrays_stay_on_disk(pairs: EncodedPairs) -> None:
    assert all(isinstance(side.ids, np.memmap) for side in (pairs.src, pairs.tgt))


def test_files(pairs: EncodedPairs, tmp_path: Path) -> None:
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "dev.src.ids.npy", "dev.src.offsets.npy", "dev.tgt.ids.npy", "dev.tgt.offsets.npy",
    ]  # fmt: skip
    assert np.load(tmp_path / "dev.src.ids.npy").dtype == np.int32


def test_sides_of_different_length(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="2 sources but 1 targets"):
        write_encoded(tmp_path, "dev", [EncodedRows(encoded([5], [6]), encoded([7]))])


def test_links_share_the_attention_of_a_target_word(tmp_path: Path) -> None:
    links = [{(0, 0), (1, 0), (1, 2)}, set(), {(0, 1)}]
    three = encoded([5, 6], [7], [8]), encoded([5, 6, 7], [8], [9, 9])
    write_encoded(tmp_path, "train", [EncodedRows(*three, links)])
    found = EncodedPairs.open(tmp_path, "train").links
    assert found is not None
    shares = found.shares(np.array([2, 0, 1]), 3, 4)
    assert is_encoded(tmp_path, "train", [EncodedRows(*three, links)])
    assert not is_encoded(tmp_path, "train", [EncodedRows(*three, [set(), *links[1:]])])
    assert not is_encoded(tmp_path, "train", [EncodedRows(*three)])
    expected = np.zeros((3, 4, 3))
    expected[0, 1, 0] = 1
    expected[1, 0, :2] = 0.5
    expected[1, 2, 1] = 1
    assert np.array_equal(shares, expected)


def test_without_alignments_there_are_no_links(pairs: EncodedPairs) -> None:
    assert pairs.links is None
