"""Sequence-to-sequence networks as two graphs: the encoder, and one step of the decoder.

The graphs read one sentence. The decoder runs one or more hypotheses of it at once, one per row.
"""

import copy
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from nlpflow.export.graph import LENGTHS, Case, Graph
from nlpflow.models.attention import NoAttention
from nlpflow.models.interface import CopyMemory, Decoder, DecoderState, EncodedSource, Encoder
from nlpflow.models.memory import Memory
from nlpflow.models.precision import wide
from nlpflow.models.recurrent import take_rows
from nlpflow.models.seq2seq import GRUDecoder, GRUEncoder, Seq2Seq
from nlpflow.models.transformer import TransformerEncoder
from nlpflow.vocabulary import EOS, SOS, SPECIALS

ENCODER, DECODER = "encoder.onnx", "decoder.onnx"
EXAMPLE = 5
"""Number of source tokens of the example."""
ROWS = 3
"""Hypotheses of the example."""
STEPS = 3
"""Steps of the decoder that are compared for each length: the first with one hypothesis."""


def seq2seq_graphs(model: Seq2Seq) -> dict[str, Graph]:
    """The graphs of a network, by the names of their files.

    Args:
        model: on the CPU, in evaluation mode
    """
    first, *steps = cases_of(model, EXAMPLE)
    with torch.no_grad():
        decoder = DecoderGraph(for_any_number_of_rows(model.decoder), *start(model, EXAMPLE))
    cases = [cases_of(model, length) for length in LENGTHS]
    return {
        ENCODER: Graph.of(
            EncoderGraph(model),
            {"source": first.inputs[0]},
            [*decoder.memories, *decoder.states],
            _axes(decoder, {"source": {1: "src_time"}}, decoder.memories),
            [one for one, *_ in cases],
        ),
        DECODER: Graph.of(
            decoder,
            # The last step has several rows and past steps: an axis of size 1 may stay a constant.
            dict(zip(decoder.inputs, steps[-1].inputs, strict=True)),
            decoder.outputs,
            _axes(decoder, decoder.axes(), [*decoder.memories, *decoder.copies]),
            [step for _, *after in cases for step in after],
        ),
    }


class EncoderGraph(nn.Module):
    """The encoder and the start of the decoder, for one sentence.

    It takes the token ids, (1, src_time), and returns the tensors of the memory, then those of the
    first state.
    """

    def __init__(self, model: Seq2Seq):
        super().__init__()
        self.encoder = model.encoder
        self.decoder = model.decoder

    def forward(self, source: Tensor) -> tuple[Tensor, ...]:
        """See the class."""
        outputs, final = read(self.encoder, source)
        mask = torch.ones_like(source, dtype=torch.bool)
        memory, state = self.decoder.start(outputs, final, mask)
        return (*distinct(memory), *flat(state))


class DecoderGraph(nn.Module):
    """One step of the decoder.

    It takes the previous words, (rows,), the ids for copying, (1, src_time), if the decoder copies,
    the tensors of the memory, and those of the state. It returns the log-probabilities of the next
    words, (rows, words), the attention weights, (rows, src_time), and the tensors of the next
    state.

    Args:
        decoder: in evaluation mode
        memory: an example
        state: an example
    """

    def __init__(self, decoder: Decoder, memory: EncodedSource, state: DecoderState):
        super().__init__()
        self.decoder = decoder
        self._memory, self._state = memory, state
        self.memories = [f"memory_{number}" for number, _ in enumerate(distinct(memory))]
        self.states = [f"state_{number}" for number, _ in enumerate(flat(state))]
        self.next_states = [f"next_{name}" for name in self.states]
        self.copies = ["copies"] * decoder.copies
        self.inputs = ["words", *self.copies, *self.memories, *self.states]
        self.outputs = ["log_probabilities", "attention", *self.next_states]

    def forward(self, words: Tensor, *given: Tensor) -> tuple[Tensor, ...]:
        """See the class."""
        parts = iter(given)
        copies = [next(parts) for _ in self.copies]
        kept = [next(parts) for _ in self.memories]
        numbers = {id(tensor): number for number, tensor in enumerate(distinct(self._memory))}
        memory = filled(self._memory, (kept[numbers[id(leaf)]] for leaf in flat(self._memory)))
        if copies:
            memory = CopyMemory(memory, *copies)
        decoded = self.decoder(words.unsqueeze(1), filled(self._state, parts), memory)
        scores = wide(self.decoder.logits(decoded.readout)[:, 0]).log_softmax(dim=-1)
        return (scores, decoded.weights[:, 0], *flat(decoded.state))

    def axes(self) -> dict[str, dict[int, str]]:
        """The axes whose size varies, but for those that count source tokens of the memory."""
        time = "src_time" if self.copies else self.time
        axes = {"words": {0: "rows"}, "log_probabilities": {0: "rows"}}
        axes["attention"] = {0: "rows", 1: time}
        if self.copies:
            axes["log_probabilities"][1] = "words_and_src_time"
        for name, tensor in zip(self.states, flat(self._state), strict=True):
            past = tensor.dim() > 2  # the Transformer's keys and values of the steps before
            axes[name] = {0: "rows"} | ({2: "past"} if past else {})
            axes[f"next_{name}"] = {0: "rows"} | ({2: "past_and_this"} if past else {})
        return axes

    @property
    def time(self) -> str:
        """The name of the axis that counts the source tokens of the memory."""
        return "src_time" if self.decoder.longest_source is None else "read_time"


