"""`nlpflow identify`: what goes in and what comes out; the model is a small real one."""

import csv
import io
import sys
from pathlib import Path

import pandas as pd
import pytest

from nlpflow.cli import identify, main
from nlpflow.jobs import Inputs
from nlpflow.settings.data import SentenceDataset
from nlpflow.settings.language_id import LanguageIdExperiment
from nlpflow.settings.training import Training
from nlpflow.tasks.language_id.training import train
from nlpflow.training.run import TrainingJob

ENGLISH = ["I think so", "the dog sleeps", "who is there", "this is it", "she reads the book"]
SPANISH = ["yo creo que sí", "el perro duerme", "quién está ahí", "esto es", "ella lee el libro"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("run")
    frame = pd.DataFrame({"sentence": ENGLISH + SPANISH, "language": ["eng"] * 5 + ["spa"] * 5})
    for split in ("train", "dev"):
        frame.to_parquet(folder / f"{split}.parquet")
    settings = LanguageIdExperiment(
        task="language_id",
        dataset="d",
        model={"features": "characters", "buckets": 4096},
        training=Training(learning_rate=0.1, batch_size=10, epochs=20, patience=20),
    )
    dataset = SentenceDataset(kind="sentences", corpora=("c",))
    train(
        TrainingJob(
            "small",
            1,
            settings.model_dump(mode="json"),
            dataset.model_dump(mode="json"),
            Inputs.of((split, f"{folder}/{split}.parquet") for split in ("train", "dev")),
            folder,
            folder / "going",
        )
    )
    return str(folder)


def answers(
    capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0
) -> tuple[list[list[str]], str]:
    """The lines of an invocation cut at tabs, and its errors."""
    assert main(["identify", *arguments]) == status
    captured = capsys.readouterr()
    return [line.split("\t") for line in captured.out.splitlines()], captured.err


def test_arguments(run: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines, errors = answers(capsys, run, "I think the dog", "creo que el perro", "Привет", "")
    assert [line[0] for line in lines] == ["eng", "spa", "und", "und"]
    assert all(0.5 < float(line[1]) <= 1 for line in lines[:2])
    assert lines[2][1] == "0.0000"
    assert errors == ""


def test_top_and_threshold(run: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines, _ = answers(capsys, run, "the dog", "--top", "2")
    assert [lines[0][0], lines[0][2]] == ["eng", "spa"]
    assert float(lines[0][1]) + float(lines[0][3]) == pytest.approx(1, abs=2e-4)
    lines, _ = answers(capsys, run, "the dog", "--top", "2", "--threshold", "0.5")
    assert len(lines[0]) == 2
    lines, _ = answers(capsys, run, "the dog", "--threshold", "1")
    assert lines[0][0] == "und"


@pytest.mark.parametrize("chunk", [1, 2, 3])
def test_blocks_make_no_difference(
    run: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    texts = [*ENGLISH, *SPANISH]
    whole, _ = answers(capsys, run, *texts)
    monkeypatch.setattr(identify, "MOST", chunk)
    assert answers(capsys, run, *texts)[0] == whole


CSV = '\ufeffid,text,language\n1,"the ""dog"",\nsleeps",x\n2\n3,el perro,y\n'


def test_csv(run: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(CSV, encoding="utf-8")
    assert main(["identify", run, "--csv", str(path), "--column", "text"]) == 0
    (tmp_path / "out.csv").write_text(capsys.readouterr().out, encoding="utf-8")
    table = pd.read_csv(tmp_path / "out.csv", keep_default_na=False)
    # The table has a column `language` of its own.
    assert list(table) == ["id", "text", "language", "language_", "probability"]
    assert table["language_"].tolist() == ["eng", "und", "spa"]
    assert table["text"].tolist() == ['the "dog",\nsleeps', "", "el perro"]
    assert table["language"].tolist() == ["x", "", "y"]


CELLS = ["a\rb", "a\r\nb", "a\u2028b\x85c\x0bd", "1", "007", "1e5", "nan", "NA", "", 'a "b"', " x "]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_cells_of_a_csv_stay_as_they_are(
    run: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, end: str
) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        rows = [["id", "text"], *([cell, f"the dog{cell}"] for cell in CELLS)]
        csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator=end).writerows(rows)
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    for before, after in ((path, first), (first, second)):
        arguments = ["--csv", str(before), "--column", "text", "--output", str(after)]
        assert main(["identify", run, *arguments]) == 0
    with second.open(encoding="utf-8", newline="") as stream:
        found = list(csv.reader(stream, strict=True))
    assert [row[:2] for row in found] == rows
    assert found[0][2:] == ["language", "probability", "language_", "probability_"]
    assert all(row[2] == row[4] == "eng" for row in found[1:])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("text,n\nthe dog,1\nel perro, sí,2\n", "line 3: 3 cells, and the header has 2; put cells"),
        ("text,n\nthe dog,1,\n", "line 2: 3 cells, and the header has 2"),
        ('text,n\n"the dog,1\nel perro,2\n', "line 3: cannot be read: unexpected end of data"),
        ('text,n\n"the" dog,1\n', "line 2: cannot be read: ',' expected after '\"'"),
        ("text,n\nthe\rdog,1\n", "line 2: cannot be read: new-line character seen in unquoted fi"),
        ("text,text\nthe dog,1\n", "there are several columns 'text'; the columns are: text, text"),
    ],
)
def test_a_csv_whose_answers_would_be_misplaced(
    run: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, content: str, problem: str
) -> None:
    path, output = tmp_path / "a.csv", tmp_path / "out.csv"
    path.write_text(content, encoding="utf-8", newline="")
    arguments = ["--csv", str(path), "--column", "text", "--output", str(output)]
    _, errors = answers(capsys, run, *arguments, status=1)
    assert problem in errors
    assert errors.count("\n") == 1
    assert not output.exists()


def test_csv_with_several_answers(
    run: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text\nthe dog\n???\n")
    assert main(["identify", run, "--csv", str(path), "--column", "text", "--top", "2"]) == 0
    (tmp_path / "out.csv").write_text(capsys.readouterr().out)
    table = pd.read_csv(tmp_path / "out.csv", keep_default_na=False)
    assert list(table)[1:] == ["language_1", "probability_1", "language_2", "probability_2"]
    assert table["language_1"].tolist() == ["eng", "und"]
    assert table["language_2"].tolist() == ["spa", ""]


def test_csv_is_read_and_written_as_lines_are(
    run: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path, output = tmp_path / "a.csv", tmp_path / "out.csv"
    path.write_bytes(b"text\r\nthe dog\r\nel perro\r\n\xff\r\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(path.read_bytes())))
    lines, errors = answers(capsys, run, "--csv", "-", "--column", "text", status=1)
    assert [line[0].split(",")[0] for line in lines] == ["text", "the dog", "el perro"]
    assert errors.startswith("nlpflow: standard input, line 4: is not valid UTF-8 (byte 1)")
    answers(capsys, run, "--csv", str(path), "--column", "text", "--output", str(output), status=1)
    assert not output.exists()
    path.write_text('text\n"the dog\n' + "el perro\n" * 200_000)  # nothing closes the quote
    _, errors = answers(capsys, run, "--csv", str(path), "--column", "text", status=1)
    assert "cannot be read: field larger than field limit" in errors


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["--threshold", "1.5"], 2, "'--threshold': Input should be less than or equal to 1"),
        (["--threshold", "nan"], 2, "'--threshold': Input should be "),
        (["--csv", "a.csv"], 2, "--csv and --column belong together"),
        (["--column", "a"], 2, "--csv and --column belong together"),
        (["text", "--csv", "a.csv", "--column", "a"], 2, "give neither TEXT nor --input"),
        (["--input", "b", "--csv", "a.csv", "--column", "a"], 2, "give neither TEXT nor --input"),
        (["--csv", "no.csv", "--column", "a"], 1, "no.csv: cannot be read"),
        (["--csv", "{table}", "--column", "txt"], 1, "no column 'txt'; the columns are: id, text"),
        (["--csv", "{empty}", "--column", "txt"], 1, "no column 'txt'; the columns are: none"),
    ],
)
def test_errors_are_one_line(
    run: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    arguments: list[str],
    status: int,
    message: str,
) -> None:
    (tmp_path / "table").write_text("id,text\n1,a\n")
    (tmp_path / "empty").write_text("")
    paths = {name: str(tmp_path / name) for name in ("table", "empty")}
    words = [part.format(**paths) for part in arguments]
    _, errors = answers(capsys, run, *words, status=status)
    assert errors.count("\n") == 1
    assert message in errors


def test_no_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert "nowhere is not a trained run" in answers(capsys, "nowhere", "a", status=1)[1]
