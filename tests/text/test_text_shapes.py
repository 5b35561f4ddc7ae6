"""Shapes are asked in place of rows: what they say must never leave out a row that a look at each would have found."""

import re
from importlib import import_module
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.formats.combine import with_context
from triage.model.evidence import Incident
from triage.text import (
    addresses,
    event_anchors,
    event_csv,
    exception_context,
    modules_lists,
    modules_tables,
    prompts,
    repair_blocks,
    shapes,
    stacks,
    stacks_rows,
)
from triage.text.bugchecks import _LIKE_NAMED, _MAY_BE_NAMED
from triage.text.exceptions import _CODE, _CODE_WORD
from triage.text.folding import Likely, fold
from triage.text.forms import Forms
from triage.text.lines import Text, joined, spans
from triage.text.prose import is_prose
from triage.text.repair import _cleaned, clean, clean_part, repair, repaired, split
from triage.text.reports import rows_with
from triage.text.shapes import Shapes
from triage.text.stacks import read_stacks

# The package has a function of this name.
noise = import_module("triage.formats.debugger.noise")

PIECES = (
    "ModLoad: ", "7c900000 ", "0012f010 ", "00000000`04a8d9d0 ", ": ", "ntdll!RtlFreeHeap+0x1c",
    "chrome!Feed+0x1", "0:000> ",
    "kd> ", "lkd", ">", "kb", "# ", "// ", "> ", "[app] ", "2019-02-11 08:12:01 ", "Feb 3 ", "dbg[441]: ",
    "eax=00000001 ",
    "eip=77f7d357 ", "cs=001b  ", "iopl=0 ", "efl=00000202", "nv up ei", "(export symbols) ", "(deferred) ",
    "C:\\bin\\led.dll",
    "Unloaded modules:", "Image path: ", "start    end        module name",
    "(77f60000 - 77fbc000) dll\\led.dbg", "0x7ff6 - 0x7ff9",
    "Message :", "text- ", "Event 1000, Application Error", "event num",
    "Event ID: 1005", "id = 7", "description", "Thread Id", "Id: 1364.a9", "FAULTING_IP: ", "DRIVER_X (50)",
    "bugcheck code (19c)",
    "\\_x", "\\`", "'", "\t", "\x1b[0m", "\u00e9v\u00e9nement", "\u0130", "\u017fymbol", "\u0663 ", "&gt;",
    "<br>", "a,b,c", "4/8/2000,2:58,x", "; ",
    "REM ", "-- ", "*** ERROR: Symbol", "Opened log", "Copyright (c) Microsoft", "ChildEBP RetAddr",
    "********************",
    "(1a4.9c8): Access violation - code c0000005 (first chance)", "code", "   ",
    "the ledger was posted to the quill", ".",
    "  Type \"", "Kernel base = 0x804d7000", "00 ", "1f", "dead", "beef ", "(FPO: [2,0,2])", "foo.exe!bar",
    "+0x", "::", "<int>",
)  # fmt: skip
ROWS = st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), max_size=14)
ROWS_OR_TEXT = ROWS | st.lists(st.text(st.characters(exclude_characters="\n\r"), max_size=30), max_size=6)


@given(ROWS_OR_TEXT, st.lists(st.sampled_from(PIECES).map(str.strip).filter(bool), max_size=4), st.booleans())
@settings(deadline=None, max_examples=300)
def test_rows_that_hold_words(rows: list[str], words: list[str], exact: bool) -> None:
    words = words if exact else [word.lower() for word in words]
    wanted = [at for at, row in enumerate(rows) if any(word in (row if exact else row.lower()) for word in words)]
    assert Text(rows).holding(words, exact=exact) == wanted


@given(
    ROWS_OR_TEXT, st.lists(st.sampled_from(PIECES).map(str.strip).filter(bool), min_size=1, max_size=4), st.booleans()
)
@settings(deadline=None, max_examples=200)
def test_where_shapes_suspect_too_many_the_rows_are_searched(rows: list[str], words: list[str], exact: bool) -> None:
    words = words if exact else [word.lower() for word in words]
    wanted = [at for at, row in enumerate(rows) if any(word in (row if exact else row.lower()) for word in words)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shapes, "_MANY", 0)
        patch.setattr(shapes, "_TELLING", 99)
        assert Text(rows).holding(words, exact=exact) == wanted


