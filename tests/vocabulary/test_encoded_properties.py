import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nlpflow.vocabulary import EOS, PAD, Encoded
from nlpflow.vocabulary.encoded import EncodedPairs, EncodedRows, write_encoded

IDS = st.lists(st.integers(4, 99), max_size=6)
PAIRS = st.lists(st.tuples(IDS, IDS), min_size=1, max_size=8)


def encoded(sentences: list[list[int]]) -> Encoded:
    ids = np.array([index for sentence in sentences for index in sentence], np.int32)
    return ids, np.cumsum([0, *map(len, sentences)], dtype=np.int64)


@given(PAIRS, st.data())
def test_batches_hold_the_sentences(
    pairs: list[tuple[list[int], ...]], data: st.DataObject
) -> None:
    chosen = data.draw(st.lists(st.integers(0, len(pairs) - 1), min_size=1))
    with tempfile.TemporaryDirectory() as folder:
        sides = (encoded([p[side] for p in pairs]) for side in (0, 1))
        write_encoded(Path(folder), "x", [EncodedRows(*sides)])
        src, src_lengths, tgt, tgt_lengths = EncodedPairs.open(Path(folder), "x").padded(chosen)
    for side, (batch, lengths) in enumerate([(src, src_lengths), (tgt, tgt_lengths)]):
        assert batch.shape == (len(chosen), max(len(pairs[i][side]) for i in chosen) + 1)
        for row, length, index in zip(batch.tolist(), lengths.tolist(), chosen, strict=True):
            assert row[:length] == [*pairs[index][side], EOS]
            assert set(row[length:]) <= {PAD}
