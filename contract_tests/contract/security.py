"""Security schemes: which credentials an operation takes, and where a request has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from msgspec import Struct

from contract_tests.contract.references import resolve
from spec.reader import escape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from spec.json_value import Json
    from spec.reader import Spec

SchemeKind = Literal["bearer", "basic", "key", "unknown"]
SchemeLocation = Literal["header", "query", "cookie"]
_AUTHORIZATION: Final = "Authorization"
_TOKENS: Final = {"oauth2", "openIdConnect"}
"""The types of schemes whose requests have an access token, as a bearer's (RFC 6750)."""


class Scheme(Struct, frozen=True):
    """A security scheme of the spec."""

    name: str
    """Its name under `securitySchemes`."""
    kind: SchemeKind = "bearer"
    """Unknown is one that no request of ours can serve."""
    location: SchemeLocation = "header"
    field: str = _AUTHORIZATION
    """The name of the header field, of the query's field or of the cookie."""
    description: str = "http bearer"
    """How the spec says that it works, in words: `http digest`."""


Alternative = tuple[Scheme, ...]
"""Schemes that a request must serve together."""


def read_security(spec: Spec, definition: Mapping[str, Any]) -> tuple[Alternative, ...]:
    """Reads the alternatives under `security`, of an operation or else of the document. An empty one needs nothing."""
    requirements = definition.get("security", spec.document.get("security", []))
    return tuple(tuple(_read_scheme(spec, name) for name in requirement) for requirement in requirements)


def servable(alternatives: tuple[Alternative, ...]) -> Iterator[Alternative]:
    """The alternatives whose credentials a request can have, those that need none last."""
    able = (each for each in alternatives if all(scheme.kind != "unknown" for scheme in each))
    yield from sorted(able, key=lambda each: not each)


def _read_scheme(spec: Spec, name: str) -> Scheme:
    if name not in spec.document.get("components", {}).get("securitySchemes", {}):
        return Scheme(name, "unknown", description="which components/securitySchemes does not have")
    definition: Mapping[str, Json] = spec.value(resolve(spec, f"/components/securitySchemes/{escape(name)}"))
    kind = definition["type"]
    if kind == "apiKey":
        return Scheme(name, "key", definition["in"], definition["name"], f"apiKey in {definition['in']}")
    if kind == "http":
        scheme = str(definition["scheme"]).lower()
        known: SchemeKind = "bearer" if scheme == "bearer" else "basic" if scheme == "basic" else "unknown"
        return Scheme(name, known, description=f"http {scheme}")
    return Scheme(name, "bearer" if kind in _TOKENS else "unknown", description=str(kind))
