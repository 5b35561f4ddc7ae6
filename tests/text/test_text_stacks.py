"""Call stacks of every debugger's spelling, wrapped and damaged; and what only looks like one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.text.lines import Text
from triage.text.stacks import Stack, read_stacks
from triage.text.stacks_drafts import MAX_FRAMES


def stacks(text: str) -> tuple[Stack, ...]:
    return read_stacks(Text(text.split("\n")))


def shown(stack: Stack) -> list[str]:
    """Each frame in one word, as `module!function+offset`."""
    words = []
    for frame in stack.frames:
        name = "!".join(part for part in (frame.module, frame.function) if part)
        offset = "" if frame.offset is None else f"+{frame.offset:x}"
        words.append(name + offset if name else f"@{frame.address:x}")
    return words


ONE_STACK = {
    "kb, 32-bit": (
        """0:000> kb
ChildEBP RetAddr  Args to Child
0012fb3c 771a0f00 004fcd04 003330e8 ffffffff alpha!Copy+0x33
0012fd98 771c0fa9 bc21b81a 00001015 ffffffff beta!Draw::Play+0x431
0012ffec 00000000 00401280 7efde000 00000000 gamma!Start""",
        ["alpha!Copy+33", "beta!Draw::Play+431", "gamma!Start"],
    ),
    "k, 64-bit, numbered, bare addresses": (
        """ # Child-SP          RetAddr           Call Site
00 00000000`04a8d9d0 00007ffa`0b8e8f92 fonts!Outline+0x2155
01 00000000`04a8dd60 00000000`02a3d1f8 0x4f18d27
02 00000000`04a8dd68 00000000`00000000 0x2a3e1f8""",
        ["fonts!Outline+2155", "@4f18d27", "@2a3e1f8"],
    ),
    "kb, 64-bit, without stack pointer": (
        """RetAddr           : Args to Child                                                           : Call Site
00007ffd`2d950484 : 0000019d`f64ebaa0 00007ffd`00000001 0000006a`8f7f88f0 0000019d`f75e0040 : script!Emit+0xddda3
00007ffd`2d9a5be3 : 0000019d`f6283420 00000000`00000000 00000000`00000000 00000000`00000000 : 0x19d`f6503fc2""",
        ["script!Emit+ddda3", "@19df6503fc2"],
    ),
    "kv, FPO notes and trap frame": (
        """ # ChildEBP RetAddr  Args to Child
00 9dba4910 93fb1722 00000000 0c6745a3 9dba4b80 win32x!Lock+0xba (FPO: [Non-Fpo])
01 9dba4bc8 77107350 80000000 0000c1ac 0000c1ac nt!Post (FPO: [0,3] TrapFrame @ 9dba4c14)""",
        ["win32x!Lock+ba", "nt!Post"],
    ),
    "kf, bytes used": (
        """ #   Memory  ChildEBP RetAddr
00           0012fe04 7c90e9c0 ntx!CallRet
01         4 0012fe08 7c8025cb ntx!Wait+0xc
02      1c8c 00131a94 7c802542 kern!WaitEx+0xa8""",
        ["ntx!CallRet", "ntx!Wait+c", "kern!WaitEx+a8"],
    ),
    "kP, arguments on lines of their own": (
        """ChildEBP RetAddr
0012cf7c 00401234 app!main(
\t\t\tint argc = 0n1,
\t\t\tchar ** argv = 0x00345678)+0x10 [c:\\src\\app.c @ 12]
0012ffc0 7c814067 app!start(void)+0x10b""",
        ["app!main+10", "app!start+10b"],
    ),
    "inline frames": (
        """ # Child-SP          RetAddr               Call Site
00 (Inline Function) --------`-------- app!small+0x2 [c:\\src\\app.h @ 7]
01 00000088`358fcd90 00007ff6`67f12500     app!main+0x64""",
        ["app!small+2", "app!main+64"],
    ),
    "STACK_TEXT, 64-bit": (
        """STACK_TEXT:
fffff880`065383a0 fffff880`05a0a1ac : fffffa80`4aac4b00 00000000`00000001 fffffa80`4d10b4d0 : drv64+0x3fd2
00000000`0021f3f0 00000000`773df34e : 00000000`0021f4b0 00000000`7efdf000 : ntx! ?? ::FNODOBFM::`string'+0x28ff0

