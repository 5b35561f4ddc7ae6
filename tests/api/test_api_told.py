"""What a person writes beside logs is a description; logs, code and binary data by themselves are not."""

import contextlib
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from builders.knowledge import FILLERS, LOG, SHUTDOWN, SPOOLER, UNKNOWN, small_pack
from builders.oldeventlogs import old_event_log, old_record
from triage.api import analyze, load_knowledge
from triage.api.told import LIKELY, MAX_TOLD, TWICE, UNSURE, agreed, said_in, tells_of_a_crash, unsure, with_told
from triage.engine import Match
from triage.engine.confidence import band
from triage.errors import TriageError
from triage.formats import read_evidence
from triage.knowledge.pack import Pack
from triage.model.evidence import Evidence, Incident, Module
from triage.model.report import Band, Because
from triage.model.rule import Rule, Source, Symptoms

TICKET = """Hello,

since we installed the new service pack the mail server stops every night when the backup starts.
There is no message on the screen, and after a restart it is fine again until the next night.

Regards, Ann
"""
TEXT = Evidence(format="text")

WEB_LOG = "".join(
    f'10.4.0.{host} - - [14/Jun/2005:15:16:0{host}] "GET /orders/page{host}.htm HTTP/1.0" 200 {host}417\n'
    for host in range(9)
)
SYSLOG = "".join(
    f"Jun 14 15:16:0{n} combo sshd(pam_unix)[199{n}9]: authentication failure; logname= uid=0 euid=0 tty=NODEVssh\n"
    for n in range(9)
)
PROGRAM_LINE = "14:07:0{n} The worker number {n} has taken the next order from the queue and is busy with it now\n"
APART = "\n" * 99
"""So far from a crash, what is told is not read as its context."""

CODE = "int main(void) {\n    for (int i = 0; i < 10; ++i) {\n        run(i, values[i]);\n    }\n    return 0;\n}\n"


PRINTED = """Ledger service terminated unexpectedly

Journal corrupt, restart attempted twice, giving up now
Backup device missing: tape drive reports hardware failure again

Spooler queue overflow, print jobs lost
"""


def told(data: bytes, evidence: Evidence) -> Evidence | None:
    return said_in(with_told(data, evidence))


def rows(said: Evidence | None) -> list[str]:
    return [] if said is None else [message.text for message in said.incidents[0].messages]


def spoken(text: str) -> tuple[int, ...]:
    found = with_told(text.encode(), TEXT).told
    return () if found is None else found.spoken


def told_of(text: str) -> Evidence | None:
    data = text.encode()
    return told(data, read_evidence(data))


def test_a_ticket_is_a_description_with_the_lines_of_its_rows() -> None:
    said = told(TICKET.encode(), TEXT)
    assert said is not None
    (incident,) = said.incidents
    assert incident.kind == "prose"
    assert incident.lines == (1, 6)
    assert [message.lines[0] for message in incident.messages] == [1, 3, 4, 6]
    assert spoken(TICKET) == (3, 4)


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r", "\r\r\n"])
def test_rows_end_in_any_way(ends: str) -> None:
    assert spoken(TICKET.replace("\n", ends)) == (3, 4)


def test_a_ticket_may_be_in_any_encoding() -> None:
    said = told(TICKET.replace("Ann", "Jérôme").encode("utf-16"), TEXT)
    assert rows(said)[-1] == "Regards, Jérôme"
    assert said is not None


def test_notes_between_logs_are_told_and_what_a_reader_understood_is_not() -> None:
    said = told_of(
        f"{TICKET}\n{LOG}\nIt is the same on the other machine, where nobody was logged on when it happened.\n"
    )
    assert said is not None
    assert rows(said)[-1].startswith("It is the same on the other machine")
    assert not any("Quorum" in row or "Access violation" in row for row in rows(said))


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r", "\r\r\n"])
def test_rows_are_counted_as_the_readers_count_them(ends: str) -> None:
    said = told_of(f"{TICKET}\n{LOG}".replace("\n", ends))
    assert rows(said) == rows(told_of(TICKET))


