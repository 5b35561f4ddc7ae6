"""What the other articles of the archive say of a fix: who replaced it, who repeats it, which pack brought it.

A later build of a file on the same line holds the corrections of the earlier ones. So an article whose fix has all
files of this one, none older and one newer, replaces it; and a service pack that is told to hold the later build holds
this correction too, even where its own article was written before that pack came, and names none or only "the latest".
"""

from collections.abc import Callable, Iterable
from functools import cmp_to_key
from typing import Final

from msgspec import Struct

from triage.advice import branches
from triage.advice.branches import Version
from triage.knowledge.products import Products
from triage.model.rule import FixFile, PackRef, Rule

Fixing = Callable[[str], Iterable[Rule]]
"""The rules whose fix lists a file, by the file's name in lower case."""

MAX_CHAIN: Final = 6
"""Articles of a chain that are shown: the next ones, and the newest."""

MAX_FILES: Final = 60

Files = dict[str, list[tuple[Version, str | None]]]


class Lineage(Struct, frozen=True):
    """`replaced_by` are later articles, the newest last; `repeats` have the same files.

    `packs` are those that other articles show to hold the fix, each with the article, the lowest of each product.
    """

    replaced_by: tuple[str, ...] = ()
    repeats: tuple[str, ...] = ()
    packs: tuple[tuple[PackRef, str], ...] = ()


def lineage_of(rule: Rule, fixing: Fixing | None, products: Products) -> Lineage:
    """What the archive says of the rule's fix; nothing for a fix without file versions."""
    own = _files(rule.fix.files)
    if fixing is None or not own or len(own) > MAX_FILES:
        return Lineage()
    about = _families(rule, products)
    later: list[Rule] = []
    repeats: list[str] = []
    for other in fixing(next(iter(own))):
        if other.id == rule.id or about.isdisjoint(_families(other, products)):
            continue
        order = _order(_files(other.fix.files), own)
        if order == 1:
            later.append(other)
        elif order == 0:
            repeats.append(other.id)
            later.append(other)
    later.sort(key=cmp_to_key(_by_files))
    chain = [other.id for other in later if other.id not in repeats]
    return Lineage(
        replaced_by=tuple(chain if len(chain) <= MAX_CHAIN else [*chain[: MAX_CHAIN - 1], chain[-1]]),
        repeats=tuple(sorted(repeats))[:MAX_CHAIN],
        packs=_packs(later, products),
    )


def _files(files: Iterable[FixFile]) -> Files:
    found: Files = {}
    for file in files:
        version = branches.read(file.version)
        if version is not None and any(version.numbers[1:]):
            found.setdefault(file.name.lower(), []).append((version, file.platform))
    return found


def _families(rule: Rule, products: Products) -> frozenset[str]:
    return frozenset(products.family_of(applies.product) for applies in rule.applies_to)


def _order(found: Files, wanted: Files) -> int | None:
    """1 where `found` has all files that are wanted, none older and one newer; 0 where the same; None for others."""
    newer = False
    for name, rows in wanted.items():
        for version, platform in rows:
            others = (other for other, of in found.get(name, ()) if platform in {None, of})
            orders = [order for other in others if (order := branches.order(other, version)) is not None]
            if not orders or min(orders) < 0:
                return None
            newer = newer or max(orders) > 0
    return int(newer)


def _by_files(one: Rule, other: Rule) -> int:
    """Earlier builds first; by id where the files do not tell."""
    left, right = _files(one.fix.files), _files(other.fix.files)
    if _order(right, left) == 1:
        return -1
    if _order(left, right) == 1:
        return 1
    return -1 if (len(one.id), one.id) < (len(other.id), other.id) else 1


def _packs(rules: list[Rule], products: Products) -> tuple[tuple[PackRef, str], ...]:
    lowest: dict[str, tuple[PackRef, str]] = {}
    for rule in rules:
        for pack in rule.fix.service_packs:
            if pack.number == "latest" or products.pack(pack) is None:
                continue
            known = lowest.get(pack.product)
            if known is None or _key(pack) < _key(known[0]):
                lowest[pack.product] = (pack, rule.id)
    return tuple(lowest.values())


def _key(pack: PackRef) -> tuple[int, str]:
    return (0 if pack.number == "latest" else pack.number, pack.suffix or "")
