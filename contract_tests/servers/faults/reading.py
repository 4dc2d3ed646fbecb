"""Faults in how conversations are read, also over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from contract_tests.servers.answer import Answer
from contract_tests.servers.faults.fault import Fault, judge_rightly
from contract_tests.servers.mock import create_app, read_conversation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.types import ASGIApp

    from contract_tests.servers.conversations import Conversations
    from contract_tests.servers.faults.fault import MakeApp
    from contract_tests.servers.mock import Read

_OPERATION: Final = "/paths/~1conversations~1{id}/get"
_RESPONSE: Final = "/components/schemas/ConversationResponse"
_NOT_FOUND: Final = Answer(404, {"detail": "No such conversation"})
_NOT_ENDED: Final = {"ended_at": None, "ended_reason": None, "cost_breakdown": None}


def reading_faults() -> Iterator[Fault]:
    """All of them."""
    yield from _over_time()
    for name, check, change, pointer in (
        ("ended without its time", "ended_at_set_when_ended", _when_ended(ended_at=None), f"{_RESPONSE}/properties"),
        ("ended without its cost", "cost_breakdown_set_when_ended", _when_ended(cost_breakdown=None), None),
        ("in an unknown state", "response_schema_conformance", _always(status="live"), None),
        ("without its account", "response_schema_conformance", _without("account_id"), f"{_RESPONSE}/required"),
    ):
        yield Fault(f"a conversation is read {name}", check, _changing(change), pointer)
    crash, gone = Answer(500, {"detail": "boom"}), Answer(410, {"detail": "gone"})
    yield Fault("reading a conversation crashes", "not_a_server_error", _reading(lambda *_: crash), _OPERATION)
    yield Fault("a conversation is gone at once", "status_code_conformance", _reading(lambda *_: gone), _OPERATION)


def _over_time() -> Iterator[Fault]:
    yield Fault(
        "a conversation that was begun is not found", "conversation_found", _reading(lambda *_: _NOT_FOUND), _OPERATION
    )
    yield Fault("a conversation that has ended is not found", "conversation_found", _reading(_forget_ended), _OPERATION)
    yield Fault("another conversation is read than asked for", "conversation_asked_for", _reading_another, _OPERATION)
    yield Fault("a conversation that has ended goes on", "ended_for_good", _going_back("ended", "started"))
    yield Fault("a conversation that has started is queued again", "started_for_good", _going_back("started", "queued"))


def _reading(read: Read) -> MakeApp:
    """A server that answers so to who may read."""
    return lambda token: create_app(judge_rightly(token), read=read)


def _changing(change: Callable[[dict[str, Any]], dict[str, Any]]) -> MakeApp:
    """A server that changes conversations as they are read."""

    def read(conversations: Conversations, identifier: str) -> Answer:
        answer = read_conversation(conversations, identifier)
        return Answer(200, change(answer.body)) if answer.status == 200 else answer  # noqa: PLR2004 - found

    return _reading(read)


def _always(**changes: object) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda body: body | changes


def _without(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda body: {key: value for key, value in body.items() if key != name}


def _when_ended(**changes: object) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda body: body | changes if body["status"] == "ended" else body


def _forget_ended(conversations: Conversations, identifier: str) -> Answer:
    answer = read_conversation(conversations, identifier)
    return _NOT_FOUND if answer.body.get("status") == "ended" else answer


def _reading_another(token: str) -> ASGIApp:
    """A server that always reads the conversation that it was first asked for."""
    first: list[str] = []

    def read(conversations: Conversations, identifier: str) -> Answer:
        first.append(identifier)
        return read_conversation(conversations, first[0])

    return create_app(judge_rightly(token), read=read)


def _going_back(left: str, state: str) -> MakeApp:
    """A server whose conversations leave a state for an earlier one."""

    def make_app(token: str) -> ASGIApp:
        seen: set[str] = set()

        def read(conversations: Conversations, identifier: str) -> Answer:
            answer = read_conversation(conversations, identifier)
            if identifier in seen and answer.status == 200:  # noqa: PLR2004 - found
                return Answer(200, answer.body | _NOT_ENDED | {"status": state})
            if answer.body.get("status") == left:
                seen.add(identifier)
            return answer

        return create_app(judge_rightly(token), read=read)

    return make_app
