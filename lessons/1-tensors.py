# %% [markdown]
# # Tensors
#
# A tensor is a block of numbers of one type, with a shape. Everything that a model reads, learns
# or predicts is a tensor: the token ids of a batch of sentences, the weights, the probabilities.
# This lesson creates tensors, joins them and changes their shapes. Every line with a tick is a
# claim that was checked when this page was made. If a claim fails, no page is made.

# %% tags=["parameters"]
RUN = None

# %%
import torch
from matplotlib.figure import Figure
from torch import nn

from nlpflow.figures.style import BLUE, GREEN, GREY, VERMILION, Style, styled
from nlpflow.lesson_pages import claim, scores_of, show, write_powers

# %% [markdown]
# ## Creating tensors
#
# Lists become tensors, and nested lists become tensors with more axes. An index removes the first
# axis: a row of a matrix is a vector, and an element of a vector is a single number.

# %%
vector = torch.tensor([1.0, 2.0, 3.0])
matrix = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
block = torch.arange(24.0).reshape(2, 3, 4)

print("shapes:", *(tuple(each.shape) for each in (vector, matrix, block)))
claim("an index removes the first axis", block[1].shape == (3, 4))
claim("two indices into a matrix give one number, without axes", matrix[1, 2].shape == ())
claim("item() makes it a Python number", matrix[1, 2].item() == 6.0)

# %% [markdown]
# `torch.tensor` copies its argument. `torch.from_numpy` does not: array and tensor share the same
# memory. In nlpflow, batches are read in this way from files that contain a whole corpus.

# %%
array = vector.numpy().copy()
copied, shared = torch.tensor(array), torch.from_numpy(array)
array[0] = 100

claim("the copy keeps its value", copied[0].item() == 1)
claim("the tensor that shares the array's memory changes with it", shared[0].item() == 100)

# %% [markdown]
# Weights are initialised with random numbers. The random seed decides which, so that a run can be
# reproduced.

# %%
torch.manual_seed(1)
first = torch.randn(2, 3)
other = torch.randn(2, 3)
torch.manual_seed(1)

claim("the same seed gives the same numbers", torch.equal(torch.randn(2, 3), first))
claim("without setting it again, the next numbers differ", not torch.equal(first, other))

# %% [markdown]
# ## Types
#
# Numbers with a decimal point become `float32`, integers `int64`, and comparisons give `bool`. If
# an operation joins an integer and a floating-point number, the result has the floating-point type.

# %%
ids = torch.tensor([2, 0, 1])
claim("numbers with a decimal point are float32", vector.dtype == torch.float32)
claim("integers are int64", ids.dtype == torch.int64)
claim("comparisons are bool", (ids > 0).dtype == torch.bool)
claim("integers plus floats are floats", (ids + vector).dtype == torch.float32)

# %% [markdown]
# The type also decides what a tensor can be used for. An embedding is a table with one row per
# word. Its input must be integers, because they are row numbers. Looking up row $i$ gives the
# product of a one-hot vector with the table, but without the multiplications by zero.

# %%
table = nn.Embedding(num_embeddings=3, embedding_dim=4)
one_hot = nn.functional.one_hot(ids, 3).float()
product = one_hot @ table.weight
claim("a look-up is the product with a one-hot vector", torch.equal(table(ids), product))

try:
    table(ids.float())
except RuntimeError as error:
    refused = str(error)
print(refused.partition(";")[0])
claim("an embedding refuses floats", "indices" in refused)

# %% [markdown]
# A float has a fixed number of digits. So the distance between neighbouring floats grows with their
# size. In `float32` the next integer after $2^{24}$ is skipped.

# %%
large = torch.tensor(2.0**24)
claim("in float32, 2²⁴ + 1 is 2²⁴", (large + 1).item() == 2.0**24)
claim("in float64 it is not", (large.double() + 1).item() == 2.0**24 + 1)

# %% tags=["hide-input"]
TYPES = {
    "float32": (torch.float32, BLUE),
    "float16": (torch.float16, VERMILION),
    "bfloat16": (torch.bfloat16, GREEN),
}
with styled(Style()):
    figure = Figure((6.4, 2.6))
    axes = figure.subplots()
    for name, (kind, colour) in TYPES.items():
        numbers = torch.logspace(-6, 6, 97, dtype=torch.float64).to(kind)
        following = numbers.nextafter(torch.full_like(numbers, torch.inf))
        gaps = following.double() - numbers.double()
        inside = following.isfinite()
        axes.loglog(numbers[inside].double(), gaps[inside], color=colour, label=name)
    axes.axhline(1, color=GREY, linewidth=0.8, linestyle=":")
    axes.set(xlabel="number", ylabel="distance to the next one")
    write_powers(axes.xaxis)
    write_powers(axes.yaxis)
    axes.legend()
show(figure, "The distance between neighbouring floats grows with the number, in steps.")

