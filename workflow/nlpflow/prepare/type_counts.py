"""The number of different tokens in sets of rows, counted in parts of the tokens."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from nlpflow.prepare.partitions import Partitions
from nlpflow.text.arrays import Column
from nlpflow.text.normalisation import token_count

Bits = npt.NDArray[np.uint16]
"""The sets that each row belongs to: bit i is set if it is in set i."""


class TypeCounts:
    """Counts the different pieces between single spaces in up to 16 sets of sentences.

    An empty piece counts as well: with `<SOS>` and `<EOS>`, the numbers are the tutorial's
    vocabulary sizes.
    """

    def __init__(self, partitions: Partitions) -> None:
        self._partitions = partitions

    def add(self, sentences: pa.Array, sets: Bits) -> None:
        """Add sentences and the sets that each belongs to."""
        pieces = pc.split_pattern(sentences, " ").flatten()
        types, of_types = _merged(pieces, np.repeat(sets, token_count(sentences).to_numpy()))
        self._partitions.add(pa.table({"type": types, "sets": of_types}))

    def counts(self) -> list[int]:
        """The number of types in each of the 16 sets."""
        totals = np.zeros(16, np.int64)
        for part in self._partitions.parts():
            _, sets = _merged(part["type"].combine_chunks(), part["sets"].to_numpy())
            totals += [int(((sets >> bit) & 1).sum()) for bit in range(16)]
        return [int(total) for total in totals]


def _merged(texts: Column, sets: Bits) -> tuple[pa.Array, Bits]:
    """Each different text, and the sets of all its occurrences."""
    encoded = texts.dictionary_encode()
    merged = np.zeros(len(encoded.dictionary), np.uint16)
    np.bitwise_or.at(merged, encoded.indices.to_numpy(), sets)
    return encoded.dictionary, merged
