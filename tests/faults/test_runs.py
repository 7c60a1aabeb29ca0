"""Runs that are killed, doubled, tampered with or out of space: refused in a line, or the same."""

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest

from faults.started import Started, wait_until
from faults.typed import Said, Typed, nlpflow
from nlpflow.jobs import job
from nlpflow.vocabulary.encoded import EncodedRows, write_encoded
from project import SMALL, Project, small_project

RUN = Path("results/translation/additive/seed-1")
VOCABULARY = Path("data/vocabularies/small")
LOGS = {
    "download": "download/example.org/small/fra-eng.zip",
    "prepare": "prepare/small",
    "vocabulary": "vocabulary/small",
    "encode": "encode/small",
    "train": "train/translation/additive.seed-1",
    "evaluate": "evaluate/translation/additive.seed-1.test",
    "figures": "figures/translation/additive.seed-1",
    "compare": "compare/small/translation",
    "leakage": "check_leakage/small",
    "cards": "cards/small/translation",
}
"""The stages, and where a job says that it has begun; the first six one after the other."""
EPOCHS = 3


def project_in(folder: Path) -> Project:
    """One experiment, which saves after every update."""
    project = small_project(folder)
    config = project.read_config()
    experiment = config["experiments"]["additive"]
    del experiment["compare_with"]
    experiment["training"]["epochs"] = EPOCHS
    experiment["figures"] = {"sentences": ["Je suis fatigué."], "sample": 1}
    experiment["resources"] = {"checkpoint_minutes": 0}
    project.write_config(config | {"experiments": {"additive": experiment}})
    return project


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Said]:
    """A project run to its end, and what a second Snakemake said meanwhile."""
    project = project_in(tmp_path_factory.mktemp("undisturbed") / "project")
    with Started(project) as first:
        first.wait_until((project.folder / f"logs/{LOGS['prepare']}.log").exists)
        second = project.snakemake(*SMALL)
        assert first.end() == 0, first.output()
    return project, Said(second.returncode, second.stdout.encode(), second.stderr)


@pytest.fixture(scope="module")
def place(undisturbed: tuple[Project, Said]) -> Path:
    """The folder of the undisturbed project."""
    return undisturbed[0].folder


def results(folder: Path) -> dict[str, bytes]:
    """All that must come out the same: everything but clocks and what Snakemake keeps."""
    clocks = {"timings.tsv", "card.json", "cards.json", "cards.html", "playground.html"}
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for part in ("data/prepared", "data/vocabularies", "data/encoded", "results")
        for path in (folder / part).rglob("*")
        if path.is_file() and not {".checkpoints", ".snakemake_timestamp"} & set(path.parts)
        if path.name not in clocks
    }


# Killed, and two at once


@pytest.mark.slow
def test_kill_9_at_each_stage(place: Path, tmp_path: Path) -> None:
    project = project_in(tmp_path / "project")
    left = {stage: project.folder / f"logs/{log}.log" for stage, log in LOGS.items()}
    begun: list[str] = []
    while left:
        # A lock that a killed Snakemake leaves is what the next test is about.
        with Started(project, *["--nolock"] * bool(begun)) as snakemake:
            snakemake.wait_until(lambda: any(log.exists() for log in left.values()))
            now = [stage for stage, log in left.items() if log.exists()]
            begun += now
            for stage in now:
                del left[stage]
            if "train" in now:
                snakemake.wait_until(lambda: bool(checkpoints(project.folder / RUN)))
            snakemake.kill()
        if len(begun) == 1:
            refused = project.snakemake(*SMALL)
            assert refused.returncode == 1
            assert "LockException" in refused.stderr
            assert project.snakemake(*SMALL, "--unlock").returncode == 0
    assert sorted(begun) == sorted(LOGS)
    assert [stage for stage in begun if stage in list(LOGS)[:6]] == list(LOGS)[:6]
    result = project.snakemake(*SMALL, "--nolock")
    assert result.returncode == 0, result.stderr
    assert results(project.folder) == results(place)
    log = (project.folder / f"logs/{LOGS['train']}.log").read_text()
    assert "resuming from the checkpoint in results/.checkpoints/translation/additive/se" in log


