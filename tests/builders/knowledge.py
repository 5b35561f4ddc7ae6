"""A small knowledge pack of values of its own, for tests that must not depend on the rules of the project."""

from pathlib import Path

from triage.knowledge.build import build_pack
from triage.knowledge.loader import load_frame_names, load_weights
from triage.model.code import CodeEntry
from triage.model.product import Product, ServicePack
from triage.model.rule import Applies, EventSymptom, ExceptionSymptom, Fix, PackRef, Rule, Source, Symptoms
from triage.model.synonym import SAME

ROOT = Path(__file__).parents[2]

SHUTDOWN = Rule(
    id="Q900001",
    title="Access Violation While the Cluster Votes",
    source=Source(kind="microsoft-kb", revised="2001-03-04"),
    applies_to=(Applies(product="Windows 2000"),),
    symptoms=Symptoms(
        exceptions=(ExceptionSymptom(code=0xC0000005, chance="first"),),
        modules=("quorum.dll", "voter.dll", "tallybox.dll"),
        words=("access", "cluster", "shut", "violation", "vote"),
    ),
    fix=Fix(service_packs=(PackRef(product="Windows 2000", number=2),), obtain=("Q900009",)),
    see_also=("Q900002",),
)

SPOOLER = Rule(
    id="Q900002",
    title="Print Ledger Cannot Open Its Journal",
    source=Source(kind="microsoft-kb"),
    applies_to=(Applies(product="Windows NT 4.0"),),
    symptoms=Symptoms(
        events=(
            EventSymptom(source="PrintLedger", id=4711, type="error", message="The journal <name> cannot be opened"),
        )
    ),
)

OWN = Rule(
    id="T900003",
    title="A rule that a person wrote",
    source=Source(kind="triage"),
    symptoms=Symptoms(exceptions=(ExceptionSymptom(code=0xC000041D),)),
    fix=Fix(steps=("Update the ledger.",)),
)

FILLERS = tuple(
    Rule(
        id=f"Q91{number:04d}",
        title=f"Filler {number}",
        source=Source(kind="microsoft-kb"),
        symptoms=Symptoms(
            exceptions=(ExceptionSymptom(code=0xC0000005),) if number % 2 else (),
            modules=(f"filler{number}.dll",),
            words=("access", "violation", f"word{number}"),
        ),
    )
    for number in range(40)
)
"""Rules enough that what is rare can be told from what is common."""

PRODUCTS = (
    Product(
        product="Windows 2000",
        version="5.0",
        build=2195,
        service_packs=tuple(ServicePack(number=number) for number in range(1, 5)),
        obtain="Q900009",
    ),
    Product(product="Windows NT 4.0", version="4.0", build=1381),
)

CODES = (
    CodeEntry(
        kind="exception",
        code=0xC0000005,
        name="STATUS_ACCESS_VIOLATION",
        meaning="Memory that is not there was used.",
    ),
    CodeEntry(kind="win32", code=0x1E, name="ERROR_READ_FAULT"),
    CodeEntry(
        kind="bugcheck",
        code=0x1E,
        name="KMODE_EXCEPTION_NOT_HANDLED",
        parameters=("status code", "address"),
    ),
)

RULES = (SHUTDOWN, SPOOLER, OWN, *FILLERS)

LOG = """\
ModLoad: 73930000 73940000   D:\\Winnt\\System32\\Quorum.dll
ModLoad: 689d0000 689dd000   D:\\Winnt\\System32\\Voter.dll
ModLoad: 6a750000 6a76e000   D:\\Winnt\\System32\\Tallybox.dll
Access violation - code c0000005 (first chance)
"""
"""What SHUTDOWN describes."""

UNKNOWN = "(2c4.7a0): Integer overflow - code c0000095 (!!! second chance !!!)\n"
"""A crash that no rule here describes."""

QUIET = "Build finished without complaints.\nAll tests passed.\n"


FRAMES = load_frame_names(ROOT / "rules" / "signatures.yaml")
SYNONYMS = {"quit": {"shutdown": SAME}}


def small_pack(path: Path, rules: tuple[Rule, ...] = RULES) -> Path:
    """Write the pack to `path`, with the engine's real constants and the real names of signatures."""
    build_pack(rules, PRODUCTS, CODES, load_weights(ROOT / "rules" / "weights"), path, frames=FRAMES, synonyms=SYNONYMS)
    return path
