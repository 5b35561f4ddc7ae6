# ruff: noqa: RUF001 - the tables hold letters of many scripts, which look like Latin ones
"""Which code page a text is in that is no Unicode: by how much of it reads as its languages are written.

A byte above 127 is a letter in any code page. In the right one nearly all of them are letters that its languages use
often, and stand among letters of their own script; in the others they are signs, rare letters, or letters of two
scripts in one word. A log may hold no more than a few such words, so the labels of crash events, which are known in
many languages, decide where one of them is there.
"""

from collections.abc import Callable

from triage.text.event_crashes import APPLICATION, CODE, MODULE, OFFSET, PROCESS_ID
from triage.text.lazy import regex

_MOST = 4_096
"""Bytes that are looked at, taken from the lines that hold any above 127."""

_REACH = 512
_HIGH = regex(rb"[\x80-\xff]")
_LINE = regex(rb"[^\r\n]{0,512}[\x80-\xff][^\r\n]{0,512}")
_WESTERN = "äöüÄÖÜßéèêëàâáçíìîïóòôúùûñåæøœÅÆØÉÈÀÁÍÓÚÇÑãõÃÕ"
_SIGNS = "…–—’‘“”„«»®©™°§·•€£¿¡ºª±×\u00a0"
_BOXES = "─│┌┐└┘├┤┬┴┼═║╔╗╚╝╠╣╦╩╬█▓▒░■"
_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяёАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЁіїєІЇЄ"
_CENTRAL = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻáčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽöőüűÖŐÜŰäôľĺŕ"
_TURKISH = "ğışİŞĞçöüÇÖÜâîû"
_ENOUGH = 0.5
"""With less than this share of its letters common, a code page is not what the text is in."""

_SURE = 0.95
_FEW = 12


def _is_common_932(sign: str) -> bool:
    """Kana, the marks of Japanese, and the kanji of level 1; half-width kana are what other code pages look like."""
    if "\u3041" <= sign <= "\u30fe" or sign in "、。「」・（）！？：　":
        return True
    return _within(sign, "cp932", 0x88, 0x98, 0x40)


def _is_common_936(sign: str) -> bool:
    return sign in "，。、：；（）！？“”‘’《》【】—…　" or _within(sign, "gbk", 0xB0, 0xD8, 0xA1)


def _is_common_949(sign: str) -> bool:
    return _within(sign, "cp949", 0xB0, 0xC9, 0xA1)


def _is_common_950(sign: str) -> bool:
    return sign in "，。、：；（）！？「」　" or _within(sign, "cp950", 0xA4, 0xC7, 0x40)


def _within(sign: str, code_page: str, first: int, end: int, trail: int) -> bool:
    """Whether the character's first byte lies in the rows of the common ones, and its second is from `trail` on."""
    try:
        raw = sign.encode(code_page)
    except UnicodeEncodeError:
        return False
    return len(raw) == 2 and first <= raw[0] < end and raw[1] >= trail


_DOUBLE: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("cp932", _is_common_932),
    ("cp936", _is_common_936),
    ("cp949", _is_common_949),
    ("cp950", _is_common_950),
)
_SINGLE: tuple[tuple[str, frozenset[str]], ...] = (
    ("cp1252", frozenset(_WESTERN + _SIGNS)),
    ("cp437", frozenset(_WESTERN + _BOXES)),
    ("cp850", frozenset(_WESTERN + _BOXES)),
    ("cp1251", frozenset(_CYRILLIC + _SIGNS + "№")),
    ("cp866", frozenset(_CYRILLIC + _BOXES + "№")),
    ("cp1250", frozenset(_CENTRAL + _SIGNS)),
    ("cp852", frozenset(_CENTRAL + _BOXES)),
    ("cp1254", frozenset(_TURKISH + _SIGNS)),
)
"""In the order of preference, which decides between equals: most logs are in the first one."""

_ALL = (*(name for name, _ in _SINGLE), *(name for name, _ in _DOUBLE))
_LABELS = tuple(
    label for table in (APPLICATION, MODULE, CODE, OFFSET, PROCESS_ID) for label in table if not label.isascii()
)


def code_page_of(data: bytes) -> str:
    """The code page of a text that is no Unicode; cp1252 where nothing speaks for another one."""
    sample = _sample(data)
    labelled = [(_labels(sample, name), -place, name) for place, name in enumerate(_ALL)]
    if max(labelled)[0]:
        return max(labelled)[2]
    single = [(_share_single(sample, page, common), page) for page, common in _SINGLE]
    most = max(share for share, _ in single)
    best, name = max((_share_double(sample, name, is_common), name) for name, is_common in _DOUBLE)
    if best >= _ENOUGH and (best > most or best >= _SURE) and not _is_cyrillic(sample, single):
        return name
    return next(page for share, page in single if share == most) if most > 0 else "cp1252"


def _labels(sample: bytes, name: str) -> int:
    """How many labels of crash events the sample holds that ASCII alone could not write."""
    text = sample.decode(name, errors="replace")
    return sum(label in text for label in _LABELS)


def _is_cyrillic(sample: bytes, shares: list[tuple[float, str]]) -> bool:
    """Whether all of it lies where code page 1251 has its letters, as hardly any Chinese sentence does."""
    high = [byte for byte in sample if byte >= 0x80]
    share = next(share for share, page in shares if page == "cp1251")
    return share >= _SURE and len(high) >= _FEW and min(high) >= 0xC0


def _sample(data: bytes) -> bytes:
    pieces: list[bytes] = []
    size = 0
    end = 0
    while (high := _HIGH.search(data, end)) is not None:
        # Where the line begins, or as far back as is looked at: a search for the whole would begin at every byte.
        start = max(end, high.start() - _REACH)
        start = max(start, data.rfind(b"\n", start, high.start()) + 1, data.rfind(b"\r", start, high.start()) + 1)
        line = _LINE.match(data, start)
        if line is None:
            break
        end = line.end()
        pieces.append(line[0])
        size += len(line[0])
        if size >= _MOST:
            break
    return b"\n".join(pieces)


def _share_double(sample: bytes, name: str, is_common: Callable[[str], bool]) -> float:
    """How much of what is above 127 reads as common characters of a code page of two bytes."""
    text = sample.decode(name, errors="replace")
    good = total = 0
    before = " "
    for sign in text:
        if sign >= "\x80":
            total += 1
            # In the middle of a Latin word two bytes are two letters of another code page.
            good += is_common(sign) and not ("a" <= before <= "z" and sign.isalpha())
        before = sign
    return good / total if total else 0.0


def _share_single(sample: bytes, name: str, common: frozenset[str]) -> float:
    """How much of what is above 127 reads as common letters that stand among letters of their own script."""
    text = sample.decode(name, errors="replace")
    cyrillic = name in {"cp1251", "cp866"}
    good = total = 0
    before = " "
    for at, sign in enumerate(text):
        if sign >= "\x80":
            total += 1
            after = text[at + 1] if at + 1 < len(text) else " "
            good += sign in common and _fits(before, sign, after, cyrillic=cyrillic)
        before = sign
    return good / total if total else 0.0


def _fits(before: str, sign: str, after: str, *, cyrillic: bool) -> bool:
    """Whether a character may stand between these two: a letter of its script, no capital after a small letter."""
    if not sign.isalpha():
        # A sign of typography stands beside a word, not in the middle of one; an apostrophe and a dash may.
        return sign in "’·–—\u00a0…" or sign in _BOXES or not (before.isalpha() and after.isalpha())
    if sign.isupper() and before.islower():
        return False
    if cyrillic:
        return not any(near.isascii() and near.isalpha() for near in (before, after))
    return True
