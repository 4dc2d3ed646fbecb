"""What was never tried, on the page."""

from __future__ import annotations

from msgspec import structs

from contract_tests.report.page.untried import Gap, find_left_out
from tests.support.pages import lax_result

LABEL = "POST /conversations/create_phone_call"


def test_requests_that_were_not_sent_stand_under_their_operation_and_reason() -> None:
    texts = {"untried": (f"{LABEL}: a: null", f"{LABEL}: b: absent"), "withheld": ("a text without an operation",)}
    assert list(find_left_out(structs.replace(lax_result(), **texts))) == [
        Gap(f"{LABEL}: cut off by a limit of this run", 2, ("a: null", "b: absent")),
        Gap("Withheld, for this target is never sent it", 1, ("a text without an operation",)),
    ]
