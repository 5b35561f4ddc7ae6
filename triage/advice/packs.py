"""Which service pack ends the fault, and whether it is there."""

from typing import Literal

from msgspec import Struct

from triage.advice.machine import Machine, Proof
from triage.knowledge.products import Products
from triage.model.product import Product, Rollup, ServicePack
from triage.model.rule import PackRef, Rule

PackState = Literal["there", "older", "unknown", "other-system"]


class PackPlan(Struct, frozen=True, kw_only=True):
    """A way to the fix by a service pack.

    `product` is the one whose packs are installed, `carries` the one that the fix is for where they differ.
    `first` is the pack that first corrected the fault (None: the article says "the latest"), `last` the newest.
    `unreleased` says that the pack which was to bring the fix never came.
    """

    product: Product
    carries: str | None = None
    first: ServicePack | None = None
    last: ServicePack | None = None
    unreleased: bool = False
    state: PackState = "unknown"
    proof: Proof | None = None
    article: str | None = None

    @property
    def installed(self) -> ServicePack | None:
        """The pack that the evidence shows; number 0 for none."""
        return self.proof.pack if self.proof is not None else None

    @property
    def rollup(self) -> Rollup | None:
        """What gathers fixes made after the last pack."""
        last = self.last
        after = (r for r in reversed(self.product.rollups) if last is None or r.after in {None, last.number})
        return next(after, None)


MAX_PLANS = 4
"""Products whose packs are named in one piece of advice."""

_RANK: dict[PackState, int] = {"there": 0, "older": 0, "unknown": 1, "other-system": 2}


def plan_packs(rule: Rule, machine: Machine, products: Products) -> tuple[PackPlan, ...]:
    """The plans by service packs, the one that fits the machine best first; none where the fix names no pack.

    Where the rule names packs of several products, one that the machine is known to have comes first, and one of
    another system than the machine's comes last; then the order of the rule's own products counts. Those after the
    first are there only where nothing decides: the same fix for other releases, of which the machine may have one.
    """
    plans = [plan for reference in _references(rule, products) for plan in _plans(rule, reference, machine, products)]
    systems = [proof.product.product for proof in machine.systems]
    about = [name for applies in rule.applies_to for name in products.releases(applies)]
    plans.sort(
        key=lambda plan: (
            _RANK[plan.state],
            _position(plan.product.product, systems),
            _position(plan.carries or plan.product.product, about),
        )
    )
    if not plans or plans[0].state != "unknown" or plans[0].proof is not None:
        return tuple(plans[:1])
    found: dict[tuple[str | None, str | None], PackPlan] = {}
    for plan in plans:
        if plan.state == "unknown" and not plan.unreleased:
            release = plan.product.family or plan.product.product, plan.product.version
            found.setdefault(release, plan)  # variants of one release (Terminal Server Edition) go without saying
    others = [plan for plan in found.values() if plan.product != plans[0].product]
    return (plans[0], *others[: MAX_PLANS - 1])


def _position(name: str, order: list[str]) -> int:
    return order.index(name) if name in order else len(order)


def _references(rule: Rule, products: Products) -> list[PackRef]:
    """The rule's packs, one for each product: the lowest number, "latest" only where nothing better is known."""
    chosen: dict[str, PackRef] = {}
    for reference in rule.fix.service_packs:
        known = chosen.get(reference.product)
        if known is None or _number(reference) < _number(known):
            chosen[reference.product] = reference
    if not chosen:
        for article in rule.fix.obtain:
            product = products.obtained_by(article)
            if product is not None:
                chosen.setdefault(product.product, PackRef(product.product, "latest"))
    return list(chosen.values())


def _number(reference: PackRef) -> tuple[float, str]:
    return (float("inf") if reference.number == "latest" else reference.number, reference.suffix or "")


def _plans(rule: Rule, reference: PackRef, machine: Machine, products: Products) -> list[PackPlan]:
    plans: list[PackPlan] = []
    for name in _releases(rule, reference, products):
        own = products.get(name)
        if own is not None and own.service_packs:
            plans.append(_plan(rule, reference, own, None, machine, products))
        else:
            carriers = products.carriers(name)
            plans += [_plan(rule, reference, carrier, name, machine, products) for carrier in carriers]
    return plans


def _releases(rule: Rule, reference: PackRef, products: Products) -> tuple[str, ...]:
    """The release that a pack is for; where the rule names the family only, those that it is about, newest first."""
    product = products.get(reference.product)
    if product is None or product.service_packs or product.family or products.carriers(reference.product):
        return (reference.product,)
    about = (applies for applies in rule.applies_to if applies.product == reference.product)
    named = [name for applies in about for name in products.releases(applies)]
    return tuple(reversed(named))


def _plan(
    rule: Rule, reference: PackRef, product: Product, carries: str | None, machine: Machine, products: Products
) -> PackPlan:
    last = products.latest_pack(product.product)
    number = reference.number
    proof = machine.proof_of(product)
    first = None
    unreleased = False
    if number != "latest":
        unreleased = last is not None and number > last.number
        named = PackRef(product.product, number, reference.suffix)
        first = products.pack(named) or ServicePack(number=number, suffix=reference.suffix)
    needed = first or products.latest_at(product.product, rule.source.revised)
    return PackPlan(
        product=product,
        carries=carries,
        first=None if unreleased else first,
        last=last,
        unreleased=unreleased,
        state=_state(product, proof, None if unreleased else needed, machine),
        proof=proof,
        article=_obtain(rule, product, products),
    )


def _state(product: Product, proof: Proof | None, needed: ServicePack | None, machine: Machine) -> PackState:
    if proof is None:
        return "other-system" if product.system and machine.systems else "unknown"
    if needed is None or proof.pack is None:
        return "unknown"
    if proof.pack.number == needed.number:
        # System lines show the number only: "Service Pack 6" may be 6 or 6a.
        certain = needed.suffix is None or proof.pack.suffix == needed.suffix
        return "there" if certain else "unknown"
    reached = proof.pack.number > needed.number and product.cumulative
    return "there" if reached else "older"


def _obtain(rule: Rule, product: Product, products: Products) -> str | None:
    """The article that tells how to get the packs: the product's, or the rule's where the product names none."""
    if product.obtain is not None:
        return product.obtain
    foreign = (products.obtained_by(article) for article in rule.fix.obtain)
    return next((a for a, owner in zip(rule.fix.obtain, foreign, strict=True) if owner in {None, product}), None)
