"""Requests with one thing wrong, which must be turned away. On a conforming server none places a call."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from contract_tests.contract.media_types import MULTIPART_MEDIA_TYPE
from contract_tests.contract.multipart import cut_off
from contract_tests.contract.operations import METHODS
from contract_tests.contract.typed_texts import UNREADABLE
from contract_tests.exchange.credentials import WRONG, WRONG_BASIC, WRONG_KEY, is_right_at, with_value
from contract_tests.exchange.headers import CONTENT_TYPE, Headers
from contract_tests.exchange.malformed import malform
from contract_tests.exchange.scalars import read_scalar
from contract_tests.plan.broken_parts import break_parts
from contract_tests.plan.mutations import break_each_statement
from contract_tests.plan.parameters import break_parameters
from contract_tests.plan.requests import make_request, with_alternative, with_body

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from contract_tests.contract.body_codec import WrittenBody
    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Content, Operation
    from contract_tests.contract.security import Scheme
    from contract_tests.exchange.exchange import Request
    from contract_tests.plan.mutations import Mutation, OnCap
    from contract_tests.plan.operation_plan import OperationPlan
    from contract_tests.plan.plan import Plan

# The last one is for servers that look for JSON's name anywhere in the field: browsers send it without asking first.
_OTHER_MEDIA_TYPES: Final = (
    "application/json",
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/octet-stream",
    "text/plain; for=application/json",
)
_NEVER_SENT: Final = {
    "head",  # its response has no body to judge, and servers take it wherever they take GET
    "trace",  # a server sends it back as it came, and so no client may put a token into it (RFC 9110, section 9.3.8)
}


@dataclass(frozen=True)
class InvalidRequest:
    """A request to send, and what is wrong with it."""

    wrong: str
    request: Request


def make_invalid(contract: Contract, plan: OperationPlan, on_cap: OnCap = lambda _: None) -> Iterator[InvalidRequest]:
    """Makes the invalid requests for an operation. Makes none if no valid request can be made.

    `on_cap` hears of those that the plan's effort leaves out, if it does.
    """
    bare = plan.plainest
    if bare is None or not plan.main.bodies:
        return
    valid = _smallest(bare, plan)
    if plan.is_further:
        yield from _with_malformed_body(plan, valid)
    else:
        yield from _with_other_credentials(plan.operation, valid)
        yield from _with_wrong_bodies(contract, plan, valid) if plan.bodies else ()
        yield from _with_wrong_parameters(contract, plan, valid, on_cap)
    yield from _with_broken_statements(contract, plan, bare, on_cap) if plan.bodies else ()


def _with_wrong_parameters(
    contract: Contract, plan: OperationPlan, valid: Request, on_cap: OnCap
) -> Iterator[InvalidRequest]:
    for mutation in break_parameters(contract, plan.operation, plan.parameters, on_cap):
        headers = [field for field in valid.headers if field[0].lower() == "content-type"]
        broken = make_request(plan.operation, mutation.body)
        yield InvalidRequest(
            f"the parameters: {mutation}",
            replace(broken, headers=Headers((*broken.headers, *headers)), body=valid.body),
        )


def make_other_methods(contract: Contract, plan: OperationPlan) -> Iterator[InvalidRequest]:
    """Makes a request with each method that the operation's path does not have: the right token, and no body."""
    bare = plan.plainest
    taken = {each.method for each in contract.operations if each.path == plan.operation.path}
    for method in (method.upper() for method in METHODS if method not in _NEVER_SENT):
        if bare and method not in taken:
            yield InvalidRequest(f"{method}, which the path does not have", replace(bare, method=method))


def _smallest(bare: Request, plan: OperationPlan) -> Request:
    """The valid request with the smallest body, if the operation takes one."""
    if plan.bodies is None:
        return bare
    smallest = min(_written_shortly(plan, plan.bodies), key=lambda each: _digits_and_length(each.content))
    return with_body(bare, smallest.content, smallest.media_type)


def _written_shortly(plan: OperationPlan, bodies: Plan) -> Iterable[WrittenBody]:
    """The bodies as they are sent; those of JSON without escapes, whose digits a reader may take for a number."""
    if plan.content is None or not plan.content.is_json:
        return plan.written
    return (plan.write(each.body, json.dumps(each.body, ensure_ascii=False)) for each in bodies.bodies)


def _with_wrong_bodies(contract: Contract, plan: OperationPlan, valid: Request) -> Iterator[InvalidRequest]:
    yield from _with_malformed_body(plan, valid)
    yield from _with_other_media_types(plan.operation, valid)
    yield from _without_a_body(valid) if plan.operation.is_body_required else ()
    if plan.content and plan.content.is_json and plan.content.schema:
        yield from _with_another_body(contract, plan.content.schema, valid)


