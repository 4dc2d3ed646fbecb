"""Faults in what is answered: rules that no keyword states, and what goes wrong only now and then."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Final

from contract_tests.servers.answer import Answer
from contract_tests.servers.faults.fault import (
    Fault,
    answering_calls,
    at,
    at_status,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.types import ASGIApp
    from voiceos_models import CreateCall

    from contract_tests.servers.faults.fault import MakeApp

_OPERATION: Final = "/paths/~1conversations~1create_phone_call/post"
_REFUSED: Final = "documented_request_accepted"
_CRASH: Final = "not_a_server_error"
_SCHEMA: Final = "response_schema_conformance"
_RARELY: Final = 20


def answer_faults() -> Iterator[Fault]:
    """All of them."""
    yield from _rules()
    yield from _configurations()
    yield from _now_and_then()


def _rules() -> Iterator[Fault]:
    early, late = "2020-01-31T09:30:00Z", "2100-01-31T09:30:00Z"

    def unless_ended(**changes: object) -> Callable[[CreateCall, dict[str, Any]], object]:
        return lambda _call, body: body.update(changes) if body["status"] != "ended" else None

    def when_ended(**changes: object) -> Callable[[CreateCall, dict[str, Any]], object]:
        return lambda _call, body: body.update(changes) if body["status"] == "ended" else None

    def always(**changes: object) -> Callable[[CreateCall, dict[str, Any]], object]:
        return lambda _call, body: body.update(changes)

    broken: list[tuple[str, str, Callable[[CreateCall, dict[str, Any]], object]]] = [
        ("ended_at_null_until_ended", "an end before the end", unless_ended(ended_at=late)),
        (
            "agent_id_null_without_stored_agent",
            "an agent that nobody stored",
            lambda call, body: body.update(agent_id=call.agent_id or "agent_1"),
        ),
        (
            "agent_id_echoed",
            "another agent than asked for",
            lambda call, body: body.update(agent_id=call.agent_id and "other"),
        ),
        ("agent_id_echoed", "no agent where one was asked for", always(agent_id=None)),
        ("phone_call_present", "no phone call", always(phone_call=None)),
        (
            "phone_call_present",
            "a phone call only once it has begun",
            lambda _call, body: body.update(phone_call=None) if body["status"] == "queued" else None,
        ),
        (
            "phone_call_numbers_echoed",
            "the numbers the wrong way round",
            lambda call, body: body["phone_call"].update(to_number=call.from_number, from_number=call.to_number),
        ),
        (
            "phone_call_numbers_echoed",
            "a number put in another form",
            lambda call, body: body["phone_call"].update(to_number=f"+{call.to_number}"),
        ),
        ("type_is_outbound_phone_call", "an inbound call", always(type="inbound_phone_call")),
        ("type_is_outbound_phone_call", "a call over the web", always(type="web_call")),
        ("ended_at_set_when_ended", "an end without its time", when_ended(ended_at=None)),
        ("ended_at_not_before_started_at", "an end before the start", when_ended(ended_at=early)),
        ("cost_breakdown_set_when_ended", "an end without its cost", when_ended(cost_breakdown=None)),
        ("ended_reason_only_when_ended", "a reason for an end that was not", unless_ended(ended_reason="unknown")),
        ("id_is_new", "one id for all", always(id="1")),
        ("id_is_new", "an id that comes back", lambda call, body: body.update(id=str(len(call.to_number)))),
    ]
    for check, name, change in broken:
        yield Fault(f"the answer has {name}", check, answering_calls(change), f"{_OPERATION}/responses")


def _configurations() -> Iterator[Fault]:
    for name, change in _wrong_configurations().items():
        yield Fault(
            f"the configuration used {name}", "configuration_used", answering_calls(change), f"{_OPERATION}/responses"
        )


def _wrong_configurations() -> dict[str, Callable[[CreateCall, dict[str, Any]], object]]:
    def set_at(path: str, change: Callable[[Any], Any]) -> Callable[[CreateCall, dict[str, Any]], object]:
        *above, name = path.split(".")

        def alter(_call: CreateCall, body: dict[str, Any]) -> None:
            container = at(body, ".".join(["agent_config", *above]))
            container = container[0] if isinstance(container, list) and container else container
            if isinstance(container, dict) and container.get(name):
                container[name] = change(container[name])

        return alter

    return {
        "is empty": lambda _call, body: body.update(agent_config={}),
        "loses hooks": lambda _call, body: body["agent_config"].pop("hooks", None),
        "loses metadata": lambda _call, body: body["agent_config"].pop("metadata", None),
        "loses tools": set_at("language_model.tools", lambda _tools: []),
        "has the temperature rounded": set_at("language_model.temperature", round),
        "has another number of tokens": set_at("language_model.max_tokens", lambda number: min(number, 4096)),
        "has a duration of 32 bits": set_at("max_duration_seconds", lambda number: number & (2**31 - 1)),
        "has the prompt cut off": set_at("prompt", lambda text: text[:1000]),
        "has the prompt stripped": set_at("initial_message", lambda text: f"{text} "),
        "has the webhook's method replaced": set_at(
            "webhooks.method", lambda method: "POST" if method == "GET" else "GET"
        ),
        "has events sorted": set_at("webhooks.events", lambda events: sorted(events, reverse=True)),
        "has the first keyword alone": set_at("transcriber.keywords", lambda words: words[:1]),
        "has credentials masked": set_at("voice.credential_id", lambda _text: "***"),
        "has texts made ASCII": set_at("prompt", lambda text: text.encode("ascii", "replace").decode()),
    }


def _now_and_then() -> Iterator[Fault]:
    def rarely(alter: Callable[[Answer], Answer], status: int = 200) -> MakeApp:
        def make_app(token: str) -> ASGIApp:
            number = itertools.count(1)
            return at_status(status, lambda answer: alter(answer) if next(number) % _RARELY == 0 else answer)(token)

        return make_app

    def lose_uri(answer: Answer) -> Answer:
        return Answer(200, {name: value for name, value in answer.body.items() if name != "uri"})

    yield Fault("1 call in 20 crashes", _CRASH, rarely(lambda _answer: Answer(503, {"detail": "busy"})))
    yield Fault(
        "1 answer in 20 lacks its uri", _SCHEMA, rarely(lose_uri), "/components/schemas/ConversationResponse/required"
    )
    yield Fault(
        "1 call in 20 is refused",
        _REFUSED,
        rarely(lambda _answer: Answer(422, {"detail": []})),
        f"{_OPERATION}/requestBody",
    )
    yield Fault(
        "1 answer in 20 is live",
        _SCHEMA,
        rarely(lambda answer: Answer(200, answer.body | {"status": "live"})),
        "/components/schemas/ConversationStatus/enum",
    )
    yield Fault("1 wrong body in 20 crashes", _CRASH, rarely(lambda _answer: Answer(500, {"detail": "boom"}), 422))
