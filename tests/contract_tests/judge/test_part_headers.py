"""The header fields of the parts of multipart bodies are judged by the spec's Encoding Objects."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from contract_tests.contract.multipart import CONTENT_TYPE, Part, write_multipart
from contract_tests.exchange.exchange import Exchange, Request, Response
from contract_tests.exchange.headers import Headers
from contract_tests.judge.judge import judge
from contract_tests.judge.seen_request import see_request
from contract_tests.plan.schedule import make_schedule
from tests.support.exchanges import write_contract

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.judge.judge import Judged

FIELDS = Headers([("Content-Type", CONTENT_TYPE)])
PHOTO = Part("photo", b"x", "image/png", "a.png", (("X-Taken", "2020"),))
META = Part("meta", b"{}", "application/json")


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """A contract whose requests and responses have the same parts."""
    properties = {"photo": {"type": "string", "format": "binary"}, "meta": {"type": "object"}}
    headers = {
        "X-Taken": {"required": True, "schema": {"type": "integer"}},
        "Content-Disposition": {"schema": {"type": "string", "pattern": "filename"}},
        "Content-Type": {"required": True, "schema": {"const": "nothing"}},
    }
    encoding = {"photo": {"contentType": "image/*", "headers": headers}, "meta": {"contentType": "application/json"}}
    schema = {"type": "object", "required": ["photo"], "properties": properties}
    content = {"multipart/form-data": {"schema": schema, "encoding": encoding}}
    answers = {"200": {"description": "Fine.", "content": content}, "422": {"description": "Wrong."}}
    post = {"requestBody": {"required": True, "content": content}, "responses": answers}
    document = {"openapi": "3.1.0", "info": {"title": "Photos", "version": "1"}, "paths": {"/photos": {"post": post}}}
    return write_contract(tmp_path_factory.mktemp("photos"), json.dumps(document))


def judged(contract: Contract, sent: tuple[Part, ...], received: tuple[Part, ...] = (PHOTO,)) -> Judged:
    request = Request("POST", "/photos", FIELDS, write_multipart(sent))
    (found,) = judge(contract, [Exchange(request, Response(200, FIELDS, write_multipart(received)))])
    return found


WRONG = [
    (replace(PHOTO, media_type="text/plain"), "/encoding/photo/contentType", "advice"),
    (replace(PHOTO, headers=()), "/encoding/photo/headers/X-Taken/required", "inferred"),
    (replace(PHOTO, headers=(("x-taken", "soon"),)), "/encoding/photo/headers/X-Taken/schema/type", "inferred"),
    (replace(PHOTO, file_name=None), "/encoding/photo/headers/Content-Disposition/schema/pattern", "inferred"),
]


@pytest.mark.parametrize(("part", "pointer", "standing"), WRONG)
def test_a_request_with_a_wrong_part_is_to_be_refused(
    photos: Contract, part: Part, pointer: str, standing: str
) -> None:
    found = judged(photos, (part, META))
    assert found.seen.sent.validity == "invalid"
    (failure,) = found.failures
    assert (failure.check, failure.standing) == ("invalid_request_refused", standing)
    assert failure.pointer.endswith(f"requestBody/content/multipart~1form-data{pointer}")


@pytest.mark.parametrize(("part", "pointer", "_standing"), WRONG)
def test_a_response_with_a_wrong_part_breaks_the_statement(
    photos: Contract, part: Part, pointer: str, _standing: str
) -> None:
    (failure,) = judged(photos, (PHOTO,), (part,)).failures
    assert failure.check == "response_schema_conformance"
    assert failure.pointer.endswith(f"responses/200/content/multipart~1form-data{pointer}")


def test_a_response_without_a_required_part_breaks_the_schema(photos: Contract) -> None:
    (failure,) = judged(photos, (PHOTO,), (META,)).failures
    assert (failure.check, failure.missing) == ("response_schema_conformance", "photo")


def test_a_response_that_is_cut_off_is_no_multipart_body(photos: Contract) -> None:
    request = Request("POST", "/photos", FIELDS, write_multipart([PHOTO]))
    (found,) = judge(photos, [Exchange(request, Response(200, FIELDS, b"nothing"))])
    assert [each.check for each in found.failures] == ["response_schema_conformance"]


@pytest.mark.parametrize("part", [PHOTO, replace(PHOTO, media_type=None), replace(PHOTO, media_type="image/gif")])
def test_a_part_as_the_spec_says_breaks_nothing(photos: Contract, part: Part) -> None:
    found = judged(photos, (part, replace(META, media_type=None)), (part, META))
    assert (found.seen.sent.validity, found.failures) == ("valid", ())


def test_each_header_field_of_a_part_is_broken_once(photos: Contract) -> None:
    schedule = make_schedule(photos, all_known_names=False, seed=1, max_calls=None)
    broken = [each for each in schedule.invalid if each.purpose.startswith("the part ")]
    assert [each.purpose for each in broken] == [
        "the part photo: another Content-Type",
        "the part photo: no header field X-Taken",
        "the part photo: a wrong header field X-Taken",
        "the part meta: another Content-Type",
    ]
    for each in broken:
        seen = see_request(photos, each.request)
        assert seen
        assert len(seen.part_breaches) == 1
