"""The likely class of a fault from its codes and addresses, for crashes that no rule describes.

Pure: (exception or bug check, codes) -> Hint. What the classes are called, what they mean and which commands to run
stands in rules/codes; here is only how an address or a parameter decides between them.
"""

from triage.knowledge.codes import Codes
from triage.model.code import CodeEntry, Hint
from triage.model.evidence import BugCheck, ExceptionRecord

_NULL_PAGE = 0x1_0000  # Windows never maps the first 64 KiB, so a pointer below was zero plus a field's offset
_FIELD = 0x1000  # a field of a structure lies at most this far above the pointer that was filled
_LOW_LIMIT = 0xFFFF_FFFF
_FULL = (1 << 64) - 1
_USER_LIMIT = 0x8000_0000_0000  # x64: the first address that needs bit 47, where canonical user addresses end
_KERNEL_START = 0xFFFF_8000_0000_0000
_KERNEL_CLASSES = 40  # rules/codes/faults.yaml numbers the classes of kernel mode from here on
_USER_ONLY = (".ecxr", "gflags", "!heap", "dv", "!teb", "!address", "!runaway")
"""Commands that tell nothing in a dump of the kernel."""

_POINTER = frozenset({"access-violation", "memory-corruption", "driver-irql", "use-after-free"})
"""Classes that the address touched can make more exact."""


def likely_class(record: ExceptionRecord | BugCheck, codes: Codes) -> Hint | None:
    """What kind of fault this is, why, and the debugger commands to run next.

    None where the code is not known or says nothing about its cause.
    """
    if isinstance(record, ExceptionRecord):
        return _of_exception(record, codes)
    return _of_bugcheck(record, codes)


def _of_exception(record: ExceptionRecord, codes: Codes) -> Hint | None:
    entry = codes.exception(record.code)
    if entry is None or not entry.fault:
        return None
    because = [f"{record.code & 0xFFFF_FFFF:08x} {entry.name}"]
    fault = _decided_by_value(entry, record.parameters, because) or entry.fault
    target = _target(record, entry)
    if fault in _POINTER:
        fault = _by_address(target, record, codes, because) or fault
    _add_status(entry, record.parameters, codes, because)
    return _hint(codes.fault(fault), None, because, _values(entry, record.code, target, record.parameters))


def _of_bugcheck(check: BugCheck, codes: Codes) -> Hint | None:
    entry = None if check.code is None else codes.bugcheck(check.code)
    if entry is None and check.name:
        named = codes.named(check.name)
        entry = named if named is not None and named.kind == "bugcheck" else None
    if entry is None:
        return None
    because = [f"{entry.code:08x} {entry.name}"]
    fault = _decided_by_value(entry, check.parameters, because) or entry.fault or "kernel-stop"
    raised = _status(entry, check.parameters, codes)
    if raised is not None:
        because.append(f"parameter {entry.status_parameter} is {raised.name}")
        if fault == "driver-exception" and raised.fault not in {"", "access-violation"}:
            fault = raised.fault
    target = _parameter(entry.address_parameter, check.parameters)
    if fault in _POINTER:
        fault = _by_address(target, None, codes, because) or fault
    values = _values(entry, entry.code, target, check.parameters)
    lender = codes.fault(entry.fault or "kernel-stop")
    if lender is None or any(command.startswith(_USER_ONLY) for command in lender.commands):
        lender = codes.fault("kernel-stop")
    return _hint(codes.fault(fault), lender, because, values)


def _values(entry: CodeEntry, code: int, target: int | None, parameters: tuple[int, ...]) -> dict[str, int]:
    """What the placeholders of commands stand for; 0 is what a parameter holds that tells nothing."""
    decided = (value for value in entry.values if _parameter(value.parameter, parameters) == value.value)
    roles = entry.roles | next((value.roles for value in decided), {})
    values = {role: _parameter(position, parameters) or None for role, position in roles.items()}
    values |= {"address": target, "code": code, "status": _parameter(entry.status_parameter, parameters) or None}
    return {role: value for role, value in values.items() if value is not None}


def _filled(command: str, values: dict[str, int]) -> str:
    for role, value in values.items():
        command = command.replace(f"<{role}>", f"{value & _FULL:x}")
    return command


