"""Symptoms: quotations are read as logs are, sentences leave facts and words only."""

import re

import pytest

from builders.articles import article, rule
from triage.articles import is_crash_class, read_article
from triage.articles.prose import read_prose
from triage.articles.templates import MAX_WORDS, template_of
from triage.articles.words import word_set
from triage.model.rule import BugCheckSymptom, EventSymptom, ExceptionSymptom, FaultSymptom, Rule


def messages(text: str) -> tuple[str, ...]:
    return rule({"SYMPTOMS": text}).symptoms.messages


def test_modules_and_exception_of_a_debugger_quotation() -> None:
    text = """
When the cluster votes, the following access violation appears:

  ModLoad: 74930000 74940000 E:\\Votes\\Tallybox.dll ModLoad: 629d0000
  629dd000 E:\\Votes\\Quorum.dll
  Access violation - code c0000005 (first chance)
"""
    symptoms = rule({"SYMPTOMS": text}).symptoms
    assert symptoms.modules == ("quorum.dll", "tallybox.dll")
    assert symptoms.exceptions == (ExceptionSymptom(0xC0000005, "first"),)
    assert symptoms.messages == ()


def test_an_event_gives_source_id_type_and_template() -> None:
    text = """
The following event is logged:

  Event ID: 4711
  Source: PrintLedger
  Type: Error
  Description: The journal '<journal name>' on \\\\BOOKS01 cannot be opened, rc = -1811.

After that, nobody can print.
"""
    (event,) = rule({"SYMPTOMS": text}).symptoms.events
    assert (event.source, event.id, event.type) == ("PrintLedger", 4711, "error")
    assert event.message == "The journal '<…>' on \\\\<…> cannot be opened, rc = -1811."


def test_a_stack_is_lower_case_without_offsets() -> None:
    text = """
The call stack is similar to the following:

  FramePtr  RetAddr   Param1   Param2   Param3   Function Name
  1d4ff610  004273f8  153efff9 00000008 153c2369 LEDGER!CJournal::Close+0x214
  1d4ff660  00440588  153efff9 00000008 153c2369 LEDGER!EcCloseAll+0xf3c
  1d4ff7b0  00440300  153efff9 00000008 153c2369 KERNEL32!BaseThreadStart+0x51
"""
    (stack,) = rule({"SYMPTOMS": text}).symptoms.stacks
    assert stack == ("ledger!cjournal::close", "ledger!eccloseall", "kernel32!basethreadstart")


def test_a_fault_of_windows_3_keeps_its_fixed_address() -> None:
    text = """
You receive this error message:

  LEDGER caused a General Protection Fault in module PRINTPAD.DRV at 0002:0853.
"""
    symptoms = rule({"SYMPTOMS": text}).symptoms
    assert symptoms.faulting == (FaultSymptom("printpad.drv", "0002:0853"),)
    assert symptoms.processes == ("ledger",)


def test_a_stop_keeps_codes_and_drops_addresses() -> None:
    text = """
The computer shows a blue screen:

  STOP: 0x0000001E (0xC0000005, 0xF6D20B1C, 0x00000000, 0x00000104)
"""
    assert rule({"SYMPTOMS": text}).symptoms.bugchecks == (BugCheckSymptom(0x1E, (0xC0000005, None, 0, 0x104)),)


def test_messages_follow_a_phrase_that_announces_them() -> None:
    text = """
When you open the ledger, the following error message appears:

  The ledger is locked by %1. Wait %2 minutes,
  and then try again.

-or-

  The ledger has moved.

To see where it is, type the following command:

  ledger /where /verbose

NOTE: The ledger may be in one of the following states:

  Ledgers of branch offices are locked on Fridays.
"""
    assert messages(text) == (
        "The ledger is locked by <…>. Wait <…> minutes, and then try again.",
        "The ledger has moved.",
    )


