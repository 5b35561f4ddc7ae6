"""A short text in a person's own words is a description; logs, code and binary data are not."""

import pytest

from triage.api.analysis import MAX_TOLD, told
from triage.model.evidence import Evidence, Incident

TICKET = b"""Hello,

since we installed the new service pack the mail server stops every night when the backup starts.
There is no message on the screen, and after a restart it is fine again until the next night.

Regards, Ann
"""


def test_a_ticket_is_a_description() -> None:
    evidence = told(TICKET)
    assert evidence is not None
    assert [incident.kind for incident in evidence.incidents] == ["prose"]


def test_what_a_program_printed_is_no_description() -> None:
    assert told(TICKET, Evidence(format="stop", incidents=(Incident(kind="bugcheck", lines=(1, 5)),))) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"too short to say anything",
        TICKET * (MAX_TOLD // len(TICKET) + 1),
        b"Jun 14 15:16:01 combo sshd(pam_unix)[19939]: authentication failure; logname= uid=0 euid=0 tty=NODEVssh\n"
        * 9,
        b'{"request_id": "4386cd6bef33", "action": "active_feeds", "path": "/feeds", "status": 200}\n' * 5,
        b"int main(void) {\n    for (int i = 0; i < 10; ++i) {\n        run(i, values[i]);\n    }\n    return 0;\n}\n"
        * 3,
        bytes(range(256)) * 8,
    ],
)
def test_anything_else_is_none(data: bytes) -> None:
    assert told(data) is None
