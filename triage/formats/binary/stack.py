"""Call stacks without symbols: a walk along frame pointers, and a scan for return addresses where that fails.

The walk follows what x86 and ARM64 compilers keep: the frame register points at the caller's saved one, the return
address lies behind it. The scan takes any word of the stack that points into a module's code; leftovers of earlier
calls look the same, so such a frame is a guess, and says so by its trust.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from itertools import compress
from operator import sub
from struct import Struct as Layout
from struct import unpack_from

from triage.formats.binary.addresses import Addresses
from triage.formats.binary.memory import Memory
from triage.formats.binary.registers import Processor
from triage.model.evidence import Frame

MAX_FRAMES = 64
_SCAN_BYTES = 256 * 1024
_MAX_GUESSES = 32
_FIRST_PIECE = 256
_PIECE = 2048
"""Words that are looked at at a time: few at first, as many stacks are told by their first frames."""
_SCAN_GAP = 8 * 1024
"""How far apart two return addresses may lie before the rest of the stack is taken for leftovers."""
_FIRST_CODE = 0x1000
"""The first page of an image holds its headers: a value that points there is no return address."""
_ARM64_ADDRESS = 0x0000_7FFF_FFFF_FFFF
"""Without the signature that pointer authentication leaves in the upper bits of a return address."""


class StackWalker:
    """Walks stacks of one process."""

    def __init__(
        self,
        processor: Processor,
        memory: Memory,
        addresses: Addresses,
        executable: Callable[[int], bool | None] = lambda _: None,
    ) -> None:
        """`executable` says whether code can run at an address, None where that is not known."""
        self._processor = processor
        self._has_calls = processor.name in ("x86", "x64")
        self._memory = memory
        self._addresses = addresses
        self._executable = executable
        self._bounds = addresses.loaded.bounds(_FIRST_CODE)
        self._sieve = _Sieve(self._bounds, processor.width)
        self._exact = not addresses.loaded.overlap
        self._returns: dict[int, bool] = {}

    def walk(self, registers: Mapping[str, int], top: int | None = None) -> tuple[Frame, ...]:
        """Frames from the registers on, innermost first, at most MAX_FRAMES; `top` is where the stack memory ends."""
        code = registers.get(self._processor.code)
        if code is None:
            return ()
        frame_of, processor = self._addresses.frame, self._processor
        frames = [frame_of(code, "context")]
        stack = registers.get(processor.stack)
        if stack is None:
            return tuple(frames)
        size = _SCAN_BYTES if top is None or top <= stack else min(_SCAN_BYTES, top - stack)
        raw = self._memory.read(stack, size)
        frame = registers.get(processor.frame) if processor.frame else None
        words = _Words(raw, stack, self._sieve)
        position = 0
        guesses = 0
        while len(frames) < MAX_FRAMES and guesses < _MAX_GUESSES:
            step = self._follow(raw, stack, position, frame) if frame is not None else None
            if step is not None:
                address, position, frame = step
                frames.append(frame_of(address, "frame-pointer"))
                if frame is None:
                    break
                continue
            found = self._scan(words, position, first=len(frames) == 1)
            if found is None:
                break
            address, slot = found
            guesses += 1
            frames.append(frame_of(address, "scan"))
            position = slot + processor.width
            if processor.frame:
                frame = self._saved_frame(raw, stack, slot, frame)
        return tuple(frames)

    def _word(self, raw: bytes, offset: int) -> int | None:
        width = self._processor.width
        if offset < 0 or offset + width > len(raw):
            return None
        value: int = unpack_from("<Q" if width == 8 else "<I", raw, offset)[0]
        return value

    def _follow(self, raw: bytes, stack: int, position: int, frame: int) -> tuple[int, int, int | None] | None:
        """Return address, offset behind it and next frame pointer; None where the chain does not hold."""
        width = self._processor.width
        at = frame - stack
        if at < position:
            return None
        following, address = self._word(raw, at), self._word(raw, at + width)
        if following is None or address is None:
            return None
        if width == 8:
            address &= _ARM64_ADDRESS
        # The chain goes up the stack, or ends with 0; anything else is not a chain.
        if not (following == 0 or following > frame) or not self._returns_to(address):
            return None
        return address, at + 2 * width, following or None

    def _scan(self, words: "_Words", position: int, *, first: bool) -> tuple[int, int] | None:
        """The next return address from `position` on, and the offset that it stands at."""
        width = self._processor.width
        start = -(-position // width)
        end = words.count if first else start + _SCAN_GAP // width
        returns = self._returns
        for index, value in words.ahead(start):
            if index < start:
                continue
            if index >= end:
                return None
            known = returns.get(value)
            if known is None:
                # Words that are exactly within the code need not be looked up once more.
                known = returns[value] = self._is_behind_call(value) if self._exact else self._returns_to(value)
            if known:
                return value, index * width
        return None

    def _saved_frame(self, raw: bytes, stack: int, slot: int, frame: int | None) -> int | None:
        """The frame pointer after a scan: saved below the return address, or the old one where it is still ahead."""
        width = self._processor.width
        saved = self._word(raw, slot - width)
        if saved is not None and slot < saved - stack < len(raw):
            return saved
        return frame if frame is not None and frame - stack > slot else None

    def _returns_to(self, address: int) -> bool:
        """Whether `address` can be a return address: in a module's code, behind a call as far as memory tells."""
        if self._exact:
            return bisect_right(self._bounds, address) & 1 == 1 and self._is_behind_call(address)
        module = self._addresses.loaded.find(address)
        if module is None or module.base is None or address - module.base < _FIRST_CODE:
            return False
        return self._is_behind_call(address)

    def _is_behind_call(self, address: int) -> bool:
        if self._executable(address) is False:
            return False
        if not self._has_calls:
            return True
        before = self._memory.read(address - 7, 7)
        return len(before) < 7 or _is_call(before)