def test_indented_sentences_of_the_article_are_no_messages() -> None:
    text = """
1. Close the ledger.

  NOTE: Closing the ledger on a Friday makes it hang until Monday morning.

2. Wait for the bell.
"""
    assert messages(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        'The error message "Not enough ink is left in the well" appears.',
        'You receive an error that reads "Not enough ink is left in the well" or the program ends.',
    ],
)
def test_messages_quoted_in_a_sentence(text: str) -> None:
    assert messages(text) == ("Not enough ink is left in the well",)


def test_bullets_under_a_phrase_about_messages_are_messages() -> None:
    text = 'You may receive one of the following error messages:\n\n- Ink low in well 4.\n\n- "Pen not found"\n'
    assert messages(text) == ("Ink low in well 4.", "Pen not found")


@pytest.mark.parametrize(
    ("printed", "template"),
    [
        ("Cannot open <file name> on \\\\BOOKS01", "Cannot open <…> on \\\\<…>"),
        ("Error %1 in %s at %08lx", "Error <…> in <…> at <…>"),
        ("rc = -1811, hr = 0x80040154, status 0xfffffa84", "rc = -1811, hr = 0x80040154, status 0xfffffa84"),
        ("referenced memory at 0x7a3f1122", "referenced memory at <…>"),
        ("page fault at 0137:bff9a3c0.", "page fault at <…>."),
        ("on 10/24/98 at 12:30 PM from 10.1.2.3", "on <…> at <…> from <…>"),
        ("Process XXXX (pid=214) ended", "Process <…> (pid=<…>) ended"),
        ("error 1722 in facade", "error 1722 in facade"),
        ("service specific error 4294966274", "service specific error 4294966274"),
        ("license 3123456789 of", "license <…> of"),
        ("Error 0xc8000228 occurred", "Error 0xc8000228 occurred"),
        ("<server> <share>", ""),
        ("word " * 60, " ".join(["word"] * MAX_WORDS)),
    ],
)
def test_templates_keep_codes_and_drop_what_varies(printed: str, template: str) -> None:
    assert template_of(printed) == template


def test_sentences_give_codes_stops_events_images_and_symbols() -> None:
    facts = read_prose(
        "An access violation (0xC0000006) occurs in Ledger.exe. "
        "You may see a STOP 0x50 error message or a Stop 0xC000021A.\n"
        "The MSLedgerDS service logs an event 9175 from MSLedgerSA. "
        "The crash is in ledger!CPage::Turn, called by Inkwell.dll.\n"
        "Start Setup.exe from the compact disc."
    )
    assert [item.code for item in facts.exceptions] == [0xC0000006, 0xC0000005]
    assert [item.code for item in facts.bugchecks] == [0x50, 0xC000021A]
    assert [(event.source, event.id) for event in facts.events] == [("MSLedgerSA", 9175)]
    assert facts.processes == ("ledger.exe",)
    assert "inkwell.dll" in {*facts.modules, *(fault.module for fault in facts.faulting)}
    assert facts.stacks == (("ledger!cpage::turn",),)


@pytest.mark.parametrize(
    "text", ["Stop 50 meters before the bus stop 12.", "The event of 1998 was large.", "Error 0x80070005 is returned."]
)
def test_sentences_about_other_things_give_no_facts(text: str) -> None:
    facts = read_prose(text)
    assert (facts.bugchecks, facts.events, facts.exceptions) == ((), (), ())


def test_words_are_a_sorted_set_with_a_cap() -> None:
    words = word_set(["The ledger hangs; the Ledger hung. Error -1811"], ["x" * 70, *(f"word{n}" for n in range(500))])
    assert list(words) == sorted(set(words))
    assert {"ledger", "hangs", "hung", "0xfffff8ed"} <= set(words)
    assert "the" not in words
    assert len(words) == 120


