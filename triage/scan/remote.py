"""Sources by address (`s3://`, `az://`, `smb://`, `memory://`) through fsspec, an extra."""

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import Any, BinaryIO, cast

from triage.errors import SourceError
from triage.text.lazy import regex

_URL = regex(r"[a-z][a-z0-9+.-]{1,20}(?:::[a-z][a-z0-9+.-]{1,20}){0,4}://")


def is_url(text: str) -> bool:
    """Whether the text is an address and no path: `C:\\logs` and `c:/logs` are paths."""
    return _URL.match(text) is not None


def files(url: str) -> Iterator[tuple[str, str]]:
    """Address and path below `url` (with `/`; empty where `url` is the file itself) of every file, by name."""
    system, path = _system(url)
    if system.isfile(path):
        yield url, ""
        return
    if not system.isdir(path):
        raise SourceError("no such file or folder", path=url)
    root = path.rstrip("/")
    found = system.find(path)
    for name in sorted(found, key=lambda one: one.split("/")):
        yield system.unstrip_protocol(name), name[len(root) :].lstrip("/")


def stat(url: str) -> tuple[int, float | None]:
    """Size, and time of the last change where the storage tells it."""
    system, path = _system(url)
    size = system.info(path).get("size") or 0
    try:
        changed = system.modified(path)
    except (NotImplementedError, KeyError):
        changed = None
    return size, changed.timestamp() if isinstance(changed, datetime) else None


def opened(url: str) -> BinaryIO:
    """The file at the address, to be read and sought in."""
    system, path = _system(url)
    file = system.open(path, "rb")
    if isinstance(file, BytesIO):  # of `memory://`, which gives the same file, with one position, to all who open it
        return BytesIO(file.getvalue())
    return cast("BinaryIO", file)


def _system(url: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise SourceError("addresses need the extra `remote`: pip install 'crash-triage[remote]'", path=url) from error
    try:
        return cast("tuple[Any, str]", url_to_fs(url))
    except (ImportError, ValueError) as error:  # a kind of storage that is unknown, or whose package is missing
        raise SourceError(f"cannot be opened: {error}", path=url) from error
