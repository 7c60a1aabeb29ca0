"""Tables on disk: texts come back as they are, numbers as numbers, whatever they look like."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nlpflow.errors import UserError
from nlpflow.tables import read_table, read_texts, write_table, write_tsv
from nlpflow.tasks.embeddings import figures as embeddings
from nlpflow.tasks.labelling import figures as labelling
from nlpflow.tasks.language_id import figures as language_id
from nlpflow.tasks.translation import figures as translation

WORDS = ["1", "007", "1e5", "nan", "None", "NA", "true", "", " 1 ", "-inf", "2017", "1_0", '"']
"""Words that readers take for something else."""
CELLS = st.text(
    st.sampled_from("\t\r\n\x0b\x0c\x1c\x85\u2028\u2029\ufeff\",'\\ ")
    | st.characters(codec="utf-8")
)


@given(st.lists(st.tuples(CELLS, CELLS)))
@example([("a\rb", "c\nd\r\n"), ("\u2028", "\x85"), ('"', "\t"), ("", "")])
def test_texts_come_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("table") / "a.tsv"
    table = pd.DataFrame(rows, columns=["first", "second"], dtype="str")
    write_table(path, table)
    for read in (read_texts(path), read_table(path, "first", "second")):
        assert [*read.itertuples(index=False, name=None)] == rows
    strict = {"keep_default_na": False, "dtype": str, "skip_blank_lines": False}
    others = pd.read_csv(path, sep="\t", **strict)  # what a reader of CSV finds
    assert [*others.itertuples(index=False, name=None)] == rows


@given(st.lists(st.tuples(CELLS, CELLS)))
def test_a_row_for_people_is_a_line(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("table") / "a.tsv"
    write_tsv(pd.DataFrame(rows, columns=["first", "second"], dtype="str"), path)
    with path.open(encoding="utf-8") as lines:  # here CR ends a line, too
        assert len(list(lines)) == 1 + len(rows)


def test_types_are_not_guessed(tmp_path: Path) -> None:
    table = pd.DataFrame({"word": WORDS, "n": range(len(WORDS))}).assign(share=np.nan)
    write_table(tmp_path / "a.tsv", table)
    read = read_table(tmp_path / "a.tsv", "word")
    assert read["word"].tolist() == WORDS
    assert read["n"].tolist() == table["n"].tolist()
    assert read["share"].isna().all()
    write_table(tmp_path / "a.tsv", table[["word"]])  # an empty word alone is no empty line
    assert read_table(tmp_path / "a.tsv", "word")["word"].tolist() == WORDS


def test_numbers_come_back(tmp_path: Path) -> None:
    table = pd.DataFrame({"n": [1, 2], "x": [0.25, np.nan], "y": [-np.inf, 1e-9]})
    write_table(tmp_path / "a.tsv", table)
    pd.testing.assert_frame_equal(read_table(tmp_path / "a.tsv"), table)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("word\tn\na\t1\nb\n", "line 3 has 1 cells, not 2"),
        ("word\tn\na\t1\t2\n", "line 2 has 3 cells, not 2"),
        ("word\tn\na\ttrue\n", "column n: Unable to parse string 'true'"),
        ("word\tn\na\tnan\n", "column n: Unable to parse string 'nan'"),
        ("words\tn\na\t1\n", "no column word"),
        ('word\tn\n"a\t1\n', "line 2: unexpected end of data"),
        ("", "no header"),
        ("word\tn\n\udcff\t1\n", "'utf-8' codec can't decode byte 0xff"),
    ],
)
def test_damaged_tables(tmp_path: Path, content: str, problem: str) -> None:
    path = tmp_path / "a.tsv"
    path.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(UserError) as refused:
        read_table(path, "word")
    assert str(refused.value).startswith(f"{path}: damaged: {problem}")


@pytest.mark.parametrize("module", [embeddings, labelling, language_id, translation])
def test_tables_of_plots_keep_their_words(tmp_path: Path, module: object) -> None:
    for name, texts in module.TEXTS.items():  # type: ignore[attr-defined]
        columns = dict.fromkeys(texts, WORDS) | {"number": range(len(WORDS))}
        write_table(tmp_path / name, pd.DataFrame(columns))
        read = read_table(tmp_path / name, *texts)
        assert {column: read[column].tolist() for column in texts} == dict.fromkeys(texts, WORDS)
