# %% [markdown]
# # The building blocks
#
# Networks consist of a few building blocks: affine maps, non-linearities, softmax, a loss, and an
# update rule. At the end of this lesson they form a small classifier that tells English sentences
# from Spanish ones; it is trained with three optimisers.

# %% tags=["parameters"]
RUN = None
SENTENCES = ["data/sample/sentences.eng.txt", "data/sample/sentences.spa.txt"]

# %%
from collections import Counter
from pathlib import Path

import torch
from matplotlib.figure import Figure
from torch import nn
from torch.nn import functional

from nlpflow.figures.style import BLUE, GREEN, GREY, VERMILION, Style, styled
from nlpflow.lesson_pages import claim, scores_of, show, write_powers
from nlpflow.settings.training import Training
from nlpflow.training.state import build_optimiser

# %% [markdown]
# ## Affine maps
#
# An affine map is $f(x) = A x + b$. On paper $x$ is a column. `nn.Linear` maps the rows of its
# input, so that a batch is a matrix with one instance per row: $X A^{\top} + b$.

# %%
torch.manual_seed(1)
linear = nn.Linear(5, 3)
data = torch.randn(2, 5)
mapped = linear(data)
A, b = linear.weight, linear.bias

claim("two rows of 5 become two rows of 3", mapped.shape == (2, 3))
for row, image in zip(data, mapped, strict=True):
    claim("each output row is A x + b of its input", torch.allclose(image, A @ row + b, atol=1e-6))
try:
    linear(data.t())
except RuntimeError as error:
    refused = str(error)
print(refused)
claim("rows of 2 numbers are refused", "cannot be multiplied" in refused)

# %% [markdown]
# ## Why affine maps are not enough
#
# Two affine maps, one after the other, are a single affine map:
#
# $$A (C x + d) + b = (A C)\, x + (A d + b)$$
#
# So nothing is gained by stacking them. With a non-linearity between them there is no such matrix.
# A test shows this: an affine map takes the midpoint of two points to the midpoint of their images,
# and the network with the non-linearity does not.

# %%
inner, outer = nn.Linear(5, 4), nn.Linear(4, 3)
collapsed = data @ (outer.weight @ inner.weight).t() + (outer.weight @ inner.bias + outer.bias)
claim("two affine maps are one", torch.allclose(outer(inner(data)), collapsed, atol=1e-6))


def keeps_midpoints(f):
    """Whether f of the mean of two points is the mean of f of each."""
    return torch.allclose(f(data.mean(dim=0)), f(data).mean(dim=0), atol=1e-4)


affine, bent = nn.Sequential(inner, outer), nn.Sequential(inner, nn.Tanh(), outer)
claim("two affine maps in a row keep midpoints", keeps_midpoints(affine))
claim("with tanh between them it does not", not keeps_midpoints(bent))

# %% [markdown]
# ## The vanishing derivative
#
# The usual non-linearities have derivatives that are cheap to compute. That of the sigmoid is
# $\sigma(x)(1 - \sigma(x))$. It is at most 1/4, and almost 0 for inputs far from 0. The chain rule
# multiplies one such factor per layer, so that the gradient vanishes before it reaches the first of
# many layers.

# %%
points = torch.linspace(-8, 8, 401, dtype=torch.float64, requires_grad=True)
FUNCTIONS = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "ReLU": torch.relu}
derivatives = {
    name: torch.autograd.grad(function(points).sum(), points)[0]
    for name, function in FUNCTIONS.items()
}
sigma = torch.sigmoid(points)
formula = sigma * (1 - sigma)
claim("autograd gives σ(x)(1 − σ(x))", torch.allclose(derivatives["sigmoid"], formula))
claim("it is at most 1/4", derivatives["sigmoid"].max().item() <= 0.25)
claim("at 8 it is below 0.0004", derivatives["sigmoid"][-1].item() < 4e-4)

depths = {}
for name, function in FUNCTIONS.items():
    value = start = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
    depths[name] = []
    for _ in range(12):
        value = function(value)
        depths[name].append(torch.autograd.grad(value, start, retain_graph=True)[0].item())
