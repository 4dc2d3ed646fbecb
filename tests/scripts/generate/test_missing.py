"""An operation that the client cannot have is an error with its line, or a stub that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from scripts.exit_codes import FAILED
from scripts.generate.__main__ import main
from tests.support.odd import FORMS
from tests.support.zoo import run

if TYPE_CHECKING:
    from pathlib import Path


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


def test_it_is_an_error_with_its_line_and_its_remedy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "openapi.yaml").write_text(FORMS)
    assert main(["--spec", str(tmp_path / "openapi.yaml"), "--output", str(tmp_path / "generated")]) == FAILED
    said = capsys.readouterr().err
    assert f"openapi.yaml:10:7: {REASON} (application/x-www-form-urlencoded: a form is an object)." in said
    assert "`nox -s generate -- --allow-missing`" in said
    assert not (tmp_path / "generated").exists()


@pytest.mark.slow
def test_a_stub_says_so_in_each_function_and_the_other_operations_work(odd: Path) -> None:
    said, status = run(odd, CALL, None)
    assert [text.partition(" (")[0] for text in said] == [f"POST /forms: {REASON}"] * 4
    assert status == 204
