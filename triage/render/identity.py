"""Which format a source is read as, and why, for people."""

from triage.formats.identify import Claim, Identity
from triage.render.page import Page, Span
from triage.render.phrases import count

_GUTTER = 12
_MOST = 6
"""Landmarks of one format that are listed."""


def render(identity: Identity, *, width: int = 100, colour: bool = False) -> str:
    """A block of lines: the source, its format, the reason, and what each format that was asked made of it."""
    page = Page(width, colour=colour)
    page.block("", Span(identity.path, "strong"))
    page.block(
        "  Format", Span(identity.format, "good" if identity.incidents else ""), f", {_held(identity)}", gutter=12
    )
    if identity.containers:
        page.block("  Inside", " > ".join(identity.containers), gutter=_GUTTER)
    page.block("  Encoding", identity.encoding or "unknown", gutter=_GUTTER)
    page.block("  Why", _why(identity), gutter=_GUTTER)
    for claim in identity.claims:
        page.block("", _claim(claim), gutter=_GUTTER)
    if identity.part is not None:
        page.block("  Note", f"only the first {identity.part >> 20} MiB were looked at", gutter=_GUTTER)
    if identity.fault is not None:
        page.block("  Fault", Span(identity.fault, "bad"), gutter=_GUTTER)
    return str(page)


def _held(identity: Identity) -> str:
    return f"{count(identity.incidents, 'incident')}, {count(identity.modules, 'module')}"


def _why(identity: Identity) -> str:
    if identity.magic is not None:
        return f"begins with {identity.magic}"
    if identity.format == "binary":
        return "no text, and no binary format that is known"
    if not identity.claims:
        return "text without a landmark of any format"
    chosen = next((claim for claim in identity.claims if claim.format == identity.format), None)
    if chosen is None:
        return f"landmarks, but nothing that a format could read in {count(identity.rows, 'line')}"
    return f"{chosen.format} read most of it: {chosen.lines} of {count(identity.rows, 'line')}"


def _claim(claim: Claim) -> str:
    shown = ", ".join(repr(landmark) for landmark in claim.landmarks[:_MOST])
    more = "" if len(claim.landmarks) <= _MOST else f" and {len(claim.landmarks) - _MOST} more"
    read = f"{count(claim.lines, 'line')}, {count(claim.incidents, 'incident')}, {count(claim.modules, 'module')}"
    return f"{claim.format}: {read}; landmarks {shown}{more}"
