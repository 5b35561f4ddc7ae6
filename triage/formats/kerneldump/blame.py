"""Which parameter of a bug check is the address of the failing code.

Source: "Bug Check Code Reference" (https://learn.microsoft.com/windows-hardware/drivers/debugger/bug-check-code-reference2),
the table of parameters of each code. The exception record in the dump's header is no help: it is the breakpoint by
which the system entered the debugger.
"""

_CODE_PARAMETER = {
    0x01: 1, 0x0A: 4, 0x1E: 2, 0x3B: 2, 0x4A: 1, 0x50: 3, 0x7E: 2, 0x8E: 2, 0xC5: 4, 0xC9: 2, 0xCB: 1, 0xCC: 3,
    0xCD: 3, 0xCE: 3, 0xCF: 3, 0xD0: 4, 0xD1: 4, 0xD3: 4, 0xD4: 4, 0xD5: 3, 0xD6: 3, 0xFC: 1, 0x116: 2, 0x117: 2,
}  # fmt: skip
"""From code to the number of the parameter, counted from 1."""

_IN_MINIDUMP = 0x10000000
"""Set in the codes 0x7E and 0x8E by the system where the dump is a small one: `1000007e`."""


def code_address(code: int, parameters: tuple[int, ...]) -> int | None:
    """The address of the failing code; None where the bug check has none, or the parameter is 0."""
    place = _CODE_PARAMETER.get(code & ~_IN_MINIDUMP)
    if place is None or place > len(parameters):
        return None
    return parameters[place - 1] or None