PROSE = {
    "SYMPTOMS": """
Whenever the branch office sends its monthly ledger across a slow line, the bookkeeping service quietly drops every
second page and then stops answering.

The following error message appears:

  Ledger page %1 is missing.
""",
    "CAUSE": "A worker thread frees the page before the printer has taken it, because two counters share one lock.",
    "RESOLUTION": "To make it work again, restart the bookkeeping service after each transfer of a ledger.",
    "WORKAROUND": "Send the pages of a ledger one after another, with a short pause between any two of them.",
    "MORE INFORMATION": "Ledgers came into use in many offices long before anybody thought of services or slow lines.",
}


def test_none_of_the_articles_sentences_is_carried() -> None:
    made = rule(PROSE)
    runs = {
        " ".join(words[at : at + 4])
        for text in PROSE.values()
        for paragraph in text.split("\n\n")
        if "missing" not in paragraph
        for words in [re.findall(r"[\w]+", paragraph.lower())]
        for at in range(len(words) - 3)
    }
    for text in _texts(made):
        words = re.findall(r"[\w]+", text.lower())
        assert len(words) <= MAX_WORDS
        assert not runs & {" ".join(words[at : at + 4]) for at in range(len(words) - 3)}


def _texts(made: Rule) -> list[str]:
    symptoms = made.symptoms
    return [
        *symptoms.messages,
        *(event.message or "" for event in symptoms.events),
        *symptoms.words,
        *made.fix.registry,
        *made.fix.steps,
    ]


@pytest.mark.parametrize(
    ("text", "crash"),
    [
        ("You receive a general protection fault.", True),
        ("Dr. Watson starts when you print.", True),
        ("The following event is logged:\n\n  Event ID: 7\n  Source: Disk\n  Description: Bad block.", True),
        ("Ledger.exe quits with error code 0xC0000094.", True),
        ("The ledger hangs.", False),
        ("The ledger prints in the wrong colour.", False),
        ("This article tells how to trap an error in a program.", False),
    ],
)
def test_the_crash_class(text: str, crash: bool) -> None:
    found = read_article(article({"SYMPTOMS": text}))
    assert is_crash_class(found, rule({"SYMPTOMS": text})) is crash


def test_a_hang_with_a_fix_is_of_the_class() -> None:
    sections = {
        "SYMPTOMS": "The ledger hangs.",
        "STATUS": "This problem was first corrected in Windows NT 4.0 Service Pack 4.",
    }
    assert is_crash_class(read_article(article(sections)), rule(sections))


@pytest.mark.parametrize(
    ("text", "event"),
    [
        (
            "The log holds these errors:\n\n  Event 3089 Warning\n\n  Page 0x80004002 cannot be turned.\n",
            EventSymptom(None, 3089, "warning", "Page 0x80004002 cannot be turned."),
        ),
        (
            "The following events are logged:\n\n  LedgerSvc Event ID 2380:\n  Source: Ledger\n"
            "  Description: Fatal assert in page.cpp\n",
            EventSymptom("Ledger", 2380, None, "Fatal assert in page.cpp"),
        ),
        (
            "The event log will contain an event 1029 with the following text:\n\n  Invalid page found.\n",
            EventSymptom(None, 1029, None, "Invalid page found."),
        ),
        (
            "The following event is logged:\n\n  Event id 2078 from LedgerSvc Private\n  Category: Out\n"
            "  Description: Unable to turn the page.\n",
            EventSymptom("LedgerSvc Private", 2078, None, "Unable to turn the page."),
        ),
        (
            "The following event is logged:\n\n  Event ID: 3005\n  Src: Ledger Public\n  Type: Information\n"
            "  Description:\n  A page was turned.\n",
            EventSymptom("Ledger Public", 3005, "information", "A page was turned."),
        ),
        (
            "This event is logged:\n\n  Event ID: 24\n  Source: Ledger\n\nThe description may be similar to:\n\n"
            "  Page read error -1018.\n",
            EventSymptom("Ledger", 24, None, "Page read error -1018."),
        ),
        (
            "This error is logged:\n\n  Event ID 41220, Error: no page open\n",
            EventSymptom(None, 41220, None, "Error: no page open"),
        ),
        (
            "It is logged:\n\nEvent ID  1216<BR/>\nSource:   Ledger Private<BR/>\nType:     Information<BR/>\n"
            "Description: Limited pages.\n\nThen nothing.",
            EventSymptom("Ledger Private", 1216, "information", "Limited pages."),
        ),
        (
            "MTA event ID 9996 occurs:\n\n  Event ID: 9996\n  Source: MSExchangeMTA\n  Description: Ink called.\n",
            EventSymptom("MSExchangeMTA", 9996, None, "Ink called."),
        ),
        (
            "This event is logged:\n\n  Event 650, Ledger Server, Warning, Posting returned error rc=1\n",
            EventSymptom("Ledger Server", 650, "warning", "Posting returned error rc=1"),
        ),
        (
            "Two timers expire.\n\nEvent ID 275\n\n  The page timer has started.\n",
            EventSymptom(None, 275, None, "The page timer has started."),
        ),
    ],
)  # fmt: skip
def test_events_in_the_articles_own_forms(text: str, event: EventSymptom) -> None:
    assert rule({"SYMPTOMS": text}).symptoms.events == (event,)


