"""What people call things: "W2K", "NT4 SP5", "GPF" in a description mean what articles write out."""

from collections.abc import Mapping

from msgspec.structs import replace

from triage.model.evidence import Incident, Message
from triage.text.lazy import regex

_WORD = regex(r"[a-z0-9][a-z0-9.+-]{0,30}")
LONGEST = 3
"""Words of the longest nickname ("blue screen", "nt 4 sp5")."""


def spelled_out(incident: Incident, nicknames: Mapping[str, str]) -> Incident:
    """A description with the meaning of its nicknames as context: a help, but not what was said. Other incidents as
    they are."""
    if incident.kind != "prose":
        return incident
    words = [word for message in incident.messages for word in _WORD.findall(message.text.lower())]
    runs = {" ".join(words[start : start + size]) for size in range(1, LONGEST + 1) for start in range(len(words))}
    meant = [nicknames[run] for run in sorted(runs) if run in nicknames]
    return replace(incident, context=(*incident.context, Message("; ".join(meant)))) if meant else incident
