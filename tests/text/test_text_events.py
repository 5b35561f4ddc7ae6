# ruff: noqa: RUF001 - the texts are of languages whose letters look like Latin ones
"""Events in text: fields in any order, in columns, on one line; quoted descriptions; prose that mentions one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.formats import read_evidence
from triage.text.event_record import Record, number_of, type_of, value_and_text
from triage.text.event_rows import fields_of, normal
from triage.text.events import read_records
from triage.text.lines import Text


def records(text: str) -> tuple[Record, ...]:
    return read_records(Text(text.split("\n")))


def facts(record: Record) -> tuple[object, ...]:
    return (record.source, record.id, record.type, record.category, record.text)


ONE: list[tuple[str, str]] = [
    ("labels on lines", "Event ID: 2000\nSource: Ledger\nType: Error\nCategory: Post\nDescription: The call failed."),
    ("all on one line", "Event ID: 2000 Source: Ledger Type: Error Category: Post Description: The call failed."),
    ("another order", "Source: Ledger\nCategory: Post\nEvent ID: 2000\nType: Error\n\nThe call failed."),
    (
        "two columns",
        "Date:     4/8/00        Event ID:  2000\nTime:     01:24:15 PM   Source:    Ledger\n"
        "User:     N/A           Type:      Error\nComputer: LEDGER01      Category:  "
        "Post\n\nDescription: The call\nfailed.",
    ),
    (
        "the viewer of Windows 2000",
        "Event Type: Error\nEvent Source: Ledger\nEvent Category: Post\nEvent ID: 2000\nDate: 4/8/"
        "2000\nTime: 1:24:15 PM\n"
        "User: N/A\nComputer: LEDGER01\nDescription:\nThe call failed.\nData:\n0000: 00 00 04 00 01 "
        "00 54 00   ......T.",
    ),
    (
        "the viewer of Windows 7",
        "Log Name:      Application\nSource:        Ledger\nDate:          4/8/2014 1:24:15 PM\nEvent ID:      2000\n"
        "Task Category: Post\nLevel:         Error\nKeywords:      Classic\nUser:          N/A\nComputer:      L1\n"
        "Description:\nThe call failed.",
    ),
    ("PowerShell", "TimeCreated  : 4/8/2014\nProviderName : Ledger\nId           : 2000\nLevelDisplayName : Error\n"
                   "TaskDisplayName : Post\nMessage      : The call\n               failed."),
    ("dashes", "EVENT ID - 2000 SOURCE - Ledger TYPE - Error CATEGORY - Post DESCRIPTION - The call failed."),
    ("no separators", "Event ID 2000\nSource Ledger\nType Error\nCategory Post\nDescription: The call failed."),
    ("equals signs", "Event ID = 2000, Source = Ledger, Type = Error, Category = Post, Description = The call failed."),
    ("typing errors", "Evnet ID: 2000\nEvent ID: 2000\nSorce: Ledger\nTyep: Eror\nCaetgory: "
                      "Post\nDesrciption: The call failed."),
    ("blank lines "
     "between", "Event ID: 2000\n\nSource: Ledger\n\nType: Error\n\nCategory: Post\n\nDescription: The call failed."),
    ("German", "Ereignistyp: Fehler\nEreignisquelle: Ledger\nEreigniskategorie: Post\nEreignis-ID: "
               "2000\nBeschreibung:\nThe call failed."),
    ("Russian", "Имя журнала: System\nИсточник: Ledger\nКод события: 2000\nКатегория задачи: "
                "Post\nУровень: Ошибка\nОписание:\nThe call failed."),
    ("Chinese", "来源： Ledger\n事件 ID： 2000\n任务类别： Post\n级别： 错误\n描述：\nThe call failed."),
    ("Japanese", "ソース: Ledger\nイベント ID: 2000\nタスクのカテゴリ: Post\nレベル: エラー\n説明:\nThe call failed."),
    ("French", "Source : Ledger\nID de l\u2019événement : 2000\nCatégorie de la tâche : "
               "Post\nNiveau : Erreur\nDescription :\nThe call failed."),
]  # fmt: skip


@pytest.mark.parametrize("text", [text for _, text in ONE], ids=[name for name, _ in ONE])
def test_the_same_event_in_every_layout(text: str) -> None:
    (record,) = records(text)
    assert facts(record) == ("Ledger", 2000, "error", "Post", "The call failed.")


SHORT: list[tuple[str, tuple[object, ...]]] = [
    ("Event ID 7024 - The Post service stopped.", (None, 7024, "The Post service stopped.")),
    ("Event ID 2025: The delivery failed.", (None, 2025, "The delivery failed.")),
    ("EventId=1107\nThis directory was restored.", (None, 1107, "This directory was restored.")),
    ("Event ID#: 7005 The call failed.", (None, 7005, "The call failed.")),
    ("MSExchangeMTAEvent ID 1004\n\nAn error occurred.", ("MSExchangeMTA", 1004, "An error occurred.")),
    ("Netlogon Event ID 5701:\nThe update failed.", ("Netlogon", 5701, "The update failed.")),
    ("Warning Event ID 1294 Source: Ledger Category: Post", ("Ledger", 1294, "")),
    ("Error 9405 Source: Ledger\nDescription: It failed.", ("Ledger", 9405, "It failed.")),
    ("Event ID 7200 - MSExchangeIS Private It was halted.", ("MSExchangeIS Private", 7200, "It was halted.")),
    ("Event ID 8005\nMSSYNC\n\nThe agent failed.", ("MSSYNC", 8005, "The agent failed.")),
    ("Source: .NET Runtime / Event ID:1026\n-----\nThe process failed.", (".NET Runtime", 1026, "The process failed.")),
    ('Event ID = 12, Source = Ledger, "The file failed."', ("Ledger", 12, "The file failed.")),
    (
        "The description for Event ID ( 5002 ) in Source ( Ledger ) could not be\nfound.",
        ("Ledger", 5002, "The description for Event ID ( 5002 ) in Source ( Ledger ) could not be found."),
    ),
    ('Event ID 82 or Event ID 12046: "Unable to post."', (None, 82, None)),
    ("Category: Post\nEvent ID: 5\nSource: Ledger\nIt failed.", ("Ledger", 5, "It failed.")),
    ("Event ID: 5\nSource: Ledger\nCategory: Field Post A call failed\nbadly.", ("Ledger", 5, "A call failed badly.")),
    ("Source: Ledger\nDescription: It did not start.", ("Ledger", None, "It did not start.")),
    ("It failed badly today.\n\nEvent ID: 5\nType: Success Audit", (None, 5, "It failed badly today.")),
]


@pytest.mark.parametrize(("text", "expected"), SHORT)
def test_what_people_leave_out(text: str, expected: tuple[object, ...]) -> None:
    record = records(text)[0]
    assert (record.source, record.id) == expected[:2]
    if expected[2] is not None:
        assert record.text == expected[2]


def test_events_one_after_another_stay_apart() -> None:
    found = records(
        "Event ID: 1\nSource: A\nDescription:\nFirst.\n\nEvent ID: 2\nSource: B\nDescription: Second.\n\n-or-\n\n"
        "Source: C\nEvent ID: 3\nThird.\n----------\nSource: D\nEvent ID: 4\nFourth.\n\n0:000> kb"
    )
    assert [(r.source, r.id, r.text) for r in found] == [
        ("A", 1, "First."),
        ("B", 2, "Second."),
        ("C", 3, "Third."),
        ("D", 4, "Fourth."),
    ]
    assert [r.lines for r in found] == [(1, 4), (6, 8), (12, 14), (16, 18)]


FAULTED = "Faulting application name: ledger.exe, version: 1.0.0.1\nException code: 0xc0000409\n"
ENDED = "Application: ledger.exe\nFramework Version: v4.0.30319\nDescription: The process was terminated due to an "


@pytest.mark.parametrize(
    "head", ["Event ID: 1000 (Application Error)\n\n", "EventID: 1000\nApplication Error\n\n", "Event ID: 1000\n\n"]
)
def test_a_number_and_a_source_above_a_description_are_its_own(head: str) -> None:
    (record,) = records(head + FAULTED)
    assert (record.source, record.id, record.text[:8]) == ("Application Error", 1000, "Faulting")


def test_a_number_and_a_source_above_the_description_of_another_event_are_apart() -> None:
    found = records("Event ID: 1000 (Application Error)\n\n" + ENDED + "unhandled exception.\n")
    assert [record.id for record in found] == [1000, 1026]


def test_a_fence_before_the_stack_of_a_net_event_ends_nothing() -> None:
    stack = "Exception Info: System.IO.IOException\n   at Ledger.Post()\n"
    (record,) = records(f"{ENDED}unhandled exception.\n\n```\n{stack}```\nI do not know why.\n")
    assert (record.lines, "Ledger.Post()" in record.body) == ((1, 7), True)
    (other,) = records(f"{ENDED}unhandled exception.\n```\n{stack.replace('Exception Info', 'This I wrote')}```\n")
    assert other.lines == (1, 3)


SENTENCES: list[tuple[str, str, int]] = [
    ("The Ledger service terminated unexpectedly.  It has done this 8 time(s).", "Service Control Manager", 7034),
    ("> Error 7034: The Ledger service terminated unexpectedly. It has done this 8 time(s).",
     "Service Control Manager", 7034),
    ("The Ledger service terminated unexpectedly.  It has done this 1 time(s).  The following corrective action will "
     "be taken in 60000 milliseconds: Restart the service.", "Service Control Manager", 7031),
    ('Der Dienst "Ledger" wurde unerwartet beendet. Dies ist bereits 3 Mal vorgekommen. Folgende Korrekturmaßnahmen '
     "werden in 60000 Millisekunden durchgeführt: Neustart des Diensts.", "Service Control Manager", 7031),
    ("Служба Ledger была неожиданно завершена. Это произошло 1 раз(а).", "Service Control Manager", 7034),
    ("服务 Ledger 意外地终止，这种情况已经出现了 2 次。", "Service Control Manager", 7034),
    ("The system has rebooted without cleanly shutting down first. This error could be caused if the system stopped "
     "responding.", "Microsoft-Windows-Kernel-Power", 41),
    ("Message: The system has rebooted without cleanly shutting down first.", "Microsoft-Windows-Kernel-Power", 41),
    ("システムは正常にシャットダウンする前に再起動しました。", "Microsoft-Windows-Kernel-Power", 41),
    ('> Application popup: ledger.exe - Application Error : The instruction at "0x77f5a2b1" referenced memory at '
     '"0x00000010".', "Application Popup", 26),
]  # fmt: skip


@pytest.mark.parametrize(("text", "source", "number"), SENTENCES)
def test_a_sentence_that_only_one_event_says_names_it(text: str, source: str, number: int) -> None:
    (record,) = records(text)
    assert (record.source, record.id) == (source, number)


@pytest.mark.parametrize(
    "text",
    [
        "The %1 service terminated unexpectedly.  It has done this %2 time(s).",
        "| 41 | The system has rebooted without cleanly shutting down first. |",
        "0x4000001a | Application popup: %1 : %2",
        "Application popup: %1 : %2",
        '    "see a matching bug check (Event ID 1001) and recent driver or "',
    ],
)
def test_tables_of_messages_and_programs_tell_of_no_event(text: str) -> None:
    assert records(text) == ()


def test_what_follows_a_fence_is_the_writers_own() -> None:
    found = records("```\nEvent ID: 1\nSource: A\nDescription:\nFirst.\n```\n\nI have tried it again.")
    assert [(record.id, record.text) for record in found] == [(1, "First.")]


def test_exports_to_json_are_read() -> None:
    found = records(
        '    {\n        "EventID":  1,\n        "Source":  "A",\n        "Message":  "First."\n    },\n'
        '    {\n        "Id":  2,\n        "LevelDisplayName":  "Error",\n        "ProviderName":  "B",\n'
        '        "Message":  "Second."\n    }'
    )
    assert [(record.source, record.id) for record in found] == [("A", 1), ("B", 2)]
    assert found[0].text.startswith("First.")


def test_an_event_quoted_in_an_article_ends_where_the_article_goes_on() -> None:
    (record,) = records("  Event ID: 1\n  Source: A\n  Description: First.\n\n  More.\n\nThis happens when you start.")
    assert record.text == "First. More."


def test_descriptions_listed_after_all_fields_are_dealt_out() -> None:
    found = records(
        "Event ID: 8\nSource: A\nEvent ID: 9\nSource: B\n"
        "Type: Error Description: The first failed. Type: Error Desrciption: The\nsecond failed."
    )
    assert [(r.source, r.id, r.type, r.text) for r in found] == [
        ("A", 8, "error", "The first failed."),
        ("B", 9, "error", "The second failed."),
    ]


def test_prose_that_mentions_an_event_gives_its_number_only() -> None:
    (record,) = records("After a restart Event ID 7000 is logged now and then.")
    assert (record.id, record.text, record.mention) == (7000, "", True)


def test_labels_inside_a_description_stay_there() -> None:
    (record,) = records("Event ID: 1\nSource: A\nDescription: Read.\n\nType: 0x10\nMessage ID: 1-24687")
    assert (record.type, record.text) == (None, "Read. Type: 0x10 Message ID: 1-24687")


@pytest.mark.parametrize(
    "text",
    [
        "Package: ledger\nSource: ledger-src\nDescription: posts entries",
        "Date: Mon, 1 Jan\nFrom: me\nMessage: hello",
        "Jun 14 15:16:01 combo sshd[19939]: authentication failure; source: tty",
        "Type: foo\nLevel: 3\nTime: 12:00",
        "event: click\nid: 5\ndata: x",
        "",
    ],
)
def test_other_records_are_no_events(text: str) -> None:
    assert records(text) == ()


def test_numbers_types_and_run_in_descriptions() -> None:
    assert number_of(str(0xC0000000 + 1000)) == 1000
    assert [type_of(word) for word in ("Eror", "Success Audit", "警告", "Stop", "nothing", None)] == [
        "error",
        "success-audit",
        "warning",
        "error",
        None,
        None,
    ]
    assert value_and_text("category", "Internal Processing An error occurred in it") == (
        "Internal Processing",
        "An error occurred in it",
    )


@pytest.mark.parametrize("row", ["Data||: 0000", "| Data | : 0000", "Event|ID: 2000", "Source|: Ledger"])
def test_bars_of_a_table_stand_beside_labels(row: str) -> None:
    assert fields_of(row, header=True).fields


def test_fields_of_a_row() -> None:
    found = fields_of(normal("EventID 25 Source Ledger Type Warning Category"), header=False)
    assert [(f.name, f.value) for f in found.fields] == [
        ("id", "25"),
        ("source", "Ledger"),
        ("type", "Warning"),
        ("category", ""),
    ]


@pytest.mark.parametrize(
    "row",
    [
        "- {label}: `{value}`, version `1.0`",
        "- **{label}:** {value}",
        "* **{label}**: `{value}`",
        "| {label} | `{value}` |",
        "{label}: {value}",
    ],
)
def test_fields_that_markdown_marks(row: str) -> None:
    fields = {
        "Faulting application name": "ledger.exe",
        "Faulting module name": "post.dll",
        "Exception code": "0xc0000374",
        "Fault offset": "0x00112165",
    }
    text = "The crash in the log of the application:\n\n" + "\n".join(
        row.format(label=label, value=value) for label, value in fields.items()
    )
    (incident,) = read_evidence(text.encode()).incidents
    assert incident.process is not None
    assert incident.exception is not None
    assert (incident.process.name, incident.exception.code) == ("ledger.exe", 0xC0000374)
    assert (incident.faulting_module, incident.faulting_offset) == ("post.dll", 0x112165)


def test_event_data_without_its_event() -> None:
    def data(name: str) -> str:
        named = {"AppName": name, "ModuleName": "post.dll", "ExceptionCode": "c0000005", "FaultingOffset": "19ec"}
        rows = "".join(f'  <Data Name="{key}">{value}</Data>\n' for key, value in named.items())
        return f"<EventData>\n{rows}</EventData>\n"

    text = (
        data("ledger.exe") + "and the other:\n" + data("store.exe") + '<EventData><Data Name="x">1</Data></EventData>'
    )
    incidents = read_evidence(text.encode()).incidents
    assert [one.process.name for one in incidents if one.process is not None] == ["ledger.exe", "store.exe"]
    assert {(one.faulting_module, one.faulting_offset) for one in incidents} == {("post.dll", 0x19EC)}


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("Faulting application name", "Faulting module name"),
        ("Fehlerhafter Anwendungsname", "Fehlerhafter Modulname"),
        ("错误应用程序名称", "错误模块名称"),
    ],
)
def test_the_same_label_again_is_another_event(name: str, module: str) -> None:
    def crash(program: str) -> str:
        return f"{name}: {program}.exe, 1.0\n{module}: {program}.dll, 1.0\nException code: 0xc0000005\n"

    text = "Here is one with the ledger:\n" + crash("ledger") + "\nand one with the store:\n" + crash("store")
    incidents = read_evidence(text.encode()).incidents
    assert [one.faulting_module for one in incidents] == ["ledger.dll", "store.dll"]


PIECES = [
    "Event ID: ",
    "Source: ",
    "Type: Error",
    "Description: ",
    "Category",
    "\n",
    "1",
    " ",
    "-----\n",
    "Data:\n",
    "word ",
]
PIECES += ["The description for Event ID (1) in Source (x) could", "Faulting application name: a.exe, ", "Id : 5\n"]


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=40))
def test_any_text_is_read_without_error(pieces: list[str]) -> None:
    text = Text("".join(pieces).split("\n"))
    for record in read_records(text):
        assert 1 <= record.lines[0] <= record.lines[1] <= len(text)


NET = "Application: ledger.exe\nDescription: The process was terminated due to an unhandled exception."


def test_the_event_of_net_is_known_without_the_version_of_its_framework() -> None:
    (incident,) = read_evidence(f"One crash:\n\n{NET}\n".encode()).incidents
    assert incident.event is not None
    assert incident.process is not None
    assert (incident.event.id, incident.process.name) == (1026, "ledger.exe")


@pytest.mark.parametrize(
    "text",
    [
        "Application: ledger.exe\nFramework Version: v4.0.30319\nDescription: The application requested process "
        "termination through System.Environment.FailFast(string message).\nMessage: the book is closed\n",
        "Application: ledger.exe\nCoreCLR Version: 6.0.522.21309\n.NET Version: 6.0.5\nDescription: The application "
        "requested process termination through System.Environment.FailFast(string message).\n",
        "Anwendung: ledger.exe\nFrameworkversion: v4.0.30319\nBeschreibung: Die Anwendung hat die Beendigung über "
        "System.Environment.FailFast(string message) angefordert.\n",
    ],
    ids=["the framework", "its successor, which names two versions", "German"],
)
def test_a_program_that_ends_itself_is_an_event_of_its_own(text: str) -> None:
    (incident,) = read_evidence(text.encode()).incidents
    assert incident.event is not None
    assert incident.process is not None
    assert (incident.event.source, incident.event.id) == (".NET Runtime", 1025)
    assert incident.process.name == "ledger.exe"


VALUES = ("ledger.exe", "1.8.3.45256", "506b148f", "post.dll", "6.1.7601.17725", "4ec4aa8e", "c0000374", "000c40f2")


def test_event_data_without_its_event_and_without_names() -> None:
    text = "<EventData>\n" + "".join(f"  <Data>{value}</Data>\n" for value in VALUES) + "</EventData>\n"
    (incident,) = read_evidence(text.encode()).incidents
    assert incident.event is not None
    assert incident.process is not None
    assert (incident.event.id, incident.process.name, incident.faulting_module) == (1000, "ledger.exe", "post.dll")
    assert incident.faulting_offset == 0xC40F2


def test_event_data_of_other_events_is_none_of_a_crash() -> None:
    for left_out in (2, 4, 6):
        kept = [value for at, value in enumerate(VALUES) if at != left_out]
        text = "<EventData>\n" + "".join(f"  <Data>{value}</Data>\n" for value in (*kept, "1", "2")) + "</EventData>\n"
        assert read_evidence(text.encode()).incidents == ()


@pytest.mark.parametrize("escaped", [False, True])
@pytest.mark.parametrize("whole", [False, True])
def test_names_of_tags_in_small_letters(escaped: bool, whole: bool) -> None:
    text = f"<eventdata> {' '.join(f'<data>{value}</data>' for value in VALUES)} </eventdata>"
    if whole:
        head = '<system> <provider name="Application Error"/> <eventid qualifiers="0">1000</eventid> </system>'
        text = f"<event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'> {head} {text} </event>"
    text = f"<p>{text.replace('<', '&lt;').replace('>', '&gt;')}</p>" if escaped else text
    (incident,) = read_evidence(text.encode()).incidents
    assert incident.exception is not None
    assert incident.process is not None
    assert (incident.process.name, incident.exception.code) == ("ledger.exe", 0xC0000374)
    assert (incident.faulting_module, incident.faulting_offset) == ("post.dll", 0xC40F2)


def test_a_string_in_a_programs_list_is_no_event() -> None:
    assert records(f'    1026,\n    "{NET.replace(chr(10), " Framework Version: v4.0 ")}",\n    map,\n') == ()


def test_values_of_a_json_object_that_are_none_of_the_logs() -> None:
    (record,) = records(
        '  "EventID":  1000,\n  "color":  "#5A2D01",\n  "LastTime":  "@{Time=12/21/2017 9:45:17 AM}",\n'
        '  "Source":  "Application Error",\n  "Message":  "Faulting application name: ledger.exe, version: 1.0",\n'
        '  "host":  "LEDGER01"\n'
    )
    assert (record.id, record.source) == (1000, "Application Error")
    assert record.body == "Faulting application name: ledger.exe, version: 1.0"


@pytest.mark.parametrize(
    "key",
    [
        "23813a46-a9e6-4a53-8847-f12e6a8381ac",
        "654ccbc0-ba0d-486a-9076-dbf7274677a7",
        "878960a6967867e2da16b27380a27328",
        "37415082963441236587",
        "1579647600:9a8b7c6d",
    ],
)
@pytest.mark.parametrize("label", ["EventId", "eventID", "Event ID"])
def test_keys_of_other_systems_are_no_numbers_of_events(label: str, key: str) -> None:
    message = '"Message": "Fleet fleet-a1b2c3d4 changed state to ACTIVE",'
    source = '"EventSource": "orchard.example.org",'
    text = f'"Events": [\n  {{\n    "{label}": "{key}",\n    {source}\n    {message}\n  }}\n]\n'
    assert read_evidence(text.encode()).incidents == ()
    assert read_evidence(text.replace(key, "7031").encode()).incidents


def test_a_file_of_source_that_only_mentions_an_events_number_has_seen_none() -> None:
    mention = "To publish an event with event id 1234 and two attributes, run it."
    head = "# -*- coding: utf-8 -*- #\n# Copyright\nimport leaf\nfrom leaf import stem\n\n"
    source = f"{head}class Tree(stem.Base):\n  {mention}\n"
    assert read_evidence(source.encode()).incidents == ()
    assert read_evidence(f"{mention}\n".encode()).incidents


def test_what_a_program_hands_to_a_function_is_no_event() -> None:
    text = "Faulting application name: ledger.exe, Faulting module name: post.dll, Exception code: 0xc0000005"
    assert records(f"    $kind = Get-Kind -Id 7 -Text '{text}' -Hint ''") == ()
    assert records(f"    check('{text}')") == ()
    assert len(records(f"It says '{text}'")) == 1


@pytest.mark.parametrize(
    ("head", "below", "parted"),
    [
        ("Source: Ledger\nType: Information", "Quill met a page fault, so that the book-keeper was called", True),
        ("Source: Ledger\nType: Success Audit", "Unhandled exception in Quill (BOOK.DLL) 0xC0000005", True),
        ("Source: Ledger\nType: Error", "Quill met a page fault, so that the book-keeper was called", False),
        ("Source: Ledger\nType: Information", "The journal of last year was opened as well.", False),
        # Such events are information by their type, and tell of a fault all the same.
        ("Source: DrWatson\nType: Information", "The exception c0000005 was an access violation.", False),
    ],
)
def test_a_fault_below_an_event_that_tells_of_none_is_no_part_of_it(head: str, below: str, parted: bool) -> None:
    text = f"Event ID: 4097\n{head}\nDescription:\nThe journal of this year was opened.\n\n{below}\n"
    (record,) = records(text)
    assert (below not in record.text) is parted


@pytest.mark.parametrize(
    "text",
    [
        "Event ID 1000 is generated when an application encounters a fatal error.\nThe event structure includes the"
        " names. Exception codes provide the type.",
        "| Event ID | Description |\n| -------- | ---- |\n| 41       | It has rebooted without shutting down. |\n"
        "| 1074     | A user initiates a restart. |\n| 6006     | The event log service was stopped. |",
    ],
)
def test_a_lesson_about_events_is_none(text: str) -> None:
    assert read_evidence(text.encode()).incidents == ()


def test_an_event_in_a_lesson_that_was_seen_is_one() -> None:
    text = (
        "# How to read events\n\nThe error is usually caused by a driver.\n\nLog Name: System\nSource: Ledger\n"
        "Date: 1/2/2010 3:04:05 PM\nEvent ID: 7\nLevel: Error\nDescription:\nThe ledger has a bad page.\n"
    )
    assert [one.event.id for one in read_evidence(text.encode()).incidents if one.event is not None] == [7]
