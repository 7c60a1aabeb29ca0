# %% [markdown]
# # How an LSTM steps
#
# A recurrent network reads a sentence word by word and keeps a state. The long short-term memory
# (Hochreiter and Schmidhuber 1997) is the usual one. Here it is stepped by hand, cut, padded and
# turned round, and each time compared with PyTorch running the whole sequence.

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
# `nn.LSTM` wants three axes, `(time, batch, features)`, or `(batch, time, features)` where
# `batch_first` says so, as everywhere in this project. It gives the hidden state after every word,
# and the pair of last states, hidden and cell, each `(layers, batch, hidden)`.

# %%
torch.manual_seed(1)
lstm = nn.LSTM(input_size=3, hidden_size=4, batch_first=True)
sentence = torch.randn(1, 5, 3)
outputs, (hidden, cell) = lstm(sentence)

claim("a state after each of 5 words", outputs.shape == (1, 5, 4))
claim("one last state, hidden and cell", hidden.shape == cell.shape == (1, 1, 4))
claim("the last output is the last hidden state", torch.equal(outputs[:, -1], hidden[0]))

# %% [markdown]
# ## Stepping is running
#
# One word at a time, each call given the state that the last one left, comes to the same.

# %%
state = None
stepped = []
for word in sentence.split(1, dim=1):
    output, state = lstm(word, state)
    stepped.append(output)

claim("five steps give the outputs of the whole run", same(torch.cat(stepped, dim=1), outputs))
claim("and its last states", same(state[0], hidden) and same(state[1], cell))

first, kept = lstm(sentence[:, :2])
rest, _ = lstm(sentence[:, 2:], kept)
resumed = torch.cat([first, rest], dim=1)
claim("two words, a pause, then three more: the same", same(resumed, outputs))
claim("without the kept state it is not", not same(lstm(sentence[:, 2:])[0], rest))

# %% [markdown]
# ## Inside a step
#
# Two affine maps, of the word $x$ and of the hidden state $h$, give four vectors. Three become
# gates between 0 and 1: what is let in ($i$), what of the old cell is kept ($f$), what is let out
# ($o$). The fourth is the news $g$.
#
# $$c' = f \odot c + i \odot g, \qquad h' = o \odot \tanh c'$$


# %%
def step(x, h, c):
    """One step by hand: (batch, features) and two states (batch, hidden) to two states."""
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
claim("no output leaves −1 to 1", outputs.abs().max().item() < 1)

# %% [markdown]
# ## Why the cell
#
# A plain recurrent network, $h' = \tanh(W x + U h + b)$, multiplies the gradient by its weights and
# a derivative below 1 at every step back: it vanishes with distance, as it did over many sigmoids.
# In the LSTM it also goes back along the cell, where each step only multiplies it by $f$. With a
# bias that holds this gate open, words far back still count. The figure has the size of
# $\partial h_{40} / \partial x_t$ under random weights: how much the last state feels word $t$.

# %%
TIME, HIDDEN = 40, 32


def reach(network):
    """How large the derivative of the last state by each of 40 words is, (time,)."""
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
    print(f"{name:25} the first word counts {(sizes[0] / sizes[-1]).item():.0e} of the last")
share = [(sizes[0] / sizes[-1]).item() for sizes in reaches.values()]
claim("in the plain network the first of 40 words has all but vanished", share[0] < 1e-5)
claim("with open gates it keeps over a hundredth of the last one's weight", share[2] > 0.01)

# %% tags=["hide-input"]
with styled(Style()):
    figure = Figure((6.4, 2.8))
    axes = figure.subplots()
    for (name, sizes), colour in zip(reaches.items(), (GREY, VERMILION, BLUE), strict=True):
        axes.semilogy(range(1, TIME + 1), sizes, color=colour, label=name)
    axes.set(xlabel="word t", ylabel="size of the derivative")
    write_powers(axes.yaxis)
    axes.legend()
show(figure, "Derivative of the last state by each word: less is left further back.")

# %% [markdown]
# ## Cutting the graph
#
# Passing a state on passes its history on: `backward` runs through all steps since the beginning.
# On long texts it is cut by `detach`, which keeps the numbers of the state.

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
# In a batch the shorter sentences are padded, and the LSTM would go on stepping over nothing.
# Packed sequences stop each sentence at its own end: it is read as if it were alone.

# %%
lengths = torch.tensor([5, 3])
batch = torch.randn(2, 5, 3)
packed = nn.utils.rnn.pack_padded_sequence(batch, lengths, batch_first=True)
read, (last, _) = lstm(packed)
read, _ = nn.utils.rnn.pad_packed_sequence(read, batch_first=True)
alone, (last_alone, _) = lstm(batch[1:, :3])

claim("the short sentence is read as if alone", same(read[1:, :3], alone))
claim("its last state is that after its own third word", same(last[:, 1], last_alone[:, 0]))
_, (unpacked, _) = lstm(batch)
claim("unpacked, its last state would be another", not same(unpacked[:, 1], last_alone[:, 0]))

# %% [markdown]
# ## Both directions
#
# A tagger may look at the words to come. The second LSTM of a bidirectional one reads the sentence
# from its end; the outputs of both stand side by side.

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
claim("the second half is an LSTM's from the end", same(found[..., 4:], reread.flip(1)))

changed = sentence.clone()
changed[:, -1] += 1
in_both, in_one = both(changed)[0][:, 0], lstm(changed)[0][:, 0]
claim("a change of the last word is felt at the first", not same(in_both, found[:, 0]))
claim("in one direction it is not", same(in_one, outputs[:, 0]))

# %% [markdown]
# ## Where this goes
#
# **Tagging** gives each word its part of speech from the states of such a bidirectional LSTM,
# packed as above (`nlpflow/models/recurrent.py`), over vectors of the words and of their letters.
# Scores of such a run:

# %% tags=["hide-input"]
scores_of(RUN)
