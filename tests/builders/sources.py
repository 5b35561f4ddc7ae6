"""Text as a reader of a format gets it: decoded, repaired, and only where one of its landmarks stands in it."""

from triage.model.evidence import Incident
from triage.text.format import Format, Reading
from triage.text.repair import repair


def reading(source: Format, text: str) -> Reading:
    """What the format reads of `text`; fails where no landmark would lead to the format."""
    repaired = repair(text, "utf-8")
    assert any(landmark in repaired.lower for landmark in source.landmarks), "no landmark leads to the reader"
    return source.read(repaired)


def only_incident(source: Format, text: str) -> Incident:
    """The one incident that the format reads of `text`."""
    (incident,) = reading(source, text).incidents
    return incident


def frames(incident: Incident, count: int = 3) -> list[str]:
    """The first frames as people write them: module!function, module+offset, or a bare address."""
    told = []
    for frame in incident.stack[:count]:
        if frame.function is not None:
            told.append(f"{frame.module}!{frame.function}" if frame.module else frame.function)
        elif frame.offset is not None:
            told.append(f"{frame.module}+{frame.offset:x}")
        else:
            told.append(f"{frame.address:x}")
    return told
