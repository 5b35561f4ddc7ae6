"""What other articles say of a fix, and which versions may be compared at all."""

from pathlib import Path

import pytest

from builders.knowledge import small_pack
from triage.advice import advise, branches
from triage.advice.lineage import MAX_CHAIN, lineage_of
from triage.knowledge.loader import load_products
from triage.knowledge.pack import Pack
from triage.knowledge.products import Products
from triage.model.evidence import Evidence, Incident, Module, System
from triage.model.report import Advice
from triage.model.rule import Applies, Fix, FixFile, PackRef, Rule, Source

PRODUCTS = Products(load_products(Path(__file__).parents[2] / "rules" / "products"))
INCIDENT = Incident(kind="exception")


def rule(number: int, *files: FixFile, packs: tuple[PackRef, ...] = (), product: str = "Windows 2000") -> Rule:
    return Rule(
        id=f"Q{number}",
        title=f"Fault {number}",
        source=Source("microsoft-kb", "2001-01-01"),
        applies_to=(Applies(product),),
        fix=Fix(files=files, service_packs=packs, hotfix=True),
    )


def vote(revision: int, name: str = "vote.dll", platform: str | None = None, date: str | None = None) -> FixFile:
    return FixFile(name, f"5.0.2195.{revision}", date=date, platform=platform)


def known(*rules: Rule) -> object:
    return lambda name: [one for one in rules if any(file.name == name for file in one.fix.files)]


def ask(one: Rule, *others: Rule, system: System | None = None, modules: tuple[Module, ...] = ()) -> Advice:
    evidence = Evidence(format="windbg", system=system, modules=modules)
    fixing = known(one, *others)
    return advise(one, evidence, INCIDENT, PRODUCTS, fixing=fixing)  # type: ignore[arg-type]  # a lambda of this shape


def test_later_builds_of_all_files_replace_a_fix() -> None:
    advice = ask(
        rule(1, vote(100), vote(100, "count.dll")),
        rule(3, vote(300), vote(250, "count.dll")),
        rule(2, vote(200), vote(100, "count.dll")),
        rule(4, vote(400)),  # not all of the files
        rule(5, vote(90), vote(500, "count.dll")),  # one of them older
        rule(6, vote(600), vote(600, "count.dll"), product="Exchange Server 5.5"),
        rule(7, FixFile("vote.dll", "5.1.2600.900"), FixFile("count.dll", "5.1.2600.900")),
        rule(8, vote(100), vote(100, "count.dll")),
    )
    assert (advice.superseded_by, advice.repeats) == (("Q2", "Q3"), ("Q8",))
    assert advice.summary == "get vote.dll as Q3 describes it, which replaced the hotfix of Q1 (5.0.2195.100)"
    assert advice.articles[0] == "Q3"


def test_processors_have_builds_of_their_own() -> None:
    one = rule(1, vote(100, platform="x86"), vote(100, platform="Alpha"))
    assert ask(one, rule(2, vote(200, platform="x86"))).superseded_by == ()
    both = rule(3, vote(200, platform="x86"), vote(200, platform="Alpha"))
    assert ask(one, both).superseded_by == ("Q3",)


def test_a_long_chain_is_cut_before_its_newest() -> None:
    chain = ask(rule(1, vote(1)), *(rule(number, vote(number)) for number in range(2, 20))).superseded_by
    assert chain == ("Q2", "Q3", "Q4", "Q5", "Q6", "Q19")
    assert len(chain) == MAX_CHAIN


def test_a_pack_that_has_a_later_build_has_this_one() -> None:
    later = rule(2, vote(200), packs=(PackRef("Windows 2000", 3),))
    for packs in ((), (PackRef("Windows 2000", "latest"),)):
        advice = ask(rule(1, vote(100), packs=packs), later, system=System(product="Windows 2000", service_pack=2))
        pack = advice.service_pack
        assert pack is not None
        assert (pack.fixed_in, pack.shown_by, pack.latest_named) == (3, "Q2", bool(packs))
        assert advice.status == "applies"
        assert advice.summary == (
            "install Windows 2000 Service Pack 3 or later (the last is Service Pack 4; the files of Q2 show that it "
            "has the fix; Q260910 tells how to get it)"
        )


def test_the_articles_own_number_counts_before_others() -> None:
    later = rule(2, vote(200), packs=(PackRef("Windows 2000", 3),))
    pack = ask(rule(1, vote(100), packs=(PackRef("Windows 2000", 4),)), later).service_pack
    assert pack is not None
    assert (pack.fixed_in, pack.shown_by) == (4, None)


def test_packs_that_never_came_show_nothing() -> None:
    assert ask(rule(1, vote(100)), rule(2, vote(200), packs=(PackRef("Windows 2000", 9),))).service_pack is None