def test_lines_of_incidents_that_lie_over_each_other_are_read_all_the_same() -> None:
    spans = [(3, 3), (1, 2), (1, 4), (2, 3), (0, 0)]
    evidence = Evidence(format="text", incidents=tuple(Incident(kind="fault", lines=span) for span in spans))
    said = told(f"{PRINTED}Monday again: same failure, server unavailable, staff waiting\n".encode(), evidence)
    assert said is not None
    assert [message.lines[0] for message in said.incidents[0].messages] == [6, 7]


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence(format="stop", incidents=(Incident(kind="bugcheck", lines=(1, 7)),)),
        Evidence(format="windbg", modules=tuple(Module(name="a", lines=(line, line)) for line in range(1, 8))),
        Evidence(format="minidump", encoding="binary"),
    ],
)
def test_what_a_program_printed_is_no_description(evidence: Evidence) -> None:
    assert told(PRINTED.encode(), evidence) is None


def test_what_a_letter_quotes_in_its_sentences_belongs_to_it() -> None:
    stop = Evidence(format="stop", incidents=(Incident(kind="bugcheck", lines=(3, 4)),))
    assert rows(told(TICKET.encode(), stop)) == [row for row in TICKET.split("\n") if row]


def test_numbers_of_rows_that_no_person_wrote_do_not_count() -> None:
    said = told_of(f"{TICKET}Order 1200 was lost for the third time.\ncounter 17: 14:07:03 err7 q3 (12/2)\n")
    assert rows(said)[-2:] == ["Order 1200 was lost for the third time.", "counter err7 q3 ( )"]


@pytest.mark.parametrize(
    "row",
    [
        "Microsoft(R) Windows NT(TM) Kernel Debugger",
        "Kernel Version 1381 UP Free Service Pack 5",
        "Symbol search path is: C:\\orchard\\symbols",
        "TOTAL:    1c40 (7 kb) 3c0 (1 kb) (    0 kb     0 kb)",
    ],
)
def test_what_debuggers_print_around_crashes_is_not_told(row: str) -> None:
    assert rows(told_of(f"{TICKET}{LOG}{APART}{row}\n")) == rows(told_of(f"{TICKET}{LOG}"))


@pytest.mark.parametrize("times", range(1, TWICE + 3))
def test_what_stands_there_again_and_again_but_for_its_numbers_no_person_wrote(times: int) -> None:
    said = told_of("".join(PROGRAM_LINE.format(n=n) for n in range(times)))
    assert (said is not None) is (times <= TWICE)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"too short to say anything",
        b"\n" * 1000,
        (TICKET * (MAX_TOLD // len(TICKET) + 1)).encode(),
        SYSLOG.encode(),
        WEB_LOG.encode(),
        (WEB_LOG * 9 + "It stops.\n").encode(),
        b'{"request_id": "4386cd6bef33", "action": "active_feeds", "path": "/feeds", "status": 200}\n' * 5,
        (CODE * 3).encode(),
        bytes(range(256)) * 8,
        TICKET.replace(" ", " \x00\x01").encode(),
        old_event_log(old_record(1, "Ledger", 7, (TICKET,))),
    ],
)
def test_anything_else_tells_nothing(data: bytes) -> None:
    assert told(data, read_evidence(data) if data else TEXT) is None


@pytest.mark.parametrize(("requests", "tells"), [(0, True), (5, True), (50, False)])
def test_few_words_in_a_long_log_tell_nothing(requests: int, tells: bool) -> None:
    words = "We have seen this on one more of the machines since Monday.\n"
    log = "".join(f"10.4.0.{n} GET /orders/page{n}.htm 200\n" for n in range(requests))
    assert (told_of(f"{words * 2}{log}") is not None) is tells


@pytest.mark.parametrize("sentences", [1, 2])
def test_one_sentence_below_a_log_of_something_else_tells_nothing(sentences: int) -> None:
    words = "It would print the code here if it crashed while you look at it.\n" * sentences
    log = "".join(f"10.4.0.{n} GET /orders/page{n}.htm 200\n" for n in range(5))
    assert (told_of(f"{log}{words}") is not None) is (sentences > 1)


