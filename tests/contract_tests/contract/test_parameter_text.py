"""Parameters are written as OpenAPI's table of styles has them, and are read back as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.contract.parameter_text import Sent, can_be_written, cookie_text, decode, encode, write
from contract_tests.contract.parameter_values import ParameterReader
from contract_tests.exchange.scalars import read_scalar
from tests.support.exchanges import write_contract
from tests.support.tiers import share_out

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from spec.json_value import Json

COLORS: Final = ["blue", "black", "brown"]
POINT: Final = {"r": 100, "g": 200}
STYLES: Final = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form",),
}
SCHEMAS: Final = {
    "text": "{type: string}",
    "list": "{type: array, items: {type: [integer, string]}}",
    "point": "{type: object, properties: {r: {type: integer}, g: {type: integer}}}",
}
HEAD: Final = "openapi: 3.1.0\ninfo: {title: Styles, version: 1.0.0}\npaths:\n"


def _operation(number: int, location: str, style: str, explode: str, kind: str) -> str:
    path = f"/{number}/{{p}}" if location == "path" else f"/{number}"
    required = "required: true, " if location == "path" else ""
    parameter = f"{{name: p, in: {location}, {required}style: {style}, explode: {explode}, schema: {SCHEMAS[kind]}}}"
    return f"  {path}:\n    get:\n      parameters: [{parameter}]\n      responses: {{'200': {{description: Fine.}}}}\n"


CASES: Final = [
    (location, style, explode, kind)
    for location, styles in STYLES.items()
    for style in styles
    for explode in ("true", "false")
    for kind in SCHEMAS
]


@pytest.fixture(scope="module")
def styles(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    paths = (_operation(number, *case) for number, case in enumerate(CASES))
    return write_contract(tmp_path_factory.mktemp("spec"), HEAD + "".join(paths))


def operation_of(styles: Contract, *case: str) -> Operation:
    return styles.operations[CASES.index(case)]  # type: ignore[arg-type] # a case has four texts


def written(operation: Operation, value: Json) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The end of the target, and the header fields."""
    (parameter,) = operation.parameters
    made = write(operation.path, operation.parameters, {parameter.location: {"p": value}})
    cookies = (("Cookie", cookie_text(made.cookies)),) if made.cookies else ()
    return made.target.split("/", 2)[-1].partition("?")[2] or made.target.split("/", 2)[-1], (*made.fields, *cookies)


@pytest.mark.parametrize(
    ("case", "value", "text"),
    [
        (("path", "simple", "false", "list"), COLORS, "blue,black,brown"),
        (("path", "simple", "false", "point"), POINT, "r,100,g,200"),
        (("path", "simple", "true", "point"), POINT, "r=100,g=200"),
        (("path", "label", "false", "list"), COLORS, ".blue,black,brown"),
        (("path", "label", "true", "list"), COLORS, ".blue.black.brown"),
        (("path", "label", "true", "point"), POINT, ".r=100.g=200"),
        (("path", "matrix", "false", "text"), "blue", ";p=blue"),
        (("path", "matrix", "false", "list"), COLORS, ";p=blue,black,brown"),
        (("path", "matrix", "true", "list"), COLORS, ";p=blue;p=black;p=brown"),
        (("path", "matrix", "false", "point"), POINT, ";p=r,100,g,200"),
        (("path", "matrix", "true", "point"), POINT, ";r=100;g=200"),
        (("query", "form", "true", "list"), COLORS, "p=blue&p=black&p=brown"),
        (("query", "form", "false", "list"), COLORS, "p=blue,black,brown"),
        (("query", "form", "true", "point"), POINT, "r=100&g=200"),
        (("query", "form", "false", "point"), POINT, "p=r,100,g,200"),
        (("query", "spaceDelimited", "false", "list"), COLORS, "p=blue%20black%20brown"),
        (("query", "pipeDelimited", "false", "list"), COLORS, "p=blue%7Cblack%7Cbrown"),
        (("query", "deepObject", "true", "point"), POINT, "p%5Br%5D=100&p%5Bg%5D=200"),
    ],
)
def test_targets_are_those_of_openapis_table(styles: Contract, case: tuple[str, ...], value: Json, text: str) -> None:
    assert written(operation_of(styles, *case), value)[0] == text


