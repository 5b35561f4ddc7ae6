"""Whether the evidence is younger than an article: what is new since then cannot be what the article describes.

A crash of Windows 10 may look like one of Windows NT 4.0, down to the frames on its stack, and still be another fault.
"""

from triage.facts.names import image_stem
from triage.knowledge.pack import Pack
from triage.model.evidence import Evidence
from triage.model.rule import Rule

ADDRESS_32 = 0xFFFF_FFFF
USER_64 = 0x1_0000_0000_0000
"""Sign-extended 32-bit addresses begin above all 64-bit ones of programs."""


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
    for module in evidence.modules:
        years.append(young.get(image_stem(module.name), 0))
        if module.base is not None and ADDRESS_32 < module.base < USER_64:
            years.append(young.get("64-bit", 0))
    return max(years)


def is_younger(year: int, rule: Rule) -> bool:
    """Whether evidence of that year is younger than the article's last revision; unknown counts as no."""
    revised = rule.source.revised
    return revised is not None and revised[:4].isdigit() and int(revised[:4]) < year
