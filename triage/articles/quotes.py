"""What an article quotes from programs: indented blocks with the phrase that leads to them, and quoted messages.

The article's own indented prose (notes under an item, alternatives, instructions) is told from quotations by the
phrase before it: a quotation follows a colon, and what stands before the colon speaks of a message.
"""

import re
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from triage.articles.article import Article, Paragraph, SectionName
from triage.articles.sections import indent_of, is_alternative, is_item
from triage.articles.voice import is_message

MAX_QUOTES: Final = 60
MAX_ROWS: Final = 400

_SPEAKS: Final = re.compile(
    r"\b(?:errors?|messages?|events?|dialog|displays?|displayed|appears?|receives?|received|logged|logs?|reports?"
    r"|reported|returns?|returned|blue screen|stop|dr\.? ?watson|dump|stack|traces?|faults?|exceptions?|violation"
    r"|output|prompt|prompts|text|warning|states?|says|reads|shows?|entry|entries|similar|registers|information"
    r"|alert|fails?|failed|crash(?:es)?|debugger|description)\b",
    re.IGNORECASE,
)
_SILENT: Final = re.compile(
    r"\b(?:types?|typing|commands?|registry|sub-?keys?|keys?|articles?|syntax|code|samples?|steps?|query on|ftp"
    r"|web ?sites?|location|folders?|directory|directories|line to|lines to|statements?|parameters?|values?|programs?"
    r"|files?|attributes|table|symptoms?|problems?|conditions?|behaviors?|scenarios?|reasons?|causes?|situations?"
    r"|methods?|options?|true|states|issues?|circumstances|products?|keywords?|settings?|functions?|procedures?|macro"
    r"|configurations?|computers?|caused by|workarounds?|resolve|tasks?|actions?|ways?|formula|change|replace|add"
    r"|section|examples?|information about|additional information|for more information|contact)\b[^.]{0,60}:$",
    re.IGNORECASE,
)
_STRONG: Final = re.compile(
    r"\b(?:error|errors|message|messages|dialog|events?|blue screen|stop|dr\.? ?watson|stack|fault|exception|violation"
    r"|logged|entr(?:y|ies)\b[^:]{0,60}\blogs?)"
    r"\b[^.]{0,80}:$",
    re.IGNORECASE,
)
_MESSAGES: Final = re.compile(
    r"\b(?:error|warning|stop|event|fault)? ?(?:messages?|errors)\b[^.:]{0,60}:$", re.IGNORECASE
)
_TOLD_TO: Final = re.compile(
    r"\b(?:place|paste|type|insert|enter|add|copy|write|create|include|call|change) (?:in |to )?"
    r"(?:the |this )?following\b(?![^:]{0,80}\b(?:receive|error|message|appear|displayed))[^.:]{0,80}:$"
    r"|\b(?:by|if|when|or):$",
    re.IGNORECASE,
)
"""A phrase that leads to what the reader is to do, or to a list of circumstances."""

_BULLET: Final = re.compile(r"(?<!\s)\s*[-*o•]\s+")
_EVIDENCE: Final = re.compile(
    r"\s*(?:event ?(?:id)? ?[:#]? {0,8}\d|(?:event )?source ?: {0,8}\w|\*{3} ?stop|stop:? ?\(?0x"
    r"|application exception occurred"
    r"|exception number:|app: |modload:|fault ?->|framept?r |childebp|\*---->|state dump|an unhandled"
    r"|unhandled exception"
    r"|the instruction at|an? (?:fatal )?exception |a fatal exception|exceptioncode)",
    re.IGNORECASE,
)
_AT_MARGIN: Final = re.compile(
    r"Event ?ID ?[:=] {0,8}\d|Event(?: ?ID)? {1,3}\d{1,5}:?$|(?:Event )?Source ?: {0,8}\w|\*{3} ?STOP"
    r"|STOP:? ?\(?0x|Application exception occurred|App: |ModLoad:|Exception number:|FAULT ?->|FramePtr "
    r"|ChildEBP|\*---->|State Dump|The instruction at \"?0"
)
"""The same for rows at the margin, where a wrapped sentence may begin with any word."""

_REFERENCE: Final = re.compile(r"\s*(?:article-?id ?:|title ?:|Q\d{4,7}\b|https?://|ftp://|HKEY_|hkey_)")
_CODE: Final = re.compile(
    r"[;{}]\s*$|^\s*(?:#include|#define|/\*|//|select |insert |create |dim |sub |end sub|private |public |end if"
    r"|if .{1,60} then"
    r"|\?|net (?:use|start|stop) |regsvr32 |[a-z]:\\>|<\w{1,12}>\s*$|int |void |char |typedef|struct |class |define "
    r"|do case|endif"
    r"|[\w.]{1,40}\s*(?::=|==?)\s*\S{1,80}$)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?][\"')]?\s")
