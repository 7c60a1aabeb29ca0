"""word2vec: the skip-gram and continuous-bag-of-words (CBOW) models of word vectors.

Both read blocks of consecutive words (see `nlpflow.text.windows.Blocks`). A block holds `size`
centres and `window` words to either side. `ids` is (blocks, words) with `words = window + size +
window`. `mask` is (blocks, size, words), 1 where a word is in the window of a centre. The
gradients of both models are sparse.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from nlpflow.models.precision import wide
from nlpflow.models.softmax import Softmax


def window_mask(distance: Tensor, reach: Tensor, sentences: Tensor) -> Tensor:
    """The mask of a batch of blocks: 1 where a word is in the window of a centre, else 0.

    Args:
        distance: of every word from every centre, in words, (size, words)
        reach: half the window of every centre, in words, (blocks, size)
        sentences: number of the sentence of every word, negative where there is none, (blocks,
            words)

    Returns:
        (blocks, size, words), float
    """
    window = (distance.shape[1] - distance.shape[0]) // 2
    centres = sentences[:, window : window + distance.shape[0]]
    near = distance <= reach[:, :, None]
    same = (centres[:, :, None] == sentences[:, None, :]) & (centres >= 0)[:, :, None]
    return (near & same).float()


class SkipGram(nn.Module):
    """Skip-gram with negative sampling (Mikolov et al. 2013): a word predicts the words around it.

    Every word has an input vector and an output vector. The input vectors (`embedding`) are the
    result.

    Args:
        vocabulary: number of words
        dimension: width of a vector
    """

    def __init__(self, vocabulary: int, dimension: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, dimension, sparse=True)
        self.output = nn.Embedding(vocabulary, dimension, sparse=True)
        nn.init.uniform_(self.embedding.weight, -0.5 / dimension, 0.5 / dimension)
        nn.init.zeros_(self.output.weight)

    def forward(self, ids: Tensor, mask: Tensor, noise: Tensor, negatives: float) -> Tensor:
        """The negative-sampling loss summed over all pairs of a centre and a word in its window.

        This is the negated equation 4 of Mikolov et al. 2013. The whole batch shares its noise
        words, and their weight makes up for that: each pair has `negatives` of them in
        expectation. The expected loss is the same, but it takes matrix products instead of single
        rows.

        Args:
            ids: see the module
            mask: see the module
            noise: words drawn from the noise distribution, (noise,)
            negatives: number of noise words per pair
        """
        size = mask.shape[1]
        window = (ids.shape[1] - size) // 2
        centres = self.embedding(ids[:, window : window + size])
        # One look-up for both, so that there is one gradient and not two to add.
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
    """Continuous bag of words: the sum of the vectors around a word predicts it.

    The model `log_softmax(A(sum of the vectors) + b)` is the tutorial's exercise. It is described
    by Mikolov et al. 2013a ("Efficient Estimation of Word Representations in Vector Space", section
    3.1).

    Args:
        vocabulary: number of words
        dimension: width of a vector
    """

    def __init__(self, vocabulary: int, dimension: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, dimension, sparse=True)
        self.output = Softmax(dimension, vocabulary, sparse=True)
        nn.init.uniform_(self.embedding.weight, -0.5 / dimension, 0.5 / dimension)

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """The features and targets of all centres that have a word in their window.

        Args:
            ids: see the module
            mask: see the module

        Returns:
            the sum of the vectors around each centre, (centres, dimension), and the centres' ids,
            (centres,)
        """
        size = mask.shape[1]
        window = (ids.shape[1] - size) // 2
        sums = torch.bmm(mask, self.embedding(ids)).flatten(0, 1)
        used = mask.sum(2).flatten() > 0
        return sums[used], ids[:, window : window + size].flatten()[used]
