"""References: values in requests that only an account has or has not, such as the id of an agent.

A server that refuses one which the account does not have breaks nothing. That the account has it is known once a
request with it was accepted, anywhere in the record.
"""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from contract_tests.contract.places import values_at
from contract_tests.exchange.bodies import NOT_JSON
from contract_tests.judge.checks.requests import documented_request_accepted
from contract_tests.judge.checks.responses import status_code_conformance

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from contract_tests.judge.judge import Judged

_REFUSALS: Final = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""The statuses by which servers say that an account does not have something."""
_EXCUSED: Final = {documented_request_accepted.name, status_code_conformance.name}

_Reference = tuple[str, str]
"""A place, and the text that stands there."""


def excuse_unknown_references(judged: Sequence[Judged], places: Collection[str]) -> list[Judged]:
    """The judged exchanges, where a refusal that may be due to an unknown reference fails no check.

    `places` are JSON Pointers of where references stand in a request's body.
    """
    known = {reference for each in judged if each.exchange.is_accepted for reference in _references(each, places)}
    return [_excuse(each, _references(each, places) - known) for each in judged]


def _references(judged: Judged, places: Iterable[str]) -> set[_Reference]:
    body = judged.seen.request_body if judged.seen.operation.body else NOT_JSON
    return {(place, value) for place in places for value in values_at(body, place) if isinstance(value, str)}


def _excuse(judged: Judged, unknown: set[_Reference]) -> Judged:
    response = judged.exchange.response
    is_refusal = response is not None and response.status in _REFUSALS
    if not (unknown and is_refusal and judged.seen.validity == "valid"):
        return judged
    left = tuple(failure for failure in judged.failures if failure.check not in _EXCUSED)
    return replace(judged, failures=left, unknown=tuple(sorted({place for place, _ in unknown})))
