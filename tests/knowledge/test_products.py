"""Lineage of service packs: what follows what, what carries what, what a machine has."""

from pathlib import Path

import pytest

from triage.knowledge.loader import load_products
from triage.knowledge.products import Products
from triage.model.evidence import System
from triage.model.rule import PackRef

PRODUCTS = Products(load_products(Path(__file__).parents[2] / "rules" / "products"))


@pytest.mark.parametrize(
    ("build", "product"),
    [
        (807, "Windows NT 3.5"),
        (1057, "Windows NT 3.51"),
        (2195, "Windows 2000"),
        (2600, "Windows XP"),
        (19041, "Windows 10"),
        (20348, "Windows Server 2022"),
        (3790, None),  # Server 2003 and XP x64
        (7601, None),  # Windows 7 and Server 2008 R2
        (1960, None),  # Exchange is no system
        (5, None),
    ],
)
def test_builds_lead_to_a_system_only_where_they_are_its_own(build: int, product: str | None) -> None:
    found = PRODUCTS.builds(build)
    assert (found[0].product if len(found) == 1 else None) == product


@pytest.mark.parametrize(
    ("system", "product", "pack"),
    [
        (System(product="Windows 2000", service_pack=1), "Windows 2000", 1),
        (System(product="Windows NT", version="4.0", build=1381, service_pack=6), "Windows NT 4.0", 6),
        (System(version="3.51", build=1057), "Windows NT 3.51", None),
        (System(build=2195), "Windows 2000", None),
        (System(product="Windows XP", build=2600, revision=2180), "Windows XP", 2),
        (System(product="Windows XP", build=2600, revision=0), "Windows XP", 0),
        (System(product="Windows Vista", version="6.0", build=6002), "Windows Vista", 2),
        (System(product="Windows 7", build=7600), "Windows 7", 0),
        (System(product="Windows 10", build=19045), "Windows 10", None),
    ],
    ids=lambda value: value.product if isinstance(value, System) else "",
)
def test_system_lines_prove_product_and_pack(system: System, product: str, pack: int | None) -> None:
    found = PRODUCTS.for_system(system)
    assert found is not None
    assert found.product == product
    installed = PRODUCTS.installed(found, system)
    assert (installed.number if installed else None) == pack


@pytest.mark.parametrize(
    ("product", "build", "pack"),
    [
        ("Exchange Server 5.5", 1960, 0),
        ("Exchange Server 5.5", 2300, 1),
        ("Exchange Server 5.5", 2653, 4),
        ("Windows XP", 2600, None),
    ],
)
def test_builds_prove_packs(product: str, build: int, pack: int | None) -> None:
    found = PRODUCTS.get(product)
    assert found is not None
    installed = PRODUCTS.pack_of_build(found, build)
    assert (installed.number if installed else None) == pack


def test_the_last_pack_ends_the_lineage() -> None:
    last = PRODUCTS.latest_pack("Windows NT 4.0")
    assert last is not None
    assert last.title == "Service Pack 6a"
    fourth = PRODUCTS.pack(PackRef("Windows NT 4.0", 4))
    assert fourth is not None
    assert [pack.title for pack in PRODUCTS.packs_from("Windows NT 4.0", fourth)] == [
        "Service Pack 4",
        "Service Pack 5",
        "Service Pack 6",
        "Service Pack 6a",
    ]
    assert PRODUCTS.pack(PackRef("Windows NT 4.0", 7)) is None


@pytest.mark.parametrize(
    ("day", "title"),
    [("1999-06-01", "Service Pack 5"), ("2002-05-08", "Service Pack 6a"), (None, "Service Pack 6a")],
)
def test_the_latest_pack_of_an_article_is_that_of_its_day(day: str | None, title: str) -> None:
    pack = PRODUCTS.latest_at("Windows NT 4.0", day)
    assert pack is not None
    assert pack.title == title


@pytest.mark.parametrize(
    ("product", "carrier"),
    [
        ("Internet Information Server 5.0", "Windows 2000"),
        ("Internet Information Server 4.0", "Windows NT 4.0"),
        ("Visual Basic 5.0", "Visual Studio 97"),
        ("Visual C++ 6.0", "Visual Studio 6.0"),
        ("Word 97", "Office 97"),
        ("Windows 2000", "Windows 2000"),
        ("Cluster Server", "Windows NT 4.0"),
        ("Internet Information Server", None),  # of several systems
        ("Internet Explorer 5.01", "Internet Explorer 5.01"),
        ("Golf", None),
    ],
)
def test_packs_of_one_product_carry_the_fixes_of_another(product: str, carrier: str | None) -> None:
    found = PRODUCTS.carrier_of(product)
    assert (found.product if found else None) == carrier


@pytest.mark.parametrize(
    ("keyword", "pack"),
    [
        ("kbWinNT400SP4Fix", PackRef("Windows NT 4.0", 4)),
        ("kbWinNT400PreSP7Fix", PackRef("Windows NT 4.0", 7)),
        ("kbWinnt400SP6aFix", PackRef("Windows NT 4.0", 6, "a")),
        ("kbWinNT4SP6Fix", PackRef("Windows NT 4.0", 6)),
        ("kbWin2000SP2Fix", PackRef("Windows 2000", 2)),
        ("kbExchange550PreSP4Fix", PackRef("Exchange Server 5.5", 4)),
        ("exc55sp3fix", PackRef("Exchange Server 5.5", 3)),
        ("kbVS600SP3fix", PackRef("Visual Studio 6.0", 3)),
        ("kbVBp500SP2fix", PackRef("Visual Basic 5.0", 2)),
        ("kbSMS200SP2Fix", PackRef("Systems Management Server 2.0", 2)),
        ("kbSNA400SP4Fix", PackRef("SNA Server 4.0", 4)),
        ("tsesp4fix", PackRef("Windows NT Server 4.0 Terminal Server Edition", 4)),
        ("kbOffice97PreSR3Fix", PackRef("Office 97", 3)),
        ("kbWinXPPreSP1Fix", PackRef("Windows XP", 1)),
        ("kbWin2000", None),
        ("kbSP2Fix", None),
        ("kbfix", None),
    ],
)
def test_keywords_name_packs(keyword: str, pack: PackRef | None) -> None:
    assert PRODUCTS.pack_of_keyword(keyword) == pack


@pytest.mark.parametrize(
    ("article", "product"),
    [
        ("Q260910", "Windows 2000"),
        ("Q152734", "Windows NT 4.0"),  # and its Terminal Server Edition
        ("Q191914", "Exchange Server 5.5"),
        ("Q119591", None),
    ],
)
def test_articles_that_tell_how_to_obtain_a_pack_lead_to_its_product(article: str, product: str | None) -> None:
    found = PRODUCTS.obtained_by(article)
    assert (found.product if found else None) == product
