"""Windows Error Reporting: Report.wer, its XML files, and the problem details that its dialogs show."""

import re

from triage.model.evidence import BugCheck, ExceptionRecord, Incident, Message, Process
from triage.text.format import Reading
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.modules_names import loaded_name
from triage.text.numbers import status
from triage.text.reports import image, number, span
from triage.text.wer import CRASHES, Signature, fitting_name, read_problems

_CLR_EXCEPTION = 0xE0434352
"""What a .NET exception that nobody handles is to the system; the CLR20r3 signature does not print it."""


_PATCHED = regex(r"PCH_[0-9A-F]{1,4}_FROM_(?P<module>[\w.-]{1,60})\+(?P<offset>0x[0-9a-f]{1,16})", re.IGNORECASE)
"""`PCH_B1_FROM_ntdll+0x00000000000911FA`: where the stack of a module that Windows names by a hash (`StackHash_1a2b`)
came from."""

_HASHED = "stackhash_"

_PLAIN = frozenset({"APPCRASH", "BlueScreen", "crash"})
"""Names that say nothing beyond what the incident's own fields say."""


def incident_of(signature: Signature, text: Text) -> Incident | None:
    """The incident of a problem signature; None for events that are no crash (updates, setup)."""
    name = fitting_name(signature)
    if name is None:
        return None
    values = {key: signature.parameters.get(at, "") for key, at in CRASHES[name].items()}
    lines = span(text, *signature.rows)
    bugcheck = _bugcheck(values, signature, lines)
    code = _CLR_EXCEPTION if name == "CLR20r3" else status(number(values.get("code")))
    named = image(values.get("module"))
    module = None if named is None else loaded_name(named)
    offset = number(values.get("offset"))
    if (patched := _PATCHED.fullmatch(values.get("offset", "").strip())) is not None:
        offset = int(patched["offset"], 16)
        module = patched["module"] if module is None or module.lower().startswith(_HASHED) else module
    process = image(values.get("process")) or _process(signature)
    gone = "" if named is None or named == module else named
    said = " ".join(part for part in (name, values.get("type", ""), gone) if part)
    return Incident(
        kind="bugcheck" if bugcheck is not None else "message" if code is None and not module else "exception",
        lines=lines,
        process=None if process is None else Process(name=process, pid=_pid(signature)),
        exception=None if code is None or bugcheck is not None else ExceptionRecord(code=code, lines=lines),
        bugcheck=bugcheck,
        faulting_module=module,
        faulting_offset=offset,
        messages=(Message(said, lines),) if said not in _PLAIN else (),
    )


def _bugcheck(values: dict[str, str], signature: Signature, lines: tuple[int, int]) -> BugCheck | None:
    fields = signature.fields
    code = number(fields.get("BCCode")) if "BCCode" in fields else number(values.get("stop"))
    if code is None or code > 0xFFFFFFFF:
        return None
    printed = [fields.get(f"BCP{at}") or signature.parameters.get(at + 1) for at in range(1, 5)]
    parameters = tuple(value for one in printed if (value := number(one)) is not None)
    return BugCheck(code=code, parameters=parameters, lines=lines)


def _process(signature: Signature) -> str | None:
    """The program where the signature's own name of it is lost; NsAppName and AppPath name it, too."""
    keys = ("ImageName", "NsAppName", "OriginalFilename", "AppPath", "UI[2]")
    return next((name for key in keys if (name := image(signature.fields.get(key)))), None)


def _pid(signature: Signature) -> int | None:
    pid = signature.fields.get("Pid", "")
    return int(pid) if pid.isdecimal() and len(pid) < 10 else None


def read(text: Text) -> Reading:
    """Every problem signature is one incident; LoadedModule rows are the modules, OsInfo and OS version the system."""
    problems = read_problems(text)
    found = (incident_of(signature, text) for signature in problems.signatures)
    return Reading(
        incidents=tuple(incident for incident in found if incident is not None),
        modules=problems.modules,
        system=problems.system,
        claimed=problems.claimed,
    )
