"""A small prepared dataset of pairs with its vocabularies, as the rules write them."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa

from nlpflow.settings.vocabulary import VocabularySettings
from nlpflow.vocabulary import build_vocabularies
from nlpflow.vocabulary.encoded import encode_table, write_encoded


def write_pairs(folder: Path, splits: Mapping[str, pd.DataFrame], min_count: int = 1) -> Path:
    """Write the tables of train, dev and test, vocabularies of parts and the encoded pairs."""
    for split, table in splits.items():
        table.to_parquet(folder / f"{split}.parquet")
    known = pd.concat([splits[split].assign(split=split) for split in ("dev", "test")])
    known.to_parquet(folder / "references.parquet")
    settings = VocabularySettings(dataset="d", kind="parts", min_count=min_count)
    sides = build_vocabularies(pa.Table.from_pandas(splits["train"]), settings)
    for side, vocabulary in sides.items():
        vocabulary.save(folder / f"{side}.vocab")
    for split in ("train", "dev"):
        encoded = encode_table(folder / f"{split}.parquet", sides["source"], sides["target"])
        write_encoded(folder / "encoded", split, encoded)
    return folder