@given(ROWS, st.lists(st.sampled_from(PIECES).filter(lambda piece: piece != "\t"), min_size=1, max_size=4))
@settings(deadline=None, max_examples=200)
def test_words_that_no_shape_holds_are_in_no_row(rows: list[str], words: list[str]) -> None:
    rows = [f"plain {'g' * (at % 90)}" for at in range(220)] + rows  # so many that their shapes are asked
    text = Text(rows, shapes=Shapes.of(rows))
    assert rows_with(text, *words) == [at for at, row in enumerate(rows) if any(word in row for word in words)]
    for word in words:
        assert not (text.lacks(word) and any(word in row for row in rows))


@given(ROWS)
@settings(deadline=None, max_examples=200)
def test_a_part_is_cleaned_by_its_shapes_as_row_by_row(rows: list[str]) -> None:
    text = "\n".join(["plain"] * 220 + rows)
    found, numbers, its_shapes = clean_part(text, 7, Forms())
    assert list(zip(numbers, found, strict=True)) == list(_cleaned(split(text), text, 7))
    assert _rows_by_form(its_shapes) == _rows_by_form(Shapes.of(found))


@given(ROWS_OR_TEXT, st.sets(st.integers(0, 13)), st.sampled_from(PIECES).map(str.strip).filter(bool))
@settings(deadline=None, max_examples=300)
def test_rows_that_were_blanked_hold_nothing(rows: list[str], blank: set[int], word: str) -> None:
    text = Text(rows)
    text.holding((word,), exact=True)
    rest = text.without((at + 1, at + 1) for at in blank)
    assert list(rest.rows) == ["" if at in blank else row for at, row in enumerate(rows)]
    assert rest.holding((word,), exact=True) == Text(rest.rows).holding((word,), exact=True)
    assert rest.likely(prompts._LIKELY) == [at for at in text.likely(prompts._LIKELY) if rest.rows[at]]
    assert stacks_rows.plain_runs(rest) == stacks_rows.plain_runs(Text(rest.rows))


def test_a_large_text_is_asked_by_its_words_first() -> None:
    rows = [f"{chr(103 + number % 17) * (number % 23 + 1)} apple pear {number}" for number in range(3000)]
    rows[1234] = "the quick quill"
    text = Text(rows)
    assert text.holding(("quick qu",)) == [1234]
    assert text.holding(("quick p",)) == []
    assert text.holding(("apple p",)) == [at for at in range(3000) if at != 1234]
    assert text.landmarks(("quill", "\nthe quick")) == {"quill", "\nthe quick"}
    assert Text(rows[1234:]).landmarks(("quill", "\nthe quick")) == {"quill"}


def _likely_and_exact() -> list[tuple[tuple[Likely, ...], "re.Pattern[str]"]]:
    return [
        ((prompts._LIKELY,), re.compile(r"(?s)(?!)")),
        (repair_blocks._QUOTED, repair_blocks._QUOTE),
        (repair_blocks._COMMENTED, repair_blocks._COMMENT),
        ((modules_tables._LIKELY, *modules_tables._LIKELY_OWN), modules_tables._ROW),
        *(((likely,), form) for likely, form in modules_tables._RUNS),
        (exception_context._LIKELY, exception_context._END),
        (exception_context._LIKELY, exception_context._INSTRUCTION),
        ((event_csv._SEPARATED,), event_csv._HEADER),
        ((event_csv._SEPARATED,), event_csv._HEADERLESS),
        (event_anchors._LIKE_LEADING, event_anchors._LEADING),
        ((noise._MEMORY, *noise._REGISTERS, noise._ASSIGNED, noise._WORDED), noise._NOISE),
    ]


