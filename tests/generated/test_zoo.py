"""The code of specs with every keyword, format, style and kind of body."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

import pytest

from scripts.generate.held import held_document
from scripts.generate.unheld import FORMATS, UNCHECKED_FORMATS, UNHELD
from spec.reader import read_spec
from tests.conftest import ROOT
from tests.support.zoo import ZOO, complaints_of_type_checkers, generated, generated_operations, run
from tests.support.tiers import share_out

if TYPE_CHECKING:
    from pathlib import Path

GUIDE: Final = (ROOT / "docs" / "generated-code.md").read_text()
SENDING: Final = (ROOT / "tests" / "data" / "zoo" / "sending.py").read_text()


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generated(tmp_path_factory, "every-keyword", (ZOO / "openapi.yaml").read_text())


@pytest.fixture(scope="module")
def operations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generated_operations(tmp_path_factory)


@pytest.fixture(scope="module")
def sent(operations: Path) -> dict[str, Any]:
    """What the client sent for each call of `sending.py`, and what it gave."""
    found: dict[str, Any] = run(operations, SENDING, None)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("examples", [100, pytest.param(2000, marks=pytest.mark.nightly)])
def test_instances_of_every_keyword_are_judged_alike_but_for_what_is_told(schemas: Path, examples: int) -> None:
    command = ["-m", "scripts.fidelity", f"--spec={ZOO / 'openapi.yaml'}", f"--examples={examples}", "--pairs=0"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(schemas)])}
    done = subprocess.run(
        [sys.executable, *command], check=False, env=environment, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 6


JUDGE: Final = """
import json, sys
import pydantic, voiceos_client.models as classes, voiceos_models
told = []
for name, instance in json.load(sys.stdin):
    try:
        read = getattr(voiceos_models, name).model_validate(instance)
        model = read.model_dump(mode="json", exclude_unset=True)
        assert model == json.loads(read.model_dump_json(exclude_unset=True)), "no way to dump forgets a name"
    except pydantic.ValidationError:
        model = None
    told.append([model, getattr(classes, name).from_dict(instance).to_dict()])
