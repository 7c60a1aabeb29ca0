"""Reading raw corpora into one table of sentences by language."""

from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd
import pyarrow.compute as pc

from nlpflow.corpora.lines import check_mostly_good, malformed_lines, read_lines
from nlpflow.corpora.pairs import read_corpus
from nlpflow.settings.registry import Corpus


def read_sentences(
    name: str, corpus: Corpus, paths: Mapping[str, Path], languages: Collection[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The sentences of a corpus in some of its languages, and its malformed lines.

    Args:
        name: the corpus in error messages.
        corpus: its entry in the registry, with any reader.
        paths: where each address of the corpus lies on this machine; of a `lines` corpus the files
            of other languages may be missing.
        languages: whose sentences are taken.

    Returns:
        The sentences, one language after the other, each in the order of its file: `raw`,
        `language`, `attribution` (null where there is none); and the malformed lines as
        `read_corpus` has them.

    Raises:
        UserError: a file has no or mostly malformed lines.
    """
    taken = [language for language in corpus.languages if language in languages]
    if corpus.has_pairs:
        pairs, malformed = read_corpus(name, corpus, paths, None)
        columns = [pairs[language] for language in taken]
        attributions = [pairs["attribution"] for _ in taken]
    else:
        read = [_read_language(name, corpus, paths, language) for language in taken]
        columns = [sentences for sentences, _ in read]
        attributions = [pd.Series([None] * len(column), dtype="str") for column in columns]
        malformed = pd.concat([bad for _, bad in read], ignore_index=True)
    parts = [
        pd.DataFrame({"raw": column, "language": language, "attribution": attribution})
        for language, column, attribution in zip(taken, columns, attributions, strict=True)
    ]
    return pd.concat(parts, ignore_index=True).astype("str"), malformed


def _read_language(
    name: str, corpus: Corpus, paths: Mapping[str, Path], language: str
) -> tuple[pd.Series, pd.DataFrame]:
    """The well-formed lines of a language's file in a `lines` corpus, and its malformed ones."""
    (file,) = [file for file in corpus.files if file.language == language]
    lines = read_lines(file, paths[file.address])
    good = pc.is_null(lines["problem"])
    bad = malformed_lines(file, lines["text"], lines["problem"])
    check_mostly_good(name, [file], good, [bad])
    return lines["text"].filter(good).to_pandas(), bad.to_pandas()
