"""Check that finished splits share no sentence, independently of the code that makes them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from nlpflow.errors import UserError
from nlpflow.prepare.tagged import text_of
from nlpflow.tables import as_arrow
from nlpflow.text.normalisation import deduplication_keys

EXAMPLES = 3


def check(
    splits: Mapping[str, pd.DataFrame],
    may_share: Collection[str] = (),
    sides: Sequence[str] = ("source", "target"),
) -> dict[str, dict[str, int]]:
    """Count the sentences that two splits share; only splits in `may_share` may share any.

    Args:
        splits: tables by split, with the normalised sentences in columns `source` and `target`
            (pairs), `words` (tagged words) or `sentence`. Columns `component` and `document` name
            what must stay in one split, null where there is nothing.
        may_share: splits that may share sentences with each other, because the corpus has them.
        sides: the sides of pairs that are compared.

    Returns:
        For every two splits, as "train/dev", the number of different sentences in both, once as
        they are (`source`, say) and once by deduplication key (`source_key`), and the number of
        components or documents in both. Empty sentences do not count.

    Raises:
        UserError: splits share what they may not; the message quotes some sentences.
    """
    counts: dict[str, dict[str, int]] = {}
    examples: list[str] = []
    total = 0
    sentences = {name: dict(_compared(table, sides)) for name, table in splits.items()}
    for first, second in combinations(splits, 2):
        counts[f"{first}/{second}"] = found = {}
        for kind, column in sentences[first].items():
            shared = column.filter(pc.is_in(column, value_set=sentences[second][kind]))
            found[kind] = len(shared)
            if first in may_share and second in may_share:
                continue
            total += len(shared)
            examples += [
                f"{text!r} ({kind} in {first} and {second})"
                for text in shared[:EXAMPLES].to_pylist()
            ]
    if examples:
        raise UserError(
            f"splits share sentences, {total} overlaps, such as {', '.join(examples[:EXAMPLES])}; "
            "prepare the dataset again"
        )
    return counts


def _compared(table: pd.DataFrame, sides: Sequence[str]) -> Iterator[tuple[str, pa.Array]]:
    """The different sentences, keys, components and documents of a split, by kind."""
    if "words" in table:
        texts = {"sentence": text_of(table["words"])}
    else:
        sides = ("sentence",) if "sentence" in table else sides
        texts = {side: as_arrow(table[side]) for side in sides}
    for side, column in texts.items():
        for kind, compared in ((side, column), (f"{side}_key", deduplication_keys(column))):
            different = compared.unique()
            yield kind, different.filter(pc.not_equal(pc.utf8_trim_whitespace(different), ""))
    for kind in ("component", "document"):
        if kind in table:
            yield kind, pa.array(table[kind].dropna().unique(), pa.int64())
