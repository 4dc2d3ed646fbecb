"""Kinds of requests that a server should have refused and did not: none is paid for more than three times."""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Final

from contract_tests.contract.contract import JSON_MEDIA_TYPE, read_contract
from contract_tests.contract.keywords import find_breaches
from contract_tests.exchange.strict_json import parse_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from contract_tests.contract.contract import Contract, Operation
    from contract_tests.exchange.exchange import Request

MAX_STRIKES: Final = 3
"""How often a kind of violation is accepted until it is established."""


class Strikes:
    """How often each kind of violation was accepted. `placeholder` stands for the token in requests."""

    def __init__(self, spec: Path, placeholder: str) -> None:
        self._spec = spec
        self._right = f"Bearer {placeholder}"
        self._accepted: Counter[str] = Counter()

    def established(self, request: Request, path: str) -> str | None:
        """The kind of a request whose every violation is established, in words; None for any other request."""
        if not any(number >= MAX_STRIKES for number in self._accepted.values()):
            return None
        kinds = self._kinds(request, path)
        is_established = kinds and all(self._accepted[kind] >= MAX_STRIKES for kind in kinds)
        return ", ".join(kinds) if is_established else None

    def note_accepted(self, request: Request, path: str) -> None:
        """Takes into account that a request may have made a call."""
        self._accepted.update(self._kinds(request, path))

    @cached_property
    def _contract(self) -> Contract:
        return read_contract(self._spec)

    def _kinds(self, request: Request, path: str) -> list[str]:
        return list(dict.fromkeys(self._all_kinds(request, path)))

    def _all_kinds(self, request: Request, path: str) -> Iterator[str]:
        operation = self._operation(request, path)
        if operation is None:
            yield f"{request.method} {path}, which is not documented"
            return
        credentials = [value for name, value in request.headers if name.lower() == "authorization"]
        if credentials != [self._right]:
            yield f"credentials {credentials!r}"
        media_type = (request.header("content-type") or "").partition(";")[0].strip().lower()
        if operation.body and request.body and media_type != JSON_MEDIA_TYPE:
            yield f"media type {media_type!r}"
        elif operation.body:
            yield from self._kinds_of_body(operation.body, request.body)

    def _kinds_of_body(self, pointer: str, body: bytes) -> Iterator[str]:
        try:
            instance = parse_json(body)
        except ValueError as error:
            yield f"malformed JSON ({type(error).__name__})" if body else "no body"
            return
        for breach in find_breaches(self._contract.validator(pointer), instance):
            yield f"{breach.pointer} at {re.sub(r'/[0-9]+(?=/|$)', '/*', breach.location) or 'the body'}"

    def _operation(self, request: Request, path: str) -> Operation | None:
        for operation in self._contract.operations:
            template = re.sub(r"\\\{[^/]*\\\}", "[^/]+", re.escape(operation.path))
            if operation.method == request.method and re.fullmatch(template, path):
                return operation
        return None