@given(data=st.binary(max_size=600) | st.text(max_size=600).map(lambda text: text.encode("utf-8", "replace")))
@settings(deadline=None, max_examples=100)
def test_any_bytes_tell_something_or_nothing(data: bytes) -> None:
    for source in (data, TICKET.encode() + data, data + TICKET.encode("utf-16-le")):
        with contextlib.suppress(TriageError):
            evidence = with_told(source, read_evidence(source))
            said = said_in(evidence)
            if said is not None and evidence.told is not None:
                (incident,) = said.incidents
                assert set(evidence.told.spoken) <= set(range(incident.lines[0], incident.lines[1] + 1))
                assert all(message.text for message in incident.messages)


def finding(confidence: float = 0.97, *because: Because, rule: Rule = SHUTDOWN) -> Match:
    return Match(rule=rule, incident=0, confidence=confidence, band="certain", because=because)


@pytest.mark.parametrize("confidence", [0.004, 0.3, UNSURE, 0.6, 0.97, 1.0])
def test_words_beside_a_log_are_never_more_than_possible(confidence: float) -> None:
    found = unsure(finding(confidence), 3)
    assert found == replace(finding(confidence), incident=3, confidence=min(confidence, UNSURE), band="possible")


BACKUP = Rule(
    id="Q900010",
    title="Mail Server Stops at Night When a Backup Starts",
    source=Source(kind="microsoft-kb"),
    symptoms=Symptoms(words=("backup", "installed", "mail", "night", "pack", "restart", "screen", "service", "stops")),
)
GATEWAY = Rule(
    id="Q900011",
    title="Orders Page Is Empty",
    source=Source(kind="microsoft-kb"),
    symptoms=Symptoms(words=("combo", "euid", "logname", "nodevssh", "pam_unix", "sshd", "tty", "uid")),
)


def banded(confidence: float) -> Band:
    return band(confidence, searching=True) or "possible"


@pytest.fixture(scope="module")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> Iterable[Pack]:
    path = tmp_path_factory.mktemp("told") / "told.pack"
    pack = load_knowledge(small_pack(path, (SHUTDOWN, SPOOLER, BACKUP, GATEWAY, *FILLERS)))
    yield pack
    pack.close()


def test_what_is_told_beside_a_log_is_an_incident_of_its_own(knowledge: Pack) -> None:
    report = analyze(f"{TICKET}{APART}{UNKNOWN}".encode(), path="t", knowledge=knowledge)
    assert [incident.kind for incident in report.incidents] == ["exception", "prose"]
    first = report.findings[0]
    assert (first.rule, first.incident, first.band) == (BACKUP.id, 2, "possible")
    assert first.confidence <= UNSURE
    assert first.because[0].lines in {(3, 3), (4, 4)}


def test_what_was_printed_and_is_likely_is_not_asked_again(knowledge: Pack) -> None:
    report = analyze(f"{TICKET}\n{LOG}".encode(), path="t", knowledge=knowledge)
    assert report.findings[0].rule == SHUTDOWN.id
    assert [incident.kind for incident in report.incidents] == ["exception"]


