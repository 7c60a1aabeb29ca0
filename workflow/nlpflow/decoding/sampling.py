"""Random sampling of outputs, with temperature and nucleus."""

from torch import Tensor

from nlpflow.decoding.greedy import Hypotheses, word_by_word
from nlpflow.models.seq2seq import Seq2Seq


def sample(
    model: Seq2Seq,
    src: Tensor,
    lengths: Tensor,
    uniforms: Tensor,
    temperature: float = 1.0,
    nucleus: float = 1.0,
    copies: Tensor | None = None,
) -> Hypotheses:
    """Draw an output for each sentence of a batch, word by word.

    The draws depend on `uniforms` alone, so that an output is the same in any batch.

    Args:
        model: in evaluation mode
        src: token ids padded with 0, (batch, src_time)
        lengths: number of tokens of each sentence, (batch,), on the CPU
        uniforms: numbers in [0, 1), (batch, steps); an output has at most `steps` - 1 words
        temperature: the scores are divided by it; towards 0 sampling becomes greedy search
        nucleus: only the most probable words are drawn whose probabilities together are at least
            this (Holtzman et al. 2020, "The curious case of neural text degeneration", section 3.1)
        copies: see `Seq2Seq.encode`
    """

    def draw(logits: Tensor, rows: Tensor, step: int) -> Tensor:
        shares, words = (logits / temperature).softmax(dim=-1).sort(dim=-1, descending=True)
        before = shares.cumsum(dim=-1) - shares
        kept = shares.masked_fill(before >= nucleus, 0)
        points = uniforms[rows, step, None].to(kept) * kept.sum(dim=-1, keepdim=True)
        # The first word whose cumulative probability is above the point.
        place = (kept.cumsum(dim=-1) <= points).sum(dim=-1, keepdim=True)
        last = (kept > 0).sum(dim=-1, keepdim=True) - 1
        return words.gather(-1, place.minimum(last)).squeeze(-1)

    return word_by_word(model, src, lengths, uniforms.shape[1] - 1, draw, copies)
