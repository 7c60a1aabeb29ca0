# %% [markdown]
# # How an LSTM works, step by step
#
# A recurrent network reads a sentence word by word and keeps a state. The long short-term memory
# (LSTM, Hochreiter and Schmidhuber 1997) is the most common kind. This lesson runs an LSTM step by
# step, splits, pads and reverses its input, and compares each result with that of PyTorch on the
# whole sequence.

# %% tags=["parameters"]
RUN = None

# %%
import torch
from matplotlib.figure import Figure
from torch import nn

from nlpflow.figures.style import BLUE, GREY, VERMILION, Style, styled
from nlpflow.lesson_pages import claim, scores_of, show, write_powers


def same(left, right):
    """Whether two tensors agree up to rounding."""
    return torch.allclose(left, right, atol=1e-6)


# %% [markdown]
# ## Axes
#
# The input of `nn.LSTM` has three axes: `(time, batch, features)`, or `(batch, time, features)`
# with `batch_first`, as everywhere in this project. It returns the hidden state after every word,
# and the final hidden state and cell state, each `(layers, batch, hidden)`.

# %%
torch.manual_seed(1)
lstm = nn.LSTM(input_size=3, hidden_size=4, batch_first=True)
sentence = torch.randn(1, 5, 3)
outputs, (hidden, cell) = lstm(sentence)

claim("a state after each of 5 words", outputs.shape == (1, 5, 4))
claim("one final state, hidden and cell", hidden.shape == cell.shape == (1, 1, 4))
claim("the last output is the final hidden state", torch.equal(outputs[:, -1], hidden[0]))

# %% [markdown]
# ## Step by step
#
# The result is the same if the words are read one at a time, each call with the state that the
# previous one returned.

# %%
state = None
stepped = []
for word in sentence.split(1, dim=1):
    output, state = lstm(word, state)
    stepped.append(output)

claim("five steps give the same outputs", same(torch.cat(stepped, dim=1), outputs))
claim("and the same final states", same(state[0], hidden) and same(state[1], cell))

first, kept = lstm(sentence[:, :2])
rest, _ = lstm(sentence[:, 2:], kept)
resumed = torch.cat([first, rest], dim=1)
claim("two words, then three more, give the same outputs", same(resumed, outputs))
claim("without the kept state the last three differ", not same(lstm(sentence[:, 2:])[0], rest))

# %% [markdown]
# ## Inside a step
#
# The sum of two affine maps, one of the word $x$ and one of the hidden state $h$, is divided into
# four vectors. Three become gates between 0 and 1: the input gate $i$, the forget gate $f$, which
# tells how much of the old cell is kept, and the output gate $o$. The fourth, $g$, is the new
# content of the cell.
#
# $$c' = f \odot c + i \odot g, \qquad h' = o \odot \tanh c'$$


