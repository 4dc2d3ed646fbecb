"""The engine's events turned into exchanges, in the engine's own process, and told to the one that started it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final, Literal

import requests
from schemathesis import cli
from schemathesis.engine import Status, events

from contract_tests.credentials import AUTHORIZATION, RIGHT, WRONG, hide_token
from contract_tests.engine import TOKEN_ENV, description_of, tell
from contract_tests.exchanges import Exchange, Failure, Request, Response

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemathesis import Case
    from schemathesis.engine import recorder

Fields = tuple[tuple[str, list[str]], ...]
# Fields that follow from where a request goes and how long it is, or that the engine needs for itself.
_UNTOLD: Final = {"host", "content-length", "x-schemathesis-testcaseid"}


@cli.handler()
class Recorder(cli.EventHandler[Any]):
    """Hears the events of a run."""

    def handle_event(self, _context: Any, event: Any) -> None:  # noqa: ANN401 - the engine's protocol
        """Tells each exchange of a finished scenario, and what the engine stumbled over."""
        if isinstance(event, events.ScenarioFinished):
            for exchange in _exchanges(event.recorder, is_interrupted=event.status is Status.INTERRUPTED):
                tell(exchange)
        elif isinstance(event, events.NonFatalError):
            tell(_error_text(event.value))
        elif isinstance(event, events.FatalError):
            tell(_error_text(event.exception))


def _exchanges(recorder: recorder.ScenarioRecorder, *, is_interrupted: bool) -> Iterator[Exchange]:
    for case_id, interaction in recorder.interactions.items():
        node = recorder.cases.get(case_id)
        meta = node.value.meta if node else None
        results, sent = recorder.checks.get(case_id, []), interaction.request
        description = description_of(case_id) or _description(meta)
        yield Exchange(
            label=recorder.label,
            expectation=_expectation(meta),
            description=description,
            request=_request(sent.method, sent.uri, _with_both(tuple(sent.headers.items()), description), sent.body),
            response=_response(interaction.response),
            passed=tuple(result.name for result in results if result.status == Status.SUCCESS),
            failures=tuple(_failure(result) for result in results if result.failure_info),
        )
    # The case that an interruption falls upon is not known to have gone without an answer.
    ended = list(recorder.cases)[:-1] if is_interrupted else list(recorder.cases)
    for case_id in filter(lambda case_id: case_id not in recorder.interactions, ended):
        yield _unanswered(recorder.label, recorder.cases[case_id].value)


def _unanswered(label: str, case: Case[Any]) -> Exchange:
    """A request whose answer broke off: the engine keeps none of it."""
    request = requests.Request(**case.as_transport_kwargs(base_url=case.operation.base_url)).prepare()
    headers = tuple((name, [str(value)]) for name, value in request.headers.items())
    credentials = tuple((AUTHORIZATION, [value]) for value in _credentials(case))
    body = request.body if isinstance(request.body, bytes) else str(request.body or "").encode()
    return Exchange(
        label=label,
        expectation=_expectation(case.meta),
        description=description_of(case.id) or _description(case.meta),
        request=_request(request.method or "", request.url or "", (*headers, *credentials), body),
        response=None,
    )


def _credentials(case: Case[Any]) -> tuple[str, ...]:
    """The Authorization fields that the engine and the hooks add to a case as it is sent."""
    if AUTHORIZATION in case.headers or not (case.meta or description_of(case.id)):
        return ()
    return WRONG.get(description_of(case.id) or "", (RIGHT,))


def _with_both(fields: Fields, description: str) -> Fields:
    """The header fields with all credentials that were sent: of two fields of a name, the engine keeps one."""
    if description not in WRONG:
        return fields
    others = tuple(field for field in fields if field[0].lower() != AUTHORIZATION.lower())
    return (*others, *((AUTHORIZATION, [value]) for value in WRONG[description]))


def _expectation(meta: Any) -> Literal["positive", "negative"]:  # noqa: ANN401 - as below
    return "negative" if meta and meta.generation.mode.is_negative else "positive"


def _description(meta: Any) -> str:  # noqa: ANN401 - the engine's notes have no public type
    """What the engine says of a case; what its checks send by themselves comes without."""
    return getattr(getattr(meta and meta.phase, "data", None), "description", None) or "a probe by a check"


def _request(method: str, url: str, fields: Fields, body: bytes | None) -> Request:
    headers = tuple(
        (name, hide_token(value, os.environ[TOKEN_ENV]) if name.lower() == AUTHORIZATION.lower() else value)
        for name, values in fields
        if name.lower() not in _UNTOLD
        for value in values
    )
    return Request(method, url, headers, body or b"")


def _response(response: Any) -> Response | None:  # noqa: ANN401 - the engine's class, imported nowhere else
    if response is None:
        return None
    headers = tuple((name, value) for name, values in response.headers.items() for value in values)
    return Response(response.status_code, headers, response.content or b"")


def _failure(result: recorder.CheckNode) -> Failure:
    assert result.failure_info  # noqa: S101 - the caller has seen to it
    failure = result.failure_info.failure
    return Failure(result.name, failure.title, failure.message or "")


def _error_text(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".strip()
