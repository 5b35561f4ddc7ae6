"""What the knowledge holds, as text: code entries and rules in a list."""

from collections.abc import Iterable

from triage.model.code import CodeEntry
from triage.render.page import Page, Span

KIND_NAMES = {
    "exception": "exception",
    "win32": "Win32 error",
    "bugcheck": "stop code",
    "fill": "fill pattern",
    "fault": "class of fault",
}

LABEL = 12


def codes(entries: Iterable[CodeEntry], *, width: int = 100, colour: bool = False) -> str:
    """Number, name and kind of each entry, what it means, and its parameters."""
    page = Page(width, colour=colour)
    for entry in entries:
        kind = KIND_NAMES.get(entry.kind, entry.kind)
        number = str(entry.code) if entry.kind == "win32" else f"{entry.code:08x}"
        page.block(Span(number, "strong"), entry.name, gutter=LABEL, right=Span(kind, "dim"))
        if entry.meaning:
            page.block("", entry.meaning, gutter=LABEL)
        for position, parameter in enumerate(entry.parameters, 1):
            page.block("", Span(f"parameter {position}  ", "dim"), parameter, gutter=LABEL)
    return str(page)


def rules(rows: Iterable[tuple[str, str, str]], *, width: int = 100, colour: bool = False) -> str:
    """Id and title of each rule, and where it comes from."""
    page = Page(width, colour=colour)
    for number, title, source in rows:
        page.block(Span(number, "strong"), title, gutter=LABEL, right=Span(source, "dim"))
    return str(page)
