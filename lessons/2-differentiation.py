# %% [markdown]
# # Automatic differentiation
#
# A model learns by derivatives: how much would the loss change if this weight were a little
# larger? Nobody writes these derivatives down. A tensor that was computed remembers how, and the
# chain rule, applied backwards along that memory, gives all of them at once.

# %% tags=["parameters"]
RUN = None

# %%
import torch
from matplotlib.figure import Figure
from torch import nn

from nlpflow.figures.style import BLUE, VERMILION, Style, styled
from nlpflow.lesson_pages import claim, scores_of, show, write_powers
from nlpflow.models.crf import LinearChainCRF

# %% [markdown]
# ## Tensors that remember
#
# Weights are marked with `requires_grad`. What is computed from a marked tensor is marked too, and
# its `grad_fn` is the operation that made it. Following `next_functions` from there leads back to
# the weights: that is the computation graph.

# %%
torch.manual_seed(1)
x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
y = torch.tensor([4.0, 5.0, 6.0])
s = (x * y).sum()


def trace(node, depth=0):
    """Print an operation and, indented below it, those that its inputs came from."""
    print("   " * depth + node.name())
    for source, _ in node.next_functions:
        if source is not None:
            trace(source, depth + 1)


trace(s.grad_fn)
claim("a tensor made by hand has no history", x.grad_fn is None and y.grad_fn is None)
claim("the product of a marked and an unmarked tensor is marked", (x * y).requires_grad)
claim("what only unmarked tensors went into is not", not (y * y).requires_grad)

# %% [markdown]
# `AccumulateGrad` is where a path ends at a weight. The sum is
#
# $$s = x_1 y_1 + x_2 y_2 + x_3 y_3, \qquad \frac{\partial s}{\partial x_i} = y_i$$
#
# and `backward` finds just that:

# %%
s.backward()
print("x.grad =", x.grad.tolist())
claim("the derivative of s by x is y", torch.equal(x.grad, y))

# %% [markdown]
# ## Gradients add up
#
# `backward` adds to what is in `grad` already. Who forgets to clear it before the next batch takes
# steps along the sum of all gradients so far.

# %%
(x * y).sum().backward()
claim("a second backward doubles the gradient", torch.equal(x.grad, 2 * y))
x.grad = None
(x * y).sum().backward()
claim("after clearing it is y again", torch.equal(x.grad, y))

# %% [markdown]
# Adding is right all the same: where a tensor is used twice, the chain rule sums over both uses.
# And a batch too large for the memory can be taken in two halves.

# %%
network = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1)).double()
inputs, targets = torch.randn(10, 4).double(), torch.randn(10, 1).double()


def gradient_of(*batches):
    """All derivatives of the summed squared error, after one backward a batch."""
    network.zero_grad()
    for rows in batches:
        (network(inputs[rows]) - targets[rows]).square().sum().backward()
    return torch.cat([weight.grad.flatten() for weight in network.parameters()])


whole = gradient_of(slice(0, 10))
halves = gradient_of(slice(0, 5), slice(5, 10))
claim("the gradients of two halves add up to that of the whole", torch.allclose(whole, halves))

# %% [markdown]
# ## Forgetting on purpose
#
# `detach` gives the same numbers without their history, in the same memory. Inside
# `torch.no_grad()` nothing is remembered from the start: evaluation saves time and memory by it.

# %%
z = x * y
forgetful = z.detach()
claim("z knows that it is a product", z.grad_fn.name() == "MulBackward0")
claim("detached from its history it knows nothing", forgetful.grad_fn is None)
claim("and it is the same memory", forgetful.data_ptr() == z.data_ptr())

x.grad = None
(z * forgetful).sum().backward()
claim("a detached factor counts as a constant", torch.allclose(x.grad, y * forgetful))

with torch.no_grad():
    unremembered = x * y
claim("in no_grad there is no history", unremembered.grad_fn is None)
claim("and the numbers are the same", torch.equal(unremembered, forgetful))