SYMBOL_STACK_INDEX:  0""",
        ["drv64+3fd2", "ntx!?? ::FNODOBFM::`string'+28ff0"],
    ),
    "STACK_TEXT, indentation lost, warning and rows wrapped by mail": (
        """STACK_TEXT:
WARNING: Stack unwind information not available. Following frames may be
wrong.
01d0dde8 7c902046 00f56060 012fdb19 01f55060
ntx!WaitForSection+0x5b
01d0de48 012f25f0 908e9b95 01657af8 00000000 Speller!setInfo+0x577f5

FOLLOWUP_NAME: MachineOwner""",
        ["ntx!WaitForSection+5b", "Speller!setInfo+577f5"],
    ),
    "NT-era columns": (
        """  FramePtr  RetAddr   Param1   Param2   Param3   Function Name
  08c9ec3c  00401be2  02e30ffd 08c9ec60 0000003b CLEANER!ulName+0x2d
  08c9fc1c  004096bc  08c9fc54 7ffdf000 08c9fd74 CLEANER!Start+0x566(...)
  08c9fc40  6722aa3b  08c9fdac 9e72b964 01bf7fa9 0x6722aa3b""",
        ["CLEANER!ulName+2d", "CLEANER!Start+566", "@6722aa3b"],
    ),
    "Dr. Watson, notes on the next line": (
        """*----> Stack Back Trace <----*

FramePtr ReturnAd Param#1  Param#2  Param#3  Param#4  Function Name
0098ce18 77f26e3e 77379fc8 00715f5c 77374bb7 77379fc8 ntx!copyw  (FPO:
[2,0,2])
0098ce24 77374bb7 77379fc8 00715f5c 00799142 7737b66c kern!strcpy
(FPO: [2,0,0])
0542fda0 020748fa 005d0017 02280122 005d85f4 005d0000 MTA!putrse
[omap]
00000000 00000000 00000000 00000000 00000000 00000000 spooler!<nosymbols>

*----> Raw Stack Dump <----*
0098ce18  3e 5e f2 77 c8 af 37 77 - 5c 6f 71 00 b7 7b 37 77  >^.w..7w""",
        ["ntx!copyw", "kern!strcpy", "MTA!putrse", "spooler"],
    ),
    "notes broken inside their brackets": (
        """ChildEBP RetAddr  Args to Child