def _hint(fault: CodeEntry | None, kernel: CodeEntry | None, because: list[str], values: dict[str, int]) -> Hint | None:
    """The class as a hint; for a bug check, `kernel` lends its commands to a class that user mode shares."""
    if fault is None:
        return None
    lender = fault if kernel is None or fault.code >= _KERNEL_CLASSES else kernel
    return Hint(
        fault=fault.name,
        meaning=fault.meaning,
        because=tuple(because),
        commands=tuple(_filled(command, values) for command in lender.commands),
    )


def _decided_by_value(entry: CodeEntry, parameters: tuple[int, ...], because: list[str]) -> str:
    """The class that a parameter's value decides (trap 8 of stop 7F is a double fault); "" if none does."""
    for value in entry.values:
        if _parameter(value.parameter, parameters) == value.value:
            because.append(f"parameter {value.parameter} is {value.value:x}: {value.meaning}")
            return value.fault
    return ""


def _parameter(position: int | None, parameters: tuple[int, ...]) -> int | None:
    return None if position is None or position > len(parameters) else parameters[position - 1]


def _status(entry: CodeEntry, parameters: tuple[int, ...], codes: Codes) -> CodeEntry | None:
    """The status code that the entry says to stand in a parameter. 0 is success and small numbers are flags."""
    value = _parameter(entry.status_parameter, parameters)
    return None if value is None or value & 0xFFFF_FFFF < _NULL_PAGE else codes.exception(value)


def _add_status(entry: CodeEntry, parameters: tuple[int, ...], codes: Codes, because: list[str]) -> None:
    status = _status(entry, parameters, codes)
    if status is not None:
        because.append(f"parameter {entry.status_parameter} is {status.name}")


def _target(record: ExceptionRecord, entry: CodeEntry) -> int | None:
    return _parameter(entry.address_parameter, record.parameters) if record.target is None else record.target


def _by_address(target: int | None, record: ExceptionRecord | None, codes: Codes, because: list[str]) -> str:
    """The class that the touched address points to; "" where it says nothing."""
    if target is None:
        return ""
    target &= _FULL
    if target < _NULL_PAGE:
        because.append(f"address {target:08x} lies in the first 64 KiB")
        return "null-pointer"
    filled = _fill(target, codes)
    if filled is not None:
        because.append(f"address {target:08x} is {filled.name}")
        return filled.fault
    if _LOW_LIMIT - _FIELD < target <= _LOW_LIMIT or target >= (1 << 64) - _FIELD:
        because.append(f"address {target:x} is minus one or close to it")
        return "invalid-pointer"
    if _is_text(target):
        because.append(f"address {target:x} is made of text characters")
        return "overwritten-pointer"
    if _USER_LIMIT <= target < _KERNEL_START:
        because.append(f"address {target:x} is one that the processor cannot form")
        return "invalid-pointer"
    if record is not None and (record.access == "execute" or record.address == target):
        because.append(f"the code at {target:08x} itself could not be run")
        return "wild-call"
    return ""


def _fill(target: int, codes: Codes) -> CodeEntry | None:
    """The fill pattern that the address, or the pointer a field below it, consists of.

    32-bit pointers, and 64-bit ones whose two halves are alike (dddddddd`dddddddd). A pattern may lie up to a field's
    offset below the address, so the candidates are the values that repeat a byte or word of the address, and those
    that share its upper half; the tables decide.
    """
    low = target & _LOW_LIMIT
    high = target >> 32
    for pattern in _patterns(low):
        entry = codes.fill(pattern)
        if entry is not None and 0 <= low - pattern < _FIELD and high in {0, pattern}:
            return entry
    return None


def _patterns(value: int) -> tuple[int, ...]:
    upper = value >> 16
    odd = upper << 16
    # Words that repeat (feeefeee, cdcdcdcd); and the two markers whose halves differ (baadf00d, deadbeef).
    return (value, odd | upper, odd | 0xF00D, odd | 0xBEEF, odd - 0x10000 | upper - 1 if upper else value)


def _is_text(target: int) -> bool:
    """Whether all bytes of a 32-bit or 64-bit address are ASCII letters, digits or spaces."""
    characters = target.to_bytes(4 if target <= _LOW_LIMIT else 8, "little")
    return all(byte == 0x20 or (byte < 0x80 and chr(byte).isalnum()) for byte in characters)
