"""Schemathesis as a second witness: its testimony that the judge does not confirm becomes failures of their own.

A statement is passed over if the judge makes the same one, or overrules it for a reason that is written here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from contract_tests.judge.checks.requests import (
    authorization_required,
    documented_request_accepted,
    ignored_auth,
    invalid_request_refused,
    malformed_json_refused,
    undocumented_media_type_refused,
    unsupported_method,
)
from contract_tests.judge.checks.responses import (
    not_a_server_error,
    response_is_json,
    response_schema_conformance,
)
from contract_tests.judge.checks.undocumented import undocumented_fields_accepted
from contract_tests.judge.judge import Failure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contract_tests.exchange.testimony import Testimony
    from contract_tests.judge.judge import Judged
    from contract_tests.judge.seen_request import SeenRequest

NAME: Final = "Schemathesis"
_ACCEPTANCE: Final = "positive_data_acceptance"
_REJECTION: Final = "negative_data_rejection"
_ABOUT_VALIDITY: Final = {_ACCEPTANCE, _REJECTION}
_SAME_QUESTION: Final = {
    # It calls a request invalid for what it meant to send; the judge goes by the bytes, and by what is wrong with them.
    _REJECTION: {
        invalid_request_refused.name,
        malformed_json_refused.name,
        undocumented_media_type_refused.name,
        authorization_required.name,
    },
    _ACCEPTANCE: {documented_request_accepted.name, undocumented_fields_accepted.name},
    "missing_required_header": {authorization_required.name, invalid_request_refused.name},
    "ignored_auth": {ignored_auth.name, authorization_required.name},
    "response_schema_conformance": {response_schema_conformance.name, response_is_json.name},
}
"""Checks of the judge that ask the same, where their names differ."""


@dataclass(frozen=True)
class _Dismissal:
    """A check of Schemathesis whose answer the judge may overrule, and the judge's check that does."""

    check: str
    by: str
    reason: str


_DISMISSALS: Final = (
    _Dismissal(
        "missing_required_header",
        authorization_required.name,
        "it takes 401 for the only right answer to a request without a token; the spec has 403 too",
    ),
    _Dismissal(
        "unsupported_method",
        unsupported_method.name,
        "it takes 405 for the only right answer; a server need not tell that there is something else at the path",
    ),
    _Dismissal(
        not_a_server_error.name,
        not_a_server_error.name,
        "a method that nobody implements may get 501",
    ),
    _Dismissal(
        "ignored_auth",
        documented_request_accepted.name,
        "the request has the credentials of an alternative, some of which it does not see",
    ),
    _Dismissal(
        _REJECTION,
        documented_request_accepted.name,
        "the request that it changed in order to be invalid is valid as it was sent",
    ),
)


def hear_witness(judged: Iterable[Judged], testimony: Iterable[Testimony]) -> list[Judged]:
    """The judged exchanges, with a failure for each statement that the judge neither makes nor overrules.

    Statements about requests that were not sent, or got no response, are about the guard's own answers and say nothing.
    """
    by_exchange: defaultdict[str, list[Testimony]] = defaultdict(list)
    for each in testimony:
        by_exchange[each.exchange_id].append(each)
    return [_with_testimony(each, by_exchange.get(each.exchange.id, [])) for each in judged]


def _with_testimony(judged: Judged, testimony: list[Testimony]) -> Judged:
    if judged.exchange.response is None or judged.seen.is_of_the_moment or judged.unknown:
        return judged
    heard = (each for each in testimony if not (_is_known(judged, each) or _is_overruled(judged, each)))
    new = tuple(_failure(judged, each) for each in heard)
    return replace(judged, failures=(*judged.failures, *new)) if new else judged


def _is_known(judged: Judged, testimony: Testimony) -> bool:
    same = _SAME_QUESTION.get(testimony.check, {testimony.check})
    return any(failure.check in same for failure in judged.failures)


def _is_overruled(judged: Judged, testimony: Testimony) -> bool:
    if testimony.check == _ACCEPTANCE and judged.seen.sent.validity == "valid":
        return True  # the judge has its reasons not to hold the refusal against the server
    if testimony.check in _ABOUT_VALIDITY and judged.seen.sent.is_ambiguous:
        return True  # the server may read the request in either way
    if testimony.check == _ACCEPTANCE and invalid_request_refused.name in judged.passed:
        # It writes some formats in another way, such as a text as YAML, and makes texts that break their patterns.
        return not judged.seen.sent.is_json_sent or _is_wrong_for_texts(judged.seen.sent)
    if testimony.check == response_schema_conformance.name and judged.seen.described_text:
        return True  # it reads the events of a stream as objects, and holds each to the schema of the whole text
    if testimony.check in _ABOUT_VALIDITY and judged.seen.sent.sets_read_only:
        return True  # it takes a wrong value of a readOnly field for one that must be refused; a server may ignore it
    return any(testimony.check == dismissal.check and dismissal.by in judged.passed for dismissal in _DISMISSALS)


def _is_wrong_for_texts(sent: SeenRequest) -> bool:
    """Tells whether a request is wrong for nothing but texts, which break patterns or formats."""
    breaches = [*sent.breaches, *(breach for _, breach in sent.parameter_breaches)]
    return bool(breaches) and all(each.pointer.endswith(("/pattern", "/format")) for each in breaches)


def _failure(judged: Judged, testimony: Testimony) -> Failure:
    return Failure(
        testimony.check,
        testimony.headline,
        testimony.detail,
        judged.seen.operation.pointer,
        "formality",
        witness=NAME,
        kind=testimony.headline,
    )
