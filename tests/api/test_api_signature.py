"""Equal faults have equal signatures: frames that tell nothing are skipped, names are brought to one form."""

import pytest

from builders.knowledge import FRAMES
from triage.api.signature import MAX_WITH_HELPERS, plain, signature
from triage.model.evidence import BugCheck, Event, ExceptionRecord, Frame, Incident
from triage.model.signature import FrameNames


def of(*frames: str, **facts: object) -> str:
    stack = []
    for frame in frames:
        module, _, rest = frame.partition("!")
        name, _, offset = (rest or module).partition("+")
        if rest:
            stack.append(Frame(module=module, function=name))
        else:
            stack.append(Frame(module=name, offset=int(offset, 16)))
    incident = Incident(kind="exception", exception=ExceptionRecord(code=0xC0000005), stack=tuple(stack), **facts)
    return signature(incident, FRAMES).removeprefix("c0000005 | ")


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("_Post@12", "Post"),
        ("@Post@8", "Post"),
        ("Post@4", "Post"),
        ("Ledger::Post(int, char const *)", "Ledger::Post"),
        ("std::vector<int,std::allocator<int> >::at", "std::vector<T>::at"),
        ("std::map<a<b>,c>::find<d>", "std::map<T>::find<T>"),
        ("operator<<", "operator<<"),
        ("Box::operator()", "Box::operator()"),
        ("`anonymous namespace'::Post", "Post"),
        ("ledger::post::h0123456789abcdef", "ledger::post"),
        ("Post::<lambda_00af3>::operator()", "Post::<lambda>::operator()"),
        ("<unknown", "<unknown"),
        ("(", "("),
        ("", ""),
    ],
)
def test_names_have_one_form(name: str, form: str) -> None:
    assert plain(name) == form


def test_the_second_of_two_modules_is_told_without_its_base() -> None:
    assert of("orchard_77b00000!Grow", "leaf!Fall") == "orchard!Grow | leaf!Fall"
    assert of("orchard_77b00000+1c") == "orchard+1c"
    assert of(faulting_module="orchard_77b00000", faulting_offset=0x1C) == "orchard+1c"


def test_frames_that_report_or_wait_are_left_out() -> None:
    assert of("ntdll!ZwWaitForSingleObject", "kernel32!_WaitForSingleObject@8", "a!One", "a!Two") == "a!One | a!Two"


def test_what_stands_above_a_door_of_the_system_is_another_storys() -> None:
    assert of("x!Filter", "ntdll!KiUserExceptionDispatcher", "a!One") == "a!One"
    assert of("x!Filter", "ntdll!KiUserExceptionDispatcher") == "x!Filter"
    assert of("v!Dump", "nt!KiPageFault", "y!Again", "nt!KiPageFault", "a!One") == "a!One"


def test_helpers_are_told_with_what_called_them() -> None:
    helpers = ["ntdll!RtlpCoalesceFreeBlocks", "ntdll!RtlFreeHeap", "msvcrt!free", "msvcrt!memcpy"]
    assert of(*helpers, "a!One", "a!Two").split(" | ") == [*helpers, "a!One"]
    many = of(*[f"m{number}!free" for number in range(20)])
    assert len(many.split(" | ")) == MAX_WITH_HELPERS


def test_modules_without_symbols_are_told_by_offset() -> None:
    assert of("a+1f", "b+2", "c+0", "d+9") == "a+1f | b+2 | c+0"
    assert of("a+1f", faulting_module="b", faulting_offset=2) == "b+2"


def test_no_name_has_two_meanings() -> None:
    assert FRAMES.irrelevant
    assert FRAMES.sentinels
    assert FRAMES.tell_little
    assert not FRAMES.irrelevant & FRAMES.sentinels
    assert not FRAMES.irrelevant & FRAMES.tell_little
    for name in FRAMES.irrelevant | FRAMES.sentinels | FRAMES.tell_little:
        assert name == plain(name).lower().lstrip("_")


def test_without_names_every_frame_counts() -> None:
    stack = tuple(Frame(module="ntdll", function=name) for name in ("RtlRaiseException", "KiPageFault", "memcpy", "f"))
    said = signature(Incident(kind="stack", stack=stack), FrameNames())
    assert said == "ntdll!RtlRaiseException | ntdll!KiPageFault | ntdll!memcpy"


@pytest.mark.parametrize("name", ["<" * 10**6, "(" * 10**6, "a" * 10**6, "a<b(" * 10**5, "0" * 10**6])
def test_hostile_names_cost_nothing(name: str) -> None:
    assert len(plain(name)) <= 1000


@pytest.mark.parametrize("source", ["Application Error", "Windows Error Reporting", "Ledger Watch"])
def test_who_recorded_a_crash_is_no_part_of_it(source: str) -> None:
    event, code = Event(source=source, id=1000), ExceptionRecord(code=0xC0000005)
    told = Incident(kind="event", event=event, exception=code, faulting_module="ink.dll", faulting_offset=0x1F)
    assert signature(told, FRAMES) == "c0000005 | ink.dll+1f"


def test_events_that_tell_no_place_are_told_apart_by_their_source() -> None:
    event, code = Event(source="Ledger", id=7), ExceptionRecord(code=0xC0000005)
    assert signature(Incident(kind="event", event=event, exception=code), FRAMES) == "c0000005 | event Ledger/7"
    assert signature(Incident(kind="event", event=event), FRAMES) == "event Ledger/7"
    stop = Incident(kind="event", event=event, bugcheck=BugCheck(code=0x9F))
    assert signature(stop, FRAMES) == "stop 0000009f"
