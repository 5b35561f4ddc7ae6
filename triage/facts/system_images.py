"""Images of Windows and of run-time libraries: where faults show, and seldom where they are made."""

from triage.facts.names import image_stem
from triage.text.lazy import regex

SYSTEM_IMAGES = frozenset({
    "nt", "ntoskrnl", "ntkrnlmp", "ntkrnlpa", "ntkrpamp", "hal", "halaacpi", "halacpi", "halmacpi", "win32k",
    "win32kbase", "win32kfull", "ntdll", "wow64", "wow64cpu", "wow64win", "kernel32", "kernelbase", "user32", "gdi32",
    "gdi32full", "win32u", "advapi32", "sechost", "rpcrt4", "ole32", "combase", "oleaut32", "shell32", "shlwapi",
    "comctl32", "msvcrt", "msvcrtd", "crtdll", "ucrtbase", "ucrtbased", "vcruntime140", "msvcp140", "mfc42", "verifier",
    "vrfcore", "apphelp", "csrsrv", "krnl386", "gdi", "user", "kernel", "vmm", "fltmgr", "ndis", "wdf01000", "clr",
    "coreclr", "mscorwks", "mscoree",
})  # fmt: skip
"""Their stems in lower case, by the name that debuggers give them."""

_RUNTIME = regex(r"(?:msvc[rp]\d{2,3}d?|mfc\d{2,3}u?d?|vcruntime\d{3}|msvbvm\d\d)\Z")


def is_system(name: str) -> bool:
    """Whether an image's name, with or without path and extension, is one of Windows or of a run-time library."""
    stem = image_stem(name)
    return stem in SYSTEM_IMAGES or _RUNTIME.match(stem) is not None
