r"""The words by which runtimes, compilers, servers and engines tell a crash, and the rows of calls below them.

    *** unhandled exception (access violation) at 0x00007FF6F083898D, terminating           MongoDB
    *** access violation was a read from 0x0
    orchard.exe    ...\src\leaf.cpp(239)        orchard::grow+0x2d
    -- C level backtrace information -------------------------------------------            Ruby
    C:\Orchard\leaf.dll(grow_leaf+0x14) [0x00007FFED513C0E4]
    Access Violation:(c:\orchard\leaf.exe)                                                 OrangeC's tools
    CS:EIP 0023:004081C5  SS:ESP 002B:0019F0D4
    20:15:24 Exception :   at  EIP = 0x006A613D   ESP = 0x009E7C00   in C:\Orchard\leaf.exe        KiriKiri
    AddrPC           Params                                                                 Dr. Mingw
    00007FFA7F9E1BF6 00000001000FAF98 00007FFAAF695BA1 00000185C45E1E00  leaf.dll!Leaf::grow+0x56
    Address: 0281A830h (leaf+8A830h), symbol: "Grow" (+AAF0h)                               foobar2000
    00007FF7704BE921  000000384E3220F0  grow+3A1  d:\orchard\leaf.cpp line 571              servers of World of Warcraft
    C:\Orchard\bin\leaf.exe at 00007FF797981076                                            the X-Ray engine
    C:\Windows\System32\KERNEL32.DLL at 00007FFDAFC17374 BaseThreadInitThunk() + 20 byte(s)
    forrtl: severe (157): Program Exception - access violation                              Intel's Fortran
    leaf.exe           000000013F213DDF  GROW_mp_LEAF             1957  leaf.F90
    Exception at EIP=00007ff632a219e2 (leaf::grow()+0x0018): ACCESS VIOLATION               MAME
    While attempting to read memory at 0000025041f2de60
      000000affdaf9140: 00007ff632a219e2 (leaf::grow()+0x0018)
    Access violation in generated code when writing 0x0                                     Haskell's GHC
     * 0x461da80    0x37f7b66 C:\orchard\leaf.exe+0x33f7b66
    0023:6E53B633 (0x54A3C558 0x00208B50 0x0135F82C 0x6E53DFCD) leaf.dll, Grow()+23507 byte(s)        Gothic
    Exception: STATUS_ACCESS_VIOLATION at rip=00180136B4C                                   Cygwin, MSYS
    rbp=0000000000000001 rsp=00000000FFFFC408
    program=C:\orchard\leaf.exe, pid 7456, thread main
    000FFFFC9A0  00180136B4C (00000000000, 00000000000)
      37131 [main] leaf 7848 handle_exceptions: Exception: STATUS_ACCESS_VIOLATION
    "CrashAddress": "41E373",                                                               Reloaded II
    "FaultingModulePath": "D:\\Orchard\\leaf.exe"
    object.Error@(0): Access Violation                                                      D
    0x00402011 in void leaf.grow()
    code: 0xC0000005 (ACCESS_VIOLATION)                                                    dwarfstack
    base address: 0x00007FF6DB1C0000 (leaf.exe)
        stack 00: 0x00007FF6DB1C1BB0 (leaf.c:10:6) [grow]
    0x00007FF9E8545A2C, C:\orchard\leaf.dll(0x00007FF9E84F0000) + 0x55A2C byte(s), grow() + 0x17C byte(s)       LLVM
    0x00001a2c | ExceptionCode.EXCEPTION_ACCESS_VIOLATION | 0x00000000 | …                  Python's minidump

Groups of a head: words, name or code of the exception, address, path of what failed, program. Of a call: path or
module, function, `in` (the offset in it, hexadecimal) or `in_decimal`, offset (in the module), address, source.
Sources: ruby, addr2line.c and vm_dump.c; mongo, src/mongo/util/stacktrace_windows.cpp; krkrz, base/win32/
WindowsUtil; xray-16, src/xrCore/xrDebug.cpp; mame, src/osd/windows/winmain.cpp; ghc, rts/win32/veh_excn.c; cygwin,
winsup/cygwin/exceptions.cc.
"""

