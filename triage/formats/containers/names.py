"""Names of members: what stands in a container is anybody's text, and is only ever printed, never used as a path."""

from triage.text.lazy import regex

_LONGEST = 200
_DRIVE = regex(r"[A-Za-z]:")
_SUFFIXES = {
    "gzip": (".gz", ".gzip", ".z"),
    "bzip2": (".bz2", ".bz"),
    "xz": (".xz",),
    "zstd": (".zst", ".zstd"),
}
_TARS = {".tgz": ".tar", ".tbz": ".tar", ".tbz2": ".tar", ".txz": ".tar", ".tzst": ".tar"}


def printable(name: str) -> str:
    r"""A stored name in one line, as a path below the container.

    Backslashes separate folders as slashes do; a root, a drive and `..` are dropped, since the name leads nowhere;
    control characters and those that turn the direction of writing become escapes (`\x1b`, `\u202e`).
    """
    path = _DRIVE.sub("", name[: 4 * _LONGEST].replace("\\", "/"), count=1)
    parts = [_escaped(part) for part in path.split("/") if part.strip() not in {"", ".", ".."}]
    text = "/".join(parts) or "unnamed"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def unpacked(name: str, kind: str) -> str:
    """What the content of a compressed file is called: `app.log.gz` holds `app.log`, `logs.tgz` holds `logs.tar`."""
    stem = name.rsplit("!", 1)[-1].replace("\\", "/").rsplit("/", 1)[-1]
    lowered = stem.lower()
    for suffix, follows in _TARS.items():
        if lowered.endswith(suffix):
            return stem[: -len(suffix)] + follows
    for suffix in _SUFFIXES.get(kind, ()):
        if lowered.endswith(suffix) and len(stem) > len(suffix):
            return stem[: -len(suffix)]
    return "content"


def _escaped(part: str) -> str:
    return "".join(sign if sign.isprintable() else _escape(sign) for sign in part)


def _escape(sign: str) -> str:
    code = ord(sign)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
