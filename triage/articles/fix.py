"""What an article tells of the fix, as facts."""

import re
from typing import Final

from triage.articles.anycase import AnyCase
from triage.articles.article import Article
from triage.articles.files import files_of
from triage.articles.names import ProductNames
from triage.articles.packs import packs_of
from triage.articles.references import references_of
from triage.articles.registry import registry_of
from triage.model.rule import Applies, Fix

_CONFIRMED: Final = AnyCase(
    r"\b(?:microsoft has |has been |have been |has |we have )?confirmed (?:this|that this|that these|these"
    r"|this problem|the problem|that the)"
    r"|\bconfirmed (?:to be )?(?:a|as a) (?:problem|bug)|\bmicrosoft has confirmed\b",
    needs=("confirmed",),
)
_HOTFIX: Final = AnyCase(
    r"\b(?:(?:the|a|this|following) (?:\w+ )?hot ?-?fix(?! pack)|hot ?-?fix (?:is|has|below|for this|to this|was|that)"
    r"|supported fix|supported (?:feature|patch)|fix (?:is|has been|was) (?:now )?(?:available|posted)"
    r"|individual (?:software )?update"
    r"|post[- ]sp\d|following fix|obtain (?:the|this|a) (?:\w+ )?(?:fix|patch|update)|fix should have"
    r"|contact microsoft (?:product support|technical support|pss)[^.]{0,60}\bobtain)\b",
    needs=("fix", "supported", "update", "post", "obtain"),
)
_WORKAROUND: Final = AnyCase(
    r"\b(?:to |can |may |could )?work(?:s|ed)? ?-?around (?:this|the|these|it)\b|\bas a work ?around\b"
    r"|\bbe worked ?-?around\b"
    r"|\b(?:following|another|suggested|temporary|one|one possible|a possible) work ?arounds?\b"
    r"|\bto (?:avoid|prevent) (?:this|the|these) (?:\w+ ){0,2}(?:problems?|errors?|faults?|behaviou?r|issues?|messages?"
    r"|crash\w{0,2}|hangs?|gpf|deadlocks?)(?: from occurring)?,"
    r"|\b(?:can|may|could|should) be (?:avoided|prevented) by\b"
    r"|\byou (?:can|may|could) (?:also )?(?:avoid|prevent) (?:this|the|these)\b"
    r"|\b(?:several|two|three|some|other) (?:\w+ )?ways to (?:avoid|prevent|work ?around)\b"
    r"|\b(?:problem|error|behaviou?r|issue|fault|it|this) can be avoided\b"
    r"|\b(?:above|first|second|third|simplest|best|alternative) work ?arounds?\b"
    r"|\bwork ?around (?:is|for this|to this)\b|\bwork ?arounds are\b|\buse (?:one of )?the following work ?arounds?",
    needs=("work", "avoid", "prevent"),
)
_NONE: Final = AnyCase(
    r"\b(?:no|not any|isn't a|is not a|aren't any) (?:known |current |other |available )?work ?arounds?\b"
    r"|\bcannot be worked around\b"
    r"|\bwork ?around[^.]{0,40}\bnot (?:known|available)\b|^none\b|^there is none\b",
    needs=("work", "none"),
)
_OBTAIN: Final = re.compile(
    r"(?:to (?:resolve|correct|work ?around) (?:this|the) \w+(?: immediately)?, )?(?:obtain|contact microsoft"
    r"|install the)\b",
    re.IGNORECASE,
)
"""A section headed WORKAROUND that only tells to get the fix."""

_FIX_NAMED: Final = AnyCase(
    r"\b(?:service (?:pack|release)s?|hot ?-?fix(?:es)?|fix(?:es|ed)?|patch(?:es|ed)?|upgrad\w+|updat\w+|obtain\w*"
    r"|download\w*|correct(?:ed|ion)|later version|new(?:er)? version|latest|reinstall\w*|replace\w*|contact"
    r"|supported|s e r v)\b",
)
_STEP: Final = AnyCase(
    r"(?:^|[.:] |\d\. +|- +)(?:to (?:resolve|correct|solve)[^,.]{0,60}, )?(?:please )?(?:use|set|change|add|remove"
    r"|delete|disable|enable|turn|increase|decrease|create|move|copy|rename|start|stop|type|click|edit|run|specify|make"
    r"|do not|avoid"
    r"|close|quit|restart|configure|modify|assign|grant|clear|point|reduce|switch|select|declare|call|define)\b",
)
"""What RESOLUTION says that tells a user to do something other than to get a fix."""

_FIXING: Final = ("resolution", "status", "workaround", "more", "cause", "summary", "body", "symptoms")


def fix_of(article: Article, applies: tuple[Applies, ...], products: ProductNames) -> tuple[Fix, tuple[str, ...]]:
    """The fix, and the other articles that the article names."""
    obtain, others = references_of(article)
    files = files_of(article)
    repair = [p.text for p in article.paragraphs("resolution", "status", "workaround", "summary", "body", "more")]
    everything = [p.text for p in article.paragraphs(*_FIXING)]
    fix = Fix(
        service_packs=packs_of(article, applies, products),
        files=files,
        obtain=obtain,
        hotfix=bool(files) or any(_HOTFIX.search(text) for text in repair),
        confirmed=any(_CONFIRMED.search(text) for text in everything),
        workaround=_has_workaround(article, repair) or _resolves_without_fix(article),
        registry=registry_of(article),
    )
    return fix, others


def _resolves_without_fix(article: Article) -> bool:
    """Steps under RESOLUTION that name no fix, in an article whose STATUS does: they help until the fix is there."""
    resolution = [paragraph.text for paragraph in article.paragraphs("resolution")]
    status = [paragraph.text for paragraph in article.paragraphs("status")]
    return (
        any(_STEP.search(text) for text in resolution)
        and not any(_FIX_NAMED.search(text) for text in resolution)
        and any(_FIX_NAMED.search(text) for text in status)
    )


def _has_workaround(article: Article, repair: list[str]) -> bool:
    """A section of that name with more than "None" in it, or a sentence that offers one."""
    own = [paragraph.text for paragraph in article.paragraphs("workaround")]
    if own and not _OBTAIN.match(own[0]) and not (_NONE.search(own[0]) and len(own) < 3):
        return True
    return any(
        _WORKAROUND.search(text) and not _NONE.search(text) and not _OBTAIN.match(text)
        for text in (*repair, *(paragraph.text for paragraph in article.paragraphs("cause")))
    )
