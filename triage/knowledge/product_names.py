"""The names of products, as articles, logs and people write them, taken apart.

Articles head their lists with lines such as

    - Microsoft Windows NT Server versions 3.51, 4.0, 4.0 SP4
    - Microsoft Exchange Server, versions 5.5, 5.5 Service Packs 1, 2
    - Microsoft Visual C++, 32-bit Professional Edition, version 6.0
    - Microsoft PowerPoint for Windows 95, version 7.0
    - the operating system: Microsoft Windows 2000

A name is turned into words, the longest beginning that is a known alias names the product, and what is left must be
versions, service packs, editions and platforms; any other word means that the name is of another product ("Windows
Sound System" is not Windows).
"""

from collections.abc import Mapping

from msgspec import Struct

from triage.text.lazy import regex

MAX_NAME = 300
"""Characters of a name that are looked at; the longest line of an article's list has some 250."""

_BITS = regex(r"\b(?:16|32|64)[ -]?bits?\b")
_SEPARATORS = regex(r"[^a-z0-9.+#']+")
_NUMBER = regex(r"\d{1,5}(?:\.\d{1,5}){0,3}(?:\.x|[a-z]{1,2})?")
_PACK = regex(r"(?:sp|sr)(\d{1,2})([a-z])?")
_PACK_NUMBER = regex(r"(\d)([a-z])?")
_OEM_RELEASE = regex(r"osr(?:\d(?:\.\d)?)?")
_OEM_NUMBER = regex(r"(?:osr)?(\d(?:\.\d)?)")
_GLUED = regex(r"([a-z]{2,12}[0-9.]{0,4}?)((?:sp|sr)\d{1,2}[a-z]?)")

_GLUED_PACK = regex(r"(\d)((?:sp|sr)\d)")
_EDITORS_NOTE = regex(r"\*EDITOR[^*]{0,80}\*([^*]{1,80})\*[^,]{0,40}(?:, ?\d{1,5}){0,4}")

_LEADING = frozenset({"microsoft", "ms", "the", "a"})
_PREFIX = "the operating system:"
_NOT_A_PRODUCT = ("the hardware:",)

_GRAMMAR = """
    version versions ver v and or with in on of the all any later earlier through to used included only both when
    running platform platforms s family us u.s. english language
"""
_EDITIONS = """
    edition editions server servers workstation professional enterprise standard advanced datacenter learning control
    creation developer home premium ultimate business starter basic pro education web small storage personal retail oem
    release releases osr build full upgrade deluxe special limited architect working academic product products
"""
_MACHINES = """
    macintosh mac mp up free fre checked chk kernel compatible x86 x64 i386 ia64 alpha mips ppc powerpc intel dec axp
    nec pc amd64 itanium based
"""
_SYSTEMS = """
    windows win nt dos ms macintosh mac os the workgroups power unix ce pocket and pc me xp 3.x 9x millennium second
    edition
"""

_FILLERS = frozenset(f"{_GRAMMAR} {_EDITIONS} {_MACHINES}".split())
_PLATFORMS = frozenset(_SYSTEMS.split())
VARIANTS = frozenset({"terminal"})
"""Words that tell a release from another of the same version: Windows NT 4.0 and its Terminal Server Edition."""

_OEM_WORDS = ["oem", "service", "release"]
"""Windows 95 that came with new computers only: "OEM Service Release, versions 2, 2.1", "OSR2"."""

_PACK_WORDS = frozenset({"sp", "sr", "service", "pack", "packs"})
_PLATFORM_STARTS = frozenset({"for", "under"})


class Name(Struct, frozen=True):
    """A name taken apart: the alias that it begins with, its versions, its service packs, its other words.

    `packs` holds (version or "", number, suffix or "") for each service pack; `plain` are versions named without one;
    `oem` are OEM service releases ("OSR 2.1").
    """

    alias: str
    versions: tuple[str, ...]
    plain: frozenset[str]
    packs: tuple[tuple[str, int, str], ...]
    words: frozenset[str]
    platforms: tuple[str, ...]
    oem: tuple[str, ...] = ()


