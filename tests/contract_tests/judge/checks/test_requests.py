"""Checks of how a request is taken: where each passes, fails, or is not made."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from contract_tests.exchange.credentials import AUTHORIZATION
from contract_tests.exchange.exchange import Exchange, Request
from contract_tests.exchange.headers import CONTENT_TYPE, Headers
from tests.support.exchanges import AUTHORIZED, CALL, JSON, answer, failures, outcome, post, read, write_contract
from tests.support.results import ELSEWHERE, result_of
from tests.support.zoo_runs import contract_of as zoo_contract_of

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from spec.json_value import Json

TWICE = b'{"from_number": "a", "to_number": "b", "to_number": "c"}'
"""A body that a reader may refuse, or read in ways of its own."""
WITHOUT_A_TOKEN = post(headers=JSON)


def with_media_type(value: str | None, body: object = CALL) -> Request:
    fields = [] if value is None else [(CONTENT_TYPE, value)]
    return post(body, Headers([*AUTHORIZED.without([CONTENT_TYPE]), *fields]))


def with_credentials(*values: str) -> Request:
    return post(headers=Headers([*JSON, *((AUTHORIZATION, value) for value in values)]))


def with_allow(method: str, allow: str | None, status: int = 405) -> Exchange:
    fields = [] if allow is None else [("Allow", allow)]
    return Exchange(post(b"", method=method), answer({"detail": "No"}, status, Headers([*JSON, *fields])))


@pytest.mark.parametrize(
    ("request_", "status", "expected"),
    [
        (post(), 200, "passes"),
        (post(), 204, "passes"),
        (post(), 500, "passes"),  # which is for another check
        (post(), 302, "fails"),
        (post(), 401, "fails"),
        (post(), 422, "fails"),
        (with_media_type("Application/JSON; charset=utf-8"), 422, "fails"),
        (post({}), 422, "is not made"),
        (post(TWICE), 422, "is not made"),
        (WITHOUT_A_TOKEN, 401, "is not made"),
        (with_media_type("text/plain"), 422, "is not made"),
        (post(method="PUT"), 405, "is not made"),
    ],
)
def test_documented_request_accepted(contract: Contract, request_: Request, status: int, expected: str) -> None:
    exchange = Exchange(request_, answer({"detail": []}, status))
    assert outcome(contract, "documented_request_accepted", exchange) == expected


@pytest.mark.parametrize("status", [401, 403, 429])
@pytest.mark.parametrize(
    ("check", "request_"),
    [
        ("documented_request_accepted", post()),
        ("invalid_request_refused", post({})),
        ("malformed_json_refused", post(b"{")),
        ("undocumented_media_type_refused", with_media_type("text/plain")),
    ],
)
def test_a_refusal_that_may_be_about_a_token_that_was_not_recorded_is_not_judged(
    contract: Contract, check: str, request_: Request, status: int
) -> None:
    recorded = replace(Exchange(request_, answer({"detail": "No"}, status)), omitted=frozenset(["credentials"]))
    assert outcome(contract, check, recorded) == "is not made"


@pytest.mark.parametrize(
    ("request_", "status", "expected"),
    [
        (post({}), 200, "fails"),
        (post({}), 204, "fails"),
        (post({}), 302, "passes"),
        (post({}), 400, "passes"),
        (post({}), 500, "passes"),
        (post(), 200, "is not made"),
        (post(TWICE), 200, "is not made"),
        (post(b"{"), 200, "is not made"),
        (post({}, JSON), 200, "is not made"),
        (with_media_type("text/plain", {}), 200, "is not made"),
    ],
)
def test_invalid_request_refused(contract: Contract, request_: Request, status: int, expected: str) -> None:
    assert outcome(contract, "invalid_request_refused", Exchange(request_, answer({}, status))) == expected


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        (b"{", 200, "fails"),
        (b"\xff", 200, "fails"),
        (b"NaN", 200, "fails"),
        (b"", 200, "fails"),
        (b"{", 302, "fails"),
        (b"{", 400, "passes"),
        (b"{", 500, "passes"),
        (b"{}", 200, "is not made"),
        (TWICE, 200, "is not made"),
    ],
)
def test_malformed_json_refused(contract: Contract, body: bytes, status: int, expected: str) -> None:
    assert outcome(contract, "malformed_json_refused", Exchange(post(body), answer({}, status))) == expected


@pytest.mark.parametrize(
    ("request_", "status", "expected"),
    [
        (with_media_type("text/plain"), 200, "fails"),
        (with_media_type("text/plain; x=application/json"), 200, "fails"),
        (with_media_type("application/json5"), 200, "fails"),
        (with_media_type(None), 200, "fails"),
        (with_media_type("text/plain"), 302, "passes"),
        (with_media_type("text/plain"), 415, "passes"),
        (with_media_type("text/plain"), 500, "passes"),
        (with_media_type("text/plain", b""), 200, "is not made"),
        (with_media_type("APPLICATION/JSON ; charset=utf-8"), 200, "is not made"),
        (post(headers=Headers([(CONTENT_TYPE, "text/plain")])), 200, "is not made"),
    ],
)
def test_undocumented_media_type_refused(contract: Contract, request_: Request, status: int, expected: str) -> None:
    assert outcome(contract, "undocumented_media_type_refused", Exchange(request_, answer({}, status))) == expected


@pytest.mark.parametrize(
    ("request_", "status", "ignored_auth", "authorization_required"),
    [
        (WITHOUT_A_TOKEN, 401, "passes", "passes"),
        (WITHOUT_A_TOKEN, 403, "passes", "passes"),
        (WITHOUT_A_TOKEN, 302, "passes", "fails"),
        (WITHOUT_A_TOKEN, 200, "fails", "fails"),
        (WITHOUT_A_TOKEN, 404, "fails", "fails"),
        (WITHOUT_A_TOKEN, 500, "fails", "fails"),
        (with_credentials("Bearer {token}x"), 200, "fails", "fails"),
        (with_credentials("Bearer {token}", "Bearer wrong"), 200, "fails", "fails"),
        (with_credentials("Bearer {token}", "Bearer wrong"), 400, "passes", "passes"),
        (with_credentials("Bearer {token}x"), 400, "fails", "fails"),
        (with_credentials("Bearer {token}"), 200, "is not made", "is not made"),
        (with_credentials("bearer {token}"), 200, "is not made", "is not made"),
        (post(headers=JSON, method="PUT"), 200, "is not made", "is not made"),
    ],
)
def test_credentials(
    contract: Contract, request_: Request, status: int, ignored_auth: str, authorization_required: str
) -> None:
    exchange = Exchange(request_, answer({"detail": "No"}, status))
    assert outcome(contract, "ignored_auth", exchange) == ignored_auth
    assert outcome(contract, "authorization_required", exchange) == authorization_required


@pytest.mark.parametrize("check", ["ignored_auth", "authorization_required"])
@pytest.mark.parametrize(
    ("body", "fields"),
    [(b"{", JSON), ({}, JSON), (CALL, Headers([(CONTENT_TYPE, "text/plain")]))],
    ids=["malformed", "invalid", "of another media type"],
)
def test_a_request_that_is_wrong_otherwise_may_be_refused_for_that(
    contract: Contract, check: str, body: object, fields: Headers
) -> None:
    request = post(body, fields)
    assert outcome(contract, check, Exchange(request, answer({"detail": "No"}, 422))) == "passes"
    assert outcome(contract, check, Exchange(request, answer({}))) == "fails"


@pytest.mark.parametrize("check", ["ignored_auth", "authorization_required"])
def test_a_documented_404_may_hide_what_wrong_credentials_must_not_know_of(contract: Contract, check: str) -> None:
    hidden = replace(read(), response=answer({"detail": "Not Found"}, 404))
    hidden = replace(hidden, request=replace(hidden.request, headers=Headers([(AUTHORIZATION, "Bearer wrong")])))
    assert outcome(contract, check, hidden) == "passes"


SECURED = """\
openapi: 3.1.0
info: {title: A, version: 1.0.0}
%s
paths:
  /a: {post: {responses: {'200': {description: Fine.}, %s}}}