@pytest.mark.parametrize(
    ("printed", "said", "shown"),
    [
        ({BACKUP.id: 0.4}, {BACKUP.id: 0.9}, [(BACKUP.id, 1, 0.754)]),  # two witnesses
        ({BACKUP.id: 0.5}, {BACKUP.id: 0.4}, [(BACKUP.id, 1, 0.7)]),
        ({BACKUP.id: 0.85}, {BACKUP.id: 0.9}, [(BACKUP.id, 1, LIKELY)]),  # certain is what print alone shows
        # What the words say for one speaks against the other.
        ({SPOOLER.id: 0.7, BACKUP.id: 0.3}, {BACKUP.id: 0.5}, [(BACKUP.id, 1, 0.65), (SPOOLER.id, 1, 0.35)]),
        (
            {BACKUP.id: 0.4, SPOOLER.id: 0.2},
            {GATEWAY.id: 0.5, BACKUP.id: 0.3},
            [(BACKUP.id, 1, 0.58), (GATEWAY.id, 2, 0.5), (SPOOLER.id, 1, 0.111)],
        ),
        ({SPOOLER.id: 0.4}, {BACKUP.id: 0.2}, [(SPOOLER.id, 1, 0.4)]),  # the words alone do not even make 0.3
        ({SPOOLER.id: 0.7}, {BACKUP.id: 0.9}, [(SPOOLER.id, 1, 0.7)]),  # what was printed settles it
    ],
)
def test_each_rule_is_shown_once_where_it_is_surest(
    knowledge: Pack,
    monkeypatch: pytest.MonkeyPatch,
    printed: dict[str, float],
    said: dict[str, float],
    shown: list[tuple[str, int, float]],
) -> None:
    def findings(evidence: Evidence, *_: object, **__: object) -> tuple[Match, ...]:
        told_here = evidence.incidents[0].kind == "prose"
        because = (Because(fact="prose:backup", lines=(3, 3), weight=3.0),) if told_here else ()
        return tuple(
            Match(rule=knowledge.rule(rule) or BACKUP, incident=0, confidence=sure, band=banded(sure), because=because)
            for rule, sure in (said if told_here else printed).items()
        )

    monkeypatch.setattr("triage.api.judge.match", findings)
    event = "Source: Ledger\nEvent ID: 4712\nDescription: The journal is full\n"
    report = analyze((TICKET + event).encode(), path="t", knowledge=knowledge)
    assert [(found.rule, found.incident, found.confidence) for found in report.findings] == shown
    assert all(found.band == "possible" for found in report.findings if found.incident == 2)


@pytest.mark.parametrize(
    ("facts", "shown"),
    [
        (("prose:backup", "bugcheck:0000000a", "faulting:quill"), True),
        (("prose:backup", "process:quill", "event:quill/7"), True),
        (("prose:backup", "bugcheck:0000000a"), False),
        (("prose:backup", "prose:night"), False),
    ],
)
def test_beside_a_likely_print_words_count_that_its_record_bears_out(
    knowledge: Pack, monkeypatch: pytest.MonkeyPatch, facts: tuple[str, ...], shown: bool
) -> None:
    def findings(evidence: Evidence, *_: object, **__: object) -> tuple[Match, ...]:
        if evidence.incidents[0].kind != "prose":
            return (Match(rule=SPOOLER, incident=0, confidence=0.7, band="likely"),)
        because = tuple(Because(fact=fact, lines=(3, 3), weight=3.0) for fact in facts)
        return (Match(rule=BACKUP, incident=0, confidence=0.9, band="likely", because=because),)

    monkeypatch.setattr("triage.api.judge.match", findings)
    event = "Source: Ledger\nEvent ID: 4712\nDescription: The journal is full\n"
    report = analyze((TICKET + event).encode(), path="t", knowledge=knowledge)
    assert {found.rule for found in report.findings} == {SPOOLER.id, *([BACKUP.id] if shown else [])}


@pytest.mark.parametrize(
    ("printed", "said", "expected"),
    [
        (0.65, 0.85, [(BACKUP.id, UNSURE), (SPOOLER.id, 0.218)]),
        (0.85, 0.4, [(SPOOLER.id, 0.773), (BACKUP.id, 0.4)]),
        (0.5, 0.99, [(BACKUP.id, UNSURE), (SPOOLER.id, 0.15)]),  # what was printed is never ruled out by words
    ],
)
def test_what_was_printed_is_doubted_for_what_the_words_say_more_surely(
    printed: float, said: float, expected: list[tuple[str, float]]
) -> None:
    evidence = Evidence(format="text", incidents=(Incident(kind="exception", lines=(9, 9)),))
    both = agreed([finding(printed, rule=SPOOLER)], [finding(said, rule=BACKUP)], evidence, 1)
    assert [(one.rule.id, one.confidence) for one in both] == expected


