"""The fields of `!analyze`, old tables and new, as users quote them: whole, shortened, without their colons."""

import re

from msgspec import Struct

from triage.model.evidence import NO_LINES, Lines
from triage.text.lazy import regex
from triage.text.lines import Text
from triage.text.prose import is_literal

_LEAD = r"^[^\w(+]{0,24}"
_KEYS = (
    "FAULTING_IP|FOLLOWUP_IP|IP_IN_PAGED_CODE|FAILED_INSTRUCTION_ADDRESS|MODULE_NAME|IMAGE_NAME|SYMBOL_NAME|FAULTING_MODULE|PROCESS_NAME"
    "|FAILURE_BUCKET_ID|DEFAULT_BUCKET_ID|PRIMARY_PROBLEM_CLASS|BUCKET_ID|BUGCHECK_STR|WATSON_BKT_MODULE"
    "|WATSON_BKT_MODOFFSET|FAILURE_SYMBOL_NAME|STACK_COMMAND|STACK_TEXT|TRAP_FRAME|CONTEXT|EXCEPTION_RECORD"
    "|EXCEPTION_CODE|ERROR_CODE|READ_ADDRESS|WRITE_ADDRESS|FAILURE_ID_HASH_STRING|OSBUILD|OS_VERSION|FAULTING_THREAD"
    "|LAST_CONTROL_TRANSFER|FOLLOWUP_NAME|DEBUG_FLR_IMAGE_TIMESTAMP|BUGCHECK_CODE|KEY_VALUES_STRING"
    "|WATSON_STAGEONE_URL"
)
_FIELD = regex(_LEAD + rf"({_KEYS}):?(?:\s{{1,12}}(\S.{{0,600}}))?\s{{0,12}}$")
_BANNER = regex(r"(?:Bugcheck|Exception) Analysis\b", re.IGNORECASE)
_FOLLOWUP = regex(_LEAD + r"Followup:?\s{1,12}\S")
# Values that stand on the row below their key.
_BELOW = frozenset(
    {
        "FAULTING_IP",
        "FOLLOWUP_IP",
        "IP_IN_PAGED_CODE",
        "FAILED_INSTRUCTION_ADDRESS",
        "BUGCHECK_STR",
        # Mailers put what is too long for a row on the next.
        "FAILURE_BUCKET_ID",
        "BUCKET_ID",
    }
)
_SINGLE = frozenset({"FAULTING_IP", "MODULE_NAME", "SYMBOL_NAME", "PROCESS_NAME", "IMAGE_NAME", "FAILURE_BUCKET_ID"})
_KEY_VALUE = regex(_LEAD + r"Key\s{1,4}:\s{1,4}(Failure\.(?:Bucket|Exception\.[A-Z.a-z]{4,12}))\s{0,4}$")
_FIELD_OF_KEY = {"Failure.Bucket": "FAILURE_BUCKET_ID"}
_VALUE = regex(_LEAD + r"Value:\s{1,4}(\S.{0,400})$")

_WATSON = regex(
    r"https?://[\w.]{1,60}/StageOne/(?P<process>[^/\s]{1,100})/[\d_]{1,40}/[0-9a-f]{1,16}/(?P<module>[^/\s]{1,100})/"
    r"[\d_]{1,40}/[0-9a-f]{1,16}/(?P<code>[0-9a-f]{8})/(?P<offset>[0-9a-f]{1,16})\.htm",
    re.IGNORECASE,
)
"""The address at which Windows Error Reporting was asked: its parts are the problem's signature, `_` for the point.

WATSON_STAGEONE_URL:  http://watson.microsoft.com/StageOne/orchard_exe/2_3_0_0/554b4a5b/leaf_dll/…/c0000005/0005e1e3.htm
"""

_IN_BUCKET = regex(
    r"(?:^|_)([ce]0[0-9a-f]{6}|cfffffff|80(?:00|13)[0-9a-f]{4})(?=_|\s|$)"
    r"(?:_(?:IMAGE_)?(?P<image>[^\s!:]{1,120}\.(?:exe|dll|sys|ocx|drv))(?=!|\s|$))?",
    re.IGNORECASE,
)
_IN_KERNEL_BUCKET = regex(
    r"(?:(?:X64|LKD|AV|WRONG_SYMBOLS)_){0,2}(?:0x[0-9A-Fa-f]{1,8}_|(?<=AV_))(?:(?:[A-Z0-9]{1,30}|[ce]0[0-9a-f]{6})_){0,16}"
    r"(?:(?<=IMAGE_)(?P<image>[\w.$~-]{1,64}\.(?:sys|dll|exe))\b|(?P<module>[A-Za-z][A-Za-z0-9.$~-]{1,63})!)"
)
"""What the bucket of a stop says behind its code: words in capitals and numbers, then whom it blames. A name with an
underscore in it looks like one of those words and is left alone.

FAILURE_BUCKET_ID:  0x133_ISR_ledger!unknown_function      0x5A_c0000428_IMAGE_ledger.sys      AV_ledger!Post+0
"""
_NO_MODULES = frozenset({"INCONCLUSIVE", "MODULE", "IMAGE", "CORRUPTION"})
"""The last words of ANALYSIS_INCONCLUSIVE!…, Unknown_Module!… and their like."""

_PLACE = regex(r"[A-Za-z_][\w.$~-]{0,127}[!+]\S")
_TELLING = (
    "FAULTING_IP",
    "FOLLOWUP_IP",
    "PRIMARY_PROBLEM_CLASS",
    "SYMBOL_NAME",
    "FAILURE_BUCKET_ID",
    "BUCKET_ID",
    "DEFAULT_BUCKET_ID",
    "STACK_COMMAND",
)

