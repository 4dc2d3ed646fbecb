"""The documented rules: what the vendor says of a call's fields, or what they imply, and no keyword can state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from contract_tests.judge.check import KEPT, NOT_JUDGED, Check, Problem, fails, record_check

if TYPE_CHECKING:
    from contract_tests.contract.contract import Standing
    from contract_tests.judge.check import CheckResult, Memory
    from contract_tests.judge.seen import Seen
    from spec.json_value import Json

Rule = Callable[[dict[str, Any], dict[str, Any]], str | None]
"""Says what of a request and its answer breaks the rule, or None."""
_OPERATION_ID: Final = "create_phone_call"


def _rule(standing: Standing) -> Callable[[Rule], Check]:
    """Makes a rule a check of its name, for every accepted call."""

    def declare(rule: Rule) -> Check:
        def ask(seen: Seen, _memory: Memory) -> CheckResult:
            if not _is_about_a_call(seen) or seen.objects is None:
                return NOT_JUDGED
            complaint = rule(*seen.objects)
            return KEPT if complaint is None else fails(_headline(rule.__doc__ or ""), complaint)

        ask.__name__, ask.__doc__ = rule.__name__, rule.__doc__
        return record_check("request body", "response body", section="responses", standing=standing)(ask)

    return declare


def _headline(summary: str) -> str:
    return f"Broken rule: {summary.rstrip('.')}"


def _is_about_a_call(seen: Seen) -> bool:
    """Tells whether the operation is the one that the rules are about."""
    return bool(seen.contract.value(seen.operation.pointer).get("operationId") == _OPERATION_ID)


@_rule("documented")
def ended_at_null_until_ended(_request: dict[str, Any], answer: dict[str, Any]) -> str | None:
    """`ended_at` is null while the conversation has not ended."""
    if answer.get("status") != "ended" and answer.get("ended_at") is not None:
        return f"ended_at is {answer['ended_at']!r} while status is {answer.get('status')!r}"
    return None


@_rule("documented")
def agent_id_null_without_stored_agent(request: dict[str, Any], answer: dict[str, Any]) -> str | None:
    """`agent_id` is null when no stored agent was used."""
    if request.get("agent_id") is None and answer.get("agent_id") is not None:
        return f"agent_id is {answer['agent_id']!r}, and no stored agent was asked for"
    return None


@_rule("inferred")
def agent_id_echoed(request: dict[str, Any], answer: dict[str, Any]) -> str | None:
    """`agent_id` is the stored agent that was asked for."""
    asked = request.get("agent_id")
    if asked is not None and answer.get("agent_id") != asked:
        return f"agent_id is {answer.get('agent_id')!r}, and {asked!r} was asked for"
    return None


@_rule("documented")
def phone_call_present(_request: dict[str, Any], answer: dict[str, Any]) -> str | None:
    """`phone_call` is null only for conversations over the web, and this is a call."""
    return "phone_call is null, and this is a call" if answer.get("phone_call") is None else None


@_rule("inferred")
def phone_call_numbers_echoed(request: dict[str, Any], answer: dict[str, Any]) -> str | None:
    """The numbers of `phone_call` are those that were asked for."""
    call = answer.get("phone_call")
    if not isinstance(call, dict):
        return None
    for name in ("from_number", "to_number"):
        if name in request and call.get(name) != request[name]:
            return f"phone_call.{name} is {call.get(name)!r}, and {request[name]!r} was asked for"
    return None


@_rule("inferred")
def type_is_outbound_phone_call(_request: dict[str, Any], answer: dict[str, Any]) -> str | None:
    """`type` is `outbound_phone_call`."""
    kind = answer.get("type")
    return None if kind == "outbound_phone_call" else f"type is {kind!r}, and this is an outbound call"


@_rule("inferred")
def ended_at_set_when_ended(_request: dict[str, Any], answer: dict[str, Any]) -> str | None:
    """`ended_at` is set once the conversation has ended."""
    if answer.get("status") == "ended" and answer.get("ended_at") is None:
        return "ended_at is null while status is 'ended'"
    return None


@_rule("inferred")
def ended_at_not_before_started_at(_request: dict[str, Any], answer: dict[str, Any]) -> str | None:
    """`ended_at` is not before `started_at`."""
    started, ended = _time(answer.get("started_at")), _time(answer.get("ended_at"))
    if started and ended and ended < started:
        return f"ended_at {ended.isoformat()} is before started_at {started.isoformat()}"
    return None


@_rule("inferred")
def ended_reason_only_when_ended(_request: dict[str, Any], answer: dict[str, Any]) -> str | None:
    """`ended_reason` is set only once the conversation has ended."""
    if answer.get("status") != "ended" and answer.get("ended_reason") is not None:
        return f"ended_reason is {answer['ended_reason']!r} while status is {answer.get('status')!r}"
    return None


@_rule("inferred")
def configuration_used(request: dict[str, Any], answer: dict[str, Any]) -> str | None:
    """`agent_config` is the configuration used: what the request set comes back. Null may come back as a default."""
    difference = _find_difference(request.get("agent_config"), answer.get("agent_config"), "agent_config")
    return difference and f"what was asked for is not what is used: {difference}"


@record_check("request body", "response body", section="responses", standing="inferred")
def id_is_new(seen: Seen, known: Memory) -> CheckResult:
    """`id` is new for every conversation."""
    identifier = seen.objects[1].get("id") if _is_about_a_call(seen) and seen.objects else None
    if not isinstance(identifier, str):
        return NOT_JUDGED  # which is for the schema to judge
    earlier = known.setdefault(identifier, seen.exchange)
    if earlier is seen.exchange:
        return KEPT
    complaint = f"id {identifier!r} was the id of an earlier conversation"
    return [Problem(_headline(id_is_new.summary), complaint, earlier=earlier)]


def _find_difference(asked: Json, used: Json, path: str) -> str | None:
    """The first thing that was asked for and is not used."""
    if asked is None:
        return None
    if isinstance(asked, dict) and isinstance(used, dict):
        found = (_find_difference(value, used.get(name), f"{path}.{name}") for name, value in asked.items())
        return next(filter(None, found), None)
    if isinstance(asked, list) and isinstance(used, list) and len(asked) == len(used):
        pairs = enumerate(zip(asked, used, strict=True))
        found = (_find_difference(*pair, f"{path}[{index}]") for index, pair in pairs)
        return next(filter(None, found), None)
    same = asked == used and isinstance(asked, bool) == isinstance(used, bool)
    return None if same else f"{path} is {_short(used)}, and {_short(asked)} was asked for"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}…"  # noqa: PLR2004 - as much as a line holds


def _time(value: object) -> datetime | None:
    """The time of a date-time with an offset; None for anything else, which is for the schema to judge."""
    try:
        time = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return time if time and time.tzinfo else None
