# %% [markdown]
# # Dynamic graphs and the recurrences of the CRF
#
# PyTorch builds a new computation graph every time the code runs. So the graph may depend on the
# instance: on its length, or even on its structure. The second half of this lesson uses
# dynamic graphs in ordinary loops: the Viterbi algorithm, the forward algorithm, and the forward
# algorithm in log space. Each is compared with nlpflow's conditional random field (CRF).

# %% tags=["parameters"]
RUN = None

# %%
from itertools import pairwise, product

import torch
from matplotlib.figure import Figure
from torch import nn

from nlpflow.figures.style import BLUE, GREY, VERMILION, Style, styled
from nlpflow.lesson_pages import claim, scores_of, show
from nlpflow.models.crf import LinearChainCRF

# %% [markdown]
# ## A network that follows a tree
#
# Two phrases form a larger phrase: an affine map and a tanh turn their two vectors into one. The
# tree of a sentence, here nested pairs, tells which phrases are joined. The code follows the tree.

# %%
torch.manual_seed(1)
TREES = {
    "the old cook reads": (("the", ("old", "cook")), "reads"),
    "she gives the cook a book": ("she", (("gives", ("the", "cook")), ("a", "book"))),
}
WORDS = sorted({word for sentence in TREES for word in sentence.split()})
vectors = nn.Embedding(len(WORDS), 4)
join = nn.Linear(8, 4)


def encode(tree):
    """The vector of a word, or of a phrase of two parts, (4,)."""
    if isinstance(tree, str):
        return vectors(torch.tensor(WORDS.index(tree)))
    return torch.tanh(join(torch.cat([encode(part) for part in tree])))


def operations(tensor):
    """The set of operations by which a tensor was computed."""
    found, waiting = set(), [tensor.grad_fn]
    while waiting:
        node = waiting.pop()
        if node is not None and node not in found:
            found.add(node)
            waiting += [source for source, _ in node.next_functions]
    return found


def joins(tensor):
    """How many times two phrases were joined."""
    return sum(node.name() == "TanhBackward0" for node in operations(tensor))


encoded = {sentence: encode(tree) for sentence, tree in TREES.items()}
for sentence, vector in encoded.items():
    print(f"{sentence}: {len(operations(vector))} operations, {joins(vector)} of them joins")
four, six = encoded.values()
claim("n words take n − 1 joins", joins(four) == 3 and joins(six) == 5)
claim("the two sentences have different graphs", len(operations(four)) != len(operations(six)))

regrouped = encode(("the", ("old", ("cook", "reads"))))
claim("the same words in another tree: another vector", not torch.allclose(regrouped, four))


# %% tags=["hide-input"]
def place(tree, spots, edges, start=0):
    """The position of each node: words in a row, a phrase above the middle of its parts."""
    if isinstance(tree, str):
        spots.append((start, 0, tree))
        return (start, 0), start + 1
    parts = []
    for part in tree:
        spot, start = place(part, spots, edges, start)
        parts.append(spot)
    spot = (sum(x for x, _ in parts) / 2, max(y for _, y in parts) + 1)
    spots.append((*spot, ""))
    edges += [(spot, part) for part in parts]
    return spot, start


with styled(Style()):
    figure = Figure((6.4, 2.0), layout="constrained")
    for axes, tree in zip(figure.subplots(1, 2, width_ratios=(4, 6)), TREES.values(), strict=True):
        spots, edges = [], []
        place(tree, spots, edges)
        for (x, y), (below_x, below_y) in edges:
            axes.plot([x, below_x], [y, below_y], color=GREY, linewidth=1)
        for x, y, word in spots:
            if word:
                axes.text(x, y - 0.25, word, ha="center", va="top")
            else:
                axes.plot(x, y, "o", color=BLUE)
        axes.set(ylim=(-1, 4.4))
        axes.margins(x=0.1)
        axes.axis("off")
show(figure, "The trees of two sentences: a dot wherever two phrases are joined.")

# %% [markdown]
# Each dot is one use of the same weights, and their gradient sums over all uses. Words that are not
# in the sentence get no gradient.

# %%
four.sum().backward()
reached = [word for word, row in zip(WORDS, vectors.weight.grad, strict=True) if row.any()]
claim("the gradient reaches these words, no others", reached == ["cook", "old", "reads", "the"])