print(json.dumps(told))
"""
TAKEN: Final = (
    *(("Numbers", {"tenths": number}) for number in (1.0, 0.3, 0.7, 1, 1e22)),
    *(("Texts", {"byte": text}) for text in ("0", "aGk=", "")),
    *(("Texts", {"uri": text}) for text in ("HTTP://Example.com", "https://example.com", "https://example.com/%7e")),
    *(("Texts", {"uuid": text}) for text in ("123E4567-E89B-12D3-A456-42661417400f",)),
    *(("Texts", {"password": "secret", "decimal": text, "binary": text}) for text in ("1.50", "é")),
    *(("Texts", {"date": text, "date_time": f"{text}T09:30:00Z"}) for text in ("0000-02-29", "0001-01-01")),
    *(("Texts", {"email": text}) for text in ("a", "a@example.com")),
    *(("Texts", {"digits": text, "letters": "é"}) for text in ("0", "12")),
    *(("Choices", {"text": text}) for text in ("txt", "TXT", "Txt", "", "a_b", "a-b")),
    ("Names", {"d": "a", "size-in-cm": 0, "src_dict": "b", "to_dict": "c", "$ref": "d"}),
    ("Objects", {"id": "a", "undefined": 1, "by_pattern": {"x": 1, "y": 2}}),
)
REFUSED: Final = (
    *(("Numbers", {"tenths": number}) for number in (0.05, 0.35)),
    *(("Texts", {"digits": text}) for text in ("\u0661", "1\n", "", "1a")),
    *(("Texts", {"letters": text}) for text in ("1", "a\n")),
    ("Choices", {"text": "tXT"}),
)


@pytest.fixture(scope="module")
def judged(schemas: Path) -> list[list[Any]]:
    """What models and client make of each instance of TAKEN and REFUSED: its dump, or None if it is refused."""
    found: list[list[Any]] = run(schemas, JUDGE, [*TAKEN, *REFUSED])
    return found


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(TAKEN)), ids=lambda number: json.dumps(TAKEN[number][1]))
def test_what_the_spec_takes_comes_back_as_it_was(judged: list[list[Any]], number: int) -> None:
    assert judged[number] == [TAKEN[number][1]] * 2


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(REFUSED)), ids=lambda number: json.dumps(REFUSED[number][1]))
def test_what_the_spec_refuses_models_refuse_and_a_client_keeps(judged: list[list[Any]], number: int) -> None:
    assert judged[len(TAKEN) + number] == [None, REFUSED[number][1]]


def test_the_zoo_has_every_statement_that_is_not_held() -> None:
    _, unheld = held_document(read_spec(ZOO / "openapi.yaml"))
    assert {one.keyword for one in unheld} == UNHELD.keys() - {"allOf"}


@pytest.mark.slow
def test_each_statement_that_is_not_held_is_told_once() -> None:
    _, unheld = held_document(read_spec(ZOO / "openapi.yaml"))
    assert len(unheld) == len(set(unheld))


def test_the_guide_has_every_statement_that_is_not_held() -> None:
    assert [f"| `{name}` | {text} |" for name, text in UNHELD.items()] == re.findall(r"^\| `\w+` \| .* \|$", GUIDE, re.M)


@pytest.mark.parametrize("name", sorted({*FORMATS, *UNCHECKED_FORMATS}))
def test_the_guide_names_every_format(name: str) -> None:
    assert f"`{name}`" in GUIDE


EXPECTED: Final = {
    "paths": "/paths/a%2Fb/.a,b%20c/;matrix=1,2/;matrix.exploded=1;matrix.exploded=2/x=1,y=2/%7B%22x%22%3A1%2C%22y%22%3A2%7D",
    "queries": "/queries?plain=a%20b%26c&flag=true&exploded=a&exploded=b&joined=a%2Cb,c&spaced=a%20b&piped=a%7Cb"
    "&deep%5Bx%5D=1&deep%5By%5D=2&x=1&y=2&object_joined=x,1,y,2&json=%7B%22x%22%3A1%2C%22y%22%3A2%7D&reserved=a/b?c"
    "&kind=TXT&when=2026-01-31T00%3A00%3A00%2B00%3A00&filter%5Ba%5D=1&client=x&body=y",
    "no queries": "/queries",
    "fields": {
        "x-shared": "sh",
        "x-plain": "5",
        "x-list": "a,b",
        "x-object": "x=1,y=2",
        "x-json": '{"x":1,"y":2}',
        "cookie": "session=s; ids=1,2",
    },
    "a path item by reference": 5,
    "form": [
        "application/x-www-form-urlencoded",
        "a=%C3%A9+%26&list=1&list=2&joined=a,b&point=%7B%22x%22%3A1%2C%22y%22%3A2%7D&flag=true",
    ],
    "parts": [
        ["file", "a.png", "image/png", "+++"],
        ["files", None, "application/octet-stream", "x"],
        ["point", None, "application/json", '{"x":1,"y":2}'],
        ["note", None, "text/plain", "n"],
        ["kind", None, "text/plain", "txt"],
    ],
    "bytes": ["application/octet-stream", "abc", "PNG"],
    "text": ["text/plain", "é", "a,b"],
    "no text": [None, "", "a,b"],
    "+json": ["application/merge-patch+json", '{"x":1,"y":2}', {"x": 1}],
    "several": [
        ["application/json", '{"x":1,"y":2}'],
        ["application/vnd.points+json", '[{"x":1,"y":2}]'],
        ["text/plain", "t"],
        ["application/pdf", "pdf"],
    ],
    "a dict for a class": '{"x":1,"y":2}',
}


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_sent_is_what_openapi_says(sent: dict[str, Any], name: str) -> None:
    assert sent[name] == EXPECTED[name]


@pytest.mark.parametrize("name", share_out(["schemas", "operations"], slow=0))
def test_generated_code_is_clean_to_type_checkers(request: pytest.FixtureRequest, tmp_path: Path, name: str) -> None:
    assert complaints_of_type_checkers(request.getfixturevalue(name), tmp_path) == []
