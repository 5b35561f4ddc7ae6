"""What users typed at a debugger's prompt is no evidence, and neither is what `.echo` repeats of it."""

import re

from triage.text.folding import Likely
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.stacks_marks import prompt

# What the debugger itself printed behind a prompt that was waiting: "0:000> ModLoad: …", "0:001> (9b4.f38): Access …"
# and what a page joined to its command: "0:000> .lastevent Last event: 9b4.f38: Access violation - code c0000005 …"
_PRINTED = regex(
    r"(?:ModLoad:|\([0-9a-f]{1,8}\.[0-9a-f]{1,8}\):|Access violation - |\*{3} Fatal|\.lastevent\s{1,4}Last event: )",
    re.IGNORECASE,
)
# "kd " without its sign, as a site that eats punctuation leaves it: "0 kd !analyze"
_BARE_PROMPT = regex(r"\s{0,8}\d{0,3}:?\s?l?kd\s{1,2}[!.]?[a-z]\w{0,40}\s{0,4}[-\w ]{0,40}$", re.IGNORECASE)
_ECHO = regex(r"\.(?:echo|printf)\s{1,4}(.{1,1000})")


def command(row: str) -> str | None:
    """The command typed in this row ("" at an empty prompt), or None where the row is no prompt."""
    if ">" not in row:
        return row.strip() if ("kd" in row or "KD" in row) and _BARE_PROMPT.match(row) else None
    typed = prompt(row)
    return None if typed is None or _PRINTED.match(typed) else typed


# Shapes of rows that may be a prompt
_LIKELY = Likely(rb"\s{0,16}(?:0{0,4}:?\s?l?k0|0{1,4}:0|>)", heads=rb"[\s>:]|0{1,4}:|0{0,4}\s?l?k0")


def read_commands(text: Text) -> dict[int, str]:
    """The command typed in each row that is a prompt, by the row's index, in order."""
    rows = text.rows
    return {index: typed for index in text.likely(_LIKELY) if (typed := command(rows[index])) is not None}


def without_commands(text: Text, commands: dict[int, str]) -> Text:
    """The same text with typed commands blanked; what the debugger printed behind a prompt stays."""
    rows: list[str] | None = None
    for index, typed in commands.items():
        rows = list(text.rows) if rows is None else rows
        rows[index] = ""
        if echo := _ECHO.match(typed):
            echoed = echo[1].strip().strip('"')
            below = next((place for place in range(index + 1, len(rows)) if rows[place]), None)
            if echoed and below is not None and rows[below].strip() == echoed:
                rows[below] = ""
    return text if rows is None else text.blanked(rows)
