"""Decorated C++ names of the Microsoft compiler, undone far enough to compare them with plain names.

Source of the format: the Visual C++ linker's decorated names (`?Name@Inner@Outer@@<type>`): the name, then its scopes
from inside out, each ended by `@`, the list ended by another `@`, then the type, which is of no use for comparing
and is not read. A digit stands for the name with that number of those already seen.
"""

_MAX_LENGTH = 4096
_MAX_DEPTH = 16

_OPERATORS = {
    "2": "operator new",
    "3": "operator delete",
    "4": "operator=",
    "5": "operator>>",
    "6": "operator<<",
    "7": "operator!",
    "8": "operator==",
    "9": "operator!=",
    "A": "operator[]",
    "B": "operator cast",
    "C": "operator->",
    "D": "operator*",
    "E": "operator++",
    "F": "operator--",
    "G": "operator-",
    "H": "operator+",
    "I": "operator&",
    "J": "operator->*",
    "K": "operator/",
    "L": "operator%",
    "M": "operator<",
    "N": "operator<=",
    "O": "operator>",
    "P": "operator>=",
    "Q": "operator,",
    "R": "operator()",
    "S": "operator~",
    "T": "operator^",
    "U": "operator|",
    "V": "operator&&",
    "W": "operator||",
    "X": "operator*=",
    "Y": "operator+=",
    "Z": "operator-=",
    "_0": "operator/=",
    "_1": "operator%=",
    "_2": "operator>>=",
    "_3": "operator<<=",
    "_4": "operator&=",
    "_5": "operator|=",
    "_6": "operator^=",
    "_7": "`vftable'",
    "_8": "`vbtable'",
    "_9": "`vcall'",
    "_D": "`vbase destructor'",
    "_E": "`vector deleting destructor'",
    "_F": "`default constructor closure'",
    "_G": "`scalar deleting destructor'",
    "_H": "`vector constructor iterator'",
    "_I": "`vector destructor iterator'",
    "_U": "operator new[]",
    "_V": "operator delete[]",
}
_CLASS_TYPES = frozenset("TUV")


class _DamagedError(Exception):
    """The name does not follow the format; it is then left as it is."""


def undecorate_msvc(name: str) -> str:
    """`Outer::Inner::Name` of `?Name@Inner@Outer@@…`; a name of another form, or a damaged one, comes back as it is."""
    if not name.startswith("?") or len(name) > _MAX_LENGTH:
        return name
    try:
        return _Reader(name, 1).qualified(0)
    except _DamagedError:
        return name


class _Reader:
    """Reads one name from `position` on; template arguments are passed over, and shown as `<>`."""

    def __init__(self, text: str, position: int) -> None:
        self.text = text
        self.position = position
        self.seen: list[str] = []

    def qualified(self, depth: int) -> str:
        special = ""
        if self._take("?"):
            special = "" if self._peek() == "$" else self._operator()
        parts = [] if special else [self._template(depth) if self._take("$") else self._plain()]
        while not self._take("@"):
            parts.append(self._scope(depth))
        parts.reverse()
        if special in ("0", "1"):
            if not parts:
                raise _DamagedError
            parts.append(("~" if special == "1" else "") + parts[-1].removesuffix("<>"))
        elif special:
            parts.append(_OPERATORS.get(special, "operator"))
        return "::".join(parts)

    def _peek(self) -> str:
        if self.position >= len(self.text):
            raise _DamagedError
        return self.text[self.position]

    def _next(self) -> str:
        character = self._peek()
        self.position += 1
        return character

    def _take(self, character: str) -> bool:
        if self._peek() != character:
            return False
        self.position += 1
        return True

    def _operator(self) -> str:
        code = self._next()
        return code + self._next() if code == "_" else code

    def _plain(self) -> str:
        end = self.text.find("@", self.position)
        if end <= self.position:
            raise _DamagedError
        name = self.text[self.position : end]
        self.position = end + 1
        self.seen.append(name)
        return name

    def _scope(self, depth: int) -> str:
        if self._take("?"):
            if self._take("$"):
                return self._template(depth)
            if self._peek() != "A":
                raise _DamagedError  # `?1??Function@@…`: a scope inside a function, too deep to matter for comparing
            self._plain()
            return "`anonymous namespace'"
        if self._peek().isdecimal():
            index = int(self._next())
            if index >= len(self.seen):
                raise _DamagedError
            return self.seen[index]
        return self._plain()

    def _template(self, depth: int) -> str:
        if depth >= _MAX_DEPTH:
            raise _DamagedError
        inner = _Reader(self.text, self.position)  # numbers count anew inside a template
        name = inner._plain() + "<>"
        inner._arguments(depth)
        self.position = inner.position
        self.seen.append(name)
        return name

    def _arguments(self, depth: int) -> None:
        while not self._take("@"):
            character = self._next()
            if character in _CLASS_TYPES or (character == "W" and self._peek().isdecimal()):
                if character == "W":
                    self.position += 1  # enum: `W4Name@@`
                self._class(depth)
            elif character == "$":  # a number, `$0A@`, or a pointer to something named
                self._constant()

    def _class(self, depth: int) -> None:
        while not self._take("@"):
            self._scope(depth + 1)

    def _constant(self) -> None:
        if self._next() != "0":
            return
        if self._take("?"):
            pass  # negative
        if self._peek().isdecimal():
            self.position += 1
            return
        end = self.text.find("@", self.position)
        if end < 0:
            raise _DamagedError
        self.position = end + 1
