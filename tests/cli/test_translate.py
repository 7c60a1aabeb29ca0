"""`nlpflow translate` as a command: files, pipes, n-best lists, refusals. The run is untrained."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import torch

from made_fonts import make_font
from nlpflow import cli
from nlpflow.cli import translate
from nlpflow.cli.lines import MOST_WARNINGS
from nlpflow.runs.run import Run, save_run
from nlpflow.settings.translation import TranslationExperiment
from nlpflow.tasks.translation.loading import load_translator
from nlpflow.tasks.translation.model import build_seq2seq
from nlpflow.vocabulary import Words

SOURCE = Words(tuple("abcdefg"), (1,) * 7)
TARGET = Words(tuple("ABCDEF"), (1,) * 6)
LINES = ["a b c", "", "g f", "x a y", "a", "   ", "e d c b a", "a b c"]
TEXT = "".join(f"{line}\n" for line in LINES)


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    """The folder of a run with random large weights, so that outputs differ."""
    return made_run(tmp_path_factory.mktemp("runs"), "tutorial")


def made_run(folder: Path, normalisation: str, seed: int = 3, target: Words = TARGET) -> Path:
    SOURCE.save(folder / "source.vocab")
    target.save(folder / "target.vocab")
    settings = TranslationExperiment(
        task="translation",
        vocabulary="tiny",
        model={"attention": "additive", "embedding": 8, "hidden": 8},
        decoding={"max_tokens": 6, "batch_size": 3},
    )
    torch.manual_seed(seed)
    model = build_seq2seq(settings.model, len(SOURCE), len(target), 5)
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(4)
    described = Run(
        experiment="tiny",
        seed=1,
        settings=settings.model_dump(mode="json"),
        normalisation=normalisation,
        languages=("fra", "eng"),
        vocabulary=str(folder),
        digests={"source": SOURCE.digest, "target": target.digest},
        sizes={"max_length": 5},
    )
    empty = pd.DataFrame({"epoch": [1]})
    save_run(folder / "run", described, model.state_dict(), empty, empty, {})
    return folder / "run"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.txt"
    path.write_text(TEXT)
    return path


def expected(run: Path) -> list[str]:
    translator, _ = load_translator(run)
    return [translator.greedy([line])[0].text if line.strip() else "" for line in LINES]


@pytest.mark.parametrize("lines", [1, 3, 4096])
def test_file_to_file(run: Path, source: Path, tmp_path, capsys, monkeypatch, lines: int) -> None:
    monkeypatch.setattr(translate, "MOST", lines)
    output = tmp_path / "out.txt"
    arguments = ["translate", str(run), "--input", str(source), "--output", str(output)]
    assert cli.main(arguments) == 0
    assert output.read_text().splitlines() == expected(run)
    found = capsys.readouterr()
    assert found.out == ""
    assert found.err == f"nlpflow: {source}, line 4: not in the vocabulary of this run: x, y\n"
    assert sorted(os.listdir(tmp_path)) == ["in.txt", "out.txt"]


def test_several_runs(run: Path, source: Path, tmp_path: Path, capsys) -> None:
    """Folders of runs before the texts decode together with the first; after a text they do not."""
    other = made_run(tmp_path, "tutorial", seed=5)
    together, _ = load_translator(run, others=[other, other])
    said = [output.text for output in together.translate(["a b c", "g f"])]
    assert said != [expected(run)[0], expected(run)[2]]
    assert cli.main(["translate", str(run), str(other), str(other), "a b c", "g f"]) == 0
    assert capsys.readouterr().out.splitlines() == said
    assert cli.main(["translate", str(run), str(run), "--input", str(source)]) == 0
    assert capsys.readouterr().out.splitlines() == expected(run)
    assert cli.main(["translate", str(run), "a" * 9999, str(other)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_runs_with_other_vocabularies(run: Path, tmp_path: Path, capsys) -> None:
    other = made_run(tmp_path, "tutorial", target=Words(tuple("ABC"), (1,) * 3))
    assert cli.main(["translate", str(run), str(other), "a b c"]) == 1
    assert capsys.readouterr().err == (
        f"nlpflow: run {other} has another target vocabulary than run {run}: runs that "
        "decode together need the same vocabulary\n"
    )


def test_chunks_are_flushed(run: Path, source: Path, capsys, monkeypatch) -> None:
    """What is translated is out before the next chunk is."""
    monkeypatch.setattr(translate, "MOST", 3)
    out = []
    ranked = translate._ranked

    def spy(*arguments):
        out.append(capsys.readouterr().out.count("\n"))
        return ranked(*arguments)

    monkeypatch.setattr(translate, "_ranked", spy)
    assert cli.main(["translate", str(run), "--input", str(source)]) == 0
    assert out == [0, 3, 3]


def test_n_best(run: Path, source: Path, capsys) -> None:
    arguments = ["--input", str(source), "--beam", "4", "--n-best", "3"]
    assert cli.main(["translate", str(run), *arguments]) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [len(row) for row in rows] == [3] * len(rows)
    empty = [2, 6]
    counts = [1 if number in empty else 3 for number in range(1, 9)]
    expected = [n for n, count in enumerate(counts, start=1) for _ in range(count)]
    assert [int(row[0]) for row in rows] == expected
    translator, _ = load_translator(run)
    translator.decoding = translator.decoding.model_copy(update={"beam": 4})
    for number, line in enumerate(LINES, start=1):
        found = [(float(row[1]), row[2]) for row in rows if int(row[0]) == number]
        if number in empty:
            assert found == [(0.0, "")]
            continue
        (outputs,) = translator.n_best([line], 3)
        assert [score for score, _ in found] == sorted((s for s, _ in found), reverse=True)
        assert [score for score, _ in found] == pytest.approx([o.score for o in outputs], abs=1e-3)


def test_a_beam_of_one_has_scores_too(run: Path, capsys) -> None:
    assert cli.main(["translate", str(run), "--n-best", "1", "a b c", "g f"]) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [row[0] for row in rows] == ["1", "2"]
    assert [row[2] for row in rows] == [expected(run)[0], expected(run)[2]]
    assert all(float(row[1]) < 0 for row in rows)


def test_warnings_about_many_lines_are_counted(run: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "in.txt").write_text("a x\n" * 25)
    assert cli.main(["translate", str(run), "--input", str(tmp_path / "in.txt")]) == 0
    said = capsys.readouterr().err.splitlines()
    assert len(said) == MOST_WARNINGS + 1
    assert said[-1] == "nlpflow: warnings about 15 more lines are not shown"


def test_a_very_long_line(run: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "in.txt").write_text("a b " * 100_000 + "\ng f\n")
    assert cli.main(["translate", str(run), "--input", str(tmp_path / "in.txt")]) == 0
    found = capsys.readouterr()
    assert found.out.splitlines()[1] == expected(run)[2]
    assert "in.txt, line 1: only the first 999 of 200000 tokens are read: a b a b" in found.err
    assert len(found.err) < 400


def draw_chinese(run: Path, folder: Path, **variables: str) -> tuple[str, list[str]]:
    """The picture and what is said, less the remarks on search and unknown words."""
    command = [sys.executable, "-m", "nlpflow.cli", "translate", str(run), "我们 a", "--attention"]
    found = subprocess.run(
        [*command, str(folder / "out.svg")],
        env=os.environ | variables,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    unevaluated, unknown, *said = found.stderr.splitlines()
    assert unevaluated.startswith(f"nlpflow: warning: run {run}: no scores say how to search")
    assert unknown == "nlpflow: not in the vocabulary of this run: 我们"
    return (folder / "out.svg").read_text(encoding="utf-8"), said


def test_attention_is_drawn_with_a_font_of_the_user_that_has_the_script(tmp_path: Path) -> None:
    run = made_run(tmp_path, "cased")
    (tmp_path / "fonts").mkdir()
    make_font(tmp_path / "fonts", "A Sans SC", "我们")
    picture, said = draw_chinese(run, tmp_path, XDG_DATA_HOME=str(tmp_path))
    assert "ASansSC" in picture
    assert said == [f"nlpflow: attention plotted to {tmp_path / 'out.svg'}"]


def test_attention_of_a_script_that_no_font_has_says_what_to_install(tmp_path: Path) -> None:
    run = made_run(tmp_path, "cased")
    _, (advice, drawn) = draw_chinese(run, tmp_path, MPL_IGNORE_SYSTEM_FONTS="1")
    assert advice.startswith("nlpflow: figures: no installed font has the characters of: Chinese")
    assert "apt-get install fonts-noto-cjk" in advice
    assert drawn == f"nlpflow: attention plotted to {tmp_path / 'out.svg'}"


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["a", "--n-best", "3"], 1, "--top 3 needs a beam of 3 or more, not 1: add --beam 3"),
        (["a", "--beam", "3", "--top", "4"], 1, "not 3: add"),
        (["a", "--beam", "100000"], 1, "beam: input should be less than or equal to 1000"),
        (["a", "--attention", "x.png", "--top", "1"], 2, "cannot be combined with --top"),
        (["a", "b", "--attention", "x.png"], 2, "plots exactly one text, but the command has 2"),
        (["a", "--attention", "x.gif"], 2, "must end in .png or .svg"),
        (["a", "--attention", "no/x.png"], 2, "there is no folder no"),
        ([",", "--attention", "x.png"], 1, "the sentence is empty after normalisation"),
    ],
)
def test_refusals_are_one_line(
    run: Path, capsys, arguments: list[str], status: int, message: str
) -> None:
    assert cli.main(["translate", str(run), *arguments]) == status
    said = capsys.readouterr().err
    assert message in said
    assert said.count("\n") == 1


def test_a_line_that_normalisation_empties_is_remarked_on(
    run: Path, tmp_path: Path, capsys
) -> None:
    assert cli.main(["translate", str(run), "日本語", "", "a b c"]) == 0
    found = capsys.readouterr()
    assert found.out.splitlines()[:2] == ["", ""]
    assert "empty after normalisation 'tutorial': 日本語" in found.err
    assert found.err.count("empty after") == 1
