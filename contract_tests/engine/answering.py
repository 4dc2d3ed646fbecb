"""The process that answers questions: it asks a check of Schemathesis about an exchange, and sends nothing."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from contract_tests.engine.asking import Question
from contract_tests.exchange.testimony import Testimony
from spec.paths import ROOT

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path

    from schemathesis import Case
    from schemathesis.core.failures import Failure
    from schemathesis.core.transport import Response
    from schemathesis.generation.meta import CaseMetadata

_MEANT_WRONG: Final = {"negative_data_rejection": True, "positive_data_acceptance": False}
"""Of checks that ask what a request was meant to be: whether they hold one that was meant to be wrong."""


def main(channel: Connection) -> None:
    """Answers one question."""
    question = channel.recv()
    assert isinstance(question, Question)  # noqa: S101 - nobody else has the channel
    channel.send(answer(question))


def answer(question: Question) -> list[Testimony]:
    """The statements of the check against the exchange, as if Schemathesis had made the request to be what it is."""
    from schemathesis.checks import CHECKS, load_all_checks  # noqa: PLC0415 - its import is slow; few questions are asked
    from schemathesis.core.failures import FailureGroup  # noqa: PLC0415

    load_all_checks()
    check: Any = CHECKS.get_one(question.check)
    try:
        _case(question).validate_response(_response(question), checks=[check])
    except FailureGroup as group:
        return [_testimony(question, each) for each in group.exceptions]
    return []


def _testimony(question: Question, failure: Failure) -> Testimony:
    return Testimony(question.exchange.id, question.check, failure.title, (failure.message or "").strip())


@cache
def _schema(spec: Path) -> Any:  # noqa: ANN401 - Schemathesis's own
    import schemathesis  # noqa: PLC0415
    from schemathesis.config import SchemathesisConfig  # noqa: PLC0415

    config = SchemathesisConfig.from_path(ROOT / "schemathesis.toml")
    return schemathesis.openapi.from_path(spec, config=config)


def _case(question: Question) -> Case[Any]:
    request = question.exchange.request
    case: Case[Any] = _schema(question.spec)[question.path][question.method].Case(
        method=request.method,
        path_parameters=dict(question.path_values),
        _meta=_metadata(question),
    )
    return case


def _metadata(question: Question) -> CaseMetadata:
    from schemathesis.core.parameters import ParameterLocation  # noqa: PLC0415
    from schemathesis.generation import GenerationMode  # noqa: PLC0415
    from schemathesis.generation.meta import (  # noqa: PLC0415
        CaseMetadata,
        ComponentInfo,
        CoverageScenario,
        GenerationInfo,
        PhaseInfo,
    )

    is_wrong = _MEANT_WRONG.get(question.check, not question.is_valid)
    mode = GenerationMode.NEGATIVE if is_wrong else GenerationMode.POSITIVE
    has_method = question.has_its_method
    scenario = CoverageScenario.INCORRECT_TYPE if has_method else CoverageScenario.UNSPECIFIED_HTTP_METHOD
    phase = PhaseInfo.coverage(scenario, "sent again", parameter_location=ParameterLocation.BODY)
    return CaseMetadata(GenerationInfo(0.0, mode), {ParameterLocation.BODY: ComponentInfo(mode)}, phase)


def _response(question: Question) -> Response:
    import requests  # noqa: PLC0415
    from schemathesis.core.transport import Response  # noqa: PLC0415

    request, response = question.exchange.request, question.exchange.response
    assert response  # noqa: S101 - there is nothing to ask about otherwise
    sent = requests.Request(request.method, request.url, dict(request.headers), data=request.body).prepare()
    headers = {name.lower(): response.headers.all(name) for name, _ in response.headers}
    return Response(response.status, headers, response.body, sent, elapsed=0.0, verify=True)
