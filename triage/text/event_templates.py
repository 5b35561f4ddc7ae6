"""What the descriptions of crash events say, with places for their insertion strings.

An event log file holds the strings only; the words around them are in the message file of the event's source, on the
machine that wrote the log. Of these few events the words are put back, so that the readers of descriptions understand
them. `{0}` is the first string.
Sources: message tables of drwtsn32.exe, savedump.exe, faultrep.dll, services.exe and ntdll.dll of Windows NT 4.0 to XP.
"""

from collections.abc import Sequence

TEMPLATES: dict[tuple[str, int], str] = {
    ("drwatson", 4097): (
        "The application, {0}, generated an application error The error occurred on {1} @ {2} The exception generated "
        "was {3} at address {4} ({5})"
    ),
    (
        "save dump",
        1001,
    ): "The computer has rebooted from a bugcheck. The bugcheck was: {0}. {1}. A dump was saved in: {2}.",
    ("system error", 1003): "Error code {0}, parameter1 {1}, parameter2 {2}, parameter3 {3}, parameter4 {4}.",
    ("application error", 1000): (
        "Faulting application {0}, version {1}, faulting module {2}, version {3}, fault address {4}."
    ),
    ("application hang", 1002): (
        "Hanging application {0}, version {1}, hang module {2}, version {3}, hang address {4}."
    ),
    ("application popup", 26): "Application popup: {0} : {1}",
    ("service control manager", 7000): "The {0} service failed to start due to the following error: {1}",
    ("service control manager", 7023): "The {0} service terminated with the following error: {1}",
    ("service control manager", 7024): "The {0} service terminated with service-specific error {1}.",
    ("service control manager", 7031): (
        "The {0} service terminated unexpectedly. It has done this {1} time(s). The following corrective action will "
        "be taken in {2} milliseconds: {3}."
    ),
    ("service control manager", 7034): "The {0} service terminated unexpectedly. It has done this {1} time(s).",
}

_MOST_STRINGS = 8


def description(source: str, number: int, strings: Sequence[str]) -> str | None:
    """The description of a known event; None for others, and where a string of it is missing.

    Application Error 1000 has five strings up to Windows Server 2003; the nine of later systems are told apart by that.
    """
    template = TEMPLATES.get((source.lower(), number))
    if template is None or (number == 1000 and len(strings) > _MOST_STRINGS):
        return None
    try:
        return template.format(*strings[:_MOST_STRINGS])
    except IndexError:
        return None
