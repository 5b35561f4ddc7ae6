"""Where an event of a log ends: what stands below it is read as if it stood alone, and what belongs to it stays."""

import pytest

from triage.formats import read_text
from triage.model.evidence import Incident
from triage.text.lines import Text

EVENTS: list[tuple[str, str, str]] = [
    (
        "labels",
        "Event ID: 10\nSource: Print\nDescription: Document 4 was printed.",
        "Document 4 was printed.",
    ),
    (
        "a wrapped description",
        "Event ID: 10\nSource: Print\nType: Information\nDescription: Document 4 of Anna was printed on\n"
        "Laser via port LPT1. Size in bytes: 4096.",
        "Document 4 of Anna was printed on Laser via port LPT1. Size in bytes: 4096.",
    ),
    (
        "no full stop",
        "Event ID: 10\nSource: Print\nDescription: Printer Laser was paused",
        "Printer Laser was paused",
    ),
    ("one row", "Event ID: 10 Source: Print Type: Error Description: It was not printed.", "It was not printed."),
    ("a sentence", "Event ID 7024 - The Post service stopped.", "The Post service stopped."),
    (
        "the viewer of Windows 2000, with data",
        "Event Type:\tError\nEvent Source:\tLedger\nEvent Category:\tNone\nEvent ID:\t2000\nDate:\t\t4/8/2004\n"
        "Time:\t\t1:24:15 PM\nUser:\t\tN/A\nComputer:\tDESK\nDescription:\nThe call failed. \n\n"
        "For more information, see Help and Support Center.\nData:\n0000: 00 00 04 00 01 00 54 00   ......T.",
        "The call failed. For more information, see Help and Support Center.",
    ),
    (
        "the viewer of Windows 7",
        "Log Name:      Application\nSource:        Ledger\nDate:          4/8/2014 1:24:15 PM\nEvent ID:      2000\n"
        "Task Category: None\nLevel:         Error\nKeywords:      Classic\nUser:          N/A\nComputer:      L1\n"
        "Description:\nThe call failed.",
        "The call failed.",
    ),
    (
        "PowerShell",
        "TimeCreated  : 4/8/2014 1:24:15 PM\nProviderName : Ledger\nId           : 2000\n"
        "Message      : The call\n               failed.",
        "The call failed.",
    ),
    (
        "an indented quotation",
        "    Event ID: 10\n    Source: Print\n    Description: It was not printed.",
        "It was not printed.",
    ),
    (
        "a row of a log",
        "2004-04-08 13:24:59 Event ID: 10 Source: Print Description: It was not printed.",
        "It was not printed.",
    ),
    (
        "an event of a crash",
        "Log Name: Application\nSource: Application Error\nEvent ID: 1000\nDescription:\n"
        "Faulting application name: books.exe, version: 1.0.0.0, time stamp: 0x4ce7a144\n"
        "Faulting module name: shelf.dll, version: 1.0.0.0, time stamp: 0x4ce7b8f0\n"
        "Exception code: 0xc0000096\nFault offset: 0x0002a1c4\nFaulting process id: 0x1a4c",
        "Faulting application name: books.exe, version: 1.0.0.0, time stamp: 0x4ce7a144 "
        "Faulting module name: shelf.dll, version: 1.0.0.0, time stamp: 0x4ce7b8f0 "
        "Exception code: 0xc0000096 Fault offset: 0x0002a1c4 Faulting process id: 0x1a4c",
    ),
]

