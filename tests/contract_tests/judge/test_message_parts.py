"""How often exchanges try and keep each statement about parameters and bodies of further media types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from contract_tests.contract.contract import read_contract
from contract_tests.contract.statements import ABSENT, Key
from contract_tests.exchange.exchange import Exchange, Request, Response
from contract_tests.exchange.headers import CONTENT_TYPE, Headers
from contract_tests.judge.annotation import Told, annotate
from contract_tests.judge.judge import judge
from contract_tests.judge.tallies import tally
from tests.support.exchanges import AUTHORIZED, answer, write_contract
from tests.support.results import result_of
from tests.support.zoo_runs import ZOO

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.result.coverage import AnnotatedOperation, Statement

PUT: Final = "/paths/~1things~1{id}/put"
WITH_CSV: Final = (ZOO / "text.yaml").read_text().replace("content: {app", "content: {text/csv: {}, app")
DONE: Final[dict[str, Any]] = {"done": True}


def put(target: str, status: int = 200) -> Exchange:
    request = Request("PUT", target, AUTHORIZED, b'{"name": "a"}', "http://server")
    return Exchange(request, answer(DONE, status), may_have_rung=True)


def post(media_type: str, content: bytes, status: int = 200) -> Exchange:
    headers = Headers([*AUTHORIZED[:1], (CONTENT_TYPE, media_type)])
    return Exchange(Request("POST", "/things", headers, content, "http://server"), answer(DONE, status))


def contract_of(name: str) -> Contract:
    return read_contract(ZOO / f"{name}.yaml")


def annotated(contract: Contract, *exchanges: Exchange, gaps: dict[Key, str] | None = None) -> AnnotatedOperation:
    tallies = tally(contract, judge(contract, exchanges))
    findings = result_of(contract, *exchanges).findings
    (operation,) = annotate(contract, Told(tallies.statements, tallies.checks(), findings, gaps or {}))
    return operation


def statements(operation: AnnotatedOperation, body: str) -> dict[tuple[str, str, str], Statement]:
    """The statements about a body, by the part, the kind and the words."""
    (found,) = (each for each in operation.bodies if each.name == body)
    return {(part.name, each.kind, each.words): each for part in found.parts for each in part.statements}


def counts(found: Statement) -> tuple[int, int, int]:
    return found.tried, found.kept, found.violated


def test_parameters_stand_by_location_before_the_body() -> None:
    operation = annotated(contract_of("body_and_parameters"), put("/things/1"))
    assert [body.name for body in operation.bodies] == ["parameters", "request", "200"]
    parts = [(part.depth, part.name) for part in operation.bodies[0].parts]
    assert parts == [(0, "parameters"), (1, "path"), (2, "id"), (1, "query"), (2, "dry")]


def test_a_valid_request_tries_the_parameters_that_it_has_and_those_that_it_leaves_out() -> None:
    found = statements(annotated(contract_of("body_and_parameters"), put("/things/1"), put("/things/2")), "parameters")
    assert {key: counts(each) for key, each in found.items()} == {
        ("id", "required", "id"): (2, 2, 0),
        ("id", "type", "integer"): (2, 2, 0),
        ("id", "bound", "minimum 1"): (1, 1, 0),
        ("dry", "optional", "dry"): (2, 2, 0),
        ("dry", "type", "boolean"): (0, 0, 0),
    }
    assert found["dry", "type", "boolean"].gap == "no request had it"


def test_a_wrong_parameter_tries_its_own_statement_alone() -> None:
    found = statements(annotated(contract_of("body_and_parameters"), put("/things/0", 422)), "parameters")
    tried = {key: counts(each) for key, each in found.items() if each.tried}
    assert tried == {("id", "bound", "minimum 1"): (1, 1, 0)}


def test_a_wrong_parameter_that_is_accepted_names_its_finding() -> None:
    operation = annotated(contract_of("body_and_parameters"), put("/things/0"))
    found = statements(operation, "parameters")["id", "bound", "minimum 1"]
    assert (counts(found), found.findings) == ((1, 0, 1), (1,))


def test_a_required_parameter_that_may_be_left_out_names_its_finding() -> None:
    request = Request("GET", "/things", Headers([]), b"", "http://server")
    operation = annotated(contract_of("query_styles"), Exchange(request, answer(DONE)))
    found = statements(operation, "parameters")["deep", "required", "deep"]
    assert (counts(found), found.findings, found.pointer) == (
        (1, 0, 1),
        (1,),
        "/paths/~1things/get/parameters/4/required",
    )


def test_a_parameter_stands_on_its_own_line() -> None:
    contract = contract_of("body_and_parameters")
    found = statements(annotated(contract, put("/things/1")), "parameters")
    assert found["id", "required", "id"].location.endswith("body_and_parameters.yaml:8")
    assert found["dry", "optional", "dry"].location.endswith("body_and_parameters.yaml:9")


def test_a_parameter_that_was_withheld_tells_why() -> None:
    contract = contract_of("body_and_parameters")
    gaps = {Key(f"{PUT}/x-parameters-as-one/properties/query/properties/dry", ABSENT): "withheld: so"}
    request = put("/things/1?dry=true")
    found = statements(annotated(contract, request, gaps=gaps), "parameters")["dry", "optional", "dry"]
    assert (found.tried, found.gap) == (0, "withheld: so")


def test_each_media_type_has_a_body_of_its_own() -> None:
    operation = annotated(contract_of("several_media_types"), post("text/csv", b"a,b"))
    assert [body.name for body in operation.bodies] == [
        "request",
        "request application/merge-patch+json",
        "request application/x-www-form-urlencoded",
        "request multipart/form-data",
        "request text/csv",
        "200",
    ]


def test_a_body_counts_for_its_media_type_alone() -> None:
    contract = contract_of("several_media_types")
    form, patch = (
        post("application/x-www-form-urlencoded", b"c=1"),
        post("application/merge-patch+json", b'{"b": true}'),
    )
    operation = annotated(contract, form, patch)
    tried = {body.name for body in operation.bodies for part in body.parts for each in part.statements if each.tried}
    assert tried == {"request application/x-www-form-urlencoded", "request application/merge-patch+json", "200"}
    found = statements(operation, "request application/x-www-form-urlencoded")
    name = "request application/x-www-form-urlencoded"
    assert counts(found[name, "media type", "application/x-www-form-urlencoded"]) == (1, 1, 0)
    assert counts(found["c", "required", "c"]) == (1, 1, 0)


def test_a_wrong_form_that_is_accepted_violates_the_statement_of_the_form() -> None:
    operation = annotated(contract_of("several_media_types"), post("application/x-www-form-urlencoded", b"c=a"))
    found = statements(operation, "request application/x-www-form-urlencoded")["c", "type", "integer"]
    assert (counts(found), found.findings) == ((1, 0, 1), (1,))


def test_xml_counts_as_a_media_type_for_nothing_else_is_known_of_it() -> None:
    contract = contract_of("xml")
    operation = annotated(contract, gaps={Key(contract.operations[0].contents[0].pointer): "the spec has no example"})
    (found,) = statements(operation, "request").values()
    assert (found.kind, found.words, found.gap) == ("media type", "application/xml", "the spec has no example")


def test_a_response_that_is_no_json_counts_as_its_media_type(tmp_path: Path) -> None:
    contract = write_contract(tmp_path, WITH_CSV)
    as_csv = Response(200, Headers([(CONTENT_TYPE, "text/csv")]), b"a,b")
    operation = annotated(contract, Exchange(post("text/plain", b"ABC").request, as_csv))
    found = statements(operation, "200 text/csv")["200 text/csv", "media type", "text/csv"]
    assert counts(found) == (1, 1, 0)
    assert {each.gap for each in statements(operation, "200").values()} == {"no response with the status 200 came"}


def test_a_response_of_a_media_type_that_never_came_says_so(tmp_path: Path) -> None:
    operation = annotated(write_contract(tmp_path, WITH_CSV), post("text/plain", b"ABC"))
    (found,) = statements(operation, "200 text/csv").values()
    assert found.gap == "no response with the status 200 as text/csv came"
