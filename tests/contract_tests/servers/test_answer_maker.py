"""Answers made up from a spec."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from contract_tests.contract.contract import read_contract
from contract_tests.servers.answer import NOTHING
from contract_tests.servers.answer_maker import AnswerMaker, plainest_values, success

if TYPE_CHECKING:
    from pathlib import Path


def make(folder: Path, responses: dict[str, Any], status: int | None = None) -> tuple[int, Any, str | None]:
    """The status, the body and the media type of the answer that is made for the responses of an operation."""
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "paths": {"/": {"get": {"responses": responses}}},
        "components": {"examples": {"One": {"value": [1]}}},
    }
    file = folder / "openapi.yaml"
    file.write_text(yaml.safe_dump(document))
    contract = read_contract(file)
    (operation,) = contract.operations
    maker = AnswerMaker(contract, partial(plainest_values, contract))
    answer = maker.make(operation, status or success(operation))
    media_type = answer.headers.get("Content-Type") if isinstance(answer.body, bytes) else answer.media_type
    return answer.status, answer.body, media_type


@pytest.mark.parametrize(
    ("content", "body", "media_type"),
    [
        ({"application/json": {"schema": {"const": 1}}}, 1, "application/json"),
        ({"application/problem+json": {"schema": {"const": 1}}}, 1, "application/problem+json"),
        ({"*/*": {"schema": {"const": 1}}}, 1, "application/json"),
        ({"application/json": {"example": [1]}}, [1], "application/json"),
        ({"application/json": {"examples": {"a": {"value": [1]}}}}, [1], "application/json"),
        ({"application/json": {"examples": {"a": {"$ref": "#/components/examples/One"}}}}, [1], "application/json"),
        ({"text/csv": {"example": "a,b"}}, b"a,b", "text/csv"),
        ({"text/*": {"schema": {"const": "a"}}}, b"a", "text/plain"),
        ({"application/json": {}}, {}, "application/json"),
        ({"image/png": {}}, NOTHING, "image/png"),
        ({"image/*": {}}, NOTHING, "image/octet-stream"),
        ({}, NOTHING, None),
    ],
)
def test_a_body_is_made_as_the_spec_describes_it(
    tmp_path: Path, content: dict[str, Any], body: object, media_type: str | None
) -> None:
    assert make(tmp_path, {"200": {"description": "Done.", "content": content}}) == (200, body, media_type)


@pytest.mark.parametrize(
    ("keys", "status"), [(["404", "201"], 201), (["2XX"], 200), (["default"], 200), (["404"], 200), (["2xx"], 200)]
)
def test_the_status_of_accepted_requests_is_the_first_success(tmp_path: Path, keys: list[str], status: int) -> None:
    assert make(tmp_path, {key: {"description": "Done."} for key in keys})[0] == status


@pytest.mark.parametrize(
    ("status", "body"), [(404, {"detail": "Not Found"}), (599, {"detail": "Status 599"}), (204, b""), (304, b"")]
)
def test_an_undocumented_refusal_says_what_it_means(tmp_path: Path, status: int, body: object) -> None:
    assert make(tmp_path, {"200": {"description": "Done."}}, status)[:2] == (status, body)


def test_a_schema_that_no_body_keeps_is_told(tmp_path: Path) -> None:
    impossible = {"200": {"description": "Done.", "content": {"application/json": {"schema": False}}}}
    pointer = "/paths/~1/get/responses/200/content/application~1json/schema"
    assert make(tmp_path, impossible)[:2] == (500, {"detail": f"No body keeps the schema at {pointer}"})
