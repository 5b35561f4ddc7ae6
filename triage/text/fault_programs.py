"""The messages in which programs and runtimes of Windows 3.x, 9x and NT tell of a fault in words of their own.

As in `fault_patterns`: groups are the fields of a fault, quantifiers are bounded, and the text is at most a paragraph.
Each entry has the words that a paragraph must hold, in lower case, to be tried.
"""

from typing import Final

from triage.text.fault_pieces import HEX, IMAGE, PLACE, STATUS

_WORDS = (
    r"(?:access\s+violation|stack\s+overflow|illegal\s+instruction|privileged\s+instruction|divide\s+by\s+zero"
    r"|integer\s+divi\w{2,8}\s+by\s+zero|in[\s-]page\s+i/?o\s+error|breakpoint|datatype\s+misalignment)"
)
_AT = rf"(?:\s*-{{0,6}}\s*address\s*(?::|is)\s*(?P<address>{HEX}))?"

SOURCES: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    # SqlDumpExceptionHandler: Process 54 generated fatal exception c0000005 EXCEPTION_ACCESS_VIOLATION. SQL Server is …
    (
        "sql",
        r"sqldumpexceptionhandler:\s+process\s+[^\n.]{1,24}?\s+generated\s+(?:a\s+)?fatal\s+exception\s+"
        rf"(?P<code>{STATUS})\s+(?P<words>EXCEPTION_\w{{1,40}})\.?"
        r"(?:\s+SQL\s+Server\s+is\s+terminating\s+this\s+process\.{0,2})?",
        ("sqldump",),
    ),
    # Fatal error: Exception code=C0000005 @ 04/02/2002 8:41:09 PM. Error log file: C:\Ledger\vfp7err.log
    # Called from - post line 12 {c:\ledger\post.prg c:\ledger\post.fxp}            Visual FoxPro
    # Fatal Exception: error code=c0000005
    # Windows fatal exception: code 0xc06d007f        Python's faulthandler, of what it has no name for
    (
        "code",
        r"(?P<words>(?:fatal\s+(?:error[:.]?\s+)?|OLE\s+)exception(?:\s+error)?):?\s*(?:(?:exception|error)\s+)?(?:code)?"
        rf"\s*[:=-]?\s*(?P<code>{STATUS})\b(?:\s+@\s+\d{{1,2}}/\d{{1,2}}/\d{{2,4}}\s+\d{{1,2}}:\d\d:\d\d"
        r"(?:\s+[AP]M)?\.?)?(?:\s*error\s+log\s+file:[^{}]{1,200}?\.log)?"
        r"(?P<calls>(?:\s*called\s+from\s+-\s[^{}\n]{1,80}(?:\n[^{}\n]{1,80})?\{[^{}]{0,300}\}){0,16})",
        ("fatal error", "fatal exception", "fatal\nexception", "ole exception"),
    ),
    # Ledger.exe caused an Access Violation at location 0040A1B2 in module mso.dll Reading from location 00000010.
    # C:\My Apps\ledger.exe caused an Access Violation at location 77c4610f in module C:\WINDOWS\mso.dll …    Dr. MinGW
    # ledger.exe caused an Access Violation at location 0040A1B2 in module wow64.dll DEP violation at location 00000000.
    (
        "mingw",
        r"(?:(?<!\w)[a-z]:\\(?:[^\n\\:*?\"<>|]{1,80}\\){0,16})?"
        r"(?P<process>(?<=\\)[^\n\\:*?\"<>|]{1,60}\.exe|(?<![\w\\.+-])[\w.+-]{1,60}\.exe)\s+caused\s+an?\s+"
        r"(?P<words>[a-z]{1,20}(?:[ -][a-z]{1,20}){0,4})\s+at\s+location\s+(?P<address>[0-9a-f]{8,16})"
        r"(?:\s+in\s+module\s+(?P<module>[^\n*?\"<>|]{1,260}?\.(?:dll|exe|drv|ocx|sys|pyd|node))\b)?"
        r"(?:\.?\s*(?P<access>read|writ|DEP)\w{0,3}(?:\s+violation)?\s+(?:(?:from|to|at)\s+)?location\s+"
        r"(?P<target>[0-9a-f]{8,16}))?",
        ("at location", "at\nlocation"),
    ),
    # Win32s - Error in LEDGER.EXE / Unhandled Exception detected. (Code: 0xC0000005 w32scomb.dll:10660)
    # Win32s Error. LEDGER.EXE Unhandled Exception Detected. (Code: 0xC0000005)
    (
        "win32s",
        r"win32s\s*-?\s*error\b[.:]?\s*(?:in\s+)?(?:(?P<process>[\w$~-]{1,12}\.exe)\s+)?(?:an\s+)?unhandled\s+exception\s+"
        r"(?:error\s+)?(?:detected|has\s+occurred)\.?"
        rf"(?:\s*\(code:\s*(?P<code>{HEX})(?:\s+(?P<module>[\w$-]{{1,12}}\.\w{{3}}):\d{{1,6}})?\s*\))?"
        r"(?:\s*application\s+will\s+be\s+terminated\.?)?",
        ("win32s",),
    ),
    # Exception 0xC0000094 was occurred (ConEmuC.exe, PID=237524)                     ConEmu
    # Exception 0xC0000005 (Read  x0000000008421F80) was occurred (ConEmu64.exe, PID=24548)
    (
        "conemu",
        rf"exception\s+(?P<code>{STATUS})(?:\s+\((?P<access>read|write|execute)\s+x(?P<target>[0-9a-f]{{4,16}})\))?"
        r"\s+(?:was\s+)?occurred\s+\((?P<process>[\w$~-]{1,40}\.exe),\s+PID=\d{1,9}\)",
        ("occurred (",),
    ),
    # EXCEPTION : Access violation in LEAF4! (+0xd4cf)----Address : 0x0040e4cf         games of Microsoft
    # EXCEPTION : Attempt to read from address 0x004CDA74 in ORCHARD!
    (
        "marked",
        rf"exception\s?:\s*(?P<words>{_WORDS}|attempt\s+to\s+(?P<access>read|write)\s+(?:from|to)\s+address\s+"
        rf"(?P<target>{HEX}))\s+in\s+(?P<module>[\w$.-]{{1,40}})!(?:\s*\(\+(?P<offset>0x[0-9a-f]{{1,8}})\))?{_AT}",
        ("!",),
    ),
    # Access violation in leaf4x! (+0xea6ae) address is 0x004EB6AE
    (
        "marked",
        rf"(?P<words>{_WORDS})\s+in\s+(?P<module>[\w$.-]{{1,40}})!\s*\(\+(?P<offset>0x[0-9a-f]{{1,8}})\){_AT}",
        ("!",),
    ),
    # EXCEPTION: Access violation in LEAF4 0x72446 leaf4.exe
    (
        "marked",
        rf"exception\s?:\s*(?P<words>{_WORDS})\s+in\s+(?P<module>[\w$-]{{1,40}})\s+(?P<offset>0x[0-9a-f]{{1,8}})\s+"
        r"(?P<process>[\w$~-]{1,40}\.exe)",
        (".exe",),
    ),
    # EXCEPTION: Access violation in Leaf::OnGrow()
    (
        "marked",
        rf"exception\s?:\s*(?P<words>{_WORDS})\s+in\s+(?P<function>\w{{1,60}}::~?\w{{1,60}})\(\)",
        ("::",),
    ),
    # Unhandled exception in LEAF.DLL 0xC000001D: Illegal instruction
    # Unhandled Exception in ledger ntdll.dll 0xC0000008
    (
        "unhandled",
        rf"unhandled\s+exception\s+in\s+(?:(?P<process>[\w$~.<> -]{{1,40}}?)\s+)?\(?(?P<module>{IMAGE})\)?:?\s+"
        rf"(?P<code>{HEX})(?::\s*(?P<words>[\w ]{{3,40}}))?",
        ("unhandled",),
    ),
    # Unhandled exception in ledger.exe (LEAF40.DLL); Stack Overflow.
    (
        "unhandled",
        rf"unhandled\s+exception\s+in\s+(?P<process>[\w$~-]{{1,40}}\.exe)\s*\((?P<module>{IMAGE})\)\s*[;:]\s*"
        rf"(?P<words>{_WORDS})",
        ("unhandled",),
    ),
    # Exception in ledger.exe: 0x00000004: Divide by Zero
    (
        "unhandled",
        rf"exception\s+in\s+(?P<process>[\w$~-]{{1,40}}\.exe)\s*:\s*(?P<code>{HEX}):?\s*(?P<words>[\w ]{{3,40}})?",
        ("exception in", "exception\nin"),
    ),
    # The game crashes at the first screen with an exception code 0xC0000005 @ EIP := 0x6A98785F.        what people say
    (
        "code",
        r"(?:(?P<process>[\w$~-]{1,40}\.exe)\s+)?\b(?:crash(?:es|ed|ing)?|dies|died|terminate[sd])\b[^\n.;:|]{0,80}?"
        r"\bwith\s+(?:an?\s+|the\s+)?exception\s+code:?"
        rf"\s+(?P<code>(?:0x)?[ce][0-9a-f]{{7}})\b(?:\s*,?\s*(?:at|@)\s+(?:address:?\s+|[re]ip\s*:?=\s*)?(?P<address>{HEX}))?",
        ("exception code",),
    ),
    # ledger.exe caused BREAKPOINT in module "C:\\Ledger\\post.dll" at 0033:00007FFB309F3D03, Post::Fail()+659 byte(s)
    # (BugTrap; the names are those of the exceptions without EXCEPTION_)
    (
        "bugtrap",
        r"(?P<process>[\w$. ~-]{1,60}?\.exe)\s+caused\s+(?:EXCEPTION_)?(?P<words>[A-Z]{4,20}(?:_[A-Z]{2,20}){0,5})\s+in"
        r"\s+module\s+\"(?P<module>[^\"\n]{1,260})\"\s+at\s+[0-9A-F]{4}:(?P<address>[0-9A-F]{8,16})\b"
        r"(?:,\s+(?P<function>[^\n]{1,300}?)(?:\(\))?\+\d{1,10}\s+byte\(s\))?",
        ('in module "',),
    ),
    # Access Violation (0xC0000005) in LEAF.DLL at 0x5003eaed.        Leaf.exe: Access violation 0xc0000005 address 0x…
    # LEDGER.EXE / Access violation (0xc0000005), Address 0x01dec73c         Access violation c0000005 in Ledger.exe
    (
        "coded",
        rf"(?:(?P<process>[\w$~-]{{1,40}}\.exe)\s*:?\s+)?(?<!exception[:\s])(?<!exception:\s)"
        rf"(?P<words>{_WORDS})\s+\(?(?P<code>{HEX}|{STATUS})\)?,?"
        rf"(?:\s+(?:in|on)\s+(?P<module>{IMAGE}))?(?:\s+(?:at\s+)?(?:address:?\s*)?(?P<address>{HEX}|[0-9a-f]{{8}}\b))?"
        rf"(?:\s+or\s+{HEX})?(?:\s+(?:in|on)\s+(?P<module2>{IMAGE}))?",
        tuple(
            f"{word}{mark}"
            for word in ("violation", "overflow", "instruction", "by zero")
            for mark in (" (0", " (c", " 0x", " c0", "\n")
        ),
    ),
    # Access violation at 0x00007FF8CD02BDC0 read to 0x0000025900000000 in 'leaf.dll'        MetaTrader's journal
    # Access violation read to 0x0BFFFFF8 in Experts\\Leaf.ex4
    (
        "journal",
        rf"(?P<words>access\s+violation)(?:\s+at\s+(?P<address>{HEX}))?\s+(?P<access>read|write|execute)\s+(?:to|from|of)\s+"
        rf"(?P<target>{HEX})(?:\s+in\s+[\"'](?P<module>[\w$.~-]{{1,80}})[\"'])?",
        tuple(f"violation {word}" for word in ("at 0x", "read", "write", "execute")),
    ),
    # Error: Access violation at 0x004012AB (tried to read from 0x00000010), program terminated.
    (
        "journal",
        rf"(?P<words>access\s+violation)\s+at\s+(?P<address>{HEX})\s+\(tried\s+to\s+(?P<access>read|write|execute)\s+"
        rf"(?:from|to|at)?\s*(?P<target>{HEX})\)(?:,\s+program\s+terminated\.?)?",
        ("(tried to", "(tried\nto"),
    ),
    # unknown location(0): fatal error: in "leaf/grows": memory access violation occurred at address 0x10, while
    # attempting to  read inaccessible data            Boost.Test, as it tells exceptions of Windows
    (
        "journal",
        rf"memory\s+(?P<words>access\s+violation)\s+occurred\s+at\s+address\s+(?P<target>{HEX}),\s+while\s+attempting\s+to\s+"
        r"(?P<access>read|write)\s+(?:inaccessible|to\s+an\s+inaccessible)[^\n]{0,40}",
        ("while attempting to", "attempting\nto"),
    ),
    # Critical error at address 0099AEACh in thread 4711: / Access violation: attempted to write to address 00000010h
    (
        "journal",
        r"critical\s+error\s+at\s+address\s+(?P<address>[0-9a-f]{8,16})h(?:\s+in\s+thread\s+\d{1,9})?:\s+"
        r"(?P<words>access\s+violation):\s+attempted\s+to\s+(?P<access>read|write)\s+(?:from|to)\s+address\s+"
        r"(?P<target>[0-9a-f]{8,16})h",
        ("critical error at",),
    ),
    # C:\orchard\leaf_test.cpp(12): FATAL ERROR: test case CRASHED: SIGSEGV - Stack overflow            doctest, Catch2
    ("journal", r"SIGSEGV\s+-\s+(?P<words>stack\s+overflow)", ("sigsegv - stack",)),
    # OSError: exception: access violation reading 0x0000000000000010            Python's ctypes
    # OSError: exception: stack overflow
    (
        "ctypes",
        r"(?<=error:\s)exception:\s+(?P<words>access\s+violation|stack\s+overflow|datatype\s+misalignment|privil\w{2,6}\s+instruction"
        r"|breakpoint\s+encountered|single\s+step)"
        rf"(?:\s+(?P<access>reading|writing)\s+(?P<target>{HEX}))?",
        ("error: exception:",),
    ),
    (
        "ctypes",
        rf"exception:\s+(?P<words>access\s+violation)\s+(?P<access>reading|writing)\s+(?P<target>{HEX})",
        ("violation reading", "violation writing"),
    ),
    # severe (157): program exception access violation            Intel's Fortran, in people's words
    (
        "fortran",
        rf"severe\s+\(\d{{1,4}}\):?\s+program\s+exception\s+(?:-\s+)?(?P<words>{_WORDS})",
        ("program exception",),
    ),
    # ORA-07445: exception encountered: core dump [kgrow()+59] [ACCESS_VIOLATION] [ADDR:0x0] [PC:0x60AC3D] …
    (
        "oracle",
        r"ORA-07445:\s+exception\s+encountered:\s+core\s+dump\s+\[(?:PC:)?(?P<function>(?!0x)[\w$.]{1,80})?(?:\(\))?(?:\+\d{1,9})?[^\[\]]{0,40}\]\s+"
        rf"\[(?P<words>[A-Z]{{3,20}}_[A-Z_]{{3,40}})\](?:\s+\[ADDR:(?P<target>{HEX})\]\s+\[PC:(?P<address>{HEX})\]"
        r"\s+\[UNABLE_TO_(?P<access>READ|WRITE)\])?",
        ("ora-07445",),
    ),
    # Access violation. The code attempted to access a virtual address without privilege to do so.        Firebird
    (
        "firebird",
        r"(?P<words>access\s+violation)\.\s+the\s+code\s+attempted\s+to\s+access\s+a\s+virtual\s+address\s+without\s+privileged?\s+to"
        r"\s+do\s+so\.?",
        ("without privilege",),
    ),
    # ledger.exe INTERNAL ERROR, exception code - 0xc0000005.                tools of Visual C++
    (
        "internal",
        rf"(?P<process>[\w$~-]{{1,40}}\.exe)\s+internal\s+error,?\s+exception\s+code\s*-?\s*(?P<code>{HEX})",
        ("internal error",),
    ),
    # An application exception has occurred: LEDGER.EXE / Exception 0xC0000005 (access violation)
    (
        "box",
        r"(?:an\s+)?application\s+(?:exception|error)\s+(?:has\s+)?occurred:\s+(?P<process>[\w$~.-]{1,40}?\.exe)\s+"
        rf"exception\s+(?P<code>{HEX})\s*\(?(?P<words>[\w ]{{3,40}})?\)?",
        ("occurred:",),
    ),
    # Exception privileged instruction 0xc0000096
    ("box", rf"exception:?\s+(?P<words>{_WORDS})\s+(?P<code>{HEX})", ("exception",)),
    # Win32 Exception in MMC Admin UI! / WIN32 Exception : STACK_OVERFLOW        Systems Management Server's console
    (
        "console",
        r"(?:win32|_com_error)\s+exception\s+in\s+MMC\s+Admin\s+UI!"
        r"(?:\s+win32\s+exception\s*:\s*(?P<words>[A-Z_]{4,40}))?(?:\s+description\s*:\s*[^\n]{1,160})?"
        r"(?:\s+HRESULT\s*:\s*0x[0-9a-f]{1,8})?(?:\s+entry\s+point\s*:\s*(?P<function>[\w:~]{1,80}))?",
        ("mmc admin",),
    ),
    # Fault Location: 0028:C0296A08 / Faulty Component: SPOOLER(03) + 00000380       the details of Windows 9x
    (
        "component",
        rf"(?P<words>fault)\s+location:\s*(?P<address>{PLACE})\s+faulty?\s+component:\s*(?P<module>[\w$.-]{{1,40}})\s*"
        r"(?:\(\w{1,2}\))?(?:\s*\+\s*(?P<offset>[0-9a-f]{4,8})\b)?",
        ("component:",),
    ),
    # EMM386 exception error #12, enter to reboot computer          numbers in decimal
    (
        "emm386",
        r"(?P<process>EMM386(?:\.exe)?):?\s+(?:privileged\s+operation\s+|exception\s+)?error\s+#\s?(?P<decimal>\d{1,2})\b",
        ("emm386",),
    ),
    # A Fatal Exception has occurred at 0028-C0268F8A in VXD VCOMM(04)+00000532.
    (
        "vxd",
        rf"(?:a\s+)?fatal\s+exception(?:\s+error)?\s+(?:has\s+)?occurred\s+(?:at|@):?\s+(?P<address>[0-9a-f]{{4}}-[0-9a-f]{{8}}"
        rf"|{PLACE})\s+in\s+VXD\s+(?P<module>[\w$][\w.$-]{{0,30}})\s*(?:\(\w{{1,2}}\))?"
        r"(?:\s*\+\s*(?P<offset>[0-9a-f]{4,8})\b)?",
        ("fatal exception",),
    ),
    # An exception 0E has occurred in Ledger.exe
    (
        "vxd",
        rf"(?:an?\s+)?(?:fatal\s+)?exception\s+(?P<trap>[0-9a-f]{{2}})h?\s+(?:has\s+)?occurred\s+in\s+(?P<module>{IMAGE})",
        ("occurred in", "occurred\nin"),
    ),
    # The application Ledger.exe generated an exception: access violation (0xc0000005)
    (
        "box",
        rf"(?:the\s+)?application,?\s+(?P<process>{IMAGE})\s+generated\s+an\s+exception:?\s+(?P<words>{_WORDS})\s*"
        rf"\(?(?P<code>{HEX})\)?",
        ("generated an exception",),
    ),
    # An exception has occurred. Code: 0xc0000005 Flags: 0x00000000 Address: 0x0bc759ba        services of Exchange
    (
        "flags",
        rf"an\s+exception\s+has\s+occurred\b(?:[^.]{{0,200}}\.){{1,3}}\s+code:\s*(?P<code>{HEX})\s+flags:\s*{HEX}\s+"
        rf"address:\s*(?P<address>{HEX})",
        ("flags:",),
    ),
    # run-time error R6915 - / DOSX16: unhandled exception           extenders of MS-DOS
    (
        "extender",
        r"(?:run-?time\s+error\s+)?(?P<words>R69\d\d)\s*-?\s*(?P<process>DOSX\w{2,3})\s*:\s*[a-z][\w -]{3,60}",
        ("r69",),
    ),
    # OLE IDispatch exception code 5 from ledger.Server: …          Visual FoxPro and its relatives
    (
        "automation",
        r"OLE\s+(?:IDispatch\s+)?exception\s+code\s+\d{1,10}\s+from\s+[^\n:]{1,80}(?::[^\n]{0,160})?",
        ("exception code",),
    ),
    # An unhandled win32 exception occurred in ledger.exe [4242].        what offers a debugger, with the process's id
    (
        "offer",
        r"an\s+unhandled\s+(?:win32|Microsoft\s+\.NET(?:\s+Framework)?)\s+exception\s+occurred\s+in\s+"
        r"(?P<process>[\w$~.+-]{1,60})\s+[\[(]\d{1,9}[\])]",
        ("win32 exception", "win32\nexception", "framework exception", "framework\nexception"),
    ),
    # Debug Assertion Failed! File: leaf.cpp Line: 2325              what is left of the box of the C runtime
    (
        "assertion",
        r"debug\s+assertion\s+failed!?\s+file:?\s*[^\n:]{1,120}?[,;]?\s+line:?\s*\d{1,6}",
        ("assertion failed", "assertion\nfailed"),
    ),
    # Run-time error -2147417851 (80010105) OLE Automation Error The server threw an exception.
    (
        "automation",
        r"run-?time\s+error\s+-\d{4,10}\s*\([0-9a-f]{8}\):?\s+[^\n]{4,200}",
        ("time error -",),
    ),
)
"""Kind, pattern and what a paragraph must hold for it, in the order in which they are tried."""
