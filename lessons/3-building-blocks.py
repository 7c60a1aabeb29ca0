# %% [markdown]
# # The building blocks
#
# Affine maps, non-linearities, softmax, a loss, an update rule: networks are made of little else.
# At the end stands the smallest classifier of sentences, English or Spanish, trained three ways.

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
# An affine map is $f(x) = A x + b$. On paper $x$ is a column. `nn.Linear` maps the rows of what it
# is given, so that a batch is a matrix with one instance a row: $X A^{\top} + b$.

# %%
torch.manual_seed(1)
linear = nn.Linear(5, 3)
data = torch.randn(2, 5)
mapped = linear(data)
A, b = linear.weight, linear.bias

claim("two rows of 5 become two rows of 3", mapped.shape == (2, 3))
for row, image in zip(data, mapped, strict=True):
    claim("a row is A x + b of its own row", torch.allclose(image, A @ row + b, atol=1e-6))
try:
    linear(data.t())
except RuntimeError as error:
    refused = str(error)
print(refused)
claim("columns of 5 are not mapped", "cannot be multiplied" in refused)

# %% [markdown]
# ## Why affine maps are not enough
#
# Two affine maps in a row are one:
#
# $$A (C x + d) + b = (A C)\, x + (A d + b)$$
#
# However many are stacked, nothing is gained. With a non-linearity between them there is no such
# matrix: an affine map keeps the middle of two points in the middle, and this one does not.

# %%
inner, outer = nn.Linear(5, 4), nn.Linear(4, 3)
collapsed = data @ (outer.weight @ inner.weight).t() + (outer.weight @ inner.bias + outer.bias)
claim("two affine maps are one", torch.allclose(outer(inner(data)), collapsed, atol=1e-6))


def keeps_the_middle(f):
    """Whether f of the mean of two points is the mean of f of each."""
    return torch.allclose(f(data.mean(dim=0)), f(data).mean(dim=0), atol=1e-4)


affine, bent = nn.Sequential(inner, outer), nn.Sequential(inner, nn.Tanh(), outer)
claim("their composition keeps the middle", keeps_the_middle(affine))
claim("with tanh between them it does not", not keeps_the_middle(bent))

# %% [markdown]
# ## The vanishing derivative
#
# The usual non-linearities have cheap derivatives; the sigmoid's is $\sigma(x)(1 - \sigma(x))$. It
# is at most a quarter, and almost nothing for inputs far from 0. The chain rule multiplies one such
# factor a layer, so what reaches the first of many layers vanishes.

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
claim("after 12 sigmoids less than a 16-millionth is left", left["sigmoid"] < 0.25**12)
claim("tanh keeps more than ten thousand times that", left["tanh"] > 1e4 * left["sigmoid"])
claim("ReLU keeps all, where its input is positive", left["ReLU"] == 1)

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
    behind.set(xlabel="layers", title="what is left of it", xticks=range(2, 13, 2))
    write_powers(behind.yaxis)
show(figure, "Left: derivatives of three non-linearities. Right: their product over many layers.")

# %% [markdown]
# ## Softmax
#
# Softmax makes probabilities of any numbers: exponentials, divided by their sum.
#
# $$\mathrm{softmax}(x)_i = \frac{\exp x_i}{\sum_j \exp x_j}$$
#
# Only differences count. Its logarithm is computed in one go: the logarithm of a probability that
# was rounded to 0 would be −∞.

# %%
scores = torch.tensor([[2.0, -1.0, 0.5], [300.0, 100.0, 0.0]])
probabilities = functional.softmax(scores, dim=1)

claim("no probability is negative", bool((probabilities >= 0).all()))
claim("each row sums to one", torch.allclose(probabilities.sum(dim=1), torch.ones(2)))
shifted = functional.softmax(scores + 10, dim=1)
claim("adding 10 to all scores changes nothing", torch.allclose(shifted, probabilities))
claim("the logarithm of softmax is lost for far scores", bool(probabilities.log().isinf().any()))
claim("log-softmax is not", bool(functional.log_softmax(scores, dim=1).isfinite().all()))

# %% [markdown]
# ## The loss
#
# The negative log-likelihood is minus the log-probability that the model gave the right answer: 0
# if it was certain and right, large if it was certain and wrong. `nll_loss` wants
# log-probabilities; `cross_entropy` takes scores and does both steps.

