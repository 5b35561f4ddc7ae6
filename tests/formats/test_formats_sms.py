"""Crash reports of Systems Management Server."""

from hypothesis import given, settings
from hypothesis import strategies as st

from triage.formats import read_evidence
from triage.formats.sms import read
from triage.text.lines import Text

BLOCK = """EXCEPTION INFORMATION

Time = 04/05/1999 16:55:47
Service name = SMS_EXECUTIVE
Thread name = SMS_LEDGER_MANAGER
Executable = E:\\SMS\\bin\\i386\\smsexec.exe
Process ID = 106
Thread ID = 363
Instruction address = 0x7800153D
Exception = 0xC0000005 (EXCEPTION_ACCESS_VIOLATION)
Description = "The thread tried to read from the virtual address 0x00000010 for
which it does not have the appropriate access."

STACK TRACE FOR SMS_LEDGER_MANAGER THREAD 363 (0x16b) AT 04/05/1999

Module        Address   Offset    Function + Displacement
==========================================================
ledger.dll    1428b985  0004b985  PostEntry() + 949 bytes
baseobj.dll   1428c001  0004c001
ReadCounter() + 12 bytes
"""


def test_a_block_tells_code_place_thread_and_stack() -> None:
    (incident,) = read_evidence(BLOCK.encode()).incidents
    record = incident.exception
    assert record is not None
    assert (record.code, record.address, record.access, record.target) == (0xC0000005, 0x7800153D, "read", 0x10)
    assert incident.process is not None
    assert (incident.process.name, incident.process.pid) == ("smsexec.exe", 106)
    assert "SMS_LEDGER_MANAGER" in incident.messages[0].text
    assert [(frame.module, frame.function, frame.offset) for frame in incident.stack] == [
        ("ledger.dll", "PostEntry", 949),
        ("baseobj.dll", "ReadCounter", 12),
    ]
    assert incident.lines == (1, 20)


def test_a_mailer_joined_the_rows() -> None:
    head, _, rest = BLOCK.partition("\n\n")
    (incident,) = read_evidence(f"======= {head}\n\n{' '.join(rest.split())}".encode()).incidents
    assert incident.process is not None
    assert incident.process.name == "smsexec.exe"
    assert len(incident.stack) == 2


def test_two_blocks_are_two_crashes() -> None:
    assert len(read(Text((BLOCK + BLOCK).split("\n"))).incidents) == 2


def test_the_client_tells_what_was_raised() -> None:
    (incident,) = read_evidence(
        b"Ledger Agent completed in 42 secs !\n<<<<<< EXCEPTION EXCEPTION EXCEPTION >>>>>>\n"
        b"<<CLIEXCEPT>> (Logged to all threads) An exception was raised in the\n"
        b"application 'Ledger', thread 0x500 (Main)~\n"
        b"<<CLIEXCEPT>> A fatal exception occurred in THIS THREAD. Information\nfollows:~\n"
    ).incidents
    assert incident.messages[0].text == "An exception was raised in the application 'Ledger', thread 0x500 (Main)"
    assert incident.kind == "message"


def test_words_about_it_are_no_report() -> None:
    assert read(Text(("The exception information is shown here.", "EXCEPTION INFORMATION", "None."))).incidents == ()


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(BLOCK.split("\n")) | st.text(max_size=12), max_size=40))
def test_any_rows_are_read_without_error(rows: list[str]) -> None:
    text = Text(tuple(rows) or ("",))
    for incident in read(text).incidents:
        assert 1 <= incident.lines[0] <= incident.lines[1] <= len(text)