components: {securitySchemes: {Bearer: {type: http, scheme: bearer}, Basic: {type: http, scheme: basic}}}
"""
ACCEPTANCE, HOLES, STATUS = (
    "documented_request_accepted",
    {"ignored_auth", "authorization_required"},
    "status_code_conformance",
)
FREE = ["", "security: []", "security: [{}]", "security: [{}, {Bearer: []}]"]
NEEDED = ["security: [{Bearer: []}]", "security: [{Bearer: []}, {Basic: []}]"]
REFUSED = ["'401': {description: No.}", "4XX: {description: No.}", "default: {description: No.}"]


def failed(folder: Path, security: str, documented: str, credentials: str | None, status: int) -> dict[str, str | None]:
    """The checks that fail of an exchange at an operation with a security and a response, with their standings."""
    contract = write_contract(folder, SECURED % (security, documented))
    request = Request("POST", "/a", Headers([(AUTHORIZATION, credentials)] if credentials else []))
    challenge = Headers([*JSON, ("WWW-Authenticate", "Bearer")])
    return standings(contract, Exchange(request, answer({"detail": "No"}, status, challenge)))


@pytest.mark.parametrize("documented", REFUSED)
@pytest.mark.parametrize("security", NEEDED)
@pytest.mark.parametrize("credentials", [None, "Bearer wrong"])
def test_a_401_that_is_documented_in_whichever_way_is_right_for_wrong_credentials(
    tmp_path: Path, security: str, documented: str, credentials: str | None
) -> None:
    assert failed(tmp_path, security, documented, credentials, 401) == {}
    assert failed(tmp_path, security, documented, credentials, 200).keys() == HOLES
    assert failed(tmp_path, security, documented, "Bearer {token}", 401) == {ACCEPTANCE: "documented"}


def test_a_401_for_wrong_credentials_may_be_missing_in_the_spec(tmp_path: Path) -> None:
    assert failed(tmp_path, NEEDED[0], "x-none: {}", "Bearer wrong", 401) == {STATUS: "advice"}


@pytest.mark.parametrize("security", FREE)
def test_where_no_credentials_are_needed_none_are_asked_for(tmp_path: Path, security: str) -> None:
    assert failed(tmp_path, security, REFUSED[0], None, 200) == {}
    assert failed(tmp_path, security, REFUSED[0], "Bearer wrong", 200) == {}
    assert failed(tmp_path, security, REFUSED[0], None, 401) == {ACCEPTANCE: "documented"}


def test_wrong_credentials_may_be_refused_that_the_request_could_do_without(tmp_path: Path) -> None:
    assert failed(tmp_path, FREE[-1], REFUSED[0], "Bearer wrong", 401) == {}
    assert failed(tmp_path, FREE[-1], "x-none: {}", "Bearer wrong", 401) == {STATUS: "advice"}
    assert failed(tmp_path, FREE[-1], REFUSED[0], "Bearer {token}", 401) == {ACCEPTANCE: "documented"}
    assert failed(tmp_path, NEEDED[-1], REFUSED[0], "Basic {token}", 401) == {ACCEPTANCE: "documented"}


@pytest.mark.parametrize(
    ("exchange", "expected"),
    [
        (with_allow("DELETE", "POST"), "passes"),
        (with_allow("DELETE", None), "fails"),
        (with_allow("DELETE", ""), "fails"),
        (with_allow("DELETE", "POST", 200), "fails"),
        (with_allow("DELETE", None, 404), "passes"),
        (with_allow("DELETE", None, 401), "passes"),
        (with_allow("DELETE", None, 403), "passes"),
        (with_allow("DELETE", None, 501), "passes"),
        (with_allow("DELETE", None, 500), "fails"),
        (with_allow("DELETE", None, 429), "is not made"),
        (with_allow("OPTIONS", None, 200), "is not made"),
        (with_allow("POST", None, 405), "is not made"),
    ],
)
def test_unsupported_method(contract: Contract, exchange: Exchange, expected: str) -> None:
    assert outcome(contract, "unsupported_method", exchange) == expected


@pytest.mark.parametrize(("status", "standing"), [(415, "advice"), (200, "inferred"), (302, "inferred")])
def test_that_another_refusal_of_a_method_is_not_enough_is_advice(
    contract: Contract, status: int, standing: str
) -> None:
    assert standings(contract, with_allow("DELETE", None, status))["unsupported_method"] == standing


@pytest.mark.parametrize(("allow", "standing"), [("GET", "advice"), ("GET, PUT", "inferred"), ("PUT", "inferred")])
def test_that_allow_lacks_methods_is_advice(allow: str, standing: str) -> None:
    fields = Headers([("Allow", allow)])
    exchange = Exchange(Request("OPTIONS", "/things", AUTHORIZED), answer({}, 405, fields))
    assert standings(zoo_contract_of("things"), exchange)["allow_header_conformance"] == standing


@pytest.mark.parametrize(
    ("exchange", "expected"),
    [
        (with_allow("OPTIONS", "POST"), "passes"),
        (with_allow("OPTIONS", "post, OPTIONS,HEAD", 200), "passes"),
        (with_allow("OPTIONS", "GET, POST"), "fails"),
        (with_allow("OPTIONS", "GET"), "fails"),
        (with_allow("OPTIONS", None), "is not made"),
        (with_allow("OPTIONS", ""), "is not made"),
        (with_allow("DELETE", "GET"), "is not made"),
    ],
)
def test_allow_header_conformance(contract: Contract, exchange: Exchange, expected: str) -> None:
    assert outcome(contract, "allow_header_conformance", exchange) == expected


def standings(contract: Contract, *exchanges: Exchange) -> dict[str, str | None]:
    """The standing of each check's failures, None for that of the statement that is broken."""
    return {failure.check: failure.standing for failure in failures(contract, *exchanges)}


