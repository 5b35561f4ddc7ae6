"""Codes that crash evidence shows and what they mean: the schema of rules/codes/*.yaml.

One type serves every table, so that one index (kind, code) finds all of them:

- `exception`: 32-bit NTSTATUS and HRESULT values, and the codes that languages and runtimes raise;
- `win32`: Win32 error codes, also raised as exceptions (RPC does) and wrapped in HRESULTs of facility 7;
- `bugcheck`: stop codes;
- `fill`: patterns that allocators write into memory, as they show in a bad address;
- `fault`: classes of fault. `code` is only their number, `name` is what the other kinds call them by.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

CodeKind = Literal["exception", "win32", "bugcheck", "fill", "fault"]

Code = Annotated[int, Meta(ge=0, le=0xFFFF_FFFF)]
Position = Annotated[int, Meta(ge=1, le=4)]


class ParameterValue(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """What one value of a parameter says (0x7F with first parameter 8 is a double fault).

    `parameter` counts from 1; `fault` names the class of fault where the value decides it; `roles` are those that the
    other parameters have with this value.
    """

    parameter: Position
    value: int
    meaning: str
    fault: str = ""
    roles: dict[str, Position] = {}


class CodeEntry(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A code by kind and number.

    `meaning` is one short sentence; `fault` names an entry of kind `fault`. `parameters` tells what each parameter
    means; where it is empty, `parameter_count` is how many the vendor documents. `status_parameter` and
    `address_parameter` (from 1) say which parameter holds a status code and which the address that was touched.
    `roles` names the parameters that commands of the class ask for (`<irp>` is parameter 4 of stop 9F).
    `commands` are debugger commands to run next, in order (kind `fault` only); `<…>` is what the user has to fill in.
    """

    kind: CodeKind
    code: Code
    name: str
    aliases: tuple[str, ...] = ()
    meaning: str = ""
    fault: str = ""
    parameter_count: int = 0
    parameters: tuple[str, ...] = ()
    status_parameter: Position | None = None
    address_parameter: Position | None = None
    roles: dict[str, Position] = {}
    values: tuple[ParameterValue, ...] = ()
    commands: tuple[str, ...] = ()


class Hint(Struct, frozen=True, kw_only=True):
    """The likely class of a fault that no rule describes.

    `fault` is the class's name, `meaning` says it in a sentence, `because` names what in the evidence points to it,
    `commands` are the debugger commands to run next, the most telling first; values that the evidence shows are filled
    in, others stay as `<module>`, `<driver>`, `<process>` and the like.
    """

    fault: str
    meaning: str
    because: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
