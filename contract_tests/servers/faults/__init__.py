"""The catalogue of broken servers: each is the mock with one thing wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract_tests.servers.faults.answers import answer_faults
from contract_tests.servers.faults.derived_answers import derive_answer_faults
from contract_tests.servers.faults.derived_requests import derive_request_faults
from contract_tests.servers.faults.fault import Fault
from contract_tests.servers.faults.inputs import input_faults
from contract_tests.servers.faults.protocol import protocol_faults
from contract_tests.servers.faults.reading import reading_faults
from contract_tests.servers.faults.spellings import derive_spelling_faults, spelling_faults
from contract_tests.servers.faults.time import time_faults
from contract_tests.servers.mock import PATH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract.contract import Contract

__all__ = ["Fault", "derive_faults", "make_catalogue", "written_faults"]


def make_catalogue(contract: Contract) -> dict[str, Fault]:
    """Every fault by its name, which no two share."""
    faults = [*derive_faults(contract), *written_faults()]
    return {fault.name: fault for fault in faults}


def derive_faults(contract: Contract) -> Iterator[Fault]:
    """The faults that the spec tells: every statement about the endpoint of the mock, broken."""
    operation = next(operation for operation in contract.operations if operation.path == PATH)
    yield from derive_request_faults(contract, operation.body or "")
    yield from derive_spelling_faults(contract, operation.body or "")
    yield from derive_answer_faults(contract, operation)


def written_faults() -> Iterator[Fault]:
    """The faults that no spec tells, written by hand: what servers of this kind are known to get wrong."""
    yield from protocol_faults()
    yield from input_faults()
    yield from spelling_faults()
    yield from answer_faults()
    yield from time_faults()
    yield from reading_faults()
