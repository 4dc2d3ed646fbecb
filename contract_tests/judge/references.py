"""References: values in requests that only an account has or has not, such as the id of an agent.

A server that refuses one which the account does not have breaks nothing. That the account has it is known once a
request with it was accepted, anywhere in the record.
"""

from __future__ import annotations

from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from contract_tests.contract.places import values_along
from contract_tests.contract.templates import is_related
from contract_tests.exchange.bodies import NOT_JSON
from contract_tests.judge.checks.requests import documented_request_accepted
from contract_tests.judge.checks.responses import status_code_conformance
from spec.reader import tokens

if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Sequence

    from contract_tests.contract.templates import Template
    from contract_tests.judge.judge import Judged
    from contract_tests.judge.quick_bodies import QuickBody
    from spec.json_value import Json

_REFUSALS: Final = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""The statuses by which servers say that an account does not have something."""
_EXCUSED: Final = {documented_request_accepted.name, status_code_conformance.name}

_REMEMBERED: Final = 256
"""How many templates are remembered, each with the places of its references."""

Reference = tuple[str, str]
"""A place, and the text that stands there."""


class References:
    """The references of a record's requests, and those that its account is known to have."""

    def __init__(self, places: Collection[str]) -> None:
        self._ways = {place: tokens(place) for place in places}
        """JSON Pointers of where references stand in a request's body, and the names that they lead along."""
        self._near = lru_cache(_REMEMBERED)(self._find_near)
        self.begin(set())

    def begin(self, known: set[Reference]) -> None:
        """Begins with the references that the account is known to have."""
        self.known = known
        self._noted: set[Hashable] = set()
        """The texts at the places, by the templates of bodies that were noted."""

    def of(self, judged: Judged) -> frozenset[Reference]:
        """The references in a request."""
        return self._in(judged.seen.sent.body if judged.seen.sent.body_pointer else NOT_JSON)

    def note(self, judged: Judged) -> None:
        """Takes an exchange into account."""
        if judged.exchange.is_accepted:
            self.known |= self.of(judged)

    def note_accepted(self, body: QuickBody) -> None:
        """Takes the body of an accepted request into account."""
        if not self._ways:
            return
        key = (body.template, *[body.texts[index] for index in self._near(body.template)]) if body.template else None
        if key is None or key not in self._noted:
            self.known |= self._in(body.value)
            self._noted.add(key)

    def _find_near(self, template: Template) -> tuple[int, ...]:
        """The numbers of the gaps that texts at the places stand in."""
        ways = self._ways.values()
        return tuple(index for index, path in enumerate(template.paths) if any(is_related(path, way) for way in ways))

    def excuse(self, judged: Judged) -> Judged:
        """The judged exchange; it fails no check by a refusal that may be due to an unknown reference."""
        response = judged.exchange.response
        if response is None or response.status not in _REFUSALS or judged.seen.sent.validity != "valid":
            return judged
        unknown = self.of(judged) - self.known
        if not unknown:
            return judged
        left = tuple(failure for failure in judged.failures if failure.check not in _EXCUSED)
        return replace(judged, failures=left, unknown=tuple(sorted({place for place, _ in unknown})))

    def _in(self, body: Json) -> frozenset[Reference]:
        return frozenset(
            (place, value)
            for place, way in self._ways.items()
            for value in values_along(body, way)
            if isinstance(value, str)
        )


def excuse_unknown_references(judged: Sequence[Judged], places: Collection[str]) -> list[Judged]:
    """The judged exchanges, where a refusal that may be due to an unknown reference fails no check.

    `places` are JSON Pointers of where references stand in a request's body.
    """
    references = References(places)
    for each in judged:
        references.note(each)
    return [references.excuse(each) for each in judged]
