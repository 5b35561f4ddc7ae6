"""Which format a source is read as, and why: what `triage formats` tells."""

from msgspec import Struct

from triage.errors import SourceError
from triage.formats import LANDMARKS, lines_in, readings
from triage.formats.binaries import binary_format, read_binary
from triage.formats.binary import Data
from triage.model.evidence import Evidence
from triage.text.decode import BINARY
from triage.text.windows import SMALL, read_source


class Claim(Struct, frozen=True, kw_only=True):
    """What one format made of a text: the landmarks that it was asked for, and what it read."""

    format: str
    landmarks: tuple[str, ...]
    lines: int = 0
    incidents: int = 0
    modules: int = 0


class Identity(Struct, frozen=True, kw_only=True):
    """How a source is read. `magic` are the first bytes that told a binary format, in hexadecimal.

    `containers` are those that the source was taken from, the outermost first. `claims` are of all formats that were
    asked, in their order; the one that read most lines gives the source its format. `part` is how many bytes of a
    large source were looked at, `fault` why nothing could be read.
    """

    path: str
    format: str
    bytes: int
    containers: tuple[str, ...] = ()
    encoding: str | None = None
    magic: str | None = None
    rows: int = 0
    claims: tuple[Claim, ...] = ()
    incidents: int = 0
    modules: int = 0
    part: int | None = None
    fault: str | None = None


def identify(data: Data, path: str, containers: tuple[str, ...] = ()) -> Identity:
    """How the source would be read; of a text of more than 8 MiB, how its first 8 MiB would be."""
    entry = binary_format(data)
    if entry is not None:
        magic = next(magic for magic in entry.magic if bytes(data[: len(magic)]) == magic)
        fault = None
        evidence = Evidence(format=entry.name)
        try:
            evidence = read_binary(entry, data)
        except SourceError as error:
            fault = error.message
        return Identity(
            path=path,
            format=entry.name,
            bytes=len(data),
            containers=containers,
            encoding=BINARY,
            magic=magic.hex(" "),
            incidents=len(evidence.incidents),
            modules=len(evidence.modules),
            fault=fault,
        )
    source = read_source(bytes(data[:SMALL]), LANDMARKS)
    most, name = 0, source.encoding if source.encoding == BINARY else "text"
    claims: list[Claim] = []
    for known, reading, _ in readings(source.text, source.landmarks):
        claimed = lines_in(reading)
        if claimed > most and (reading.incidents or reading.modules):
            most, name = claimed, known.name
        claims.append(
            Claim(
                format=known.name,
                landmarks=tuple(landmark for landmark in known.landmarks if landmark in source.landmarks),
                lines=claimed,
                incidents=len(reading.incidents),
                modules=len(reading.modules),
            )
        )
    return Identity(
        path=path,
        format=name,
        bytes=len(data),
        containers=containers,
        encoding=source.encoding,
        rows=len(source.text),
        claims=tuple(claims),
        incidents=sum(claim.incidents for claim in claims),
        modules=sum(claim.modules for claim in claims),
        part=SMALL if len(data) > SMALL else None,
    )
