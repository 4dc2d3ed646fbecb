"""The spec, as the mock knows it: read when it is first needed, because few tests of a user need it."""

from __future__ import annotations

from functools import cache, cached_property, partial
from typing import TYPE_CHECKING

from spec.paths import SPEC

if TYPE_CHECKING:
    from starlette.types import Scope

    from contract_tests.contract.contract import Contract
    from contract_tests.servers.answer_maker import AnswerMaker
    from contract_tests.servers.order_book import Prescription
    from contract_tests.servers.preferences import Preferences
    from contract_tests.servers.reasons import Reason


class Knowledge:
    """Answers questions about the spec."""

    @cached_property
    def _contract(self) -> Contract:
        from contract_tests.contract.contract import read_contract  # noqa: PLC0415 - see the module's docstring

        return read_contract(SPEC)

    @cached_property
    def _maker(self) -> AnswerMaker:
        from contract_tests.servers.answer_maker import AnswerMaker, plainest_values  # noqa: PLC0415 - see above

        return AnswerMaker(self._contract, cache(partial(plainest_values, self._contract)))

    def prescribe(self, label: str, preferences: Preferences) -> Prescription | None:
        """The answer that preferences prescribe for an operation; None if they leave the body to the server.

        `label` names the operation: `POST /path`.
        """
        from contract_tests.servers.prescribed import prescribe  # noqa: PLC0415 - see the module's docstring

        return prescribe(self._contract, self._maker, self._contract.operation(label), preferences)

    def reasons(self, scope: Scope, body: bytes) -> tuple[Reason, ...]:
        """The reasons why a body is no valid request."""
        from contract_tests.servers.any_spec import read_asked  # noqa: PLC0415 - see the module's docstring
        from contract_tests.servers.reasons import find_reasons, read_as_json  # noqa: PLC0415 - see above

        asked = read_asked(self._contract, scope, body)
        return tuple(find_reasons(self._contract, asked.operation, asked.headers, body, read_as_json)) if asked else ()