import re

from msgspec import Struct

from triage.text.lazy import regex

_HEX = r"[0-9a-f]{8,16}"
_NAME = r"(?P<function>[A-Za-z_?`~][^\n]{0,300}?)"


class Family(Struct, frozen=True, kw_only=True):
    """One way to tell a crash: what a row holds that begins one, the forms of that row, and the form of a call.

    `alone` tells that such calls are known without words above, by a piece that one of them holds.
    """

    heads: tuple[re.Pattern[str], ...] = ()
    holding: tuple[str, ...]
    call: re.Pattern[str] | None = None
    alone: bool = False


FOOBAR = regex(
    r"\s{0,8}Address: (?P<address>[0-9A-F]{8,16})h \((?P<module>[\w.$~ -]{1,80})\+(?P<offset>[0-9A-F]{1,12})h\)"
    r"(?:, symbol: \"(?P<function>[^\"\n]{1,300})\" \(\+(?P<in>[0-9A-F]{1,12})h\))?\s{0,4}"
)
"""A call as foobar2000 prints it, in its reports too."""

FAMILIES = (
    Family(
        heads=(
            regex(
                r"[^\n]{0,80}?\*{3} unhandled exception (?:\((?P<words>[a-z][a-z -]{3,40})\)|0x(?P<code>"
                r"[0-9a-f]{8})) at"
                rf" 0x(?P<address>{_HEX}), terminating\s{{0,4}}",
                re.IGNORECASE,
            ),
        ),
        holding=(" unhandled exception ",),
        call=regex(
            r"[^\n\\]{0,80}?(?P<module>[\w$.-]{1,60}\.(?:exe|dll))\s{2,12}(?P<source>(?:\.{3}|[A-Za-z]:)\\[^\n()]{1,200}"
            rf"\(\d{{1,7}}\))\s{{2,200}}{_NAME}\+0x(?P<in>[0-9a-f]{{1,12}})\s{{0,4}}",
            re.IGNORECASE,
        ),
    ),
    Family(
        heads=(regex(r"\s{0,8}-- C level backtrace information -{3,80}\s{0,4}"),),
        holding=("-- C level ", ") [0x"),
        call=regex(
            r"\s{0,8}(?P<path>[A-Za-z]:[\\/][^()\n]{1,260}(?:\([^()\n]{1,20}\)[^()\n]{1,200})?\.\w{2,5})"
            rf"\((?P<function>[^\s()+]{{1,300}})\+0x(?P<in>[0-9a-f]{{1,12}})\) \[0x(?P<address>{_HEX})\]\s{{0,4}}",
            re.IGNORECASE,
        ),
        alone=True,
    ),
    Family(
        heads=(
            regex(
                r"[\s>*`]{0,8}(?P<words>Access Violation|Stack Overflow|Illegal Instruction|Divide by Zero):"
                r"\((?P<path>[A-Za-z]:\\[^()\n]{1,260}\.exe)\)\s{0,4}",
                re.IGNORECASE,
            ),
        ),
        holding=("iolation:(", "verflow:(", "nstruction:(", "Zero:("),
    ),
    Family(
        heads=(
            regex(
                r"[^\n]{0,24}?\bException :\s{1,4}(?P<words>[A-Za-z_ ]{3,40}?)?\s{0,4}at\s{1,4}[ER]IP = 0x(?P<address>"
                rf"{_HEX})\s{{1,4}}[ER]SP = 0x{_HEX}\s{{1,4}}in (?P<path>[A-Za-z]:\\"
                rf"[^\n]{{1,260}}\.\w{{2,4}})\s{{0,4}}",
                re.IGNORECASE,
            ),
        ),
        holding=("Exception : ",),
    ),
    Family(
        heads=(regex(r"\s{0,8}AddrPC\s{1,20}Params\s{0,8}"),),
        holding=("AddrPC ",),
        call=regex(
            rf"\s{{0,8}}(?P<address>{_HEX}) {_HEX} {_HEX} {_HEX}"
            r"(?:\s{1,4}(?P<module>[\w$.+~-]{1,80})(?:!(?P<function>\S[^\n\[]{0,300}?)(?:\+0x(?P<in>[0-9a-f]{1,8}))?)?)?"
            r"(?:\s{1,4}\[(?P<source>[^\[\]\n]{1,300} @ \d{1,7})\])?\s{0,4}",
            re.IGNORECASE,
        ),
    ),
    Family(
        holding=("h), symbol: ",),
        call=FOOBAR,
        alone=True,
    ),
    Family(
        holding=(" line ",),
        call=regex(
            rf"\s{{0,8}}(?P<address>{_HEX})\s{{1,4}}{_HEX}\s{{1,4}}(?P<function>[A-Za-z_?~`][^\n+]{{0,300}}?)\+"
            r"(?P<in>[0-9A-F]{1,8})\s{1,4}(?P<source>[A-Za-z]:\\[^\n]{1,260}? line \d{1,7})\s{0,4}",
            re.IGNORECASE,
        ),
        alone=True,
    ),
    Family(
        holding=(" byte(s)",),
        call=regex(
            r"\s{0,8}(?P<path>[A-Za-z]:\\[^\n]{1,260}?\.\w{2,4}) at (?P<address>[0-9A-F]{8,16})"
            rf"(?:,? {_NAME}\(\) ?\+ ?(?P<in_decimal>\d{{1,10}}) byte\(s\))?\s{{0,4}}"
        ),
        alone=True,
    ),
    Family(
        holding=(" byte(s)",),
        call=regex(
            r"\s{0,8}[0-9A-F]{4}:(?P<address>[0-9A-F]{8}) \((?:0x[0-9A-F]{8} ){3}0x[0-9A-F]{8}\)"
            rf" (?P<module>[\w$. +~-]{{1,80}}\.\w{{2,4}})(?:, {_NAME}\(\)\+(?P<in_decimal>\d{{1,10}}) byte\(s\)"
            r"(?:, (?P<source>[A-Za-z]:\\[^\n]{1,260}?, line \d{1,7})(?:\+\d{1,8} byte\(s\))?)?)?\s{0,4}"
        ),
        alone=True,
    ),
    Family(
        heads=(
            regex(
                r"[^\n]{0,80}?\bforrtl: (?:severe|error) \(\d{1,4}\): Program Exception - (?P<words>[a-z][a-z"
                r" -]{3,40}?)\s{0,4}",
                re.IGNORECASE,
            ),
        ),
        holding=("forrtl: ",),
        call=regex(
            rf"\s{{0,8}}(?P<module>[\w$.+~-]{{1,80}})\s{{1,40}}(?P<address>{_HEX})\s{{1,8}}(?P<function>\S{{1,120}})\s{{1,40}}"
            r"(?:Unknown|\d{1,7})\s{1,8}(?P<source>\S[^\n]{0,200}?)\s{0,24}",
            re.IGNORECASE,
        ),
    ),
    Family(
        heads=(
            regex(
                rf"(?:MAME error: ?)?\s{{0,8}}Exception at [ER]IP=(?P<address>{_HEX}) \([^\n]{{1,400}}?\): "
                rf"(?P<words>[A-Z][A-Z ]{{3,40}}?)\s{{0,4}}",
                re.IGNORECASE,
            ),
        ),
        holding=("Exception at EIP=", "Exception at RIP="),
        call=regex(
            rf"(?:MAME error: ?)?\s{{0,8}}{_HEX}: (?P<address>{_HEX}) \((?:(?P<function>[^\n]{{1,600}}?)\+0x(?P<in>"
            rf"[0-9a-f]{{1,8}})"
            r"|not found)\)\s{0,4}",
            re.IGNORECASE,
        ),
    ),
    Family(
        heads=(
            regex(
                r"[^\n]{0,60}?\b(?P<words>Access violation) in generated code when "
                r"(?P<access>reading|writing|executing) (?:data at )?0x(?P<target>[0-9a-f]{1,16})\s{0,4}"
            ),
            regex(r"[^\n]{0,60}?\s{2}Frame\s{1,12}Code address\s{0,4}"),
        ),
        holding=(" in generated code ", "Code address"),
        call=regex(
            r"(?:[^\n]{0,60}?\* |\s{0,8})0x[0-9a-f]{1,16}\s{1,12}0x(?P<address>[0-9a-f]{1,16})"
            r"(?: (?P<path>[A-Za-z]:\\[^\n]{1,300}?)\+0x(?P<offset>[0-9a-f]{1,12}))?\s{0,4}"
        ),
    ),
    Family(
        heads=(
            regex(
                r"[\s>`]{0,8}Exception: (?P<name>STATUS_[A-Z_]{4,40}) at [er]ip=(?P<address>[0-9a-f]{8,16})\s{0,4}",
                re.IGNORECASE,
            ),
            regex(
                r"[^\n]{0,120}?\[[\w.-]{1,24}\] (?P<program>[\w.+-]{1,40}) \d{1,9} "
                r"(?:handle_exceptions|exception::handle): Exception: (?P<name>STATUS_[A-Z_]{4,40})[^\n]{0,40}"
            ),
        ),
        holding=("Exception: STATUS_",),
        call=regex(
            r"\s{0,8}[0-9A-F]{8,12}\s{1,4}(?P<address>[0-9A-F]{8,12})\s{1,4}\((?:[0-9A-F]{8,12}, ){1,3}"
            r"[0-9A-F]{8,12}\)\s{0,4}"
        ),
    ),
    Family(
        heads=(
            regex(
                r"[^\n]{0,160}?\bCrashAddress\": \"(?P<address>[0-9A-F]{4,16})\",(?:\s{1,4}\"FaultingModulePath\":"
                r" \"(?P<path>[^\"\n]{1,300})\",?)?\s{0,4}"
            ),
        ),
        holding=("CrashAddress",),
    ),
    Family(
        heads=(
            regex(
                r"object\.Error(?:@\(0\))?: (?P<words>Access Violation|Stack Overflow|Illegal Instruction|Integer"
                r" Divide by Zero)\s{0,4}"
            ),
        ),
        holding=("object.Error",),
        call=regex(
            r"\s{0,8}0x(?P<address>[0-9A-F]{8,16})(?: in (?P<function>\S[^\n]{0,300}?)(?: at (?P<source>"
            r"[^\n]{1,200}\(\d{1,6}\)))?)?\s{0,4}"
        ),
    ),
    Family(
        heads=(
            regex(
                r"\s{0,8}0x[0-9a-f]{8} \| ExceptionCode\.(?P<name>(?:EXCEPTION|STATUS)_[A-Z_]{4,40})\s{1,40}"
                r"\| 0x[0-9a-f]{8}\s{1,16}\| 0x[0-9a-f]{8,16}\s{1,16}\| 0x(?P<address>[0-9a-f]{8,16})\s{1,16}\|"
                r"[^\n]{0,300}"
            ),
        ),
        holding=(" | ExceptionCode.",),
    ),
    Family(
        heads=(regex(r"\s{0,8}code: 0x(?P<code>[0-9A-F]{8}) \([A-Z_]{4,40}\)\s{0,4}"),),
        holding=("code: 0xC", "code: 0x8"),
        call=regex(
            r"\s{0,12}stack \d{2,3}: 0x(?P<address>[0-9A-F]{8,16}) "
            r"\((?:(?P<source>[^()\n]{1,300}?:\d{1,7}(?::\d{1,5})?)"
            r"|(?P<module>[\w$.+~-]{1,80}\.\w{2,4}))\)(?: \[(?P<function>[^\n]{1,400})\])?\s{0,4}"
        ),
    ),
    Family(
        # What AddressSanitizer calls a crash on Windows; elsewhere it is a SEGV, an ILL or an FPE.
        heads=(
            regex(
                r"[^\n]{0,80}?AddressSanitizer: (?P<words>access-violation|illegal-instruction|int-divide-by-zero) on"
                rf" (?:unknown )?address 0x(?P<target>{_HEX}) \(pc 0x(?P<address>{_HEX})\b[^\n]{{0,120}}",
                re.IGNORECASE,
            ),
        ),
        holding=("AddressSanitizer: ",),
        call=regex(
            rf"[\s>]{{0,8}}#\d{{1,4}} 0x(?P<address>{_HEX}) {{1,3}}(?:in (?P<function>[^\n]{{1,300}}?)"
            r"(?:\+0x(?P<in>[0-9a-f]{1,8}))? )?"
            r"(?:\((?P<path>[A-Za-z]:\\[^()\n]{1,260}(?:\([^()\n]{1,20}\)[^()\n]{1,200})?\.\w{2,4})(?::\w{1,12})?"
            r"\+0x[0-9a-f]{1,16}\)|(?P<source>[^\s()][^()\n]{0,260}?:\d{1,7}(?::\d{1,5})?))"
            r"(?: \(BuildId: [^()\n]{0,80}\))?\s{0,4}",
            re.IGNORECASE,
        ),
    ),
    Family(
        holding=(" byte(s), ",),
        call=regex(
            rf"\s{{0,8}}0x(?P<address>{_HEX}), "
            rf"(?P<path>[A-Za-z]:[\\/][^\n()]{{1,260}}(?:\([^()\n]{{1,20}}\)[^()\n]{{1,200}})?"
            rf"\.\w{{2,4}})\(0x{_HEX}\) \+ 0x(?P<offset>[0-9a-f]{{1,12}}) byte\(s\)"
            r"(?:, (?P<function>[^\s,][^\n,]{0,300}?)\(\) \+ 0x(?P<in>[0-9a-f]{1,12}) byte\(s\))?"
            r"(?:, [^\n]{1,300})?\s{0,4}",
            re.IGNORECASE,
        ),
        alone=True,
    ),
)