def _axes(
    decoder: DecoderGraph, axes: Mapping[str, Mapping[int, str]], by_time: Sequence[str]
) -> dict[str, Mapping[int, str]]:
    times = {name: "src_time" if name in decoder.copies else decoder.time for name in by_time}
    return {**axes, **{name: {1: time} for name, time in times.items()}}


def start(model: Seq2Seq, length: int) -> tuple[EncodedSource, DecoderState]:
    """The memory of a random source without ids for copying, and the state before the first step.

    Args:
        length: of the source in tokens
    """
    memory, state = model.encode(random_source(model, length), torch.tensor([length]))
    return memory, state


@torch.no_grad()
def cases_of(model: Seq2Seq, length: int) -> list[Case]:
    """The case of the encoder for a random source, then cases of the decoder with random words."""
    source = random_source(model, length)
    memory, state = start(model, length)
    kept = distinct(memory)
    cases = [Case([source], [*kept, *flat(state)])]
    size = model.decoder.output.out_features
    copies = []
    if model.decoder.copies:
        # The first source word is in the target vocabulary, the others extend it.
        copies = [torch.arange(length).unsqueeze(0) + size - 1]
        memory = CopyMemory(memory, *copies)
    draws = torch.Generator().manual_seed(length)
    words = torch.tensor([SOS])
    for _ in range(STEPS):
        decoded = model.decoder(words.unsqueeze(1), state, memory)
        scores = wide(model.decoder.logits(decoded.readout)[:, 0]).log_softmax(dim=-1)
        outputs = [scores, decoded.weights[:, 0], *flat(decoded.state)]
        cases.append(Case([words, *copies, *kept, *flat(state)], outputs))
        state = decoded.state
        if len(words) == 1:
            state = take_rows(state, torch.zeros(ROWS, dtype=torch.long))
        words = torch.randint(len(SPECIALS), size, (ROWS,), generator=draws)
    return cases


def random_source(model: Seq2Seq, length: int) -> Tensor:
    """Random token ids with `<EOS>`, (1, length); the same for the same length."""
    draws = torch.Generator().manual_seed(length)
    size = model.encoder.embedding.num_embeddings
    words = torch.randint(len(SPECIALS), size, (1, length - 1), generator=draws)
    return torch.cat([words, torch.tensor([[EOS]])], dim=1)


def for_any_number_of_rows(decoder: Decoder) -> Decoder:
    """A copy in which the number of rows is no constant."""
    decoder = copy.deepcopy(decoder)
    for module in decoder.modules():
        if isinstance(module, GRUDecoder) and isinstance(module.attention, NoAttention):
            module.attention = AnyRowsNoAttention()
    return decoder


class AnyRowsNoAttention(NoAttention):
    """`NoAttention` without `len`, whose result is a constant in a graph."""

    def forward(self, query: Tensor, hidden: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """See `NoAttention.forward`."""
        return hidden[:, :0], hidden.new_zeros(hidden.shape[0], memory.mask.shape[1])


def read(encoder: Encoder, source: Tensor) -> tuple[Tensor, Tensor | None]:
    """What an encoder returns for one sentence, (1, src_time), without packing and masks.

    A packed sequence and the attention of torch's own layers cannot be exported for any length.

    Raises:
        TypeError: the encoder is of another kind
    """
    if isinstance(encoder, GRUEncoder):
        outputs, final = encoder.gru(encoder.embedding(source))
        finals = [final]
        for layer in encoder.upper:
            above, final = layer(outputs)
            outputs = above + outputs if encoder.residual else above
            finals.append(final)
        final = torch.cat(finals)
        if encoder.bridge is not None:
            final = torch.tanh(encoder.bridge(torch.cat([final[0::2], final[1::2]], dim=-1)))
        return outputs, final
    if isinstance(encoder, TransformerEncoder):
        x = encoder.inputs(source)
        for layer in encoder.layers.layers:
            x = transformer_layer(layer, x)
        assert encoder.layers.norm is not None
        return encoder.layers.norm(x), None
    raise TypeError(f"no graph for {type(encoder).__name__}")


def transformer_layer(layer: nn.Module, x: Tensor) -> Tensor:
    """A layer that normalises before each sub-layer, for one sentence: (1, time, width)."""
    assert isinstance(layer, nn.TransformerEncoderLayer)
    attention = layer.self_attn
    both = functional.linear(layer.norm1(x), attention.in_proj_weight, attention.in_proj_bias)
    shape = both.shape[1], attention.num_heads, attention.head_dim
    query, keys, values = (part.reshape(shape).transpose(0, 1) for part in both.chunk(3, dim=-1))
    weights = (query @ keys.transpose(1, 2) / attention.head_dim**0.5).softmax(dim=-1)
    context = (weights @ values).transpose(0, 1).flatten(1).unsqueeze(0)
    x = x + attention.out_proj(context)
    inner: Tensor = layer.linear2(functional.relu(layer.linear1(layer.norm2(x))))
    return x + inner


def flat(values: Any) -> list[Tensor]:
    """The tensors of (nested) tuples, in order."""
    return (
        [values] if isinstance(values, Tensor) else [one for part in values for one in flat(part)]
    )


def distinct(values: Any) -> list[Tensor]:
    """The tensors of (nested) tuples, each once: an attention may have its values as its keys."""
    return list({id(tensor): tensor for tensor in flat(values)}.values())


def filled(like: Any, tensors: Iterator[Tensor]) -> Any:
    """Tuples like other ones, with the next tensors in place of theirs."""
    if isinstance(like, Tensor):
        return next(tensors)
    parts = [filled(part, tensors) for part in like]
    return type(like)(*parts) if hasattr(like, "_fields") else tuple(parts)
