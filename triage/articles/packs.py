"""Service packs that an article names as the fix.

Sentences of the archive, with what is read:

    This problem was first corrected in Windows 2000 Service Pack 2.              Windows 2000, 2
    This problem has been corrected in the latest Windows NT 4.0 U.S. Service Pack.     Windows NT 4.0, latest
    This problem was corrected in Service Pack 3 for Windows NT version 4.0.      Windows NT 4.0, 3
    To resolve this problem, obtain the latest service pack for SNA Server 4.0.   SNA Server 4.0, latest
    This problem was corrected in SP4.                                            the article's own product, 4

A sentence counts only where it says that the pack holds the fix: prerequisites ("after you apply Service Pack 3") and
packs that have the fault do not.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from triage.articles.anycase import AnyCase
from triage.articles.article import Article, Section
from triage.articles.names import ProductNames
from triage.model.rule import Applies, PackRef

MAX_PACKS: Final = 12
MAX_SENTENCE: Final = 600

_US = re.compile(r"\bU\. ?S\.")
_SWAPPED = re.compile(r"(\d{1,2}\.\d{1,2}) (Server|Workstation)\b")
"""Windows NT 4.0 Server, Terminal Server Edition: the version stands behind the edition everywhere else."""

_SENTENCE = re.compile(r"(?<=[.!?:])\s+(?=[A-Z\"'(])|\s(?=For (?:more |additional )?information\b)")
_CORRECTED = AnyCase(
    r"\b(?:corrected|fixed|resolved|addressed|eliminated|solved|incorporated|included|available|implemented|updated)"
    r"(?: as of| in| with| by| for| through)\b",
)
_APPLY = AnyCase(
    r"\b(?:obtain|install|apply|upgrade(?: \w+){0,6} to|update(?: \w+){0,6} (?:to|with)|get|order|download"
    r"|(?:by )?installing|applying"
    r"|upgrading to|obtaining)\b",
)
_PURPOSE = AnyCase(
    r"\b(?:to (?:resolve|correct|fix|work ?around|eliminate|solve|prevent|avoid|address|obtain this|enable|use this"
    r"|implement)"
    r"|resolved? this|corrects? this|fix(?:es)? this|the (?:fix|problem|issue|behavior))\b",
)
_NOT_THE_FIX = AnyCase(
    r"\b(?:not (?:been )?(?:corrected|fixed|resolved|addressed|included|available|occur)|wait for the next"
    r"|next (?:\w+ ){0,4}service pack"
    r"|after (?:you )?(?:install|apply|upgrad|updat)\w{0,5}|when you (?:install|apply)|before (?:you )?(?:install"
    r"|apply)"
    r"|(?:introduced|first appeared|began|caused) (?:in|with|by)|reinstall|re-install"
    r"|re-?apply|uninstall|remove|prior to|earlier than|must (?:first )?(?:have|be running|install|apply)|requires?"
    r"|prerequisite"
    r"|will be (?:fixed|corrected|included|addressed)(?! (?:in|with)\b.{0,60}\b(?:sp ?\d|service pack \d))"
    r"|though you have)\b",
)
_PACK = re.compile(
    r"\b(?P<latest>latest|lastest|most recent|current)\b(?P<between>(?: [\w.+,/-]{1,30}){0,12}?) service packs?\b"
    r"|\b(?:service (?:pack|release)s? ?(?:number )?|SP-?|SR-?)(?P<number>\d{1,2}|one|two|three|four|five|six"
    r"|seven)(?P<suffix>[ab])?\b",
    re.IGNORECASE,
)
_OF: Final = (" for ", " of ", " (for ")
_NUMBERS: Final = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
_OTHER_NAME = re.compile(r"(?:[A-Z][\w.+-]{2,30}|\d[\d.]{0,8}),? $")
_NO_NAME: Final = frozenset({"microsoft", "the", "latest", "this", "post", "english", "us", "in", "both", "either"})
_MOST_WORDS: Final = 12


def packs_of(article: Article, applies: tuple[Applies, ...], products: ProductNames) -> tuple[PackRef, ...]:
    """The packs in which the fix is, explicit numbers before "latest", each product's once."""
    named = [pack for keyword in article.keywords if (pack := products.pack_of_keyword(keyword)) is not None]
    stated: list[PackRef] = []
    for section in article.sections:
        heading: str | None = None
        for paragraph in section.paragraphs:
            if paragraph.kind == "heading":
                heading = products.canonical(paragraph.text.strip(" :-"))
                continue
            text = paragraph.text
            if "U." in text:
                text = _US.sub("US", text)
            if " Server" in text or " Workstation" in text:
                text = _SWAPPED.sub(r"\2 \1", text)
            if "ervice" in text or "SP" in text or "SR" in text:
                for sentence in _SENTENCE.split(text):
                    stated += _of_sentence(sentence[:MAX_SENTENCE], section, heading, applies, products)
    return _best(named, stated, products)