BELOW = (
    regex(r"[^\n]{0,80}?The signal is caused by an? (?P<access>READ|WRITE) memory access\.\s{0,4}"),
    regex(r"\s{0,8}(?P<access>read|write|execute) access violation at 0x(?P<target>[0-9A-F]{1,16})\s{0,4}"),
    regex(r"\s{0,8}base address: 0x[0-9A-F]{8,16} \((?P<program>[^()\n]{1,260}\.\w{2,4})\)\s{0,4}"),
    regex(r"[^\n]{0,16}?\bCS:[ER]IP:? [0-9a-f]{4}:(?P<address>[0-9a-f]{8,16})\b[^\n]{0,80}", re.IGNORECASE),
    regex(
        r"[^\n]{0,80}?\*{3} access violation was an? (?P<access>read|write|execut)\w{0,5} (?:from|to|at|of) 0x"
        r"(?P<target>"
        r"[0-9a-f]{1,16})\s{0,4}",
        re.IGNORECASE,
    ),
    regex(
        r"(?:MAME error: ?)?\s{0,8}While attempting to (?P<access>read|write|execute) memory at (?P<target>"
        r"[0-9a-f]{8,16})\s{0,4}",
        re.IGNORECASE,
    ),
    regex(r"\s{0,24}\"FaultingModulePath\": \"(?P<path>[A-Za-z]:\\[^\"\n]{1,300})\",?\s{0,4}"),
    regex(
        r"[^\n]{0,60}?\bprogram=(?P<program>[A-Za-z]:\\[^\n,]{1,300}?\.\w{2,4})(?:, pid (?P<pid>\d{1,9})\b"
        r"[^\n]{0,80})?\s{0,4}"
    ),
)
"""What rows below the words tell: where it was, what was touched, the program."""

LOCALS = regex(r"\s{8,96}(?:(?P<first>Parameter |Local )|[A-Za-z_][\w:<>*&, \[\]]{1,80}(?: =|$))")
"""Variables that handlers of debug builds print below a call."""
