"""Downloads that fail, as a user sees them: one line each, the older file stays, nothing partial.

One config has a corpus for each fault; what fails in the download keeps its folder as it was, what
fails in the archive leaves no dataset. A good corpus among them is downloaded and prepared.
"""

import io
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from faults.ending import check_fault, failed, files_below, pattern
from project import Project
from server import GOOD, Server, serving

pytestmark = pytest.mark.slow  # tests/download tries each fault within the process

OLDER = {"": b"an older good file", ".receipt.json": b"its receipt"}
TRY_AGAIN = "; check the address and the network and try again, or use a mirror"
CORRECT = "; check the address in the corpus registry, or use a mirror"
PAGE = (
    "an HTML page instead of a zip archive (a login, error or moved page?); open the address in a "
    "browser and correct it in the corpus registry"
)
DOWNLOADS = {
    "missing.zip": "the server answered 404 (Not Found)" + CORRECT,
    "forbidden.zip": "the server answered 403 (Forbidden)" + CORRECT,
    "hangs.zip": "could not be downloaded: … Read timed out. (read timeout=2.0)" + TRY_AGAIN,
    "resets.zip": "could not be downloaded: … 'Connection reset by peer')" + TRY_AGAIN,
    "drips.zip": "too slow: … bytes in … seconds; try again later, or use a mirror",
    "truncated.zip": "truncated or not a zip archive; download it again, or correct its address",
    "page.zip": PAGE,
    "disguised.zip": PAGE,
    "good.zip": "expected sha256 … found … (… bytes); the file was replaced or damaged; to "
    "use the old file, put a copy of it into a mirror (`mirror: DIR`); to use the new file, "
    "correct the sha256 in the corpus registry",
}
"""The last words of each, by its file on the server; … is anything."""

MEMBER = "fra.txt"
ARCHIVES = {
    "bomb": (
        MEMBER,
        "unpacks to more than 200 times its packed size (… bytes), like a zip bomb; not a trusted "
        "archive",
    ),
    "link": ("link.txt", "is a symbolic link; links in archives are not followed"),
    "absent": (
        "far.txt",
        "not in the archive; did you mean 'fra.txt'? the archive has 'fra.txt', '../evil.txt'",
    ),
}
"""The member that the registry names, and the last words, by archive."""