# %%
def step(x, h, c):
    """One step by hand: a word (batch, features) and two states (batch, hidden) to two states."""
    of_word = x @ lstm.weight_ih_l0.t() + lstm.bias_ih_l0
    of_state = h @ lstm.weight_hh_l0.t() + lstm.bias_hh_l0
    i, f, g, o = (of_word + of_state).chunk(4, dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


h = c = torch.zeros(1, 4)
by_hand = []
for t in range(5):
    h, c = step(sentence[:, t], h, c)
    by_hand.append(h)
claim("the steps by hand give PyTorch's outputs", same(torch.stack(by_hand, dim=1), outputs))
claim("all outputs are between −1 and 1", outputs.abs().max().item() < 1)

# %% [markdown]
# ## Why the cell
#
# A plain recurrent network, $h' = \tanh(W x + U h + b)$, multiplies the gradient by its weights
# and a derivative below 1 at every step back. So the gradient vanishes with distance, as it does
# over many sigmoids. In the LSTM the gradient also goes back along the cell, where each step only
# multiplies it by $f$. With a bias that holds this gate open, distant words still have an effect.
# The plot shows the size of $\partial h_{40} / \partial x_t$ with random weights, that is, the
# effect of word $t$ on the last state.

# %%
TIME, HIDDEN = 40, 32


def reach(network):
    """The size of the derivative of the last state with respect to each of 40 words, (time,)."""
    words = torch.randn(1, TIME, 16, requires_grad=True)
    last = network(words)[0][0, -1]
    parts = [torch.autograd.grad(one, words, retain_graph=True)[0][0] for one in last]
    return torch.stack(parts).square().sum(dim=(0, 2)).sqrt()


plain = nn.RNN(16, HIDDEN, batch_first=True)
gated, opened = (nn.LSTM(16, HIDDEN, batch_first=True) for _ in range(2))
with torch.no_grad():
    opened.bias_ih_l0[HIDDEN : 2 * HIDDEN] = 3.0
reaches = {
    "plain recurrent network": reach(plain),
    "LSTM": reach(gated),
    "LSTM, forget gate opened": reach(opened),
}
for name, sizes in reaches.items():
    print(f"{name:25} effect of the first word / of the last: {(sizes[0] / sizes[-1]).item():.0e}")
share = [(sizes[0] / sizes[-1]).item() for sizes in reaches.values()]
claim("in the plain network the first of 40 words has almost no effect", share[0] < 1e-5)
claim("with open gates it has over a hundredth of the last word's effect", share[2] > 0.01)

# %% tags=["hide-input"]
with styled(Style()):
    figure = Figure((6.4, 2.8))
    axes = figure.subplots()
    for (name, sizes), colour in zip(reaches.items(), (GREY, VERMILION, BLUE), strict=True):
        axes.semilogy(range(1, TIME + 1), sizes, color=colour, label=name)
    axes.set(xlabel="word t", ylabel="size of the derivative")
    write_powers(axes.yaxis)
    axes.legend()
show(figure, "Derivative of the last state with respect to each word: it shrinks with distance.")

# %% [markdown]
# ## Cutting the graph
#
# A state carries its history: `backward` runs through all steps since the beginning. For long texts
# the history is cut with `detach`, which keeps the numbers of the state.

# %%
words = torch.randn(1, 6, 3, requires_grad=True)
_, (h, c) = lstm(words[:, :3])
lstm(words[:, 3:], (h, c))[0].sum().backward()
reached = bool((words.grad[:, :3] != 0).any())
claim("the gradient reaches the first words through the state", reached)

words.grad = None
_, (h, c) = lstm(words[:, :3])
lstm(words[:, 3:], (h.detach(), c.detach()))[0].sum().backward()
claim("with the state detached it stops there", bool((words.grad[:, :3] == 0).all()))
claim("and still reaches the later words", bool((words.grad[:, 3:] != 0).any()))

# %% [markdown]
# ## Padding
#
# In a batch the shorter sentences are padded, and the LSTM would also read the padding. With packed
# sequences each sentence stops at its own end, as if it were alone.

# %%
lengths = torch.tensor([5, 3])
batch = torch.randn(2, 5, 3)
packed = nn.utils.rnn.pack_padded_sequence(batch, lengths, batch_first=True)
read, (last, _) = lstm(packed)
read, _ = nn.utils.rnn.pad_packed_sequence(read, batch_first=True)
alone, (last_alone, _) = lstm(batch[1:, :3])

claim("the short sentence is read as if alone", same(read[1:, :3], alone))
claim("its final state is that after its third word", same(last[:, 1], last_alone[:, 0]))
_, (unpacked, _) = lstm(batch)
claim("without packing the final state differs", not same(unpacked[:, 1], last_alone[:, 0]))

# %% [markdown]
# ## Both directions
#
# A tagger may also use the words that follow. The second LSTM of a bidirectional LSTM reads the
# sentence from its end; the outputs of both are concatenated.

# %%
both = nn.LSTM(3, 4, batch_first=True, bidirectional=True)
backwards = nn.LSTM(3, 4, batch_first=True)
backwards.load_state_dict(
    {
        name.removesuffix("_reverse"): weights
        for name, weights in both.state_dict().items()
        if name.endswith("_reverse")
    }
)
found, _ = both(sentence)
reread, _ = backwards(sentence.flip(1))
claim("two directions: twice the features", found.shape == (1, 5, 8))
claim(
    "the second half is the output of an LSTM that reads backwards",
    same(found[..., 4:], reread.flip(1)),
)

changed = sentence.clone()
changed[:, -1] += 1
in_both, in_one = both(changed)[0][:, 0], lstm(changed)[0][:, 0]
claim("a change of the last word affects the first output", not same(in_both, found[:, 0]))
claim("with one direction it does not", same(in_one, outputs[:, 0]))

# %% [markdown]
# ## Where nlpflow uses this
#
# **Tagging** predicts the part of speech of each word from the states of such a bidirectional LSTM
# (`nlpflow/models/recurrent.py`) over vectors of the words and of their characters. Scores of a
# tagging run:

# %% tags=["hide-input"]
scores_of(RUN)