def words_of(name: str) -> list[str]:
    """The words of a product's name in lower case, without punctuation, "Microsoft" and "32-bit"."""
    text = name[:MAX_NAME].lower().replace(".net", " .net")
    text = _GLUED_PACK.sub(r"\1 \2", text)
    text = _SEPARATORS.sub(" ", _BITS.sub(" ", text))
    words = [word for word in (part.strip("'").rstrip(".") for part in text.split()) if word]
    start = 0
    while start < len(words) - 1 and words[start] in _LEADING:
        start += 1
    return words[start:]


def normal(name: str) -> str:
    """The normal form of a name: its words joined by a blank. Aliases are written so in rules/products."""
    return " ".join(words_of(name))


def strip_label(line: str) -> str:
    """A line of an "applies to" list without its label; empty where it names hardware.

    Some lines carry a note to the archive's editors, with numbers that are no versions:
    `*EDITOR Please do not choose this product*Microsoft Visual C++ 32-bit Edition* use 241, 265, version 4.2`.
    """
    text = _EDITORS_NOTE.sub(r"\1", line.strip().removeprefix("-").strip()[:MAX_NAME])
    lower = text.lower()
    if lower.startswith(_NOT_A_PRODUCT):
        return ""
    return text[len(_PREFIX) :] if lower.startswith(_PREFIX) else text


def take_apart(name: str, aliases: Mapping[str, object], longest: int) -> Name | None:
    """`name` taken apart by the longest alias that it begins with; None where it is no known product's.

    `aliases` is keyed by normal forms of at most `longest` words.
    """
    words = words_of(name)
    for size in range(min(len(words), longest), 0, -1):
        alias = " ".join(words[:size])
        if alias in aliases:
            return _read_rest(alias, words[size:])
    if words and (glued := _GLUED.fullmatch(words[0])):  # "nt4sp6a"
        return take_apart(" ".join([glued[1], glued[2], *words[1:]]), aliases, longest)
    return None


def _read_rest(alias: str, words: list[str]) -> Name | None:
    versions: list[str] = []
    plain: set[str] = set()
    packs: list[tuple[str, int, str]] = []
    others: set[str] = set()
    platforms: list[str] = []
    words, oem = _split_oem(words)
    in_packs = False
    position = 0
    while position < len(words):
        word = words[position]
        position += 1
        if pack := _PACK.fullmatch(word) or (in_packs and _PACK_NUMBER.fullmatch(word)):
            packs.append((versions[-1] if versions else "", int(pack[1]), pack[2] or ""))
        elif word in _PACK_WORDS:
            in_packs = True
        elif _NUMBER.fullmatch(word):
            in_packs = False
            if word not in versions:
                versions.append(word)
            if position == len(words) or not (words[position] in _PACK_WORDS or _PACK.fullmatch(words[position])):
                plain.add(word)
        elif word in _PLATFORM_STARTS:
            end = position
            while end < len(words) and _is_platform(words, end):
                end += 1
            platforms += words[position:end]
            position = end
        elif word in _FILLERS or word in VARIANTS:
            others.add(word)
        else:
            return None
    return Name(alias, tuple(versions), frozenset(plain), tuple(packs), frozenset(others), tuple(platforms), oem)


def _split_oem(words: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """The words before an OEM service release is named, and the releases: "OSR 2" for "OEM Service Release 2.0"."""
    starts = (
        at
        for at, word in enumerate(words)
        if _OEM_RELEASE.fullmatch(word) or [each.removesuffix("s") for each in words[at : at + 3]] == _OEM_WORDS
    )
    start = next(starts, len(words))
    numbers = [number[1] for word in words[start:] if (number := _OEM_NUMBER.fullmatch(word))]
    return words[:start], tuple(f"OSR {number.removesuffix('.0')}" for number in numbers)


def _is_platform(words: list[str], at: int) -> bool:
    """Whether a word goes on naming the platform: "for Windows 95", "for Windows NT 4.0", not "for Windows 4.0".

    Nor does it in "for Windows 1994 edition", where the year is the version.
    """
    word, before = words[at], words[at - 1]
    if word.isdigit() and words[at + 1 : at + 2] == ["edition"]:
        return False
    return word in _PLATFORMS or word.isdigit() or (before == "nt" and _NUMBER.fullmatch(word) is not None)