def _digits_and_length(text: bytes) -> tuple[int, int]:
    """A sort key: few digits first, for a reader may take a digit of a malformed body for part of a number to ring."""
    return sum(map(text.count, b"0123456789")), len(text)


def _with_other_credentials(operation: Operation, valid: Request) -> Iterator[InvalidRequest]:
    """The request with wrong credentials of each scheme. Where none are needed, no server must look at them.

    What is wrong for one alternative may be right for another.
    """
    made: set[Request] = set()
    for alternative in operation.alternatives if operation.is_secured else ():
        right = with_alternative(valid, operation, alternative)
        for scheme in alternative:
            for wrong, values in _wrong_values(scheme).items():
                named = wrong if len(operation.schemes) == 1 else f"{wrong} ({scheme.name})"
                request = with_value(right, scheme, *values)
                if request not in made and not _has_right_credentials(operation, request):
                    made.add(request)
                    yield InvalidRequest(named, request)


def _has_right_credentials(operation: Operation, request: Request) -> bool:
    """Tells whether a request has the credentials of one of the alternatives."""
    return any(all(is_right_at(request, scheme) for scheme in alternative) for alternative in operation.security)


def _wrong_values(scheme: Scheme) -> Mapping[str, tuple[str, ...]]:
    """The wrong values of a scheme's field, by what is wrong with them."""
    if scheme.kind == "key":
        return {wrong: () if value is None else (value,) for wrong, value in WRONG_KEY.items()}
    return WRONG_BASIC if scheme.kind == "basic" else WRONG


def _with_malformed_body(plan: OperationPlan, valid: Request) -> Iterator[InvalidRequest]:
    """The request with a body that is not of its format, where the format can be broken at all."""
    kind = plan.content.kind if plan.content else None
    if kind == "json":
        yield from (InvalidRequest(wrong, replace(valid, body=body)) for wrong, body in malform(valid.body))
    if kind == "multipart":
        yield InvalidRequest("a multipart body without its last boundary", replace(valid, body=cut_off(valid.body)))
        yield InvalidRequest(
            "a multipart body whose boundary is untold", with_body(valid, valid.body, MULTIPART_MEDIA_TYPE)
        )
    if kind == "xml":
        yield InvalidRequest("an XML document that is cut off", replace(valid, body=valid.body.rstrip()[:-1]))


def _with_other_media_types(operation: Operation, valid: Request) -> Iterator[InvalidRequest]:
    for media_type in _OTHER_MEDIA_TYPES:
        if operation.content_of(media_type) is None:
            yield InvalidRequest(f"a valid body as {media_type}", with_body(valid, valid.body, media_type))


def _without_a_body(valid: Request) -> Iterator[InvalidRequest]:
    yield InvalidRequest("an empty body", replace(valid, body=b""))
    headers = valid.headers.without([CONTENT_TYPE])
    yield InvalidRequest("neither a body nor its media type", replace(valid, headers=headers, body=b""))


def _with_another_body(contract: Contract, pointer: str, valid: Request) -> Iterator[InvalidRequest]:
    """JSON values that lax readers take for the body, where the schema does not allow them."""
    body = json.loads(valid.body)
    others = {"an array around it": [body], "a text that holds it as JSON": json.dumps(body)}
    for wrong, other in others.items():
        if not contract.request_validator(pointer).is_valid(other):
            yield InvalidRequest(f"the body: {wrong}", replace(valid, body=json.dumps(other).encode()))


def _with_broken_statements(
    contract: Contract, plan: OperationPlan, bare: Request, on_cap: OnCap
) -> Iterator[InvalidRequest]:
    content = plan.content
    if content is None or content.schema is None or content.kind == "xml":
        return
    if content.kind == "multipart":
        yield from _with_broken_parts(contract, plan, content, bare)
    for mutation in break_each_statement(contract, content.schema, plan.main, on_cap):
        written = _write_broken(contract, plan, content, mutation)
        if written:
            yield InvalidRequest(str(mutation), with_body(bare, written.content, written.media_type))


def _with_broken_parts(
    contract: Contract, plan: OperationPlan, content: Content, bare: Request
) -> Iterator[InvalidRequest]:
    """The request with the most parts, with a header field of one of them wrong."""
    largest = plan.write(max((each.body for each in plan.main.bodies), key=len))
    for wrong, body in break_parts(contract, content, largest.content):
        yield InvalidRequest(wrong, with_body(bare, body, largest.media_type))


def _write_broken(contract: Contract, plan: OperationPlan, content: Content, broken: Mutation) -> WrittenBody | None:
    """The body that stands for an invalid value; None if a reader may take it for a valid one."""
    if content.is_json:
        return plan.write(broken.body, broken.text)
    try:
        found = contract.codec(read_scalar).read_back(content, broken.body)
    except ValueError:
        return None
    is_broken = found is not UNREADABLE and not contract.request_validator(content.schema or "").is_valid(found)
    return plan.write(broken.body) if is_broken else None
