"""The voice of the articles, told from that of programs: what an article says is never kept, wherever it stands.

Articles put remarks between and behind what they quote, at the same indentation:

    Event ID: 4116
    Source: LedgerSvc
    Description: The page is missing.

    The last four numbers indicate the page. This error may occur if …
"""

import re
from typing import Final

from triage.articles.templates import template_of

_SUBJECT: Final = (
    r"(?:error|errors|error messages?|message|messages|problems?|events?|behaviou?r|issues?|exceptions?|fix|stop|code)"
)
_VOICE: Final = re.compile(
    r"(?:^|[.!?:][\"')]{0,2} )(?:for (?:additional|more|further) information\b[^.]{0,60}\b(?:see|click|query|view)"
    r"|for example)"
    r"|\b(?:microsoft knowledge base|knowledge base article|following articles?|article number|this article"
    r"|\bQ\d{5,6}\b"
    r"|to (?:resolve|work around|correct|reproduce|fix|prevent|avoid|determine) (?:this|the|these)\b"
    rf"|(?:this|these|the above|any of these) (?:[\w-]+ ){{0,2}}{_SUBJECT} (?:[\w-]+ ){{0,2}}"
    r"(?:occurs?|occurred|appears?|appeared"
    r"|indicates?|means?|happens?|generated|logged|results?|displayed|continues?|varies|seen|due|comes?"
    r"|contains?|does|do|did)\b"
    rf"|(?:after|when|if|as|once) (?:\w+ ){{0,3}}(?:this|these) (?:[\w-]+ ){{0,2}}{_SUBJECT}\b(?! persists)"
    r"|similar to (?:the|this|one|these)\b|messages? (?:stating|saying|that says|about|indicating)\b"
    r"|you (?:may|might|can|will|could)(?: also)? (?:then )?(?:receive|see|experience|notice|observe|find|get)\b"
    r"|you (?:then )?receive\b|if you receive\b"
    r"|(?:following|these) (?:methods|steps|symptoms|conditions|workarounds)|in this (?:example|case|scenario"
    r"|situation)"
    r"|which means|(?:last|first|next) (?:\w+ )?(?:numbers|digits|line|parameters?) (?:of|in|indicates?|is|are"
    r"|shows?)\b"
    r"|microsoft has confirmed|has been (?:confirmed|corrected)|(?:was|were|is) (?:first )?(?:corrected|fixed) in"
    r"|service pack \d (?:or|for|fixes)"
    r"|event(?: id)? \d{1,5} (?:should|in the|is|may|has|commonly|from|indicates|means|occurs|was|will)"
    r"|vary depending|may vary|may differ"
    r"|this (?:can|may) (?:also )?(?:occur|happen|be caused)|(?:this|the) (?:hot)?fix|symbols are installed"
    r"|described in|the cause of (?:this|the)|a common cause|workarounds?\b|reinstall the service pack"
    r"|to do (?:this|so), |without (?:the )?quotation marks"
    r"|the following (?:[\w-]+ ){0,3}(?:entry|entries|errors?|events?|messages?|text|information|lines?)"
    r" (?:may|might|can|will|(?:is|are|was|were)(?! (?:not|an?|sent)\b)|appears?|occurs?)\b)"
    r"|(?:^|[.!?][\"')]{0,2} )(?:NOTE|IMPORTANT|Note that|Notice that|In addition|Additionally|Therefore|Also"
    r"|Although|When you|After you|The reason)\b[:, ]|\bwhere \"?<?[\w ]{{1,20}}>?\"? (?:is|are|represents) ",
    re.IGNORECASE,
)
_GOES_ON: Final = re.compile(
    r"(?:is|are|was|were|may|might|will|can|has|have|had|and|or|to|when|if|that|which"
    r"|appears?|occurs?|errors?"
    r"|should|does|messages?|error messages?|events?)\b"
)
"""A sentence's middle in lower case: what is left of prose that a reader took for a message."""

_SENTENCE: Final = re.compile(r"(?<=[.!?:])[\"')]{0,2}\s+")


_REMARK: Final = re.compile(
    r"(?:If|When|Whenever|Typically|However|This|These|You can|Try|To|Once|Because|After|In|For|At|As|There (?:is|are)"
    r"|Which|Where|Also|A\.|Q\.|Both|Although|Since|By|Sometimes|Usually|Normally|Most|Some|Each|Note)\b"
)


_BANNER: Final = re.compile(r"Microsoft ?\(R\) Windows\b", re.IGNORECASE)
"""How the system, Dr. Watson and debuggers head what they print: whatever the fault, `Microsoft (R) Windows NT (TM)
Version 4.00 DrWtsn32`. It says nothing of one."""


def is_remark(text: str) -> bool:
    """Whether a paragraph behind a quotation begins as remarks do, and is long: a short one may be of the message."""
    return _REMARK.match(text) is not None and text.count(" ") >= 9


def is_message(text: str) -> bool:
    """Whether an item of a list is all of it a message: an item in which the article speaks is the article's own."""
    return _VOICE.search(text) is None and not text.endswith(":")


def message_of(text: str) -> str:
    """The template of what a program prints in `text`; empty where the article itself speaks."""
    text = text.strip()
    return "" if _GOES_ON.match(text) or _BANNER.match(text) else template_of(printed_part(text))


def printed_part(text: str) -> str:
    """The beginning of `text` up to the first sentence in the article's voice; empty where it is the first one."""
    found = _VOICE.search(text)
    if found is None:
        return text
    start = 0
    for end in _SENTENCE.finditer(text, 0, found.start() + 2):
        start = end.end()
    return text[:start].rstrip()
