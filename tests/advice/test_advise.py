"""What to do, situation by situation: the fix there, not there, not told, not to be had."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.advice import advise
from triage.knowledge.loader import load_products
from triage.knowledge.products import Products
from triage.model.evidence import Evidence, Frame, Incident, Module, System
from triage.model.report import Advice, FileAdvice, ServicePackAdvice
from triage.model.rule import Applies, Fix, FixFile, PackRef, Rule, Source

PRODUCTS = Products(load_products(Path(__file__).parents[2] / "rules" / "products"))
INCIDENT = Incident(kind="exception")
KERNEL_LIST = tuple(Module(name=f"driver{n}", base=n) for n in range(20))


def rule(fix: Fix, *, revised: str | None = "2002-05-08", about: Applies | None = None) -> Rule:
    return Rule(
        id="Q100001",
        title="A Driver Stops",
        source=Source("microsoft-kb", revised),
        applies_to=(about,) if about else (),
        fix=fix,
        see_also=("Q100002",),
    )


def ask(fix: Fix, system: System | None = None, *modules: Module, about: Applies | None = None) -> Advice:
    evidence = Evidence(format="windbg", system=system, modules=modules)
    return advise(rule(fix, about=about), evidence, INCIDENT, PRODUCTS)


W2K_SP2 = Fix(service_packs=(PackRef("Windows 2000", 2),), obtain=("Q260910",))
NT4_SP4 = Fix(service_packs=(PackRef("Windows NT 4.0", 4),))
LATEST = Fix(service_packs=(PackRef("Windows 2000", "latest"),), obtain=("Q260910",))
EXCHANGE = Fix(service_packs=(PackRef("Exchange Server 5.5", 3),))
HOTFIX = Fix(files=(FixFile("Tcpip.sys", "5.0.2195.2779"),), hotfix=True)

NO_PACK = "get the hotfix that Q100001 describes; it names no service pack with the fix"
LMVM_STORE = "the log does not tell the version of Exchange Server 5.5; `lmvm store` in the debugger shows it"
INSTALL_W2K = "install Windows 2000 Service Pack 2 or later (the last is Service Pack 4; Q260910 tells how to get it)"


def w2k(pack: int | None = None) -> System:
    return System(product="Windows 2000", version="5.0", build=2195, service_pack=pack)


def test_the_file_to_ask_for_is_one_that_the_failing_program_has_loaded() -> None:
    mta = Incident(kind="stack", stack=(Frame(module="EMSMTA", function="oxpmroer"),))
    advice = advise(rule(EXCHANGE), Evidence(format="windbg"), mta, PRODUCTS)
    assert advice.here == LMVM_STORE.replace("lmvm store", "lmvm emsmta")


def test_without_any_information_the_pack_is_named_and_the_way_to_find_out() -> None:
    pack = ServicePackAdvice(
        product="Windows 2000",
        fixed_in=2,
        fixed_in_name="Service Pack 2",
        install=4,
        install_name="Service Pack 4",
        article="Q260910",
        contained_in=("Service Pack 2", "Service Pack 3", "Service Pack 4"),
        end_of_support="2010-07-13",
        system=True,
    )
    assert ask(W2K_SP2) == Advice(
        status="unknown",
        summary=INSTALL_W2K,
        here="the log does not tell the service pack; `vertarget` in the debugger or `winver` shows it",
        service_pack=pack,
        packs=(pack,),
        articles=("Q260910", "Q100002"),
        restart=True,
    )


@pytest.mark.parametrize(
    ("fix", "system", "status", "summary", "here"),
    [
        pytest.param(
            W2K_SP2, w2k(1), "applies", INSTALL_W2K, "the log shows Service Pack 1: older than the fix", id="older pack"
        ),
        pytest.param(
            W2K_SP2, w2k(0), "applies", INSTALL_W2K, "the log shows no service pack: older than the fix", id="no pack"
        ),
        pytest.param(
            W2K_SP2,
            w2k(4),
            "already-installed",
            "look for another cause: Windows 2000 Service Pack 2 contains the fix",
            "Service Pack 4 is installed, which contains the fix: look for another cause",
            id="newer pack",
        ),
        pytest.param(
            W2K_SP2,
            w2k(2),
            "already-installed",
            "look for another cause: Windows 2000 Service Pack 2 contains the fix",
            "Service Pack 2 is installed, which contains the fix: look for another cause",
            id="the very pack",
        ),
        pytest.param(
            LATEST,
            w2k(1),
            "applies",
            "install the last service pack of Windows 2000, Service Pack 4 (Q260910 tells how to get it)",
            "the log shows Service Pack 1: older than the fix",
            id="latest",
        ),
        pytest.param(
            NT4_SP4,
            w2k(4),
            "unknown",
            "on Windows NT 4.0, Service Pack 4 contains the fix",
            "the log shows Windows 2000, and Q100001 is about Windows NT 4.0",
            id="newer system",
        ),
        pytest.param(
            Fix(service_packs=(PackRef("Windows NT 4.0", 6, "a"),)),
            System(product="Windows NT 4.0", service_pack=6),
            "unknown",
            "install Windows NT 4.0 Service Pack 6a, the last one (Q152734 tells how to get it)",
            "the log shows Service Pack 6 and not whether it is Service Pack 6a",
            id="6 may be 6a",
        ),
        pytest.param(
            Fix(service_packs=(PackRef("Windows 7", 1),)),
            System(product="Windows 7", version="6.1", build=7601),
            "already-installed",
            "look for another cause: Windows 7 Service Pack 1 contains the fix",
            "Service Pack 1 is installed, which contains the fix: look for another cause",
            id="by build",
        ),
        pytest.param(
            Fix(service_packs=(PackRef("Windows Server 2008 R2", 1),)),
            System(version="6.1", build=7600),
            "applies",
            "install Windows Server 2008 R2 Service Pack 1, the last one",
            "the log shows no service pack: older than the fix",
            id="by a build of two products",
        ),
        pytest.param(
            Fix(service_packs=(PackRef("Internet Information Server 5.0", 2),)),
            w2k(1),
            "applies",
            f"{INSTALL_W2K}; it carries the fixes of Internet Information Server 5.0",
            "the log shows Service Pack 1: older than the fix",
            id="carried by a Windows pack",
        ),
        pytest.param(
            Fix(service_packs=(PackRef("Windows NT 4.0", 7),), hotfix=True),
            System(product="Windows NT 4.0", service_pack=6),
            "unknown",
            "get the hotfix that Q100001 describes: the service pack of Windows NT 4.0 that was to bring it never came"
            "; Security Rollup Package (Q299444) gathers fixes made after Service Pack 6a",
            "the log shows Service Pack 6: no service pack has the fix",
            id="never reached a pack",
        ),
        pytest.param(
            Fix(service_packs=(PackRef("Exchange Server 4.0", 3),)),
            None,
            "unknown",
            "install Exchange Server 4.0 Service Pack 3 or later (the last is Service Pack 5; it needs Service Pack 2 "
            "first; Q185076 tells how to get it)",
            "the log does not tell the version of Exchange Server 4.0; `lmvm store` in the debugger shows it",
            id="a pack that needs another",
        ),
        pytest.param(
            Fix(service_packs=(PackRef("Visual C++ 5.0", "latest"),)),
            w2k(1),
            "unknown",
            "install the last service pack of Visual Studio 97, Service Pack 3 (Q170365 tells how to get it); "
            "it carries the fixes of Visual C++ 5.0",
            "the log does not tell which service pack of Visual Studio 97 is installed",
            id="latest of a suite",
        ),
        pytest.param(
            Fix(obtain=("Q191014",)),
            None,
            "unknown",
            "install the last service pack of Exchange Server 5.5, Service Pack 4 (Q191014 tells how to get it)",
            LMVM_STORE,
            id="only the article that tells how to obtain",
        ),
        pytest.param(
            HOTFIX,
            w2k(1),
            "unknown",
            "get Tcpip.sys 5.0.2195.2779 or later: Q100001 describes the hotfix",
            "the log does not tell the version of Tcpip.sys; `lmvm tcpip` in the debugger shows it",
            id="hotfix file",
        ),
        pytest.param(
            Fix(hotfix=True),
            w2k(1),
            "unknown",
            NO_PACK,
            "",
            id="hotfix",
        ),
        pytest.param(
            Fix(obtain=("Q119591",)), None, "unknown", "get the fix as Q119591 tells", "", id="another way to obtain"
        ),
        pytest.param(
            Fix(workaround=True, confirmed=True),
            w2k(1),
            "applies",
            "apply the workaround of Q100001; it names no fix",
            "",
            id="workaround",
        ),
        pytest.param(
            Fix(confirmed=True),
            w2k(1),
            "unknown",
            "the vendor confirmed the fault, and Q100001 names no fix",
            "",
            id="confirmed",
        ),
        pytest.param(Fix(), None, "unknown", "read Q100001: it names neither fix nor workaround", "", id="no fix"),
        pytest.param(
            Fix(steps=("Replace the memory module.", "Run the test again.")),
            None,
            "applies",
            "Replace the memory module.",
            "",
            id="a person's steps",
        ),
    ],
)
def test_each_situation_has_its_words(fix: Fix, system: System | None, status: str, summary: str, here: str) -> None:
    advice = ask(fix, system)
    assert (advice.status, advice.summary, advice.here) == (status, summary, here)
    assert advice.steps == fix.steps
    assert (advice.hotfix, advice.workaround) == (fix.hotfix, fix.workaround)


@pytest.mark.parametrize(
    ("module", "state", "status"),
    [
        (Module(name="tcpip", version="5.0.2195.1600"), "older", "applies"),
        (Module(name="tcpip.sys", version="5.00.2195.2779"), "same-or-newer", "already-installed"),
        (
            Module(name="tcpip", path=r"C:\WINNT\tcpip.sys", version="5.0.2195.6655"),
            "same-or-newer",
            "already-installed",
        ),
        (Module(name="tcpip", path=r"C:\ISV\tcpip.dll", version="5.0.2195.1"), "unknown", "unknown"),
        (Module(name="tcpip.sys", version="5.1.2600.5512"), "unknown", "unknown"),
        (Module(name="tcpip.sys"), "unknown", "unknown"),
        (Module(name="tcpip.sys", version="5.0.2195.1600", unloaded=True), "unknown", "unknown"),
    ],
    ids=["older", "same", "newer", "another image", "another branch", "no version", "unloaded"],
)
def test_file_versions_tell_whether_the_fix_is_there(module: Module, state: str, status: str) -> None:
    advice = ask(HOTFIX, None, module)
    assert (advice.files[0].state, advice.status) == (state, status)


def test_a_file_that_a_full_list_lacks_is_absent() -> None:
    assert ask(HOTFIX, None, *KERNEL_LIST).files == (
        FileAdvice(name="Tcpip.sys", fixed="5.0.2195.2779", state="absent"),
    )
    assert ask(HOTFIX, None, *KERNEL_LIST[:3]).files[0].state == "unknown"


def test_a_file_proves_more_than_a_pack_number() -> None:
    fix = Fix(service_packs=W2K_SP2.service_packs, files=HOTFIX.files)
    replaced = ask(fix, w2k(4), Module(name="tcpip.sys", version="5.0.2195.1600"))
    assert (replaced.status, replaced.summary) == ("applies", INSTALL_W2K)
    assert replaced.here == "Tcpip.sys 5.0.2195.1600 is older than the fixed 5.0.2195.2779"
    patched = ask(fix, w2k(1), Module(name="tcpip.sys", version="5.0.2195.2779"))
    assert patched.status == "already-installed"
    assert patched.summary == "look for another cause: Tcpip.sys 5.0.2195.2779 has the fix that Q100001 describes"
    assert patched.here == "Tcpip.sys 5.0.2195.2779 is the fixed version or newer: look for another cause"


def test_each_branch_and_processor_has_its_own_row() -> None:
    files = (
        FixFile("Tcpip.sys", "5.0.2195.2779", platform="Alpha"),
        FixFile("Tcpip.sys", "5.0.2195.2780", platform="x86"),
        FixFile("Tcpip.sys", "4.0.1381.7086", platform="x86"),
    )
    system = System(product="Windows NT 4.0", architecture="x86")
    advice = ask(Fix(files=files), system, Module(name="tcpip.sys", version="4.0.1381.200"))
    assert advice.files == (FileAdvice(name="Tcpip.sys", fixed="4.0.1381.7086", found="4.0.1381.200", state="older"),)


@pytest.mark.parametrize(
    ("version", "status", "here"),
    [
        (
            "5.5.2653.23",
            "already-installed",
            "Service Pack 4 of Exchange Server 5.5 (store.exe 5.5.2653.23) is installed, which contains the fix: "
            "look for another cause",
        ),
        (
            "5.5.2448.8",
            "applies",
            "the log shows Service Pack 2 of Exchange Server 5.5 (store.exe 5.5.2448.8): older than the fix",
        ),
        (
            "5.5.1960.3",
            "applies",
            "the log shows no service pack of Exchange Server 5.5 (store.exe 5.5.1960.3): older than the fix",
        ),
        ("5.0.1460.8", "unknown", LMVM_STORE),
    ],
)
def test_a_program_tells_its_pack_by_the_build_of_its_files(version: str, status: str, here: str) -> None:
    advice = ask(EXCHANGE, w2k(4), Module(name="store.exe", version=version))
    assert (advice.status, advice.here) == (status, here)


def test_a_system_is_known_by_its_own_files_where_no_line_tells_it() -> None:
    fix = Fix(service_packs=(PackRef("Windows XP", 2),))
    advice = ask(fix, None, Module(name="ntdll.dll", version="5.1.2600.1106 (xpsp1.020828-1920)"))
    assert advice.status == "applies"
    assert ask(NT4_SP4, None, Module(name="ntdll", version="5.0.2195.6685")).here == (
        "the log shows Windows 2000, and Q100001 is about Windows NT 4.0"
    )


def test_the_pack_for_this_machine_is_chosen_among_several() -> None:
    fix = Fix(service_packs=(*NT4_SP4.service_packs, *W2K_SP2.service_packs))
    assert ask(fix, w2k(1)).summary == INSTALL_W2K
    advice = ask(fix, System(product="Windows NT 4.0", service_pack=3)).service_pack
    assert advice is not None
    assert (advice.product, advice.fixed_in, advice.installed) == ("Windows NT 4.0", 4, 3)


def test_other_releases_are_told_where_nothing_decides() -> None:
    fix = Fix(service_packs=(PackRef("Exchange Server 4.0", "latest"), PackRef("Exchange Server 5.5", 2)))
    advice = ask(fix)
    assert advice.summary == (
        "install the last service pack of Exchange Server 4.0, Service Pack 5 (it needs Service Pack 2 first; Q185076 "
        "tells how to get it); on Exchange Server 5.5, Service Pack 2"
    )
    assert advice.articles == ("Q185076", "Q191014", "Q100002")
    assert "4.0" not in ask(fix, None, Module(name="store.exe", version="5.5.1960.3")).summary


def test_the_release_that_the_rule_is_about_goes_first() -> None:
    terminal = "Windows NT Server 4.0 Terminal Server Edition"
    fix = Fix(service_packs=(PackRef("Windows NT 4.0", 6), PackRef(terminal, 6)))
    advice = ask(fix, about=Applies(terminal))
    assert advice.summary == f"install {terminal} Service Pack 6, the last one (Q152734 tells how to get it)"


def test_a_build_of_several_systems_keeps_all_of_them_in_play() -> None:
    server = Fix(service_packs=(PackRef("Windows Server 2008 R2", 1),))
    assert ask(server, System(product="Windows 7", version="6.1", build=7600)).status == "applies"
    both = Fix(
        service_packs=(PackRef("Windows NT Server 4.0 Terminal Server Edition", 5), PackRef("Windows NT 4.0", 5))
    )
    advice = ask(both, System(product="Windows NT 4.0", version="4.0", build=1381, service_pack=4)).service_pack
    assert advice is not None
    assert advice.product == "Windows NT 4.0"


def test_the_first_pack_is_named_where_a_rule_names_several_of_one_product() -> None:
    packs = (PackRef("Windows 2000", "latest"), PackRef("Windows 2000", 3), PackRef("Windows 2000", 2))
    assert ask(Fix(service_packs=packs)).summary == INSTALL_W2K


def test_a_family_stands_for_the_releases_that_the_rule_is_about() -> None:
    fix = Fix(service_packs=(PackRef("Internet Information Server", 2),))
    advice = ask(fix, about=Applies("Internet Information Server", ("5.0",)))
    assert advice.summary == f"{INSTALL_W2K}; it carries the fixes of Internet Information Server 5.0"


def test_the_latest_pack_of_an_old_article_is_there_with_the_pack_of_its_day() -> None:
    old = rule(Fix(service_packs=(PackRef("Windows NT 4.0", "latest"),)), revised="1999-06-01")
    for pack, status in ((4, "applies"), (5, "already-installed"), (6, "already-installed")):
        system = System(product="Windows NT 4.0", service_pack=pack)
        evidence = Evidence(format="windbg", system=system)
        assert advise(old, evidence, INCIDENT, PRODUCTS).status == status


def test_articles_that_were_replaced_give_way_to_their_successor() -> None:
    advice = ask(Fix(service_packs=EXCHANGE.service_packs, obtain=("Q191914", "Q119591")))
    assert advice.articles == ("Q191014", "Q119591", "Q100002")


def test_products_that_nobody_knows_leave_the_rest_of_the_fix() -> None:
    advice = ask(Fix(service_packs=(PackRef("Contoso Server", 2),), hotfix=True))
    assert (advice.service_pack, advice.summary) == (
        None,
        NO_PACK,
    )


NAMES = st.sampled_from(["Windows 2000", "Windows NT", "Exchange Server 5.5", "Word 97", "Golf", "Contoso", ""])
VERSIONS = st.sampled_from([None, "5.0.2195.1", "5.5.2653.23", "4.0", "x", "99999999999.1"]) | st.text(max_size=12)
FIXES = st.builds(
    Fix,
    service_packs=st.lists(st.builds(PackRef, NAMES, st.just("latest") | st.integers(-1, 9)), max_size=3).map(tuple),
    files=st.lists(st.builds(FixFile, st.sampled_from(["a.dll", "store.exe", ""]), VERSIONS), max_size=3).map(tuple),
    obtain=st.lists(st.sampled_from(["Q260910", "Q191914", ""]), max_size=2).map(tuple),
)
SYSTEMS = st.none() | st.builds(
    System,
    product=st.none() | NAMES,
    build=st.none() | st.sampled_from([0, 1381, 2195, 7601]),
    service_pack=st.none() | st.integers(-1, 9),
)


@settings(deadline=None, max_examples=150)
@given(
    FIXES,
    SYSTEMS,
    st.lists(st.builds(Module, name=st.sampled_from(["a", "store.exe", ""]), version=VERSIONS), max_size=3),
)
def test_any_rule_and_any_machine_give_advice_in_one_line(
    fix: Fix, system: System | None, modules: list[Module]
) -> None:
    advice = ask(fix, system, *modules)
    assert advice.summary
    assert "\n" not in advice.summary + advice.here
    assert "None" not in advice.summary + advice.here