def refused(body: Json, status: int = 422) -> Exchange:
    return Exchange(post(body), answer({"detail": []}, status))


@pytest.mark.parametrize(
    ("fields", "standing"),
    [
        ({}, "inferred"),
        ({"agent_id": None, "agent_config": None}, "inferred"),
        ({"agent_id": "a"}, "documented"),
        ({"agent_config": {}}, "documented"),
        ({"agent_id": "a", "agent_config": {}}, "documented"),
    ],
)
def test_that_a_call_needs_no_agent_is_our_reading_alone(
    contract: Contract, fields: dict[str, object], standing: str
) -> None:
    assert standings(contract, refused(CALL | fields)) == {"documented_request_accepted": standing}


def test_a_refusal_for_several_reasons_has_the_standing_of_the_surest(contract: Contract) -> None:
    result = result_of(contract, refused(CALL), refused(CALL | {"agent_id": "a"}), target=ELSEWHERE)
    assert [(finding.standing, finding.count) for finding in result.findings] == [("documented", 2)]


@pytest.mark.parametrize(
    ("agent", "standing"),
    [
        ({"max_duration_seconds": 300.0}, "advice"),
        ({"language_model": {"provider": "openai", "max_tokens": 3e2}}, "advice"),
        ({"voice": {"provider": "azure", "pitch": 2.0}}, "advice"),
        ({"max_duration_seconds": 300, "voice": {"provider": "rime", "speed_alpha": 1.0}}, "documented"),
        ({"language_model": {"provider": "openai", "temperature": 1.0}}, "documented"),
    ],
)
def test_a_server_may_refuse_an_integer_that_is_spelled_otherwise(
    contract: Contract, agent: dict[str, object], standing: str
) -> None:
    found = standings(contract, refused(CALL | {"agent_config": agent}))
    assert found == {"documented_request_accepted": standing}


