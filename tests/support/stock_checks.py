"""Schemathesis's stock checks, asked in process about an exchange of ours."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import requests
import schemathesis
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.transport import Response
from schemathesis.generation import GenerationMode
from schemathesis.generation.meta import (
    CaseMetadata,
    ComponentInfo,
    CoverageScenario,
    GenerationInfo,
    PhaseInfo,
)

from contract_tests.exchange.testimony import Testimony
from spec.paths import ROOT, SPEC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemathesis import Case

    from contract_tests.exchange.exchange import Exchange
    from contract_tests.judge.seen import Seen

ASKED: Final = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "positive_data_acceptance",
    "unsupported_method",
    "allow_header_conformance",
)
"""The stock checks that look at one exchange alone. The others send requests of their own."""


def ask_schemathesis(seen: Seen) -> list[Testimony]:
    """The statements that Schemathesis makes of an exchange, as if it had made the request to be what it is."""
    load_all_checks()
    case, response = _case(seen), _response(seen.exchange)
    return [each for name in ASKED for each in _ask(name, case, response, seen.exchange.id)]


def statement(check: str) -> Testimony:
    """A statement that a check of Schemathesis makes of the exchange "1"."""
    return Testimony("1", check, "A headline", "A detail")


def _ask(name: str, case: Case[Any], response: Response, exchange_id: str) -> Iterator[Testimony]:
    check: Any = CHECKS.get_one(name)
    try:
        case.validate_response(response, checks=[check])
    except FailureGroup as group:
        yield from (Testimony(exchange_id, name, each.title, each.message) for each in group.exceptions)


@cache
def _schema() -> Any:  # noqa: ANN401 - Schemathesis's own
    config = SchemathesisConfig.from_path(ROOT / "schemathesis.toml")
    return schemathesis.openapi.from_path(SPEC, config=config)


def _case(seen: Seen) -> Case[Any]:
    operation = _schema()[seen.operation.path][seen.operation.method]
    body = {} if seen.sent.validity == "malformed" else json.loads(seen.request.body or b"null")
    case: Case[Any] = operation.Case(
        method=seen.request.method,
        headers=dict(seen.request.headers),
        body=body,
        media_type="application/json",
        _meta=_metadata(seen),
    )
    return case


def _metadata(seen: Seen) -> CaseMetadata:
    is_valid = seen.sent.has_its_method and seen.sent.validity == "valid"
    mode = GenerationMode.POSITIVE if is_valid else GenerationMode.NEGATIVE
    scenario = CoverageScenario.INCORRECT_TYPE if seen.sent.has_its_method else CoverageScenario.UNSPECIFIED_HTTP_METHOD
    phase = PhaseInfo.coverage(scenario, "a test's", parameter_location=ParameterLocation.BODY)
    return CaseMetadata(GenerationInfo(0.0, mode), {ParameterLocation.BODY: ComponentInfo(mode)}, phase)


def _response(exchange: Exchange) -> Response:
    request, response = exchange.request, exchange.response
    assert response  # noqa: S101 - the caller has one
    sent = requests.Request(request.method, request.url, dict(request.headers), data=request.body).prepare()
    headers = {name.lower(): response.headers.all(name) for name, _ in response.headers}
    return Response(response.status, headers, response.body, sent, elapsed=0.0, verify=True)