@given(ROWS_OR_TEXT)
@settings(deadline=None, max_examples=400)
def test_no_row_is_left_out(rows: list[str]) -> None:
    rows = [clean(row) for row in rows]
    text = Text(rows)
    for questions, pattern in _likely_and_exact():
        wanted = {at for at, row in enumerate(rows) if row and pattern.match(row)}
        assert wanted <= set(text.likely(*questions)), pattern.pattern[:60]
    stamped = {at for at, row in enumerate(rows) if row and repair_blocks._stamp(row) is not None}
    assert stamped <= set(text.likely(*repair_blocks._STAMPED))
    typed = {at: said for at, row in enumerate(rows) if (said := prompts.command(row)) is not None}
    assert prompts.read_commands(text) == typed
    weak = {at for at, row in enumerate(rows) if any(word in row for word in stacks._WEAK_OPENERS)}
    weak = {at for at in weak if stacks._MAY_OPEN.search(rows[at])}
    assert weak <= set(text.likely(stacks._LIKE_WEAK_OPENERS))
    addressed = {at for at, row in enumerate(rows) if addresses._ADDRESS.search(row)}
    assert addressed <= set(text.likely(addresses._LIKELY))
    named = {at for at, row in enumerate(rows) if _MAY_BE_NAMED.search(row)}
    assert named <= set(text.likely(_LIKE_NAMED))
    for pattern in (exception_context._POINTER, exception_context._RUN_TOGETHER, exception_context._NAMED):
        wanted = {at for at, row in enumerate(rows) if pattern.search(row)}
        assert wanted <= set(text.likely(*exception_context._LIKELY)), pattern.pattern[:60]
    for question, pattern in (
        (event_anchors._LIKE_LABELLED, event_anchors._TEXT_LABEL),
        (event_anchors._LIKE_NUMBERED, event_anchors._NUMBER_WORDS),
        (event_anchors._LIKE_PREVIEW, event_anchors.PREVIEW),
    ):
        assert {at for at, row in enumerate(rows) if pattern.search(row)} <= set(text.likely(question))
    heads = {at for at, row in enumerate(rows) if row.isascii() and stacks_rows.is_header(row)}
    assert heads <= set(text.holding(stacks_rows.HEADER_WORDS))
    assert all(
        stacks_rows.read_row(row).columns < stacks._FEWEST_COLUMNS for row in rows if len(row) < stacks._LEAST_COLUMNS
    )


@given(ROWS_OR_TEXT)
@settings(deadline=None, max_examples=300)
def test_lists_of_modules(rows: list[str]) -> None:
    text = Text([clean(row) for row in rows])
    short = list(modules_lists.read_lists(text))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Text, "likely", lambda self, *_: list(range(len(self.rows))))
        assert short == list(modules_lists.read_lists(text))


@given(ROWS_OR_TEXT)
@settings(deadline=None, max_examples=300)
def test_stacks_by_runs(rows: list[str]) -> None:
    rows = [clean(row) for row in rows]

    def seen() -> list[object]:
        found = read_stacks(Text(rows))
        return [(one.frames, one.lines, one.thread, one.heading, one.top) for one in found]

    short = seen()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stacks, "plain_runs", lambda _: [])
        assert short == seen()


@given(st.lists(st.sampled_from((
    "ChildEBP RetAddr  Args to Child", "0:001> kn", "", "00 0012f010 771a0f00 ntdll!Foo+0x1",
    "01 0012f020 771a0f00 chrome!Bar+0x1f",
    "0012f010 7c8025cb 00000001 00000002 00000003 ledger!CPost::Add+0x50 (FPO: [2,0,2])", "0012f010 7c8025cb",
    "ledger!Add+0x5",
    "00000000`04a8d9d0 00007ffa`0b8e8f92 : 00000001`00000000 00000000`00000000 00000000`00000000 00000000`00000000 "
    ": led!Foo+0x2",
    "0012f010 7c8025cb ledger!RetAddr+0x1", "0012f010 7c8025cb 7edger!Add+0x1",
    "0012f010 7c8025cb ledger!NoSymbols+0x1",
    "00 0012f010 771a0f00 ledger!vector<int,bool>::at+0x12",
    "WARNING: Stack unwind information not available.", "x", "0:001> dds esp",
)), max_size=16))  # fmt: skip
@settings(deadline=None, max_examples=400)
def test_whole_stacks_by_runs(rows: list[str]) -> None:
    test_stacks_by_runs.hypothesis.inner_test(rows)  # type: ignore[attr-defined]