@pytest.mark.parametrize("large", [2**53, -(2**53)])
def test_a_server_may_refuse_an_integer_that_readers_differ_on(contract: Contract, large: int) -> None:
    with_large = CALL | {"agent_config": {"max_duration_seconds": large}}
    assert standings(contract, refused(with_large)) == {"documented_request_accepted": "advice"}
    with_largest = CALL | {"agent_config": {"max_duration_seconds": large - (1 if large > 0 else -1)}}
    assert standings(contract, refused(with_largest)) == {"documented_request_accepted": "documented"}


@pytest.mark.parametrize("large", [2**53, -(2**53)])
@pytest.mark.parametrize("others", [CALL, {}], ids=["valid", "invalid for another reason"])
def test_it_may_do_so_with_a_status_of_its_own(contract: Contract, large: int, others: dict[str, object]) -> None:
    body = {**others, "agent_config": {"max_duration_seconds": large}}
    assert standings(contract, refused(body, 400))["status_code_conformance"] == "advice"
    body["agent_config"] = {"max_duration_seconds": large - (1 if large > 0 else -1)}
    assert standings(contract, refused(body, 400))["status_code_conformance"] == "inferred"


@pytest.mark.parametrize("body", [b'{"x": 1e999}', b'{"x": "\\ud800"}', b'{"x": 1, "x": 2}', b"[" * 101 + b"]" * 101])
def test_so_it_may_with_json_that_readers_may_refuse(contract: Contract, body: bytes) -> None:
    assert standings(contract, refused(body, 400)) == {"status_code_conformance": "advice"}


