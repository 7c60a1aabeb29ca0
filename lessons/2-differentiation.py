# %% [markdown]
# # Automatic differentiation
#
# A model learns from derivatives: how much would the loss change if this weight were a little
# larger? Nobody has to derive them by hand. A computed tensor records the operations that made it.
# The chain rule, applied backwards along this record, gives all derivatives at once.

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
# ## The computation graph
#
# Weights are marked with `requires_grad`. A tensor computed from a marked tensor is marked too, and
# its `grad_fn` is the operation that made it. From there `next_functions` lead back to the weights.
# These operations form the computation graph.

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
claim("a tensor made from a list has no history", x.grad_fn is None and y.grad_fn is None)
claim("the product of a marked and an unmarked tensor is marked", (x * y).requires_grad)
claim("the product of unmarked tensors is not", not (y * y).requires_grad)

# %% [markdown]
# `AccumulateGrad` is the end of a path, at a weight. The sum is
#
# $$s = x_1 y_1 + x_2 y_2 + x_3 y_3, \qquad \frac{\partial s}{\partial x_i} = y_i$$
#
# and `backward` computes exactly this derivative:

# %%
s.backward()
print("x.grad =", x.grad.tolist())
claim("the derivative of s with respect to x is y", torch.equal(x.grad, y))

# %% [markdown]
# ## Gradients add up
#
# `backward` adds to the values that `grad` already has. If `grad` is not cleared before the next
# batch, the update follows the sum of all gradients so far.

# %%
(x * y).sum().backward()
claim("a second backward doubles the gradient", torch.equal(x.grad, 2 * y))
x.grad = None
(x * y).sum().backward()
claim("after clearing, the gradient is y again", torch.equal(x.grad, y))

# %% [markdown]
# Adding is still the right thing to do: if a tensor is used twice, the chain rule sums over both
# uses. It is also useful if a batch does not fit into memory: it can be processed in two halves.

# %%
network = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1)).double()
inputs, targets = torch.randn(10, 4).double(), torch.randn(10, 1).double()


def gradient_of(*batches):
    """All derivatives of the summed squared error, after one backward pass per batch."""
    network.zero_grad()
    for rows in batches:
        (network(inputs[rows]) - targets[rows]).square().sum().backward()
    return torch.cat([weight.grad.flatten() for weight in network.parameters()])


whole = gradient_of(slice(0, 10))
halves = gradient_of(slice(0, 5), slice(5, 10))
claim("the gradients of two halves add up to that of the whole", torch.allclose(whole, halves))

# %% [markdown]
# ## Without a graph
#
# `detach` gives the same numbers without their history, in the same memory. Inside
# `torch.no_grad()` no history is recorded at all, which saves time and memory in evaluation.

# %%
z = x * y
forgetful = z.detach()
claim("the history of z is a product", z.grad_fn.name() == "MulBackward0")
claim("the detached tensor has no history", forgetful.grad_fn is None)
claim("and shares the memory", forgetful.data_ptr() == z.data_ptr())

x.grad = None
(z * forgetful).sum().backward()
claim("a detached factor counts as a constant", torch.allclose(x.grad, y * forgetful))

with torch.no_grad():
    unremembered = x * y
claim("in no_grad there is no history", unremembered.grad_fn is None)
claim("and the numbers are the same", torch.equal(unremembered, forgetful))

# %% [markdown]
# ## Checking a derivative
#
# A derivative can be checked by finite differences, with a small step $h$ to either side:
#
# $$\frac{\partial L}{\partial w} \approx \frac{L(w + h) - L(w - h)}{2h}$$
#
# How small should $h$ be? The error of the formula shrinks with $h^2$. But the difference of two
# nearly equal numbers loses digits, and this error grows with $1/h$.


# %%
def loss_at(weight, kind):
    """The loss of the network above with one weight replaced, computed in the type `kind`."""
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
claim("in float32 the best step is over 100 times less exact", min(single) > 100 * min(double))
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
# function. They are most useful if a gradient *was* written by hand. In nlpflow, the gradient of
# the conditional random field (`nlpflow/models/crf/linear_chain.py`) was written by hand, because
# this is faster. Here it is checked:

# %%
crf = LinearChainCRF(tags=3).double()
emissions = torch.randn(2, 4, 3, dtype=torch.float64, requires_grad=True)
mask = torch.tensor([[True, True, True, True], [True, True, False, False]])
agrees = torch.autograd.gradcheck(lambda scores: crf.log_partition(scores, mask), (emissions,))
claim("the gradient written by hand agrees with finite differences", agrees)

# %% [markdown]
# ## Learning
#
# An update needs only these operations: clear the gradients, compute the loss, call `backward`, and
# move each weight a little against its derivative.

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
print(f"loss: {losses[0]:.3f} before, {losses[-1]:.3f} after 200 updates")
claim("200 updates more than halve the loss", losses[-1] < losses[0] / 2)

# %% [markdown]
# ## Where nlpflow uses this
#
# Every task is trained by such updates. `nlpflow/training/loop.py` adds gradient clipping, a choice
# of optimisers, and early stopping when the dev score no longer improves. **Word embeddings** are
# the simplest case: there the weights themselves are the result. Scores of an embeddings run:

# %% tags=["hide-input"]
scores_of(RUN)
