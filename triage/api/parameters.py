"""What the parameters of a bug check mean, with the values of this incident."""

from triage.knowledge.codes import Codes
from triage.model.code import CodeEntry
from triage.model.evidence import BugCheck
from triage.model.report import ParameterInfo

_STATUS_FROM = 0x1_0000  # smaller values are flags and Win32 errors, which no parameter of this kind holds
_MASK = 0xFFFF_FFFF_FFFF_FFFF
_MASK_32 = 0xFFFF_FFFF


def parameters_of(bugcheck: BugCheck | None, codes: Codes) -> tuple[ParameterInfo, ...]:
    """One entry for each parameter that is printed; none where the code's parameters are not told in the knowledge."""
    entry = None if bugcheck is None or bugcheck.code is None else codes.bugcheck(bugcheck.code)
    if bugcheck is None or entry is None or not (entry.parameters or entry.values):
        return ()
    return tuple(
        ParameterInfo(
            value=_hex(value),
            meaning=entry.parameters[place - 1] if place <= len(entry.parameters) else "",
            says=_says(place, value, entry, codes),
        )
        for place, value in enumerate(bugcheck.parameters, 1)
    )


def _says(place: int, value: int, entry: CodeEntry, codes: Codes) -> str:
    told = next((known.meaning for known in entry.values if (known.parameter, known.value) == (place, value)), "")
    if told:
        return told
    if place == entry.status_parameter and value & _MASK_32 >= _STATUS_FROM:
        status = codes.exception(value)
        return "" if status is None else status.name
    return ""


def _hex(value: int) -> str:
    value &= _MASK
    return f"{value:08x}" if value <= _MASK_32 else f"{value:016x}"
