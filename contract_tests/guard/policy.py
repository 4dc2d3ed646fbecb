"""Decides whether a request may go out: a pure function of the request, the target's limits and the contract.

While limits are on, only what is understood goes out: a documented path, header fields of a closed list, each once, and
a body that is read to its last byte. The suite must send more than that in order to test, of shapes that are known to
hold nothing that can ring: wrong credentials (any number of Authorization fields), other media types (`UNDERSTOOD`),
and malformed bodies (`ENDINGS`, and forms and XML that are cut off). Under each of them, the body is one that may go
out. Bodies that are no JSON go out where the spec has them, and where `other_bodies.py` can read them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote

from contract_tests.contract.media_types import FORM_MEDIA_TYPE, fits, kind_of
from contract_tests.contract.paths import path_values
from contract_tests.exchange.credentials import AUTHORIZATION
from contract_tests.exchange.headers import CONTENT_TYPE
from contract_tests.guard.addresses import complaints_of_value
from contract_tests.guard.body_policy import (
    complaints_of_field,
    complaints_of_json,
    complaints_of_json_as_form,
    complaints_of_tree,
    is_json,
)
from contract_tests.guard.media_type import media_type_complaint
from contract_tests.guard.other_bodies import complaints_of_other
from contract_tests.guard.spellings import decodings
from contract_tests.guard.trees import Pairs, read_tree

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.exchange.exchange import Request
    from contract_tests.exchange.headers import Field
    from contract_tests.target.limits import Limits

_HARMLESS_FIELDS: Final = {"accept", AUTHORIZATION.lower(), "content-type", "user-agent"}
"""The header fields that the suite and Schemathesis send of their own, and that go on to the target."""
_PARTS: Final = re.compile(r"[,|;&=]")
"""The signs between the parts of a parameter, such as the items of an array."""
_OF_PATHS: Final = re.compile(r"[/\\\x00-\x1f\x7f]")
"""The characters that part a path, or end it for some."""
_ANY_PATH: Final = {"/", "*"}


def find_complaint(request: Request, limits: Limits, contract: Contract, secrets: Collection[str] = ()) -> str | None:
    """Why a request must not go out; None if it may. The `secrets` of the target may stand where credentials do."""
    try:
        return None if limits.is_free else next(_complaints(request, limits, contract, secrets), None)
    except RecursionError:
        return "a body nested too deeply to look into"


def _complaints(request: Request, limits: Limits, contract: Contract, secrets: Collection[str]) -> Iterator[str]:
    operations = contract.paths.at(request.path)
    keys = _Keys(operations, limits, secrets)
    if not operations and not (request.method == "OPTIONS" and request.target in _ANY_PATH):
        yield "a path that the spec does not have"
    yield from _complaints_of_path(operations, request.path, limits)
    yield from _complaints_of_query(operations, request.query, limits, keys)
    yield from _complaints_of_headers(operations, request.headers, limits, keys)
    yield from _complaints_of_body(operations, request, limits) if request.body else ()


def _complaints_of_path(operations: Iterable[Operation], path: str, limits: Limits) -> Iterator[str]:
    for template in dict.fromkeys(operation.path for operation in operations):
        for name, value in path_values(template, path).items():
            if _leads_elsewhere(value):
                yield "a part of the path that servers may take for several"
            yield from _complaints_of_parameter(name, unquote(value), limits, "in the path")


def _leads_elsewhere(value: str) -> bool:
    """Tells whether the value of a variable of a path may lead to another path (RFC 3986, section 5.2.4)."""
    stages = decodings(value)
    return stages is None or any(stage in {".", ".."} or _OF_PATHS.search(stage) for stage in stages)


def _complaints_of_query(operations: Iterable[Operation], query: str, limits: Limits, keys: _Keys) -> Iterator[str]:
    known = _names(operations, "query")
    for text in dict.fromkeys([query, query.replace(";", "&")]):  # some part the fields by a semicolon too
        for name, value in parse_qsl(text, keep_blank_values=True):
            if keys.has("query", name):
                yield from keys.complaints(value)
                continue
            if name not in known:
                yield "a field of the query that the spec does not have"
            yield from _complaints_of_parameter(name, value, limits, "in the query")


def _complaints_of_headers(
    operations: Iterable[Operation], fields: Iterable[Field], limits: Limits, keys: _Keys
) -> Iterator[str]:
    known = {name.lower() for name in _names(operations, "header")}
    seen = set()
    for name, value in ((name.lower(), value) for name, value in fields):
        if name == "cookie":
            yield from _complaints_of_cookies(operations, value, limits, keys)
        elif name == AUTHORIZATION.lower():
            # The suite tries many a wrong credential there, so all but numbers and addresses goes out.
            parts = (part for word in value.split() for part in (word, *_PARTS.split(word)))
            yield from (complaint for part in parts for complaint in keys.complaints(part))
        elif keys.has("header", name):
            yield from keys.complaints(value)
        elif name in known:
            yield from _complaints_of_parameter(name, value, limits, "in a header field")
        elif name not in _HARMLESS_FIELDS:
            yield f"the header field {name}, which the spec does not have"
        else:
            yield from complaints_of_value(value, limits)
        if name in seen and name != AUTHORIZATION.lower():
            yield f"the header field {name} twice"
        seen.add(name)


def _complaints_of_cookies(operations: Iterable[Operation], text: str, limits: Limits, keys: _Keys) -> Iterator[str]:
    known = _names(operations, "cookie")
    for pair in text.split(";"):
        name, _, value = (part.strip() for part in pair.partition("="))
        if keys.has("cookie", name):
            yield from keys.complaints(unquote(value))
            continue
        if name not in known:
            yield "a cookie that the spec does not have"
        yield from _complaints_of_parameter(name, unquote(value), limits, "in a cookie")


def _complaints_of_parameter(name: str, value: str, limits: Limits, where: str) -> Iterator[str]:
    complaints = [
        *complaints_of_field(name, value, limits),
        *(each for part in {value, *_PARTS.split(value)} for each in complaints_of_value(part, limits)),
        *_complaints_of_json_in(name, value, limits),
    ]
    yield from (f"{complaint}, {where}" for complaint in complaints)


def _complaints_of_json_in(name: str, value: str, limits: Limits) -> Iterator[str]:
    """Finds fault with a parameter whose value is an array or an object in JSON."""
    tree = read_tree(value)
    if isinstance(tree, list):
        yield from complaints_of_tree(Pairs([(name, tree)]), limits)
        yield from complaints_of_tree(tree, limits)


def _complaints_of_body(operations: Iterable[Operation], request: Request, limits: Limits) -> Iterator[str]:
    contents = [each for operation in operations for each in operation.contents]
    content_type, named = request.headers.first(CONTENT_TYPE) or "", request.headers.media_type or ""
    is_documented = any(fits(each.media_type, named) for each in contents)
    others = {kind_of(named)} if is_documented else {each.kind for each in contents}
    if is_documented and kind_of(named) != "json" and len(request.headers.all(CONTENT_TYPE)) == 1:
        yield from complaints_of_other(kind_of(named), content_type, request.body, limits)
        return
    if complaint := media_type_complaint(request.headers, [each.media_type for each in contents if each.is_json]):
        yield complaint
        return
    readings = (complaints_of_other(kind, content_type, request.body, limits) for kind in others - {"json"})
    if all(any(reading) for reading in readings):
        yield from _complaints_of_understood(named, request.body, limits)


def _complaints_of_understood(media_type: str, body: bytes, limits: Limits) -> Iterator[str]:
    """Finds fault with a body under a media type that the suite sends."""
    if media_type == FORM_MEDIA_TYPE:
        if not is_json(body):
            yield "a form, which the spec does not have"
            return
        yield from complaints_of_json_as_form(body, limits)
    yield from complaints_of_json(body, limits)


class _Keys:
    """The places of a request that hold keys, and what may stand there: a secret of the target, and no number."""

    def __init__(self, operations: Iterable[Operation], limits: Limits, secrets: Collection[str]) -> None:
        schemes = [each for operation in operations for each in operation.schemes]
        self._places = {(each.location, each.field.lower()) for each in schemes}
        self._limits = limits
        # Wrong credentials are made of the right ones: without the end, or in other case.
        self._secrets = [re.compile(re.escape(each[:-1]), re.IGNORECASE) for each in secrets if len(each) > 1]

    def has(self, location: str, name: str) -> bool:
        """Tells whether a field holds a key."""
        return (location, name.lower()) in self._places

    def complaints(self, value: str) -> Iterator[str]:
        """Yields why a value must not go out as a key. A secret is none, whatever it looks like."""
        for secret in self._secrets:
            value = secret.sub("", value)
        yield from (f"{complaint}, in a key" for complaint in complaints_of_value(value, self._limits))


def _names(operations: Iterable[Operation], location: str) -> set[str]:
    return {each.name for operation in operations for each in operation.parameters if each.location == location}
