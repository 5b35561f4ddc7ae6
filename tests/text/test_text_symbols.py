"""Symbols as printed, and names undone for comparing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.text.symbols import Symbol, comparable, read_symbol, undecorate
from triage.text.symbols_msvc import undecorate_msvc


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NTFS!NtfsFoo+0x46e1", Symbol(module="NTFS", function="NtfsFoo", offset=0x46E1)),
        ("leaf! CLeaf::Grow+0x33", Symbol(module="leaf", function="CLeaf::Grow", offset=0x33)),
        ("ntdll!DbgWaitPoint", Symbol(module="ntdll", function="DbgWaitPoint")),
        ("ntdll!RtlFreeHeap+0x", Symbol(module="ntdll", function="RtlFreeHeap")),
        ("store+0x1234", Symbol(module="store", offset=0x1234)),
        ("editor.exe + 0xa59", Symbol(module="editor.exe", offset=0xA59)),
        ("my-tool_2.dll!Run+1c", Symbol(module="my-tool_2.dll", function="Run", offset=0x1C)),
        ("1!wmain+0x15", Symbol(module="1", function="wmain", offset=0x15)),
        ("<Unloaded_helper.dll>+0x1a2b", Symbol(module="helper.dll", offset=0x1A2B)),
        ("0x4f18d27", Symbol(address=0x4F18D27)),
        ("0x19d`f6500fc2", Symbol(address=0x19DF6500FC2)),
        ("+0x5024648c", Symbol(address=0x5024648C)),
        ("0x5024648c [Stdcall: 0]", Symbol(address=0x5024648C)),
        ("store!0x0000000000439929", Symbol(module="store", address=0x439929)),
        ("ntdll.dll!7c90eb94()", Symbol(module="ntdll.dll", address=0x7C90EB94)),
        ("snaservr!<nosymbols>", Symbol(module="snaservr")),
        ("dsamain!<No Symbol>", Symbol(module="dsamain")),
        ("store!(nosymbols)", Symbol(module="store")),
        ("snasii!nosymbols  (FPO: [EBP 0x00000000] [5,1,4])", Symbol(module="snasii")),
        ("nt!KiTrap0E+0xdc (FPO: [0,0] TrapFrame @ a03aba2c)", Symbol(module="nt", function="KiTrap0E", offset=0xDC)),
        ("RPCRT4!NdrFoo+0x13b(UKNOWN FPO TYPE)", Symbol(module="RPCRT4", function="NdrFoo", offset=0x13B)),
        ("EMSMTA!otpfoo [omap]  (FPO: [0,0,0])", Symbol(module="EMSMTA", function="otpfoo")),
        ("STORE!hrGo+0x1ae(0x05EFFDB8, 0x1+0x2)", Symbol(module="STORE", function="hrGo", offset=0x1AE)),
        ("MAIL!Start+0x566(...)", Symbol(module="MAIL", function="Start", offset=0x566)),
        ("foo!main(int argc = 1, char ** argv = 0x00b4)+0x10", Symbol(module="foo", function="main", offset=0x10)),
        ("foo!Bar::run(void) const+0x3", Symbol(module="foo", function="Bar::run", offset=3)),
        ("foo!Bar::operator()+0x3", Symbol(module="foo", function="Bar::operator()", offset=3)),
        (
            "foo!Box<unsigned long>::operator unsigned long+0x3",
            Symbol(module="foo", function="Box<unsigned long>::operator unsigned long", offset=3),
        ),
        ("foo!operator new+0xe", Symbol(module="foo", function="operator new", offset=0xE)),
        ("foo!operator+", Symbol(module="foo", function="operator+")),
        ("foo!operator++0x12", Symbol(module="foo", function="operator+", offset=0x12)),
        (
            "foo!Shape<int, A<b c> >::`scalar deleting destructor'+0x8",
            Symbol(module="foo", function="Shape<int, A<b c> >::`scalar deleting destructor'", offset=8),
        ),
        (
            "VIEW!`Info::Get<Image>'::`7'::`dynamic atexit destructor for 'value''+0x641",
            Symbol(
                module="VIEW", function="`Info::Get<Image>'::`7'::`dynamic atexit destructor for 'value''", offset=0x641
            ),
        ),
        ("nt! ?? ::FNODOBFM::`string'+0x318", Symbol(module="nt", function="?? ::FNODOBFM::`string'", offset=0x318)),
        ("app!std::f::{{impl}}::go+0x43", Symbol(module="app", function="std::f::{{impl}}::go", offset=0x43)),
        ("Core!Raise + 1750", Symbol(module="Core", function="Raise", offset=1750)),
        ("mts!Get + 0xB393", Symbol(module="mts", function="Get", offset=0xB393)),
        (
            r"f!g+0x1f4 [C:\src\oe mod.c @ 10354]",
            Symbol(module="f", function="g", offset=0x1F4, source=r"C:\src\oe mod.c:10354"),
        ),
        (
            r"1!main(void)+0x15 [[r:\temp\1.cpp @ 6]",
            Symbol(module="1", function="main", offset=0x15, source=r"r:\temp\1.cpp:6"),
        ),
        ("f.dll!B::g(int) [b.cpp : 12 + 0x5]", Symbol(module="f.dll", function="B::g", source="b.cpp:12")),
        (
            r"C!Throw + 11 at c:\vm\jit.cpp:53",
            Symbol(module="C", function="Throw", offset=11, source=r"c:\vm\jit.cpp:53"),
        ),
        ("f!g+0x2 (main.cpp:12)", Symbol(module="f", function="g", offset=2, source="main.cpp:12")),
        ("MyApp.exe!go(int x=1)  Line 12 + 0x5 bytes\tC++", Symbol(module="MyApp.exe", function="go")),
        ("SzDup!f+0xb<BR/>", Symbol(module="SzDup", function="f", offset=0xB)),
        ("ntdll!Foo+0x12:", Symbol(module="ntdll", function="Foo", offset=0x12, rest=":")),
        ("ntdll!Foo:", Symbol(module="ntdll", function="Foo", rest=":")),
        ("ntdll!Foo some words", Symbol(module="ntdll", function="Foo", rest="some words")),
    ],
)
def test_a_printed_symbol(text: str, expected: Symbol) -> None:
    assert read_symbol(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("", "WaitForSingleObject", "call foo!bar", "a b c", "!", "+", "x+zz", "<nosymbols>"),
        *("&& !leaf.isProjectRoot", "&&!__are_same<_Tp, iterator>::__value"),
        *('assert_eq!( c"leaf", grow(b"leaf\\0") )', "vec![1, 2]", 'println!("it crashed at {}", leaf)'),
    ],
)
def test_what_is_no_symbol(text: str) -> None:
    assert read_symbol(text) is None


def test_the_function_name_column_may_lack_the_module() -> None:
    assert read_symbol("wcscpy", bare=True) == Symbol(function="wcscpy")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("?GetPtr@CShrPool@@QAEPAXK@Z", "CShrPool::GetPtr"),
        ("?Go@Inner@Outer@@QAEXXZ", "Outer::Inner::Go"),
        ("??0Widget@gui@@QAE@XZ", "gui::Widget::Widget"),
        ("??1Widget@@UAE@XZ", "Widget::~Widget"),
        ("??2@YAPAXI@Z", "operator new"),
        ("??_GWidget@@UAEPAXI@Z", "Widget::`scalar deleting destructor'"),
        ("??RFunctor@@QAEXXZ", "Functor::operator()"),
        ("?push@?$Stack@VItem@ui@@H@util@@QAEXXZ", "util::Stack<>::push"),
        ("??$max@H@std@@YAABHABH0@Z", "std::max<>"),
        ("?get@?$Array@$0BA@@@QAEXXZ", "Array<>::get"),
        ("?f@?A0x12345678@@YAXXZ", "`anonymous namespace'::f"),
        ("?Same@Same@1@QAEXXZ", "Same::Same::Same"),
        ("_NtOpen@12", "NtOpen"),
        ("@IofCall@8", "IofCall"),
        ("plain", "plain"),
        ("_main", "_main"),
        ("@Unit1@TForm1@Button1Click$qqrp14System@TObject", "@Unit1@TForm1@Button1Click$qqrp14System@TObject"),
        ("?damaged", "?damaged"),
        ("?", "?"),
        ("??", "??"),
        ("?f@?1??g@@YAXXZ@4HA", "?f@?1??g@@YAXXZ@4HA"),
    ],
)
def test_decoration_is_undone(name: str, expected: str) -> None:
    assert undecorate(name) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("?Dispatch@CNotifyQueue@@QAEXXZ", "CNotifyQueue::Dispatch"),
        ("CNotifyQueue__Dispatch", "CNotifyQueue::Dispatch"),
        ("_KiTrap0E", "KiTrap0E"),
        ("__imp__Sleep@4", "Sleep"),
        ("Tlist<CmnHdr>::Add", "Tlist::Add"),
        ("?Add@?$Tlist@VCmnHdr@@@@QAEXXZ", "Tlist<CmnHdr>::Add"),
        ("_RTLFREEHEAP@12", "RtlFreeHeap"),
    ],
)
def test_spellings_of_one_function_agree(one: str, other: str) -> None:
    assert comparable(one) == comparable(other)


@pytest.mark.parametrize(
    "text", ["?" * 5000, "?$" * 2000, "a!" + "(" * 5000, "a!b" + "<" * 5000, "+0x" * 2000, "?a@" + "V" * 4000]
)
def test_hostile_names_end(text: str) -> None:
    undecorate(text)
    comparable(text)
    read_symbol(text)


@settings(deadline=None, max_examples=150)
@given(st.text(alphabet="?@$!+0x1aVUW4_~`'<>() :[]FPO.", max_size=80))
def test_any_text_is_read_without_an_exception(text: str) -> None:
    symbol = read_symbol(text, bare=True)
    assert symbol is None or symbol.module or symbol.function or symbol.address is not None
    assert isinstance(comparable(undecorate_msvc(text)), str)


@settings(deadline=None, max_examples=100)
@given(
    st.from_regex(r"[A-Za-z_]\w{0,12}", fullmatch=True),
    st.from_regex(r"[A-Za-z_]\w{0,20}(?:::~?[A-Za-z_]\w{0,9})?", fullmatch=True),
    st.integers(0, 2**32),
)
def test_what_is_printed_is_read_back(module: str, function: str, offset: int) -> None:
    symbol = read_symbol(f"{module}!{function}+0x{offset:x}")
    assert symbol == Symbol(module=module, function=function, offset=offset)
