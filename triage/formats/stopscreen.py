"""Stop screens of Windows NT 3.1 to 11, typed or pasted."""

from triage.model.evidence import ExceptionRecord, Incident
from triage.text.format import Reading
from triage.text.lines import Text
from triage.text.stop import StopScreen, read_stop_screens
from triage.text.stop_tables import read_drivers, read_screen_system


def incident_of(screen: StopScreen) -> Incident:
    """The incident of a stop screen. Where a system process ended (c000021a), its status is the exception."""
    status = screen.status
    return Incident(
        kind="bugcheck",
        lines=screen.lines,
        bugcheck=screen.bugcheck,
        exception=None if status is None else ExceptionRecord(code=status, lines=screen.lines),
        faulting_module=screen.driver,
        faulting_offset=screen.offset,
        messages=screen.messages,
    )


def read(text: Text) -> Reading:
    """Every stop screen is one incident; its driver table gives modules, its processor line the build."""
    screens = read_stop_screens(text)
    if not screens:
        return Reading()
    modules, tables = read_drivers(text)
    return Reading(
        incidents=tuple(incident_of(screen) for screen in screens),
        modules=modules,
        system=read_screen_system(text),
        claimed=(*(screen.lines for screen in screens), *tables),
    )
