"""What was never tried, on the page."""

from __future__ import annotations

from msgspec import structs

from contract_tests.report.page.untried import Gap, find_left_out
from contract_tests.result.scope import LeftOut
from tests.support.pages import lax_result

LABEL = "POST /conversations/create_phone_call"


def test_requests_that_were_not_sent_stand_under_their_operation_and_reason() -> None:
    null = LeftOut(operation=LABEL, thing="a: null", reason=None)
    absent = LeftOut(operation=LABEL, thing="b: absent", reason="no call is left")
    whole = LeftOut(operation="GET /a", thing=None, reason="it may change things")
    result = structs.replace(lax_result(), untried=(null, absent), withheld=(whole,))
    assert list(find_left_out(result)) == [
        Gap(f"{LABEL}: cut off by a limit of this run", 2, ("a: null", "b: absent (no call is left)")),
        Gap("Withheld, for this target is never sent it", 1, ("GET /a (it may change things)",)),
    ]
