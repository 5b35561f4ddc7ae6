"""Tables of Markdown that tell of one thing, field by field, as the rows that they were made of.

    | Field          | Value                  |            Exception code: 0xC0000005
    |----------------|------------------------|            Fault offset: 0x3a4b2
    | Exception code | `0xC0000005`           |
    | Fault offset   | 0x3a4b2                |

Folklore: people, and the programs that write for them, put what a log or a debugger said into such a table. Its heading
says that the left column names what the right one tells; without any words in it, the ruler below it makes it one.
Tables of a reference have other headings, or a code in every row: those of more than one are left alone, and so are
rows whose left column is a number or an exception's name.
"""

import re
from collections.abc import Iterator, Sequence

from triage.text.folding import Likely
from triage.text.lazy import regex
from triage.text.shapes import Shapes

_RULER = regex(
    r"[ \t]{0,8}\|(?:[ \t]{0,4}:?-{1,200}:?[ \t]{0,4}\|){1,4}(?:[ \t]{0,4}:?-{1,200}:?[ \t]{0,4})?[ \t]{0,4}"
)
_LIKE_RULER = Likely(rb"[ \t]{0,8}\|[ \t]{0,4}:?-", heads=rb"[ \t]|\|", signs=b"|")
_NAMES = regex(
    r"(?:field|item|property|key|attribute|detail|info(?:rmation)?|parameter|fact|信息|字段|属性|项目?|項目|항목|feld"
    r"|eigenschaft|champ|propriété|campo|propiedad|proprietà|поле|параметр|свойство|pole)?s?",
    re.IGNORECASE,
)
_VALUES = regex(
    r"(?:value|detail|data|info(?:rmation)?|result|content|observed|值|内容|內容|数值|結果|결과|값|wert|valeur|valor"
    r"|valore|значение|wartość|hodnota)?s?",
    re.IGNORECASE,
)
_LABEL = regex(r"(?!(?:EXCEPTION|STATUS|ERROR)_)(?!0x)[^\W\d_][^|\n:]{1,60}")
_CODE = regex(r"\b(?:0x)?(?:[ce]0[0-9a-f]{6}|8000000[34])\b", re.IGNORECASE)
_SPAN = regex(r"`([^`\n]{1,300})`|\*\*([^*\n]{1,300})\*\*")
_MOST_ROWS = 60
_MOST_CODES = 1


def untabled(rows: list[str], shapes: Shapes) -> tuple[list[str], Shapes]:
    """The rows with those of such tables as `name: value`; `shapes` are theirs, before and after."""
    changed = rows
    for ruler in shapes.likely(_LIKE_RULER):
        if ruler == 0 or _RULER.fullmatch(rows[ruler][:1000]) is None or not _is_headed(rows[ruler - 1]):
            continue
        told = list(_told(rows, ruler + 1))
        if sum(_CODE.search(value) is not None for _, _, value in told) > _MOST_CODES:
            continue
        for index, name, value in told:
            changed = list(rows) if changed is rows else changed
            changed[index] = f"{name}: {value}"
    return (rows, shapes) if changed is rows else (changed, shapes.changed(changed))


def _is_headed(row: str) -> bool:
    cells = _cells(row)
    return len(cells) > 1 and _NAMES.fullmatch(cells[0]) is not None and _VALUES.fullmatch(cells[1]) is not None


def _told(rows: Sequence[str], start: int) -> Iterator[tuple[int, str, str]]:
    """Index, name and value of the rows of a table."""
    for index in range(start, min(start + _MOST_ROWS, len(rows))):
        cells = _cells(rows[index])
        if len(cells) < 2:
            return
        if cells[1] and _LABEL.fullmatch(cells[0]) is not None:
            yield index, cells[0], cells[1]


def _cells(row: str) -> list[str]:
    """The cells of a row that begins with a bar, without what makes their words code or bold."""
    row = row.strip()
    if not row.startswith("|") or len(row) > 4000:
        return []
    return [_SPAN.sub(r"\1\2", cell).strip() for cell in row.strip("|").split("|", 4)[:4]]
