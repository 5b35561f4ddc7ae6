"""From a rule that fits to what to do about it on this machine."""

from typing import Final

from msgspec import Struct

from triage.advice import wording
from triage.advice.files import compare_files
from triage.advice.inventory import Stock
from triage.advice.lineage import Fixing, Lineage, lineage_of
from triage.advice.machine import Machine, machine_of
from triage.advice.packs import PackPlan, later_than_packs, plan_packs
from triage.knowledge.products import Products
from triage.model.evidence import Evidence, Incident
from triage.model.report import Advice, FileAdvice, ServicePackAdvice, Status
from triage.model.rule import Rule

MAX_ARTICLES: Final = 12

_KERNEL: Final = frozenset({"ntoskrnl.exe", "ntkrnlmp.exe", "ntkrnlpa.exe", "ntkrpamp.exe", "hal.dll", "ntdll.dll"})


class _Case(Struct, frozen=True):
    """All that is known when the advice is written."""

    rule: Rule
    machine: Machine
    lineage: Lineage
    plans: tuple[PackPlan, ...]
    files: tuple[FileAdvice, ...]
    installed: str | None
    running: frozenset[str]

    @property
    def plan(self) -> PackPlan | None:
        return self.plans[0] if self.plans else None

    @property
    def telling(self) -> FileAdvice | None:
        """The file that proves the fix missing, else one that proves it there."""
        older = next((file for file in self.files if file.state == "older"), None)
        return older or next((file for file in self.files if file.state == "same-or-newer"), None)


def advise(
    rule: Rule,
    evidence: Evidence,
    incident: Incident,
    products: Products,
    *,
    stock: Stock | None = None,
    fixing: Fixing | None = None,
) -> Advice:
    """What to install, whether it is there already, and where to get it.

    `status` is "already-installed" where a file version, the list of updates or the service pack proves the fix to be
    there, "applies" where they prove it missing or nothing could be installed (a workaround, a person's own steps),
    else "unknown". A file of the fix proves more than a service pack's number or an update's name: files are replaced
    after packs, and before them. `stock` is an inventory of the machine; `fixing` finds the articles that correct a
    file, for the chain of those that replaced this one.
    """
    machine = machine_of(evidence, incident, products, stock)
    lineage = lineage_of(rule, fixing, products)
    plans = plan_packs(rule, machine, products, lineage)
    hotfixes = (rule.id, *lineage.repeats, *reversed(lineage.replaced_by))
    case = _Case(
        rule=rule,
        machine=machine,
        lineage=lineage,
        plans=plans,
        files=compare_files(rule.fix.files, machine, same_system=_same_system(rule, machine, products)),
        installed=next((number for number in hotfixes if number in machine.hotfixes), None),
        running=_running(incident),
    )
    there = case.telling is not None and case.telling.state == "same-or-newer"
    packs = tuple(_pack_advice(plan) for plan in plans)
    return Advice(
        status=_status(case),
        summary=_summary(case, products) + ("" if there or case.installed else wording.also(plans[1:])),
        here=_here(case),
        service_pack=packs[0] if packs else None,
        files=case.files,
        articles=_articles(case, products),
        workaround=rule.fix.workaround,
        hotfix=rule.fix.hotfix,
        steps=rule.fix.steps,
        packs=packs,
        installed_hotfix=case.installed,
        superseded_by=lineage.replaced_by,
        repeats=lineage.repeats,
        registry=rule.fix.registry,
        restart=_restart(rule, plans),
    )


def _running(incident: Incident) -> frozenset[str]:
    """The modules that the incident itself names, lower case and without extension."""
    process = incident.process.name if incident.process is not None else None
    names = (process, incident.faulting_module, *(frame.module for frame in incident.stack))
    return frozenset(name.lower().removesuffix(".exe") for name in names if name)


def _status(case: _Case) -> Status:
    if case.telling is not None:
        return "applies" if case.telling.state == "older" else "already-installed"
    if case.installed is not None:
        return "already-installed"
    if case.plan is not None:
        states: dict[str, Status] = {"there": "already-installed", "older": "applies"}
        return states.get(case.plan.state, "unknown")
    fix = case.rule.fix
    by_hand = bool(fix.steps or fix.workaround)
    return "applies" if by_hand and not (fix.files or fix.hotfix or fix.obtain) else "unknown"


