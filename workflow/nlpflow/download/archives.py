"""Read one member of a downloaded archive in place; nothing is unpacked to disk.

Downloaded archives are not trusted: links, encrypted members and decompression bombs are refused,
and a damaged archive is a one-line error. A member's name is looked up and never used as a path.
"""

import difflib
import gzip
import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

from nlpflow.errors import UserError

# Far above every corpus in use (the largest has some 100 entries and 100 MB of text, packed
# about 1:4), and far below what would fill a disk or the memory.
MAX_ENTRIES = 10_000
MAX_BYTES = 4 * 1024**3
MAX_RATIO = 200

NAMES_SHOWN = 8

# What the standard library raises on damaged input, beside OSError.
DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, struct.error, ValueError)


@contextmanager
def open_member(path: Path, member: str | None) -> Iterator[BinaryIO]:
    """Open a downloaded file, or one member of a zip archive, for reading bytes.

    Args:
        path: the downloaded file.
        member: name of the entry inside the zip archive `path`; None opens `path` itself,
            decompressed when its name ends in `.gz`.

    Raises:
        UserError: the file or the member is missing, damaged, encrypted, a link, or
            beyond the limits above. Damage that shows only in the content (a wrong checksum or
            size, a missing end) is raised while reading.
    """
    if member is not None:
        with _open_in_zip(path, member) as stream:
            yield stream
    elif path.suffix.lower() == ".gz":
        with _open_plain(path) as packed, gzip.GzipFile(fileobj=packed) as unpacked:
            packed_bytes = path.stat().st_size
            yield io.BufferedReader(_CappedReader(unpacked, str(path), packed_bytes))
    else:
        with _open_plain(path) as stream:
            yield stream


def open_zip(source: Path | BinaryIO, label: str) -> zipfile.ZipFile:
    """Open a zip archive and read its central directory; `label` names it in messages.

    Raises:
        UserError: it cannot be read, is truncated, is not a zip, or has too many entries.
    """
    try:
        archive = zipfile.ZipFile(source)
        if any(entry.header_offset < 0 for entry in archive.infolist()):
            raise zipfile.BadZipFile("bytes are missing before the central directory")
    except OSError as error:
        raise UserError(f"{label}: cannot be read: {error.strerror or error}") from error
    except (*DAMAGE, NotImplementedError) as error:
        raise UserError(
            f"{label}: truncated or not a zip archive; download it again, or correct its address"
        ) from error
    entries = len(archive.infolist())
    if entries > MAX_ENTRIES:
        archive.close()
        raise UserError(f"{label}: {entries} entries, more than the {MAX_ENTRIES} allowed")
    return archive


@contextmanager
def _open_in_zip(path: Path, member: str) -> Iterator[BinaryIO]:
    where = f"{path}: member {_shown(member)}"
    with open_zip(path, str(path)) as archive:
        entry = _find(archive, member, where)
        packed_bytes = min(entry.compress_size, path.stat().st_size)
        _check_entry(entry, packed_bytes, where)
        try:
            unpacked = archive.open(entry)
        except (*DAMAGE, OSError, NotImplementedError) as error:
            raise UserError(f"{where}: truncated or damaged: {_line(error)}") from error
        with unpacked:
            yield io.BufferedReader(_CappedReader(unpacked, where, packed_bytes))


def _open_plain(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from error


def _find(archive: zipfile.ZipFile, member: str, where: str) -> zipfile.ZipInfo:
    entries = archive.infolist()
    found = [entry for entry in entries if entry.filename == member]
    if len(found) == 1:
        return found[0]
    if found:
        raise UserError(f"{where}: occurs {len(found)} times in the archive, so it is ambiguous")
    names = [entry.filename for entry in entries if not entry.is_dir()]
    nearest = difflib.get_close_matches(member, names, n=1)
    hint = f"did you mean {_shown(nearest[0])}? " if nearest else ""
    listed = ", ".join(map(_shown, names[:NAMES_SHOWN])) or "no file"
    more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    raise UserError(f"{where}: not in the archive; {hint}the archive has {listed}{more}")


def _check_entry(entry: zipfile.ZipInfo, packed_bytes: int, where: str) -> None:
    """Raise UserError if the header tells that a member must not be opened.

    Args:
        packed_bytes: compressed size of the member
    """
    if entry.is_dir():
        raise UserError(f"{where}: is a folder; name a file inside the archive")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise UserError(f"{where}: is a symbolic link; links in archives are not followed")
    if entry.flag_bits & 0x1:
        raise UserError(f"{where}: is encrypted; encrypted archives cannot be read")
    _check_caps(entry.file_size, packed_bytes, where)


def _check_caps(unpacked_bytes: int, packed_bytes: int, where: str) -> None:
    if unpacked_bytes > MAX_BYTES:
        raise UserError(
            f"{where}: unpacks to more than the {MAX_BYTES} bytes allowed; not a trusted archive"
        )
    if unpacked_bytes > MAX_RATIO * packed_bytes:
        raise UserError(
            f"{where}: unpacks to more than {MAX_RATIO} times its packed size "
            f"({packed_bytes} bytes), like a zip bomb; not a trusted archive"
        )


def _shown(name: str) -> str:
    # repr keeps control characters of a hostile name off the terminal.
    return repr(name if len(name) <= 100 else name[:99] + "…")


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


class _CappedReader(io.RawIOBase):
    """Reader of a decompressing source that counts bytes, since headers lie, and reports damage."""

    def __init__(self, source: IO[bytes] | gzip.GzipFile, where: str, packed_bytes: int):
        self._source = source
        self._where = where
        self._packed_bytes = packed_bytes
        self._unpacked_bytes = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            data = self._source.read(len(buffer))
        except (*DAMAGE, OSError) as error:
            raise UserError(
                f"{self._where}: truncated or damaged: {_line(error)}; "
                "delete the file and download it again"
            ) from error
        self._unpacked_bytes += len(data)
        _check_caps(self._unpacked_bytes, self._packed_bytes, self._where)
        buffer[: len(data)] = data
        return len(data)
