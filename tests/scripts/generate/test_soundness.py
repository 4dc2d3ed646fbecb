"""An unsafe or invalid spec is refused, with its line, before any generator sees it."""

from __future__ import annotations

from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from scripts.generate.soundness import find_mistakes, find_unsafe
from scripts.redocly.answer import call
from scripts.redocly.node import RedoclyError
from spec.reader import parse_spec
from tests.support.minimal import MINIMAL
from tests.support.repositories import THINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH = Path("spec", "openapi.yaml")
BACK = "{else: {$ref: '#/components/schemas/Colour'}}"
CODE = "{name: a, in: query, schema: {type: string, x-python-type: os.system}}"
UNSAFE = {
    "no OpenAPI 3.1": (MINIMAL.replace("3.1.0", "3.0.3"), ":1:1: is not an OpenAPI 3.1 document"),
    "a reference to nothing": (MINIMAL.replace("schemas/Colour'", "schemas/Color'"), ":21:11: $ref "),
    "a reference to itself": (
        MINIMAL.replace("type: string\n      enum: [red, green]", "$ref: '#/components/schemas/Colour'"),
        ":23:7: $ref '#/components/schemas/Colour' leads in a circle",
    ),
    **{
        f"a schema that applies itself, through {name}": (
            MINIMAL.replace("type: string\n      enum: [red, green]", text),
            f":23:{column}: $ref '#/components/schemas/{target}' leads in a circle",
        )
        for name, text, column, target in (
            ("allOf", "allOf: [{type: string}, {$ref: '#/components/schemas/Colour'}]", 32, "Colour"),
            ("oneOf", "oneOf: [{type: string}, {$ref: '#/components/schemas/Colour'}]", 32, "Colour"),
            ("a negation in a condition", "if: {not: {$ref: '#/components/schemas/Colour'}}", 18, "Colour"),
            ("dependentSchemas", "dependentSchemas: {a: {$ref: '#/components/schemas/Colour'}}", 30, "Colour"),
            ("another schema", f"anyOf: [{{$ref: '#/components/schemas/Paint'}}]\n    Paint: {BACK}", 16, "Paint"),
        )
    },
    "a parameter that refers to nothing": (
        MINIMAL.replace(
            "      responses:", "      parameters: [{$ref: '#/components/parameters/A'}]\n      responses:"
        ),
        ":13:21: $ref '#/components/parameters/A' leads nowhere",
    ),
    "code in a parameter's schema": (
        MINIMAL.replace("      responses:", f"      parameters: [{CODE}]\n      responses:"),
        ":13:64: x-python-type is refused: it writes code of the spec's choice",
    ),
    "two circles": (
        MINIMAL.replace(
            "type: string\n      enum: [red, green]",
            "anyOf:\n        - $ref: '#/components/schemas/Colour'\n        - $ref: '#/components/schemas/Colour'",
        ),
        ":25:11: $ref '#/components/schemas/Colour' leads in a circle",
    ),
    "a reference to a host": (
        MINIMAL.replace("#/components/schemas/Colour", "http://127.0.0.1/colour.yaml"),
        ":21:11: $ref 'http://127.0.0.1/colour.yaml' is refused: it leads to another host",
    ),
    "a reference out of the folder": (
        MINIMAL.replace("#/components/schemas/Colour", "../../secret.yaml"),
        ":21:11: $ref '../../secret.yaml' is refused: it leads out of ",
    ),
    "a reference to a file": (
        MINIMAL.replace("#/components/schemas/Colour", "colour.yaml"),
        ":21:11: $ref 'colour.yaml' is refused: it leads into another file",
    ),
    "a reference that is none": (
        MINIMAL.replace("#/components/schemas/Colour", "http://[::1"),
        ":21:11: 'http://[::1' is refused: it is no reference",
    ),
    "a reference to a host in a default response": (
        MINIMAL.replace("'204': {description: Made.}", "default: {$ref: 'http://127.0.0.1/r'}"),
        ":14:19: $ref 'http://127.0.0.1/r' is refused: it leads to another host",
    ),
    **{
        keyword: (
            MINIMAL.replace("enum: [red, green]", f"enum: [red, green]\n      {keyword}: os.system"),
            f":25:7: {keyword} is refused: it writes code of the spec's choice",
        )
        for keyword in ("x-python-import", "x-python-type", "customTypePath", "customBasePath", "default_factory")
    },
}
INVALID = {
    "an unknown type": (MINIMAL.replace("type: string", "type: strin"), ":23:7: "),
    "an invalid document": (MINIMAL.replace("{description: Made.}", "3"), ':14:9: 3 is not of type "object"'),
    "two names that are one to Python": (
        MINIMAL.replace("        colour:", "        fi: {type: string}\n        ﬁ: {type: string}\n        colour:"),
        ": 'ﬁ' is refused: to Python it is the same name as 'fi'",
    ),
    "a security scheme that nobody defined": (
        MINIMAL.replace("      responses:", "      security: [{}, {login: []}]\n      responses:"),
        ":13:23: 'login' is not defined: write it below components/securitySchemes",
    ),
    "an enumeration of nothing": (MINIMAL.replace("[red, green]", "null"), ':24:7: null is not of type "array"'),
    "an enumeration that is a number": (MINIMAL.replace("[red, green]", "3"), ':24:7: 3 is not of type "array"'),
    "a parameter's schema of an unknown type": (
        MINIMAL.replace(
            "      responses:", "      parameters: [{name: a, in: query, schema: {type: a}}]\n      responses:"
        ),
        ':13:50: "a" is not valid under any of the schemas',
    ),
    "a discriminator without a property": (
        MINIMAL.replace("enum: [red, green]", "discriminator: {propertyName: {}}"),
        ':24:23: {} is not of type "string"',
    ),
    "a parameter that is a schema": (
        MINIMAL.replace(
            "      responses:", "      parameters: [{$ref: '#/components/schemas/Colour'}]\n      responses:"
        ),
        ":13:21: $ref '#/components/schemas/Colour' leads to no parameter",
    ),
    "a response that is a schema": (
        MINIMAL.replace("{description: Made.}", "{$ref: '#/components/schemas/Colour'}"),
        ":14:17: $ref '#/components/schemas/Colour' leads to no response",
    ),
    "a schema that is a text": (
        MINIMAL.replace("schemas/Colour'", "schemas/Colour/type'"),
        ":21:11: $ref '#/components/schemas/Colour/type' leads to no schema",
    ),
    "a pattern that is none": (
        MINIMAL.replace("enum: [red, green]", "pattern: '('"),
        ":24:7: is not a pattern that validators can read",
    ),
}