def test_a_second_snakemake_is_refused(undisturbed: tuple[Project, Said]) -> None:
    """The first one has ended well, or there was nothing to look at."""
    _, second = undisturbed
    assert second.status == 1
    assert "Traceback" not in second.err
    assert "LockException" in second.err
    assert "make sure that no other Snakemake process is trying" in second.err
    assert second.err.rstrip().endswith("It can be removed with the --unlock argument.")


# Altered and swapped files


@contextmanager
def replaced(path: Path, content: bytes) -> Iterator[tuple[str, str]]:
    """A file with other content for a while; gives the digest of this and the one before."""
    kept, times = path.read_bytes(), path.stat()
    path.write_bytes(content)
    try:
        yield digest(content), digest(kept)
        assert path.read_bytes() == content  # whoever refuses it leaves it alone
    finally:
        path.write_bytes(kept)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def flipped(path: Path) -> bytes:
    """The content of a file with one bit in its middle changed."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    return bytes(content)


def checkpoints(run: Path) -> list[Path]:
    """Of a run of the workflow, or of `nlpflow train`."""
    parts = ("results/.checkpoints", *run.parts[-3:])
    kept = run / ".checkpoints" if run.parts[-3] != "translation" else run.parents[3] / Path(*parts)
    return sorted(kept.glob("epoch-*.safetensors"))


def train(place: Path, output: str, seed: int = 1) -> Said:
    return nlpflow(place, *train_words(output, seed))


def train_words(output: str, seed: int = 1) -> list[str]:
    return ["train", "additive", *SMALL, "--seed", str(seed), "--output", output]


@pytest.fixture(scope="module")
def other(place: Path) -> Path:
    """A run of the same experiment under another random seed."""
    assert train(place, "other", seed=2).status == 0
    return place / "other"


@pytest.mark.slow
def test_altered_weights_are_not_evaluated(undisturbed: tuple[Project, Said]) -> None:
    """Taken away, they are made again from the checkpoint, and so are the scores."""
    project, _ = undisturbed
    before = results(project.folder)
    weights = project.folder / RUN / "weights.safetensors"
    with replaced(weights, flipped(weights)) as (found, expected):
        result = project.snakemake(*SMALL)
        assert result.returncode == 1
        log = (project.folder / f"logs/{LOGS['evaluate']}.log").read_text()
        assert log == (
            f"error: run {RUN}: the sha256 of weights.safetensors is {found}, and run.json says "
            f"{expected}: one of them was altered; train it again\n"
        )
        assert log in result.stderr
        assert "Traceback" not in result.stderr
    weights.unlink()
    result = project.snakemake(*SMALL)
    assert result.returncode == 0, result.stderr
    assert results(project.folder) == before


@pytest.mark.parametrize("swapped", [False, True])
def test_other_weights_do_not_translate(place: Path, other: Path, swapped: bool) -> None:
    weights = place / RUN / "weights.safetensors"
    content = (other / weights.name).read_bytes() if swapped else flipped(weights)
    with replaced(weights, content) as digests:
        said = nlpflow(place, "translate", str(RUN), "Je suis fatigué.")
    assert (said.status, said.out, said.err.count("\n")) == (1, b"", 1)
    assert all(digest in said.err for digest in digests)
    assert "train it again" in said.err


@pytest.mark.parametrize("swapped", [False, True])
def test_other_vocabularies_do_not_translate(place: Path, swapped: bool) -> None:
    source, target = (place / VOCABULARY / f"{side}.vocab" for side in ("source", "target"))
    content = target.read_bytes() if swapped else source.read_bytes().replace(b'"je"', b'"JE"')
    with replaced(source, content) as digests:
        said = nlpflow(place, "translate", str(RUN), "Je suis fatigué.")
    assert (said.status, said.out, said.err.count("\n")) == (1, b"", 1)
    assert all(digest in said.err for digest in digests)
    assert "put the old one back or train the run again" in said.err


def test_an_altered_checkpoint_is_not_gone_on_from(place: Path) -> None:
    assert train(place, "altered").status == 0
    weights = (place / "altered/weights.safetensors").read_bytes()
    (checkpoint,) = checkpoints(place / "altered")
    before, content = checkpoint.read_bytes(), flipped(checkpoint)
    checkpoint.write_bytes(content)
    said = train(place, "altered")
    assert said.status == 0, said.err
    name = checkpoint.relative_to(place)
    assert (
        f"nlpflow: checkpoint {name} is damaged and not used: its sha256 is {digest(content)}, "
        f"not {digest(before)}\n"
    ) in said.err
    assert (place / "altered/weights.safetensors").read_bytes() == weights


def test_a_swapped_checkpoint_is_not_gone_on_from(place: Path, other: Path) -> None:
    (checkpoint,) = checkpoints(other)
    folder = place / "swapped/.checkpoints"
    folder.mkdir(parents=True)
    shutil.copy2(checkpoint, folder)
    said = train(place, "swapped")
    assert said.status == 0, said.err
    assert re.search(
        "nlpflow: the checkpoint in swapped/.checkpoints is not used: its digest of settings and "
        "data is [0-9a-f]{16}, not [0-9a-f]{16}: seed was 2, is 1; it is set aside and training "
        "starts from the beginning\n",
        said.err,
    )
    weights = [place / run / "weights.safetensors" for run in ("swapped", RUN)]
    assert weights[0].read_bytes() == weights[1].read_bytes()


def test_another_vocabulary_is_not_gone_on_with(place: Path, other: Path) -> None:
    shutil.copytree(other, place / "again")
    source = place / VOCABULARY / "source.vocab"
    kept = checkpoints(place / "again")
    with replaced(source, source.read_bytes().replace(b'"je"', b'"JE"')):
        said = train(place, "again", seed=2)
    assert said.status == 1
    assert said.err == (
        "nlpflow: data/encoded/small: the token ids of train do not match the sentences in "
        "data/prepared/small/train.parquet and the vocabularies in data/vocabularies/small; run "
        "the workflow to make them again\n"
    )
    assert checkpoints(place / "again") == kept


# Out of space


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """A file system of a few megabytes in a folder."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("no disk can be filled here: there is no mount")
    if done.returncode:
        pytest.skip(f"no disk can be filled here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(path: Path) -> None:
    """Write a file until the disk is full."""
    with path.open("wb", buffering=0) as stream, suppress(OSError):
        while stream.write(bytes(4096)):
            pass


def test_a_full_disk_keeps_the_checkpoint_before(place: Path) -> None:
    run = place / "disk/run"
    with small_disk(place / "disk"):
        training = Typed(place, *train_words("disk/run"))
        wait_until(lambda: bool(checkpoints(run)), training.is_alive, str)
        training.kill()
        kept = {path: path.read_bytes() for path in checkpoints(run)}
        fill(place / "disk/ballast")
        said = train(place, "disk/run")
        assert said.status == 1, said.err
        last = said.err.splitlines()[-1]
        assert last.startswith("nlpflow: disk/run/.checkpoints: no checkpoint can be written: ")
        assert "No space left on device" in last
        assert last.endswith(
            "; make room and start again: training continues from the previous checkpoint"
        )
        assert "Traceback" not in said.err
        assert {path: path.read_bytes() for path in checkpoints(run)} == kept
        (place / "disk/ballast").unlink()
        said = train(place, "disk/run")
        assert said.status == 0, said.err
        assert "resuming from the checkpoint in disk/run/.checkpoints" in said.err
        weights = (run / "weights.safetensors").read_bytes()
    assert weights == (place / RUN / "weights.safetensors").read_bytes()


def test_a_full_disk_is_told_where_token_ids_are_written(tmp_path: Path) -> None:
    side = np.zeros(2**20, np.int32), np.array([0, 2**20])
    rows = EncodedRows(side, side)
    with (
        small_disk(tmp_path / "disk"),
        pytest.raises(SystemExit) as ended,
        job(str(tmp_path / "log")),
    ):
        write_encoded(tmp_path / "disk/encoded", "train", [rows])
    assert ended.value.code == 1
    (line,) = (tmp_path / "log").read_text().splitlines()
    assert line.startswith("error: ")
    assert "No space left on device; make room" in line