@pytest.mark.parametrize(
    ("case", "value", "field"),
    [
        (("header", "simple", "false", "list"), COLORS, ("p", "blue,black,brown")),
        (("header", "simple", "true", "point"), POINT, ("p", "r=100,g=200")),
        (("cookie", "form", "false", "list"), COLORS, ("Cookie", "p=blue,black,brown")),
        (("cookie", "form", "true", "text"), "blue", ("Cookie", "p=blue")),
    ],
)
def test_fields_are_those_of_openapis_table(
    styles: Contract, case: tuple[str, ...], value: Json, field: tuple[str, str]
) -> None:
    assert written(operation_of(styles, *case), value)[1] == (field,)


WORDS: Final = st.text(max_size=9).filter(lambda text: not text.lstrip("-").isdecimal())
VALUES: Final[dict[str, st.SearchStrategy[Any]]] = {
    "text": st.text(max_size=20),
    "list": st.lists(
        st.integers() | st.text(max_size=9).filter(lambda text: not text.lstrip("-").isdecimal()), max_size=4
    ),
    "point": st.fixed_dictionaries({}, optional={"r": st.integers(-(2**53), 2**53), "g": st.integers(-9, 9)}),
}


@pytest.mark.parametrize("case", share_out(CASES, default=18, slow=len(CASES) - 18), ids="-".join)
@given(data=st.data())
def test_what_can_be_written_is_read_as_it_was(styles: Contract, case: tuple[str, ...], data: st.DataObject) -> None:
    value = data.draw(VALUES[case[3]])
    operation = operation_of(styles, *case)
    (parameter,) = operation.parameters
    if not can_be_written(parameter, value):
        return
    made = write(operation.path, operation.parameters, {parameter.location: {"p": value}})
    path, _, query = made.target.partition("?")
    cookies = (("Cookie", cookie_text(made.cookies)),) if made.cookies else ()
    found = ParameterReader(styles, read_scalar).read(operation, Sent(path, query, (*made.fields, *cookies)))
    assert (found.values, found.unreadable) == ({parameter.location: {"p": value}}, ())


TEXTS = st.text(st.sampled_from("aZ5_.~-+%/ &=é€🤖\x00\n"))


@given(TEXTS, st.sampled_from([1, 5_000]))
def test_a_text_is_encoded_as_the_standard_library_does_and_read_back(text: str, times: int) -> None:
    long = text * times
    assert encode(long) == quote(long, safe="")
    assert decode(encode(long)) == long


@given(st.lists(st.sampled_from(["%", "%c3", "%A9", "a", "+", "%zz", "%F0%9F%A4%96", "%e2", "%25"])).map("".join))
def test_an_encoded_text_is_read_as_the_standard_library_does(text: str) -> None:
    assert _decoded(text) == _parsed(text)


def _decoded(text: str) -> str | None:
    try:
        return decode(text)
    except UnicodeDecodeError:
        return None


def _parsed(text: str) -> str | None:
    try:
        return parse_qsl(f"field={text}", keep_blank_values=True, errors="strict")[0][1]
    except UnicodeDecodeError:
        return None


MAYBE: Final = """\
  /maybe:
    get:
      parameters:
        - {name: kind, in: query, schema: {anyOf: [{enum: [a, b]}, {type: 'null'}]}}
        - {name: size, in: query, schema: {type: [integer, 'null']}}
        - {name: text, in: query, schema: {type: [string, 'null']}}
      responses: {'200': {description: Fine.}}
"""


@pytest.mark.parametrize(
    ("query", "values", "unreadable"),
    [
        ("kind=null", {}, ["kind"]),
        ("kind=", {}, ["kind"]),
        ("kind=a", {"kind": "a"}, []),
        ("kind=c", {"kind": "c"}, []),
        ("size=null", {}, ["size"]),
        ("size=7", {"size": 7}, []),
        ("text=null", {"text": "null"}, []),
    ],
)
def test_no_text_is_null_for_sure(tmp_path: Path, query: str, values: dict[str, Json], unreadable: list[str]) -> None:
    contract = write_contract(tmp_path, HEAD + MAYBE)
    found = ParameterReader(contract, read_scalar).read(contract.operations[0], Sent("/maybe", query, []))
    assert (found.values["query"], [each.name for each in found.unreadable]) == (values, unreadable)
