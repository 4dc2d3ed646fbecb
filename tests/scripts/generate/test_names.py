"""Three hundred names of properties, schemas, parameters, operations and members: each works in the generated code."""

from __future__ import annotations

import builtins
import json
import keyword
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pydantic
import pytest
import yaml

from scripts.generate import client_generator
from tests.support.zoo import complaints_of_type_checkers, generated, run

_OF_GENERATORS: Final = sorted(
    {
        *client_generator._RESERVED_IN_MODELS,  # noqa: SLF001 - the names that would be overwritten
        *client_generator._RESERVED_IN_OPERATIONS,  # noqa: SLF001 - the same
        *client_generator._RESERVED_CLASSES,  # noqa: SLF001 - the same
    }
)
_ODD: Final = (
    *("", " ", "a b", "a.b", "a/b", "a-b", "a_b", "aB", "AB", "Ab", "a~b", "$ref", "@type", "#x", "_private", "123abc"),
    *("size-in-cm", "é", "日本", "𝄞", "fi", "\u2028", 'a"b', "a'b", "a\\b", "a{b}", "{x}", "%s", "a\nb", "__class__"),
    *("tags", "tags_item", "tags_item_data", "_tags", "parse_tags", "choice", "parse_choice", "choice_type_0"),
    *("field_", "field_d", "d_", "d_2", "model_config", "model_fields", "model_dump", "copy", "dict", "json", "schema"),
    *(
        "to_multipart",
        "data",
        "files",
        "name",
        "value",
        "values",
        "mro",
        "is_documented",
        "additional",
        "types",
        "Thing",
    ),
)
_KEYWORDS: Final = [*keyword.kwlist, *keyword.softkwlist]
_PYTHON: Final = [*dir(builtins), *dir(pydantic.BaseModel)]
NAMES: Final = list(dict.fromkeys([*_ODD, *_OF_GENERATORS, *_KEYWORDS, *_PYTHON]))
"""All names: of properties, members and parameters, which cost little."""
LIKELY: Final = list(dict.fromkeys([*_ODD, *_OF_GENERATORS, *_KEYWORDS[::4], *_PYTHON[::40]]))
"""The names that are likely to be trouble as those of modules, and some of the others."""
TEXT: Final = {"type": "string"}
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_USERS: Final = 2
"""How many classes use the components. Pyright does not follow one method with a condition for each of 400 fields."""

READ: Final = """
import json, sys
import voiceos_client.models as classes, voiceos_models
instances = json.load(sys.stdin)
kept = []
for instance in instances:
    client = classes.Everything.from_dict(instance).to_dict()
    model = voiceos_models.Everything.model_validate(instance).model_dump(mode="json", exclude_unset=True)
    kept.append([client, model])
print(json.dumps(kept))
"""
SEND: Final = """
import importlib, inspect, json, pkgutil, sys
import httpx, voiceos_client.api.names as package
from voiceos_client import Client
parameters = json.load(sys.stdin)
sent = []
transport = httpx.MockTransport(lambda request: sent.append(request) or httpx.Response(204))
client = Client("http://zoo", httpx_args={"transport": transport})
for location, names in parameters.items():
    send = importlib.import_module(f"voiceos_client.api.names.{location}_all").sync_detailed
    arguments = [one for one in inspect.signature(send).parameters if one != "client"]
    send(client=client, **{one: f"v{index}" for index, one in enumerate(arguments)})
path, query, header, cookie = sent
found = {
    "path": path.url.path.split("/")[2:],
    "query": query.url.params.multi_items(),
    "header": [[name, header.headers.get(name)] for name in parameters["header"]],
    "cookie": [pair.split("=", 1) for pair in cookie.headers["cookie"].split("; ")],
}
modules = [one.name for one in pkgutil.iter_modules(package.__path__)]
for name in modules:
    if not name.endswith("_all"):
        importlib.import_module(f"voiceos_client.api.names.{name}").sync_detailed(client=client)
print(json.dumps([found, sorted(request.url.path for request in sent[4:])]))
"""


@dataclass(frozen=True)
class Code:
    """Generated code: all names are those of properties, members and parameters; some are those of modules."""

    folder: Path
    modules: list[str]

    @property
    def operations(self) -> list[str]:
        """The names of operations."""
        return [name for name in self.modules if name]

    @property
    def components(self) -> list[str]:
        """The names of schemas; OpenAPI admits fewer."""
        return [name for name in self.modules if re.fullmatch(r"[a-zA-Z0-9_-]+", name)]

    @property
    def parameters(self) -> dict[str, list[str]]:
        """The names of parameters, by their location."""
        tokens = [name for name in self.modules if _TOKEN.fullmatch(name)]
        return {
            "path": [name for name in self.modules if name and not {*name} & {*"{}/?#"}],
            "query": [name for name in NAMES if name],
            "header": list({name.lower(): name for name in tokens}.values()),  # no header field knows case
            "cookie": tokens,
        }