OTHER = """\
  /others:
    get:
      operationId: make_thing
      responses: {'204': {description: Made.}}
"""
CALLBACK = "{operationId: make_thing, responses: {'200': {description: Fine.}}}"
TAKEN = "operationId 'make_thing' is taken: "
UNIQUE = "It must be unique (OpenAPI 3.1, section 4.8.10): "
REPEATED = {
    "another path": (
        MINIMAL.replace("components:\n", f"{OTHER}components:\n"),
        f":17:7: {TAKEN}POST /things has it at line 6. {UNIQUE}give GET /others another one",
    ),
    "a webhook": (
        MINIMAL.replace("components:\n", f"webhooks:\n{OTHER.replace('/', '')}components:\n"),
        f":18:7: {TAKEN}POST /things has it at line 6. {UNIQUE}give GET webhook others another one",
    ),
    "a callback": (
        MINIMAL.replace(
            "      responses:", f"      callbacks: {{made: {{'{{$url}}': {{put: {CALLBACK}}}}}}}\n      responses:"
        ),
        f":13:43: {TAKEN}POST /things has it at line 6. {UNIQUE}give PUT {{$url}} another one",
    ),
}


@pytest.mark.parametrize(("text", "told"), REPEATED.values(), ids=REPEATED.keys())
def test_an_operation_id_that_another_operation_has_is_refused_with_both_lines(text: str, told: str) -> None:
    spec = parse_spec(PATH, text)
    (problem,) = find_mistakes(spec)
    assert told in str(spec.error([problem]))


