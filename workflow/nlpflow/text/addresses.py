"""Addresses of files: where a download is stored below data/raw/, and where a local file lies."""

import os
from ipaddress import IPv6Address
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from nlpflow.errors import UserError

DEFAULT_PORTS = (None, 80, 443)
"""Ports that are left out of the path."""


def raw_path(address: str) -> str:
    """Path of a download below data/raw/ (and below a mirror folder): `<host>/<path>`.

    Different spellings of one address give the same path: http or https, with or without the
    default port, a host in capitals or with a final dot, percent-encoding. Any other port is part
    of the path.

    Raises:
        UserError: it is not an http(s) address of a file, or its path could leave the folder.
    """
    parts = _split(address)
    try:
        segments = [unquote(part, errors="strict") for part in parts.path.split("/")[1:]]
    except UnicodeDecodeError as error:
        raise UserError(f"address {address!r}: its percent-encoding is not UTF-8") from error
    port = "" if parts.port in DEFAULT_PORTS else f":{parts.port}"
    names = [f"{_host(address, parts)}{port}", *segments]
    if any(_is_unsafe(name) for name in names):
        raise UserError(
            f"address {address!r}: each part of the path must be a plain name; "
            "'..', '.', empty parts, encoded slashes and control characters are refused"
        )
    return "/".join(names)


def own_file(path: str, root: Path) -> Path:
    """The path of a local file: in the project if it exists there, else in the working folder.

    Args:
        path: relative, or absolute and then taken as it is
        root: the project's folder
    """
    in_project = root / path
    return in_project if os.path.exists(in_project) else Path(path)


def _split(address: str) -> SplitResult:
    # urlsplit silently drops line breaks and tabs, so they are checked first.
    if not address.isprintable() or " " in address:
        raise UserError(f"address {address!r}: it has white space or a control character")
    try:
        parts = urlsplit(address)
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise UserError(f"address {address!r}: not a valid address: {error}") from error
    if parts.scheme not in ("http", "https"):
        raise UserError(f"address {address!r}: only http:// and https:// can be downloaded")
    if not has_host:
        raise UserError(f"address {address!r}: it has no host")
    if "@" in parts.netloc:
        raise UserError(f"address {address!r}: it must not have a user name or password")
    if "?" in address or "#" in address:
        raise UserError(
            f"address {address!r}: it has a query or fragment; give the address of a file"
        )
    if parts.path in ("", "/"):
        raise UserError(f"address {address!r}: it names no file")
    return parts


def _host(address: str, parts: SplitResult) -> str:
    host = (parts.hostname or "").removesuffix(".")
    try:
        if ":" in host:
            return f"[{IPv6Address(host)}]"
    except ValueError as error:
        raise UserError(f"address {address!r}: not a valid address: {error}") from error
    if not host.isascii() or "%" in host:
        raise UserError(
            f"address {address!r}: the host has characters beyond ASCII; write it as browsers send "
            "it, xn--..."
        )
    return host


def _is_unsafe(name: str) -> bool:
    return name in ("", ".", "..") or "/" in name or "\\" in name or not name.isprintable()