class _Sieve:
    """Tells of many words at once, by two bytes of each, which of them may point into modules.

    Most words of a stack are small numbers or point elsewhere, which the byte above the 16 MiB (of 64-bit words the
    4 GiB) that they lie in tells; of the lowest 4 GiB, where small numbers lie, the byte above the 64 KiB.
    """

    def __init__(self, bounds: list[int], width: int) -> None:
        """`bounds` are those of `AddressMap.bounds`, `width` is the size of a word in bytes."""
        self.bounds = bounds
        self.width = width
        self._place = 4 if width == 8 else 3
        shift = 8 * self._place
        zones = {bound >> shift for bound in bounds}
        if max(map(sub, bounds[1::2], bounds[::2]), default=0) >> shift:
            zones.update(*(_reach(begin, end, shift) for begin, end in zip(bounds[::2], bounds[1::2], strict=True)))
        upper, lower = bytearray(256), bytearray(b"\1" * 256)
        for zone in zones:
            upper[zone & 0xFF] |= 1 if zone else 2
        for begin, end in zip(bounds[::2], bounds[1::2], strict=True):
            if begin >> shift:
                break
            for part in _reach(begin, min(end, (1 << shift) - 1), 16):
                lower[part & 0xFF] = 3
        self._upper, self._lower = bytes(upper), bytes(lower) if 0 in zones else b""

    def __call__(self, raw: bytes, first: int, size: int) -> bytes:
        """A byte for each of `size` words of `raw` from the word `first` on: 0 where it points into no module."""
        width = self.width
        start, end = first * width, (first + size) * width
        marks = raw[start + self._place : end : width].translate(self._upper)
        if self._lower:
            other = raw[start + 2 : end : width].translate(self._lower)
            marks = (int.from_bytes(marks, "little") & int.from_bytes(other, "little")).to_bytes(size, "little")
        return marks


def _reach(begin: int, end: int, shift: int) -> range:
    """The parts of 1 << `shift` bytes that the addresses from `begin` to `end` lie in, at most 256 of them."""
    return range(begin >> shift, min(end >> shift, (begin >> shift) + 255) + 1)


_WORDS = {4: Layout("<I"), 8: Layout("<Q")}


class _Words:
    """The words of the stack memory that point into modules, unpacked as far as the walk gets."""

    def __init__(self, raw: bytes, address: int, sieve: _Sieve) -> None:
        """`raw` is the memory at `address`."""
        bounds = sieve.bounds
        self.count = len(raw) // sieve.width
        self._raw = raw
        self._sieve = sieve
        # Of the words that are addresses at all, most point into the stack itself: into this gap between modules.
        place = bisect_right(bounds, address)
        inside = 0 < place < len(bounds) and place % 2 == 0
        self._gap = (bounds[place - 1], bounds[place]) if inside else (1 << 64, 1 << 64)
        self._start = 0
        self._found = self._pieces()

    def ahead(self, start: int) -> Iterator[tuple[int, int]]:
        """Index and value of the words that were not given yet, about from `start` on; a walk only goes on."""
        self._start = start
        return self._found

    def _pieces(self) -> Iterator[tuple[int, int]]:
        raw, sieve = self._raw, self._sieve
        bounds, width = sieve.bounds, sieve.width
        word = _WORDS[width].unpack_from
        if not bounds:
            return
        low, high = bounds[0], bounds[-1]
        below, above = self._gap
        first, size = 0, _FIRST_PIECE
        while first < self.count:
            first = max(first, self._start)
            size = min(size, self.count - first)
            if size <= 0:
                return
            marks = sieve(raw, first, size).rstrip(b"\0")
            for index in compress(range(first, first + len(marks)), marks):
                (value,) = word(raw, index * width)
                if low <= value < high and not below <= value < above and bisect_right(bounds, value) & 1:
                    yield index, value
            first += size
            size = min(size * 2, _PIECE)


def _is_call(before: bytes) -> bool:
    """Whether the seven bytes before a return address end with an x86 call: E8 rel32, or FF /2 with its operand."""
    if before[-5] == 0xE8:
        return True
    if 0xFF not in before:
        return False
    return any(before[-size] == 0xFF and before[1 - size] & 0x38 == 0x10 for size in (2, 3, 4, 6, 7))
