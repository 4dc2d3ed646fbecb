"""The reasons why the mock refuses a body, of each media type: place, keyword and line of the spec."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from contract_tests.contract.contract import Contract
from contract_tests.exchange.headers import Headers
from contract_tests.servers.any_mock import AnyMock
from contract_tests.servers.reasons import find_reasons
from spec.reader import parse_spec
from tests.conftest import TOKEN

SPEC: Final = """openapi: 3.1.0
info: {title: Sizes, version: 1.0.0}
paths:
  /size:
    post:
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: '#/components/schemas/Size'}}
          application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Size'}}
          multipart/form-data: {schema: {$ref: '#/components/schemas/Size'}}
          text/plain: {schema: {type: integer, minimum: 1}}
          application/octet-stream: {schema: {maxLength: 2}}
          application/xml: {schema: {$ref: '#/components/schemas/Size'}}
      responses: {'204': {description: Done.}}
components:
  schemas:
    Size:
      type: object
      required: [size]
      properties:
        size: {type: integer, minimum: 1}
"""
FORM: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data; boundary=b"
SIZE: Final = "/components/schemas/Size"
BODY: Final = "/paths/~1size/post/requestBody"


def part(name: str, value: str) -> bytes:
    return f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n--b--\r\n'.encode()


@pytest.fixture(scope="module")
def mock() -> AnyMock:
    return AnyMock(Contract(parse_spec(Path("sizes.yaml"), SPEC)), TOKEN)


def reasons(mock: AnyMock, media_type: str, body: bytes) -> list[tuple[str, str, str]]:
    """The place, the keyword and the place in the spec of each reason."""
    sent = Headers([("Content-Type", media_type)] if media_type else [])
    found = find_reasons(mock.contract, mock.contract.operation("POST /size"), sent, body, mock.read)
    return [(each["at"], each["keyword"], each["spec"]) for each in found]


@pytest.mark.parametrize(
    ("media_type", "body", "reason"),
    [
        ("application/json", b'{"size": 0}', ("/size", "minimum", f"sizes.yaml:22 {SIZE}/properties/size/minimum")),
        (FORM, b"size=0", ("/size", "minimum", f"sizes.yaml:22 {SIZE}/properties/size/minimum")),
        (FORM, b"size=large", ("/size", "type", f"sizes.yaml:22 {SIZE}/properties/size/type")),
        (FORM, b"length=1", ("", "required", f"sizes.yaml:20 {SIZE}/required")),
        (MULTIPART, part("size", "0"), ("/size", "minimum", f"sizes.yaml:22 {SIZE}/properties/size/minimum")),
        (MULTIPART, part("length", "1"), ("", "required", f"sizes.yaml:20 {SIZE}/required")),
        ("text/plain", b"0", ("", "minimum", f"sizes.yaml:12 {BODY}/content/text~1plain/schema/minimum")),
        (
            "application/octet-stream",
            b"\xff\xfe\xfd",
            ("", "maxLength", f"sizes.yaml:13 {BODY}/content/application~1octet-stream/schema/maxLength"),
        ),
    ],
)
def test_a_wrong_value_is_told_with_its_place_and_line(
    mock: AnyMock, media_type: str, body: bytes, reason: tuple[str, str, str]
) -> None:
    assert reasons(mock, media_type, body) == [reason]


@pytest.mark.parametrize(
    ("media_type", "body", "line", "name"),
    [
        ("application/json", b"{", 9, "application~1json"),
        ("multipart/form-data", part("size", "1"), 11, "multipart~1form-data"),
        (MULTIPART, b"size=1", 11, "multipart~1form-data"),
    ],
)
def test_a_malformed_body_is_told_at_its_media_type(
    mock: AnyMock, media_type: str, body: bytes, line: int, name: str
) -> None:
    assert reasons(mock, media_type, body) == [("", "content", f"sizes.yaml:{line} {BODY}/content/{name}")]


@pytest.mark.parametrize("media_type", ["image/png", ""])
def test_a_media_type_that_is_not_taken_is_told_at_the_list_of_those_that_are(mock: AnyMock, media_type: str) -> None:
    assert reasons(mock, media_type, b"1") == [("", "content", f"sizes.yaml:8 {BODY}/content")]


def test_an_absent_body_is_told_where_the_spec_demands_one(mock: AnyMock) -> None:
    assert reasons(mock, "", b"") == [("", "required", f"sizes.yaml:7 {BODY}/required")]


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("application/json", b'{"size": 1}'),
        (FORM, b"size=1"),
        (MULTIPART, part("size", "1")),
        ("application/xml", b"<a/>"),
    ],
)
def test_nothing_is_told_of_a_body_that_may_be_taken(mock: AnyMock, media_type: str, body: bytes) -> None:
    assert reasons(mock, media_type, body) == []
