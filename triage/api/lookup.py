"""What people write for a code (`0xC0000005`, `1e`, `-1073741819`, `STATUS_IN_PAGE_ERROR`) to what it may mean."""

from triage.errors import SourceError
from triage.knowledge.codes import Codes
from triage.model.code import CodeEntry

MAX_DIGITS = 20


def look_up(text: str, codes: Codes) -> tuple[CodeEntry, ...]:
    """All entries that the text may mean, none if it is unknown. Raises SourceError where it is no number and no name.

    Digits alone are read as hexadecimal, as stop codes and exceptions are written, and then as a decimal error number.
    """
    word = text.strip()
    named = codes.named(word)
    if named is not None:
        return (named,)
    numbers = _numbers(word)
    if not numbers:
        if word.replace("_", "").isalnum() and not word[:1].isdigit():
            return ()
        raise SourceError(f"{word!r} is neither a code nor a name; write it as c0000005, 0x1e or -1073741819")
    found = [entry for number in numbers for entry in (codes.bugcheck(number), codes.exception(number)) if entry]
    return tuple({(entry.kind, entry.code): entry for entry in found}.values())


def _numbers(word: str) -> list[int]:
    """The values that the word may have, hexadecimal first."""
    plain = word.lower().replace("`", "")
    if len(plain) > MAX_DIGITS:
        return []
    bases = (10,) if plain.startswith("-") else (16,) if plain.startswith("0x") else (16, 10)
    numbers = []
    for base in bases:
        try:
            numbers.append(int(plain, base) & 0xFFFF_FFFF)
        except ValueError:
            continue
    return list(dict.fromkeys(numbers))
