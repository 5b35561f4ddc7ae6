"""The sentences of advice, one for each situation. Placeholders are filled by the functions below."""

from triage.advice.packs import PackPlan
from triage.model.product import Product, ServicePack
from triage.model.report import FileAdvice

_INSTALL = {
    "first": "install {product} {first} or later ({tail})",
    "first-is-last": "install {product} {first}, the last one{comma_tail}",
    "latest": "install the last service pack of {product}, {last}{comma_tail}",
    "preinstalled": "{product} {first} contains the fix, and came with new computers only",
    "other-system": "on {product}, {first} contains the fix",
    "there": "look for another cause: {product} {first} contains the fix",
    "unreleased": "get the hotfix that {rule} describes: the service pack of {product} that was to bring it never came",
}

_OTHER = {
    "files": "get {file} {version} or later: {rule} describes the hotfix",
    "files-there": "look for another cause: {file} {version} has the fix that {rule} describes",
    "files-replaced": "get {file} as {newest} describes it, which replaced the hotfix of {rule} ({version})",
    "hotfix-there": "look for another cause: {installed} is installed, which has the fix that {rule} describes",
    "hotfix-only": "get the hotfix that {rule} describes",
    "hotfix": "get the hotfix that {rule} describes; it names no service pack with the fix",
    "obtain": "get the fix as {article} tells",
    "workaround": "apply the workaround of {rule}; it names no fix",
    "confirmed": "the vendor confirmed the fault, and {rule} names no fix",
    "none": "read {rule}: it names neither fix nor workaround",
}

_HERE = {
    "older": "the log shows {installed}: older than the fix",
    "there": "{installed} is installed, which contains the fix: look for another cause",
    "unreleased": "the log shows {installed}: no service pack has the fix",
    "unsure": "the log shows {installed} and not whether it is {first}",
    "other-system": "the log shows {system}, and {rule} is about {product}",
    "no-pack-system": "the log does not tell the service pack; `vertarget` in the debugger or `winver` shows it",
    "no-pack-file": "the log does not tell the version of {product}; `lmvm {module}` in the debugger shows it",
    "no-pack": "the log does not tell which service pack of {product} is installed",
    "file-older": "{file} {found} is older than the fixed {fixed}",
    "file-there": "{file} {found} is the fixed version or newer: look for another cause",
    "file-branch": "{file} {found} is of another branch than the fixed {fixed}",
    "file-unversioned": "{file} is there without a version to compare with the fixed {fixed}",
    "hotfix-there": "the system lists {installed} as installed: look for another cause",
    "hotfix-missing": "the system's list of updates does not have {installed}",
    "file-unknown": "the log does not tell the version of {file}; `lmvm {module}` in the debugger shows it",
}


def install(plan: PackPlan, rule: str, situation: str) -> str:
    """The sentence that says which pack to install."""
    first = plan.first or plan.last
    tail = _tail(plan)
    text = _INSTALL[situation].format(
        product=plan.product.product,
        rule=rule,
        first=_title(first),
        last=_title(plan.last),
        tail=tail,
        comma_tail=f" ({tail})" if tail else "",
    )
    if plan.carries is not None:
        text += f"; it carries the fixes of {plan.carries}"
    if situation == "unreleased" and plan.rollup is not None:
        rollup = plan.rollup
        articles = f" ({rollup.articles[0]})" if rollup.articles else ""
        text += f"; {rollup.name}{articles} gathers fixes made after {_title(plan.last)}"
    return text


def also(plans: tuple[PackPlan, ...]) -> str:
    """What brings the same fix to other releases."""
    return "".join(f"; on {plan.product.product}, {_title(plan.first or plan.last)}" for plan in plans)


def other(situation: str, **names: str) -> str:
    """The sentence where no service pack is known to help."""
    return _OTHER[situation].format(**names)


def here_pack(plan: PackPlan, rule: str, system: str | None, running: frozenset[str] = frozenset()) -> str:
    """What is known about the pack on this machine.

    `running` are modules of the failing program, lower case and without extension: a debugger tells the version of
    those only, and each service of Exchange is a process of its own.
    """
    stems = [name.rpartition(".")[0] for name in plan.product.binaries]
    names = {
        "product": plan.product.product,
        "rule": rule,
        "first": _title(plan.first),
        "system": system or "another system",
        "installed": _installed(plan),
        "module": next((stem for stem in stems if stem in running), stems[0] if stems else ""),
    }
    return _HERE[_here_situation(plan)].format(**names)


def here_file(situation: str, file: FileAdvice) -> str:
    """What is known about a file of the fix on this machine."""
    module = file.name.rpartition(".")[0] or file.name
    if situation == "file-branch" and file.reason == "no version":
        situation = "file-unversioned"
    return _HERE[situation].format(file=file.name, found=file.found, fixed=file.fixed, module=module.lower())


def here_hotfix(situation: str, installed: str) -> str:
    """What the system's list of updates says."""
    return _HERE[situation].format(installed=installed)


def after_packs(last: tuple[Product, ServicePack]) -> str:
    """That no service pack has the fix, since it was made after the last."""
    product, pack = last
    text = f"; no service pack contains it: {pack.title}, the last of {product.product}, is older"
    rollup = next((r for r in reversed(product.rollups) if r.after in {None, pack.number}), None)
    if rollup is not None:
        articles = f" ({rollup.articles[0]})" if rollup.articles else ""
        text += f"; {rollup.name}{articles} gathers fixes made after it"
    return text


def titled(pack: ServicePack) -> str:
    """An installed pack's name; number 0 is none."""
    return "no service pack" if pack.number == 0 else pack.title


def needed_before(plan: PackPlan) -> str | None:
    """The pack that has to be installed before the last one, and is not there."""
    needed = plan.last.needs if plan.last is not None else None
    have = plan.installed.number if plan.installed is not None else 0
    return _pack_titled(plan, needed) if needed is not None and have < needed else None


def _here_situation(plan: PackPlan) -> str:
    if plan.state != "unknown":
        return plan.state
    if plan.installed is not None:
        return "unreleased" if plan.unreleased else "unsure"
    if plan.product.system:
        return "no-pack-system"
    return "no-pack-file" if plan.product.binaries else "no-pack"


def _installed(plan: PackPlan) -> str:
    pack = plan.installed
    if pack is None:
        return ""
    title = titled(pack)
    shown = plan.proof.file if plan.proof is not None else None
    return f"{title} of {plan.product.product} ({shown})" if shown else title


def _tail(plan: PackPlan) -> str:
    parts = []
    if plan.first is not None and plan.last is not None and plan.first.order != plan.last.order:
        parts.append(f"the last is {plan.last.title}")
    needed = needed_before(plan)
    if needed is not None:
        parts.append(f"it needs {needed} first")
    if plan.shown_by is not None:
        parts.append(f"the files of {plan.shown_by} show that it has the fix")
    if plan.article is not None:
        parts.append(f"{plan.article} tells how to get it")
    return "; ".join(parts)


def _pack_titled(plan: PackPlan, number: int) -> str:
    return next(pack.title for pack in plan.product.service_packs if pack.number == number)


def _title(pack: ServicePack | None) -> str:
    return pack.title if pack is not None else "the last service pack"
