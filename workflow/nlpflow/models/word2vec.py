"""Word vectors from the words around them: continuous bag of words, and skip-gram.

Both read blocks of consecutive words (see `nlpflow.text.windows.Blocks`): `ids` (blocks, words)
with `words = window + size + window`, and `mask` (blocks, size, words), 1 where a word is in the
window of a centre. Their gradients are sparse.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from nlpflow.models.precision import wide
from nlpflow.models.softmax import Softmax


def window_mask(distance: Tensor, reach: Tensor, sentences: Tensor) -> Tensor:
    """1 where a word is in the window of a centre: (blocks, size, words), as float.

    Args:
        distance: of every word from every centre, (size, words)
        reach: how far every centre looks, (blocks, size)
        sentences: of the block's words, negative where there is none, (blocks, words)
    """
    window = (distance.shape[1] - distance.shape[0]) // 2
    centres = sentences[:, window : window + distance.shape[0]]
    near = distance <= reach[:, :, None]
    same = (centres[:, :, None] == sentences[:, None, :]) & (centres >= 0)[:, :, None]
    return (near & same).float()


class SkipGram(nn.Module):
    """Each word predicts the words around it, told apart from noise (Mikolov et al. 2013).

    Every word has an input vector, which is the one to keep, and an output vector.
    """

    def __init__(self, vocabulary: int, dimension: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, dimension, sparse=True)
        self.output = nn.Embedding(vocabulary, dimension, sparse=True)
        nn.init.uniform_(self.embedding.weight, -0.5 / dimension, 0.5 / dimension)
        nn.init.zeros_(self.output.weight)

    def forward(self, ids: Tensor, mask: Tensor, noise: Tensor, negatives: float) -> Tensor:
        """The negative-sampling loss summed over all pairs of a centre and a word in its window.

        Equation 4 of Mikolov et al. 2013 with its sign turned. The noise words are shared by the
        whole batch and weighted so that each pair has `negatives` of them in expectation: the same
        loss in expectation, but matrix products in place of single rows.

        Args:
            noise: words drawn from the noise distribution, (noise,)
        """
        size = mask.shape[1]
        window = (ids.shape[1] - size) // 2
        centres = self.embedding(ids[:, window : window + size])
        # One look-up for both, so that their gradients need not be added up.
        rows = self.output(torch.cat([ids.flatten(), noise]))
        words = rows[: ids.numel()].view(*ids.shape, -1)
        positive = wide(torch.bmm(centres, words.transpose(1, 2)))
        negative = wide(centres.flatten(0, 1) @ rows[ids.numel() :].T)
        weight = mask.sum(2).flatten() * (negatives / len(noise))
        attracted = (functional.softplus(-positive) * mask).sum()
        # A dot product, which autocast leaves in fp32.
        repelled = functional.softplus(negative).sum(1).dot(weight)
        loss: Tensor = attracted + repelled
        return loss


class Cbow(nn.Module):
    """The words around it, added up, predict each word: the tutorial's exercise.

    `log_softmax(A(sum of the vectors) + b)`, the model of Mikolov et al. 2013a ("Efficient
    Estimation of Word Representations in Vector Space", section 3.1).
    """

    def __init__(self, vocabulary: int, dimension: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, dimension, sparse=True)
        self.output = Softmax(dimension, vocabulary, sparse=True)
        nn.init.uniform_(self.embedding.weight, -0.5 / dimension, 0.5 / dimension)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """The sums (centres, dimension) of the words around, and the centres' ids (centres,).

        Centres without a word in their window are left out.
        """
        size = mask.shape[1]
        window = (ids.shape[1] - size) // 2
        sums = torch.bmm(mask, self.embedding(ids)).flatten(0, 1)
        used = mask.sum(2).flatten() > 0
        return sums[used], ids[:, window : window + size].flatten()[used]