# %%
scores, right = torch.randn(4, 3), torch.tensor([0, 2, 1, 1])
nll = functional.nll_loss(functional.log_softmax(scores, dim=1), right)
cross_entropy = functional.cross_entropy(scores, right)
claim("NLL after log-softmax is cross-entropy", torch.allclose(nll, cross_entropy))

certain = torch.tensor([[20.0, 0.0, 0.0]])  # of class 0
is_right, is_wrong = (
    functional.cross_entropy(certain, torch.tensor([label])).item() for label in (0, 1)
)
print(f"certain and right: {is_right:.3f}, certain and wrong: {is_wrong:.3f}")
claim("certain and right costs almost nothing", is_right < 1e-6)
claim("certain and wrong costs much", is_wrong > 19)

# %% [markdown]
# ## A bag of words
#
# The classifier is $\log\mathrm{softmax}(A x + b)$, where $x$ counts the words of a sentence,
# whatever their order. $A$ has a row a language and a column a word. The sentences are those of the
# sample; every fifth is held out, and the vocabulary is that of the others.

# %%
LANGUAGES = ("eng", "spa")
sentences = [
    (line.lower().strip("¡¿").rstrip(".!?").split(), label)
    for label, file in enumerate(SENTENCES)
    for line in Path(file).read_text("utf-8").rstrip("\n").split("\n")
]
training = [pair for place, pair in enumerate(sentences) if place % 5]
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
print(f"{len(training)} sentences to learn from, {len(held_out)} held out, {len(column)} words")
(forwards, backwards), _ = bags([(["i", "was", "rich"], 0), (["rich", "was", "i"], 0)])
claim("the order of words is lost", torch.equal(forwards, backwards))

# %% [markdown]
# ## Three update rules
#
# Stochastic gradient descent moves every weight by its derivative times the learning rate $\eta$:
#
# $$\theta \leftarrow \theta - \eta \nabla L(\theta)$$
#
# A rare word has a derivative in few batches, and its weights hardly move. RMSProp divides each
# weight's step by the typical size of its own derivatives; Adam does so too and averages the
# direction over past batches. All start from the same weights; 0.1 for SGD is the tutorial's rate.

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
    print(f"{name:8} held-out loss {losses[-1]:.3f}, {100 * accuracy[name]:.1f} % right")
claim("all three tell the languages apart, 95 % or more", min(accuracy.values()) >= 0.95)
sgd, rmsprop, adam = (losses[-1] for _, losses in trained.values())
claim("RMSProp and Adam get further than SGD in as many epochs", max(rmsprop, adam) < sgd)

# %% tags=["hide-input"]
NAMES = {"sgd": "SGD", "rmsprop": "RMSProp", "adam": "Adam"}
with styled(Style()):
    figure = Figure((6.4, 2.8))
    axes = figure.subplots()
    for (name, (_, losses)), colour in zip(trained.items(), (GREY, VERMILION, BLUE), strict=True):
        axes.semilogy(losses, color=colour, label=f"{NAMES[name]}, rate {RATES[name]}")
    axes.set(xlabel="epochs", ylabel="held-out loss")
    axes.set_yticks([0.01, 0.03, 0.1, 0.3, 1], ["0.01", "0.03", "0.1", "0.3", "1"])
    axes.minorticks_off()
    axes.legend()
show(figure, "Held-out loss by epoch under three update rules.")

# %% [markdown]
# What has been learnt can be read off: a word's column of $A$ says how much it speaks for each
# language. Before training it was a small random number.

# %%
torch.manual_seed(1)
before = nn.Linear(len(column), len(LANGUAGES)).weight
after = trained["adam"][0].weight
for word in ("soy", "my"):
    for when, table in (("before", before), ("after", after)):
        english, spanish = table[:, column[word]].tolist()
        print(f"{word:4} {when:6}  English {english:6.2f}  Spanish {spanish:6.2f}")
lead = (after[1] - after[0]).detach()  # how much more a word speaks for Spanish
claim("“soy” has come to speak for Spanish", lead[column["soy"]].item() > 1)
claim("and “my” for English", lead[column["my"]].item() < -1)

# %% [markdown]
# ## Where this goes
#
# **Language identification** is this model, with hashed character n-grams as features so that no
# word is unknown, and $x$ never written out. Scores of such a run:

# %% tags=["hide-input"]
scores_of(RUN)