def test_operations_that_are_written_once_and_stand_in_several_places_have_one_id() -> None:
    shared = f"{{$url: {{put: {CALLBACK.replace('make_', 'made_')}}}}}"
    again = OTHER.replace("make_thing", "other").replace(
        "      responses", "      callbacks: {made: CALL}\n      responses"
    )
    text = MINIMAL.replace("      responses:", "      callbacks: {made: CALL}\n      responses:").replace(
        "components:\n", f"{again}  /more: {{$ref: '#/paths/~1others'}}\ncomponents:\n  callbacks: {{Made: {shared}}}\n"
    )
    assert find_mistakes(parse_spec(PATH, text.replace("CALL", "{$ref: '#/components/callbacks/Made'}"))) == []


URL = "http://127.0.0.1:9/evil"
REFERENCES = {
    "a property": ("      properties:", f"      properties: {{$ref: '{URL}', colour: {{type: string}}}}\n      x-old:"),
    "a response": ("        '204': {description: Made.}", f"        $ref: '{URL}'"),
    "a component": ("  schemas:", f"  schemas:\n    $ref: '{URL}'"),
    "a component of another kind": ("  schemas:", f"  responses: {{$ref: '{URL}'}}\n  schemas:"),
    "an example": ("            schema:", f"            examples: {{$ref: '{URL}'}}\n            schema:"),
    "an example of a URL": (
        "            schema:",
        f"            examples: {{one: {{externalValue: '{URL}'}}}}\n            schema:",
    ),
    "a value in an example": (
        "            schema:",
        f"            example: {{a: [{{$ref: '{URL}'}}]}}\n            schema:",
    ),
    "an extension": ("paths:", f"x-top: {{value: {{default: {{$ref: '{URL}'}}}}}}\npaths:"),
    "an extension of a schema": (
        "enum: [red, green]",
        f"enum: [red, green]\n      x-a: {{examples: [{{$ref: '{URL}'}}]}}",
    ),
    "an unknown keyword": ("enum: [red, green]", f"enum: [red, green]\n      odd: {{const: {{$ref: '{URL}'}}}}"),
    "a mapping": (
        "enum: [red, green]",
        f"enum: [red, green]\n      discriminator: {{propertyName: a, mapping: {{$ref: '{URL}'}}}}",
    ),
    "a callback": ("      responses:", f"      callbacks: {{$ref: '{URL}'}}\n      responses:"),
    "a path": ("paths:", f"paths:\n  $ref: '{URL}'"),
    "nothing at all": ("enum: [red, green]", "enum: [red, green]\n      odd: {$ref: ''}"),
    "an address of a file": ("enum: [red, green]", "enum: [red, green]\n      odd: {$ref: 'file:///etc/passwd'}"),
    "a folder of another user": ("enum: [red, green]", "enum: [red, green]\n      odd: {$ref: '~/.ssh/config'}"),
}


@pytest.mark.parametrize(("place", "text"), REFERENCES.values(), ids=REFERENCES.keys())
def test_a_reference_out_of_the_document_is_refused_wherever_it_stands(place: str, text: str) -> None:
    assert place in MINIMAL
    spec = parse_spec(PATH, MINIMAL.replace(place, text, 1))
    (problem,) = {one for one in find_unsafe(spec) if "is refused" in one.message}
    assert problem.message.startswith("$ref ")


DATA = {
    **{
        keyword: ("enum: [red, green]", f"enum: [red, green]\n      {keyword}: {value}")
        for keyword, value in {
            "default": f"{{$ref: '{URL}'}}",
            "const": f"{{a: {{$ref: '{URL}'}}}}",
            "examples": f"[{{$ref: '{URL}'}}]",
        }.items()
    },
    "enum": ("enum: [red, green]", f"enum: [{{$ref: '{URL}'}}]"),
    "the value of an example": (
        "            schema:",
        f"            examples: {{value: {{value: {{$ref: '{URL}'}}}}}}\n            schema:",
    ),
    "a property that is called so": ("        colour:", "        $ref: {type: string}\n        colour:"),
    "a property that is called externalValue": (
        "        colour:",
        "        externalValue: {type: string}\n        colour:",
    ),
}


