"""From a rule that fits to what to do about it on this machine."""

from typing import Final

from triage.advice import wording
from triage.advice.files import compare_files
from triage.advice.machine import machine_of
from triage.advice.packs import PackPlan, plan_packs
from triage.knowledge.products import Products
from triage.model.evidence import Evidence, Incident
from triage.model.report import Advice, FileAdvice, ServicePackAdvice, Status
from triage.model.rule import Rule

MAX_ARTICLES: Final = 12


def advise(rule: Rule, evidence: Evidence, incident: Incident, products: Products) -> Advice:
    """What to install, whether it is there already, and where to get it.

    `status` is "already-installed" where a file version or the service pack proves the fix to be there, "applies"
    where they prove it missing or nothing could be installed (a workaround, a person's own steps), else "unknown".
    A file of the fix proves more than a service pack's number: files are replaced after packs, and before them.
    """
    machine = machine_of(evidence, incident, products)
    plans = plan_packs(rule, machine, products)
    plan = plans[0] if plans else None
    files = compare_files(rule.fix.files, machine)
    telling = next((file for file in files if file.state == "older"), None) or next(
        (file for file in files if file.state == "same-or-newer"), None
    )
    system = machine.system.product if machine.system is not None else None
    there = telling is not None and telling.state == "same-or-newer"
    return Advice(
        status=_status(rule, plan, telling),
        summary=_summary(rule, plan, files, telling) + ("" if there else wording.also(plans[1:])),
        here=_here(rule, plan, files, telling, system),
        service_pack=_pack_advice(plan),
        files=files,
        articles=_articles(rule, plans, products),
        workaround=rule.fix.workaround,
        hotfix=rule.fix.hotfix,
        steps=rule.fix.steps,
    )


def _status(rule: Rule, plan: PackPlan | None, telling: FileAdvice | None) -> Status:
    if telling is not None:
        return "applies" if telling.state == "older" else "already-installed"
    if plan is not None:
        states: dict[str, Status] = {"there": "already-installed", "older": "applies"}
        return states.get(plan.state, "unknown")
    fix = rule.fix
    by_hand = bool(fix.steps or fix.workaround)
    return "applies" if by_hand and not (fix.files or fix.hotfix or fix.obtain) else "unknown"


def _summary(rule: Rule, plan: PackPlan | None, files: tuple[FileAdvice, ...], telling: FileAdvice | None) -> str:
    if telling is not None and telling.state == "same-or-newer":
        return wording.other("files-there", rule=rule.id, file=telling.name, version=telling.found or "")
    if plan is not None:
        return wording.install(plan, rule.id, _install_situation(plan, telling))
    fix = rule.fix
    if fix.steps:
        return fix.steps[0]
    dated = next((file for file in files if file.fixed), None)
    if dated is not None:
        return wording.other("files", rule=rule.id, file=dated.name, version=dated.fixed or "")
    situations = (
        (fix.hotfix or fix.files, "hotfix"),
        (fix.obtain, "obtain"),
        (fix.workaround, "workaround"),
        (fix.confirmed, "confirmed"),
    )
    situation = next((name for there, name in situations if there), "none")
    return wording.other(situation, rule=rule.id, article=fix.obtain[0] if fix.obtain else "")


def _install_situation(plan: PackPlan, telling: FileAdvice | None) -> str:
    if plan.unreleased:
        return "unreleased"
    if plan.state == "other-system":
        return "other-system"
    if plan.state == "there" and telling is None:
        return "there"
    if plan.first is None:
        return "latest"
    return "first-is-last" if plan.last is None or plan.first.order >= plan.last.order else "first"


def _here(
    rule: Rule, plan: PackPlan | None, files: tuple[FileAdvice, ...], telling: FileAdvice | None, system: str | None
) -> str:
    if telling is not None:
        return wording.here_file("file-older" if telling.state == "older" else "file-there", telling)
    if plan is not None and not (plan.unreleased and plan.installed is None):
        return wording.here_pack(plan, rule.id, system)
    found = next((file for file in files if file.found and file.fixed), None)
    if found is not None:
        return wording.here_file("file-branch", found)
    dated = next((file for file in files if file.fixed), None)
    return wording.here_file("file-unknown", dated) if dated is not None else ""


def _pack_advice(plan: PackPlan | None) -> ServicePackAdvice | None:
    if plan is None:
        return None
    return ServicePackAdvice(
        product=plan.product.product,
        fixed_in=plan.first.number if plan.first is not None else None,
        fixed_in_name=plan.first.title if plan.first is not None else None,
        install=plan.last.number if plan.last is not None and not plan.unreleased else None,
        install_name=plan.last.title if plan.last is not None and not plan.unreleased else None,
        installed=plan.installed.number if plan.installed is not None else None,
        article=plan.article,
    )


def _articles(rule: Rule, plans: tuple[PackPlan, ...], products: Products) -> tuple[str, ...]:
    """The articles to read, those that tell how to get the fix first; replaced ones give way to their successor."""
    named = (*(plan.article for plan in plans), *rule.fix.obtain, *rule.see_also)
    current = (_successor(name, products) for name in named if name is not None and name != rule.id)
    return tuple(dict.fromkeys(current))[:MAX_ARTICLES]


def _successor(article: str, products: Products) -> str:
    product = products.obtained_by(article)
    return product.obtain if product is not None and product.obtain is not None else article