def _document(code: Code) -> dict[str, Any]:
    nothing = {"204": {"description": "Nothing."}}
    properties = dict.fromkeys(NAMES, TEXT) | {
        "tags": {"type": "array", "items": TEXT},
        "choice": {"anyOf": [TEXT, {"type": "integer"}]},
    }
    schemas = {name: {"type": "object", "properties": {"v": TEXT}} for name in code.components}
    uses = [
        {f"p{index}": {"$ref": f"#/components/schemas/{name}"} for index, name in [*enumerate(schemas)][start::_USERS]}
        for start in range(_USERS)
    ]
    everything = {"type": "object", "properties": properties | {"enum of all": {"$ref": "#/components/schemas/Every"}}}
    named = {
        "Everything": everything,
        "Every": {"type": "string", "enum": NAMES},
        **{f"Uses{number}": {"type": "object", "properties": each} for number, each in enumerate(uses)},
    }
    paths = {
        _path(location, names): {"get": _operation(location, names) | {"responses": nothing}}
        for location, names in code.parameters.items()
    }
    paths |= {
        f"/{index}": {"get": {"operationId": name, "tags": ["names"], "responses": nothing}}
        for index, name in enumerate(code.operations)
    }
    info = {"title": "Names", "version": "1.0.0"}
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": schemas | named}}


def _path(location: str, names: list[str]) -> str:
    """The path of the operation that has all parameters of a location."""
    return "".join([f"/{location}_all", *(f"/{{{name}}}" for name in names if location == "path")])


def _operation(location: str, names: list[str]) -> dict[str, Any]:
    is_required = location == "path"
    parameters = [{"name": name, "in": location, "schema": TEXT, "required": is_required} for name in names]
    return {"operationId": f"{location}_all", "tags": ["names"], "parameters": parameters}


@pytest.fixture(scope="module", params=[LIKELY, pytest.param(NAMES, marks=pytest.mark.nightly)], ids=["likely", "all"])
def code(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Code:
    # A module takes 20 ms to generate. So the default run makes them for the likely names alone.
    modules = Code(Path(), request.param)
    text = yaml.safe_dump(json.loads(json.dumps(_document(modules))), sort_keys=False)
    return replace(modules, folder=generated(tmp_path_factory, f"names-{len(modules.modules)}", text))


def test_there_are_three_hundred_names() -> None:
    assert len(NAMES) >= 300


@pytest.mark.slow
def test_properties_of_every_name_are_read_and_written(code: Code) -> None:
    alone = [{name: ["v"] if name == "tags" else "v"} for name in NAMES]
    together = {name: value for one in alone for name, value in one.items()}
    instances = [*alone, together, {}]
    assert run(code.folder, READ, instances) == [[one, one] for one in instances]


@pytest.mark.slow
def test_members_of_every_name_are_members(code: Code) -> None:
    instances = [{"enum of all": name} for name in NAMES]
    assert run(code.folder, READ, instances) == [[one, one] for one in instances]


@pytest.mark.slow
def test_parameters_of_every_name_and_operations_are_sent(code: Code) -> None:
    found, paths = run(code.folder, SEND, code.parameters)
    assert found.pop("path") == [f"v{index}" for index, _ in enumerate(code.parameters["path"])]
    for location, sent in found.items():
        assert sent == [[name, f"v{index}"] for index, name in enumerate(code.parameters[location])], location
    assert paths == sorted(f"/{index}" for index, _ in enumerate(code.operations))


@pytest.mark.slow
def test_a_schema_of_any_name_has_a_class_and_a_model(code: Code) -> None:
    for number in range(_USERS):
        uses = {f"p{index}": {"v": "x"} for index in range(number, len(code.components), _USERS)}
        assert run(code.folder, READ.replace("Everything", f"Uses{number}"), [uses]) == [[uses, uses]]


@pytest.mark.nightly
def test_code_with_every_name_is_clean_to_type_checkers(code: Code, tmp_path: Path) -> None:
    assert complaints_of_type_checkers(code.folder, tmp_path) == []
