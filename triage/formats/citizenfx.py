"""The box that FiveM and RedM show when the game crashes, as Ctrl-C copies it, and its words in the game's log.

    [Window Title]
    Error Orchard_b2802.exe!sub_14163A90C (0x43)

    [Main Instruction]
    Orchard_b2802.exe!sub_14163A90C (0x43)

    [Content]
    An error at Orchard_b2802.exe!sub_14163A90C (0x43) caused FiveM to stop working. A crash report is being …

    Legacy crash hash: steak-carbon-finch
    Stack trace:
      Orchard_b2802.exe!sub_14163A90C (0x43)
      leaf-core.dll!rage::RunEntries (0x7e) (GameSkeleton.cpp:180)

    [Expanded Information]
    Crash signature: Orchard_b2802.exe+163A94F

    [    325610] [b2802_DumpServ]                21908/ Legacy Crash hash: steak-carbon-finch
    [    325610] [b2802_DumpServ]                21908/   Orchard_b2802.exe!sub_14163A90C (0x43)

Folklore: Windows names the parts of the box in its own language and the program says the sentences in the player's, so
only what stands behind the labels tells: a signature of image and offset, a hash of three words. Without a stack the
main instruction is the place alone (`Orchard+17AF9CF`). Players cut the box at either end. No code is printed.
Source: fivem, code/client/citicore/CrashHandler (the texts of its dialog).
"""

from triage.model.evidence import Frame, Incident, Lines, Message
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.reports import MAX_FRAMES, MAX_REPORTS, span

_STAMP = r"\[\s{0,12}\d{1,12}\] \[[^\[\]\n]{1,40}\]\s{1,40}[\w ]{1,40}/"
"""Ticks, process and thread, before every row of the log."""

_STAMPED = regex(_STAMP)
_MARK = rf"(?:{_STAMP})?[\s>*_`|-]{{0,12}}"
_SIGNATURE = regex(
    _MARK + r"[^\n:]{0,40}[Ss]ignatur[^\n:]{0,40}: ?(?P<module>[\w.$-]{1,80}?)\+(?P<offset>[0-9A-F]{1,8})\s{0,4}"
)
_HASH = regex(_MARK + r"[^\n:]{3,40}\s?: ?[a-z]{3,20}-[a-z]{3,20}-[a-z]{3,20}\s{0,4}")
_FRAME = regex(
    _MARK + r"(?P<module>[\w.$-]{1,80}\.\w{2,4})!(?P<function>[^\s(][^\n]{0,300}?) \((?P<offset>0x[0-9a-f]{1,8})\)"
    r"(?: \((?P<file>[^()\n:]{1,200}):(?P<line>\d{1,7})\))?\s{0,4}"
)
_PLACE = regex(_MARK + r"(?P<module>[\w.$-]{1,80})\+(?P<offset>[0-9A-F]{3,8})\s{0,4}")
_REACH = 120
"""Rows of one box."""

_BELOW = 4
"""Rows from the signature on that are the box's: its report, and what the keys do."""

WORDS = ("crash signature: ", "crash hash", "signature du crash", "hachage de crash")


def read(text: Text) -> Reading:
    """Every box is one incident, told by its signature or its hash."""
    incidents: list[Incident] = []
    claimed: list[Lines] = []
    done = -1
    for index in text.holding(WORDS):
        row = text.rows[index][:300]
        if index <= done or len(incidents) >= MAX_REPORTS:
            continue
        if _SIGNATURE.fullmatch(row) is None and _HASH.fullmatch(row) is None:
            continue
        found = _box(text, index, done)
        if found is not None:
            incident, done = found
            incidents.append(incident)
            claimed.append(incident.lines)
    return Reading(incidents=tuple(incidents), claimed=tuple(claimed))


def _box(text: Text, index: int, done: int) -> tuple[Incident, int] | None:
    """The box around a row of it, and its last row; None where neither a place nor a frame is told."""
    module, offset, first, last = None, None, index, index
    frames: list[Frame] = []
    above = range(index - 1, max(done, index - _REACH), -1)
    for at in above:
        row = text.rows[at][:500]
        if module is None and not frames and (place := _PLACE.fullmatch(row)) is not None:
            module, offset, first = place["module"], int(place["offset"], 16), at
        elif row.startswith("[") and _STAMPED.match(row) is None:
            first = at
    for at in range(first, min(len(text.rows), index + _REACH)):
        row = text.rows[at][:500]
        if (signed := _SIGNATURE.fullmatch(row)) is not None:
            module, offset, last = signed["module"], int(signed["offset"], 16), max(last, at)
            while last + 1 < min(len(text.rows), at + _BELOW) and text.rows[last + 1].strip():
                last += 1
            break
        if (frame := _FRAME.fullmatch(row)) is not None and len(frames) < MAX_FRAMES:
            source = None if frame["file"] is None else f"{frame['file']}:{frame['line']}"
            one = Frame(
                module=frame["module"],
                function=frame["function"],
                offset=int(frame["offset"], 16),
                source=source,
                lines=span(text, at, at),
            )
            if len(frames) == 1 and _same(frames[0], one):
                # The main instruction above names the first frame, too.
                frames.clear()
            frames.append(one)
            last = max(last, at)
    if module is None and not frames:
        return None
    module = module or frames[0].module
    here = span(text, first, last)
    return (
        Incident(
            kind="exception",
            lines=here,
            stack=tuple(frames),
            faulting_module=module,
            faulting_offset=offset,
            messages=(
                Message(" ".join(_STAMPED.sub("", text.rows[index][:400]).split())[:200], span(text, index, index)),
            ),
        ),
        last,
    )


def _same(one: Frame, other: Frame) -> bool:
    return (one.module, one.function, one.offset) == (other.module, other.function, other.offset)