CRASHES: list[tuple[str, str]] = [
    ("a fault of Windows 98", "MSDINOS caused an invalid page fault in\nmodule MSDINOS.EXE at 0137:00402b1a."),
    (
        "a fault with registers",
        "MSDINOS caused an invalid page fault in module MSDINOS.EXE at 0137:00402b1a.\nRegisters:\n"
        "EAX=00000000 CS=0137 EIP=00402b1a EFLGS=00010246\nEBX=0063fe10 SS=013f ESP=0063fd5c EBP=0063fd80",
    ),
    (
        "a fault behind a time stamp",
        "2004-04-08 13:25:10 MSDINOS caused an invalid page fault in module MSDINOS.EXE at 0137:00402b1a.",
    ),
    ("a blue screen of Windows 98", "A fatal exception 0E has occurred at 0028:C00A3E11 in VXD IFSMGR(01) + 00001234."),
    (
        "a box of Windows NT",
        'Ledger.exe - Application Error\nThe instruction at "0x77f7d357" referenced memory at "0x00000008". '
        'The memory could not be "read".',
    ),
    (
        "its words alone",
        'The instruction at "0x77f7d357" referenced memory at "0x00000008". The memory could not be "read".',
    ),
    (
        "a box of Visual C++",
        "Unhandled exception at 0x00401a2b in ledger.exe: 0xC0000005: Access violation reading location 0x00000008.",
    ),
    ("a box of Visual Basic", "Run-time error '91': Object variable or With block variable not set"),
    (
        "a box of Delphi",
        "Access violation at address 0040F2B4 in module 'Project1.exe'. Read of address 00000008",
    ),
    (
        "a box of German Windows",
        'Die Anweisung in "0x77f7d357" verweist auf Speicher in "0x00000008". Der Vorgang "read" konnte nicht auf dem '
        "Speicher durchgeführt werden.",
    ),
    (
        "a fault behind a level",
        "ERROR: MSDINOS caused an invalid page fault in module MSDINOS.EXE at 0137:00402b1a.",
    ),
    (
        "a row of a program's log",
        "2004-04-08 13:25:10,120 ERROR Ledger: Access violation at address 0040F2B4 in module 'Project1.exe'. "
        "Read of address 00000008",
    ),
    (
        "Dr. Watson",
        "Microsoft (R) Windows NT (TM) Version 4.00 DrWtsn32\nCopyright (C) 1985-1996 Microsoft Corp. All rights "
        "reserved.\n\n\nApplication exception occurred:\n        App: ledger.exe (pid=212)\n"
        "        When: 4/8/1999 @ 13:24:15.120\n        Exception number: c0000005 (access violation)",
    ),
    (
        "Dr. Watson of Windows 3.1",
        "Dr. Watson 0.80 Failure Report - Mon Apr  5 10:12:33 1993\n"
        "LEDGER had a 'Exceed Segment Bounds (Read)' fault at LEDGER 1:0b2c",
    ),
    (
        "a session from its loaded modules on",
        "ModLoad: 00400000 00412000   ledger.exe\nModLoad: 77f60000 77fbc000   ntdll.dll\n"
        "(d4.e0): Access violation - code c0000005 (first chance)\n"
        "eax=00000000 ebx=00000000 ecx=0012ff00 edx=00000000 esi=00000000 edi=00000000\n"
        "eip=00401a2b esp=0012fe80 ebp=0012fe90 iopl=0\nledger!Post+0x1b:\n00401a2b 8b08 mov ecx,[eax]",
    ),
    (
        "a session from its exception on",
        "(d4.e0): Access violation - code c0000005 (first chance)\n"
        "eax=00000000 ebx=00000000 ecx=0012ff00 edx=00000000 esi=00000000 edi=00000000\n"
        "eip=00401a2b esp=0012fe80 ebp=0012fe90 iopl=0\nledger!Post+0x1b:\n00401a2b 8b08 mov ecx,[eax]",
    ),
    (
        "an analysis",
        "FAULTING_IP: \nledger!Post+1b\n00401a2b 8b08 mov ecx,[eax]\n\nEXCEPTION_RECORD:  ffffffff -- (.exr -1)\n"
        "ExceptionAddress: 00401a2b (ledger!Post+0x0000001b)\n   ExceptionCode: c0000005 (Access violation)",
    ),
    ("a bug check", "BugCheck A, {4, 2, 0, 8013cd41}\n\nProbably caused by : ledger.sys ( ledger+1a4 )"),
    ("a stop screen", "*** STOP: 0x0000000A (0x00000004,0x00000002,0x00000000,0x8013cd41)"),
    ("a bare stack", "ledger!Post+0x1b\nledger!Run+0x2c\nledger!main+0x10\nkernel32!BaseProcessStart+0x3d"),
    (
        "a report of Windows Error Reporting",
        "Version=1\nEventType=APPCRASH\nEventTime=130412341234123412\nSig[0].Name=Application Name\n"
        "Sig[0].Value=ledger.exe\nSig[3].Name=Fault Module Name\nSig[3].Value=post.dll\n"
        "Sig[6].Name=Exception Code\nSig[6].Value=c0000005\nSig[7].Name=Exception Offset\nSig[7].Value=0002a1c4",
    ),
    (
        "its dialog",
        "Problem signature:\n  Problem Event Name:\tAPPCRASH\n  Application Name:\tledger.exe\n"
        "  Fault Module Name:\tpost.dll\n  Exception Code:\tc0000005\n  Exception Offset:\t0002a1c4",
    ),
    (
        "a console of .NET",
        "Unhandled exception. System.NullReferenceException: Object reference not set to an instance of an object.\n"
        "   at Ledger.Post.Run() in C:\\src\\post.cs:line 12\n   at Ledger.Program.Main()",
    ),
    (
        "a console of Java",
        "#\n# A fatal error has been detected by the Java Runtime Environment:\n#\n"
        "#  EXCEPTION_ACCESS_VIOLATION (0xc0000005) at pc=0x6d8c1a2b, pid=1234, tid=5678\n#\n"
        "# Problematic frame:\n# C  [post.dll+0x1a2b]\n#",
    ),
    (
        "winedbg",
        "wine: Unhandled page fault on read access to 0x00000008 at address 0x401a2b (thread 0009), starting "
        "debugger...\nUnhandled exception: page fault on read access to 0x00000008 in 32-bit code (0x00401a2b).\n"
        "Backtrace:\n=>0 0x00401a2b in ledger (+0x1a2b) (0x0033fe18)",
    ),
    ("ProcDump", "[13:25:10] Exception: C0000005.ACCESS_VIOLATION\n[13:25:10] Dump 1 initiated: C:\\dumps\\ledger.dmp"),
    (
        "ProcDump from its banner on",
        "ProcDump v9.0 - Sysinternals process dump utility\nCopyright (C) 2009-2017 Mark Russinovich\n\n"
        "[13:25:10] Exception: C0000005.ACCESS_VIOLATION\n[13:25:10] Dump 1 initiated: C:\\dumps\\ledger.dmp",
    ),
    (
        "madExcept",
        "date/time         : 2016-02-11, 17:25:54, 544ms\noperating system  : Windows 7 build 7601\n"
        "process id        : $dc4\nexecutable        : ledger.exe\nmadExcept version : 3.0m\n"
        "exception class   : EAccessViolation\nexception message : Access violation at address 00401E19 in module "
        "'ledger.exe'. Read of address 00000004.\n\nmain thread ($f80):\n"
        "00401e19 +019 ledger.exe Post   8960  +1 TPost.Run\n76da2b52 +016 USER32.dll            CallWindowProcW\n\n"
        "modules:\n00400000 ledger.exe  0.96.0.1582  C:\\Apps",
    ),
    (
        "Lazarus",
        "Program exception!\nApplication       : Ledger\nPath              : C:\\Apps\\ledger.exe\n"
        "Exception class   : EAccessViolation\nMessage           : Access violation\nStacktrace:\n"
        "  $0040E2A1  Post,  line 120 of post.pas\n  $0040E4C8  Run,  line 77 of ledger.pas",
    ),
    (
        "a session from its banner on",
        "Microsoft (R) Windows Debugger  Version 6.3.0017.0\nCopyright (c) Microsoft Corporation. All rights reserved."
        "\n\n(d4.e0): Access violation - code c0000005 (first chance)\n"
        "eax=00000000 ebx=00000000 ecx=0012ff00 edx=00000000 esi=00000000 edi=00000000\n"
        "eip=00401a2b esp=0012fe80 ebp=0012fe90 iopl=0\nledger!Post+0x1b:\n00401a2b 8b08 mov ecx,[eax]",
    ),
    (
        "a stop in a debugger",
        "*** Fatal System Error: 0x000000d1\n                       (0x00000008,0x00000002,0x00000000,0xF8A41B2C)\n\n"
        "Break instruction exception - code 80000003 (first chance)",
    ),
    (
        "a handler of a program's own",
        "Exception code: C0000005 ACCESS_VIOLATION\nFault address:  00401A2B 01:00000A2B C:\\APPS\\LEDGER.EXE",
    ),
]

