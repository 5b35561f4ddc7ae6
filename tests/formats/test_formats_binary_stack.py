"""The walk along a stack: what is sifted of its words, and which module an address lies in."""

from bisect import bisect_right

from hypothesis import given, settings
from hypothesis import strategies as st

from triage.formats.binary.addresses import AddressMap
from triage.formats.binary.stack import _Sieve, _Words
from triage.model.evidence import Module

SKIP = 0x1000


def modules(width: int) -> st.SearchStrategy[list[Module]]:
    """Modules anywhere in the address space, small and large, some of them next to each other or overlapping."""
    last = (1 << 8 * width) - 1
    near = st.sampled_from([0x1000, 0x400000, 0x1000000, 0x7FFE0000, 0xFFFF0000, 0x140000000, 0x7FF612340000, last])
    base = st.builds(lambda start, step: min(start + step * SKIP, last) & last, near, st.integers(0, 300))
    size = st.sampled_from([1, 0x800, 0x1001, 0x8000, 0x300000, 0x2000000, 0x180000000])
    return st.lists(
        st.builds(lambda base, size: Module(name="ledger.dll", base=base, end=min(base + size, 1 << 64)), base, size),
        max_size=8,
    )


@given(data=st.data(), width=st.sampled_from([4, 8]))
@settings(deadline=None, max_examples=300)
def test_the_sieve_keeps_every_word_that_points_into_a_module(data: st.DataObject, width: int) -> None:
    listed = data.draw(modules(width))
    bounds = AddressMap(listed).bounds(SKIP)
    last = (1 << 8 * width) - 1
    edges = [edge + step for edge in bounds for step in (-1, 0, 1)]
    word = st.one_of(st.integers(0, last), st.sampled_from([0, 1, 0xFFFF, 0x10000, last, *edges]))
    values = [value & last for value in data.draw(st.lists(word, max_size=700))]
    stack = data.draw(st.sampled_from([0, 0x12F000, 0x7FFC12340000])) & last
    raw = b"".join(value.to_bytes(width, "little") for value in values)
    place = bisect_right(bounds, stack)
    own = (bounds[place - 1], bounds[place]) if 0 < place < len(bounds) and place % 2 == 0 else (0, 0)
    expected = [
        (index, value)
        for index, value in enumerate(values)
        if bounds and bisect_right(bounds, value) & 1 and not own[0] <= value < own[1]
    ]
    assert list(_Words(raw, stack, _Sieve(bounds, width)).ahead(0)) == expected


@given(data=st.data())
@settings(deadline=None, max_examples=200)
def test_bounds_and_modules_agree(data: st.DataObject) -> None:
    listed = data.draw(modules(8))
    found = AddressMap(listed)
    bounds = found.bounds(SKIP)
    for edge in bounds:
        for address in (edge - 1, edge, edge + 1):
            module = found.find(address)
            code = module is not None and module.base is not None and address - module.base >= SKIP
            if not found.overlap and address < (1 << 64) - 1:
                assert bool(bisect_right(bounds, address) & 1) == code
            elif code:
                assert bounds[0] <= address < bounds[-1] or address >= (1 << 64) - 1
