"""The report as a page for a terminal: what happened, which article, how sure, what to do; then why."""

from collections.abc import Sequence

from triage.model.report import REMOTE, Because, Finding, IncidentInfo, NextStep, Report
from triage.render.advice import action_details, is_weak, known, likely, plan_of, rows
from triage.render.page import Page, Piece, Span, Style
from triage.render.phrases import (
    FAINT,
    MAX_SEE,
    TRACE,
    because,
    count,
    fact,
    incident_of,
    lines,
    no_evidence,
    source_line,
    sureness,
)
from triage.render.unexplained import explained, like, nearest, unexplained

GUTTER = 3
LABEL = 9
MAX_WARNINGS = 5

BAND_STYLES: dict[str, Style] = {"certain": "good", "likely": "good", "possible": "warn"}


def render(report: Report, *, width: int = 100, colour: bool = False, explain: bool = False) -> str:
    """The page, without a newline at its end. `explain` adds what speaks for and against each finding, line by line."""
    page = Page(width, colour=colour)
    if not report.incidents and not report.findings:
        page.block("", Span(report.source.path, "strong"), ": ", no_evidence(report))
        return str(page)
    page.block("", Span(report.source.path, "strong"), ": ", source_line(report))
    _plan(page, report)
    least = 0.0 if explain else REMOTE
    for number, findings in explained(report, least).items():
        _incident(page, report, number, findings, explain=explain)
    _unexplained(page, report, least)
    _warnings(page, report)
    return str(page)


def _plan(page: Page, report: Report) -> None:
    """What to do about all findings together, first things first."""
    plan = plan_of(report)
    if plan is None:
        return
    page.blank()
    page.block("", Span("To do: ", "strong"), plan.summary)
    for action in plan.actions:
        page.block(Span(str(action.number), "strong"), action.summary, indent=GUTTER, gutter=GUTTER)
        page.block("", Span(action_details(action), "dim"), indent=GUTTER, gutter=GUTTER)


def _incident(page: Page, report: Report, number: int, findings: Sequence[Finding], *, explain: bool) -> None:
    """One incident: its best finding in full, the others in a line each, or all in full where explained.

    Where none is more than possible, what is known of the incident itself follows.
    """
    page.blank()
    incident = incident_of(report, findings[0])
    _headline(page, incident, number, alike=1 if incident is None else like(report, incident))
    searched = incident is not None and incident.kind == "prose"
    for place, finding in enumerate(findings):
        if place and not (explain or searched) and finding.confidence < FAINT <= findings[0].confidence:
            continue  # beside one that is possible, what is not by itself only takes room
        if place and not explain and finding.confidence < TRACE:
            continue
        if place and explain:
            page.blank()
        if place == 0 or explain:
            _finding(page, finding)
        else:
            _alternative(page, finding)
        if explain:
            _tables(page, finding)
    if incident is not None and is_weak(findings):
        _known(page, incident)


def _headline(page: Page, incident: IncidentInfo | None, number: int, *, alike: int = 1) -> None:
    if incident is None:
        page.block(str(number), "An incident that this report does not hold", gutter=GUTTER)
        return
    more = f"{alike - 1} more like it" if alike > 1 else ""
    where = "; ".join(part for part in (lines(incident.lines), more) if part)
    page.block(
        Span(str(number), "strong"),
        Span(incident.summary or incident.signature or incident.kind, "strong"),
        f" ({where})" if where else "",
        gutter=GUTTER,
    )


def _finding(page: Page, finding: Finding) -> None:
    _title(page, finding.rule, finding)
    advice = finding.advice
    done: Style = "good" if advice.status == "already-installed" else ""
    _row(page, finding.to_do, Span(advice.summary, done))
    for step in advice.steps:
        if step == advice.summary:
            continue
        _row(page, "", "- ", step)
    if advice.here:
        _row(page, "Here", advice.here)
    last = ""
    for label, told in rows(finding):
        _row(page, "" if label == last else label, told)
        last = label
    _row(page, "Because", because(finding))
    see = [*advice.articles, *finding.see_also][:MAX_SEE]
    links = [item for item in dict.fromkeys(see) if item != finding.rule]
    if finding.url:
        links.append(finding.url)
    if links:
        _row(page, "See", Span(", ".join(links), "dim"))


def _alternative(page: Page, finding: Finding) -> None:
    _title(page, "or", finding, named=True)


def _title(page: Page, label: str, finding: Finding, *, named: bool = False) -> None:
    title: list[Piece] = [Span(f"{finding.rule}  ", "strong")] if named else []
    page.block(
        Span(label, "" if named else "strong"),
        *title,
        finding.title,
        indent=GUTTER,
        gutter=LABEL,
        right=Span(sureness(finding), BAND_STYLES.get(finding.band, "")),
    )


def _row(page: Page, label: str, *pieces: Piece) -> None:
    page.block(Span(label, "dim"), *pieces, indent=GUTTER, gutter=LABEL)


def _tables(page: Page, finding: Finding) -> None:
    for label, facts in (("For", finding.because), ("Against", finding.against)):
        if not facts:
            continue
        _row(page, label, count(len(facts), "fact") + ", " + f"{sum(item.weight for item in facts):.1f} bits")
        page.table([_explained(item) for item in facts], indent=GUTTER + LABEL)
    if finding.missing:
        _row(page, "Missing", count(len(finding.missing), "fact") + " of the article that the source does not show")
        page.table([[Span("-", "dim"), fact(key)] for key in finding.missing], indent=GUTTER + LABEL)


def _explained(item: Because) -> Sequence[Piece]:
    similar = f" (similarity {item.similarity:.2f})" if item.similarity < 1.0 else ""
    return [f"{item.weight:5.1f}", Span(lines(item.lines) or "-", "dim"), fact(item.fact) + similar]


def _unexplained(page: Page, report: Report, least: float) -> None:
    """Incidents that no rule describes: what is known of them and which command would tell more."""
    left = unexplained(report, least)
    steps: tuple[NextStep, ...] = ()
    for incident, alike in left.shown:
        page.blank()
        _headline(page, incident, incident.number, alike=alike)
        _row(page, "Unknown", Span("no article of the knowledge describes this", "warn"))
        _known(page, incident, but=steps)
        steps = incident.next_steps
        if near := nearest(report, incident):
            _row(page, "Nearest", Span(near, "dim"))
    if left.rest:
        page.blank()
        page.block("", f"{left.rest} (--format json lists them all)")


def _known(page: Page, incident: IncidentInfo, *, but: tuple[NextStep, ...] = ()) -> None:
    """What is known, and the next steps unless they are those that were told just before (`but`)."""
    last = ""
    for label, told in known(incident):
        _row(page, "" if label == last else label, told)
        last = label
    if (hint := likely(incident)) is not None:
        _row(page, "Likely", Span(hint[0], "strong"), f": {hint[1]}")
    for place, step in enumerate(incident.next_steps if incident.next_steps != but else ()):
        _row(page, "" if place else "Next", Span(step.command, "strong"), f"  {step.shows}" if step.shows else "")


def _warnings(page: Page, report: Report) -> None:
    if not report.warnings:
        return
    page.blank()
    for place, warning in enumerate(report.warnings[:MAX_WARNINGS]):
        where = lines(warning.lines)
        label = Span("" if place else "Damage", "warn")
        page.block(label, f"{where}: " if where else "", warning.text, gutter=LABEL)
    if len(report.warnings) > MAX_WARNINGS:
        page.block("", f"and {len(report.warnings) - MAX_WARNINGS} more", gutter=LABEL)