BETWEEN = {"no row": "\n", "a blank row": "\n\n", "three blank rows": "\n\n\n\n"}


def incidents(text: str) -> tuple[Incident, ...]:
    return read_text(Text(text.split("\n"))).incidents


def facts(incident: Incident) -> tuple[object, ...]:
    return (
        incident.kind,
        incident.exception and incident.exception.code,
        incident.bugcheck and incident.bugcheck.code,
        incident.process and incident.process.name,
        incident.faulting_module,
        incident.faulting_address,
        [(frame.module, frame.function) for frame in incident.stack],
    )


@pytest.mark.parametrize("between", BETWEEN.values(), ids=BETWEEN)
@pytest.mark.parametrize("crash", [text for _, text in CRASHES], ids=[name for name, _ in CRASHES])
@pytest.mark.parametrize(("event", "said"), [one[1:] for one in EVENTS], ids=[one[0] for one in EVENTS])
def test_a_crash_below_an_event_is_read_as_if_it_stood_alone(event: str, said: str, crash: str, between: str) -> None:
    alone = [facts(incident) for incident in incidents(crash)]
    first, *others = incidents(event + between + crash)
    assert first.event is not None
    assert first.event.text == said
    assert [facts(incident) for incident in others] == alone
    assert alone


@pytest.mark.parametrize("crash", [text for _, text in CRASHES[12:]], ids=[name for name, _ in CRASHES[12:]])
def test_what_a_program_prints_is_no_description_of_fields_without_one(crash: str) -> None:
    first, *others = incidents(f"Event ID: 10\nSource: Print\nType: Error\nCategory: None\n\n{crash}")
    assert first.event is not None
    assert first.event.text == ""
    assert [facts(incident) for incident in others] == [facts(incident) for incident in incidents(crash)]


