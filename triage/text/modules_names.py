"""Where the path of an image ends, and what the image is called."""

import re

from triage.text.lazy import regex

# Endings of images that debuggers list: programs, libraries, drivers, and the libraries that go by other names.
_ENDINGS = (
    "acm|acf|ax|asi|apl|bpl|cpl|com|dll|dpl|drv|ds|exe|efi|fon|flt|hal|ime|inf|jit|lib|lng|mdl|mui|ni|nls|node|"
    "ocx|olb|pyd|ppl|rll|rs|scr|sig|spl|spi|sys|tlb|tsp|uce|vdm|vst|vxd|wpc|xll|386"
)
_IMAGE_END = regex(rf"\.(?:{_ENDINGS})(?=[\s\"'<,;)\]]|$)", re.IGNORECASE)
_ANY_ENDING = regex(r"\.\w{1,5}$")
_NO_PART_OF_PATH = regex(r"[*?\"<>|]|:(?![\\/])|^\s*(?:\(|[0-9a-fA-F]{8}\s|ModLoad|First chance|This exception)")
# What debuggers print next, seen run together with a row whose name has no ending.
_NEXT_MESSAGE = regex(
    r"(?<=\s)(?:\([0-9a-fA-F]{1,5}\.[0-9a-fA-F]{1,5}\):|\*{3}\s|Access violation|Break(?:point| instruction)"
    r"|Unknown exception|First chance|C\+\+ EH exception|\d{1,3}:\d{3}>|Unload module|Exit thread|Create thread)",
    re.IGNORECASE,
)
FULL_WIDTHS = frozenset({79, 80, 120, 132})
"""A row of this length was cut by a screen, between any two characters; others were wrapped at a blank."""

UNLOADED = "_unloaded"
# ntdll_77b00000: of two modules with one name the debugger calls the second by its base, too. A program of 32 bits on
# Windows of 64 has two of ntdll, so all its stacks end in that name.
_BASED = regex(r"(?<=[^_])_[0-9a-f]{2,8}0000$")
_DRIVE_ONLY = regex(r"[A-Za-z]:(?![\\/])")
_LOST_FOLDERS = regex(
    r"winnt(?:35|40)?|windows|system32|syswow64|system|drivers|program files(?: \(x86\))?|common files|exchsrvr|bin",
    re.IGNORECASE,
)


def loaded_name(name: str) -> str:
    """The module's name without what Windows puts behind that of one that was gone: `ledger.dll_unloaded`."""
    return name[: -len(UNLOADED)] if name.lower().endswith(UNLOADED) else name


def without_base(name: str) -> str:
    """The module's name without its base, which a debugger puts behind the name of the second of two."""
    return name if not name.endswith("0000") else _BASED.sub("", name)


def end_of_path(text: str) -> int | None:
    """Where the first image name of `text` ends, or None where no ending is known."""
    found = _IMAGE_END.search(text)
    return None if found is None else found.end()


def read_path(rows: list[str], lead: int = 0) -> tuple[str, int, int]:
    """The path that starts `rows[0]`: the path with wraps joined, the index of its last row, its end in that row.

    `lead` counts the characters that stand before `rows[0]` on its line.

    Situation: mail programs wrap "C:\\Program" / "Files\\Foo\\foo.dll"; articles run rows together, so that the text of
    the next message follows the name on its line. A name with an ending that nobody knows takes its whole line.
    """
    path = rows[0]
    end = end_of_path(path)
    if end is not None:
        return path[:end].strip(), 0, end
    for index, row in enumerate(rows[1:4], start=1):
        stem = path.rstrip()
        piece = row.strip()
        cut = len(rows[index - 1].rstrip()) + (lead if index == 1 else 0) in FULL_WIDTHS
        if "\\" not in stem or not piece or (_ANY_ENDING.search(stem) and not cut):
            break
        path = stem + ("" if cut or stem.endswith("\\") or piece.startswith("\\") else " ") + piece
        end = end_of_path(path)
        if _NO_PART_OF_PATH.search(piece[: len(piece) if end is None else len(piece) - (len(path) - end)]):
            break
        if end is not None:
            return path[:end], index, len(row) - len(row.lstrip()) + len(piece) - (len(path) - end)
    first = rows[0].rstrip()
    message = _NEXT_MESSAGE.search(first)
    end = len(first) if message is None else message.start()
    return first[:end].strip(), 0, end


def base_name(path: str) -> str:
    """File name of `path`. Where backslashes were lost (`C:WINNTSystem32ntdll.dll`), known folders are taken off."""
    name = path.rstrip("\\/ \t").replace("/", "\\").rpartition("\\")[2].strip()
    if "\\" not in path and _DRIVE_ONLY.match(name):
        name = name[2:]
        while (found := _LOST_FOLDERS.match(name)) is not None and found.end() < len(name):
            name = name[found.end() :]
    return name
