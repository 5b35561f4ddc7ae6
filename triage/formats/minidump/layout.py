"""Numbers and shapes of user minidumps, and what a reader makes of them.

Source: minidumpapiset.h (https://learn.microsoft.com/windows/win32/api/minidumpapiset/), the pages MINIDUMP_HEADER,
MINIDUMP_DIRECTORY, MINIDUMP_STREAM_TYPE and those of the streams; CONTEXT of winnt.h for the registers. Streams of
Breakpad: google_breakpad/common/minidump_format.h; of Crashpad: minidump/minidump_extensions.h.
"""

from collections.abc import Mapping
from struct import Struct as Layout

from msgspec import Struct

from triage.model.evidence import Access, Damage, Frame, Module, System

MAGIC = b"MDMP"
VERSION = 0xA793

HEADER = Layout("<4sIIIIIQ")
DIRECTORY = Layout("<III")
LOCATION = Layout("<II")

THREAD_LIST, MODULE_LIST, MEMORY_LIST, EXCEPTION, SYSTEM_INFO = 3, 4, 5, 6, 7
THREAD_EX_LIST, MEMORY64_LIST, COMMENT_A, COMMENT_W, HANDLE_DATA = 8, 9, 10, 11, 12
UNLOADED_LIST, MISC_INFO, MEMORY_INFO, THREAD_NAMES = 14, 15, 16, 24
CRASHPAD_INFO, BREAKPAD_INFO, BREAKPAD_ASSERTION = 0x43500001, 0x47670001, 0x47670002

STREAM_NAMES = {
    THREAD_LIST: "thread list", MODULE_LIST: "module list", MEMORY_LIST: "memory list", EXCEPTION: "exception",
    SYSTEM_INFO: "system information", THREAD_EX_LIST: "extended thread list", MEMORY64_LIST: "64-bit memory list",
    COMMENT_A: "comment", COMMENT_W: "comment", HANDLE_DATA: "handle data", UNLOADED_LIST: "unloaded module list",
    MISC_INFO: "miscellaneous information", MEMORY_INFO: "memory information", THREAD_NAMES: "thread names",
    CRASHPAD_INFO: "Crashpad information", BREAKPAD_INFO: "Breakpad information",
    BREAKPAD_ASSERTION: "Breakpad assertion",
}  # fmt: skip

MAX_STREAMS = 1024
MAX_MODULES = 8192
MAX_THREADS = 8192
MAX_RANGES = 200_000
MAX_HANDLES = 200_000
MAX_ANNOTATIONS = 512


class Location(Struct, frozen=True):
    """Where a stream lies: offset in the file and size in bytes, both already cut to the file's end."""

    offset: int
    size: int


class Thread(Struct, frozen=True, kw_only=True):
    """A thread. `registers` are those saved when the dump was written, lower-case names ("eip", "rsp").

    `stack` is the first address of its stack memory and the one behind it, `stack_offset` where the file has it.
    """

    id: int
    name: str | None = None
    teb: int = 0
    stack: tuple[int, int] = (0, 0)
    stack_offset: int = 0
    registers: Mapping[str, int] = {}


class ExceptionStream(Struct, frozen=True, kw_only=True):
    """The exception stream: numbers cut to the width of the process, registers at the moment of the exception."""

    thread: int
    code: int
    flags: int
    address: int
    parameters: tuple[int, ...] = ()
    access: Access | None = None
    target: int | None = None
    registers: Mapping[str, int] = {}


class Region(Struct, frozen=True, kw_only=True):
    """A region of address space: `state` is commit, reserve or free, `protect` the PAGE_* word, `kind` image …"""

    base: int
    size: int
    state: str
    protect: str
    kind: str


class Minidump(Struct, frozen=True, kw_only=True):
    """All that was read out of a user minidump.

    `time` is when it was written, `started` when the process was created, both seconds since 1970. `platform` is
    "windows", "linux", "macos" or None. `pointer` is the size of an address in bytes. `handles` counts open handles
    by type. `target_region` is where the address lies that the exception could not reach. `stack` is the failing
    thread's.
    """

    system: System | None = None
    platform: str | None = None
    pointer: int = 8
    time: int | None = None
    process: str | None = None
    pid: int | None = None
    started: int | None = None
    build_text: str | None = None
    exception: ExceptionStream | None = None
    threads: tuple[Thread, ...] = ()
    modules: tuple[Module, ...] = ()
    unloaded: tuple[Module, ...] = ()
    stack: tuple[Frame, ...] = ()
    handles: Mapping[str, int] = {}
    target_region: Region | None = None
    assertion: str | None = None
    comments: tuple[str, ...] = ()
    annotations: tuple[tuple[str, str], ...] = ()
    warnings: tuple[Damage, ...] = ()
