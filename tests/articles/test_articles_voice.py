"""What a program prints is kept as a message; what an article, or the system above everything, says is not."""

import pytest

from triage.articles.voice import message_of


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("The ledger service has no page left.", "The ledger service has no page left."),
        ("The page is missing. This error may occur if the ledger is full.", "The page is missing."),
        ("The following message was not posted because the page was full.",) * 2,
        ("The page is missing. The following message is displayed: full.", "The page is missing."),
        # How the system and Dr. Watson head all that they print.
        ("Microsoft (R) Windows NT (TM) Version 4.00 DrWtsn32 Copyright (C) 1985-1996 Microsoft Corp.", ""),
        ("Microsoft(R) Windows NT (R) Version 4.0 (Build 1381: Service Pack 6)", ""),
        ("Microsoft Windows could not open the ledger.", "Microsoft Windows could not open the ledger."),
    ],
)
def test_what_is_kept_of_a_quotation(text: str, message: str) -> None:
    assert message_of(text) == message
