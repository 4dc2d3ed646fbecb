"""The spec's examples are exchanges that keep the contract, and members of unions say their names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from contract_tests.exchange.exchange import Exchange
from contract_tests.exchange.headers import Headers
from spec.document import keywords, reference
from spec.paths import SPEC
from spec.reader import read_spec
from tests.support.exchanges import CALL, JSON, answer, failures, post

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Request

CHALLENGE: Final = Headers([*JSON, ("www-authenticate", "Bearer")])
"""The header fields of the responses. HTTP demands the challenge with a 401, and allows it with any other."""
OPERATION: Final = "/paths/~1conversations~1create_phone_call/post"
SPEC_READ: Final = read_spec(SPEC)
REFUSED: Final = {
    "401": post(headers=JSON),
    "403": post(headers=JSON),
    "422": post({"from_number": CALL["from_number"]}),
}
"""A request for each status that is no success."""


def examples_at(holder: str) -> dict[str, Any]:
    """The examples of the JSON body of a request or response, by their names."""
    media_type: dict[str, Any] = SPEC_READ.value(f"{OPERATION}/{holder}/content/application~1json")
    return {name: example["value"] for name, example in media_type["examples"].items()}


def request_of(status: str, name: str) -> Request:
    """The request that the response example of a name belongs to."""
    return REFUSED[status] if status in REFUSED else post(examples_at("requestBody")[name])


def response_examples() -> Iterator[tuple[str, str]]:
    """Yields the status and the name of each response example."""
    for status in SPEC_READ.value(f"{OPERATION}/responses"):
        yield from ((status, name) for name in examples_at(f"responses/{status}"))


def members_of_unions() -> set[str]:
    """The components that are members of a union."""
    unions = [each for each in keywords(SPEC_READ.document) if each.in_schema and each.name in {"anyOf", "oneOf"}]
    return {pointer for union in unions for member in union.value if (pointer := reference(member))}


@pytest.mark.parametrize(("status", "name"), [*response_examples()])
def test_a_response_example_keeps_schemas_and_rules(contract: Contract, status: str, name: str) -> None:
    response = answer(examples_at(f"responses/{status}")[name], int(status), CHALLENGE)
    assert failures(contract, Exchange(request_of(status, name), response)) == []


def test_a_response_example_that_breaks_a_rule_is_found(contract: Contract) -> None:
    broken = examples_at("responses/200")["inline_agent"] | {"type": "inbound_phone_call"}
    (failure,) = failures(contract, Exchange(request_of("200", "inline_agent"), answer(broken)))
    assert failure.check == "type_is_outbound_phone_call"


def test_every_request_example_has_its_response() -> None:
    assert examples_at("responses/200").keys() == examples_at("requestBody").keys()


def test_the_first_example_is_a_call_that_has_not_ended() -> None:
    first = next(iter(examples_at("responses/200").values()))
    assert (first["type"], first["status"], first["ended_at"]) == ("outbound_phone_call", "queued", None)


@pytest.mark.parametrize("pointer", sorted(members_of_unions()))
def test_a_member_of_a_union_is_titled_with_its_name(pointer: str) -> None:
    assert SPEC_READ.value(pointer)["title"] == pointer.rpartition("/")[2]
