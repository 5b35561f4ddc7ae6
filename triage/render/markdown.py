"""The report as Markdown, to paste into a ticket."""

from triage.model.report import Finding, IncidentInfo, Report
from triage.render.advice import action_details, known, likely, plan_of, rows
from triage.render.clean import clean
from triage.render.phrases import MAX_SEE, because, incident_of, lines, no_evidence, source_line, sureness
from triage.render.unexplained import explained, like, nearest, unexplained
from triage.text.lazy import regex

_MARKUP = regex(r"([\\`*_{}\[\]<>#|~!&$@])")

_LINK = regex(r"https?://[\w./:%?=&~+-]{1,300}")


def render(report: Report) -> str:
    """Headings and lists, without a newline at the end. Markup in the input's own values is escaped."""
    if not report.incidents and not report.findings:
        return f"## {_plain(report.source.path)}\n\n{_plain(no_evidence(report))}"
    parts = [f"## {_plain(report.source.path)}: {_plain(source_line(report))}"]
    parts.extend(_plan(report))
    answered = explained(report)
    parts.extend(_finding(report, finding) for finding in report.findings if finding.incident in answered)
    left = unexplained(report)
    if left.shown:
        rest = f"\n\n{_plain(left.rest)}" if left.rest else ""
        parts.append("### Without an article\n\n" + "\n".join(_unexplained(report, *one) for one in left.shown) + rest)
    elif left.rest:
        parts.append(_plain(left.rest))
    if report.warnings:
        damage = [f"- {_plain(warning.text)}{_where(warning.lines)}" for warning in report.warnings]
        parts.append("### Damage in the source\n\n" + "\n".join(damage))
    return "\n\n".join(parts)


def _plan(report: Report) -> list[str]:
    plan = plan_of(report)
    if plan is None:
        return []
    actions = [
        f"{action.number}. **{_plain(action.summary)}**  \n   {_plain(action_details(action))}"
        for action in plan.actions
    ]
    return [f"### To do\n\n{_plain(plan.summary)}", "\n".join(actions)]


def _more(alike: int) -> str:
    return f", {alike - 1} more like it" if alike > 1 else ""


def _unexplained(report: Report, incident: IncidentInfo, alike: int) -> str:
    items = [f"- {_plain(incident.summary)}{_where(incident.lines)}{_more(alike)}"]
    items += [f"  - **{_plain(label)}:** {_plain(told)}" for label, told in known(incident)]
    if (hint := likely(incident)) is not None:
        items.append(f"  - **Likely:** {_plain(': '.join(hint))}")
    for step in incident.next_steps:
        shows = f" {step.shows}" if step.shows else ""
        items.append(f"  - **Next:** {_plain(step.command)}{_plain(shows)}")
    if near := nearest(report, incident):
        items.append(f"  - **Nearest:** {_plain(near)}")
    return "\n".join(items)


def _finding(report: Report, finding: Finding) -> str:
    incident = incident_of(report, finding)
    article = f"[{_plain(finding.rule)}]({finding.url})" if _is_link(finding.url) else _plain(finding.rule)
    advice = finding.advice
    items = [f"### {article} {_plain(finding.title)} ({sureness(finding)})", ""]
    if incident is not None:
        items.append(f"- **What:** {_plain(incident.summary)}{_where(incident.lines)}{_more(like(report, incident))}")
    items.append(f"- **{finding.to_do}:** {_plain(advice.summary)}")
    items.extend(f"  - {_plain(step)}" for step in advice.steps)
    if advice.here:
        items.append(f"- **Here:** {_plain(advice.here)}")
    items.extend(f"- **{label}:** {_plain(told)}" for label, told in rows(finding))
    items.append(f"- **Because:** {_plain(because(finding))}")
    see = [item for item in dict.fromkeys([*advice.articles, *finding.see_also][:MAX_SEE]) if item != finding.rule]
    if see:
        items.append(f"- **See:** {_plain(', '.join(see))}")
    return "\n".join(items)


def _where(span: tuple[int, int]) -> str:
    text = lines(span)
    return f" ({text})" if text else ""


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\1", clean(text))


def _is_link(url: str | None) -> bool:
    return url is not None and _LINK.fullmatch(url) is not None