left = {name: sizes[-1] for name, sizes in depths.items()}
claim("after 12 sigmoids less than 1 / 16 million is left", left["sigmoid"] < 0.25**12)
claim("tanh keeps more than ten thousand times as much", left["tanh"] > 1e4 * left["sigmoid"])
claim("ReLU keeps the whole gradient if its input is positive", left["ReLU"] == 1)

# %% tags=["hide-input"]
COLOURS = dict(zip(FUNCTIONS, (BLUE, VERMILION, GREEN), strict=True))
with styled(Style()):
    figure = Figure((6.4, 2.5), layout="constrained")
    beside, behind = figure.subplots(1, 2)
    for name, colour in COLOURS.items():
        beside.plot(points.detach(), derivatives[name], color=colour, label=name)
        behind.semilogy(range(1, 13), depths[name], color=colour)
    beside.set(xlabel="x", title="derivative")
    beside.legend(loc="upper left")
    behind.set(xlabel="layers", title="derivative through the layers", xticks=range(2, 13, 2))
    write_powers(behind.yaxis)
show(figure, "Left: derivatives of three non-linearities. Right: their product over many layers.")

# %% [markdown]
# ## Softmax
#
# Softmax turns any numbers into probabilities: it divides their exponentials by the sum of these.
#
# $$\mathrm{softmax}(x)_i = \frac{\exp x_i}{\sum_j \exp x_j}$$
#
# Only the differences between the numbers matter. The logarithm of softmax is computed in one
# function, because the logarithm of a probability that was rounded to 0 would be −∞.

# %%
scores = torch.tensor([[2.0, -1.0, 0.5], [300.0, 100.0, 0.0]])
probabilities = functional.softmax(scores, dim=1)

claim("no probability is negative", bool((probabilities >= 0).all()))
claim("each row sums to one", torch.allclose(probabilities.sum(dim=1), torch.ones(2)))
shifted = functional.softmax(scores + 10, dim=1)
claim("adding 10 to all scores changes nothing", torch.allclose(shifted, probabilities))
claim("softmax, then logarithm, can be infinite", bool(probabilities.log().isinf().any()))
claim("log-softmax is finite", bool(functional.log_softmax(scores, dim=1).isfinite().all()))

# %% [markdown]
# ## The loss
#
# The negative log-likelihood is minus the log-probability that the model gives to the correct
# class. It is 0 if the model is certain and correct, and large if it is certain and wrong.
# `nll_loss` takes log-probabilities; `cross_entropy` takes scores and does both steps.

# %%
scores, right = torch.randn(4, 3), torch.tensor([0, 2, 1, 1])
nll = functional.nll_loss(functional.log_softmax(scores, dim=1), right)
cross_entropy = functional.cross_entropy(scores, right)
claim("NLL after log-softmax is cross-entropy", torch.allclose(nll, cross_entropy))

certain = torch.tensor([[20.0, 0.0, 0.0]])  # of class 0
is_right, is_wrong = (
    functional.cross_entropy(certain, torch.tensor([label])).item() for label in (0, 1)
)
print(f"certain and correct: {is_right:.3f}, certain and wrong: {is_wrong:.3f}")
claim("certain and correct: almost no loss", is_right < 1e-6)
claim("certain and wrong: a large loss", is_wrong > 19)

# %% [markdown]
# ## A bag of words
#
# The classifier is $\log\mathrm{softmax}(A x + b)$, where $x$ counts the words of a sentence
# regardless of their order. $A$ has one row per language and one column per word. The sentences are
# those of the sample. Every fifth sentence is held out; the vocabulary comes from the others.

# %%
LANGUAGES = ("eng", "spa")
sentences = [
    (line.lower().strip("¡¿").rstrip(".!?").split(), label)
    for label, file in enumerate(SENTENCES)
    for line in Path(file).read_text("utf-8").rstrip("\n").split("\n")
]
training = [pair for index, pair in enumerate(sentences) if index % 5]
held_out = sentences[::5]
counted = Counter(word for words, _ in training for word in words)
column = {word: number for number, word in enumerate(sorted(counted))}


def bags(pairs):
    """Counts of the known words, (sentences, words), and labels, (sentences,)."""
    counts = torch.zeros(len(pairs), len(column))
    for row, (words, _) in enumerate(pairs):
        for word in words:
            if word in column:
                counts[row, column[word]] += 1
    return counts, torch.tensor([label for _, label in pairs])


