"""Servers for any document that break one thing each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from msgspec import structs

from contract_tests.exchange.credentials import spell_secret, values_at
from contract_tests.servers.answer import Answer
from contract_tests.servers.any_spec import AnySpec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Content
    from contract_tests.contract.security import Scheme
    from contract_tests.exchange.exchange import Request
    from contract_tests.servers.any_spec import Asked
    from spec.json_value import Json


class _AnyParameters(AnySpec):
    def has_valid_parameters(self, _asked: Asked) -> bool:
        return True


class _AnyBody(AnySpec):
    def has_valid_body(self, _asked: Asked) -> bool:
        return True


class _OneMediaType(AnySpec):
    def has_valid_body(self, asked: Asked) -> bool:
        first = asked.operation.contents[0]
        return super().has_valid_body(asked) and asked.operation.content_of(asked.headers.media_type or "") == first


class _AnyFurtherBody(AnySpec):
    def is_valid(self, content: Content, asked: Asked) -> bool:
        return content != asked.operation.contents[0] or super().is_valid(content, asked)


class _AnyPartHeaders(AnySpec):
    def has_valid_parts(self, _content: Content, _media_type: str, _body: bytes) -> bool:
        return True


class _AnyMediaType(AnySpec):
    def has_valid_body(self, asked: Asked) -> bool:
        is_known = asked.operation.content_of(asked.headers.media_type or "") is not None
        return super().has_valid_body(asked) or (bool(asked.body) and not is_known)


class _AnyMalformedBody(AnySpec):
    def read(self, content: Content, media_type: str, body: bytes) -> Json:
        try:
            return super().read(content, media_type, body)
        except ValueError:
            return self.values(content.schema or "")[0]


class _NoCredentials(AnySpec):
    def is_authorized(self, _asked: Asked) -> bool:
        return True


class _OneAlternative(AnySpec):
    def is_authorized(self, asked: Asked) -> bool:
        first = structs.replace(asked.operation, security=asked.operation.security[:1])
        return super().is_authorized(replace(asked, operation=first))


class _AnyFurtherCredential(AnySpec):
    def has_credential(self, request: Request, scheme: Scheme) -> bool:
        first = self.contract.operations[0].security[0]
        return (scheme not in first and bool(values_at(request, scheme))) or super().has_credential(request, scheme)


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
    "only the first media type is taken": _OneMediaType,
    "bodies of further media types are not checked": _AnyFurtherBody,
    "header fields of parts are not checked": _AnyPartHeaders,
    "any media type is taken": _AnyMediaType,
    "malformed bodies are taken": _AnyMalformedBody,
    "no credentials are asked for": _NoCredentials,
    "only the first alternative of credentials is taken": _OneAlternative,
    "credentials of further schemes are not checked": _AnyFurtherCredential,
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
    contents = [each.contents for each in operations]
    ranges = [content.media_type for each in contents for content in each]
    malleable = [content for each in contents for content in each if content.kind in {"json", "xml"}]
    alternatives = [each.security for each in secured if len(each.security) > 1]
    room = {
        "only the first alternative of credentials is taken": bool(alternatives),
        "credentials of further schemes are not checked": bool(alternatives),
        "only the first media type is taken": any(len(each) > 1 for each in contents),
        "bodies of further media types are not checked": any(len(each) > 1 for each in contents),
        "header fields of parts are not checked": any("headers" in each for each in _encodings(contract)),
        "any media type is taken": bool(ranges) and "*/*" not in ranges,
        "malformed bodies are taken": bool(malleable),
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


def _encodings(contract: Contract) -> Iterator[Mapping[str, Json]]:
    """The Encoding Objects of all kinds of body."""
    for content in (each for operation in contract.operations for each in operation.contents):
        yield from contract.value(content.pointer).get("encoding", {}).values()
