"""Multipart responses: parts are judged where all have names, and said to be not judged where they have none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from contract_tests.contract.multipart import Part, content_type_of, write_multipart
from contract_tests.exchange.exchange import Exchange, Request, Response
from contract_tests.exchange.headers import CONTENT_TYPE, Headers
from contract_tests.judge.annotation import Told, annotate
from contract_tests.judge.judge import judge
from contract_tests.judge.tallies import tally
from tests.support.exchanges import write_contract
from tests.support.zoo_runs import contract_of

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.judge.judge import Judged

MIXED: Final = "multipart/mixed"
GOOD: Final = write_multipart([Part("summary", b'{"pages": 2}', "application/json")])
BAD: Final = write_multipart([Part("summary", b'{"pages": 0}', "application/json")])
EMPTY: Final = write_multipart([Part("picture", b"x", "image/png", "a.png")])
UNNAMED: Final = GOOD.replace(b'Content-Disposition: form-data; name="summary"\r\n', b"")
ATTACHED: Final = GOOD.replace(b"form-data;", b"attachment;")
NESTED: Final = GOOD.replace(b"application/json", b"multipart/mixed; boundary=b").replace(
    b'{"pages": 2}', b"--b\r\n\r\nx\r\n--b--"
)
REPORT: Final = "/reports/1"
FORM: Final = "/forms/1"


def exchange(path: str, media_type: str, body: bytes) -> Exchange:
    answer = Response(200, Headers([(CONTENT_TYPE, content_type_of(media_type))]), body)
    return Exchange(Request("GET", path, Headers([])), answer, id="1")


def judged(path: str, media_type: str, body: bytes) -> Judged:
    (found,) = judge(contract_of("multipart_responses"), [exchange(path, media_type, body)])
    return found


def check_of(found: Judged) -> str:
    """The outcome of the check of the body's schema."""
    name = "response_schema_conformance"
    if name in found.passed:
        return "kept"
    return "broken" if name in {each.check for each in found.failures} else "not judged"


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (GOOD, "kept"),
        (BAD, "broken"),
        (EMPTY, "broken"),
        (UNNAMED, "not judged"),
        (ATTACHED, "not judged"),
        (NESTED, "not judged"),
        (GOOD[:-2], "kept"),
        (GOOD[:-4], "broken"),
        (b"", "broken"),
        (b"nothing", "broken"),
    ],
)
def test_named_parts_of_a_mixed_body_are_judged_like_those_of_a_form(body: bytes, outcome: str) -> None:
    assert check_of(judged(REPORT, MIXED, body)) == outcome


@pytest.mark.parametrize(("body", "outcome"), [(GOOD, "kept"), (BAD, "broken"), (UNNAMED, "broken")])
def test_a_form_must_have_names(body: bytes, outcome: str) -> None:
    assert check_of(judged(FORM, "multipart/form-data", body)) == outcome


def test_a_broken_part_points_to_its_statement() -> None:
    (failure,) = judged(REPORT, MIXED, BAD).failures
    assert failure.pointer == "/components/schemas/Report/properties/summary/properties/pages/minimum"


def test_a_stream_without_an_end_is_not_judged(tmp_path: Path) -> None:
    stream = "multipart/x-mixed-replace"
    text = contract_of("multipart_responses").spec.text.replace("multipart/mixed", stream)
    contract = write_contract(tmp_path, text)
    (found,) = judge(contract, [exchange(REPORT, stream, UNNAMED.partition(b"--\r\n")[0])])
    assert (check_of(found), found.failures) == ("not judged", ())


def gap_of(body: bytes) -> str | None:
    """The reason why the parts of a report were not judged."""
    contract = contract_of("multipart_responses")
    tallies = tally(contract, judge(contract, [exchange(REPORT, MIXED, body)]))
    (report, *_) = annotate(contract, Told(tallies.statements, tallies.checks(), (), {}))
    (found,) = (each for each in report.bodies if each.name == f"200 {MIXED}")
    return found.parts[0].statements[1].gap


def test_parts_without_names_are_said_to_be_not_judged() -> None:
    words = "not judged: in no response, all parts had names (`Content-Disposition: form-data; name=…`)"
    assert gap_of(UNNAMED) == words
    assert gap_of(GOOD) is None
    assert gap_of(BAD) is None
