"""The fewest things to do over all findings: what covers what, in which order, and what stays open."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from triage.advice import plan, plan_all
from triage.advice.cover import EXACT, smallest_cover
from triage.advice.phrases import joined
from triage.advice.plan import LEAST
from triage.model.report import Advice, Band, FileAdvice, Finding, PackState, Plan, ServicePackAdvice, Status

W2K = "Windows 2000"


def pack(
    first: int | None, product: str = W2K, last: int = 4, state: PackState = "unknown", **more: object
) -> ServicePackAdvice:
    names = tuple(f"Service Pack {number}" for number in range(first or 3, last + 1))
    return ServicePackAdvice(
        product=product,
        fixed_in=first,
        fixed_in_name=f"Service Pack {first}" if first else None,
        install=last,
        install_name=f"Service Pack {last}",
        article="Q260910",
        state=state,
        contained_in=names,
        latest_named=first is None,
        system=product.startswith("Windows"),
        **more,  # type: ignore[arg-type]  # fields of the type, by name
    )


def finding(
    rule: str,
    *packs: ServicePackAdvice,
    incident: int = 0,
    band: Band = "likely",
    status: Status = "unknown",
    hotfix: str | None = None,
    **more: object,
) -> Finding:
    files = (FileAdvice(name="vote.dll", fixed=hotfix),) if hotfix else ()
    advice = Advice(
        status=status,
        summary=f"do what {rule} says",
        service_pack=packs[0] if packs else None,
        packs=packs,
        files=files,
        hotfix=bool(hotfix),
        **more,  # type: ignore[arg-type]  # fields of the type, by name
    )
    return Finding(
        rule=rule, title=rule, url=None, incident=incident or int(rule[1:]), confidence=0.7, band=band, advice=advice
    )


def made(*findings: Finding) -> Plan:
    found = plan(findings)
    assert found is not None
    return found


def kinds(found: Plan) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(action.kind, action.summary, action.covers) for action in found.actions]


def test_one_pack_covers_several_findings_and_a_hotfix_remains() -> None:
    found = made(
        finding("Q1", pack(2)),
        finding("Q2", pack(3)),
        finding("Q3", pack(2)),
        finding("Q4", pack(4)),
        finding("Q5", pack(None)),
        finding("Q6", hotfix="5.0.2195.7000"),
    )
    assert kinds(found) == [
        ("service-pack", "install Windows 2000 Service Pack 4", ("Q1", "Q2", "Q3", "Q4", "Q5")),
        ("hotfix", "get the hotfix of Q6 (vote.dll 5.0.2195.7000)", ("Q6",)),
    ]
    assert found.summary == "Windows 2000 Service Pack 4 covers 5 of 6 findings; the hotfix of Q6 covers 1"
    first = found.actions[0]
    assert first.why == (
        "Service Pack 2 first corrected Q1 and Q3; Service Pack 3 first corrected Q2; Service Pack 4 first corrected "
        "Q4; Q5 asks for the latest pack; Service Pack 4 contains the packs before it"
    )
    assert (first.product, first.name, first.articles, first.restart) == (W2K, "Service Pack 4", ("Q260910",), True)


def test_what_nothing_is_known_for_remains() -> None:
    found = made(finding("Q1", pack(2)), finding("Q2"))
    assert found.summary == "Windows 2000 Service Pack 4 covers 1 of 2 findings; Q2 remains"
    assert found.uncovered == ("Q2",)
    assert made(finding("Q2")).summary == "Q2 remains: nothing to install is known"


def test_a_fix_that_never_reached_a_pack_is_a_hotfix() -> None:
    never = ServicePackAdvice(product="Windows NT 4.0", fixed_in=7, fixed_in_name="Service Pack 7", unreleased=True)
    found = made(finding("Q1", never, hotfix="4.0.1381.7086"))
    assert kinds(found) == [("hotfix", "get the hotfix of Q1 (vote.dll 4.0.1381.7086)", ("Q1",))]
    assert found.actions[0].why == "the service pack that was to bring it never came"


def test_a_fix_of_a_component_comes_with_the_systems_pack() -> None:
    found = made(finding("Q1", pack(2, carries="Internet Information Server 5.0")), finding("Q2", pack(3)))
    assert kinds(found) == [("service-pack", "install Windows 2000 Service Pack 4", ("Q1", "Q2"))]
    assert "it carries the fixes of Internet Information Server 5.0" in found.actions[0].why


def test_of_alternatives_the_one_that_covers_more_is_taken() -> None:
    either = finding("Q1", pack(1, "Exchange Server 5.0", 2), pack(3, "Exchange Server 5.5"))
    found = made(either, finding("Q2", pack(3, "Exchange Server 5.5")))
    assert kinds(found) == [("service-pack", "install Exchange Server 5.5 Service Pack 4", ("Q1", "Q2"))]


def test_a_newer_hotfix_replaces_older_ones() -> None:
    found = made(
        finding("Q1", hotfix="5.0.2195.1", superseded_by=("Q2", "Q3")),
        finding("Q2", hotfix="5.0.2195.2", superseded_by=("Q3",)),
        finding("Q3", hotfix="5.0.2195.3"),
    )
    assert kinds(found) == [("hotfix", "get the hotfix of Q3 (vote.dll 5.0.2195.3)", ("Q1", "Q2", "Q3"))]
    assert found.actions[0].why.startswith("its files replace those of Q1 and Q2; ")
    alone = made(finding("Q1", hotfix="5.0.2195.1", superseded_by=("Q2", "Q3")))
    assert kinds(alone) == [("hotfix", "get the hotfix of Q3", ("Q1",))]


def test_a_pack_that_another_one_needs_goes_first() -> None:
    found = made(finding("Q1", pack(3, "Exchange Server 4.0", 5, needs="Service Pack 2")))
    assert [(action.summary, action.covers) for action in found.actions] == [
        ("install Exchange Server 4.0 Service Pack 2 first", ()),
        ("install Exchange Server 4.0 Service Pack 5", ("Q1",)),
    ]


def test_the_system_goes_before_programs_and_both_before_hotfixes_and_workarounds() -> None:
    found = made(
        finding("Q1", workaround=True),
        finding("Q2", hotfix="1.2", workaround=True),
        finding("Q3", pack(3, "Exchange Server 5.5")),
        finding("Q4", pack(2), workaround=True),
        finding("Q5", pack(3), status="already-installed", here="Service Pack 4 is installed: look for another cause"),
        finding("Q6", steps=("Replace the memory.",)),
        finding("Q7", pack(4, "Windows NT 4.0", state="other-system"), here="the log shows Windows 2000"),
    )
    assert [action.kind for action in found.actions] == [
        "service-pack", "service-pack", "hotfix", "workaround", "workaround", "steps", "other-system", "other-cause",
    ]  # fmt: skip
    assert [action.number for action in found.actions] == list(range(1, 9))
    assert found.actions[3].summary == "until then, consider the workarounds of Q2 and Q4"
    assert found.actions[-1].summary == "look for another cause where Q5 fits"
    assert found.actions[-1].why == "Service Pack 4 is installed"
    assert found.uncovered == ("Q1", "Q7")
    assert found.summary == (
        "Windows 2000 Service Pack 4 covers 1 of 7 findings; Exchange Server 5.5 Service Pack 4 covers 1; the hotfix "
        "of Q2 covers 1; the advice of Q6 is to be followed; Q1 and Q7 remain; the fix of Q5 is there already"
    )


def test_weak_alternatives_do_not_count() -> None:
    found = made(
        finding("Q1", pack(2), incident=1),
        finding("Q2", hotfix="1.2", incident=1, band="possible"),
        finding("Q3", pack(2), incident=2, band="possible"),
    )
    assert found.findings == ("Q1", "Q3")


@pytest.mark.parametrize(("confidence", "planned"), [(0.02, False), (LEAST - 0.001, False), (LEAST, True), (0.5, True)])
def test_what_is_not_possible_by_itself_is_not_planned_for(confidence: float, planned: bool) -> None:
    faint = replace(finding("Q1", pack(2), band="possible"), confidence=confidence)
    assert (plan([faint]) is not None) is planned


def test_packs_that_are_not_cumulative_are_installed_one_by_one() -> None:
    one = ServicePackAdvice(
        product="P", fixed_in_name="Service Pack 1", contained_in=("Service Pack 1",), cumulative=False
    )
    two = ServicePackAdvice(
        product="P", fixed_in_name="Service Pack 2", contained_in=("Service Pack 2",), cumulative=False
    )
    found = made(finding("Q1", one), finding("Q2", two))
    assert [action.name for action in found.actions] == ["Service Pack 1", "Service Pack 2"]


def test_reports_are_planned_together_and_each_rule_counts_once() -> None:
    there = finding("Q1", pack(2), status="already-installed")
    found = plan_all([[there], [finding("Q1", pack(2), status="applies")], [finding("Q2", pack(3))], []])
    assert found is not None
    assert found.summary == "Windows 2000 Service Pack 4 covers 2 of 2 findings"
    assert plan_all([[], []]) is None
    assert plan([]) is None


@pytest.mark.parametrize(
    ("names", "text"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (list("abcdefghij"), "a, b, c, d, e, f, g and 3 more")],
)
def test_names_are_joined(names: list[str], text: str) -> None:
    assert joined(names) == text


COVERS = st.dictionaries(st.integers(0, 30), st.frozensets(st.integers(0, 9), max_size=5), max_size=9)


@settings(deadline=None, max_examples=150)
@given(COVERS, st.frozensets(st.integers(0, 9)))
def test_no_smaller_set_covers_as_much(candidates: dict[int, frozenset[int]], wanted: frozenset[int]) -> None:
    chosen = smallest_cover(candidates, wanted)
    reachable = wanted & frozenset().union(*candidates.values())
    covered = frozenset().union(*(candidates[key] for key in chosen))
    assert reachable <= covered
    smaller = combinations(candidates, len(chosen) - 1) if chosen else ()
    assert all(not reachable <= frozenset().union(*(candidates[key] for key in fewer)) for fewer in smaller)


def test_many_candidates_are_covered_greedily_in_their_order() -> None:
    pairs = {number: frozenset({number, number + 1}) for number in range(2 * EXACT)}
    chosen = smallest_cover(pairs, frozenset(range(2 * EXACT)))
    assert frozenset(range(2 * EXACT)) <= frozenset().union(*(pairs[key] for key in chosen))
    assert list(chosen) == sorted(chosen)
    assert smallest_cover(pairs, frozenset(range(2 * EXACT))) == chosen
