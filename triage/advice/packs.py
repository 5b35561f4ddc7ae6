"""Which service pack ends the fault, and whether it is there."""

from msgspec import Struct

from triage.advice.lineage import Lineage
from triage.advice.machine import Machine, Proof
from triage.knowledge.products import Products
from triage.model.product import Product, Rollup, ServicePack
from triage.model.report import PackState
from triage.model.rule import PackRef, Rule


class PackPlan(Struct, frozen=True, kw_only=True):
    """A way to the fix by a service pack.

    `product` is the one whose packs are installed, `carries` the one that the fix is for where they differ.
    `first` is the pack that first corrected the fault (None: the article says "the latest"), `last` the newest.
    `needed` is the pack that has the fix for certain: `first`, or what was the latest on the article's day.
    `latest_named` says that the article names "the latest"; `shown_by` is another article that shows which one it was.
    `unreleased` says that the pack which was to bring the fix never came. `contained_in` are the packs that have it.
    """

    product: Product
    carries: str | None = None
    first: ServicePack | None = None
    last: ServicePack | None = None
    needed: ServicePack | None = None
    contained_in: tuple[ServicePack, ...] = ()
    latest_named: bool = False
    shown_by: str | None = None
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

NO_LINEAGE = Lineage()

_RANK: dict[PackState, int] = {"there": 0, "older": 0, "unknown": 1, "other-system": 2}


def plan_packs(rule: Rule, machine: Machine, products: Products, lineage: Lineage = NO_LINEAGE) -> tuple[PackPlan, ...]:
    """The plans by service packs, the one that fits the machine best first; none where the fix names no pack.

    Where the rule names packs of several products, one that the machine is known to have comes first, and one of
    another system than the machine's comes last; then the order of the rule's own products counts. Those after the
    first are there only where nothing decides: the same fix for other releases, of which the machine may have one.
    """
    plans = [
        plan
        for reference in _references(rule, products, lineage)
        for plan in _plans(rule, reference, machine, products)
    ]
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


def later_than_packs(rule: Rule, products: Products) -> tuple[Product, ServicePack] | None:
    """The product and its last service pack, where the files of the fix are dated after it: no pack contains them.

    None where a later pack may have them, and where the dates are not known.
    """
    dates = [file.date for file in rule.fix.files if file.date]
    if not dates:
        return None
    found: list[tuple[Product, ServicePack]] = []
    for name in dict.fromkeys(name for applies in rule.applies_to for name in products.releases(applies)):
        product = products.carrier_of(name)
        last = products.latest_pack(product.product) if product is not None else None
        if product is not None and last is not None:
            if last.released is None or last.released >= min(dates):
                return None
            found.append((product, last))
    return found[0] if found else None


def _position(name: str, order: list[str]) -> int:
    return order.index(name) if name in order else len(order)


class _Reference(Struct, frozen=True):
    pack: PackRef
    latest_named: bool = False
    shown_by: str | None = None


def _references(rule: Rule, products: Products, lineage: Lineage) -> list[_Reference]:
    """The rule's packs, one for each product: the lowest number, "latest" only where nothing better is known.

    Other articles count where the rule itself names no number for their product, and none at all, or "the latest".
    """
    own = _own_references(rule, products)
    shown = {pack.product: (pack, article) for pack, article in lineage.packs}
    found = []
    for reference in own:
        better = shown.get(reference.product) if reference.number == "latest" else None
        if better is None:
            found.append(_Reference(reference, latest_named=reference.number == "latest"))
        else:
            found.append(_Reference(better[0], latest_named=True, shown_by=better[1]))
    if not own:
        found = [_Reference(pack, shown_by=article) for pack, article in shown.values()]
    return found


def _own_references(rule: Rule, products: Products) -> list[PackRef]:
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


def _plans(rule: Rule, reference: _Reference, machine: Machine, products: Products) -> list[PackPlan]:
    plans: list[PackPlan] = []
    for name in _releases(rule, reference.pack, products):
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
    rule: Rule, reference: _Reference, product: Product, carries: str | None, machine: Machine, products: Products
) -> PackPlan:
    last = products.latest_pack(product.product)
    number = reference.pack.number
    proof = machine.proof_of(product)
    first = None
    unreleased = False
    if number != "latest":
        known = products.pack(PackRef(product.product, number, reference.pack.suffix))
        unreleased = known is None and last is not None and number > last.number
        first = known or ServicePack(number=number, suffix=reference.pack.suffix)
    needed = first or products.latest_at(product.product, rule.source.revised)
    return PackPlan(
        product=product,
        carries=carries,
        first=None if unreleased else first,
        last=last,
        needed=None if unreleased else needed,
        contained_in=_containing(product, needed, products) if needed is not None and not unreleased else (),
        latest_named=reference.latest_named,
        shown_by=reference.shown_by,
        unreleased=unreleased,
        state=_state(product, proof, None if unreleased else needed, machine),
        proof=proof,
        article=_obtain(rule, product, products),
    )


def _containing(product: Product, needed: ServicePack, products: Products) -> tuple[ServicePack, ...]:
    packs = products.packs_from(product.product, needed)
    return tuple(pack for pack in packs if not pack.preinstalled)


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
