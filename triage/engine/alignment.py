"""A message laid beside the template of a rule, word by word: what the program printed, and what varies.

    The <…> service failed to start due to the following error: <…>
    The Ledger service failed to start due to the following error: The account name is invalid.

What stands where the template has a gap is the machine's own and says nothing against the rule; a word that is missing,
or one too many, says that it is another message of the same kind.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from operator import add
from typing import Final, Literal, NamedTuple

from msgspec import Struct

from triage.engine.similarity import Edit, alike, edits
from triage.model.rule import GAP
from triage.text.lazy import regex

MAX_TEXT: Final = 120
"""Words of the message that are laid beside the template, which has 40 at most."""

MAX_LETTERS: Final = 400
FILLS: Final = 6
"""Words that one gap takes."""

_WORD = regex(rf"{GAP}|[^\W_][\w.$'-]*")


class Gap(NamedTuple):
    """Words between two runs that both have, before the first or behind the last of them: of the template and of the
    message. `fills` counts the places there where the template leaves room for the machine's own."""

    place: Literal["before", "between", "behind", "everywhere"]
    lost: tuple[str, ...]
    left: Sequence[str]
    fills: int


class Alignment(Struct, frozen=True, gc=False):
    """How a message and a template go together.

    `same` counts the words that both have in the same order, `runs` in how many pieces; `left` the message's words that
    neither stand in the template nor in its gaps, `lost` the template's words that the message lacks. `told` and
    `shown` are the shares of the message and of the template that the other accounts for, `alike` their likeness to
    the letter. `steps` lead from the words that are `wanted` to those that are `printed`.
    """

    same: int
    runs: int
    left: int
    lost: int
    told: float
    shown: float
    alike: float
    steps: list[Edit]
    wanted: tuple[str, ...]
    printed: list[str]


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, gaps of templates as they are."""
    return [word.strip("-'.$") or word for word in _WORD.findall(text.lower())]


class _Template(NamedTuple):
    """A template's words, how many of them are no gaps, and its beginning without the gaps."""

    words: tuple[str, ...]
    known: int
    letters: str


@lru_cache(maxsize=1024)
def _wanted(template: str) -> _Template:
    words = tuple(words_of(template))
    return _Template(words, len(words) - words.count(GAP), template.replace(GAP, "")[:MAX_LETTERS])


def align(text: str, words: list[str], template: str) -> Alignment | None:
    """The alignment of a message (and its words) with a template; None where either has no words."""
    wanted, known, letters = _wanted(template)
    shown = words[:MAX_TEXT]
    if not known or not shown:
        return None
    steps = edits(wanted, shown)
    # The gaps that each step takes away; none before the first one and after the last.
    gaps = [wanted[start:end].count(GAP) if tag == "delete" else 0 for tag, start, end, _, _ in steps]
    around = map(add, [0, *gaps], [*gaps[1:], 0])
    same = runs = left = lost = filled = 0
    for (tag, start, end, first, last), inside, near in zip(steps, gaps, around, strict=False):
        if tag == "equal":
            same += end - start
            runs += 1
        elif tag == "delete":
            lost += end - start - inside
        else:
            fills = min(last - first, FILLS * near)
            filled += fills
            left += last - first - fills
    return Alignment(
        same=same,
        runs=runs,
        left=left,
        lost=lost,
        told=(same + filled) / len(shown),
        shown=same / known,
        alike=alike(letters, text[:MAX_LETTERS]),
        steps=steps,
        wanted=wanted,
        printed=shown,
    )


def gaps_of(alignment: Alignment) -> Iterator[Gap]:
    """The gaps between what both have, where words or room for them are; the first and the last lie outside."""
    lost: tuple[str, ...] = ()
    left: Sequence[str] = ()
    fills = 0
    before = True
    for tag, start, end, first, last in alignment.steps:
        if tag == "equal":
            if lost or left or fills:
                yield Gap("before" if before else "between", lost, left, fills)
            lost, left, fills, before = (), (), 0, False
        elif tag == "delete":
            lost = alignment.wanted[start:end]
            fills = lost.count(GAP)
            if fills:
                lost = tuple([word for word in lost if word != GAP])
        else:
            left = alignment.printed[first:last]
    if lost or left or fills:
        yield Gap("everywhere" if before else "behind", lost, left, fills)