# %% [markdown]
# ## Is it right?
#
# A derivative can be checked by its definition, with a small step $h$ to either side:
#
# $$\frac{\partial L}{\partial w} \approx \frac{L(w + h) - L(w - h)}{2h}$$
#
# How small? The formula's own error shrinks with $h^2$; but the smaller $h$, the more digits are
# lost in the difference of two nearly equal numbers, an error that grows with $1/h$.


# %%
def loss_at(weight, kind):
    """The loss of the network above, one of its weights replaced, in the arithmetic of `kind`."""
    first, _, second = network
    table = first.weight.detach().to(kind).clone()
    table[0, 0] = weight
    hidden = torch.tanh(inputs.to(kind) @ table.t() + first.bias.to(kind))
    answers = hidden @ second.weight.to(kind).t() + second.bias.to(kind)
    return (answers - targets.to(kind)).square().sum()


steps = torch.logspace(-12, 0, 49, dtype=torch.float64)
exact = whole[0].item()  # the first derivative of the first layer
weight = network[0].weight[0, 0].item()
errors = {}
with torch.no_grad():
    for kind in (torch.float64, torch.float32):
        above, below = (
            torch.stack([loss_at(weight + h, kind) for h in side * steps]).double()
            for side in (1, -1)
        )
        errors[kind] = ((above - below) / (2 * steps) - exact).abs() / abs(exact)

double, single = (errors[kind].tolist() for kind in (torch.float64, torch.float32))
claim("in float64 the best step agrees with autograd to 8 digits", min(double) < 1e-8)
claim("in float32 no step comes within a hundred times of that", min(single) > 100 * min(double))
claim("a step of 1 is too large", double[-1] > 1e-4)
claim("a step of 10⁻¹² is too small", double[0] > 1e-6)

# %% tags=["hide-input"]
with styled(Style()):
    figure = Figure((6.4, 2.8))
    axes = figure.subplots()
    for (kind, error), colour in zip(errors.items(), (BLUE, VERMILION), strict=True):
        name = str(kind).removeprefix("torch.")
        axes.loglog(steps, error.clamp_min(1e-13), color=colour, label=name)
    axes.set(xlabel="step h", ylabel="relative error", ylim=(1e-13, 1e3))
    write_powers(axes.xaxis)
    write_powers(axes.yaxis)
    axes.legend()
show(figure, "Relative error of finite differences: large for large and for small steps.")

# %% [markdown]
# So such checks are done in `float64`. `torch.autograd.gradcheck` does them for every input of a
# function. It is most useful where a gradient *was* written by hand, as that of the conditional
# random field here (`nlpflow/models/crf/linear_chain.py`), which is faster so:

# %%
crf = LinearChainCRF(tags=3).double()
emissions = torch.randn(2, 4, 3, dtype=torch.float64, requires_grad=True)
mask = torch.tensor([[True, True, True, True], [True, True, False, False]])
agrees = torch.autograd.gradcheck(lambda scores: crf.log_partition(scores, mask), (emissions,))
claim("the gradient written by hand agrees with finite differences", agrees)

# %% [markdown]
# ## Learning
#
# That is all a training step needs: clear, compute the loss, go backwards, move each weight a
# little against its derivative.

# %%
losses = []
for _ in range(200):
    network.zero_grad()
    loss = (network(inputs) - targets).square().mean()
    loss.backward()
    losses.append(loss.item())
    with torch.no_grad():
        for weights in network.parameters():
            weights -= 0.1 * weights.grad
print(f"loss: {losses[0]:.3f} before, {losses[-1]:.3f} after 200 steps")
claim("200 steps more than halve the loss", losses[-1] < losses[0] / 2)

# %% [markdown]
# ## Where this goes
#
# Every task here is trained by this step; `nlpflow/training/loop.py` adds clipping, an update rule
# and a stop when the dev score no longer grows. **Word embeddings** are the purest case: there the
# weights themselves, moved by their gradients and nothing else, are the result. Scores of such a
# run:

# %% tags=["hide-input"]
scores_of(RUN)
