"""Rows that debuggers print around crashes and that nobody wrote: hidden from later readers and from context."""

import re

from triage.model.evidence import Lines
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.prompts import prompt_numbers

_NOISE = regex(
    r"^[\s#*/;>]{0,24}(?:"
    r"e[abcd]x=|e[sd]i=|eip=|[er]?(?:ip|sp|bp)=|r[abcdsi0-9][xip0-9]?\s?=|r\d{1,2}=|iopl=|[cdefgs]s=[0-9a-f]{4}|efl="
    r"|nv up"
    r"|(?:(?:CDB|NTSD|KD):?\s)?ModLoad:"
    r"|Symbol search path|Executable search path|Loading (?:Dump|Kernel|User|unloaded|symbols)|Press ctrl-c"
    r"|Microsoft \(R\) Windows|Copyright \(c\) Microsoft|Debug session time|System Uptime|Process Uptime|Machine Name"
    r"|Kernel base|Built by|Product: |Kernel \w{1,12} Dump|User Mini Dump|CommandLine:|Opened |Followup"
    r"|First chance exceptions are|This exception may be expected|Debugger (?:session|connected)"
    r"|\*\*\* ERROR: (?:Symbol|Module)|\*\*\* WARNING: |WARNING: |Unable to (?:load|add|read|get)"
    r"|Missing image name|SYMSRV:|DBGHELP:|Deferred\b|Response\b|Use !analyze|Type \""
    r"|Child-?(?:EBP|SP)|FramePtr|RetAddr|start\s{1,12}end\s|\.{12}|-{12}|\*{12}|={12}"
    r"|\(Service Pack|Windows[^\n]{0,40} (?:Kernel )?Version \d"
    r"|[0-9a-f]{8}`?[0-9a-f]{0,8}\s{1,4}[0-9a-f?]{2})",
    re.IGNORECASE,
)


def noise(text: Text) -> list[Lines]:
    """The lines that debuggers print around crashes, and prompts."""
    numbers = text.numbers
    prompts = set(prompt_numbers(text))
    is_noise = _NOISE.match
    return [
        (numbers[index], numbers[index])
        for index, row in enumerate(text.rows)
        if row and (is_noise(row, 0, 200) is not None or numbers[index] in prompts)
    ]