def test_two_events_of_one_sentence() -> None:
    text = 'The log also contains event 11310 "LOGIN FAILURE" followed by event 11103 "losing connection."'
    assert [event.id for event in read_prose(text).events] == [11310, 11103]


@pytest.mark.parametrize(
    "text",
    [
        "The following errors may occur:\n\n- All pages are blank. When you turn one, it indicates a torn page.\n",
        "The following log entry may appear in the errors:\n\n- The following log entry may appear in the book:\n",
        'Place the following code in this event:\n\n  MsgBox "Page turned for you"\n',
        "You can see the deferred messages by:\n\n- Observing the Deferred Pages counter.\n",
        'The service was given the "Manage pages and ledgers" right; no event is logged.',
        'To clear the error, type the following:\n\n  "Net Stop LEDGER /Y" (without the quotation marks)\n',
    ],
)
def test_what_the_article_says_is_no_message(text: str) -> None:
    assert messages(text) == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("This error message appears:\n\n  R6003 - integer divide by 0\n", 0xC0000094),
        ("- The ledger stops with exception code 0D at 0028:C0011C5F.", 0xC0000005),
        ("A blue screen shows:\n\n  Fatal exception 06 at 0028:<address> in VXD LEDGER(04) + 00005A8D\n", 0xC000001D),
        ("This error appears:\n\n  Syntax error or access violation.\n", None),
        ("The trace message appears:\n\n  scode = E_NOINTERFACE ($80000004)\n", None),
        ("This error appears:\n\n  A page expression caused a stack overflow\n", 0xC00000FD),
    ],
)
def test_codes_of_messages_in_words(text: str, code: int | None) -> None:
    symptoms = rule({"SYMPTOMS": text}, title="Ledger Prints Blank Pages").symptoms
    assert [symptom.code for symptom in symptoms.exceptions] == ([] if code is None else [code])
    assert symptoms.processes == ()


def test_faults_that_the_cause_tells() -> None:
    made = rule({"SYMPTOMS": "An error occurs.", "CAUSE": "LEDGER caused an invalid page fault in Quill.dll."})
    assert made.symptoms.faulting == (FaultSymptom("quill.dll"),)
    assert made.symptoms.processes == ("ledger",)


def test_a_dump_at_the_margin_leaves_no_numbers_as_words() -> None:
    dump = "eax=00000010 ebx=00327880 ecx=0000004c edx=ffffffff esi=0000004c edi=0000004c\neip=762b32db esp=0012fdb4\n"
    assert not {"0x0000004c", "76"} & set(rule({"SYMPTOMS": f"The ledger hangs.\n\n{dump}"}).symptoms.words)


