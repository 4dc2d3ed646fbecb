"""Faults in the ways of HTTP: credentials, statuses, media types, bodies that are no JSON, methods."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Final

from starlette.responses import JSONResponse
from starlette.routing import Route

from contract_tests.servers.answer import Answer
from contract_tests.servers.faults.fault import (
    Fault,
    at_status,
    by_judging,
    judge_rightly,
)
from contract_tests.servers.mock import PATH, Judge, ReceivedRequest, create_app, judge_body

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.requests import Request
    from starlette.types import ASGIApp
    from voiceos_models import CreateCall

    from contract_tests.servers.faults.fault import MakeApp

_OPERATION: Final = "/paths/~1conversations~1create_phone_call/post"
_AUTHORIZATION: Final = "authorization_required"
_CRASH: Final = "not_a_server_error"
_STATUS: Final = "status_code_conformance"
_CONTENT_TYPE: Final = "content_type_conformance"
_SCHEMA: Final = "response_schema_conformance"
_NOT_JSON: Final = "response_is_json"
_METHOD: Final = "unsupported_method"
_NO_ANSWER: Final = "answers_every_request"
_JSON: Final = {"content-type": "application/json"}


def protocol_faults() -> Iterator[Fault]:
    """All of them."""
    yield from _credentials()
    yield from _statuses()
    yield from _media_types()
    yield from _bodies()
    yield from _methods()


def _credentials() -> Iterator[Fault]:
    accepted: dict[str, Callable[[list[str], str], bool]] = {
        "a prefix of the token accepted": lambda fields, token: (
            bool(_bearer(fields)) and token.startswith(_bearer(fields))
        ),
        "a token that begins right accepted": lambda fields, token: _bearer(fields).startswith(token),
        "the token in any case accepted": lambda fields, token: _bearer(fields).lower() == token.lower(),
        "any scheme accepted": lambda fields, token: [field.partition(" ")[2] for field in fields] == [token],
        "the token without a scheme accepted": lambda fields, token: fields == [token],
        "an empty bearer accepted": lambda fields, _token: [field.strip() for field in fields] == ["Bearer"],
        "an empty Authorization field accepted": lambda fields, _token: fields == [""],
        "the last of two Authorization fields counts": lambda fields, token: fields[-1:] == [f"Bearer {token}"],
        "the token anywhere in the field accepted": lambda fields, token: any(token in field for field in fields),
    }
    # What the engine's own probe with the first request finds before any of ours.
    wholly: dict[str, Callable[[list[str], str], bool]] = {
        "no credentials asked for": lambda _fields, _token: True,
        "a request without an Authorization field accepted": lambda fields, _token: not fields,
        "any bearer accepted": lambda fields, _token: bool(_bearer(fields)),
    }
    first = by_judging(partial(_judge_credentials, lambda fields, token: fields[:1] == [f"Bearer {token}"]))
    name = "the first of two Authorization fields counts"
    yield Fault(name, "ignored_auth", first, _OPERATION, is_against_advice=True)
    for name, is_right in wholly.items():
        yield Fault(name, "ignored_auth", by_judging(partial(_judge_credentials, is_right)), _OPERATION)
    for name, is_right in accepted.items():
        make_app = by_judging(partial(_judge_credentials, is_right))
        yield Fault(name, _AUTHORIZATION, make_app, _OPERATION)
    for status in (400, 404, 422, 500):
        answer = Answer(status, {"detail": []} if status == 422 else {"detail": "No"})  # noqa: PLR2004 - a status
        yield Fault(f"a wrong token gets {status}", "ignored_auth", at_status(401, answer), _OPERATION)
    silent = at_status(401, lambda answer: Answer(401, answer.body))
    yield Fault("401 does not say how to authenticate", "challenge_with_401", silent, _OPERATION)
    yield Fault("a missing token gets 200", "ignored_auth", at_status(403, Answer(200, {"detail": "No"})), _OPERATION)


def _bearer(fields: list[str]) -> str:
    return fields[0].removeprefix("Bearer ") if len(fields) == 1 and fields[0].startswith("Bearer ") else ""


def _judge_credentials(is_right: Callable[[list[str], str], bool], token: str) -> Judge:
    def judge(request: ReceivedRequest) -> CreateCall | Answer:
        fields = [value for name, value in request.headers if name == "authorization"]
        return judge_body(request) if is_right(fields, token) else judge_rightly(token)(request)

    return judge


def _statuses() -> Iterator[Fault]:
    responses = f"{_OPERATION}/responses"
    for status in (201, 202, 206, 299):

        def alter(answer: Answer, status: int = status) -> Answer:
            return Answer(status, answer.body)

        yield Fault(f"a call gets {status}", _STATUS, at_status(200, alter), responses)
    yield Fault("a call gets 204 without a body", _STATUS, at_status(200, Answer(204, b"")), responses)
    elsewhere = {"location": "http://127.0.0.1:9/elsewhere"}
    sent_away = at_status(200, Answer(308, b"", elsewhere))
    yield Fault("a call is sent on to another origin", "no_redirect_to_another_origin", sent_away, responses)
    for status in (302, 307):
        yield Fault(
            f"a call is sent on with {status}", _STATUS, at_status(200, Answer(status, b"", elsewhere)), responses
        )
    for status in (400, 409, 418):
        yield Fault(f"a wrong body gets {status}", _STATUS, at_status(422, Answer(status, {"detail": []})), responses)
    yield Fault(
        "a wrong body gets 200", _SCHEMA, at_status(422, Answer(200, {"error": "wrong"})), f"{_OPERATION}/requestBody"
    )
    yield Fault("a wrong body gets 500", _CRASH, at_status(422, Answer(500, {"detail": "boom"})))
    yield Fault("a wrong body gets 501", _CRASH, at_status(422, Answer(501, {"detail": "boom"})))


def _media_types() -> Iterator[Fault]:
    responses = f"{_OPERATION}/responses"
    for status, media_type in (
        (200, "text/plain"),
        (200, "text/html"),
        (200, "application/xml"),
        (422, "text/html"),
        (401, "text/plain"),
        (403, "text/html"),
    ):

        def alter(answer: Answer, media_type: str = media_type) -> Answer:
            return Answer(answer.status, json.dumps(answer.body).encode(), {"content-type": media_type})

        yield Fault(f"{status} comes as {media_type}", _CONTENT_TYPE, at_status(status, alter), responses)
    nameless = at_status(200, lambda answer: Answer(200, json.dumps(answer.body).encode()))
    yield Fault("200 comes without a media type", _CONTENT_TYPE, nameless, responses)


def _bodies() -> Iterator[Fault]:
    wrong: dict[str, Callable[[bytes], bytes]] = {
        "cut off": lambda text: text[:-1],
        "empty": lambda _text: b"",
        "null": lambda _text: b"null",
        "an array": lambda text: b"[" + text + b"]",
        "a string that holds JSON": lambda text: json.dumps(text.decode()).encode(),
        "with NaN": lambda text: text[:-1] + b', "x": NaN}',
        "with a trailing comma": lambda text: text[:-1] + b",}",
        "wrapped in data": lambda text: b'{"data": ' + text + b"}",
        "no UTF-8": lambda text: text.replace(b"outbound", b"outbound\xff"),
        "with single quotes": lambda text: text.replace(b'"', b"'"),
    }
    for name, change in wrong.items():

        def alter(answer: Answer, change: Callable[[bytes], bytes] = change) -> Answer:
            return Answer(200, change(json.dumps(answer.body).encode()), _JSON)

        check = _SCHEMA if name in {"null", "an array", "a string that holds JSON", "wrapped in data"} else _NOT_JSON
        yield Fault(f"the body of 200 is {name}", check, at_status(200, alter), f"{_OPERATION}/responses")
    for status, key in ((200, "id"), (200, "prompt"), (200, "role"), (422, "msg"), (401, "detail")):
        yield Fault(
            f"{status} has {key} twice",
            "response_keys_are_unique",
            _with_key_twice(status, key),
            is_against_advice=True,
        )
    broken = Answer(200, b"{", _JSON | {"content-length": "100"})
    yield Fault("the connection breaks within the body of 200", _NO_ANSWER, at_status(200, broken), _OPERATION)
    for status in (401, 403, 422):
        page = Answer(status, b"", _JSON)
        yield Fault(f"the body of {status} is empty", _SCHEMA, at_status(status, page), f"{_OPERATION}/responses")
    text = Answer(422, {"detail": "wrong"})
    yield Fault(
        "the errors of 422 are one text", _SCHEMA, at_status(422, text), "/components/schemas/HTTPValidationError"
    )
    number = Answer(422, {"detail": [{"loc": ["body", 0.5], "msg": "", "type": ""}]})
    yield Fault(
        "a path in 422 holds a fraction", _SCHEMA, at_status(422, number), "/components/schemas/ValidationError"
    )


def _with_key_twice(status: int, key: str) -> MakeApp:
    """A server whose answers of a status have a key once more, first with another value."""
    name = json.dumps(key).encode()

    def alter(answer: Answer) -> Answer:
        twice = json.dumps(answer.body).encode().replace(name + b": ", name + b': "other", ' + name + b": ")
        return Answer(status, twice, {**answer.headers, **_JSON})

    return at_status(status, alter)


def _methods() -> Iterator[Fault]:
    async def call(_request: Request) -> JSONResponse:
        return JSONResponse({"detail": "done"})

    for method in ("PUT", "PATCH", "DELETE"):  # a GET may ask for the conversation of that name

        def make_app(token: str, method: str = method) -> ASGIApp:
            app = create_app(judge_rightly(token))
            app.router.routes.insert(0, Route(PATH, call, methods=[method]))  # before the path with a variable
            return app

        yield Fault(f"{method} is taken too", _METHOD, make_app, _OPERATION)
    crashing = partial(_app_with_other_method, 500, {})
    yield Fault("another method gets 500", _CRASH, crashing, _OPERATION)
    yield Fault("405 names no method", _METHOD, partial(_app_with_other_method, 405, {}), _OPERATION)
    wrong = partial(_app_with_other_method, 405, {"allow": "GET, HEAD"})
    yield Fault("405 names the wrong methods", "allow_header_conformance", wrong, _OPERATION)


def _app_with_other_method(status: int, headers: dict[str, str], token: str) -> ASGIApp:
    async def answer(_request: Request, _error: Exception) -> JSONResponse:
        return JSONResponse({"detail": "Not this"}, status, headers)

    app = create_app(judge_rightly(token))
    app.add_exception_handler(405, answer)
    return app
