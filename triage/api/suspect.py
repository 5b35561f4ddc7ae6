"""Which module to look at first. Windows' own are where faults show, and seldom where they are made."""

from triage.facts.incident import UNKNOWN
from triage.facts.system_images import is_system
from triage.model.evidence import Incident


def suspect(incident: Incident) -> str | None:
    """The module that the text blames, or the first that is no part of Windows, or at last the one that faulted."""
    caused_by = incident.bugcheck.caused_by if incident.bugcheck is not None else None
    named = [caused_by, incident.faulting_module, *(frame.module for frame in incident.stack)]
    told = [name for name in named if name and name.lower() != UNKNOWN]
    return next((name for name in told if not is_system(name)), told[0] if told else None)
