"""The words by which debuggers call exceptions, and their codes (ntstatus.h, and the tables of NTSD and WinDbg).

Only what is needed to read forms that print a name and no code; what codes mean is data elsewhere.
"""

_CODES = {
    "access violation": 0xC0000005,
    "in-page error": 0xC0000006,
    "in page error": 0xC0000006,
    "in-page i/o error": 0xC0000006,
    "invalid handle": 0xC0000008,
    "illegal instruction": 0xC000001D,
    "noncontinuable exception": 0xC0000025,
    "invalid disposition": 0xC0000026,
    "invalid lock sequence": 0xC000001E,
    "array bounds exceeded": 0xC000008C,
    "floating denormal operand": 0xC000008D,
    "floating divide by zero": 0xC000008E,
    "floating inexact result": 0xC000008F,
    "floating invalid operation": 0xC0000090,
    "floating overflow": 0xC0000091,
    "floating stack check": 0xC0000092,
    "floating underflow": 0xC0000093,
    "float divide by zero": 0xC000008E,
    "integer divide by zero": 0xC0000094,
    "integer divide-by-zero": 0xC0000094,
    "divide by zero": 0xC0000094,
    "integer overflow": 0xC0000095,
    "privileged instruction": 0xC0000096,
    "stack overflow": 0xC00000FD,
    "stack buffer overflow": 0xC0000409,
    "stack buffer overrun": 0xC0000409,
    "heap corruption": 0xC0000374,
    "data misaligned": 0x80000002,
    "datatype misalignment": 0x80000002,
    "guard page violation": 0x80000001,
    "break instruction exception": 0x80000003,
    "breakpoint exception": 0x80000003,
    "hard coded breakpoint": 0x80000003,
    "hard coded breakpoint hit": 0x80000003,
    "single step exception": 0x80000004,
    "wake debugger": 0x80000007,
    "wow64 breakpoint": 0x4000001F,
    "wow64 single step exception": 0x4000001E,
    "c++ eh exception": 0xE06D7363,
    "visual c++ exception": 0xE06D7363,
    "clr exception": 0xE0434352,
    "clr notification exception": 0xE0444143,
    "application hang": 0xCFFFFFFF,
    "control-c exception": 0x40010005,
    "control-break exception": 0x40010008,
}
_SYMBOLS = {
    "access_violation": 0xC0000005,
    "in_page_error": 0xC0000006,
    "illegal_instruction": 0xC000001D,
    "priv_instruction": 0xC0000096,
    "noncontinuable_exception": 0xC0000025,
    "stack_overflow": 0xC00000FD,
    "stack_buffer_overrun": 0xC0000409,
    "heap_corruption": 0xC0000374,
    "array_bounds_exceeded": 0xC000008C,
    "flt_divide_by_zero": 0xC000008E,
    "int_divide_by_zero": 0xC0000094,
    "int_overflow": 0xC0000095,
    "datatype_misalignment": 0x80000002,
    "guard_page": 0x80000001,
    "breakpoint": 0x80000003,
    "single_step": 0x80000004,
    "invalid_handle": 0xC0000008,
}


def code_of(words: str) -> int | None:
    """The code of an exception's name ("access violation", any case), or None."""
    return _CODES.get(" ".join(words.lower().split()))


def code_of_symbol(symbol: str) -> int | None:
    """The code of `EXCEPTION_ACCESS_VIOLATION_READ` or `STATUS_STACK_OVERFLOW`, or None."""
    bare = symbol.lower().removeprefix("exception_").removeprefix("status_")
    for suffix in ("", "_read", "_write", "_exec"):
        if bare.endswith(suffix) and (code := _SYMBOLS.get(bare.removesuffix(suffix))) is not None:
            return code
    return None
