"""Parts of the spec go by the names that they have in the generated code, and in messages by the author's names."""

from __future__ import annotations

import pytest

from scripts.drift.code_names import Package, read_packages
from scripts.drift.wording import name_of
from spec.operations import operations
from spec.reader import parse_spec, read_spec
from tests.conftest import ROOT
from tests.support.repositories import THINGS

SPEC = read_spec(ROOT / "spec" / "openapi.yaml")
SCHEMAS = "/components/schemas"


@pytest.fixture(scope="module")
def packages() -> list[Package]:
    folder = ROOT / "generated"
    return read_packages({str(file.relative_to(folder)): file.read_text() for file in folder.rglob("*.py")})


@pytest.mark.parametrize(
    ("pointer", "names"),
    [
        ("CreateCall/properties/agent_id/type", "CreateCall.agent_id"),
        ("CreateCall/properties/agent_config/anyOf/0", "CreateCall.agent_config"),
        ("CreateCall/additionalProperties", "CreateCall"),
        ("ConversationStatus/enum", "ConversationStatus ConversationResponse.status"),
        ("HTTPValidationError/properties/detail", "HTTPValidationError.detail"),
        ("RimeSpeaker", "RimeSpeaker RimeVoice.speaker"),
        ("ToolFunctionParameters/properties/properties/description", "ToolFunctionParameters.properties"),
        ("Nobody/properties/x", ""),
        ("CreateCall/properties/nothing", ""),
    ],
)
def test_generated_code_is_called_as_it_is(packages: list[Package], pointer: str, names: str) -> None:
    assert {package.name: package.names(f"{SCHEMAS}/{pointer}", ()) for package in packages} == {
        "voiceos_client": names.split(),
        "voiceos_models": names.split(),
    }


@pytest.mark.parametrize(
    ("pointer", "name"),
    [
        ("/components/schemas/Thing/properties/properties/description", "properties"),
        ("/components/schemas/Thing/properties/a/anyOf/1/minimum", "a"),
        ("/paths/~1things/post/responses/200/description", "200"),
        ("/paths/~1things/get/parameters/0/name", "/things"),
        ("/info/title", ""),
    ],
)
def test_a_thing_is_called_by_the_name_that_its_author_chose(pointer: str, name: str) -> None:
    assert name_of(pointer) == name


def test_an_operation_is_a_module_of_the_client(packages: list[Package]) -> None:
    operation, *_ = operations(SPEC.document)
    client, models = packages
    assert client.module(operation) == "voiceos_client.api.conversations.create_phone_call"
    assert models.module(operation) is None


def test_what_is_written_inline_is_found_too() -> None:
    thing = "class Body:\n    size_in_cm: int\n    part: 'None | BodyPart'\nclass BodyPart:\n    a: int\n"
    api = "def _get_kwargs(*, body: Body) -> None: ...\n"
    (package,) = read_packages({"client/models/body.py": thing, "client/api/default/make_thing.py": api, "top.py": ""})
    operation, *_ = operations(parse_spec(ROOT, THINGS).document)
    schema = f"{operation.pointer}/requestBody/content/application~1json/schema"
    assert package.names(f"{schema}/properties/size-in-cm/minimum", (operation,)) == ["Body.size_in_cm"]
    assert package.names(f"{schema}/properties/part/properties/a", (operation,)) == ["BodyPart.a"]


def test_an_alias_is_taken_at_its_word() -> None:
    code = 'class Thing(BaseModel):\n    field_from: Annotated[str, Field(alias="from")]\n'
    (package,) = read_packages({"models/models.py": code})
    assert package.names(f"{SCHEMAS}/Thing/properties/from", ()) == ["Thing.field_from"]
