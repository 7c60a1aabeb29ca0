"""Where documents begin in files of tagged words."""

from pathlib import Path

import pytest

from nlpflow.corpora.documents import find_documents
from nlpflow.corpora.tagged import read_tagged_corpus
from nlpflow.settings.registry import ColumnLayout, Corpus, CorpusFile

REST = "\t_" * 6
CONLLU = f"""# sent_id = 0
1\tBefore\t_\tADV{REST}

# newdoc id = a
# sent_id = 1
1\tOne\t_\tNUM{REST}

# newpar
1\tTwo\t_\tNUM{REST}

#newdoc
1\tThree\t_\tNUM{REST}
"""
COLUMNS = """-DOCSTART- -X- O O

EU NNP B-NP B-ORG

Rain NN B-NP O

-DOCSTART- O
Snow NN B-NP O
"""


def corpus(*texts: str, folder: Path, **values) -> tuple[Corpus, dict[str, Path]]:
    paths = {f"{number}.txt": folder / f"{number}.txt" for number in range(len(texts))}
    for path, text in zip(paths.values(), texts, strict=True):
        path.write_text(text)
    files = [CorpusFile(address=address) for address in paths]
    about = {"title": "t", "licence": "l", "attribution": "a", "languages": ("eng",)}
    return Corpus(**about, files=files, **values), paths


def test_documents_of_conllu(tmp_path: Path) -> None:
    """Those of several files are different ones."""
    entry, paths = corpus(CONLLU, CONLLU, folder=tmp_path, reader="conllu")
    table = read_tagged_corpus("c", entry, paths, "upos").sentences
    assert table["document"].fillna(-1).tolist() == [-1, 1, 1, 2, -1, 3, 3, 4]
    assert table["split"].isna().all()


def test_marks_of_documents_are_no_sentences(tmp_path: Path) -> None:
    layout = {"tag": 4, "separator": "space"}
    entry, paths = corpus(COLUMNS, folder=tmp_path, reader="columns", columns=layout)
    read = read_tagged_corpus("c", entry, paths, None)
    assert read.sentences["words"].tolist() == [["EU"], ["Rain"], ["Snow"]]
    assert read.sentences["document"].tolist() == [1, 1, 2]
    assert (len(read.malformed), read.dropped) == (0, 0)


def test_a_file_without_marks_has_no_documents(tmp_path: Path) -> None:
    text = "# newdoc\tO\none\tO\n\ntwo\tO\n"  # no comments by this layout: a word
    entry, paths = corpus(text, folder=tmp_path, reader="columns", columns={})
    read = read_tagged_corpus("c", entry, paths, None)
    assert read.sentences["document"].isna().all()
    assert read.sentences["words"].tolist() == [["# newdoc", "one"], ["two"]]


@pytest.mark.parametrize(
    ("line", "comments", "number"),
    [
        ("# newdoc", "#", 1),
        ("# newdoc id = 7", "# ", 1),
        ("#begin document (bc/cctv); part 000", "#", 1),
        ("# newdoctor", "#", 0),
        ("# newpar", "#", 0),
        ("-DOCSTART-\tO", None, 1),
        ("-DOCSTART-", None, 1),
        ("x-DOCSTART-\tO", None, 0),
    ],
)
def test_marks(line: str, comments: str | None, number: int) -> None:
    lines, numbers = find_documents(["a\tO", line], ColumnLayout(comments=comments))
    assert numbers == [0, number]
    assert lines == ["a\tO", "" if line.startswith("-DOC") else line]
