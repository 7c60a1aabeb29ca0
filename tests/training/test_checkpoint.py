"""Checkpoints on disk: whole or refused, of this training or set aside, one writer at a time."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from nlpflow.errors import UserError
from nlpflow.training import checkpoint
from nlpflow.training.checkpoint import Checkpoints
from nlpflow.training.state import Snapshot

pytestmark = pytest.mark.long

KEY = {"training.learning_rate": "0.1", "code": "abc", "data train.npy": "123"}


def snapshot(batch: int, epoch: int = 1) -> Snapshot:
    tensors = {"model.a": torch.arange(3.0) + batch, "random.cpu": torch.tensor([1, 2]).byte()}
    progress = {"epoch": epoch, "batch": batch, "loss": 0.1 + 0.2, "history": [{"x": float("nan")}]}
    return Snapshot(tensors, {"progress": progress})


def opened(folder: Path, **key: str) -> Checkpoints:
    return Checkpoints(folder, KEY | key, 5)


def saved(folder: Path, *batches: int) -> list[Path]:
    """Files of these saves that are left, the first one first."""
    with opened(folder) as checkpoints:
        checkpoints.load()
        for batch in batches:
            checkpoints.save(snapshot(batch))
    return sorted(folder.glob("epoch-*"), key=lambda path: int(path.name.split("-")[3]))


def loaded(folder: Path, **key: str) -> int | None:
    """The batch of the checkpoint that is used."""
    with opened(folder, **key) as checkpoints:
        found = checkpoints.load()
    return None if found is None else found.values["progress"]["batch"]


def test_what_is_saved_comes_back_to_the_bit(tmp_path: Path) -> None:
    saved(tmp_path, 7)
    with opened(tmp_path) as checkpoints:
        found = checkpoints.load()
    assert found is not None
    expected = snapshot(7)
    assert found.tensors.keys() == expected.tensors.keys()
    for name, tensor in expected.tensors.items():
        assert torch.equal(found.tensors[name], tensor)
        assert found.tensors[name].dtype == tensor.dtype
    assert repr(found.values) == repr(expected.values)


def test_the_furthest_one_is_used_and_the_one_before_it_is_there(tmp_path: Path) -> None:
    files = saved(tmp_path, 8, 9, 10)
    assert [int(path.name.split("-")[3]) for path in files] == [9, 10]
    assert loaded(tmp_path) == 10
    with opened(tmp_path) as checkpoints:
        checkpoints.save(snapshot(0, epoch=2))
    assert loaded(tmp_path) == 0


def test_the_one_before_stays_after_a_restart(tmp_path: Path) -> None:
    saved(tmp_path, 1, 2)
    assert len(saved(tmp_path, 3)) == 2
    assert loaded(tmp_path) == 3


@pytest.mark.parametrize("damage", ["truncated", "altered", "empty", "longer"])
def test_a_damaged_one_is_refused_and_the_one_before_it_used(
    damage: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before, last = saved(tmp_path, 1, 2)
    content = last.read_bytes()
    middle = len(content) // 2
    flipped = bytes([content[middle] ^ 1])
    last.write_bytes(
        {
            "truncated": content[:middle],
            "altered": content[:middle] + flipped + content[middle + 1 :],
            "empty": b"",
            "longer": content + b"\0",
        }[damage]
    )
    assert loaded(tmp_path) == 1
    assert f"checkpoint {last} is damaged and not used" in caplog.text
    before.write_bytes(b"")
    assert loaded(tmp_path) is None
    assert not list(tmp_path.glob("epoch-*"))


def test_every_single_byte_counts(tmp_path: Path) -> None:
    (file,) = saved(tmp_path, 1)
    content = file.read_bytes()
    for place in range(0, len(content), 7):
        changed = content[:place] + bytes([content[place] ^ 128]) + content[place + 1 :]
        file.write_bytes(changed)
        assert loaded(tmp_path) is None
    file.write_bytes(content)
    assert loaded(tmp_path) == 1


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ({"training.learning_rate": "0.2"}, "training.learning_rate was 0.1, is 0.2"),
        ({"code": "xyz"}, "code was abc, is xyz"),
        ({"data train.npy": "456"}, "data train.npy was 123, is 456"),
        ({"training.new": "1"}, "training.new was missing, is 1"),
        (
            {"code": "x", "training.learning_rate": "1", "y": "1", "z": "1"},
            "code was abc, is x, training.learning_rate was 0.1, is 1, y was missing, is 1 "
            "and 1 more",
        ),
    ],
)
def test_another_key_is_set_aside_with_the_reason(
    key: dict[str, str], reason: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    files = saved(tmp_path, 1, 2)
    assert loaded(tmp_path, **key) is None
    digests = r"its digest of settings and data is \w{16}, not \w{16}"
    said = re.escape(f"the checkpoint in {tmp_path} is not used: ") + digests
    assert re.search(said + re.escape(f": {reason}; it is set aside"), caplog.text)
    assert sorted(path.name for path in (tmp_path / "set-aside").iterdir()) == sorted(
        path.name for path in files
    )
    assert loaded(tmp_path) is None


def test_a_finished_training_leaves_one_checkpoint(tmp_path: Path) -> None:
    saved(tmp_path, 1, 2)
    (tmp_path / "writing.tmp").write_bytes(b"half")
    with opened(tmp_path, code="new") as checkpoints:
        assert checkpoints.load() is None
        checkpoints.save(snapshot(3))
        checkpoints.save(snapshot(4))
        checkpoints.finish()
    names = sorted(path.name.split("-")[0] for path in tmp_path.iterdir())
    assert names == ["epoch", "lock"]
    assert loaded(tmp_path, code="new") == 4


HOLDER = """
import sys
from pathlib import Path
from nlpflow.training.checkpoint import Checkpoints
with Checkpoints(Path(sys.argv[1]), {}, 5):
    print("locked", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_refused_until_the_first_has_ended(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        for _ in range(2):
            with pytest.raises(
                UserError, match=f"process {holder.pid} on .* is training this"
            ) as error:
                opened(tmp_path).__enter__()
            assert "\n" not in str(error.value)
        holder.kill()
        holder.wait()
    with opened(tmp_path):
        pass


def test_a_full_disk_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved(tmp_path, 1)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint.os, "fsync", full)
    with opened(tmp_path) as checkpoints, pytest.raises(UserError) as error:
        checkpoints.save(snapshot(2))
    assert f"{tmp_path}: no checkpoint can be written: " in str(error.value)
    assert "No space left" in str(error.value)
    assert not (tmp_path / "writing.tmp").exists()
    monkeypatch.undo()
    assert loaded(tmp_path) == 1


def test_when_a_checkpoint_is_due(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(checkpoint.time, "monotonic", lambda: now[0])
    with opened(tmp_path) as checkpoints:
        now[0] += 299
        assert not checkpoints.is_due()
        now[0] += 1
        assert checkpoints.is_due()
        checkpoints.save(snapshot(1))
        assert not checkpoints.is_due()


def test_nothing_but_safetensors_and_json(tmp_path: Path) -> None:
    (file,) = saved(tmp_path, 1)
    with safe_open(file, "pt") as content:
        metadata = content.metadata()
    assert json.loads(metadata["key"]) == KEY
    assert json.loads(metadata["values"])["progress"]["batch"] == 1
