"""Servers for any document that break one thing each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from contract_tests.exchange.credentials import spell_secret, values_at
from contract_tests.servers.answer import Answer
from contract_tests.servers.any_spec import AnySpec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.security import Scheme
    from contract_tests.exchange.exchange import Request
    from contract_tests.servers.any_spec import Asked


class _AnyParameters(AnySpec):
    def has_valid_parameters(self, _asked: Asked) -> bool:
        return True


class _AnyBody(AnySpec):
    def has_valid_body(self, _asked: Asked) -> bool:
        return True


class _NoCredentials(AnySpec):
    def is_authorized(self, _asked: Asked) -> bool:
        return True


class _BeginningOfSecret(AnySpec):
    def has_credential(self, request: Request, scheme: Scheme) -> bool:
        found = ", ".join(values_at(request, scheme)).rpartition(" ")[2]
        return bool(found) and spell_secret(scheme, self.token).startswith(found)


class _Crashes(AnySpec):
    def accept(self, _asked: Asked) -> Answer:
        return Answer(500, {"detail": "oops"})


class _AnotherStatus(AnySpec):
    def accept(self, asked: Asked) -> Answer:
        return replace(super().accept(asked), status=299)


class _NoJson(AnySpec):
    def accept(self, asked: Asked) -> Answer:
        return replace(super().accept(asked), body="no such thing", media_type="text/plain")


class _NothingOfTheSchema(AnySpec):
    def accept(self, asked: Asked) -> Answer:
        return super().accept(asked).with_body({"nothing": [None]})


class _RefusesAll(AnySpec):
    def accept(self, _asked: Asked) -> Answer:
        return Answer(422, {"detail": "no"})


class _NoHeaders(AnySpec):
    def accept(self, asked: Asked) -> Answer:
        return replace(super().accept(asked), headers={})


FAULTS: Final[Mapping[str, type[AnySpec]]] = {
    "parameters are not checked": _AnyParameters,
    "bodies are not checked": _AnyBody,
    "no credentials are asked for": _NoCredentials,
    "the beginning of a secret will do": _BeginningOfSecret,
    "valid requests crash": _Crashes,
    "an undocumented status": _AnotherStatus,
    "a text where JSON is documented": _NoJson,
    "a response that is not as its schema": _NothingOfTheSchema,
    "valid requests are refused": _RefusesAll,
    "the documented header fields are missing": _NoHeaders,
}
"""The servers, by what they break."""


def applicable(contract: Contract) -> list[str]:
    """The faults that a document leaves room for."""
    operations = contract.operations
    answers = [body for operation in operations for body in operation.response_bodies() if body.name.startswith("2")]
    is_open = any(contract.validator(body.schema).is_valid({"nothing": [None]}) for body in answers)
    headers = [header for each in operations for header in contract.response_headers(each, 200)]
    secured = [each for each in operations if each.is_secured]
    room = {
        "parameters are not checked": any(each.parameters for each in operations),
        "bodies are not checked": any(each.body for each in operations),
        "no credentials are asked for": bool(secured),
        # In base64, the beginning of a secret is no beginning.
        "the beginning of a secret will do": any(scheme.kind != "basic" for each in secured for scheme in each.schemes),
        "an undocumented status": not any(each.response_key(299) for each in operations),
        "a text where JSON is documented": bool(answers),
        "a response that is not as its schema": bool(answers) and not is_open,
        "the documented header fields are missing": any(header.is_required for header in headers),
    }
    return [name for name in FAULTS if room.get(name, True)]
