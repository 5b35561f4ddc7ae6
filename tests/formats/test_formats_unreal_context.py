"""CrashContext.runtime-xml of Unreal Engine."""

from hypothesis import given, settings
from hypothesis import strategies as st

from builders.sources import frames, only_incident, reading
from triage.formats import read_evidence
from triage.formats.texts import UNREAL

CONTEXT = """\
<?xml version="1.0" encoding="UTF-8"?>
<FGenericCrashContext>
<RuntimeProperties>
<CrashVersion>3</CrashVersion>
<IsEnsure>{ensure}</IsEnsure>
<CrashType>{kind}</CrashType>
<ErrorMessage>{message}</ErrorMessage>
<ProcessId>4242</ProcessId>
<ExecutableName>Orchard-Win64-Shipping</ExecutableName>
<CallStack>
Orchard_Win64_Shipping!UTree::Grow() [F:\\Orchard\\Tree.cpp:680]
Orchard_Win64_Shipping!UnknownFunction []
kernel32
</CallStack>
<PCallStack>

Orchard-Win64-Shipping 0x00007ff7bf100000 + 2d83988
Orchard-Win64-Shipping 0x00007ff7bf100000 + 2d83000
KERNEL32 0x00007ff8aa000000 + 17034
</PCallStack>
<Misc.OSVersionMajor>Windows 10 (22H2) [10.0.19045.2965]</Misc.OSVersionMajor>
<Modules>
C:\\Games\\Orchard-Win64-Shipping.exe
C:\\Windows\\System32\\kernel32.dll
</Modules>
</RuntimeProperties>
</FGenericCrashContext>
"""
VIOLATION = "Unhandled Exception: EXCEPTION_ACCESS_VIOLATION reading address 0x0000000000000018"


def context(message: str = VIOLATION, kind: str = "Crash", ensure: str = "false") -> str:
    return CONTEXT.format(message=message, kind=kind, ensure=ensure)


def test_a_context_tells_exception_process_stack_and_system() -> None:
    found = reading(UNREAL, context())
    (incident,) = found.incidents
    record = incident.exception
    assert record is not None
    assert (record.code, record.access, record.target, record.address) == (0xC0000005, "read", 0x18, 0x7FF7C1E83988)
    assert incident.process is not None
    assert (incident.process.name, incident.process.pid) == ("Orchard-Win64-Shipping.exe", 4242)
    assert frames(incident) == [
        "Orchard-Win64-Shipping!UTree::Grow()",
        "Orchard-Win64-Shipping+2d83000",
        "KERNEL32+17034",
    ]
    assert [module.name for module in found.modules] == ["Orchard-Win64-Shipping.exe", "kernel32.dll"]
    assert found.system is not None
    assert (found.system.product, found.system.build, found.system.revision) == ("Windows 10", 19045, 2965)


def test_an_assertion_has_no_code() -> None:
    incident = only_incident(UNREAL, context("Assertion failed: Index &lt; Num [File:D:\\a.cpp] [Line: 71]", "Assert"))
    assert incident.exception is None
    assert incident.messages[0].text.startswith("Assertion failed: Index < Num")


def test_frames_on_one_row_and_words_as_they_are() -> None:
    text = context(f"<![CDATA[{VIOLATION}]]>")
    head, _, rest = text.partition("<PCallStack>\n\n")
    rows, _, tail = rest.partition("</PCallStack>")
    incident = only_incident(UNREAL, f"{head}<PCallStack>{rows.replace(chr(10), '   ')}</PCallStack>{tail}")
    assert incident.exception is not None
    assert incident.exception.target == 0x18
    assert frames(incident)[1:] == ["Orchard-Win64-Shipping+2d83000", "KERNEL32+17034"]


def test_an_ensure_is_no_crash() -> None:
    assert reading(UNREAL, context("Ensure condition failed: x [File:D:\\a.cpp] [Line: 7]", "Ensure")).incidents == ()


def test_a_context_that_is_cut_off_says_so() -> None:
    text = context()
    evidence = read_evidence(text[: text.index("<Modules>")].encode())
    assert len(evidence.incidents) == 1
    assert [warning.text for warning in evidence.warnings] == ["crash context is cut off"]


@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_pieces_in_any_order_are_read(data: st.DataObject) -> None:
    rows = data.draw(st.permutations(context().split("\n")))
    text = "\n".join(rows)
    start = data.draw(st.integers(0, len(text)))
    assert len(read_evidence(text[start : start + data.draw(st.integers(0, 2_000))].encode()).incidents) <= 4