WHOLE: list[tuple[str, str]] = [
    (
        "Application Error",
        "Faulting application name: ledger.exe, version: 1.0.0.0, time stamp: 0x4ce7a144\n"
        "Faulting module name: post.dll, version: 1.0.0.0, time stamp: 0x4ce7b8f0\nException code: 0xc0000005\n"
        "Fault offset: 0x0002a1c4\nFaulting process id: 0x1a4c\n"
        "Faulting application start time: 0x01d0a1b2c3d4e5f6\nFaulting application path: C:\\Apps\\ledger.exe\n"
        "Faulting module path: C:\\Apps\\post.dll\nReport Id: 11112222-3333-4444-5555-666677778888\n"
        "Faulting package full name: \nFaulting package-relative application ID: ",
    ),
    (
        ".NET Runtime",
        "Application: Ledger.exe\nFramework Version: v4.0.30319\n"
        "Description: The process was terminated due to an unhandled exception.\n"
        "Exception Info: System.NullReferenceException\n   at Ledger.Post.Run()\n   at Ledger.Program.Main()",
    ),
    (
        ".NET Runtime, native",
        "Application: Ledger.exe\nFramework Version: v4.0.30319\n"
        "Description: The process was terminated due to an unhandled exception.\n"
        "Exception Info: exception code c0000005, exception address 77A11B2C",
    ),
    (
        "Windows Error Reporting",
        "Fault bucket 123456, type 5\nEvent Name: APPCRASH\nResponse: Not available\nCab Id: 0\n\n"
        "Problem signature:\nP1: ledger.exe\nP2: 1.0.0.0\nP3: 4ce7a144\nP4: post.dll\nP5: 1.0.0.0\nP6: 4ce7b8f0\n"
        "P7: c0000005\nP8: 0002a1c4\n\nAttached files:\n\nThese files may be available here:\nC:\\ProgramData\\Report",
    ),
    (
        "Application Popup",
        "Application popup: ledger.exe - Application Error : \n"
        'The instruction at "0x77f7d357" referenced memory at "0x00000008". The memory could not be "read".',
    ),
    (
        "a box that is all the description",
        "ledger.exe - Application Error\n"
        'The instruction at "0x77f7d357" referenced memory at "0x00000008". The memory could not be "read".',
    ),
    (
        "what a program printed",
        "The program has exited. What it printed last:\n"
        "Unhandled exception. System.IO.FileNotFoundException: Could not load file.\n   at Ledger.Program.Main()",
    ),
    (
        "what a program printed, behind a blank row",
        "The program has exited. What it printed last:\n\n"
        "Unhandled exception. System.IO.FileNotFoundException: Could not load file.\n   at Ledger.Program.Main()",
    ),
    (
        "an exception with its stack",
        "Service cannot be started. System.IO.IOException: The handle is invalid.\n"
        "   at Ledger.Store.Open(String path)\n   at Ledger.Service.OnStart(String[] args)",
    ),
    ("a wrapped time", "The previous system shutdown at\n4/8/2014 10:34:23 AM was unexpected."),
    (
        "rows of a log that it announces",
        "The job has failed. Its log:\n2004-04-08 13:25:10 Job started\n2004-04-08 13:25:11 Volume D: is full",
    ),
    (
        "a fault in the middle of a sentence",
        "Post was stopped because\nLEDGER caused an invalid page fault in module LEDGER.EXE at 0137:00402b1a.",
    ),
    (
        "paragraphs with headings",
        "Shadow copy error: unexpected call. hr = 0x80070005.\n\nOperation:\n   Gathering Writer Data\n\n"
        "Context:\n   Writer Class Id: {11112222-3333-4444-5555-666677778888}\n   Writer Name: Ledger",
    ),
]


