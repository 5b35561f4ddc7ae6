"""The fields of `!analyze`, old tables and new, as users quote them: whole, shortened, without their colons."""

import re

from msgspec import Struct

from triage.model.evidence import NO_LINES, Lines
from triage.text.lines import Text

_LEAD = r"^[^\w(+]{0,24}"
_KEYS = (
    "FAULTING_IP|FOLLOWUP_IP|FAILED_INSTRUCTION_ADDRESS|MODULE_NAME|IMAGE_NAME|SYMBOL_NAME|FAULTING_MODULE|PROCESS_NAME"
    "|FAILURE_BUCKET_ID|DEFAULT_BUCKET_ID|PRIMARY_PROBLEM_CLASS|BUCKET_ID|BUGCHECK_STR|WATSON_BKT_MODULE"
    "|WATSON_BKT_MODOFFSET|FAILURE_SYMBOL_NAME|STACK_COMMAND|STACK_TEXT|TRAP_FRAME|CONTEXT|EXCEPTION_RECORD"
    "|EXCEPTION_CODE|ERROR_CODE|READ_ADDRESS|WRITE_ADDRESS|FAILURE_ID_HASH_STRING|OSBUILD|OS_VERSION|FAULTING_THREAD"
    "|LAST_CONTROL_TRANSFER|FOLLOWUP_NAME|DEBUG_FLR_IMAGE_TIMESTAMP|BUGCHECK_CODE|KEY_VALUES_STRING"
)
_FIELD = re.compile(_LEAD + rf"({_KEYS}):?(?:\s{{1,12}}(\S.{{0,600}}))?\s{{0,12}}$")
_BANNER = re.compile(r"(?:Bugcheck|Exception) Analysis\b", re.IGNORECASE)
_FOLLOWUP = re.compile(_LEAD + r"Followup:?\s{1,12}\S")
# Values that stand on the row below their key.
_BELOW = frozenset({"FAULTING_IP", "FOLLOWUP_IP", "FAILED_INSTRUCTION_ADDRESS", "BUGCHECK_STR"})
_SINGLE = frozenset({"FAULTING_IP", "MODULE_NAME", "SYMBOL_NAME", "PROCESS_NAME", "IMAGE_NAME", "FAILURE_BUCKET_ID"})
_KEY_VALUE = re.compile(_LEAD + r"Key\s{1,4}:\s{1,4}Failure\.Bucket\s{0,4}$")
_VALUE = re.compile(_LEAD + r"Value:\s{1,4}(\S.{0,400})$")

_FAR = 500
"""Fields further apart than so many rows are of different analyses; a long STACK_TEXT stands between some."""

MAX_ANALYSES = 2_000


class Analysis(Struct, frozen=True, kw_only=True):
    """The fields of one run of !analyze; the first value of a field counts. `lines` span it from banner to follow-up."""

    fields: dict[str, str]
    lines: Lines = NO_LINES

    def get(self, *keys: str) -> str | None:
        """The first of the fields that has a value."""
        return next((self.fields[key] for key in keys if self.fields.get(key)), None)


def read_analyses(text: Text) -> tuple[Analysis, ...]:
    """Every analysis of the text, in order; a text with fields but no banner has them as well."""
    found: list[Analysis] = []
    fields: dict[str, str] = {}
    first = last = -1
    banner = False

    def close() -> None:
        nonlocal fields, first, last, banner
        if fields or banner:
            found.append(Analysis(fields=fields, lines=(text.numbers[first], text.numbers[last])))
        fields, first, last, banner = {}, -1, -1, False

    for index, row in enumerate(text.rows):
        low = row[:100]
        if not row or not ("_" in low or "nalysis" in low or "ollowup" in low or "Key" in low or "CONTEXT" in low):
            continue
        if _BANNER.search(low):
            close()
            first = last = index
            banner = True
        elif hit := _FIELD.match(row[:1000]):
            key, value = hit[1], (hit[2] or "").strip()
            if not value and key in _BELOW:
                value = next((later.strip() for later in text.rows[index + 1 : index + 3] if later), "")
            if first >= 0 and (
                index - last > _FAR or (key in _SINGLE and value and fields.get(key, value).lower() != value.lower())
            ):
                close()
            first, last = (index if first < 0 else first), index
            if value:
                fields.setdefault(key, value)
        elif _KEY_VALUE.match(row) and first >= 0:
            following = next((later for later in text.rows[index + 1 : index + 3] if later), "")
            if value_hit := _VALUE.match(following[:500]):
                fields.setdefault("FAILURE_BUCKET_ID", value_hit[1].strip())
            last = index
        elif _FOLLOWUP.match(low) and first >= 0 and fields:
            last = index
            close()
        if len(found) >= MAX_ANALYSES:
            return tuple(found)
    close()
    return tuple(found)