_FAR = 500
"""Fields further apart than so many rows are of different analyses; a long STACK_TEXT stands between some."""

MAX_ANALYSES = 2_000


class Analysis(Struct, frozen=True, kw_only=True):
    """The fields of one run of !analyze, the first value of each; `lines` span it from banner to follow-up."""

    fields: dict[str, str]
    lines: Lines = NO_LINES
    headed: bool = False
    """Whether its banner stands above the fields."""

    @property
    def is_telling(self) -> bool:
        """Whether the fields alone, without any code, tell of a crash; a lone "CONTEXT: 0018f… -- (.cxr" does not."""
        if any(_IN_BUCKET.search(self.fields.get(key, "")) is not None for key in ("FAILURE_BUCKET_ID", "BUCKET_ID")):
            return True
        if _PLACE.match(self.fields.get("FAULTING_IP", "")) is not None:
            return True  # nothing else prints a place below this key, so one field is enough
        if self.fields.get("CONTEXT", "").startswith("(.ecxr)"):
            return True  # only of an exception that the dump has stored
        return (self.headed or len(self.fields) >= 3) and any(key in self.fields for key in _TELLING)

    @property
    def bucket(self) -> tuple[int | None, str | None]:
        """The code and the image that the name of the bucket holds, where it is one of a program.

        FAILURE_BUCKET_ID:  INVALID_POINTER_READ_c0000005_orchard.dll!Grow
        FAILURE_BUCKET_ID:  APPLICATION_HANG_cfffffff_orchard.dll!Unknown      the code that hangs are given
        """
        found = _IN_BUCKET.search(self.get("FAILURE_BUCKET_ID", "BUCKET_ID") or "")
        return (None, None) if found is None else (int(found[1], 16), found["image"])

    @property
    def kernel_bucket(self) -> str | None:
        """The image or module that the bucket of a stop names behind the code and the words for what went wrong."""
        found = _IN_KERNEL_BUCKET.match(self.get("FAILURE_BUCKET_ID", "BUCKET_ID") or "")
        name = None if found is None else found["image"] or found["module"]
        return None if name is None or name.upper() in _NO_MODULES else name

    @property
    def has_wrong_symbols(self) -> bool:
        """Whether it was run without fitting symbols: then it names the system's own module as the faulting one."""
        return any("WRONG_SYMBOLS" in (self.get(key) or "") for key in ("BUGCHECK_STR", "DEFAULT_BUCKET_ID"))

    @property
    def watson(self) -> dict[str, str]:
        """Process, module, code and offset of the address of Windows Error Reporting, where it was printed."""
        found = _WATSON.match(self.fields.get("WATSON_STAGEONE_URL", ""))
        if found is None:
            return {}
        named = {key: ".".join(found[key].rsplit("_", 1)) for key in ("process", "module")}
        return {**found.groupdict(), **named}

    def get(self, *keys: str) -> str | None:
        """The first of the fields that has a value."""
        return next((self.fields[key] for key in keys if self.fields.get(key)), None)


def read_analyses(text: Text) -> tuple[Analysis, ...]:
    """Every analysis of the text, in order; a text with fields but no banner has them as well."""
    reader = _Reader(text)
    for index in text.holding(_HINTS, exact=True):
        row = text.rows[index]
        if any(hint in row[:100] for hint in _HINTS) and not is_literal(row):
            reader.take(index, row[:1000])
        if len(reader.found) >= MAX_ANALYSES:
            break
    reader.close()
    return tuple(reader.found)


_HINTS = ("_", "nalysis", "ollowup", "Key", "CONTEXT")


class _Reader:
    def __init__(self, text: Text) -> None:
        self.text = text
        self.found: list[Analysis] = []
        self.fields: dict[str, str] = {}
        self.first = self.last = -1
        self.headed = False

    def take(self, index: int, row: str) -> None:
        """Take in a row that may be of an analysis."""
        if _BANNER.search(row[:100]):
            self.close()
            self.first = self.last = index
            self.headed = True
        elif hit := _FIELD.match(row):
            self._field(hit[1], (hit[2] or "").strip(), index)
        elif key := _KEY_VALUE.match(row):
            self.first, self.last = (index if self.first < 0 else self.first), index
            if hit := _VALUE.match(self._below(index)[:500]):
                self.fields.setdefault(_FIELD_OF_KEY.get(key[1], key[1]), hit[1].strip())
        elif self.fields and _FOLLOWUP.match(row[:100]):
            self.last = index
            self.close()

    def _field(self, key: str, value: str, index: int) -> None:
        if not value and key in _BELOW:
            value = self._below(index).strip()
        known = self.fields.get(key, value)
        if self.first >= 0 and (
            index - self.last > _FAR or (key in _SINGLE and value and known.lower() != value.lower())
        ):
            self.close()
        self.first, self.last = (index if self.first < 0 else self.first), index
        if value:
            self.fields.setdefault(key, value)

    def _below(self, index: int) -> str:
        """The next row that is not blank."""
        return next((row for row in self.text.rows[index + 1 : index + 3] if row), "")

    def close(self) -> None:
        """End the analysis that is being read."""
        if self.first >= 0:
            lines = (self.text.numbers[self.first], self.text.numbers[self.last])
            self.found.append(Analysis(fields=self.fields, lines=lines, headed=self.headed))
        self.fields, self.first, self.last, self.headed = {}, -1, -1, False