106afefc 01002ee8 008aabc8 01010200 60da1d10
printer!LogChange+0x10e (FPO: [EBP
0x00165dd8] [2,12,4])
106aff40 60d839b9 60213b0a 60da1c70 00343970 dev3270!Stop+0x176 (FPO:
[EBP 0x60da1c70
[1,0,4])
106aff70 60d8666b 00884828 00884828 60d99830 dev3270!Main+0x287""",
        ["printer!LogChange+10e", "dev3270!Stop+176", "dev3270!Main+287"],
    ),
    "decorated name cut in two": (
        """FramePtr  RetAddr   Param1   Param2   Param3   Function Name
064ffcd0  77e112fb  064ffe08 00000000 064ffdc4
RPCX!?DispatchWorker@RPC_FACE@@AAEJPAU_RPC_
MESSAGE@@IPAJ@Z+0xb0
0ba9fed0  77e6162d  0ba9ff10 00000000 0ba9ff3c
RPCX!?DispatchStub@RPC_FACE@@AAEJPAU_RPC_MESSAGE@@IPAJ@Z+
0xd6
0ba9fed4  77e6162d  0ba9ff10 00000000 0ba9ff3c RPCX!End+0x1""",
        [
            "RPCX!?DispatchWorker@RPC_FACE@@AAEJPAU_RPC_MESSAGE@@IPAJ@Z+b0",
            "RPCX!?DispatchStub@RPC_FACE@@AAEJPAU_RPC_MESSAGE@@IPAJ@Z+d6",
            "RPCX!End+1",
        ],
    ),
    "name cut behind its class": (
        """FramePtr  RetAddr   Param1   Param2   Param3   Function Name
1296f70c  00633742  13cb770c 13c442bc 13cb770c STORX!CList::
IsUnique+0x33
1296f728  00560eb0  00000008 13c442bc 001851a8 STORX!Next+0x5""",
        ["STORX!CList::IsUnique+33", "STORX!Next+5"],
    ),
    "two lines of columns, arguments behind the offset": (
        """# FramePtr RetAddr Param1 Param2 Param3 Function Name
00 0000000017b0da68 00000000004a7b80 0000000000000000 0000000017b0daa0
0000000000000000 STORX!Open+0xeb(0x01040610, 0x1B0C3D68,
0x17B0EAA0, 0x00000000)
01 0000000017b0da80 00000000004a4099 0000000000000000 0000000017b0daa0
0000000000000000 STORX!Next+0x20(0x01040610)""",
        ["STORX!Open+eb", "STORX!Next+20"],
    ),
    "a row that lost its symbol, a symbol that lost its row": (
        """ChildEBP RetAddr  Args to Child
0a16c6d0 0250f065 0316885c 01c348ac 0a16c6f4 store1!Extract+0x1ee
0a16c714 01b52a85 02b30830 0316885c 01c348ac
0a16c738 02fd9f65 0316885c 01c348ac 0a16c7ac store1!Write+0xc0
store1!Between+0x11
74c22a67 0028a190 03168720 0169797e store1!Rpc+0xd2""",
        ["store1!Extract+1ee", "store1!Write+c0", "store1!Between+11", "store1!Rpc+d2"],
    ),
    "symbol errors in the middle": (
        """0:000> kv
ChildEBP RetAddr  Args to Child
0012f2a0 00401000 00000001 00000002 00000003 app!One+0x1
*** ERROR: Symbol file could not be found.  Defaulted to export symbols for
C:\\WINNT\\system32\\kern.dll -
WARNING: Frame IP not in any known module. Following frames may be wrong.
0012f2c0 00402000 00000001 00000002 00000003 kern!Two+0x2""",
        ["app!One+1", "kern!Two+2"],
    ),
    "no heading, rows wrapped": (
        """the following stack:

  00 0fdcfe2c 6e5a9a84 7fae006c 00000000 7fae0044
  Rtl!DList__Insert+0x16
  01 0fdcfe44 6c95a520 6c952d68 6c95a686 6c95a690
  Rtl!HashTable+0x4c""",
        ["Rtl!DList__Insert+16", "Rtl!HashTable+4c"],
    ),
    "names only": (
        """      admod!RpcRoute+0x400
      admod!sepdq2+0x122
      ntx!LeaveSection+0x1d""",
        ["admod!RpcRoute+400", "admod!sepdq2+122", "ntx!LeaveSection+1d"],
    ),
    "kc": (
        """0:000> kc
Call Site
app!One
app!Two
0:000> q""",
        ["app!One", "app!Two"],
    ),
    "!clrstack with native frames": (
        """0:000> !clrstack -f
OS Thread Id: 0xca94 (0)
        Child SP               IP Call Site
000000d11fbcfbb0 00007ffb6c402f28 BASE!Raise + 104
000000d11fbcffb0 00007ffb27761c26 Core!Throw + 1126 at c:\\src\\jit.cpp:5378
000000d11fbce1a8                  [HelperMethodFrame: 000000d11fbce1a8]
000000d11fbce4b0 00007ffac8ae1fc5 Hello.exe!Program.Error() + 133 [c:\\src\\Hello.cs @ 56]
000000d11fbcd4d0 00007ffac8ae2fd5 Program.Main(System.String[])""",
        ["BASE!Raise+68", "Core!Throw+466", "Hello.exe!Program.Error+85", "Program.Main"],
    ),
    "minidump_stackwalk": (
        """Thread 3 (crashed)
 0  view.dll!Page::draw(int) [page.cpp : 88 + 0x5]
    eip = 0x1ea5934   esp = 0x4f2fda58   ebp = 0x00003184
    Found by: given as instruction pointer in context
 1  view.dll + 0xa84f4
    Found by: previous frame's frame pointer
""",
        ["view.dll!Page::draw", "view.dll+a84f4"],
    ),
    "rows of !exploitable's hash": (
        """ Hash Usage : Stack Trace:
Major+Minor : gaf!Unregister+0x1118e
Major+Minor : gaf!Path+0x2da6
Minor       : base!SetRgn+0x87
""",
        ["gaf!Unregister+1118e", "gaf!Path+2da6", "base!SetRgn+87"],
    ),
    "calls as source writes them, without symbols for some": (
        """ledger!Journal::Write+0x20(0x0000000E, 0x17D23240)
LEDGER+0x31304(0x0000000E, 0x59CA6830, 0x160ECB40, 0x00000400)
LEDGER+0xacee(0x0000000E)
LEDGER!Journal::Close+0x95(0x0000000E, 0x160EC528)""",
        ["ledger!Journal::Write+20", "LEDGER+31304", "LEDGER+acee", "LEDGER!Journal::Close+95"],
    ),
    "symbols alone": (
        """Function Name
-------------
ledger!CSecurity::ScSetDeleted
ledger!ScUpdateAccounts
ledger!CTimerTask::Work""",
        ["ledger!CSecurity::ScSetDeleted", "ledger!ScUpdateAccounts", "ledger!CTimerTask::Work"],
    ),
    "calls alone right below their field": (
        "STACK_TEXT:\nledger!Post+0x33 [c:\\ledger\\post.c @ 12]\nledger!Close+0x1c [c:\\ledger\\post.c @ 44]",
        ["ledger!Post+33", "ledger!Close+1c"],
    ),
    "a screen of 80 columns cuts names and offsets": (
        """kd> kb
ChildEBP RetAddr  Args to Child
f9d1a8c0 8048b640 ff0ce870 ff0d7c08 ff0cde88 orchard!GrowApple
f9d1a8f0 8048d8e7 ff0cde88 f6413978 ff0cddc8 orchard!GrowEveryAppleOfTheBranches
+0x1a
f9d1a900 8048de7f ff0cde88 f6413978 ff0cf448 orchard!GrowEveryBranchOfTheTreesIn
Row+0x43
f9d1a910 8048d8d5 ff0cf448 8048d8a4 f6413978 orchard!GrowEveryTreeOfTheOrchard+0
x2f9
f9d1a924 8048de7f ff0cf448 f6413978 ff0d3f48 orchard!Main+0x31""",
        [
            "orchard!GrowApple",
            "orchard!GrowEveryAppleOfTheBranches+1a",
            "orchard!GrowEveryBranchOfTheTreesInRow+43",
            "orchard!GrowEveryTreeOfTheOrchard+2f9",
            "orchard!Main+31",
        ],
    ),
    "what a short row is followed by is a frame": (
        "kd> kb\nf9d1a8c0 8048b640 ff0ce870 ff0d7c08 ff0cde88 orchard!GrowApple\nleaf+0x43\n",
        ["orchard!GrowApple", "leaf+43"],
    ),
    "output behind the prompt": (
        """0:000> ChildEBP RetAddr  Args to Child
0012f2a0 00401000 00000001 00000002 00000003 app!One+0x1""",
        ["app!One+1"],
    ),
    "managed frame without module counts only under a heading": (
        """Child SP       IP Call Site
0012f3b8 7b0a1234 Forms.Button.Click(System.Object)""",
        ["Forms.Button.Click"],
    ),
}


@pytest.mark.parametrize(("text", "expected"), ONE_STACK.values(), ids=ONE_STACK)
def test_one_stack(text: str, expected: list[str]) -> None:
    found = stacks(text)
    assert [shown(stack) for stack in found] == [expected]
    assert all(frame.trust == "printed" for frame in found[0].frames)


NO_STACK = {
    "a lone symbol under an exception": "ntx!Allocate+0x567:\n7c9106eb 8b0b mov ecx,dword ptr [ebx]\n",
    "two lone symbols": "ntx!Allocate+0x567\n\nntx!Free+0x12\n",
    "disassembly": "77e9316d 83c40400 call app!Foo+0x12 (77e93170)\n77e90171 c2140000 jmp app!Bar+0x2\n",
    "hex dump": "0010: 00 00 04 00 ff ff 00 00\n00401000  00000000 7c901234 00000001 00000002\n",
    "memory beside symbols, with its command": (
        "0:000> dds esp\n0012ff00  7c901234 ntx!Wait+0x1\n0012ff18  7c901264 ntx!Free+0x4\n0:000> q"
    ),
    "memory beside symbols, without": "0012ff00  7c901234 ntx!Wait+0x1\n0012ff04  7c901264 ntx!Free+0x4\n",
    "registers": "eax=00000001 ebx=0000000c ecx=00000000 edx=00000000 esi=0ab49ea0 edi=0000401d\n",
    "module rows": "00400000 00410000   app   C (no symbols)\n7c900000 7c9af000 ntx (export symbols) C:\\ntx.dll\n",
    "symbols of x": "7c90e4f4 ntx!Ret = <no type information>\n7c90e500 ntx!Ret2 = <no type information>\n",
    "Linux": "[<ffffffff8100ab3c>] do_exit+0x3c/0x8f0\n#0  0x00007f6f1f3a in raise () from /lib/libc.so.6\n",
    "macOS": "0   libsystem_kernel.dylib  0x00007fff6e0f533a __pthread_kill + 10\n1   App 0x0000000104 main + 64\n",
    "Python": 'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\nValueError: hey!x+0x12\n',
    "what a program imports": "ledger.dll!CloseBook\nledger.dll!OpenBook\nledger.dll!Post\n",
    "cells": "Sheet1!A1\nSheet1!C1\nSheet1!B1\n",
    "prose": "Hello!World and Sheet1!A1+0x12 are no stack, RetAddr or not.\n",
    "a heading and nothing": "ChildEBP RetAddr  Args to Child\n\nThat was all.\n",
    "an empty STACK_TEXT": "STACK_TEXT:\n\n\nSYMBOL_NAME:  app!Foo+12\n\nMODULE_NAME: app\n",
}


@pytest.mark.parametrize("text", NO_STACK.values(), ids=NO_STACK)
def test_no_stack(text: str) -> None:
    assert stacks(text) == ()


def test_threads_of_a_list_are_stacks_of_their_own() -> None:
    found = stacks("""0:006> ~*k

   0  Id: 1364.1330 Suspend: 1 Teb: 7ffdf000 Unfrozen
ChildEBP RetAddr
0012ce38 77f6fc7b ntx!Wait+0xb
0012feac 77f64456 ntx!Section+0xaa

.  6  id: 1364.A9 Suspend: 1 Teb: 7ffd9000 Unfrozen
ChildEBP RetAddr
0155ce38 77f6fc7b atq!Context+0xb
""")
    assert [(stack.thread, shown(stack)) for stack in found] == [
        ("1364.1330", ["ntx!Wait+b", "ntx!Section+aa"]),
        ("1364.a9", ["atq!Context+b"]),
    ]
    assert found[1].heading is not None
    assert found[1].heading.startswith(".  6  id:")


def test_frame_numbers_that_start_anew_begin_another_stack() -> None:
    found = stacks("""ChildEBP RetAddr  Args to Child
00 0012f2a0 00401000 00000001 00000002 00000003 app!One+0x1
01 0012f2c0 00402000 00000001 00000002 00000003 app!Two+0x2

00 0013f2a0 00401000 00000001 00000002 00000003 app!Three+0x3
01 0013f2c0 00402000 00000001 00000002 00000003 app!Four+0x4
""")
    assert [shown(stack) for stack in found] == [["app!One+1", "app!Two+2"], ["app!Three+3", "app!Four+4"]]


def test_a_dr_watson_log_names_its_thread_once() -> None:
    found = stacks("""State Dump for Thread Id 0x53

eax=00000000 ebx=00000001
FAULT ->77fa64bd 668b0e           mov     cx,[esi]

*----> Stack Back Trace <----*
FramePtr ReturnAd Param#1  Param#2  Param#3  Param#4  Function Name
0098ce18 77f26e3e 77379fc8 00715f5c 77374bb7 77379fc8 ntx!copyw

kd> kb
ChildEBP RetAddr  Args to Child
0012f2a0 00401000 00000001 00000002 00000003 app!One+0x1
""")
    assert [(stack.thread, stack.heading) for stack in found] == [("53", "State Dump for Thread Id 0x53"), (None, "kb")]


def test_lines_reach_from_the_heading_to_the_last_wrapped_row() -> None:
    (stack,) = stacks("""text
ChildEBP RetAddr  Args to Child
fe36ff90 fbd5101c fe4e11e8 fe4cf3dc fe58cfe3
NDISX!_Filter+0x253
fe36ffc0 fbd60805 fe4cd000 fe561420 fe561468 arc!_Dpc+0x83 (FPO:
[1,0,2])

CAUSE""")
    assert stack.lines == (2, 6)
    assert [frame.lines for frame in stack.frames] == [(3, 4), (5, 6)]


def test_a_remark_behind_a_symbol_ends_no_stack() -> None:
    text = """
        post!Grow+0x1c
        post!Lock+0x10          3. here it waits
        ledger!main+0xa3        1. called by the clerk (see above)
    """
    (stack,) = stacks(text)
    assert [frame.function for frame in stack.frames] == ["Grow", "Lock", "main"]


def test_source_and_inline_are_kept() -> None:
    (stack,) = stacks("""0:000> k
 # Child-SP          RetAddr               Call Site
00 (Inline Function) --------`-------- app!small+0x2 [c:\\src\\app.h @ 7]
01 00000088`358fcd90 00007ff6`67f12500     app!main+0x64 [c:\\src\\app.c @ 9]""")
    assert [(frame.inline, frame.source) for frame in stack.frames] == [
        (True, "c:\\src\\app.h:7"),
        (False, "c:\\src\\app.c:9"),
    ]


def test_address_zero_is_an_address() -> None:
    (stack,) = stacks("0:000> kb\nChildEBP RetAddr\n0012f2a0 00401000 0x0\n0012f2a8 00401000 app!Call+0x2")
    assert stack.frames[0].address == 0


def test_endless_stacks_are_cut() -> None:
    row = "0012f2a0 00401000 00000001 00000002 00000003 app!Recurse+0x1\n"
    (stack,) = stacks("0:000> kb\n" + row * (MAX_FRAMES + 5))
    assert len(stack.frames) == MAX_FRAMES


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "0",
        " ",
        "\n",
        "a!b+0x1\n",
        "00401000 ",
        "ChildEBP\n",
        "0:000> kb\n",
        "a!b(",
        "[",
        "0012ff00 0012ff00 a!b(\n",
    ],
)
def test_a_megabyte_of_one_thing_is_read(piece: str) -> None:
    stacks("0:000> kb\n" + piece * (1_000_000 // len(piece)))


PIECES = st.sampled_from(
    [
        "ChildEBP RetAddr  Args to Child",
        "STACK_TEXT:",
        "0:000> kb",
        "  0  Id: 12.34 Suspend: 1 Teb: 7ffdf000 Unfrozen",
        "0012fb3c 771a0f00 004fcd04 003330e8 ffffffff alpha!Copy+0x33",
        "0012fb3c 771a0f00 004fcd04",
        "alpha!Copy+0x33",
        "(FPO: [2,0,2])",
        "[omap]",
        "Thread 0 (crashed)",
        " 0  a.dll + 0x12",
        "WARNING: Following frames may be",
        "wrong.",
        "",
        "prose (with brackets",
    ]
)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.one_of(PIECES, st.text(max_size=30)), max_size=30))
def test_any_lines_are_read_without_an_exception(rows: list[str]) -> None:
    for stack in read_stacks(Text(rows)):
        assert stack.frames
        assert 1 <= stack.lines[0] <= stack.lines[1] <= len(rows)
        assert all(stack.lines[0] <= frame.lines[0] <= frame.lines[1] <= stack.lines[1] for frame in stack.frames)


@settings(deadline=None, max_examples=100)
@given(
    st.lists(
        st.tuples(st.integers(0, 2**32 - 1), st.sampled_from(["Copy", "C::Run", "operator new"])),
        min_size=1,
        max_size=20,
    ),
    st.sampled_from([" ", "\n", "\n  "]),
)
def test_a_stack_is_read_back_however_it_was_wrapped(frames: list[tuple[int, str]], wrap: str) -> None:
    rows = [f"{base:08x} 771a0f00 004fcd04 003330e8 ffffffff{wrap}alpha!{name}+0x{base:x}" for base, name in frames]
    (stack,) = stacks("\n".join(["ChildEBP RetAddr  Args to Child", *rows, "", "The end."]))
    assert [(frame.function, frame.offset) for frame in stack.frames] == [(name, base) for base, name in frames]


def test_a_parameter_of_64_bits_on_a_row_of_32() -> None:
    (stack,) = stacks(
        "FramePtr  RetAddr   Param1   Param2   Param3   Function Name\n"
        "0b4aec74  77f6d600  000000c8.00000000 77fa1ad0 orchard!Grow+0x1b\n"
        "0b4aece4  01836060  0184a440 00000001 0b4aee20 orchard!Plant+0xb3\n"
    )
    assert shown(stack) == ["orchard!Grow+1b", "orchard!Plant+b3"]


def test_rows_of_all_threads_begin_with_the_thread_and_its_first_frame() -> None:
    first, second = stacks(
        "   4.00013c  ffffc7839a1b2080 0000321 Blocked    nt!KiSwapContext+0x76\n"
        "                                        nt!KiSwapThread+0xb05\n"
        "                                        orchard!Grow+0x64\n"
        "   4.000140  ffffc7839a1b3080 0000327 Ready      nt!KiSwapContext+0x76\n"
        "                                        orchard!Plant+0x12\n"
    )
    assert (first.thread, shown(first)) == (
        "4.00013c",
        ["nt!KiSwapContext+76", "nt!KiSwapThread+b05", "orchard!Grow+64"],
    )
    assert shown(second) == ["nt!KiSwapContext+76", "orchard!Plant+12"]


@pytest.mark.parametrize(("width", "party"), [(8, "Part"), (16, "Party  ")])
def test_the_call_stack_of_x64dbg(width: int, party: str) -> None:
    row = "{:19}{:0{w}X}  {:0{w}X}  {:0{w}X}  60    {:8}{}\n"
    rows = [
        row.format("", 0x14F0D8, 0x7DBC1A85, 0x7DC20E10, "System", "ntdll.NtWaitForSingleObject+14", w=width),
        row.format("", 0x14F138, 0x669B118E, 0x7DBC1A85, "User", "orchard.Grow+1E", w=width),
        row.format("", 0x14F1A8, 0, 0x669B118E, "User", "orchard.669B118E", w=width),
    ]
    blank = " " * width
    (stack,) = stacks(
        f"Thread ID          Address{blank}To{blank}From{blank}Size  {party} Comment\n1234\n{''.join(rows)}"
    )
    assert shown(stack) == ["ntdll!NtWaitForSingleObject+14", "orchard!Grow+1e"]


def test_the_call_stack_of_an_older_x64dbg() -> None:
    (stack,) = stacks(
        "Address           To                From              Comment\n"
        "00000000001B9528  00007FFE7DBC9A85  00007FFE7DC20E10  return to ntdll.00007FFE7DBC9A85 from ntdll.NtClose  \n"
        "00000000001B9588  00007FFE669BF18E  00007FFE66A04EB0  return to orchard.00007FFE669BF18E from leaf.Grow\n"
        "00000000001B95F8  00007FFE7DBC7F44  00007FFE7DBC99A4  return to leaf.00007FFE7DBC7F44 from "
        "leaf.00007FFE7DBC99A4\n"
    )
    assert shown(stack)[:2] == ["ntdll!NtClose", "leaf!Grow"]
    assert (stack.frames[2].module, stack.frames[2].address) == ("leaf", 0x7FFE7DBC99A4)


def test_documentation_leaves_the_columns_out() -> None:
    (stack,) = stacks("STACK_TEXT:\n... : nt!KeBugCheckEx+0x104 ...\n... : orchard!OnInterrupt+0x69 ...\n")
    assert shown(stack) == ["nt!KeBugCheckEx+104", "orchard!OnInterrupt+69"]


@pytest.mark.parametrize("heading", ["Call stack:", "## Stack trace", "**Backtrace:**"])
def test_modules_and_offsets_alone_below_a_heading_in_words(heading: str) -> None:
    rows = [heading, "orchard_win64+0x19790", "orchard_win64+0x1c7bc", "orchard_win64+0xdc39"]
    (found,) = read_stacks(Text(rows))
    assert [(frame.module, frame.offset) for frame in found.frames] == [
        ("orchard_win64", 0x19790),
        ("orchard_win64", 0x1C7BC),
        ("orchard_win64", 0xDC39),
    ]
    assert read_stacks(Text(["Patches:", *rows[1:]])) == ()


def test_threads_that_share_a_stack_are_told_above_it_once() -> None:
    many, one = stacks(
        "222 threads [stats]: 1 2 3 4 5 6 7 8 9 10 ...\n"
        "    00007ff87494d084 ntdll!NtWaitForSingleObject+0x14              \n"
        "    00007ff8721b1ace orchard!Wait+0x8e          \n\n"
        "1 thread [stats]: 0\n"
        "    00007ff87494d084 ntdll!NtWaitForSingleObject+0x14\n"
        "    00007ff822f2970e leaf!Grow+0x4f0de\n"
    )
    assert shown(many) == ["ntdll!NtWaitForSingleObject+14", "orchard!Wait+8e"]
    assert shown(one) == ["ntdll!NtWaitForSingleObject+14", "leaf!Grow+4f0de"]
