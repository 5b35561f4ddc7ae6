"""The right rule comes first, with its reasons, and no rule where none fits."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from builders.knowledge import ROOT
from triage.engine import Match, held_against, match, worth_showing
from triage.engine.era import year_of
from triage.engine.rank import Ranked
from triage.engine.score import Score
from triage.knowledge.build import build_pack
from triage.knowledge.loader import load_weights
from triage.knowledge.pack import Pack
from triage.model.evidence import (
    Address,
    BugCheck,
    Event,
    EventType,
    Evidence,
    ExceptionRecord,
    Frame,
    Incident,
    Message,
    Module,
    Process,
    System,
)
from triage.model.product import Product
from triage.model.rule import (
    Applies,
    BugCheckSymptom,
    EventSymptom,
    ExceptionSymptom,
    FaultSymptom,
    Rule,
    Source,
    Symptoms,
)

NOUNS = (
    "queue folder mailbox session adapter printer share cluster cache index record buffer socket thread page".split()
)
FILLER = 60


def article(number: int, **symptoms: object) -> Rule:
    return Rule(
        id=f"Q{number}",
        title=f"Fault {number}",
        source=Source("microsoft-kb", "1999-05-01"),
        applies_to=(Applies("Windows NT", ("4.0",)),),
        symptoms=Symptoms(**symptoms),  # type: ignore[arg-type]
    )


def filler() -> Iterator[Rule]:
    """Rules about other things, so that rarity means something."""
    for number in range(FILLER):
        nouns = (NOUNS[number % len(NOUNS)], NOUNS[(number * 7 + 3) % len(NOUNS)])
        yield article(
            200_000 + number,
            events=(
                EventSymptom("Worker", 3000 + number, "error", f"The {nouns[0]} {number} of the {nouns[1]} failed"),
            ),
            exceptions=(ExceptionSymptom(0xC0000005),),
            processes=(f"prog{number % 9}.exe",),
        )


RULES = (
    article(
        100_001,
        events=(EventSymptom("MSExchangeIS", 1005, "error", "Unexpected error <…> occurred in the public store"),),
    ),
    article(
        100_002,
        exceptions=(ExceptionSymptom(0xC0000005, "first"),),
        modules=("clusapi.dll", "mtxoci.dll", "resutils.dll"),
    ),
    article(100_003, stacks=(("edb!errpmreplace", "edb!errndexpungebacklink", "edb!errbmcleanpage"),)),
    article(
        100_004, bugchecks=(BugCheckSymptom(0x1E, (0xC0000005, None, 0, 0x4C)),), faulting=(FaultSymptom("srv.sys"),)
    ),
    Rule(
        id="T9001",
        title="A hand-written rule",
        source=Source("triage"),
        symptoms=Symptoms(exceptions=(ExceptionSymptom(0xC0000374),), processes=("viewer.exe",)),
        require=Symptoms(exceptions=(ExceptionSymptom(0xC0000374),), processes=("viewer.exe",)),
        exclude=Symptoms(modules=("fixed.dll",)),
    ),
)
PRODUCTS = (Product(product="Windows 10", system=True, version="10.0", released="2015-07-29"),)


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    path = tmp_path_factory.mktemp("engine") / "test.pack"
    build_pack((*RULES, *filler()), PRODUCTS, (), load_weights(ROOT / "rules" / "weights"), path)
    return Pack.open(path)


def event(number: int, text: str, *, kind: str | None = "error", source: str = "MSExchangeIS") -> Incident:
    return Incident(kind="event", event=Event(source=source, id=number, type=kind, text=text))  # type: ignore[arg-type]


def found(pack: Pack, *incidents: Incident, **evidence: object) -> tuple[Match, ...]:
    return match(Evidence(format="text", incidents=incidents, **evidence), pack)  # type: ignore[arg-type]


PUBLIC_STORE = event(1005, "Unexpected error 0xfffffa84 occurred in the public store")
EXPUNGE = tuple(
    Frame(module="EDB", function=name) for name in ("ErrPMReplace", "ErrNDExpungeBackLink", "ErrBMCleanPage")
)


@pytest.mark.parametrize(
    ("incident", "rule"),
    [
        (PUBLIC_STORE, "Q100001"),
        (event(1005, "Unexpcted eror 0xfffffa84 occured in the public store"), "Q100001"),
        (event(1005, "Unexpected error 0xfffffa84 occurred in", source="MsExchange IS"), "Q100001"),
        (Incident(kind="stack", stack=EXPUNGE), "Q100003"),
        (Incident(kind="stack", stack=(Frame(module="edb"), *EXPUNGE[1:])), "Q100003"),
        (
            Incident(
                kind="bugcheck",
                bugcheck=BugCheck(code=0x1E, parameters=(0xC0000005, 0xFCA318F7, 0, 0x4C), caused_by="SRV.SYS"),
            ),
            "Q100004",
        ),
    ],
)
def test_the_rule_that_describes_the_incident_comes_first(pack: Pack, incident: Incident, rule: str) -> None:
    assert found(pack, incident)[0].rule.id == rule


def test_modules_loaded_just_before_an_exception_decide(pack: Pack) -> None:
    late = tuple(Module(name=name, lines=(2, 2)) for name in ("Clusapi.dll", "Resutils.dll", "Mtxoci.dll"))
    incident = Incident(kind="exception", exception=ExceptionRecord(code=0xC0000005, chance="first"), modules=late)
    first = found(pack, incident, modules=late)[0]
    assert first.rule.id == "Q100002"
    assert {because.fact for because in first.because} >= {"module:clusapi", "module:resutils", "module:mtxoci"}
    assert first.because[0].lines == (2, 2)


def test_an_event_that_says_that_all_is_well_does_not_outrank_the_one_that_matters(pack: Pack) -> None:
    calm = event(3010, "The cache 10 of the queue started", kind="information", source="Worker")
    assert found(pack, calm, PUBLIC_STORE, calm)[0].rule.id == "Q100001"
    assert found(pack, calm, PUBLIC_STORE, calm)[0].incident == 1


def test_what_no_rule_describes_gets_no_loud_answer(pack: Pack) -> None:
    unknown = Incident(
        kind="exception",
        exception=ExceptionRecord(code=0xC0000005),
        process=Process(name="mine.exe"),
        faulting_module="render.dll",
        stack=(Frame(module="render", function="Draw"), Frame(module="render", function="Loop")),
    )
    assert all(finding.band == "possible" for finding in found(pack, unknown))


def test_a_newer_system_speaks_against_an_older_article(pack: Pack) -> None:
    old = found(pack, PUBLIC_STORE)[0]
    new = found(pack, PUBLIC_STORE, system=System(product="Windows 10", version="10.0"))
    assert not new or new[0].confidence < old.confidence / 2
    assert all("year:2015" in {against.fact for against in finding.against} for finding in new)


STOP = BugCheck(code=0x1E, parameters=(0xC0000005, 0x8016C4B8, 0, 4))


@pytest.mark.parametrize(
    ("incident", "year"),
    [
        (Incident(kind="bugcheck", bugcheck=STOP), 0),
        (Incident(kind="bugcheck", bugcheck=BugCheck(code=0x1E, parameters=(0xC0000005, 0xFFFFF8048016C4B8))), 2003),
        (Incident(kind="bugcheck", bugcheck=BugCheck(code=0x1E, parameters=(0xFFFFFFFFC0000005, 0))), 2003),
        # Debuggers of Windows 2000 extended addresses of 32 bits; a digit too many is no 64-bit address.
        (Incident(kind="bugcheck", bugcheck=BugCheck(code=0x1E, parameters=(0xFFFFFFFFB80000FF, 0xBA8151374))), 0),
        (Incident(kind="exception", exception=ExceptionRecord(code=0xC0000005, address=0x7FF88A192E2D)), 2003),
        (Incident(kind="exception", exception=ExceptionRecord(code=0xC0000005, target=0x140001000)), 2003),
        (Incident(kind="stack", addresses=(Address(0x7FF88A192E2D),)), 2003),
        (Incident(kind="stack", stack=(Frame(module="a", address=0x77F81234),)), 0),
        (Incident(kind="event", event=Event(source="Microsoft-Windows-Orchard", id=4)), 2006),
        (Incident(kind="event", event=Event(source="Orchard", id=4)), 0),
    ],
)
def test_the_year_is_the_earliest_in_which_a_source_can_have_been_written(
    pack: Pack, incident: Incident, year: int
) -> None:
    assert year_of(Evidence(format="text", incidents=(incident,)), pack) == year


@pytest.mark.parametrize(
    ("text", "doubted"),
    [
        ("The ORCHARD_BOOT service ended. It has done so 1 time.", False),
        ("The Quill Press service ended. It has done so 1 time.", True),
        ("The Quill Press service ended. It has", False),  # what a cut description lacks says nothing
    ],
)
def test_an_event_about_something_else_is_doubted(tmp_path: Path, text: str, doubted: bool) -> None:
    message = "The ORCHARD_BOOT service ended. It has done so 1 time."
    symptoms = Symptoms(events=(EventSymptom(source="Orchard", id=31, message=message),))
    rule = Rule(id="Q100901", title="Orchard", source=Source("microsoft-kb"), symptoms=symptoms)
    build_pack((rule, *RULES), (), (), load_weights(ROOT / "rules" / "weights"), tmp_path / "names.pack")
    pack = Pack.open(tmp_path / "names.pack")
    first = next(one for one in found(pack, event(31, text, source="Orchard")) if one.rule.id == rule.id)
    pack.close()
    assert ("name:orchard_boot" in {item.fact for item in first.against}) is doubted


@pytest.mark.parametrize(
    ("kind", "text", "harmless"),
    [
        ("information", "The Quill journal of 3 posts was closed successfully.", True),
        ("information", "The Quill journal of 3 posts was closed.", False),  # somebody may ask why
        ("information", "The Quill journal was not closed successfully: 3 posts failed.", False),
        ("warning", "The Quill journal of 3 posts was closed successfully.", False),
    ],
)
def test_an_event_that_says_that_all_went_well_is_no_loud_finding(
    tmp_path: Path, kind: EventType, text: str, harmless: bool
) -> None:
    symptoms = Symptoms(events=(EventSymptom(source="Quill", id=32, type=kind, message=text),))
    rule = Rule(id="Q100903", title="Quill", source=Source("microsoft-kb"), symptoms=symptoms)
    build_pack((rule, *RULES), (), (), load_weights(ROOT / "rules" / "weights"), tmp_path / "calm.pack")
    pack = Pack.open(tmp_path / "calm.pack")
    shown = Incident(kind="event", event=Event(source="Quill", id=32, type=kind, text=text))
    first = next(one for one in found(pack, shown) if one.rule.id == rule.id)
    pack.close()
    assert (f"harmless:{kind}" in {item.fact for item in first.against}) is harmless
    assert first.band == "possible" or not harmless


CUT = "An application error has occurred and an application error"
BOX = "The exception Integer division by zero. (0xc0000094) occurred in the application at location 0x004{}."


@pytest.mark.parametrize(
    ("symptoms", "incident", "common"),
    [
        # A box that any program may show is all that there is …
        ({"messages": (BOX.format("01000"),)}, {"messages": (BOX.format("013a0"),)}, True),
        ({"processes": ("setup.exe",)}, {"process": "setup.exe"}, True),
        ({"messages": ("An application error has occurred",)}, {"kind": "message", "messages": (CUT,)}, True),
        # … and here it says who shows it, or something of its own besides.
        ({"processes": ("quill.exe",)}, {"process": "quill.exe"}, False),
        ({"messages": ("The ledger: divided by zero",)}, {"messages": ("The ledger: divided by zero",)}, False),
    ],
)
def test_a_crash_that_shows_only_what_any_program_prints_is_possible_at_most(
    tmp_path: Path, symptoms: dict[str, tuple[str, ...]], incident: dict[str, object], common: bool
) -> None:
    code = ExceptionSymptom(0xC0000094)
    rule = Rule(
        id="Q100902",
        title="Orchard",
        source=Source("microsoft-kb"),
        symptoms=Symptoms(exceptions=(code,), **symptoms),  # type: ignore[arg-type]
    )
    weights = load_weights(ROOT / "rules" / "weights")
    build_pack((rule, *RULES), (), (), weights, tmp_path / "common.pack")
    kind = incident.get("kind", "fault")
    shown = Incident(
        kind=kind,  # type: ignore[arg-type]
        exception=ExceptionRecord(code=0xC0000094) if kind == "fault" else None,
        process=Process(name=str(incident["process"])) if "process" in incident else None,
        messages=tuple(Message(text) for text in incident.get("messages", ())),  # type: ignore[attr-defined]
    )
    pack = Pack.open(tmp_path / "common.pack")
    first = next(one for one in found(pack, shown) if one.rule.id == rule.id)
    pack.close()
    assert (f"common:{kind}" in {item.fact for item in first.against}) is common
    assert (first.confidence <= weights.common.most) or not common


@pytest.mark.parametrize(
    ("shown", "bare"),
    [
        ({}, True),
        ({"faulting_module": "orchard.dll"}, False),
        ({"messages": (Message("The orchard is closed"),)}, False),
    ],
)
def test_a_program_and_a_code_alone_make_nothing_certain(tmp_path: Path, shown: dict[str, object], bare: bool) -> None:
    rule = article(
        100904,
        exceptions=(ExceptionSymptom(0xC0000005),),
        processes=("quill.exe",),
        faulting=(FaultSymptom("orchard.dll"),),
        messages=("The orchard is closed",),
    )
    build_pack((rule, *RULES), (), (), load_weights(ROOT / "rules" / "weights"), tmp_path / "bare.pack")
    crash = Incident(
        kind="fault",
        exception=ExceptionRecord(code=0xC0000005),
        process=Process(name="Quill.exe"),
        **shown,  # type: ignore[arg-type]
    )
    pack = Pack.open(tmp_path / "bare.pack")
    first = next(one for one in found(pack, crash) if one.rule.id == rule.id)
    pack.close()
    assert ("only:quill" in {item.fact for item in first.against}) is bare
    assert first.band != "certain" or not bare


@pytest.mark.parametrize(
    ("process", "modules", "shown"),
    [
        ("viewer.exe", (), True),
        ("other.exe", (), False),
        ("viewer.exe", (Module(name="fixed.dll"),), False),
        ("viewer.exe", (Module(name="another.dll"),), True),
    ],
)
def test_conditions_decide_about_a_hand_written_rule(
    pack: Pack, process: str, modules: tuple[Module, ...], shown: bool
) -> None:
    incident = Incident(kind="exception", exception=ExceptionRecord(code=0xC0000374), process=Process(name=process))
    ids = [finding.rule.id for finding in found(pack, incident, modules=modules)]
    assert ("T9001" in ids) is shown


def test_each_rule_is_found_once_and_confidence_never_rises_down_the_list(pack: Pack) -> None:
    findings = found(pack, *(event(3000 + n, "The queue of the folder failed", source="Worker") for n in range(20)))
    ids = [finding.rule.id for finding in findings]
    assert len(ids) == len(set(ids))
    confidences = [finding.confidence for finding in findings]
    assert confidences == sorted(confidences, reverse=True)


def test_the_same_evidence_gives_the_same_answer(pack: Pack) -> None:
    incidents = (PUBLIC_STORE, Incident(kind="stack", stack=EXPUNGE))
    assert found(pack, *incidents) == found(pack, *incidents)


def test_nothing_gives_nothing(pack: Pack) -> None:
    assert found(pack) == ()
    assert found(pack, Incident(kind="stack")) == ()


NOTHING = Score(value=1.0, forward=1.0, backward=1.0, whole=1.0, bits=1.0, unit=-1, matched=())


def ranked(monkeypatch: pytest.MonkeyPatch, *confidences: float, known: bool = True) -> None:
    """Let the first fillers come into question, with these confidences."""
    first = len(RULES)
    listed = [
        Ranked(
            rule=first + n,
            incident=0,
            score=NOTHING,
            value=1.0,
            features={},
            confidence=confidence,
            exact=False,
            known=known,
        )
        for n, confidence in enumerate(confidences)
    ]
    monkeypatch.setattr(sys.modules["triage.engine.match"], "rank", lambda *_: listed)


ACCESS, OTHER = 0xC0000005, 0xC0000094  # every filler is about the first, so the second speaks against it: times 0.6


@pytest.mark.parametrize(
    ("code", "confidences", "shown"),
    [
        (ACCESS, (0.1, 0.1, 0.1), [0.1, 0.1, 0.1]),  # one of them may be it
        (OTHER, (0.1, 0.1, 0.1), []),  # together 0.3 before the doubts, 0.18 after them
        (OTHER, (0.2, 0.2, 0.1, 0.1), [0.12, 0.12, 0.06, 0.06]),
        (OTHER, (0.49, 0.005), []),
        (OTHER, (0.5, 0.005), [0.3]),  # possible by itself; the other one is so only together, and too unsure for that
        (ACCESS, (0.1, 0.1), []),
        (ACCESS, (0.05,) * 8, []),  # six of them would make 0.3, but only five are shown together
        (OTHER, (), []),
    ],
)
def test_doubts_count_before_findings_are_shown_together(
    pack: Pack, monkeypatch: pytest.MonkeyPatch, code: int, confidences: tuple[float, ...], shown: list[float]
) -> None:
    ranked(monkeypatch, *confidences)
    findings = found(pack, Incident(kind="exception", exception=ExceptionRecord(code=code)))
    assert [finding.confidence for finding in findings] == shown
    assert {bool(finding.against) for finding in findings} <= {code == OTHER}


@pytest.mark.parametrize(("known", "band"), [(True, "certain"), (False, "possible")])
def test_what_looks_like_a_fault_without_an_article_is_possible_at_most_and_says_so(
    pack: Pack, monkeypatch: pytest.MonkeyPatch, known: bool, band: str
) -> None:
    ranked(monkeypatch, 0.95, known=known)
    (finding,) = found(pack, Incident(kind="exception", exception=ExceptionRecord(code=ACCESS)))
    assert (finding.confidence, finding.band, finding.known) == (0.95, band, known)
    assert [doubt.fact for doubt in finding.against] == ([] if known else ["undescribed:exception"])


def test_who_searches_gets_the_list_whatever_speaks_against_it(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    ranked(monkeypatch, 0.1, 0.1)
    incident = Incident(kind="prose", exception=ExceptionRecord(code=OTHER))
    findings = match(Evidence(format="words", incidents=(incident,)), pack)
    assert [finding.confidence for finding in findings] == [0.06, 0.06]


@pytest.mark.parametrize(
    ("confidences", "kept"),
    [((), 0), ((0.29,), 0), ((0.3, 0.01), 2), ((0.2, 0.1), 2), ((0.2, 0.09), 0), ((0.05,) * 8, 0)],
)
def test_findings_are_shown_where_one_of_the_first_five_may_be_it(confidences: tuple[float, ...], kept: int) -> None:
    findings = [Match(rule=RULES[0], incident=0, confidence=value, band="possible") for value in confidences]
    assert worth_showing(findings) == tuple(findings[:kept])


def stop(code: int, driver: str | None = None) -> Incident:
    return Incident(kind="bugcheck", bugcheck=BugCheck(code=code), faulting_module=driver, lines=(3, 4))


@pytest.mark.parametrize(
    ("incidents", "against", "left"),
    [
        ((), set(), 0.5),
        ((stop(0x1E, "srv.sys"),), set(), 0.5),
        ((PUBLIC_STORE,), set(), 0.5),  # shows neither a code nor a module
        ((stop(0x24, "srv.sys"),), {"bugcheck:00000024"}, 0.25),
        ((stop(0x24, "ntfs.sys"),), {"bugcheck:00000024", "faulting:ntfs"}, 0.2),
        ((stop(0x24), stop(0x1E)), set(), 0.5),  # one of the two fits
        ((stop(0x24), PUBLIC_STORE, stop(0x50)), {"bugcheck:00000024"}, 0.25),
    ],
)
def test_what_is_told_is_doubted_where_nothing_printed_fits(
    pack: Pack, incidents: tuple[Incident, ...], against: set[str], left: float
) -> None:
    rule = next(rule for rule in RULES if rule.symptoms.bugchecks)
    told = Match(rule=rule, incident=0, confidence=0.5, band="possible")
    held = held_against(told, Evidence(format="text", incidents=incidents), pack)
    assert {item.fact for item in held.against} == against
    assert held.confidence == left