# %% [markdown]
# ## The score of a tag sequence
#
# The conditional random field (Lafferty et al. 2001) scores all tags of a sentence together. The
# score of a tag sequence is a sum: of the emission scores (the score that the network gives to the
# tag of each word), the transitions between neighbouring tags, and a start and a stop at the ends.
#
# $$
# s(y) = \mathrm{start}_{y_1} + \sum_t \mathrm{emission}_{t, y_t}
# + \sum_t \mathrm{transition}_{y_{t-1}, y_t} + \mathrm{stop}_{y_T},
# \qquad P(y) = \frac{\exp s(y)}{Z}
# $$
#
# $Z$ sums $\exp s(y)$ over all sequences. With 3 tags and 6 words there are $3^6 = 729$ sequences,
# few enough to list. All algorithms below are checked against this list.

# %%
TAGS, TIME = 3, 6
crf = LinearChainCRF(TAGS).double()
with torch.no_grad():
    for weights in crf.parameters():
        weights.copy_(torch.randn_like(weights))
emissions = torch.randn(1, TIME, TAGS, dtype=torch.float64, requires_grad=True)
mask = torch.ones(1, TIME, dtype=torch.bool)
start, stop, transitions = crf.start, crf.stop, crf.transitions


def score(tags):
    """s(y), as in the formula above."""
    total = start[tags[0]] + stop[tags[-1]]
    total = total + sum(emissions[0, t, tag] for t, tag in enumerate(tags))
    return total + sum(transitions[a, b] for a, b in pairwise(tags))


sequences = list(product(range(TAGS), repeat=TIME))
with torch.no_grad():
    listed = torch.stack([score(tags) for tags in sequences])
    repeated = emissions.expand(len(sequences), -1, -1), mask.expand(len(sequences), -1)
    ours = crf.score(*repeated, torch.tensor(sequences))
claim("nlpflow's scores are those of the formula, for all 729", torch.allclose(listed, ours))

# %% [markdown]
# ## Viterbi
#
# The Viterbi algorithm finds the best sequence without listing all of them. The best sequence of
# tags that ends with tag $k$ at word $t$ extends the best one that ends with some tag $j$ at the
# word before:
#
# $$
# v_1(k) = \mathrm{start}_k + \mathrm{emission}_{1,k}, \qquad
# v_t(k) = \max_j \left( v_{t-1}(j) + \mathrm{transition}_{j,k} \right) + \mathrm{emission}_{t,k}
# $$
#
# It stores which $j$ was the best, and follows these pointers back from the best last tag.


# %%
def viterbi():
    """The best tags and their score, by loops over words and tags."""
    best = [start[k] + emissions[0, 0, k] for k in range(TAGS)]
    pointers = []
    for t in range(1, TIME):
        ways = [[best[j] + transitions[j, k] for j in range(TAGS)] for k in range(TAGS)]
        pointers.append([max(range(TAGS), key=way.__getitem__) for way in ways])
        best = [max(way) + emissions[0, t, k] for k, way in enumerate(ways)]
    ends = [best[k] + stop[k] for k in range(TAGS)]
    path = [max(range(TAGS), key=ends.__getitem__)]
    for pointer in reversed(pointers):
        path.append(pointer[path[-1]])
    return path[::-1], max(ends)


path, path_score = viterbi()
found = crf.viterbi(emissions, mask)
print("best tags:", path, f"score {path_score.item():.3f}")
claim("it is the best of the 729", tuple(path) == sequences[int(listed.argmax())])
claim("nlpflow's Viterbi finds the same tags", found.tags[0].tolist() == path)
claim("with the same score", torch.allclose(found.scores[0], path_score))

# %% [markdown]
# ## Forward
#
# The forward algorithm computes the sum over all sequences. It is the same recurrence, with sums in
# place of maxima and products of exponentials in place of sums.
#
# $$
# \alpha_t(k) = \exp(\mathrm{emission}_{t,k})
# \sum_j \alpha_{t-1}(j) \exp(\mathrm{transition}_{j,k}),
# \qquad Z = \sum_k \alpha_T(k) \exp(\mathrm{stop}_k)
# $$


# %%
def forward(emissions):
    """Z by sums of products; emissions (time, tags)."""
    kind = emissions.dtype
    alpha = (start.to(kind) + emissions[0]).exp()
    for emission in emissions[1:]:
        alpha = emission.exp() * (alpha @ transitions.to(kind).exp())
    return alpha @ stop.to(kind).exp()


