"""An operation that the client cannot have is an error with its line, or a stub that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from scripts.exit_codes import FAILED, FRESH
from scripts.generate.__main__ import main
from tests.support.shared import shared_folder
from tests.support.zoo import run

if TYPE_CHECKING:
    from pathlib import Path

SPEC: Final = """\
openapi: 3.1.0
info: {title: Forms, version: 1.0.0}
servers: [{url: 'https://forms.example'}]
paths:
  /forms:
    post:
      operationId: import
      tags: [Big Forms]
      parameters: [{name: page, in: query, schema: {type: integer}}]
      requestBody:
        required: true
        content: {application/x-www-form-urlencoded: {schema: {type: array, items: {type: string}}}}
      responses: {'204': {description: Sent.}}
    get: {operationId: list_forms, tags: [Big Forms], responses: {'204': {description: None.}}}
"""
REASON: Final = "the client cannot have this operation: it can send no body"
CALL: Final = """
import asyncio, json
import httpx
from voiceos_client import Client
from voiceos_client.api.big_forms import import_, list_forms
said = []
for function in (import_.sync, import_.sync_detailed, import_.asyncio, import_.asyncio_detailed):
    try:
        given = function("a body", client=None)
        asyncio.run(given)
    except NotImplementedError as error:
        said.append(str(error))
transport = httpx.MockTransport(lambda _: httpx.Response(204))
client = Client("http://forms.example", httpx_args={"transport": transport})
print(json.dumps([said, list_forms.sync_detailed(client=client).status_code]))
"""


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code that is generated with `--allow-missing`."""

    def fill(folder: Path) -> None:
        (folder / "openapi.yaml").write_text(SPEC)
        options = ["--allow-missing", "--spec", str(folder / "openapi.yaml"), "--output", str(folder / "generated")]
        assert main(options) == FRESH

    return shared_folder(tmp_path_factory, "missing", fill) / "generated"


def test_it_is_an_error_with_its_line_and_its_remedy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "openapi.yaml").write_text(SPEC)
    assert main(["--spec", str(tmp_path / "openapi.yaml"), "--output", str(tmp_path / "generated")]) == FAILED
    said = capsys.readouterr().err
    assert f"openapi.yaml:10:7: {REASON} (application/x-www-form-urlencoded: a form is an object)." in said
    assert "`nox -s generate -- --allow-missing`" in said
    assert not (tmp_path / "generated").exists()


def test_a_stub_says_so_in_each_function_and_the_other_operations_work(code: Path) -> None:
    said, status = run(code, CALL, None)
    assert [text.partition(" (")[0] for text in said] == [f"POST /forms: {REASON}"] * 4
    assert status == 204
