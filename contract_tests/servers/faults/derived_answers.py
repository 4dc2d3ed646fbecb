"""Faults in what a server answers, derived from the spec: one statement broken, wherever an answer has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from voiceos_models import CreateCall

from contract_tests.contract.keywords import find_satisfied, with_value, without_field
from contract_tests.contract.operations import JSON_MEDIA_TYPE
from contract_tests.plan.plan import make_plan
from contract_tests.servers.answer import Answer
from contract_tests.servers.faults.fault import Fault, by_answering
from contract_tests.servers.mock import ReceivedRequest, judge_body, judge_with_token, respond_with_conversation
from spec.reader import escape, value_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.keywords import SatisfiedKeyword
    from contract_tests.contract.operations import Operation
    from spec.json_value import Json

_RESPONSE_SCHEMA: Final = "response_schema_conformance"


def derive_answer_faults(contract: Contract, operation: Operation) -> Iterator[Fault]:
    """For every required field, enumeration, format and null of each documented response, servers that break it."""
    for status, samples in _sample_answers(contract, operation).items():
        described = operation.response_body(status, JSON_MEDIA_TYPE)
        schema = described.schema if described else ""
        done: set[tuple[str, str]] = set()
        for kept, wrong, pointer in _breakable(contract, schema, samples):
            if (kept.path, wrong) not in done:
                done.add((kept.path, wrong))
                place = kept.location.lstrip("/").replace("/", ".") or "body"
                statement = kept.pointer.removeprefix("/components/schemas/").replace("/properties/", ".")
                make_app = by_answering(_altering(contract, schema, status, kept.path, wrong))
                yield Fault(f"{status} {place} ({statement}): {wrong}", _RESPONSE_SCHEMA, make_app, pointer)


def _sample_answers(contract: Contract, operation: Operation) -> dict[int, list[Any]]:
    """Answers of the mock that show all that it answers with, by status."""
    plan = make_plan(contract, operation.body or "", all_known_names=False)
    calls = [CreateCall.model_validate(planned.body) for planned in plan.bodies]
    answers: dict[int, list[Any]] = {200: [respond_with_conversation(call).body for call in calls]}
    headers = (("content-type", "application/json"), ("authorization", "Bearer wrong"))
    judge = judge_with_token("right")
    wrong, unnamed = ReceivedRequest(headers, b"{}"), ReceivedRequest((), b"{}")
    for refusal in (judge_body(wrong), judge(wrong), judge(unnamed)):
        assert isinstance(refusal, Answer)  # noqa: S101 - what else, with a wrong body and no token
        answers[refusal.status] = [refusal.body]
    return answers


def _breakable(contract: Contract, schema: str, samples: list[Any]) -> Iterator[tuple[SatisfiedKeyword, str, str]]:
    """Where a sample can be broken, what is wrong then, and the pointer of the statement that this breaks."""
    validator = contract.validator(schema)
    for body in samples:
        for kept in find_satisfied(validator, body):
            for wrong, pointer, broken in _ways_to_break(contract, kept, body):
                if not validator.is_valid(broken):
                    yield kept, wrong, pointer


def _ways_to_break(contract: Contract, kept: SatisfiedKeyword, body: Json) -> Iterator[tuple[str, str, Any]]:
    """Each way to break a keyword: what is wrong, the pointer of the statement, and the answer, valid or not."""
    statement, value = contract.value(kept.pointer), value_at(body, kept.location)
    if isinstance(statement, dict) and isinstance(value, dict):
        for field in filter(statement.get("properties", {}).__contains__, value):
            inside, pointer = f"{kept.location}/{escape(field)}", f"{kept.pointer}/properties/{escape(field)}"
            yield f"{field} null", pointer, with_value(body, inside, None)
            if field in statement.get("required", []):
                yield f"{field} of another type", pointer, with_value(body, inside, _of_another_type(value[field]))
                yield f"{field} absent", f"{kept.pointer}/required", without_field(body, kept.location, field)
    elif kept.pointer.endswith("/enum"):
        yield "an undocumented member", kept.pointer, with_value(body, kept.location, f"{value}_x")
    elif kept.pointer.endswith("/format"):
        yield f"no {statement}", kept.pointer, with_value(body, kept.location, "yesterday")


def _of_another_type(value: object) -> object:
    return "text" if isinstance(value, dict | list | int | float) else {"a": 1}


def _altering(contract: Contract, schema: str, status: int, path: str, wrong: str) -> Callable[[Answer], Answer]:
    """Breaks the answers of a status that have the place."""

    def alter(answer: Answer) -> Answer:
        if answer.status == status:
            for kept in find_satisfied(contract.validator(schema), answer.body):
                for other, _, broken in _ways_to_break(contract, kept, answer.body) if kept.path == path else ():
                    if other == wrong:
                        return Answer(status, broken, answer.headers)
        return answer

    return alter