train_counts, train_labels = bags(training)
test_counts, test_labels = bags(held_out)
print(f"{len(training)} training sentences, {len(held_out)} held out, {len(column)} words")
(forwards, backwards), _ = bags([(["i", "was", "rich"], 0), (["rich", "was", "i"], 0)])
claim("the order of words is lost", torch.equal(forwards, backwards))

# %% [markdown]
# ## Three update rules
#
# Stochastic gradient descent moves every weight by its derivative times the learning rate $\eta$:
#
# $$\theta \leftarrow \theta - \eta \nabla L(\theta)$$
#
# A rare word has a non-zero derivative in few batches only, so its weights hardly change. RMSProp
# divides each weight's update by the typical size of its derivatives. Adam does the same, and also
# averages the direction over past batches. All three start from the same weights. The learning
# rate of SGD, 0.1, is that of PyTorch's tutorial on deep learning for NLP.

# %%
RATES = {"sgd": 0.1, "rmsprop": 0.01, "adam": 0.01}
EPOCHS, BATCH = 8, 64


def train(optimiser, rate):
    """Train a classifier; the model and its held-out loss before and after each epoch."""
    torch.manual_seed(1)
    model = nn.Linear(len(column), len(LANGUAGES))
    update = build_optimiser(model, Training(optimiser=optimiser, learning_rate=rate))
    losses = [functional.cross_entropy(model(test_counts), test_labels).item()]
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(train_labels)).split(BATCH):
            update.zero_grad()
            functional.cross_entropy(model(train_counts[rows]), train_labels[rows]).backward()
            update.step()
        losses.append(functional.cross_entropy(model(test_counts), test_labels).item())
    return model, losses


trained = {name: train(name, rate) for name, rate in RATES.items()}
accuracy = {
    name: (model(test_counts).argmax(dim=1) == test_labels).double().mean().item()
    for name, (model, _) in trained.items()
}
for name, (_, losses) in trained.items():
    print(f"{name:8} held-out loss {losses[-1]:.3f}, accuracy {100 * accuracy[name]:.1f} %")
claim("all three have an accuracy of 95 % or more", min(accuracy.values()) >= 0.95)
sgd, rmsprop, adam = (losses[-1] for _, losses in trained.values())
claim("RMSProp and Adam end with a lower loss than SGD", max(rmsprop, adam) < sgd)

# %% tags=["hide-input"]
NAMES = {"sgd": "SGD", "rmsprop": "RMSProp", "adam": "Adam"}
with styled(Style()):
    figure = Figure((6.4, 2.8))
    axes = figure.subplots()
    for (name, (_, losses)), colour in zip(trained.items(), (GREY, VERMILION, BLUE), strict=True):
        axes.semilogy(losses, color=colour, label=f"{NAMES[name]}, learning rate {RATES[name]}")
    axes.set(xlabel="epochs", ylabel="held-out loss")
    axes.set_yticks([0.01, 0.03, 0.1, 0.3, 1], ["0.01", "0.03", "0.1", "0.3", "1"])
    axes.minorticks_off()
    axes.legend()
show(figure, "Held-out loss by epoch under three update rules.")

# %% [markdown]
# The learnt weights can be interpreted: a word's column of $A$ contains its evidence for each
# language. Before training these are small random numbers.

# %%
torch.manual_seed(1)
before = nn.Linear(len(column), len(LANGUAGES)).weight
after = trained["adam"][0].weight
for word in ("soy", "my"):
    for when, table in (("before", before), ("after", after)):
        english, spanish = table[:, column[word]].tolist()
        print(f"{word:4} {when:6}  English {english:6.2f}  Spanish {spanish:6.2f}")
lead = (after[1] - after[0]).detach()  # evidence for Spanish against English
claim("“soy” is now evidence for Spanish", lead[column["soy"]].item() > 1)
claim("and “my” for English", lead[column["my"]].item() < -1)

# %% [markdown]
# ## Where nlpflow uses this
#
# **Language identification** uses this model with hashed character n-grams as features, so that no
# word is unknown. It never builds the sparse vector $x$. Scores of a language identification run:

# %% tags=["hide-input"]
scores_of(RUN)
