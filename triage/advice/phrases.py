"""The sentences of a plan: what an action settles, why it is the one, and what stays open."""

from collections.abc import Sequence
from typing import Final

from triage.model.report import Action, Finding, ServicePackAdvice

MAX_NAMES: Final = 8
"""Articles that a sentence names; the action itself lists all."""


def joined(names: Sequence[str]) -> str:
    """`Q1`, `Q1 and Q2`, `Q1, Q2 and 7 more`."""
    shown = list(names[:MAX_NAMES])
    if len(names) > MAX_NAMES:
        shown = [*shown[:-1], f"{len(names) - MAX_NAMES + 1} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}" if shown else ""


def pack_reason(name: str, packs: Sequence[tuple[Finding, ServicePackAdvice]]) -> str:
    """Why a pack settles these findings: which pack first did, what the newer one is for, what is installed."""
    first: dict[str, list[str]] = {}
    latest: list[str] = []
    for finding, pack in packs:
        if pack.fixed_in_name is not None:
            first.setdefault(pack.fixed_in_name, []).append(finding.rule)
        else:
            latest.append(finding.rule)
    if len(first) == 1 and not latest:
        reasons = [f"first corrected in {next(iter(first))}"]
    else:
        reasons = [f"{pack} first corrected {joined(rules)}" for pack, rules in first.items()]
    if latest:
        reasons.append(f"{joined(latest)} {'asks' if len(latest) == 1 else 'ask'} for the latest pack")
    example = packs[0][1]
    if example.cumulative and any(pack != name for pack in first):
        reasons.append(f"{name} contains the packs before it")
    carried = list(dict.fromkeys(pack.carries for _, pack in packs if pack.carries))
    if carried:
        reasons.append(f"it carries the fixes of {joined(carried)}")
    if example.installed_name is not None:
        reasons.append(f"installed is {example.installed_name}")
    return "; ".join(reasons)


def plan_summary(actions: Sequence[Action], total: int, uncovered: Sequence[str]) -> str:
    """`Windows 2000 Service Pack 4 covers 5 of 6 findings; Q300972 remains`."""
    findings = f"{total} finding" if total == 1 else f"{total} findings"
    parts: list[str] = []
    for action in sorted(actions, key=lambda action: -len(action.covers)):  # those that do most come first
        if not action.covers or action.kind not in {"service-pack", "hotfix"}:
            continue
        thing = (
            f"{action.product} {action.name}"
            if action.kind == "service-pack"
            else f"the hotfix of {action.articles[0]}"
        )
        extent = f"{len(action.covers)} of {findings}" if not parts else f"{len(action.covers)}"
        parts.append(f"{thing} covers {extent}")
    own = [rule for action in actions if action.kind == "steps" for rule in action.covers]
    there = [rule for action in actions if action.kind == "other-cause" for rule in action.covers]
    if own:
        parts.append(f"the advice of {joined(own)} is to be followed")
    if uncovered:
        verb = "remains" if len(uncovered) == 1 else "remain"
        parts.append(f"{joined(uncovered)} {verb}" + ("" if parts else ": nothing to install is known"))
    if there:
        parts.append(f"the fix of {joined(there)} is there already")
    return "; ".join(parts)