# %% [markdown]
# Above the dotted line some integers cannot be represented. `float16` also has a largest number,
# 65,504.
#
# ## Broadcasting
#
# Operations work element by element. If an axis of one tensor has size 1 or is missing, the tensor
# is repeated along this axis to match the other one. In this way a bias is added to every row.
# `@` is the matrix product.

# %%
column = torch.tensor([[10.0], [20.0]])
claim("(2, 1) + (3,) is (2, 3)", (column + vector).tolist() == [[11, 12, 13], [21, 22, 23]])
claim("(2, 3) @ (3,) has shape (2,)", (matrix @ vector).shape == (2,))

# %% [markdown]
# ## Joining
#
# `cat` joins tensors along an existing axis: rows below rows, or columns beside columns. All other
# axes must have equal sizes. `stack` makes a new axis and needs equal shapes.

# %%
above, below = torch.zeros(2, 5), torch.ones(3, 5)
left, right = torch.zeros(2, 3), torch.ones(2, 5)
rows, columns = torch.cat([above, below]), torch.cat([left, right], dim=1)
claim("rows below rows: (2, 5) and (3, 5) give (5, 5)", rows.shape == (5, 5))
claim("columns beside columns: (2, 3) and (2, 5) give (2, 8)", columns.shape == (2, 8))
stacked = torch.stack([left, left])
claim("stack: two tensors of shape (2, 3) give one of shape (2, 2, 3)", stacked.shape == (2, 2, 3))

try:
    torch.cat([left, right])
except RuntimeError as error:
    mismatch = str(error)
print(mismatch)
claim("rows of 3 and rows of 5 cannot be joined", "size 3 but got size 5" in mismatch)

# %% [markdown]
# Sentences have different lengths, but all rows of a tensor have the same length. So the shorter
# sentences of a batch are filled up with padding, and a mask marks the words.

# %%
sentences = ["I am shy .", "she is five years younger than me .", "come in !"]
words = [sentence.split() for sentence in sentences]
vocabulary = ["<pad>", *sorted({word for sentence in words for word in sentence})]
rows = [torch.tensor([vocabulary.index(word) for word in sentence]) for sentence in words]
batch = nn.utils.rnn.pad_sequence(rows, batch_first=True)
mask = batch != 0

claim("the batch is as long as its longest sentence", batch.shape == (3, 8))
claim("the sums of the mask are the lengths", mask.sum(dim=1).tolist() == [4, 8, 3])

# %% tags=["hide-input"]
with styled(Style()):
    figure = Figure((6.4, 1.5))
    axes = figure.subplots()
    axes.imshow(mask.numpy(), cmap="Blues", vmin=-0.2, vmax=3, aspect="auto")
    for row, numbers in enumerate(batch.tolist()):
        for time, number in enumerate(numbers):
            text, colour = (f"{vocabulary[number]}\n{number}", "black") if number else ("0", GREY)
            axes.text(time, row, text, ha="center", va="center", fontsize=8, color=colour)
    axes.set(xlabel="time", ylabel="batch", xticks=range(8), yticks=range(3))
show(figure, "Three sentences as a batch of token ids, the shorter ones filled up with 0.")

# %% [markdown]
# ## Changing the shape
#
# The numbers of a tensor are stored one after the other; the shape tells how they are read. `view`
# gives the same memory another shape. A size of -1 is computed from the others.

# %%
flat = torch.arange(6)
folded = flat.view(2, -1)
folded[0, 0] = 7
claim("-1 becomes 3", folded.shape == (2, 3))
claim("a view shares the memory", flat[0].item() == 7)

try:
    flat.view(4, -1)
except RuntimeError as error:
    impossible = str(error)
print(impossible)
claim("six numbers cannot fill four rows", "invalid for input of size 6" in impossible)

# %% [markdown]
# Reshaping is not the same as transposing. Reshaping reads the numbers in the order in which they
# are stored; transposing swaps the axes. A transposed tensor reads the same memory, but not in
# this order, so `view` cannot flatten it. `reshape` copies the numbers if a view is not possible.

# %%
reshaped, transposed = folded.reshape(3, 2), folded.t()
claim("reshaped and transposed to (3, 2), they differ", not torch.equal(reshaped, transposed))
claim("a transpose shares the memory too", transposed.data_ptr() == folded.data_ptr())
claim("but does not read it in order", not transposed.is_contiguous())
claim("so reshape copies it", transposed.reshape(6).data_ptr() != folded.data_ptr())

# %% [markdown]
# ## Where nlpflow uses this
#
# **Translation** reads such batches, `(batch, time)` with a mask, from memory-mapped arrays
# (`nlpflow/vocabulary/encoded.py`). Its attention gives padding a weight of exactly 0
# (`nlpflow/models/attention.py`). Scores of a translation run:

# %% tags=["hide-input"]
scores_of(RUN)
