"""Sentences with their languages, as training reads them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from nlpflow.tables import as_arrow


@dataclass(frozen=True)
class LanguageSentences:
    """Normalised sentences and the indices of their languages."""

    sentences: pa.Array
    languages: npt.NDArray[np.int64]
    """Index of each sentence's language, (sentences,)."""

    @classmethod
    def of(cls, table: pd.DataFrame, languages: Sequence[str]) -> "LanguageSentences":
        """The sentences of a prepared table; `languages` gives the indices."""
        numbers = pd.Categorical(table["language"], list(languages)).codes
        return cls(as_arrow(table["sentence"]).combine_chunks(), numbers.astype(np.int64))

    def __add__(self, other: "LanguageSentences") -> "LanguageSentences":
        """These sentences, then those of `other`."""
        sentences = pa.concat_arrays([self.sentences, other.sentences.cast(self.sentences.type)])
        return LanguageSentences(sentences, np.concatenate([self.languages, other.languages]))
