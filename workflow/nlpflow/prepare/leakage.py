"""A check of finished splits, apart from the code that makes them: do they share a sentence?"""

from collections.abc import Iterator, Mapping
from itertools import combinations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nlpflow.errors import UserError
from nlpflow.tables import as_arrow
from nlpflow.text.normalisation import fold

EXAMPLES = 3


def check(splits: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, int]]:
    """Count the sentences that two splits share; none may be.

    Args:
        splits: by name, tables with the normalised sentences: of pairs in columns `source` and
            `target`, else in a column `sentence`.

    Returns:
        For every two splits, as "train/dev", the number of different sentences in both, once as
        they are (`source`, say) and once under their fold key (`source_key`).
        Empty sentences are nobody's and do not count.

    Raises:
        UserError: a number is above 0; names some of the sentences.
    """
    counts: dict[str, dict[str, int]] = {}
    examples: list[str] = []
    sentences = {name: dict(_sentences(table)) for name, table in splits.items()}
    for first, second in combinations(splits, 2):
        counts[f"{first}/{second}"] = found = {}
        for kind, column in sentences[first].items():
            shared = column.filter(pc.is_in(column, value_set=sentences[second][kind]))
            found[kind] = len(shared)
            examples += [
                f"{text!r} ({kind} in {first} and {second})"
                for text in shared[:EXAMPLES].to_pylist()
            ]
    if examples:
        total = sum(sum(found.values()) for found in counts.values())
        raise UserError(
            f"splits share sentences, {total} overlaps, such as {', '.join(examples[:EXAMPLES])}; "
            "prepare the dataset again"
        )
    return counts


def _sentences(table: pd.DataFrame) -> Iterator[tuple[str, pa.Array]]:
    for side in ("sentence",) if "sentence" in table else ("source", "target"):
        column = as_arrow(table[side])
        for kind, texts in ((side, column), (f"{side}_key", fold(column))):
            different = texts.unique()
            yield kind, different.filter(pc.not_equal(pc.utf8_trim_whitespace(different), ""))
