"""The documented rules: what the vendor says of a call's fields, or what they imply, and no keyword can state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from contract_tests.judge.checks import Complaint, Observed
from contract_tests.judge.judgement import read_json, read_strictly

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contract_tests.contract.contract import Contract, Operation, Standing
    from contract_tests.exchange.exchange import Exchange
    from contract_tests.judge.checks import Check, Verdict
    from spec.json_value import Json

Rule = Callable[[dict[str, Any], dict[str, Any]], str | None]
"""Says what of a request and its answer breaks the rule, or None."""

STANDINGS: Final[dict[str, Standing]] = {}
"""The standing of each documented rule, by the name of its check."""
_RULES: Final[dict[str, Rule]] = {}
_OPERATION_ID: Final = "create_phone_call"


def _rule(standing: Standing) -> Callable[[Rule], Rule]:
    """Makes a rule a check of its name, for every accepted call."""

    def register(rule: Rule) -> Rule:
        name = rule.__name__
        STANDINGS[name], _RULES[name] = standing, rule
        return rule

    return register


def find_broken_rules(
    contract: Contract, operation: Operation, request: dict[str, Any], answer: dict[str, Any]
) -> set[str]:
    """The names of the rules that an accepted call breaks; that its id is new, which others would tell, is left out."""
    if contract.value(operation.pointer).get("operationId") != _OPERATION_ID:
        return set()
    return {name for name, rule in _RULES.items() if rule(request, answer)}


def make_rule_checks() -> dict[str, Check]:
    """The documented rules as checks, by their names. They remember the ids that they have seen."""
    rules = _RULES | {id_is_new.__name__: partial(id_is_new, set())}
    return {name: partial(_judge, name, rule) for name, rule in rules.items()}


def find_earlier(check: str, exchange: Exchange, exchanges: Sequence[Exchange]) -> Exchange | None:
    """The exchange that it takes beside another for a check to find what it found; None where it takes none."""
    if check != id_is_new.__name__:
        return None
    others = (other for other in exchanges if other is not exchange and other.is_accepted)
    return next((other for other in others if _id_in(other) == _id_in(exchange)), None)


def _id_in(exchange: Exchange) -> str | None:
    answer = read_json(exchange.response.body) if exchange.response else None
    return str(answer.get("id")) if isinstance(answer, dict) else None


def _judge(name: str, rule: Rule, seen: Observed) -> Verdict:
    """What a rule says of an exchange, if it is an accepted call of the operation that the rules are about."""
    if not (seen.response.is_success and seen.may_be_judged_by_its_body):
        return False
    if seen.contract.value(seen.operation.pointer).get("operationId") != _OPERATION_ID:
        return False
    (request, wrong), (answer, bad) = read_strictly(seen.exchange.request.body), read_strictly(seen.response.body)
    if wrong or bad or not (isinstance(request, dict) and isinstance(answer, dict)):
        return False
    complaint = rule(request, answer)
    return True if complaint is None else Complaint(name.replace("_", " "), complaint)


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


def id_is_new(known: set[str], _request: dict[str, Any], answer: dict[str, Any]) -> str | None:
    """`id` is new for every conversation. Those that were seen are in `known`."""
    identifier = answer.get("id")
    if not isinstance(identifier, str):
        return None  # which is for the schema to judge
    if identifier in known:
        return f"id {identifier!r} was the id of an earlier conversation"
    known.add(identifier)
    return None


STANDINGS[id_is_new.__name__] = "inferred"


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
