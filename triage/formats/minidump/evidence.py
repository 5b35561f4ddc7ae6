"""What of a minidump is evidence of a crash."""

from triage.formats.binary.addresses import Addresses
from triage.formats.minidump.layout import ExceptionStream, Minidump
from triage.model.evidence import NO_LINES, Damage, Evidence, ExceptionRecord, Incident, Message, Process

_SPEAKING = ("abort", "assert", "error", "exception", "fatal", "message", "panic", "reason")
"""Words in an annotation's name that tell that its value is what the failing program said."""


def evidence_of(dump: Minidump, addresses: Addresses) -> Evidence:
    """The Evidence of a minidump. The exception's address decides the faulting module, else the first frame."""
    warnings = list(dump.warnings)
    if dump.platform not in (None, "windows"):
        warnings.append(
            Damage(NO_LINES, f"a process of {dump.platform}, not of Windows: the exception code is that system's")
        )
    return Evidence(
        format="minidump",
        incidents=() if dump.exception is None else (_incident(dump, dump.exception, addresses),),
        modules=dump.modules + dump.unloaded,
        system=dump.system,
        warnings=tuple(warnings),
    )


def _incident(dump: Minidump, exception: ExceptionStream, addresses: Addresses) -> Incident:
    # Elsewhere than on Windows the exception's address is the one that could not be reached, not that of the code.
    address = exception.address if dump.platform in (None, "windows") else _first(dump)
    module = addresses.module(address) if address is not None else None
    offset = address - module.base if module is not None and module.base is not None and address is not None else None
    said = [Message(value) for name, value in dump.annotations if _speaks(name)]
    if dump.assertion:
        said.insert(0, Message(dump.assertion))
    return Incident(
        kind="exception",
        process=Process(name=dump.process, pid=dump.pid) if dump.process else None,
        exception=ExceptionRecord(
            code=exception.code,
            address=exception.address,
            access=exception.access,
            target=exception.target,
            parameters=exception.parameters,
        ),
        stack=dump.stack,
        faulting_module=module.name if module is not None else None,
        faulting_offset=offset,
        messages=tuple(said),
        context=(
            *(Message(text) for text in dump.comments),
            *(Message(f"{name}: {value}") for name, value in dump.annotations if not _speaks(name)),
        ),
    )


def _first(dump: Minidump) -> int | None:
    return dump.stack[0].address if dump.stack else None


def _speaks(name: str) -> bool:
    """Whether an annotation is a message: its name says so, or it has none (a line of a module's own list)."""
    lowered = name.lower()
    return not name or any(word in lowered for word in _SPEAKING)
