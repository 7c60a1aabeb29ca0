"""Read a raw corpus into one table of sentences by language."""

from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd
import pyarrow.compute as pc

from nlpflow.corpora.lines import check_mostly_good, file_lines, malformed_lines
from nlpflow.corpora.pairs import read_corpus
from nlpflow.settings.registry import Corpus, CorpusFile


def read_sentences(
    name: str, corpus: Corpus, paths: Mapping[str, Path], languages: Collection[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The sentences of a corpus in some of its languages, and its malformed lines.

    Args:
        name: the name of the corpus, for error messages.
        corpus: its entry in the registry, with any reader.
        paths: the path on this machine of each address of the corpus; with the reader `lines`,
            files of other languages may be missing.
        languages: the languages whose sentences are taken.

    Returns:
        The sentences, one language after the other, each in the order of its files: `raw`,
        `language`, `attribution` and `split` (null where there is none); and the malformed lines
        as `read_corpus` has them.

    Raises:
        UserError: a file has no lines or mostly malformed ones.
    """
    taken = [language for language in corpus.languages if language in languages]
    if corpus.has_pairs:
        pairs, malformed = read_corpus(name, corpus, paths, None)
        parts = [
            pairs[[language, "attribution", "split"]]
            .rename(columns={language: "raw"})
            .assign(language=language)
            for language in taken
        ]
    else:
        files = [file for language in taken for file in corpus.files if file.language == language]
        read = [_read_file(name, file, paths[file.address]) for file in files]
        parts = [sentences for sentences, _ in read]
        malformed = pd.concat([bad for _, bad in read], ignore_index=True)
    sentences = pd.concat(parts, ignore_index=True).astype("str")
    return sentences[["raw", "language", "attribution", "split"]], malformed


def _read_file(name: str, file: CorpusFile, path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The well-formed lines of a file of a `lines` corpus, and its malformed ones."""
    lines = file_lines(file, path)
    good = pc.is_null(lines["problem"])
    bad = malformed_lines(file, lines)
    check_mostly_good(name, [file], pc.sum(good).as_py() or 0, len(good), [bad])
    raw = lines["text"].filter(good).to_pandas()
    columns = {"language": file.language, "attribution": None, "split": file.split}
    of_all = {key: pd.Series([value] * len(raw), dtype="str") for key, value in columns.items()}
    return pd.DataFrame({"raw": raw} | of_all), bad.to_pandas()