def _of_sentence(
    sentence: str, section: Section, heading: str | None, applies: tuple[Applies, ...], products: ProductNames
) -> Iterator[PackRef]:
    if not _names_pack(sentence):
        return
    corrected = _CORRECTED.search(sentence)
    if corrected is not None and section.name != "symptoms":
        rest = sentence[corrected.end() :]
    elif section.name in {"resolution", "workaround", "status"} and _PURPOSE.search(sentence):
        apply = _APPLY.search(sentence)
        if apply is None:
            return
        rest = sentence[apply.end() :]
    else:
        return
    if _NOT_THE_FIX.search(sentence):
        return
    for match in _PACK.finditer(rest):
        for product in _products(match, rest, heading, applies, products):
            if match["latest"]:
                yield PackRef(product, "latest")
            else:
                printed = match["number"].lower()
                number = _NUMBERS.get(printed) or int(printed)
                if 0 < number < 20:
                    yield PackRef(product, number, match["suffix"].lower() if match["suffix"] else None)


def _names_pack(sentence: str) -> bool:
    """Whether the words are there without which no pack is named."""
    lower = sentence.lower()
    return "service" in lower or "sp" in lower or "sr" in lower or not lower.isascii()


def _products(
    match: re.Match[str], rest: str, heading: str | None, applies: tuple[Applies, ...], products: ProductNames
) -> tuple[str, ...]:
    """The products that a pack is of: named after it, before it, by the heading above, or the article's own.

    Several where several versions are named: `the latest SNA Server version 3.0 and 4.0 US Service Packs`.
    """
    before = match["between"] if match["latest"] else rest[max(0, match.start() - 120) : match.start()]
    named = _after(rest[match.end() : match.end() + 120], products) or _before(before or "", products)
    if named is not None:
        return _releases(named, products) or (_release(products.canonical(named) or named, applies, products),)
    other = _OTHER_NAME.search(f"{before} " if match["latest"] else before)
    if other is not None and other.group().strip(" ,").lower() not in _NO_NAME:
        return ()  # a pack of something that is no product here
    if heading is not None:
        return (heading,)
    return (_release(applies[0].product, applies, products),) if applies else ()


def _after(text: str, products: ProductNames) -> str | None:
    """The name of a product that `for Windows NT version 3.51 and …` begins with: the longest that is known."""
    start = next((len(word) for word in _OF if text.startswith(word)), 0)
    words = text[start:].split()[:_MOST_WORDS] if start else []
    for size in range(len(words), 0, -1):
        name = " ".join(words[:size]).rstrip(".,;:)")
        if name[:1].isupper() and products.canonical(name) is not None:
            return name
    return None


def _before(text: str, products: ProductNames) -> str | None:
    """The name of a product that ends `… the latest Windows NT 4.0 US`: the longest that is known."""
    words = text.split()[-_MOST_WORDS:]
    while words and words[-1].strip(",").lower() in _NO_NAME:
        words.pop()
    for start in range(len(words)):
        name = " ".join(words[start:]).strip(".,;:()")
        if name[:1].isupper() and products.canonical(name) is not None:
            return name
    return None


def _releases(name: str, products: ProductNames) -> tuple[str, ...]:
    """The releases of a name with several versions; nothing for one with a single version or none."""
    found = [
        products.canonical(f"{item.product} {version}")
        for item in products.parse_applies(name)
        for version in item.versions
    ]
    known = tuple(dict.fromkeys(release for release in found if release is not None))
    return known if len(known) > 1 else ()


def _release(product: str, applies: tuple[Applies, ...], products: ProductNames) -> str:
    """The release where only a family is named and the article is about one version of it."""
    versions = [v.split(" SP")[0] for item in applies if item.product == product for v in item.versions]
    distinct = {version for version in versions if version and not version.startswith(("SP", "OSR"))}
    if len(distinct) != 1:
        return product
    return products.canonical(f"{product} {distinct.pop()}") or product


def _best(named: Iterable[PackRef], stated: Iterable[PackRef], products: ProductNames) -> tuple[PackRef, ...]:
    """Each pack once: sentences before keywords, numbers before "latest", releases before families.

    Keywords pile up while an article is kept (kbSMS200preSP3fix, kbSMS200SP4fix); the sentence is what was revised.
    """
    packs = list(dict.fromkeys(stated))
    told = {pack.product for pack in packs if pack.number != "latest"}
    packs += [pack for pack in _first(named) if pack.product not in told]
    numbered = {pack.product for pack in packs if pack.number != "latest"}
    families = _families(numbered, products)
    packs = [pack for pack in packs if pack.number != "latest" or pack.product not in numbered | families]
    families = _families({pack.product for pack in packs}, products)
    packs = [pack for pack in packs if pack.product not in families]
    order = {product: index for index, product in enumerate(dict.fromkeys(pack.product for pack in packs))}
    packs.sort(key=lambda p: (order[p.product], 0 if p.number == "latest" else p.number, p.suffix or ""))
    return tuple(packs[:MAX_PACKS])


def _first(packs: Iterable[PackRef]) -> Iterator[PackRef]:
    """The first pack of each product: with kbVS600SP4fix and kbVS600SP5fix, a fault was corrected in the first."""
    best: dict[str, tuple[int, str]] = {}
    for pack in packs:
        if pack.number != "latest":
            number = (pack.number, pack.suffix or "")
            best[pack.product] = min(best.get(pack.product, number), number)
    return (PackRef(product, number, suffix or None) for product, (number, suffix) in best.items())


def _families(names: Iterable[str], products: ProductNames) -> set[str]:
    found = (products.get(name) for name in names)
    return {product.family for product in found if product is not None and product.family}