def _summary(case: _Case, products: Products) -> str:
    rule, plan, telling = case.rule, case.plan, case.telling
    if telling is not None and telling.state == "same-or-newer":
        return wording.other("files-there", rule=rule.id, file=telling.name, version=telling.found or "")
    if case.installed is not None and telling is None:
        return wording.other("hotfix-there", rule=rule.id, installed=case.installed)
    if plan is not None:
        return wording.install(plan, rule.id, _install_situation(plan, telling))
    fix = rule.fix
    if fix.steps:
        return fix.steps[0]
    newest = case.lineage.replaced_by[-1] if case.lineage.replaced_by else rule.id
    last = later_than_packs(rule, products)
    after = wording.after_packs(last) if last is not None else ""
    dated = next((file for file in case.files if file.fixed), None)
    if dated is not None:
        situation = "files-replaced" if newest != rule.id else "files"
        text = wording.other(situation, rule=rule.id, file=dated.name, version=dated.fixed or "", newest=newest)
        return text + after
    situations = (
        (fix.hotfix or fix.files, "hotfix"),
        (fix.obtain, "obtain"),
        (fix.workaround, "workaround"),
        (fix.confirmed, "confirmed"),
    )
    situation = next((name for there, name in situations if there), "none")
    if situation == "hotfix" and after:
        situation = "hotfix-only"
    return wording.other(situation, rule=rule.id, article=fix.obtain[0] if fix.obtain else "") + after


def _install_situation(plan: PackPlan, telling: FileAdvice | None) -> str:
    if plan.unreleased:
        return "unreleased"
    if plan.first is not None and plan.first.preinstalled and plan.state != "there":
        return "preinstalled"
    if plan.state == "other-system":
        return "other-system"
    if plan.state == "there" and telling is None:
        return "there"
    if plan.first is None:
        return "latest"
    return "first-is-last" if plan.last is None or plan.first.order >= plan.last.order else "first"


def _here(case: _Case) -> str:
    telling, plan = case.telling, case.plan
    if telling is not None:
        return wording.here_file("file-older" if telling.state == "older" else "file-there", telling)
    if case.installed is not None:
        return wording.here_hotfix("hotfix-there", case.installed)
    if plan is not None and not (plan.unreleased and plan.installed is None):
        return wording.here_pack(plan, case.rule.id, _named(case.machine), case.running)
    found = next((file for file in case.files if file.found and file.fixed), None)
    if found is not None:
        return wording.here_file("file-branch", found)
    if case.machine.hotfixes and case.rule.fix.hotfix:
        return wording.here_hotfix("hotfix-missing", case.rule.id)
    dated = next((file for file in case.files if file.fixed), None)
    return wording.here_file("file-unknown", dated) if dated is not None else ""


def _named(machine: Machine) -> str | None:
    return machine.system.product if machine.system is not None else None


def _same_system(rule: Rule, machine: Machine, products: Products) -> bool:
    """Whether the fix may be for the machine's system: false where the rule is about other systems only."""
    if not machine.systems:
        return True
    about = {name for applies in rule.applies_to for name in products.releases(applies)}
    systems = {name for name in about if (found := products.get(name)) is not None and found.system}
    return not systems or any(proof.product.product in systems for proof in machine.systems)


def _pack_advice(plan: PackPlan) -> ServicePackAdvice:
    first, last, installed = plan.first, plan.last if not plan.unreleased else None, plan.installed
    only_new = first is not None and first.preinstalled
    return ServicePackAdvice(
        product=plan.product.product,
        fixed_in=first.number if first is not None else None,
        fixed_in_name=first.title if first is not None else None,
        install=last.number if last is not None and not only_new else None,
        install_name=last.title if last is not None and not only_new else None,
        installed=installed.number if installed is not None else None,
        article=plan.article,
        state=plan.state,
        carries=plan.carries,
        contained_in=tuple(pack.title for pack in plan.contained_in),
        cumulative=plan.product.cumulative,
        latest_named=plan.latest_named,
        shown_by=plan.shown_by,
        unreleased=plan.unreleased,
        installed_name=wording.titled(installed) if installed is not None else None,
        proof=(plan.proof.file or "system") if plan.proof is not None and installed is not None else None,
        needs=wording.needed_before(plan),
        first_build=first.build if first is not None else None,
        end_of_support=plan.product.end_of_support,
        system=plan.product.system,
    )


def _restart(rule: Rule, plans: tuple[PackPlan, ...]) -> bool | None:
    """True where the system itself is replaced, by its service pack or by the kernel's files and drivers."""
    if plans:
        return True if plans[0].product.system and not plans[0].unreleased else None
    names = (file.name.lower() for file in rule.fix.files)
    return True if any(name.endswith(".sys") or name in _KERNEL for name in names) else None


def _articles(case: _Case, products: Products) -> tuple[str, ...]:
    """The articles to read, those that tell how to get the fix first; replaced ones give way to their successor."""
    rule, lineage = case.rule, case.lineage
    newest = lineage.replaced_by[-1:] if not case.plans else ()
    named = (*(plan.article for plan in case.plans), *newest, *rule.fix.obtain, *rule.see_also)
    current = (_successor(name, products) for name in named if name is not None and name != rule.id)
    return tuple(dict.fromkeys(current))[:MAX_ARTICLES]


def _successor(article: str, products: Products) -> str:
    product = products.obtained_by(article)
    return product.obtain if product is not None and product.obtain is not None else article