_QUOTED = re.compile(r"(?:(?<=[\s(])|^)[\"“](?=\S)([^\"“”]{8,400})(?<=\S)[\"”](?!\w)")
_NO_QUOTE = re.compile(
    r"\s*(?:(?:user |system |check ?)?(?:section|article|chapter|topic|box|option|tab|button|menu|dialog"
    r"|key|entry|value|page|rights?|privileges?|permissions?|polic(?:y|ies)|setting|command|counter|field|propert(?:y|ies)|column"
    r"|switch)"
    r"|\(without)\b"
)
_LABELLED = re.compile(
    r"\b(?:error|message|event|stop|warning|fault|description|reads|states|says|text)\b", re.IGNORECASE
)


class Quote(Struct, frozen=True):
    """Rows that stand together, their common indentation removed; `printed` says that a program prints them.

    A quote that is not `printed` may still be evidence that a reader knows by its form.
    """

    section: SectionName
    rows: tuple[str, ...]
    printed: bool
    lead: str = ""


def read_quotes(article: Article) -> Iterator[Quote]:
    """The indented blocks of an article, neighbours joined, and rows at the margin that have a known form."""
    count = 0
    for section in article.sections:
        for quote in _of_section(section.name, section.paragraphs):
            yield quote
            count += 1
            if count >= MAX_QUOTES:
                return


def _announces(lead: str) -> bool:
    """Whether the phrase says that messages follow, so that even the items of a list are messages."""
    return _MESSAGES.search(lead) is not None and _TOLD_TO.search(lead) is None


def _of_section(name: SectionName, paragraphs: tuple[Paragraph, ...]) -> Iterator[Quote]:
    rows: list[str] = []
    lead = ""
    printed = False
    indent = 0
    for paragraph in paragraphs:
        block = paragraph.kind == "block" and not is_item(paragraph.rows[0])
        if not rows and paragraph.kind == "item" and _BULLET.match(paragraph.rows[0]) and _announces(lead):
            item = _item(paragraph.rows)
            yield Quote(name, item, is_printed(name, lead, paragraph) and is_message(" ".join(item)), lead)
            continue
        known = _EVIDENCE if paragraph.indent else _AT_MARGIN
        evident = any(known.match(row) for row in paragraph.rows[:60])
        if not evident and paragraph.kind == "item" and _EVIDENCE.match(_BULLET.sub("", paragraph.rows[0], count=1)):
            if rows:
                yield Quote(name, _dedent(rows), printed, lead)
            rows, printed, indent = list(_item(paragraph.rows)), True, 0
            continue
        # What goes on under an item stands further left than what the item quotes.
        remark = bool(rows) and not evident and paragraph.indent < indent
        if (block or evident) and not remark and not _REFERENCE.match(paragraph.rows[0]):
            if not rows:
                indent = paragraph.indent
                printed = evident or is_printed(name, lead, paragraph)
            rows += ["", *paragraph.rows] if rows else list(paragraph.rows)
            continue
        if rows:
            yield Quote(name, _dedent(rows), printed, lead)
            rows = []
        if not is_alternative(paragraph):
            lead = _lead(paragraph)
    if rows:
        yield Quote(name, _dedent(rows), printed, lead)


def _lead(paragraph: Paragraph) -> str:
    """The last sentence of a paragraph that ends with a colon; empty where it ends otherwise."""
    text = paragraph.text
    if not text.endswith(":"):
        return ""
    ends = [match.end() for match in _SENTENCE_END.finditer(text, max(0, len(text) - 400))]
    return text[ends[-1] if ends else 0 :]


def is_printed(section: SectionName, lead: str, paragraph: Paragraph) -> bool:
    """Whether a block is what a program prints: by the phrase that leads to it, and by not looking like code."""
    if not lead or not _SPEAKS.search(lead) or _TOLD_TO.search(lead):
        return False
    if _SILENT.search(lead) and not _STRONG.search(lead):
        return False
    if section not in {"symptoms", "summary", "body", "more"} and not _STRONG.search(lead):
        return False
    return not is_code(paragraph)


def is_code(paragraph: Paragraph) -> bool:
    """Whether half of the rows look like a program's source, a command or an assignment."""
    return 2 * sum(_CODE.search(row) is not None for row in paragraph.rows) >= len(paragraph.rows)


def _item(rows: tuple[str, ...]) -> tuple[str, ...]:
    """The rows of an item without its bullet and indentation."""
    return (_BULLET.sub("", rows[0], count=1), *(row.strip() for row in rows[1:]))


def _dedent(rows: list[str]) -> tuple[str, ...]:
    rows = [row.expandtabs(8) for row in rows[:MAX_ROWS]]
    shared = min((indent_of(row) for row in rows if row.strip()), default=0)
    return tuple(row[shared:] for row in rows)


def read_inline(paragraphs: tuple[Paragraph, ...]) -> Iterator[str]:
    """Messages that prose quotes: `the error message "Not enough server storage is available"`."""
    for paragraph in paragraphs:
        text = paragraph.text
        if paragraph.kind == "block" or '"' not in text.replace("“", '"'):
            continue
        for match in _QUOTED.finditer(text):
            quoted = match[1].strip()
            around = f"{text[max(0, match.start() - 100) : match.start()]} {text[match.end() : match.end() + 30]}"
            if (
                3 <= len(quoted.split()) <= 60
                and _LABELLED.search(around)
                and not _NO_QUOTE.match(text, match.end())
                and not _REFERENCE.match(quoted)
            ):
                yield quoted
