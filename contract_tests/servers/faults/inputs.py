"""Faults that show with particular input: read too laxly, crashed on, refused, or only with another one."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from contract_tests.exchange.strict_json import parse_json
from contract_tests.servers.answer import Answer
from contract_tests.servers.faults.fault import (
    Fault,
    When,
    answering_calls,
    at,
    reading,
    reading_body,
    texts_in,
    tolerating,
    when_accepted,
    when_sent,
)
from contract_tests.servers.mock import ReceivedRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from spec.json_value import Json


_OPERATION: Final = "/paths/~1conversations~1create_phone_call/post"
_REFUSED: Final = "documented_request_accepted"
_CRASH: Final = "not_a_server_error"
_MALFORMED: Final = "malformed_json_refused"
_MEDIA_TYPE: Final = "undocumented_media_type_refused"
_SCHEMA: Final = "response_schema_conformance"
_NO_ANSWER: Final = "answers_every_request"
_INVALID: Final = "invalid_request_refused"
_FURTHER: Final = "undocumented_fields_accepted"
_UNDOCUMENTED: Final = "undocumented"
"""The name of a field that the spec does not have."""
_LONG: Final = 255
_JSON: Final = {"content-type": "application/json"}


def input_faults() -> Iterator[Fault]:
    """All of them."""
    yield from _malformed_requests()
    yield from _lax_types()
    yield from _crashes()
    yield from _refusals()
    yield from _undocumented_fields()
    yield from _two_together()
    yield from _three_together()


def _malformed_requests() -> Iterator[Fault]:
    body = f"{_OPERATION}/requestBody"
    yield Fault("NaN is read as a number", _MALFORMED, reading_body(rb"NaN", b"1"), body)
    yield Fault("a trailing comma is passed over", _MALFORMED, reading_body(rb",\s*}", b"}"), body)
    yield Fault("invalid UTF-8 is replaced", _MALFORMED, reading(_decode_leniently), body)
    yield Fault("a truncated body is completed", _MALFORMED, reading(_complete), body)
    yield Fault(
        "text after the value is passed over", _MALFORMED, tolerating(lambda body: body[: body.rfind(b"}") + 1]), body
    )
    yield Fault("a text that holds JSON is read as a body", _INVALID, tolerating(partial(_unwrapped, str)))
    yield Fault("the one item of an array is read as a body", _INVALID, tolerating(partial(_unwrapped, list)))
    yield Fault("a control character in a string is taken", _MALFORMED, reading_body(rb"\x01", b""), body)
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "application/octet-stream"):
        name = f"JSON under {media_type} is accepted"
        yield Fault(name, _MEDIA_TYPE, reading(partial(_take_for_json, (media_type,))), body)
    yield Fault("JSON's name anywhere in the media type will do", _MEDIA_TYPE, reading(_take_what_names_json), body)
    any_type = reading(partial(_take_for_json, ()))
    yield Fault("the media type is not looked at", _MEDIA_TYPE, any_type, body)
    crashing = {
        "a body that is no JSON": rb"\A[^{\[\"\dtfn].*\Z",
        "an array as body": rb"\A\s*\[.*\Z",
        "half a surrogate pair": rb"\\ud800",
        "a key twice": rb'"x": null, "x": null',
        "deep nesting": rb"\[{150}",
        "an empty object": rb"\A\{\}\Z",
    }
    for name, pattern in crashing.items():
        yield Fault(f"{name} crashes", _CRASH, when_sent(re.compile(pattern, re.DOTALL)))


def _complete(request: ReceivedRequest) -> ReceivedRequest:
    """The request with a brace more, if that is what its body lacks."""
    whole = request.body + b"}"
    try:
        parse_json(whole)
    except ValueError:
        return request
    return ReceivedRequest(request.headers, whole)


def _unwrapped(wrapper: type[str | list[Json]], body: bytes) -> bytes:
    """The body that stands in another one: in a text, or as the one item of an array."""
    try:
        value = json.loads(body)
    except ValueError:
        return body
    if not isinstance(value, wrapper):
        return body
    return value.encode() if isinstance(value, str) else json.dumps(value[0]).encode() if len(value) == 1 else body


def _decode_leniently(request: ReceivedRequest) -> ReceivedRequest:
    return ReceivedRequest(request.headers, request.body.decode(errors="replace").encode())


def _take_for_json(media_types: tuple[str, ...], request: ReceivedRequest) -> ReceivedRequest:
    given = request.header("content-type") or ""
    if media_types and not given.startswith(media_types):
        return request
    others = tuple((name, value) for name, value in request.headers if name != "content-type")
    return ReceivedRequest((*others, ("content-type", "application/json")), request.body)


def _take_what_names_json(request: ReceivedRequest) -> ReceivedRequest:
    is_named = "application/json" in (request.header("content-type") or "")
    return _take_for_json((), request) if is_named else request


def _lax_types() -> Iterator[Fault]:
    lax: dict[str, tuple[bytes, bytes]] = {
        "a number to ring given as a number": (rb'("to_number": )(\d+)', rb'\1"\2"'),
        "a truth value for a text": (rb'("initial_message": ?)(true|false)', rb'\1"\2"'),
        "a number given as text": (rb'("speed": )"([\d.]+)"', rb"\1\2"),
        "a whole number given as a fraction": (rb'("max_tokens": )\d+\.\d+', rb"\g<1>1"),
        "a truth value given as text": (rb'("use_speaker_boost": )"(true|false)"', rb"\1\2"),
        "a truth value for a whole number": (rb'("pitch": )true', rb"\g<1>1"),
        "an empty text for an object": (rb'("agent_config": )"[^"]*"', rb"\1null"),
        "a number as metadata": (rb'("metadata": \{.*?": )5', rb'\1"5"'),
        "a number as a keyword": (rb'("keywords": \[.*?[\[ ])5(?=[,\]])', rb'\1"5"'),
        "a number as a header of a webhook": (rb'("headers": \{.*?": )5', rb'\1"5"'),
        "an event of a hook in other case": (
            rb'("hooks": \[.*"events": \["[a-z_:]+", )"[A-Z_:]+"',
            rb'\1"speech:started"',
        ),
        "a method of a webhook in lower case": (rb'"method": "(get|post)"', rb'"method": "GET"'),
        "a line feed after a function's name": (rb'("name": "\w+)\\n"', rb'\1"'),
        "a letter beyond ASCII in a function's name": (rb'("name": "\w+)\\u00e9"', rb'\1"'),
        "a hyphen in a function's name": (rb'("name": "\w+)-"', rb'\1"'),
        "a space before a provider": (rb'("provider": )" (\w+)"', rb'\1"\2"'),
        "an empty text for a list": (rb'("webhooks": )""', rb"\1[]"),
        "an empty text for a number": (rb'("speed": )""', rb"\g<1>null"),
    }
    for name, (pattern, replacement) in lax.items():
        yield Fault(f"{name} accepted", _INVALID, reading_body(pattern, replacement))
    yield from _seen_in_part()


def _seen_in_part() -> Iterator[Fault]:
    """Servers that turn away what is wrong where they look, and do not look everywhere."""
    changes: dict[str, Callable[[bytes], bytes]] = {
        "only the first item of a list is looked at": _changing(
            lambda node: node[:1] if isinstance(node, list) else node
        ),
        "only the first key of a map is looked at": _changing(
            lambda node: {"a": node["a"]} if isinstance(node, dict) and node.keys() >= {"a", "é"} else node
        ),
        "a number is cut down to a whole one before its bounds are looked at": lambda body: re.sub(
            rb"(\d)\.\d+", rb"\1", body
        ),
    }
    for name, change in changes.items():
        yield Fault(name, _INVALID, tolerating(change))


def _changing(change: Callable[[Any], Any]) -> Callable[[bytes], bytes]:
    """Makes a function that changes each value of a JSON text, the outer ones first."""

    def walk(node: Json) -> Json:
        node = change(node)
        if isinstance(node, dict):
            return {key: walk(value) for key, value in node.items()}
        return [walk(item) for item in node] if isinstance(node, list) else node

    def change_text(body: bytes) -> bytes:
        try:
            return json.dumps(walk(parse_json(body))).encode()
        except ValueError:
            return body

    return change_text


def _crashes() -> Iterator[Fault]:
    inputs: dict[str, When] = {
        "an empty prompt": lambda body: at(body, "agent_config.prompt") == "",
        "a text that is not ASCII": lambda body: any(not text.isascii() for text in texts_in(body)),
        "a text beyond the BMP": lambda body: any(max(text, default="") > "\uffff" for text in texts_in(body)),
        "a text of 10,000 characters": lambda body: any(len(text) >= 10_000 for text in texts_in(body)),  # noqa: PLR2004
        "a duration beyond 32 bits": lambda body: (at(body, "agent_config.max_duration_seconds") or 0) >= 2**31,
        "tokens beyond what doubles tell apart": lambda body: (
            (at(body, "agent_config.language_model.max_tokens") or 0) > 2**53
        ),
        "no webhooks in a list": lambda body: at(body, "agent_config.webhooks") == [],
        "a webhook without events": lambda body: at(body, "agent_config.webhooks.events") == [],
        "two tools": lambda body: len(at(body, "agent_config.language_model.tools") or []) > 1,
        "null for metadata": lambda body: (
            "metadata" in (body.get("agent_config") or {}) and at(body, "agent_config.metadata") is None
        ),
        "metadata with a name that is not ASCII": lambda body: any(
            not name.isascii() for name in at(body, "agent_config.metadata") or {}
        ),
        "an empty configuration of a language": lambda body: at(body, "agent_config.transcriber.languages") == [],
        "an agent that is neither stored nor described": lambda body: (
            not body.get("agent_id") and not body.get("agent_config")
        ),
    }
    for name, when in inputs.items():
        yield Fault(f"{name} crashes", _CRASH, when_accepted(when, Answer(500, {"detail": "boom"})))
    broken = Answer(200, b"{", _JSON | {"content-length": "100"})
    yield Fault(
        "null for a voice breaks the connection",
        _NO_ANSWER,
        when_accepted(
            lambda body: "voice" in (body.get("agent_config") or {}) and at(body, "agent_config.voice") is None, broken
        ),
        _OPERATION,
    )


def _refusals() -> Iterator[Fault]:
    inputs: dict[str, When] = {
        "a text longer than 255": lambda body: any(len(text) > _LONG for text in texts_in(body)),
        "a model that is not listed": lambda body: (
            not (at(body, "agent_config.language_model.model") or "gpt").startswith("gpt")
        ),
        "a stored agent along with a described one": lambda body: bool(
            body.get("agent_id") and body.get("agent_config")
        ),
        "empty metadata": lambda body: at(body, "agent_config.metadata") == {},
        "a number that is no E.164": lambda body: not re.fullmatch(r"\+\d+", body["to_number"]),
        "temperature 2": lambda body: at(body, "agent_config.language_model.temperature") == 2,  # noqa: PLR2004
        "a duration without limit": lambda body: (
            "max_duration_seconds" in (body.get("agent_config") or {})
            and at(body, "agent_config.max_duration_seconds") is None
        ),
        "every event at once": lambda body: len(at(body, "agent_config.webhooks.events") or []) > 2,  # noqa: PLR2004
        "a hook with a filter": lambda body: bool(at(body, "agent_config.hooks.filter")),
        "nothing but two numbers": lambda body: body.keys() == {"from_number", "to_number"},
        "a stored agent by itself": lambda body: bool(body.get("agent_id")) and "agent_config" not in body,
        "a transcriber by Azure": lambda body: at(body, "agent_config.transcriber.provider") == "azure",
    }
    for name, when in inputs.items():
        yield Fault(
            f"{name} refused", _REFUSED, when_accepted(when, Answer(422, {"detail": []})), f"{_OPERATION}/requestBody"
        )


def _undocumented_fields() -> Iterator[Fault]:
    body = f"{_OPERATION}/requestBody"
    refusal = when_accepted(lambda body: _UNDOCUMENTED in body, Answer(422, {"detail": []}))
    yield Fault("fields that the spec does not have refused", _FURTHER, refusal, body, is_against_advice=True)
    dropping = answering_calls(lambda _call, body: body["agent_config"].pop(_UNDOCUMENTED, None))
    yield Fault("fields that the spec does not have dropped", _FURTHER, dropping, body, is_against_advice=True)


def _two_together() -> Iterator[Fault]:
    def voice(provider: str) -> When:
        return lambda body: at(body, "agent_config.voice.provider") == provider

    crash, refusal = Answer(500, {"detail": "boom"}), Answer(422, {"detail": []})
    for provider in ("rime", "deepgram"):
        yield Fault(f"a voice by {provider} crashes", _CRASH, when_accepted(voice(provider), crash))
    yield Fault(
        "an answer without account_id for a voice by Azure",
        _SCHEMA,
        answering_calls(lambda _call, body: body.pop("account_id") if voice("azure")(body) else None),
        "/components/schemas/ConversationResponse/required",
    )
    pairs: dict[str, When] = {
        "voice and transcriber by Azure": lambda body: (
            voice("azure")(body) and at(body, "agent_config.transcriber.provider") == "azure"
        ),
        "a voice by Deepgram with a transcriber by Azure": lambda body: (
            voice("deepgram")(body) and at(body, "agent_config.transcriber.provider") == "azure"
        ),
        "a voice by ElevenLabs without a language model": lambda body: (
            voice("elevenlabs")(body) and at(body, "agent_config.language_model") is None
        ),
        "webhooks and hooks both empty": lambda body: (
            at(body, "agent_config.webhooks") == [] and at(body, "agent_config.hooks") == []
        ),
        "a stored agent and an empty message": lambda body: (
            bool(body.get("agent_id")) and at(body, "agent_config.initial_message") == ""
        ),
        "a webhook by GET for speech:started": lambda body: (
            at(body, "agent_config.webhooks.method") == "GET"
            and "speech:started" in (at(body, "agent_config.webhooks.events") or [])
        ),
    }
    for name, when in pairs.items():
        yield Fault(f"{name} crash", _CRASH, when_accepted(when, crash))
        yield Fault(f"{name} refused", _REFUSED, when_accepted(when, refusal), f"{_OPERATION}/requestBody")


def _three_together() -> Iterator[Fault]:
    """Servers that fail only where three choices come together."""

    def branch(path: str, provider: str) -> When:
        return lambda body: at(body, f"agent_config.{path}.provider") == provider

    def missing(name: str) -> When:
        return lambda body: isinstance(body.get("agent_config"), dict) and at(body, f"agent_config.{name}") is None

    def filled(name: str) -> When:
        return lambda body: bool(at(body, f"agent_config.{name}"))

    stored: When = lambda body: bool(body.get("agent_id"))  # noqa: E731 - beside the others
    triples: dict[str, tuple[When, When, When]] = {
        "voice and transcriber by Azure with hooks": (
            branch("voice", "azure"),
            branch("transcriber", "azure"),
            filled("hooks"),
        ),
        "a voice by Rime, a transcriber by Deepgram and webhooks": (
            branch("voice", "rime"),
            branch("transcriber", "deepgram"),
            filled("webhooks"),
        ),
        "neither a prompt nor a message nor a voice": (
            missing("prompt"),
            missing("initial_message"),
            missing("voice"),
        ),
        "a stored agent with webhooks and without a transcriber": (stored, filled("webhooks"), missing("transcriber")),
        "hooks without webhooks and metadata": (filled("hooks"), missing("webhooks"), missing("metadata")),
        "a voice by PlayHT with tools and without a limit": (
            branch("voice", "playht"),
            filled("language_model.tools"),
            missing("max_duration_seconds"),
        ),
    }
    for name, parts in triples.items():
        when = partial(_all_of, parts)
        crash, refusal = Answer(500, {"detail": "boom"}), Answer(422, {"detail": []})
        yield Fault(f"{name} crash", _CRASH, when_accepted(when, crash), takes_three_choices=True)
        yield Fault(
            f"{name} refused",
            _REFUSED,
            when_accepted(when, refusal),
            f"{_OPERATION}/requestBody",
            takes_three_choices=True,
        )


def _all_of(parts: tuple[When, ...], body: dict[str, Any]) -> bool:
    return all(part(body) for part in parts)
