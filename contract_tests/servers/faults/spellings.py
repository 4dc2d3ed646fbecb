"""Faults that show with another spelling of the same request, or with what a text is made of."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from contract_tests.servers.answer import Answer
from contract_tests.servers.faults.fault import (
    Fault,
    answering_calls,
    by_judging,
    judge_rightly,
    texts_in,
    when_accepted,
    when_sent,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from voiceos_models import CreateCall

    from contract_tests.contract.contract import Contract
    from contract_tests.servers.faults.fault import MakeApp
    from contract_tests.servers.mock import Judge, ReceivedRequest

_OPERATION: Final = "/paths/~1conversations~1create_phone_call/post"
_REFUSED: Final = "documented_request_accepted"
_CRASH: Final = "not_a_server_error"
_ECHO: Final = "configuration_used"
_REFUSAL: Final = Answer(422, {"detail": []})
_BOOM: Final = Answer(500, {"detail": "boom"})
_HUGE: Final = 65_536


def derive_spelling_faults(contract: Contract, body: str) -> Iterator[Fault]:
    """For every whole number of the request, servers that do not take each spelling of it."""
    for pointer, schema in contract.schemas_below([body]):
        if "integer" in schema.get("type", []):
            name = pointer.rpartition("/")[2]
            for spelling, digits in {"a fraction of zero": r"-?\d+\.0", "an exponent": r"-?[\d.]+[eE]"}.items():
                pattern = re.compile(rf'"{name}": {digits}'.encode())
                yield Fault(
                    f"{name} with {spelling} refused",
                    _REFUSED,
                    _when_valid(partial(_matches, pattern), _REFUSAL),
                    f"{pointer}/type",
                    is_against_advice=True,
                )


def spelling_faults() -> Iterator[Fault]:
    """Those that no statement of the spec is about."""
    yield from _of_http()
    yield from _of_texts()
    yield from _of_nesting()


def _of_http() -> Iterator[Fault]:
    requests: dict[str, tuple[Answer, Callable[[ReceivedRequest], bool]]] = {
        "a media type in other case": (
            _REFUSAL,
            lambda request: not (request.header("content-type") or "").startswith("application/json"),
        ),
        "a media type with a parameter": (_REFUSAL, lambda request: ";" in (request.header("content-type") or "")),
        "a body in chunks": (_REFUSAL, lambda request: request.header("transfer-encoding") is not None),
        "white space around JSON": (_REFUSAL, lambda request: request.body.startswith(b"{\n")),
        "a key with an escape": (_REFUSAL, lambda request: re.search(rb'"\\u0\w+": ', request.body) is not None),
        "UTF-8 that is not escaped": (_REFUSAL, lambda request: not request.body.isascii()),
        "the scheme in lower case": (
            Answer(403, {"detail": "Not authenticated"}),
            lambda request: (request.header("authorization") or "").startswith("bearer"),
        ),
    }
    for name, (answer, when) in requests.items():
        yield Fault(f"{name} refused", _REFUSED, _when_valid(when, answer), f"{_OPERATION}/requestBody")
        yield Fault(f"{name} crashes", _CRASH, _when_valid(when, _BOOM))


def _of_texts() -> Iterator[Fault]:
    characters = {"a line break": "\n", "a tab": "\t", "a NUL": "\0", "a control character": "\x1f", "DEL": "\x7f"}
    for name, character in characters.items():
        yield Fault(f"{name} in a text crashes", _CRASH, when_accepted(_has_text(partial(_holds, character)), _BOOM))
    huge = _has_text(lambda text: len(text) > _HUGE)
    yield Fault("a text of more than 64 KiB crashes", _CRASH, when_accepted(huge, _BOOM))
    yield Fault("a text of more than 64 KiB refused", _REFUSED, when_accepted(huge, _REFUSAL), _OPERATION)
    changes: dict[str, Callable[[str], object]] = {
        "stripped": str.strip,
        "cut off at a NUL": lambda text: text.partition("\0")[0],
        "without control characters": lambda text: re.sub(r"[\x00-\x1f]", "", text),
        "with line breaks of another system": lambda text: text.replace("\n", "\r\n"),
        "with tabs made spaces": lambda text: text.replace("\t", "    "),
        "escaped for HTML": lambda text: text.replace("<", "&lt;"),
        "cut off at 64 KiB": lambda text: text[:_HUGE],
    }
    for name, change in changes.items():
        yield Fault(f"the texts used are {name}", _ECHO, answering_calls(_changing_texts(change)))
    yield Fault("texts that are JSON are read as such", "response_schema_conformance", answering_calls(_reading_json))


def _of_nesting() -> Iterator[Fault]:
    for kind, opening in {"arrays": rb"\[", "objects": rb'\{"x":'}.items():
        pattern = re.compile(rb"(?:" + opening + rb"){500}")
        yield Fault(f"{kind} 500 deep crash", _CRASH, when_sent(pattern))


def _matches(pattern: re.Pattern[bytes], request: ReceivedRequest) -> bool:
    return pattern.search(request.body) is not None


def _holds(character: str, text: str) -> bool:
    return character in text


def _has_text(is_meant: Callable[[str], bool]) -> Callable[[dict[str, Any]], bool]:
    return lambda body: any(map(is_meant, texts_in(body)))


def _changing_texts(change: Callable[[str], object]) -> Callable[[CreateCall, dict[str, Any]], object]:
    """Changes the texts of the configuration that an answer says is used."""

    def walk(node: object) -> object:
        if isinstance(node, dict):
            return {key: walk(value) for key, value in node.items()}
        return (
            [walk(item) for item in node] if isinstance(node, list) else change(node) if isinstance(node, str) else node
        )

    return lambda _call, body: body.update(agent_config=walk(body["agent_config"]))


def _reading_json(_call: CreateCall, body: dict[str, Any]) -> None:
    prompt = body["agent_config"].get("prompt") or ""
    if prompt.startswith("{"):
        body["agent_config"]["prompt"] = json.loads(prompt)


def _when_valid(when: Callable[[ReceivedRequest], bool], answer: Answer) -> MakeApp:
    """A server with an answer of its own to valid requests by their bytes."""

    def make_judge(token: str) -> Judge:
        def judge(request: ReceivedRequest) -> CreateCall | Answer:
            judged = judge_rightly(token)(request)
            return answer if not isinstance(judged, Answer) and when(request) else judged

        return judge

    return by_judging(make_judge)