@pytest.mark.parametrize(
    ("date", "told"),
    [("2003-12-01", True), ("2003-06-26", False), ("2001-01-01", False), (None, False)],
    ids=["after the last pack", "on its day", "before it", "no date"],
)
def test_a_fix_made_after_the_last_pack_is_in_none(date: str | None, told: bool) -> None:
    advice = ask(rule(1, vote(7000, date=date)))
    tail = (
        "; no service pack contains it: Service Pack 4, the last of Windows 2000, is older; Update Rollup 1 (Q891861) "
        "gathers fixes made after it"
    )
    assert advice.summary == "get vote.dll 5.0.2195.7000 or later: Q1 describes the hotfix" + (tail if told else "")


def test_drivers_and_packs_of_the_system_need_a_restart() -> None:
    assert ask(rule(1, vote(1, "vote.sys"))).restart is True
    assert ask(rule(1, vote(1))).restart is None
    assert ask(rule(1, packs=(PackRef("Windows 2000", 2),))).restart is True
    assert ask(rule(1, packs=(PackRef("Exchange Server 5.5", 2),))).restart is None


def test_the_registry_is_told_as_the_article_has_it() -> None:
    key = "HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Services\\Vote: Limit (REG_DWORD)"
    one = Rule(id="Q1", title="x", source=Source("microsoft-kb"), fix=Fix(registry=(key,), workaround=True))
    assert (ask(one).registry, ask(one).workaround) == ((key,), True)


# Dates, where a table of Windows NT has no versions

OLD = FixFile("vote.dll", date="1998-06-10")
DAY = 86_400
TABLE_DAY = 897_436_800  # 1998-06-10


@pytest.mark.parametrize(
    ("timestamp", "state"),
    [
        (TABLE_DAY - 300 * DAY, "older"),
        (TABLE_DAY - 10 * DAY, "unknown"),
        (TABLE_DAY, "unknown"),
        (TABLE_DAY + 30 * DAY, "same-or-newer"),
        (0, "unknown"),
        (0xFFFFFFFF, "unknown"),
        (None, "unknown"),
    ],
)
def test_link_times_tell_where_versions_do_not(timestamp: int | None, state: str) -> None:
    modules = (Module(name="vote.dll", timestamp=timestamp),)
    assert ask(rule(1, OLD, product="Windows NT 4.0"), modules=modules).files[0].state == state


def test_link_times_tell_nothing_between_two_systems() -> None:
    modules = (Module(name="vote.dll", timestamp=TABLE_DAY + 30 * DAY),)
    other = ask(rule(1, OLD, product="Windows NT 4.0"), system=System(product="Windows XP"), modules=modules)
    assert other.files[0].state == "unknown"


# Branches

GDR = "5.1.2600.3099 (xpsp_sp2_gdr.070308-0222)"
QFE = "5.1.2600.3099 (xpsp_sp2_qfe.070308-0221)"


@pytest.mark.parametrize(
    ("found", "fixed", "order"),
    [
        (GDR, GDR, 0),
        (QFE, GDR, None),
        ("5.1.2600.3100", GDR, 1),
        ("5.1.2600.2900 (xpsp_sp2_gdr.050301-1526)", GDR, -1),
        ("5.0.2195.7000", "5.1.2600.100", None),
        ("5.1.2600.5512", "5.1.2600.2180", None),
        ("6.0.6002.18005 (lh_sp2rtm.090410-1830)", "6.0.6002.22090 (vistasp2_ldr.090320-1530)", None),
        ("5.5.2653.23", "5.5.2448.8", 1),
    ],
)
def test_versions_are_compared_within_one_line_of_development(found: str, fixed: str, order: int | None) -> None:
    left, right = branches.read(found), branches.read(fixed)
    assert left is not None
    assert right is not None
    assert branches.order(left, right) == order


@pytest.mark.parametrize("text", [None, "", "none", "5", "x" * 100_000, "_gdr" * 50_000])
def test_what_is_no_version(text: str | None) -> None:
    assert branches.read(text) is None


def test_packs_know_which_rules_correct_a_file(tmp_path: Path) -> None:
    one, two = rule(1, vote(1)), rule(2, vote(2), FixFile("VOTE.DLL", "5.0.2195.3"), FixFile("old.dll"))
    pack = Pack.open(small_pack(tmp_path / "x.pack", (one, two)))
    assert list(pack.rules_fixing("vote.dll")) == [one, two]
    assert list(pack.rules_fixing("old.dll")) == []
    assert lineage_of(one, pack.rules_fixing, PRODUCTS).replaced_by == ("Q2",)
