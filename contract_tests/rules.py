"""Checks that the engine lacks. Each is registered under its function's name, which is what reports call it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import schemathesis

if TYPE_CHECKING:
    from schemathesis import Case, Response
    from schemathesis.checks import CheckContext

_REFUSALS: Final = {"401", "403"}


@schemathesis.check
def authorization_required(_: CheckContext, response: Response, case: Case[Any]) -> None:
    """A request without an Authorization header is turned away with a documented 401 or 403.

    It takes the place of the engine's `missing_required_header` for this header, which knows 401 alone
    (see contract_tests/hooks.py).
    """
    request = response.request
    if request.method != case.operation.method.upper() or "authorization" in {name.lower() for name in request.headers}:
        return
    documented = sorted(_REFUSALS & {str(status) for status in case.operation.definition.raw.get("responses", {})})
    if str(response.status_code) not in documented:
        raise AssertionError(
            "A request without an Authorization header is not turned away\n\n"
            f"Received: {response.status_code}\nDocumented: {', '.join(documented)}"
        )