claim("Z is the sum over the 729", torch.allclose(forward(emissions[0]), listed.exp().sum()))
log_partition = crf.log_partition(emissions, mask)[0]
claim("its logarithm is nlpflow's", torch.allclose(forward(emissions[0]).log(), log_partition))

# %% [markdown]
# This is short, but fails for long sentences: $\alpha$ grows or shrinks by a factor per word,
# until it leaves the range of the floats. The largest number in `float32` is $3.4 \cdot 10^{38}$.

# %%
long = torch.randn(100, TAGS) + 1
overflown = forward(long)
print("Z of 100 words in float32:", overflown.item())
claim("the sum of 100 words is beyond float32", bool(overflown.isinf()))

# %% [markdown]
# ## Forward in log space
#
# So the recurrence is computed for $a_t(k) = \log \alpha_t(k)$:
#
# $$
# a_t(k) = \mathrm{emission}_{t,k}
# + \log \sum_j \exp\left( a_{t-1}(j) + \mathrm{transition}_{j,k} \right)
# $$
#
# The largest term is factored out of each sum of exponentials first, so that none overflows.


# %%
def log_sum_exp(values):
    """log Σ exp of a list, with the largest value factored out."""
    values = torch.stack(values)
    largest = values.max()
    return largest + (values - largest).exp().sum().log()


def log_forward(emissions):
    """log Z by loops; emissions (time, tags)."""
    a = [start[k] + emissions[0, k] for k in range(TAGS)]
    for emission in emissions[1:]:
        ways = [[a[j] + transitions[j, k] for j in range(TAGS)] for k in range(TAGS)]
        a = [emission[k] + log_sum_exp(way) for k, way in enumerate(ways)]
    return log_sum_exp([a[k] + stop[k] for k in range(TAGS)])


log_z = log_forward(emissions[0])
claim("it is the logarithm of the sum over the 729", torch.allclose(log_z, listed.logsumexp(dim=0)))
claim("and nlpflow's log partition", torch.allclose(log_z, log_partition))

by_loops = log_forward(long)
by_crf = crf.float().log_partition(long[None], torch.ones(1, 100, dtype=torch.bool))[0]
crf.double()
print(f"log Z of 100 words: {by_loops.item():.3f} by loops, {by_crf.item():.3f} by nlpflow")
claim("in log space, 100 words do not overflow", bool(by_loops.isfinite()))
claim("nlpflow agrees in float32", abs(by_crf.item() / by_loops.item() - 1) < 1e-5)

# %% [markdown]
# ## The gradient gives the marginals
#
# The derivative of $\log Z$ with respect to an emission is the sum of the probabilities of all
# sequences that have this tag at this word: its marginal probability. When autograd
# goes back through the loops above, it in effect runs the backward algorithm.

# %%
(marginals,) = torch.autograd.grad(log_z, emissions)
by_listing = torch.zeros(TIME, TAGS, dtype=torch.float64)
for tags, probability in zip(sequences, listed.softmax(dim=0).tolist(), strict=True):
    by_listing[range(TIME), tags] += probability

claim("the gradient of log Z is the listed marginals", torch.allclose(marginals[0], by_listing))
claim("and nlpflow's marginals", torch.allclose(marginals, crf.marginals(emissions, mask)))
sums = marginals.sum(dim=2)
claim("each word's marginals sum to one", torch.allclose(sums, torch.ones_like(sums)))

# %% tags=["hide-input"]
with styled(Style()):
    figure = Figure((6.4, 2.2))
    axes = figure.subplots()
    image = axes.imshow(marginals[0].t().numpy(), cmap="Blues", vmin=0, vmax=1, aspect="auto")
    axes.plot(range(TIME), path, "o-", color=VERMILION, linewidth=1.5, label="Viterbi's tags")
    axes.set(xlabel="word", ylabel="tag", xticks=range(TIME), yticks=range(TAGS))
    figure.colorbar(image, label="marginal")
    axes.legend(loc="upper left", bbox_to_anchor=(0, 1.22), borderaxespad=0)
show(figure, "Marginal probability of each tag at each word, and the best sequence through them.")

# %% [markdown]
# ## Where nlpflow uses this
#
# **Entities** are predicted by a CRF over the states of a bidirectional LSTM. `nlpflow/models/crf`
# runs these recurrences for whole batches. One loop serves all of them, since only its two
# operations differ (maximum and sum, or sum and product), and the gradient is written by hand.
# Scores of an entities run:

# %% tags=["hide-input"]
scores_of(RUN)