@given(ROWS_OR_TEXT)
@settings(deadline=None, max_examples=300)
def test_repair_of_a_long_text(rows: list[str]) -> None:
    # So many rows that the short way is taken; the first tells nothing.
    text = "\n".join(["plain"] * 220 + rows)
    numbers, wanted = [], []
    for number, row in _cleaned(split(text), text, 1):
        numbers.append(number)
        wanted.append(row)
    long_way = repair_blocks.dedent(repair_blocks.strip_prefixes(wanted, Shapes.of(wanted))[0])
    long_way, numbers = repair_blocks.collapse_blank_lines(long_way, numbers)
    found = repair(text, "utf-8")
    assert list(found.rows) == long_way
    assert list(found.numbers) == numbers
    # The shapes that were kept are those of the rows as they are now.
    fresh = Shapes.of(found.rows)
    assert _rows_by_form(found.shapes) == _rows_by_form(fresh)
    lines = split(text)
    assert list(repaired(lines, Shapes.of(lines), "utf-8").rows) == long_way


def _rows_by_form(shapes: Shapes) -> dict[bytes, list[int]]:
    return {form: list(rows) for at, form in enumerate(shapes.forms.all) if (rows := shapes.rows_of(at))}


@given(st.lists(st.sampled_from(("a", "b  ", "1", "22", "g")), max_size=6), st.data())
@settings(deadline=None, max_examples=200)
def test_shapes_of_rows_that_have_changed(few: list[str], data: st.DataObject) -> None:
    rows = ["plain"] * 40 + few + ["other"] * 40
    shapes = Shapes.of(rows)
    shapes.rows_of(0)
    for at in data.draw(st.sets(st.integers(0, len(rows) - 1), max_size=4)):
        rows = [*rows[:at], data.draw(st.sampled_from(("plain", "other", "b", "new", ""))), *rows[at + 1 :]]
    assert _rows_by_form(shapes.changed(rows)) == _rows_by_form(Shapes.of(rows))


@given(ROWS_OR_TEXT, ROWS_OR_TEXT, st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("".join))
@settings(deadline=None, max_examples=300)
def test_forms_that_come_later_are_found_as_those_before(first: list[str], later: list[str], word: str) -> None:
    # So many that the ones that came first are looked up by their words.
    forms = Forms()
    question, folded = Likely(None, words=(word,)), fold(word)
    for several in ([f"{'g' * at} h" for at in range(1, 90)], first, later, [f"{'i' * at} h" for at in range(1, 90)]):
        forms.add([fold(row) for row in several])
        wanted = [at for at, form in enumerate(forms.all) if folded in form]
        assert sorted(forms.holding(folded)) == wanted
        assert set(wanted) <= set(forms.likely(question))


@given(ROWS_OR_TEXT)
@settings(deadline=None, max_examples=200)
def test_matches_over_line_ends(rows: list[str]) -> None:
    text = Text(rows)
    found = [hit.span() for hit in text.matches(_CODE, ("code",), _CODE_WORD)]
    assert found == [hit.span() for hit in _CODE.finditer(text.joined)]


@given(ROWS, st.lists(st.tuples(st.integers(1, 14), st.integers(0, 4)), max_size=3))
@settings(deadline=None, max_examples=200)
def test_context_is_the_prose_within_and_then_the_nearest(rows: list[str], places: list[tuple[int, int]]) -> None:
    text = Text(rows)
    incidents = [Incident(kind="stack", lines=(first, first + more)) for first, more in places]
    prose = [at + 1 for at, row in enumerate(rows) if row and is_prose(row)]
    for incident, found in zip(incidents, with_context(incidents, text), strict=True):
        first, last = incident.lines
        inside = [line for line in prose if first <= line <= last]
        others = sorted(set(prose) - set(inside), key=lambda line: min(abs(line - first), abs(line - last)))
        assert [message.lines[0] for message in found.context] == sorted([*inside, *others][:15])


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5)).map(lambda one: (one[0], one[0] + one[1])), max_size=12)
)
def test_spans_are_joined(several: list[tuple[int, int]]) -> None:
    lines = {line for first, last in several if first > 0 for line in range(first, last + 1)}
    found = joined(several)
    assert {line for first, last in found for line in range(first, last + 1)} == lines
    assert all(later[0] > earlier[1] + 1 for earlier, later in pairwise(found))
    text = Text([""] * 50)
    assert spans(text, {line - 1 for line in lines}) == list(found)


def test_digits_are_alike_and_letters_up_to_f_with_them() -> None:
    assert fold("Worker 71: 00D4 Zebra") == b"work0r 00: 0000 z00r0"
    assert fold("\u00c9v\u00e9nement 7") == "\u00e9v\u00e9n0m0nt 0".encode()
