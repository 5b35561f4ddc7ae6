"""The fewest things to do about all findings of a run, in order, with what each covers and why.

Works on findings as a report holds them, so that saved reports can be planned together.
"""

from collections.abc import Iterable, Sequence
from typing import Final, Literal

from msgspec.structs import replace

from triage.advice.cover import smallest_cover
from triage.advice.phrases import joined, pack_reason, plan_summary
from triage.model.report import BANDS, Action, ActionKind, Advice, Finding, Plan, ServicePackAdvice, Status

MAX_FINDINGS: Final = 500
"""Findings that are planned together."""

LEAST: Final = BANDS[-1][0]
"""Least confidence of what is planned for."""

_SURE: Final = frozenset({"certain", "likely"})
_FIRST: Final[dict[Status, int]] = {"applies": 0, "unknown": 1, "already-installed": 2}

Way = tuple[Literal["service-pack", "hotfix"], str, str]
"""Something to install: a pack by product and name, or a hotfix by its article."""


def plan(findings: Iterable[Finding]) -> Plan | None:
    """What to do about the findings of one report; None where there is no finding."""
    return plan_all([findings])


def plan_all(runs: Iterable[Iterable[Finding]]) -> Plan | None:
    """What to do about the findings of several reports on one machine or on machines alike.

    Those count that are at least likely, and the best of an incident where it is possible by itself: what is fainter
    is worth a look, not a night. A rule counts once, as missing where one report proves it missing.
    """
    chosen: dict[str, Finding] = {}
    for findings in runs:
        for finding in _counted(findings):
            known = chosen.get(finding.rule)
            if known is None or _FIRST[finding.advice.status] < _FIRST[known.advice.status]:
                chosen[finding.rule] = finding
            if len(chosen) >= MAX_FINDINGS:
                break
    return _plan(tuple(chosen.values())) if chosen else None


def _counted(findings: Iterable[Finding]) -> list[Finding]:
    seen: set[int] = set()
    counted = []
    for finding in findings:
        if finding.band in _SURE or (finding.incident not in seen and finding.confidence >= LEAST):
            counted.append(finding)
        seen.add(finding.incident)
    return counted


def _plan(findings: Sequence[Finding]) -> Plan:
    there = [finding for finding in findings if finding.advice.status == "already-installed"]
    rest = [finding for finding in findings if finding.advice.status != "already-installed"]
    ways = _ways(rest)
    chosen = smallest_cover(ways, frozenset(range(len(rest))))
    actions: list[Action] = []
    left = dict(enumerate(rest))
    for way in sorted(chosen, key=lambda way: _installing_order(way, rest)):
        covered = [finding for number, finding in left.items() if number in ways[way]]
        left = {number: finding for number, finding in left.items() if number not in ways[way]}
        actions += _install(way, covered)
    actions += _meanwhile([finding for number, finding in enumerate(rest) if number not in left])
    actions += [_without(finding) for finding in left.values()]
    if there:
        actions.append(_other_cause(there))
    numbered = tuple(replace(action, number=number) for number, action in enumerate(actions, 1))
    by_hand = {finding.rule for finding in left.values() if finding.advice.steps}
    uncovered = tuple(finding.rule for finding in left.values() if finding.rule not in by_hand)
    return Plan(
        summary=plan_summary(numbered, len(findings), uncovered),
        findings=tuple(finding.rule for finding in findings),
        actions=numbered,
        uncovered=uncovered,
    )


def _packs(advice: Advice) -> list[ServicePackAdvice]:
    usable = (pack for pack in advice.packs or (advice.service_pack,) if pack is not None)
    return [pack for pack in usable if pack.contained_in and not pack.unreleased and pack.state != "other-system"]


def _is_hotfix(advice: Advice) -> bool:
    """Whether what the article describes is installed by itself, no pack having it."""
    if advice.steps or (advice.service_pack is not None and not advice.service_pack.unreleased):
        return False
    return advice.hotfix or any(file.fixed for file in advice.files)


def _ways(findings: Sequence[Finding]) -> dict[Way, frozenset[int]]:
    """All that may be installed, in order of preference, with the findings (by place) that it settles.

    The newest pack of a product stands before the older ones, which it outdoes where packs are cumulative.
    """
    rules = {finding.rule for finding in findings}
    packs: dict[Way, set[int]] = {}
    hotfixes: dict[Way, set[int]] = {}
    for number, finding in enumerate(findings):
        for pack in _packs(finding.advice):
            for name in reversed(pack.contained_in):
                packs.setdefault(("service-pack", pack.product, name), set()).add(number)
        if _is_hotfix(finding.advice):
            chain = finding.advice.superseded_by
            others = (rule for rule in (*reversed(chain), *finding.advice.repeats) if rule in rules)
            for rule in (*chain[-1:], *others, finding.rule):
                hotfixes.setdefault(("hotfix", rule, ""), set()).add(number)
    return {way: frozenset(numbers) for way, numbers in (packs | hotfixes).items()}


