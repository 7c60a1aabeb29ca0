"""Taggers as a graph from the words of one sentence to emissions, and the CRF as a table."""

import copy
import io
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from nlpflow.export.graph import LENGTHS, Case, Graph
from nlpflow.models.bilstm_crf import LabellingNetwork, Tagger
from nlpflow.models.characters import LONGEST_WORD, CharacterEncoder, Spellings
from nlpflow.models.embeddings import OpenEmbedding

EXAMPLE = 5
"""Number of words of the example."""


class EmissionsGraph(nn.Module):
    """The tagger for one sentence, with one row of characters and affixes for each word.

    It takes the tensors of `inputs`, by name:

    - `words`: ids, (time,)
    - `vectors`: of a tagger that was trained with vectors, those of words that the vocabulary
      lacks, (out-of-vocabulary words, embedding); their ids follow those of the vocabulary
    - `characters`: ids padded with 0, (time, characters), and `lengths`, the number of characters
      of each word, (time,)
    - `affixes`: ids, (time, affixes)

    It returns emissions, (time, tags).
    """

    def __init__(self, tagger: Tagger):
        super().__init__()
        self.tagger = tagger
        self.inputs = ["words"]
        self.inputs += ["vectors"] * isinstance(tagger.embedding, OpenEmbedding)
        self.inputs += ["characters", "lengths"] if tagger.characters is not None else []
        self.inputs += ["affixes"] if tagger.affixes is not None else []

    def forward(self, *given: Tensor) -> Tensor:
        """See the class."""
        found = dict(zip(self.inputs, given, strict=True))
        words = found["words"]
        parts = [self._embedded(words, found.get("vectors"))]
        if self.tagger.characters is not None:
            parts.append(_last(self.tagger.characters, found["characters"], found["lengths"]))
        if self.tagger.affixes is not None:
            parts.append(self.tagger.affixes.embedding(found["affixes"]).flatten(1))
        inputs = torch.cat(parts, dim=-1).unsqueeze(0)
        outputs, _ = self.tagger.lstm(inputs, words.new_ones(1) * words.shape[0])
        emissions: Tensor = self.tagger.emissions(outputs).squeeze(0)
        return emissions

    def _embedded(self, words: Tensor, vectors: Tensor | None) -> Tensor:
        """See `OpenEmbedding.forward`, here without a branch that depends on the ids."""
        table = self.tagger.embedding.weight
        if vectors is None:
            return table[words]
        known = words < table.shape[0]
        # A row to read where no vector is given.
        vectors = torch.cat([table.new_zeros(1, table.shape[1]), vectors])
        out_of_vocabulary = vectors[(words - table.shape[0] + 1).clamp_min(0)]
        own = table[words.clamp_max(table.shape[0] - 1)]
        return torch.where(known.unsqueeze(1), own, out_of_vocabulary)


def _last(encoder: CharacterEncoder, ids: Tensor, lengths: Tensor) -> Tensor:
    """See `CharacterEncoder.forward`, here without its choice of words to read together."""
    last: Tensor
    _, last = encoder.lstm(encoder.embedding(ids), lengths)
    return last


def emissions_graph(tagger: Tagger) -> Graph:
    """The graph of a tagger, which is on the CPU and in evaluation mode."""
    network = EmissionsGraph(tagger)
    axes = {
        "words": {0: "time"},
        "vectors": {0: "out_of_vocabulary"},
        "characters": {0: "time", 1: "characters"},
        "lengths": {0: "time"},
        "affixes": {0: "time"},
    }
    return Graph.of(
        network,
        dict(zip(network.inputs, random_words(tagger, EXAMPLE), strict=True)),
        ["emissions"],
        {name: axes[name] for name in network.inputs} | {"emissions": {0: "time"}},
        [case_of(network, length) for length in LENGTHS],
    )


@torch.no_grad()
def case_of(network: EmissionsGraph, count: int) -> Case:
    """Random inputs for a sentence of `count` words, and the emissions of the tagger for it."""
    tagger = network.tagger
    inputs = random_words(tagger, count)
    found = dict(zip(network.inputs, inputs, strict=True))
    if "vectors" in found:
        assert isinstance(tagger.embedding, OpenEmbedding)
        tagger = copy.deepcopy(tagger)
        tagger.embedding.add(found["vectors"])  # type: ignore[operator]
    none = torch.zeros(count, 1, dtype=torch.long)
    spellings = Spellings(
        found.get("characters", none),
        found.get("lengths", none[:, 0] + 1),
        torch.arange(count).unsqueeze(0),
        found.get("affixes", none),
    )
    given = spellings if tagger.encoders else None
    emissions = tagger(found["words"].unsqueeze(0), torch.tensor([count]), given)
    return Case(inputs, [emissions.squeeze(0)])


def random_words(tagger: Tagger, count: int) -> list[Tensor]:
    """Random inputs of the graph for a sentence; the same for the same number of words."""
    draws = torch.Generator().manual_seed(count)

    def drawn(below: int, *shape: int) -> Tensor:
        return torch.randint(1, below, shape, generator=draws)

    table = tagger.embedding.weight
    open_ended = isinstance(tagger.embedding, OpenEmbedding)
    out_of_vocabulary = count // 2 if open_ended else 0
    found = [drawn(len(table) + out_of_vocabulary, count)]
    if open_ended:
        found.append(torch.randn(out_of_vocabulary, table.shape[1], generator=draws))
    if tagger.characters is not None:
        lengths = drawn(LONGEST_WORD + 1, count)
        ids = drawn(tagger.characters.embedding.num_embeddings, count, int(lengths.max()))
        found += [ids * (torch.arange(ids.shape[1]) < lengths.unsqueeze(1)), lengths]
    if tagger.affixes is not None:
        embedding = tagger.affixes.embedding
        found.append(
            drawn(
                embedding.num_embeddings,
                count,
                tagger.affixes.output_size // embedding.embedding_dim,
            )
        )
    return found


def transition_table(network: LabellingNetwork) -> dict[str, Tensor] | None:
    """The scores of the CRF, minus infinity where the tag scheme forbids; None for a softmax.

    Returns:
        `start`, (tags,), `transitions` from tag (row) to tag (column), (tags, tags), and `stop`,
        (tags,)
    """
    if network.crf is None:
        return None
    weights = network.crf.weights().detach().cpu()
    return {"start": weights[-1, :-1], "transitions": weights[:-1, :-1], "stop": weights[:-1, -1]}


def as_npz(tables: dict[str, Tensor]) -> bytes:
    """Tensors as the content of an .npz file of numpy; equal tensors give equal bytes."""
    written = io.BytesIO()
    arrays: dict[str, Any] = {name: tensor.numpy() for name, tensor in tables.items()}
    np.savez(written, **arrays)
    return written.getvalue()