def test_a_stack_without_its_columns() -> None:
    text = """
A stack trace is similar to this one:

  Exception number: c0000005 (access violation)

  FAULT ->77f76148 cc               int     3

  Function Name
  ledger!TurnPage  (FPO: [0,0,1])
  ledger!OpenBook  (FPO: [0,4,3])
"""
    assert rule({"SYMPTOMS": text}).symptoms.stacks == (("ledger!turnpage", "ledger!openbook"),)


def test_a_sentence_of_the_cause_is_no_message() -> None:
    made = rule({"SYMPTOMS": "An error occurs.", "CAUSE": "A flaw in the INK causes an access violation in Quill.dll."})
    assert (made.symptoms.processes, made.symptoms.messages) == ((), ())
    made = rule({"SYMPTOMS": "You see an access violation in Ledger.exe while it prints."})
    assert made.symptoms.processes == ("ledger.exe",)
    assert (made.symptoms.faulting, made.symptoms.messages) == ((), ())


def test_registers_and_instructions_are_no_messages() -> None:
    text = """
The thread where the access violation occurred shows this error:

  FramePtr  RetAddr   Function Name
  07cff6dc  00623290  LEDGER!TurnPage+0x73

  eax=00000010 ebx=00327880 ecx=0000004c edx=ffffffff

  85c0  test  eax,eax   7402  je  Turn+00000083
"""
    symptoms = rule({"SYMPTOMS": text}).symptoms
    assert symptoms.messages == ()
    assert symptoms.exceptions == (ExceptionSymptom(0xC0000005),)


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ("The journal was corrupted by a filter.", ("corrupted", "filter", "journal")),
        ("The printer of the ledger is late.", ("late",)),  # the other words are words of the symptoms
        ("The journal.\n\nA journal.", ("journal",)),
        ("This problem occurs because of the following:", ()),  # the archive's own phrases
        ("The filter is full:\n\n  FILTER!Fill+0x12 block of numbers", ("filter", "full")),  # what is quoted
        ("", ()),
    ],
)
def test_the_cause_leaves_the_words_that_the_symptoms_have_not(cause: str, words: tuple[str, ...]) -> None:
    found = rule({"SYMPTOMS": "The printer ledger stops.", "CAUSE": cause}, query=None)
    assert found.cause == words
    assert not set(found.cause) & set(found.symptoms.words)


def test_an_article_without_a_cause_has_no_words_of_it() -> None:
    assert rule({"SYMPTOMS": "The ledger stops.", "RESOLUTION": "Start it again."}).cause == ()
    assert rule("The ledger stops because of the journal.").cause == ()


def test_a_list_of_events_is_read_where_a_log_would_need_more_proof() -> None:
    text = (
        "These events are logged:\n\n  Event 1: The ledger was opened.\n  Event 2: The ledger was closed.\n"
        "  Event 601: A page of the ledger was lost.\n"
    )
    assert [(event.id, event.message) for event in rule({"SYMPTOMS": text}).symptoms.events] == [
        (601, "A page of the ledger was lost."),
        (1, "The ledger was opened."),
        (2, "The ledger was closed."),
    ]


@pytest.mark.parametrize(
    ("function", "stacks"), [("PostEntry", (("!postentry",),)), ("<nosymbols>", ()), ("Ordinal12", ())]
)
def test_the_function_that_failed_stands_for_a_stack_that_is_not_printed(
    function: str, stacks: tuple[tuple[str, ...], ...]
) -> None:
    log = (
        "Application exception occurred:\n  App: ledger.exe (pid=12)\n  Exception number: c0000005\n"
        f"  function: {function}\n  FAULT ->779f8bc7 803f00   cmp byte ptr [edi],0x0\n"
    )
    assert rule({"SYMPTOMS": f"Dr. Watson logs this error:\n\n  {log}"}).symptoms.stacks == stacks
