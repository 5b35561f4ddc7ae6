"""LZX, by which Windows packs most cabinets. Source: "[MS-PATCH]: LZX DELTA Compression and Decompression", section 2.

What cabinets have of it: a block of a cabinet is a frame of 32 KiB of output, which begins on a 16-bit word of input;
trees, offsets and window live on from frame to frame. Bits come from 16-bit little-endian words, highest bit first.
Python decodes some megabytes a second, so the output is bounded (`Limits.slow`).
"""

from itertools import accumulate

_VERBATIM, _ALIGNED, _UNCOMPRESSED = 1, 2, 3
_LITERALS = 256
_LENGTHS = 249
_MIN_MATCH = 2
_SLOTS = {15: 30, 16: 32, 17: 34, 18: 36, 19: 38, 20: 42, 21: 50}
"""By the window's size as a power of two."""

_EXTRA = tuple(0 if slot < 4 else min(slot // 2 - 1, 17) for slot in range(51))
_BASE = (0, *accumulate(1 << extra for extra in _EXTRA))
_TREE_BITS = 4
_PRETREE, _ALIGNED_TREE = 20, 8
_CALL = 0xE8
_LAST_CALL_FRAME = 1 << 15

Table = tuple[list[int], int]
"""A decoding table: entry by the next bits, `symbol << 5 | length`; how many bits it is asked with."""


class LzxError(Exception):
    """The data is no LZX, or is damaged."""


class _Bits:
    """The words of one frame, as bits."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._bits = 0
        self._left = 0

    def _fill(self, count: int) -> None:
        while self._left < count:
            # Past the end there are zeros: the last symbol is looked up with more bits than it has.
            word = int.from_bytes(self._data[self._at : self._at + 2], "little")
            if self._at > len(self._data) + 4:
                raise LzxError("the data ends too early")
            self._at += 2
            self._bits = (self._bits << 16 | word) & 0xFFFFFFFFFFFF
            self._left += 16

    def take(self, count: int) -> int:
        """The next bits as a number."""
        if not count:
            return 0
        if self._left < count:
            self._fill(count)
        self._left -= count
        return self._bits >> self._left & (1 << count) - 1

    def symbol(self, table: Table) -> int:
        """The next symbol of a tree."""
        entries, width = table
        if self._left < width:
            self._fill(width)
        entry = entries[self._bits >> self._left - width & (1 << width) - 1]
        if not entry:
            raise LzxError("a code that no symbol has")
        self._left -= entry & 31
        return entry >> 5

    def align(self) -> None:
        """Go to the next whole word; where one begins here, it is passed over, as it is padding."""
        if self._left % 16 == 0:
            self._fill(self._left + 1)
        self._at -= 2 * (self._left // 16)
        self._left = self._bits = 0

    def raw(self, count: int) -> bytes:
        """Bytes as they stand, after `align`."""
        piece = self._data[self._at : self._at + count]
        if len(piece) < count:
            raise LzxError("the data ends too early")
        self._at += count
        return piece


class LzxDecoder:
    """Decodes the blocks of one folder of a cabinet, in their order. `window` is a power of two, 15 to 21."""

    def __init__(self, window: int) -> None:
        if window not in _SLOTS:
            raise LzxError(f"a window of 2^{window} bytes is none of LZX")
        self._size = 1 << window
        self._main = [0] * (_LITERALS + 8 * _SLOTS[window])
        self._length = [0] * _LENGTHS
        self._tables: tuple[Table, Table, Table] | None = None
        self._kind = 0
        self._left = 0
        self._odd = False
        self._recent = [1, 1, 1]
        self._window = bytearray()
        self._frames = self._total = 0
        self._calls = 0
        self._called = False

    def block(self, data: bytes, size: int) -> bytes:
        """One block of a cabinet as the `size` bytes that it stands for. Raises LzxError for damage."""
        bits = _Bits(data)
        if not self._frames and bits.take(1):
            self._calls = bits.take(16) << 16 | bits.take(16)
        start = len(self._window)
        end = start + size
        while len(self._window) < end:
            if not self._left:
                self._head(bits)
            until = min(end, len(self._window) + self._left)
            before = len(self._window)
            if self._kind == _UNCOMPRESSED:
                self._window += bits.raw(until - before)
            else:
                self._decode(bits, until)
            self._left -= len(self._window) - before
        out = bytes(self._window[start:end])
        del self._window[: max(0, len(self._window) - self._size)]
        out = self._without_calls(out)
        self._frames += 1
        self._total += size
        return out

    def _head(self, bits: _Bits) -> None:
        """The head of an LZX block: its kind, its size, and the trees or the offsets that it begins with."""
        if self._odd:
            bits.raw(1)
            self._odd = False
        self._kind = bits.take(3)
        self._left = bits.take(16) << 8 | bits.take(8)
        if self._kind == _UNCOMPRESSED:
            self._called = True
            bits.align()
            raw = bits.raw(12)
            self._recent = [int.from_bytes(raw[at : at + 4], "little") for at in (0, 4, 8)]
            self._odd = bool(self._left & 1)
        elif self._kind in {_VERBATIM, _ALIGNED}:
            aligned: Table = ([0], 0)
            if self._kind == _ALIGNED:
                aligned = _table([bits.take(3) for _ in range(_ALIGNED_TREE)])
            _read_lengths(bits, self._main, 0, _LITERALS)
            _read_lengths(bits, self._main, _LITERALS, len(self._main))
            _read_lengths(bits, self._length, 0, _LENGTHS)
            self._called = self._called or self._main[_CALL] != 0
            self._tables = (_table(self._main), _table(self._length), aligned)
        else:
            raise LzxError(f"no kind of block is {self._kind}")
        if not self._left:
            raise LzxError("an empty block")

    def _decode(self, bits: _Bits, until: int) -> None:
        """Literals and matches, up to the length `until` of the window."""
        if self._tables is None:
            raise LzxError("a block without trees")
        main, lengths, aligned = self._tables
        window = self._window
        symbol_of = bits.symbol
        while len(window) < until:
            symbol = symbol_of(main)
            if symbol < _LITERALS:
                window.append(symbol)
                continue
            length = symbol & 7
            if length == 7:
                length += symbol_of(lengths)
            length += _MIN_MATCH
            offset = self._offset(bits, symbol - _LITERALS >> 3, aligned)
            if not 0 < offset <= len(window):
                raise LzxError("a match reaches back before the beginning")
            if len(window) + length > until:
                raise LzxError("a match reaches over the end of its block")
            if offset >= length:
                start = len(window) - offset
                window += window[start : start + length]
            else:
                piece = bytes(window[-offset:])
                window += (piece * (length // offset + 1))[:length]

    def _offset(self, bits: _Bits, slot: int, aligned: Table) -> int:
        """How far a match reaches back; the last three offsets have slots of their own."""
        recent = self._recent
        if slot < 3:
            offset = recent[slot]
            # Taken to the front; the one that was there goes to its place.
            recent[slot] = recent[0]
            recent[0] = offset
            return offset
        extra = _EXTRA[slot]
        offset = _BASE[slot] - 2
        if self._kind == _ALIGNED and extra >= 3:
            offset += (bits.take(extra - 3) << 3) + bits.symbol(aligned)
        else:
            offset += bits.take(extra)
        recent[:] = offset, recent[0], recent[1]
        return offset

    def _without_calls(self, out: bytes) -> bytes:
        """Undoes the translation of x86 calls: their targets were made absolute, since the same ones come again."""
        if not self._calls or not self._called or self._frames >= _LAST_CALL_FRAME or len(out) <= 10:
            return out
        data = bytearray(out)
        at = data.find(_CALL, 0, len(data) - 10)
        while at >= 0:
            here = self._total + at
            target = int.from_bytes(data[at + 1 : at + 5], "little", signed=True)
            if -here <= target < self._calls:
                relative = target - here if target >= 0 else target + self._calls
                data[at + 1 : at + 5] = (relative & 0xFFFFFFFF).to_bytes(4, "little")
            at = data.find(_CALL, at + 5, len(data) - 10)
        return bytes(data)


def _read_lengths(bits: _Bits, lengths: list[int], first: int, end: int) -> None:
    """The lengths of codes from `first` up to `end`, told as differences from those of the tree before."""
    pretree = _table([bits.take(_TREE_BITS) for _ in range(_PRETREE)])
    at = first
    while at < end:
        code = bits.symbol(pretree)
        run, value = 1, 0
        if code == 17:
            run = bits.take(4) + 4
        elif code == 18:
            run = bits.take(5) + 20
        else:
            if code == 19:
                run = bits.take(1) + 4
                code = bits.symbol(pretree)
            if code > 16:
                raise LzxError("a run of runs")
            value = (lengths[at] - code) % 17
        run = min(run, end - at)
        lengths[at : at + run] = [value] * run
        at += run


def _table(lengths: list[int]) -> Table:
    """The table of a canonical prefix code. Codes without a symbol have the entry 0; LZX allows an empty tree."""
    width = max(lengths)
    if not width:
        return [0], 0
    entries = [0] * (1 << width)
    at = 0
    for length in range(1, width + 1):
        step = 1 << width - length
        for symbol, own in enumerate(lengths):
            if own == length:
                if at + step > len(entries):
                    raise LzxError("a tree with too many codes")
                entries[at : at + step] = [symbol << 5 | length] * step
                at += step
    return entries, width
