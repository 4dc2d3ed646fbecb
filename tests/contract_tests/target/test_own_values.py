"""The target's own values, put into requests that others make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contract_tests.target.limits import Limits
from contract_tests.target.own_values import OwnValues, fit, with_own_values
from tests.conftest import ROOT

if TYPE_CHECKING:
    from spec.json_value import Json

LISTED, WEBHOOK = "+4915112345678", "https://webhook.invalid/"
VALUES = {"/phone": LISTED, "/order/seconds": 60, "/hooks/*/to": WEBHOOK}


def test_a_value_takes_the_place_of_what_stands_there() -> None:
    body = {"phone": "x", "order": {}, "hooks": [{"to": "a"}, {"to": None}]}
    changed = with_own_values(body, VALUES, lambda _: True)
    assert changed == {"phone": LISTED, "order": {"seconds": 60}, "hooks": [{"to": WEBHOOK}, {"to": None}]}
    assert body["phone"] == "x"


@pytest.mark.parametrize("phone", [5, None, ["x"], {"a": "x"}])
def test_what_is_no_text_stays(phone: object) -> None:
    assert with_own_values({"phone": phone}, VALUES, lambda _: False) == {"phone": phone}


def test_nothing_is_added_where_the_field_is_missing() -> None:
    assert with_own_values({"order": None}, VALUES, lambda _: False) == {"order": None}


def test_a_short_duration_stays() -> None:
    assert with_own_values({"order": {"seconds": 7}}, VALUES, lambda _: True) == {"order": {"seconds": 7}}


def test_what_a_body_tests_stays() -> None:
    def is_valid(body: Json) -> bool:
        return bool(body["phone"] == LISTED)

    assert with_own_values({"phone": "no number"}, VALUES, is_valid) == {"phone": "no number"}


def test_a_request_to_an_operation_of_the_spec_gets_the_values() -> None:
    values = OwnValues(ROOT / "spec" / "openapi.yaml", Limits(data={"/to_number": LISTED}))
    body = {"to_number": "+12025550143", "from_number": "+12025550142"}
    assert values.put_into("POST /conversations/create_phone_call", body) == body | {"to_number": LISTED}
    assert values.put_into("POST /elsewhere", body) == body


REFERENCES = Limits(
    data={"/agent": "mine"}, references={"/agent": "--agent ID", "/voice/key": "--data /voice/key=TEXT"}
)


def test_a_text_that_only_an_account_could_have_becomes_null() -> None:
    body = {"agent": "x", "voice": {"key": "secret-1", "name": "key"}}
    assert fit(body, REFERENCES, lambda _: True) == {"agent": "mine", "voice": {"key": None, "name": "key"}}
    assert body["voice"] == {"key": "secret-1", "name": "key"}


def test_it_is_left_out_where_it_may_not_be_null() -> None:
    def is_valid(body: Json) -> bool:
        return body["voice"].get("key", "") is not None

    assert fit({"voice": {"key": "secret-1"}}, REFERENCES, is_valid) == {"voice": {}}


def test_it_stays_where_a_body_must_have_it() -> None:
    def is_valid(body: Json) -> bool:
        return isinstance(body["voice"].get("key"), str)

    assert fit({"voice": {"key": "secret-1"}}, REFERENCES, is_valid) == {"voice": {"key": "secret-1"}}


@pytest.mark.parametrize("key", [5, None, ["x"]])
def test_what_is_no_text_there_stays(key: object) -> None:
    assert fit({"voice": {"key": key}}, REFERENCES, lambda _: True) == {"voice": {"key": key}}
