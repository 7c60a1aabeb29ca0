"""Changes of the sources of a batch."""

import torch
from hypothesis import given
from hypothesis import strategies as st

from nlpflow.tasks.translation.noise import rearranged, with_unknown_words
from nlpflow.vocabulary import EOS, UNK


def test_rare_words_are_unknown_more_often() -> None:
    torch.manual_seed(0)
    src = torch.tensor([[4, 5, EOS, 0]]).repeat(4000, 1)
    counts = torch.tensor([0, 0, 0, 4000, 1, 9])
    changed = with_unknown_words(src, counts, 1.0)
    shares = (changed == UNK).float().mean(dim=0)
    assert abs(shares[0] - 1 / 2) < 0.04
    assert abs(shares[1] - 1 / 10) < 0.03
    assert torch.equal(changed[:, 2:], src[:, 2:])  # <EOS> and padding stay


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=5),
    st.floats(0, 0.9),
    st.integers(0, 4),
    st.integers(0, 1000),
)
def test_order(lengths: list[int], drop: float, swap: int, seed: int) -> None:
    """Words keep within `swap` positions of their order; `<EOS>` is last; no sentence is empty."""
    torch.manual_seed(seed)
    time = max(lengths)
    order, left = rearranged(torch.tensor(lengths), time, drop, swap)
    for row, length in enumerate(lengths):
        read = order[row, : int(left[row])].tolist()
        assert len(set(read)) == len(read)
        assert read[-1] == length - 1
        assert len(read) >= min(length, 2)
        words = read[:-1]
        for place, word in enumerate(words):
            assert all(later >= word - swap for later in words[place:])
        if not drop:
            assert sorted(read) == list(range(length))
        if not swap:
            assert read == sorted(read)


def test_shares() -> None:
    torch.manual_seed(1)
    lengths = torch.full((500,), 11)
    _, left = rearranged(lengths, 11, 0.3, 0)
    assert abs((11 - left).float().mean() / 10 - 0.3) < 0.03
    order, _ = rearranged(lengths, 11, 0.0, 3)
    assert (order != torch.arange(11)).any()