@pytest.mark.parametrize("said", [text for _, text in WHOLE], ids=[name for name, _ in WHOLE])
def test_what_belongs_to_a_description_stays_in_it(said: str) -> None:
    (incident,) = incidents(f"Event ID: 2000\nSource: Ledger\nType: Error\nDescription:\n{said}")
    assert incident.event is not None
    assert incident.event.text == " ".join(said.split())


@pytest.mark.parametrize("day", ["2004-04-08 ", "Apr  8 ", "8.4.2004, ", ""])
def test_rows_of_a_log_are_events_or_others_by_themselves(day: str) -> None:
    found = incidents(
        f"{day}13:24:59 Event ID: 10 Source: Print Description: It was not printed.\n"
        f"{day}13:25:02 Event ID: 11 Source: Print Description: It was printed.\n"
        f"{day}13:25:03 Cleaning up\n"
        f"{day}13:25:10 LEDGER caused an invalid page fault in module LEDGER.EXE at 0137:00402b1a."
    )
    assert [(one.event and one.event.id, one.event and one.event.text, one.faulting_module) for one in found] == [
        (10, "It was not printed.", None),
        (11, "It was printed.", None),
        (None, None, "LEDGER.EXE"),
    ]


@pytest.mark.parametrize("heading", ["### systeminfo", "## Steps to reproduce", "#### Log"])
def test_an_event_ends_above_the_next_heading_of_a_form(heading: str) -> None:
    text = (
        "### What the log says\nFaulting application name: orchard.exe, version: 1.0.0.0, time stamp: 0x5e0e186d\n"
        "Faulting module name: leaf.dll, version: 1.0.0.0, time stamp: 0x5e0e186e\nException code: 0xc0000005\n"
        f"Fault offset: 0x0000c41f\nFaulting process id: 0x24ac\n\n{heading}\n"
        "OS Version:                10.0.19045 N/A Build 19045\n"
    )
    evidence = read_text(Text(text.split("\n")))
    event = next(incident for incident in evidence.incidents if incident.event is not None)
    assert event.lines == (2, 6)
    assert evidence.system is not None
    assert evidence.system.build == 19045