@pytest.mark.parametrize(
    ("request_", "status", "standing"),
    [
        (post(b"{"), 400, "advice"),
        (post({}), 400, "inferred"),
        (post(b"{"), 409, "inferred"),
        (with_media_type("text/plain"), 415, "advice"),
        (with_media_type("text/plain"), 400, "inferred"),
        (post(), 415, "inferred"),
    ],
)
def test_http_has_statuses_for_bodies_that_nobody_reads(
    contract: Contract, request_: Request, status: int, standing: str
) -> None:
    found = standings(contract, Exchange(request_, answer({"detail": []}, status)))
    assert found["status_code_conformance"] == standing


@pytest.mark.parametrize("status", [299, 302, 501])
def test_no_other_status_is_due_to_such_json(contract: Contract, status: int) -> None:
    with_large = CALL | {"agent_config": {"max_duration_seconds": 2**53}}
    assert standings(contract, refused(with_large, status))["status_code_conformance"] == "inferred"


@pytest.mark.parametrize(
    ("body", "standing"),
    [
        (b'{"from_number": "a", "to_number": "b", "x": NaN}', "inferred"),
        (b'{"from_number": "a", "to_number": "b", "agent_config": {"x": [-Infinity]}}', "inferred"),
        (b'{"from_number": "a", "to_number": "b", "x": "\xff"}', "inferred"),
        (b'{"from_number": "a", "to_number": "b", "x": "\x01"}', "inferred"),
        (b'{"from_number": "a", "to_number": NaN}', None),
        (b'{"from_number": "a", "to_number": "\xff"}', None),
        (b'{"from_number": "a", "to_number": "\xff", "x": NaN}', None),
        (b'{"from_number": "a", "to_number": "b", "agent_config": {"max_duration_seconds": NaN}}', None),
        (b'{"from_number": "a", "to_number": "b",}', None),
        (b"NaN", None),
    ],
)
def test_what_is_no_json_in_an_undocumented_field_is_our_reading_alone(
    contract: Contract, body: bytes, standing: str | None
) -> None:
    taken = Exchange(post(body), answer({}, 204))
    assert standings(contract, taken)["malformed_json_refused"] == standing


@pytest.mark.parametrize(
    ("keys", "standing"),
    [
        ([("X-One", "{token}")], "documented"),
        ([("X-Two", "{token}")], "documented"),
        ([("X-One", "{token}"), ("X-Two", "wrong")], "documented"),
        ([("X-One", "{token}"), ("X-Two", "{token}"), ("X-Two", "wrong")], "advice"),
    ],
)
def test_of_two_keys_that_are_needed_together_one_is_not_enough(
    tmp_path: Path, keys: list[tuple[str, str]], standing: str
) -> None:
    text = SECURED % ("security: [{One: [], Two: []}]", REFUSED[0])
    keyed = ", ".join(f"{name}: {{type: apiKey, in: header, name: X-{name}}}" for name in ("One", "Two"))
    contract = write_contract(tmp_path, text.replace("securitySchemes: {", f"securitySchemes: {{{keyed}, "))
    (finding,) = result_of(
        contract, Exchange(Request("POST", "/a", Headers(keys)), answer({})), target=ELSEWHERE
    ).findings
    assert finding.standing == standing
