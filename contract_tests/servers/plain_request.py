"""A request to try a mock of any spec with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract_tests.exchange.scalars import read_scalar
from contract_tests.plan.medium import medium_of, write_body
from contract_tests.plan.parameters import plan_parameters
from contract_tests.plan.plan import all_choices, make_body
from contract_tests.plan.requests import make_request, with_body

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.exchange.exchange import Request


def make_plain_request(contract: Contract) -> Request | None:
    """A valid request to the first operation to which one can be made, credentials as templates; None if to none."""
    able = (each for each in contract.operations if each.is_servable and (each.body or not each.is_body_required))
    made = (_make(contract, operation) for operation in able)
    return next((request for request in made if request), None)


def _make(contract: Contract, operation: Operation) -> Request | None:
    parameters = plan_parameters(contract, operation, all_known_names=False).bodies
    if not parameters:
        return None
    request = make_request(operation, parameters[0].body)
    if operation.body is None:
        return request
    content = operation.contents_by_rank[0]
    body = make_body(all_choices(contract, operation.body, medium=medium_of(contract, content)))
    written = write_body(contract.codec(read_scalar), content, body.body, body.text)
    return with_body(request, written.content, written.media_type)
