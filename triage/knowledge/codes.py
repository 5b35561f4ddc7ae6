"""Exception codes, Win32 errors and bug checks by number and by name.

The tables are large and a report needs a handful of entries, so `Codes` holds no table: it asks two functions
that the pack provides. The shared rules of code spaces (an HRESULT that wraps a Win32 error, a bug check's
minidump variant) live here, so that no table has to repeat itself.
"""

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from triage.model.code import CodeEntry, CodeKind

Lookup = Callable[[CodeKind, int], CodeEntry | None]
"""The entry of exactly this kind and number."""

NameLookup = Callable[[str], CodeEntry | None]
"""The entry of this name or alias, given in lower case; where kinds share a name, the first written has it."""

_WIN32_LIMIT = 0x1_0000
_FACILITY_MASK = 0xFFFF_0000
_HRESULT_FROM_WIN32 = 0x8007_0000  # FACILITY_WIN32 with the failure bit, winerror.h
_NTSTATUS_FROM_WIN32 = 0xC007_0000  # FACILITY_NTWIN32 with severity error, ntstatus.h
_FACILITY_NT_BIT = 0x1000_0000  # HRESULT_FROM_NT sets it, so c0000005 shows as d0000005
_MINIDUMP_BIT = 0x1000_0000  # 0x1000007E is 0x7E, written where only a minidump could be saved


class Codes:
    """Codes to their meaning. Every query takes the unsigned 32-bit value; a sign-extended one is cut to it."""

    def __init__(self, lookup: Lookup, named: NameLookup) -> None:
        self._lookup = lookup
        self._named = named

    @classmethod
    def of(cls, entries: Iterable[CodeEntry]) -> "Codes":
        """Codes over entries in memory; of two entries with one key the first stands."""
        table: dict[tuple[CodeKind, int], CodeEntry] = {}
        names: dict[str, CodeEntry] = {}
        for entry in entries:
            table.setdefault((entry.kind, entry.code), entry)
            for name in names_of(entry):
                names.setdefault(name, entry)
        return cls(lambda kind, code: table.get((kind, code)), names.get)

    def exception(self, code: int) -> CodeEntry | None:
        """The meaning of an exception, status or error code.

        Values below 0x10000 are Win32 errors: NTSTATUS has only successes there, and RPC raises Win32 errors as
        exceptions. An HRESULT that wraps a Win32 error or an NTSTATUS and has no entry of its own resolves to what
        it wraps.
        """
        code &= 0xFFFF_FFFF
        if code < _WIN32_LIMIT:
            return self._lookup("win32", code)
        found = self._lookup("exception", code)
        if found is None and code & _FACILITY_MASK in {_HRESULT_FROM_WIN32, _NTSTATUS_FROM_WIN32}:
            found = self._lookup("win32", code & 0xFFFF)
        if found is None and code & _FACILITY_NT_BIT:
            found = self._lookup("exception", code & ~_FACILITY_NT_BIT)
        return found

    def bugcheck(self, code: int) -> CodeEntry | None:
        """The meaning of a stop code; a minidump variant means what the plain code means, under its own name."""
        code &= 0xFFFF_FFFF
        found = self._lookup("bugcheck", code)
        if code & _MINIDUMP_BIT and (found is None or not found.meaning):
            plain = self._lookup("bugcheck", code & ~_MINIDUMP_BIT)
            if plain is not None:
                return (
                    plain if found is None else replace(plain, code=found.code, name=found.name, aliases=found.aliases)
                )
        return found

    def fill(self, pattern: int) -> CodeEntry | None:
        """The allocator's pattern of exactly this 32-bit value."""
        return self._lookup("fill", pattern & 0xFFFF_FFFF)

    def fault(self, name: str) -> CodeEntry | None:
        """The class of fault of this name ("null-pointer")."""
        found = self._named(name.lower())
        return found if found is not None and found.kind == "fault" else None

    def named(self, name: str) -> CodeEntry | None:
        """The entry of a symbolic name in any case ("STATUS_ACCESS_VIOLATION", "irql_not_less_or_equal")."""
        return self._named(name.strip().lower())

    def code_of(self, name: str) -> int | None:
        """The number of a symbolic name, or None."""
        entry = self.named(name)
        return None if entry is None else entry.code


def names_of(entry: CodeEntry) -> tuple[str, ...]:
    """All names that an index of names must hold for the entry, in lower case."""
    return tuple(name.lower() for name in (entry.name, *entry.aliases))
