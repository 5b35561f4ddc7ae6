"""Whether the evidence is younger than an article: what is new since then cannot be what the article describes.

A crash of Windows 10 may look like one of Windows NT 4.0, down to the frames on its stack, and still be another fault.
"""

from collections.abc import Iterator
from typing import Final

from triage.facts.incident import is_status
from triage.facts.names import image_stem
from triage.knowledge.pack import Pack
from triage.model.evidence import Evidence, Incident
from triage.model.rule import Rule

_PROVIDER: Final = "microsoft-windows-"
"""How the names of Windows' own event providers begin since Windows Vista."""

_PROGRAM: Final = 0x1
_LIBRARIES: Final = range(0x7F0, 0x8000)
_KERNEL: Final = range(0xFFFF_8000, 0xFFFF_FFFF)
_EXTENDED: Final = 0xFFFF_FFFF
"""Upper halves of the addresses that 64-bit systems give (programs 0x1`40000000, their libraries 0x7ff8`…, the kernel
fffff801`…), and of sign-extended values of 32 bits. Other halves are of a digit too many: `0xba8151374`."""


def year_of(evidence: Evidence, pack: Pack) -> int:
    """The earliest year in which the source can have been written, by its system, images and form; 0 if it could be
    any."""
    young = pack.weights.era.since
    years = [young.get(f"format {evidence.format}", 0)]
    system = pack.products.for_system(evidence.system)
    if system is not None and system.released is not None:
        years.append(int(system.released[:4]))
    for incident in evidence.incidents:
        names = {image_stem(frame.module) for frame in incident.stack if frame.module}
        names |= {image_stem(name) for name in (incident.faulting_module,) if name}
        years += [young.get(name, 0) for name in names]
    years += [young.get(image_stem(module.name), 0) for module in evidence.modules]
    providers = (incident.event.source or "" for incident in evidence.incidents if incident.event is not None)
    if any(provider.lower().startswith(_PROVIDER) for provider in providers):
        years.append(young.get("event provider", 0))
    if any(map(_is_64_bit, _addresses(evidence))) or any(map(_is_extended, evidence.incidents)):
        years.append(young.get("64-bit", 0))
    return max(years)


def _addresses(evidence: Evidence) -> Iterator[int | None]:
    yield from (module.base for module in evidence.modules)
    for incident in evidence.incidents:
        if incident.bugcheck is not None:
            yield from incident.bugcheck.parameters
        if incident.exception is not None:
            yield from (incident.exception.address, incident.exception.target)
        yield from (frame.address for frame in incident.stack)
        yield from (address.value for address in incident.addresses)


def _is_64_bit(address: int | None) -> bool:
    half = 0 if address is None else address >> 32
    return half == _PROGRAM or half in _LIBRARIES or half in _KERNEL


def _is_extended(incident: Incident) -> bool:
    """Whether a stop's parameter is a status in 64 bits: `Arg1: ffffffffc0000005`.

    Addresses say nothing: debuggers of Windows 2000 extended those of 32-bit systems, too (ffffffff`b80000ff).
    """
    parameters = () if incident.bugcheck is None else incident.bugcheck.parameters
    return any(value >> 32 == _EXTENDED and is_status(value & 0xFFFF_FFFF) for value in parameters)


def is_younger(year: int, rule: Rule) -> bool:
    """Whether evidence of that year is younger than the article's last revision; unknown counts as no."""
    revised = rule.source.revised
    return revised is not None and revised[:4].isdigit() and int(revised[:4]) < year
