"""Which module to look at first. Windows' own are where faults show, and seldom where they are made."""

from triage.model.evidence import Incident
from triage.text.lazy import regex

SYSTEM_MODULES = frozenset({
    "nt", "ntoskrnl", "ntkrnlmp", "ntkrnlpa", "ntkrpamp", "hal", "halaacpi", "halacpi", "halmacpi", "win32k",
    "win32kbase", "win32kfull", "ntdll", "wow64", "wow64cpu", "wow64win", "kernel32", "kernelbase", "user32", "gdi32",
    "gdi32full", "win32u", "advapi32", "sechost", "rpcrt4", "ole32", "combase", "oleaut32", "shell32", "shlwapi",
    "comctl32", "msvcrt", "msvcrtd", "crtdll", "ucrtbase", "ucrtbased", "vcruntime140", "msvcp140", "mfc42", "verifier",
    "vrfcore", "apphelp", "csrsrv", "krnl386", "gdi", "user", "kernel", "vmm", "fltmgr", "ndis", "wdf01000", "clr",
    "coreclr", "mscorwks", "mscoree",
})  # fmt: skip
"""Modules of Windows and of run-time libraries, in lower case, by the name that debuggers give them."""

_RUNTIME = regex(r"(?:msvc[rp]\d{2,3}d?|mfc\d{2,3}u?d?|vcruntime\d{3}|msvbvm\d\d)\Z")


def suspect(incident: Incident) -> str | None:
    """The module that the text blames, or the first that is no part of Windows, or at last the one that faulted."""
    caused_by = incident.bugcheck.caused_by if incident.bugcheck is not None else None
    named = [caused_by, incident.faulting_module, *(frame.module for frame in incident.stack)]
    told = [name for name in named if name]
    return next((name for name in told if not is_system(name)), told[0] if told else None)


def is_system(name: str) -> bool:
    """Whether a module's name, with or without path and extension, is one of Windows or of a run-time library."""
    base = name.replace("/", "\\").rpartition("\\")[2].lower()
    stem = base.rpartition(".")[0] if base.endswith((".exe", ".dll", ".sys", ".drv")) else base
    return stem in SYSTEM_MODULES or _RUNTIME.match(stem) is not None
