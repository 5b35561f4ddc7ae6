"""A writer of LZX, as simple as the format allows: every frame is one block, with codes of two lengths at most."""

from collections.abc import Iterable
from itertools import accumulate

FRAME = 1 << 15
VERBATIM, ALIGNED, UNCOMPRESSED = 1, 2, 3
SLOTS = {15: 30, 16: 32, 17: 34, 18: 36, 19: 38, 20: 42, 21: 50}
EXTRA = [0 if slot < 4 else min(slot // 2 - 1, 17) for slot in range(51)]
BASE = [0, *accumulate(1 << extra for extra in EXTRA)]


class Writer:
    def __init__(self) -> None:
        self.bits: list[str] = []

    def put(self, value: int, count: int) -> None:
        if count:
            self.bits.append(format(value, f"0{count}b"))

    def words(self) -> bytes:
        text = "".join(self.bits)
        text += "0" * (-len(text) % 16)
        return b"".join(int(text[at : at + 16], 2).to_bytes(2, "little") for at in range(0, len(text), 16))


def lengths_for(used: Iterable[int], size: int) -> list[int]:
    """Lengths of a complete code for the used symbols, at least two of them."""
    symbols = sorted(set(used) | ({0, 1} if len(set(used)) < 2 else set()))
    long = max(1, (len(symbols) - 1).bit_length())
    short = (1 << long) - len(symbols)
    lengths = [0] * size
    for place, symbol in enumerate(symbols):
        lengths[symbol] = long - 1 if place < short else long
    return lengths


def codes_of(lengths: list[int]) -> dict[int, tuple[int, int]]:
    codes, code = {}, 0
    for length in range(1, 17):
        code <<= 1
        for symbol, own in enumerate(lengths):
            if own == length:
                codes[symbol] = (code, length)
                code += 1
    return codes


def put_lengths(out: Writer, old: list[int], new: list[int]) -> None:
    """A run of lengths through its pretree; runs of zeros and of one value in their short forms."""
    pretree = lengths_for(range(20), 20)
    for length in pretree:
        out.put(length, 4)
    codes = codes_of(pretree)
    at = 0
    while at < len(new):
        run = next((n for n in range(1, len(new) - at) if new[at + n] != new[at]), len(new) - at)
        if new[at] == 0 and run >= 20:
            run = min(run, 51)
            out.put(*codes[18])
            out.put(run - 20, 5)
        elif new[at] == 0 and run >= 4:
            run = min(run, 19)
            out.put(*codes[17])
            out.put(run - 4, 4)
        elif run >= 4 and old[at] >= 0:
            run = min(run, 5)
            out.put(*codes[19])
            out.put(run - 4, 1)
            out.put(*codes[(old[at] - new[at]) % 17])
        else:
            run = 1
            out.put(*codes[(old[at] - new[at]) % 17])
        at += run


class Encoder:
    """Encodes frames in their order; each gives the data of one block of a cabinet."""

    def __init__(self, window: int, calls: int = 0) -> None:
        self.window, self.calls = window, calls
        self.main = [0] * (256 + 8 * SLOTS[window])
        self.length = [0] * 249
        self.recent = [1, 1, 1]
        self.seen: dict[bytes, int] = {}
        self.data = b""

    def frame(self, piece: bytes, kind: int) -> bytes:
        out = Writer()
        if not self.data:
            out.put(int(self.calls > 0), 1)
            if self.calls:
                out.put(self.calls >> 16, 16)
                out.put(self.calls & 0xFFFF, 16)
        start = len(self.data)
        self.data += piece
        out.put(kind, 3)
        out.put(len(piece) >> 8, 16)
        out.put(len(piece) & 0xFF, 8)
        if kind == UNCOMPRESSED:
            if sum(map(len, out.bits)) % 16 == 0:
                out.put(0, 16)
            head = b"".join(offset.to_bytes(4, "little") for offset in self.recent)
            return out.words() + head + piece + (b"\0" if len(piece) & 1 else b"")
        self.compressed(out, list(self.tokens(start)), kind)
        return out.words()

    def compressed(self, out: Writer, tokens: list[tuple[int, int, int, int]], kind: int) -> None:
        main = lengths_for((token[0] for token in tokens), len(self.main))
        length = lengths_for((token[1] for token in tokens if token[1] >= 0), 249)
        if kind == ALIGNED:
            for _ in range(8):
                out.put(3, 3)
        put_lengths(out, self.main[:256], main[:256])
        put_lengths(out, self.main[256:], main[256:])
        put_lengths(out, self.length, length)
        self.main, self.length = main, length
        mains, lengths = codes_of(main), codes_of(length)
        for symbol, footer, slot, extra in tokens:
            out.put(*mains[symbol])
            if footer >= 0:
                out.put(*lengths[footer])
            if slot >= 3 and kind == ALIGNED and EXTRA[slot] >= 3:
                out.put(extra >> 3, EXTRA[slot] - 3)
                out.put(extra & 7, 3)
            elif slot >= 3:
                out.put(extra, EXTRA[slot])

    def tokens(self, at: int) -> Iterable[tuple[int, int, int, int]]:
        """Main symbol, length footer or -1, slot and bits of the offset; greedy matches of 3 to 257 bytes."""
        end = len(self.data)
        while at < end:
            key = self.data[at : at + 3]
            before = self.seen.get(key, -1) if len(key) == 3 else -1
            if len(key) == 3:
                self.seen[key] = at
            offset = at - before
            if before < 0 or offset > (1 << self.window) - 3:
                yield self.data[at], -1, 0, 0
                at += 1
                continue
            length = 3
            while length < min(257, end - at) and self.data[before + length] == self.data[at + length]:
                length += 1
            if offset in self.recent:
                slot, extra = self.recent.index(offset), 0
                self.recent[slot] = self.recent[0]
                self.recent[0] = offset
            else:
                slot = max(s for s in range(3, 51) if BASE[s] - 2 <= offset)
                extra = offset - (BASE[slot] - 2)
                self.recent = [offset, *self.recent[:2]]
            header = min(length - 2, 7)
            yield 256 + 8 * slot + header, length - 9 if header == 7 else -1, slot, extra
            at += length


def with_calls(data: bytes, size: int) -> bytes:
    """x86 calls with absolute targets, frame by frame, as an encoder prepares them."""
    out = b""
    for start in range(0, len(data), FRAME):
        piece = bytearray(data[start : start + FRAME])
        at = 0
        while at < len(piece) - 10:
            if piece[at] != 0xE8:
                at += 1
                continue
            here = start + at
            relative = int.from_bytes(piece[at + 1 : at + 5], "little", signed=True)
            if -here <= relative < size:
                target = relative + here if relative < size - here else relative - size
                piece[at + 1 : at + 5] = (target & 0xFFFFFFFF).to_bytes(4, "little")
            at += 5
        out += bytes(piece)
    return out


def lzx_blocks(data: bytes, window: int = 15, kinds: tuple[int, ...] = (VERBATIM,), calls: int = 0) -> list[bytes]:
    """The blocks of a cabinet's folder; the kinds of LZX block take turns."""
    encoder = Encoder(window, calls)
    prepared = with_calls(data, calls) if calls else data
    frames = [prepared[at : at + FRAME] for at in range(0, len(prepared), FRAME)]
    return [encoder.frame(frame, kinds[index % len(kinds)]) for index, frame in enumerate(frames)]