def _installing_order(way: Way, findings: Sequence[Finding]) -> tuple[int, int]:
    """Packs of the system, other packs, hotfixes, which packs would replace; each as the findings have them."""
    kind, name, _ = way
    for place, finding in enumerate(findings):
        for pack in _packs(finding.advice):
            if kind == "service-pack" and pack.product == name:
                return (0 if pack.system else 1, place)
        if kind == "hotfix" and name in {finding.rule, *finding.advice.superseded_by, *finding.advice.repeats}:
            return (2, place)
    return (2, len(findings))


def _install(way: Way, covered: list[Finding]) -> list[Action]:
    kind, name, pack_name = way
    if kind == "hotfix":
        return [_hotfix(name, covered)]
    packs = [(finding, pack) for finding in covered for pack in _packs(finding.advice) if pack.product == name]
    example = packs[0][1]
    articles = tuple(dict.fromkeys(pack.article for _, pack in packs if pack.article))
    actions = []
    if example.needs is not None and pack_name == example.install_name:
        needed = _action("service-pack", f"install {name} {example.needs} first", why=f"{pack_name} needs it")
        actions.append(replace(needed, articles=articles, product=name, name=example.needs))
    action = _action("service-pack", f"install {name} {pack_name}", covered, why=pack_reason(pack_name, packs))
    restart = True if example.system else None
    actions.append(replace(action, articles=articles, product=name, name=pack_name, restart=restart))
    return actions


def _hotfix(rule: str, covered: list[Finding]) -> Action:
    files = dict.fromkeys(
        f"{file.name} {file.fixed}" for finding in covered if finding.rule == rule for file in finding.advice.files
        if file.fixed
    )  # fmt: skip
    shown = f" ({joined(tuple(files)[:2])})" if files else ""
    replaced = [finding.rule for finding in covered if finding.rule != rule]
    unreleased = [f for f in covered if f.advice.service_pack is not None and f.advice.service_pack.unreleased]
    reasons = []
    if replaced:
        reasons.append(f"its files replace those of {joined(replaced)}")
    if unreleased:
        reasons.append("the service pack that was to bring it never came")
    elif any("no service pack contains it" in finding.advice.summary for finding in covered):
        reasons.append("it was made after the last service pack")
    else:
        reasons.append("no service pack is known to contain it")
    restart = True if any(finding.advice.restart for finding in covered) else None
    action = _action("hotfix", f"get the hotfix of {rule}{shown}", covered, why="; ".join(reasons))
    return replace(action, articles=(rule,), restart=restart)


def _meanwhile(covered: list[Finding]) -> list[Action]:
    """The workarounds that articles give for what a pack or hotfix will end."""
    offered = [finding for finding in covered if finding.advice.workaround]
    if not offered:
        return []
    rules = [finding.rule for finding in offered]
    plural = "s" if len(rules) > 1 else ""
    text = f"until then, consider the workaround{plural} of {joined(rules)}"
    action = _action("workaround", text, offered, why="the article gives one" if len(rules) == 1 else "the articles do")
    return [replace(action, articles=tuple(rules))]


def _without(finding: Finding) -> Action:
    """What to do about a finding for which nothing to install is known."""
    advice = finding.advice
    pack = advice.service_pack
    kind: ActionKind = "read"
    why = "nothing to install is known for it"
    if advice.steps:
        kind, why = "steps", "the rule's own advice"
    elif pack is not None and pack.state == "other-system":
        kind, why = "other-system", advice.here
    elif advice.workaround:
        kind, why = "workaround", "the article gives a workaround and names no fix"
    action = _action(kind, advice.summary, [finding], why=why)
    return replace(action, articles=(finding.rule,), restart=advice.restart)


def _other_cause(there: list[Finding]) -> Action:
    rules = [finding.rule for finding in there]
    here = list(dict.fromkeys(finding.advice.here.removesuffix(": look for another cause") for finding in there))
    text = f"look for another cause where {joined(rules)} {'fits' if len(rules) == 1 else 'fit'}"
    return _action("other-cause", text, there, why="; ".join(filter(None, here[:3])) or "the fix is there already")


def _action(kind: ActionKind, summary: str, covered: Sequence[Finding] = (), *, why: str) -> Action:
    return Action(number=0, kind=kind, summary=summary, covers=tuple(finding.rule for finding in covered), why=why)