@pytest.mark.parametrize(("place", "text"), DATA.values(), ids=DATA.keys())
def test_data_may_hold_references_for_nothing_follows_them(place: str, text: str) -> None:
    assert place in MINIMAL
    assert find_unsafe(parse_spec(PATH, MINIMAL.replace(place, text, 1))) == []


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """The requests that a server on URL's host gets."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        paths.append(f"http://127.0.0.1:{server.server_port}")
        yield paths
        server.shutdown()


@pytest.mark.slow
@pytest.mark.parametrize(("places", "is_followed"), [(REFERENCES, True), (DATA, False)], ids=["elsewhere", "in data"])
def test_redocly_cli_follows_references_outside_of_data_alone(
    places: dict[str, tuple[str, str]], asked: list[str], tmp_path: Path, *, is_followed: bool
) -> None:
    """This is why the former are refused. A newer Redocly CLI that follows the latter fails here."""
    server = asked.pop()
    for number, (place, text) in enumerate(places.values()):
        document = MINIMAL.replace(place, text.replace(URL, f"{server}/{number}"), 1)
        (tmp_path / f"{number}.yaml").write_text(document)
    with suppress(RedoclyError):  # for more than one document it prints no JSON
        call("lint", *sorted(tmp_path.iterdir()))
    assert bool(asked) == is_followed


@pytest.mark.parametrize(("text", "message"), UNSAFE.values(), ids=UNSAFE.keys())
def test_an_unsafe_spec_is_refused_with_its_line(text: str, message: str) -> None:
    spec = parse_spec(PATH, text)
    assert f"{PATH}{message}" in str(spec.error(find_unsafe(spec)))


UNSOUND_RULE = "{name: a, says: b, holds: response.state == 'lost'}"


@pytest.mark.parametrize(("text", "message"), INVALID.values(), ids=INVALID.keys())
def test_an_invalid_spec_is_refused_with_its_line(text: str, message: str) -> None:
    spec = parse_spec(PATH, text)
    assert find_unsafe(spec) == []
    said = str(spec.error(find_mistakes(spec)))
    assert str(PATH) in said
    assert message in said


def test_an_unsound_rule_is_refused_with_its_line() -> None:
    spec = parse_spec(PATH, THINGS.replace("summary: Make a thing", f"x-rules: [{UNSOUND_RULE}]"))
    said = f'{PATH}:16:36: `holds` says `response.state == "lost"`, but the two can never be equal'
    assert said in str(spec.error(find_mistakes(spec)))


RECURSIVE = MINIMAL.replace(
    "type: string\n      enum: [red, green]",
    "anyOf: [{type: string}, {items: {$ref: '#/components/schemas/Colour'}}]\n"
    "      properties: {allOf: {$ref: '#/components/schemas/Colour'}}",
)


@pytest.mark.parametrize(
    "text",
    [
        MINIMAL,
        THINGS,
        MINIMAL.replace("        colour:", "        default_factory:"),
        MINIMAL.replace("enum:", "x-provenance: {discriminator: inferred}\n      enum:"),
        MINIMAL.replace("enum:", f"x-like: {BACK}\n      enum:"),
        RECURSIVE,
    ],
)
def test_a_sound_spec_has_no_problem(text: str) -> None:
    assert find_mistakes(parse_spec(PATH, text)) == []


def test_all_mistakes_are_told_together_and_each_place_once() -> None:
    text = MINIMAL.replace("schemas/Colour'", "schemas/Color'").replace("type: string", "type: strin")
    text = text.replace("{description: Made.}", "{$ref: 3}")
    problems = find_mistakes(parse_spec(PATH, text))
    assert [(problem.place.line, problem.message.partition(" is ")[0]) for problem in problems] == [
        (14, "3"),
        (21, "$ref '#/components/schemas/Color' leads nowhere"),
        (23, '"strin"'),
    ]
