"""Rows that debuggers print around crashes and that nobody wrote: hidden from later readers and from context."""

import re
from collections.abc import Iterable
from typing import Final

from triage.model.evidence import Lines
from triage.text.folding import HEAD, Likely, like
from triage.text.lazy import regex
from triage.text.lines import Text, spans

MAX_NOISE: Final = 200
"""Characters of a row that are looked at."""

_NOISE = regex(
    r"^[\s#*/;>]{0,24}(?:"
    r"e[abcd]x=|e[sd]i=|eip=|[er]?(?:ip|sp|bp)=|r[abcdsi0-9][xip0-9]?\s?=|r\d{1,2}=|iopl=|[cdefgs]s=[0-9a-f]{4}|efl="
    r"|nv up"
    r"|(?:(?:CDB|NTSD|KD):?\s)?ModLoad:"
    r"|Symbol search path|Executable search path|Loading (?:Dump|Kernel|User|unloaded|symbols)|Press ctrl-c"
    r"|Microsoft ?\(R\) Windows|Copyright \(c\) Microsoft|Debug session time|System Uptime|Process Uptime|Machine Name"
    r"|Kernel (?:base|Version \d)|Loaded System Driver|Base\s{1,12}Code Size|TOTAL:\s|Current IRQL is|KDX86:"
    r"|Debuggee is|Executing Processor|Symbol loading may|Symbols can not be loaded|The Symbol Path can be"
    r"|After setting your symbol|Use \.symfix|using the (?:_NT_SYMBOL|-y <)|This dump file has|The stored exception"
    r"|Built by|Product: |Kernel \w{1,12} Dump|User Mini Dump|CommandLine:|Opened |Followup"
    r"|First chance exceptions are|This exception may be expected|Debugger (?:session|connected)"
    r"|\*\*\* ERROR: (?:Symbol|Module)|\*\*\* WARNING: |WARNING: |Unable to (?:load|add|read|get)"
    r"|Missing image name|SYMSRV:|DBGHELP:|Deferred\b|Response\b|Use !analyze|Type \""
    r"|Child-?(?:EBP|SP)|FramePtr|RetAddr|start\s{1,12}end\s|\.{12}|-{12}|\*{12}|={12}"
    r"|\(Service Pack|Windows[^\n]{0,40} (?:Kernel )?Version \d"
    r"|[0-9a-f]{8}`?[0-9a-f]{0,8}\s{1,4}[0-9a-f?]{2})",
    re.IGNORECASE,
)


# The same of shapes: memory, disassembly and registers, which a shape proves, and what may be one of the others.
_LEAD = rb"\A[\s#*/;>]{0,24}"
_HEADS = rb"[\s#*/;>]"
_MEMORY = Likely(_LEAD + rb"0{8}`?0{0,8}\s{1,4}[0?]{2}", heads=_HEADS + rb"|0{8}")
_REGISTERS = (
    Likely(_LEAD + rb"(?:[0r][a-z0]{1,2}=0{8,16} ){2}", words=("=00000000",)),
    Likely(_LEAD + rb"(?:[0gs]s=0{4} {1,4}){2}", words=("s=0000",)),
)
_ASSIGNED = Likely(_LEAD + rb"(?:[0r][a-z0]{1,2}\s?=|[is]p=|[0gs]s=0{4}|" + like("iopl=", "efl=") + rb")", words=("=",))
_WORDS = [
    words.replace("|", " ")
    for words in (
        "nv|up modload: symbol|search executable|search loading| press|ctrl-c microsoft|(r) microsoft(r) copyright|(c)"
        " debug|session system|uptime process|uptime machine|name kernel|base built|by product:| kernel| user|mini"
        " commandline: opened| followup first|chance this|exception debugger| ***|error ***|warning warning: unable|to"
        " kernel|version loaded|system base total: current|irql kdx86: debuggee|is executing|processor symbol|loading"
        " symbols|can the|symbol after|setting use|.symfix using|the this|dump the|stored"
        ' missing|image symsrv: dbghelp: deferred response use|!analyze type|" childebp child-ebp childsp child-sp'
        " frameptr retaddr start| ............ ------------ ************ ============ (service|pack windows"
    ).split()
]
_DEBUGGERS = like("cdb", "ntsd", "kd")
_WORDED = Likely(
    _LEAD + b"(?:" + like(*_WORDS) + b"|" + _DEBUGGERS + rb":?\s" + like("modload:") + b")",
    heads=b"|".join([_HEADS, _DEBUGGERS + rb"[:\s]", like(*_WORDS, most=HEAD)]),
)


def is_noise(row: str) -> bool:
    """Whether a row by itself is one that debuggers print around crashes."""
    return _NOISE.match(row, 0, MAX_NOISE) is not None


def noise(text: Text, prompts: Iterable[int], claimed: Iterable[Lines]) -> list[Lines]:
    """The lines that debuggers print around crashes, and the rows with prompts, but for those that are claimed."""
    rest = text.without(claimed)
    rows = rest.rows
    found = set(prompts)
    # Of what is not ASCII the shape proves nothing.
    plain = rest.shapes.forms.ascii_only
    for question in (_MEMORY, *_REGISTERS):
        likely = rest.likely(question)
        found.update(likely if plain else [index for index in likely if rows[index].isascii()])
    for question in (_ASSIGNED, _WORDED):
        found.update([index for index in rest.likely(question) if index not in found and is_noise(rows[index])])
    return spans(rest, found)