@pytest.mark.parametrize(("known", "first"), [(True, SPOOLER.id), (False, BACKUP.id)])
def test_the_words_go_before_a_print_of_which_it_is_in_doubt_that_any_article_describes_it(
    known: bool, first: str
) -> None:
    evidence = Evidence(format="text", incidents=(Incident(kind="exception", lines=(1, 1)),))
    against = () if known else (Because(fact="undescribed:exception"),)
    printed = replace(finding(0.93, rule=SPOOLER), against=against)
    assert next(one.rule.id for one in agreed([printed], [finding(0.6, rule=BACKUP)], evidence, 1)) == first


def test_a_second_witness_makes_no_fault_known_that_may_have_no_article() -> None:
    evidence = Evidence(format="text", incidents=(Incident(kind="exception", lines=(9, 9)),))
    doubted = replace(finding(0.55, rule=BACKUP), against=(Because(fact="undescribed:exception"),))
    (both,) = agreed([doubted], [finding(0.5, rule=BACKUP)], evidence, 1)
    assert (both.confidence, both.band) == (0.775, "possible")


@pytest.mark.parametrize(
    ("told", "weight", "sure"),
    [
        ("prose:backup", 3.0, 0.4),  # a letter that repeats the row
        ("prose:night", 3.0, 0.64),
        ("prose:tape", 3.0, 0.64),  # it stands around the row, where it counts for both
        ("bugcheck:0000000a", 3.0, 0.64),  # the record that words are looked for with is none of them
        ("prose:backup", 0.0, 0.64),
    ],
)
def test_a_letter_that_repeats_what_was_printed_is_no_second_witness(told: str, weight: float, sure: float) -> None:
    evidence = Evidence(format="text", incidents=(Incident(kind="event", lines=(9, 10)),))
    read = Because(fact="word:backup", lines=(9, 9)), Because(fact="word:tape", lines=(2, 2)), Because(fact="word:disk")
    said = Because(fact=told, lines=(9, 9), weight=weight)
    (both,) = agreed([finding(0.4, *read, rule=BACKUP)], [finding(0.4, said, rule=BACKUP)], evidence, 1)
    assert both.confidence == sure


def test_what_only_a_log_leads_to_is_nothing_that_was_told(knowledge: Pack) -> None:
    report = analyze(f"{TICKET}\n{SYSLOG}".encode(), path="t", knowledge=knowledge)
    assert GATEWAY.id not in [found.rule for found in report.findings]


@pytest.mark.parametrize("text", [WEB_LOG, SYSLOG, CODE * 3, "nothing in particular\n"])
def test_where_nobody_tells_anything_nothing_is_found(knowledge: Pack, text: str) -> None:
    report = analyze(text.encode(), path="t", knowledge=knowledge)
    assert report.findings == ()
    assert report.incidents == ()


@pytest.mark.parametrize(
    ("data", "speaks"),
    [
        (b"Then it CRASHED again.", True),
        ("A blue screen was there.".encode("utf-16"), True),
        (b"STOP: 0x0000001E", True),
        (b"The minutes of the meeting.", False),
        (b"crash" + b" " * MAX_TOLD, False),
        (b"", False),
    ],
)
def test_texts_that_speak_of_a_crash_are_told_from_others(data: bytes, speaks: bool) -> None:
    assert tells_of_a_crash(data) is speaks


@pytest.mark.parametrize(
    "mark", ["Thanks for this PR.", "---\n#### Document Details\n* ID: 1", "@@ -1,2 +1,3 @@\n+    return;"]
)
def test_what_is_said_about_a_change_or_a_page_tells_of_no_crash(mark: str) -> None:
    data = f"I am looking into what this stop code is for when a machine has a blue screen.\n\n{mark}\n".encode()
    assert with_told(data, TEXT).told is None
    assert with_told(data.partition(b"\n\n")[0], TEXT).told is not None