def packed(entries: list[tuple[str | zipfile.ZipInfo, str]]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries:
            archive.writestr(name, text)
    return content.getvalue()


def archives() -> dict[str, bytes]:
    pairs = "".join(f"Sentence {n:c}\tPhrase {n:c}\n" for n in range(0x61, 0x7B))
    pairs += "".join(f"Word {n:c}\tMot {n:c}\n" for n in range(0x61, 0x7B))
    link = zipfile.ZipInfo("link.txt")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    hostile = packed([(MEMBER, pairs), ("../evil.txt", "evil")])
    return {
        "whole.zip": hostile,
        "absent.zip": hostile,
        "bomb.zip": packed([(MEMBER, "a\tb\n" * 1_000_000)]),
        "link.zip": packed([(link, "/etc/passwd")]),
    }


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        running.files = archives()
        yield running


def raw(server: Server) -> str:
    """The folder of the server's files in a project."""
    return f"data/raw/{server.address.removeprefix('http://')}"


def write_config(project: Project, addresses: dict[str, tuple[str, str, str | None]]) -> None:
    """`config/faults.yaml` and its registry: a corpus, dataset and experiment an address.

    Args:
        addresses: address, member and sha256 by name
    """
    registry = {
        name: {
            "title": name,
            "licence": "CC0",
            "attribution": "nobody",
            "reader": "tsv",
            "languages": ["eng", "fra"],
            "files": [{"address": address, "member": member, "sha256": sha256}],
        }
        for name, (address, member, sha256) in addresses.items()
    }
    (project.folder / "config/faults-corpora.yaml").write_text(yaml.safe_dump(registry))
    config = {
        "name": "faults",
        "registry": "config/faults-corpora.yaml",
        "datasets": {
            name: {"kind": "pairs", "corpus": name, "source": "fra", "target": "eng"}
            for name in addresses
        },
        "vocabularies": {name: {"dataset": name} for name in addresses},
        "experiments": {
            name: {"task": "translation", "vocabulary": name, "model": {"attention": "none"}}
            for name in addresses
        },
    }
    (project.folder / "config/faults.yaml").write_text(yaml.safe_dump(config))


def be_impatient(project: Project) -> None:
    """Shorten the waits of this copy's library: half a minute and more is too long for a test."""
    library = project.folder / "workflow/nlpflow/download"
    for name, patient, impatient in (
        ("fetch.py", "timeout: float = 30.0", "timeout: float = 2.0"),
        ("transfer.py", "SLOW_WINDOW_SECONDS = 60.0", "SLOW_WINDOW_SECONDS = 1.0"),
        ("transfer.py", "BACKOFF_SECONDS = 1.0", "BACKOFF_SECONDS = 0.01"),
    ):
        text = (library / name).read_text()
        assert text.count(patient) == 1
        (library / name).write_text(text.replace(patient, impatient))


@dataclass(frozen=True)
class Ended:
    """The one run of all faults."""

    project: Project
    raw: Path
    address: str
    said: str


@pytest.fixture(scope="module")
def ended(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Ended:
    project = Project(tmp_path_factory.mktemp("downloads"))
    be_impatient(project)
    addresses: dict[str, tuple[str, str, str | None]] = {"whole": ("whole.zip", MEMBER, None)}
    for name, (member, _) in ARCHIVES.items():
        addresses[name] = (f"{name}.zip", member, None)
    for file in DOWNLOADS:
        for folder in ("fresh", "older"):
            sha256 = "0" * 64 if file == "good.zip" else None
            addresses[f"{folder}-{file}"] = (f"{folder}/{file}", MEMBER, sha256)
    write_config(
        project,
        {
            name: (f"{server.address}/{path}", member, sha256)
            for name, (path, member, sha256) in addresses.items()
        },
    )
    folder = project.folder / raw(server)
    for file in DOWNLOADS:
        for ending, content in OLDER.items():
            path = folder / "older" / f"{file}{ending}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    result = project.snakemake(
        *("--configfile", "config/faults.yaml", "--cores", "8", "--keep-going"),
        *("--until", "prepare", "--forcerun", "download"),
    )
    return Ended(project, folder, server.address, failed(result))


@pytest.mark.parametrize("folder", ["fresh", "older"])
@pytest.mark.parametrize("file", DOWNLOADS)
def test_the_last_line_says_what_is_wrong(ended: Ended, file: str, folder: str) -> None:
    log = ended.project.folder / "logs/download" / ended.raw.name / folder / f"{file}.log"
    message = pattern(f"{ended.address}/{folder}/{file}: {DOWNLOADS[file]}")
    check_fault(ended.said, log, message)


def test_nothing_partial_stands_in_a_folder_that_was_empty(ended: Ended) -> None:
    assert files_below(ended.raw / "fresh") == {}


def test_older_files_stay(ended: Ended) -> None:
    expected = {
        f"{file}{ending}": content for file in DOWNLOADS for ending, content in OLDER.items()
    }
    assert files_below(ended.raw / "older") == expected


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_bad_archive_leaves_no_dataset(ended: Ended, name: str) -> None:
    member, words = ARCHIVES[name]
    path = f"data/raw/{ended.raw.name}/{name}.zip"
    message = pattern(f"{path}: member {member!r}: {words}")
    check_fault(ended.said, ended.project.folder / f"logs/prepare/{name}.log", message)
    assert files_below(ended.project.folder / "data/prepared" / name) == {}


def test_the_good_corpus_is_prepared_all_the_same(ended: Ended) -> None:
    assert (ended.raw / "whole.zip.receipt.json").exists()
    assert (ended.project.folder / "data/prepared/whole/train.parquet").exists()
    assert not list(ended.project.folder.rglob("evil.txt"))
    assert not list(ended.project.folder.rglob("fra.txt"))


# What one cannot write to: two downloads of the same file, one of them with an older one there.

DOWNLOAD = (
    *("--configfile", "config/faults.yaml", "--keep-going"),
    *("--until", "download", "--forcerun", "download"),
)
OLDER_GOOD = {f"older/good.zip{ending}": content for ending, content in OLDER.items()}
NOBODY = 65534


def two_downloads(server: Server, project: Project) -> Path:
    """A config of two downloads; the folder of both, with the older file in it."""
    addresses = {name: f"{server.address}/{name}/good.zip" for name in ("fresh", "older")}
    write_config(project, {name: (address, MEMBER, None) for name, address in addresses.items()})
    folder = project.folder / raw(server)
    (folder / "fresh").mkdir(parents=True, exist_ok=True)
    (folder / "older").mkdir(exist_ok=True)
    for name, content in OLDER_GOOD.items():
        (folder / name).write_bytes(content)
    return folder


def check_unwritten(project: Project, folder: Path, said: str, cause: str) -> None:
    """Both downloads name the cause, and the folder is as it was."""
    for name in ("fresh", "older"):
        file = f"{folder.name}/{name}/good.zip"
        message = (
            f"data/raw/{file}: cannot be written: {cause}; free space or choose another folder"
        )
        check_fault(said, project.folder / f"logs/download/{file}.log", re.escape(message))
    assert files_below(folder) == OLDER_GOOD


def test_full_disk(server: Server, tmp_path: Path) -> None:
    project = Project(tmp_path / "project")
    folder = project.folder / raw(server)
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={len(GOOD) // 2}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("NOT TESTED: a full disk; only root may mount a small one")
    try:
        two_downloads(server, project)
        said = failed(project.snakemake(*DOWNLOAD))
        check_unwritten(project, folder, said, "No space left on device")
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def shared() -> Iterator[Project]:
    """A project that every user may reach; pytest's own folders are private."""
    with tempfile.TemporaryDirectory(prefix="nlpflow-") as folder:
        Path(folder).chmod(0o755)
        yield Project(Path(folder, "project"))


def test_read_only_folder(server: Server, shared: Project) -> None:
    folder = two_downloads(server, shared)
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            pytest.skip("NOT TESTED: a read-only folder; root needs setpriv to be another user")
        for path in (shared.folder, *shared.folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
    for name in ("fresh", "older"):
        (folder / name).chmod(0o555)
    said = failed(without_root(shared, *DOWNLOAD))
    check_unwritten(shared, folder, said, "Permission denied")


def without_root(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Snakemake by a user who is not root: root writes into read-only folders.

    The other user may read all that root may, lest Python's own folder be root's alone.
    """
    user = ["--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups"]
    reading = ["--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search"]
    command = [sys.executable, "-m", "snakemake", "--cores", "1", *arguments]
    environment = {"PYTHONPATH": str(project.folder / "workflow"), "HOME": str(project.folder)}
    # `make coverage` would measure into a folder that the other user may not write.
    kept = {key: value for key, value in os.environ.items() if not key.startswith("COVERAGE_")}
    return subprocess.run(
        ["setpriv", *user, *reading, *command] if os.geteuid() == 0 else command,
        cwd=project.folder,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )
