"""Product names as articles, logs and people write them."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.knowledge.loader import load_products
from triage.knowledge.products import Products

PRODUCTS = Products(load_products(Path(__file__).parents[2] / "rules" / "products"))


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("Microsoft Windows NT Server versions 3.51, 4.0", "Windows NT"),
        ("Microsoft Windows NT Server version 4.0", "Windows NT 4.0"),
        ("Microsoft Windows NT Server, Enterprise Edition version 4.0", "Windows NT 4.0"),
        (
            "Microsoft Windows NT Server version 4.0, Terminal Server Edition",
            "Windows NT Server 4.0 Terminal Server Edition",
        ),
        ("Microsoft Windows NT Workstation, version 3.51", "Windows NT 3.51"),
        ("WinNT", "Windows NT"),
        ("NT4", "Windows NT 4.0"),
        ("NT 4.0 SP6a", "Windows NT 4.0"),
        ("nt4sp6a", "Windows NT 4.0"),
        ("W2K", "Windows 2000"),
        ("Microsoft Windows 2000 Advanced Server", "Windows 2000"),
        ("Microsoft Windows versions 2000, 2000 SP1, 2000 SP2 Professional", "Windows 2000"),
        ("the operating system: Microsoft Windows 2000 SP2", "Windows 2000"),
        ("Windows XP Professional", "Windows XP"),
        ("Windows 7 Kernel Version 7601 (Service Pack 1) MP", "Windows 7"),
        ("Windows Server 2008 R2", "Windows Server 2008 R2"),
        ("Microsoft Windows 98 Second Edition", "Windows 98 Second Edition"),
        ("Microsoft Windows 95 OEM Service Release, versions 2, 2.1", "Windows 95"),
        ("Windows NT 4.0, Terminal Server Edition", "Windows NT Server 4.0 Terminal Server Edition"),
        ("Microsoft Bookshelf for Windows 1994 edition", "Bookshelf 1994"),
        ("Exch 5.5", "Exchange Server 5.5"),
        ("Microsoft Exchange Server, version 5.5", "Exchange Server 5.5"),
        ("Exchange 2000", "Exchange Server 2000"),
        ("Microsoft SNA Server, versions 4.0SP1, 4.0SP2", "SNA Server 4.0"),
        ("Microsoft Internet Information Server version 5.0", "Internet Information Server 5.0"),
        ("Microsoft Visual C++, 32-bit Professional Edition, version 6.0", "Visual C++ 6.0"),
        ("Microsoft PowerPoint for Windows 95, version 7.0", "PowerPoint 95"),
        ("Microsoft Word 97 for Windows", "Word 97"),
        ("Microsoft Internet Explorer version 5.5 for Windows NT 4.0", "Internet Explorer 5.5"),
    ],
)
def test_names_lead_to_one_canonical_name(name: str, canonical: str) -> None:
    assert PRODUCTS.canonical(name) == canonical
    assert PRODUCTS.canonical(canonical) == canonical


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "version 4.0",
        "Contoso Backup 2.1",
        "Windows Resource Kit",
        "Outlook Deployment Kit",
        "the hardware: DEC Alpha",
    ],
)
def test_other_names_are_not_forced_onto_a_product(name: str) -> None:
    assert PRODUCTS.canonical(name) is None
    assert PRODUCTS.parse_applies(name) == ()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("- Microsoft Windows NT Server versions 3.51, 4.0, 4.0 SP4", [("Windows NT", ["3.51", "4.0", "4.0 SP4"])]),
        (
            "Microsoft Windows NT Server versions 4.0, 4.0 SP4, Terminal Server Edition",
            [("Windows NT Server 4.0 Terminal Server Edition", ["SP4"])],
        ),
        (
            "Microsoft Exchange Server, version 5.5 Service Packs 1, 2, 3",
            [("Exchange Server", ["5.5 SP1", "5.5 SP2", "5.5 SP3"])],
        ),
        ("Microsoft Windows versions 2000, 2000 SP1 Professional", [("Windows 2000", ["SP1"])]),
        ("Microsoft Windows versions 3.1, 3.11", [("Windows", ["3.1", "3.11"])]),
        ("Microsoft Schedule+, versions 7.0, 7.5, on platform(s):", [("Schedule+", ["95", "97"])]),
        ("Microsoft Visual SourceSafe, 32-bit, for Windows 4.0a", [("Visual SourceSafe", ["4.0a"])]),
        (
            "*EDITOR Please do not choose this product*Microsoft Visual C++ 32-bit Edition* use 7, versions 4.0, 4.2",
            [("Visual C++", ["4.0", "4.2"])],
        ),
        ("Microsoft Outlook 98", [("Outlook", ["98"])]),
        (
            "Microsoft Windows 95 OEM Service Release, versions 1.0, 2, 2.1",
            [("Windows 95", ["OSR 1", "OSR 2", "OSR 2.1"])],
        ),
        ("Windows 95 OSR2", [("Windows 95", ["OSR 2"])]),
        ("Microsoft Encarta for Windows versions 1993 edition, 1994 edition", [("Encarta", ["1993", "1994"])]),
        ("Microsoft Golf for Windows, version 3.0", [("Golf", ["3.0"])]),
        ("the operating system: Microsoft Windows 98", [("Windows 98", [])]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_lines_of_an_applies_list_give_product_and_versions(line: str, expected: list[tuple[str, list[str]]]) -> None:
    assert [(entry.product, list(entry.versions)) for entry in PRODUCTS.parse_applies(line)] == expected


@pytest.mark.parametrize(
    ("line", "releases"),
    [
        ("Microsoft Windows NT Server versions 3.51, 4.0 SP4", ("Windows NT 3.51", "Windows NT 4.0")),
        ("Microsoft Windows 2000 Server SP2", ("Windows 2000",)),
        ("Microsoft Internet Information Server version 5.0", ("Internet Information Server 5.0",)),
        ("Microsoft Windows NT Server", ("Windows NT",)),
    ],
)
def test_an_entry_leads_to_its_releases(line: str, releases: tuple[str, ...]) -> None:
    (entry,) = PRODUCTS.parse_applies(line)
    assert PRODUCTS.releases(entry) == releases


@settings(deadline=None, max_examples=150)
@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from("Windows NT 4.0 SP 6a for Exchange , version service pack".split())).map(" ".join)
)
def test_any_name_is_resolved_or_refused(name: str) -> None:
    canonical = PRODUCTS.canonical(name)
    assert canonical is None or canonical
    for entry in PRODUCTS.parse_applies(name):
        assert entry.product


@pytest.mark.parametrize("unit", ["a", "1", " ", "\n", "1.", "*EDITOR ", "sp1", "nt4"])
def test_a_megabyte_of_a_name_does_no_harm(unit: str) -> None:
    PRODUCTS.canonical(unit * (1_000_000 // len(unit)))
