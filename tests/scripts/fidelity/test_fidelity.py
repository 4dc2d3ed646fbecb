"""Generated code says what the spec says, and loses nothing of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Self

import jsonschema_rs
import pydantic
import pytest
from pydantic import BaseModel, ConfigDict, TypeAdapter
from voiceos_models.json_types import AwareDatetime, StrictFloat, StrictInt

from scripts.exit_codes import FAILED, FRESH
from scripts.fidelity.__main__ import main
from scripts.fidelity.judgement import DisagreementError, judge
from scripts.fidelity.search import search
from scripts.fidelity.subjects import Subject
from spec.reader import parse_spec
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SMALL = """\
openapi: 3.1.0
info: {title: Small, version: 1.2.3}
paths: {}
components:
  schemas:
    Thing:
      type: object
      properties:
        size: {type: integer}
        weight: {type: [number, 'null']}
        made: {type: string, format: date-time}
"""
DATE_TIME = TypeAdapter(AwareDatetime)


class Right(BaseModel):
    model_config = ConfigDict(extra="allow")
    size: StrictInt = 0
    weight: StrictFloat | None = None
    made: AwareDatetime = DATE_TIME.validate_python("2026-01-31T09:30:00Z")


class TakingText(Right):
    size: int = 0


class RefusingAPoint(Right):
    size: pydantic.StrictInt = 0


class RefusingNull(Right):
    weight: StrictFloat = 0


class RefusingUnknownFields(Right):
    model_config = ConfigDict(extra="forbid")


class DroppingUnknownFields(Right):
    model_config = ConfigDict(extra="ignore")


class CuttingDigits(Right):
    weight: float | None = None


class RewritingDateTimes(Right):
    made: pydantic.AwareDatetime = DATE_TIME.validate_python("2026-01-31T09:30:00Z")


class Keeping:
    """What a client's class does, if it loses nothing."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> Self:
        return cls(content)

    def to_dict(self) -> dict[str, Any]:
        return self.content


class DroppingNull(Keeping):
    def to_dict(self) -> dict[str, Any]:
        return {key: value for key, value in self.content.items() if value is not None}


class KnowingTheirFieldsOnly(Keeping):
    def to_dict(self) -> dict[str, Any]:
        return {key: value for key, value in self.content.items() if key in Right.model_fields}


class FillingInDefaults(Keeping):
    def to_dict(self) -> dict[str, Any]:
        return {"size": 1, **self.content}


def subject(model: type[BaseModel] = Right, client: type[Keeping] = Keeping) -> Subject:
    return Subject(
        parse_spec(ROOT / "small.yaml", SMALL), "Thing", is_request=True, model=TypeAdapter(model), client=client
    )


def counted(printed: str) -> dict[str, tuple[int, int]]:
    """The numbers of valid and of invalid instances by schema, as the command prints them."""
    lines = [line.split(":") for line in printed.splitlines()]
    numbers = {name: [int(word) for word in counts.split() if word.isdecimal()] for name, counts in lines}
    return {name: (valid, invalid) for name, (valid, invalid) in numbers.items()}


@pytest.mark.slow
@pytest.mark.parametrize("examples", [100, pytest.param(1000, marks=pytest.mark.nightly)])
def test_instances_of_each_body_are_judged_alike_and_lose_nothing(
    capsys: pytest.CaptureFixture[str], examples: int
) -> None:
    assert main(["--pairs", "0", "--examples", str(examples)]) == FRESH, capsys.readouterr().err
    numbers = counted(capsys.readouterr().out)
    assert set(numbers) == {"CreateCall", "ConversationResponse", "ErrorResponse", "HTTPValidationError"}
    for valid, invalid in numbers.values():
        assert valid + invalid >= examples
        assert min(valid, invalid) >= examples / 10


class RefusingNullItself(Keeping):
    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> Self:
        if None in content.values():
            raise TypeError("null")
        return cls(content)


WRONG_MODELS = {
    TakingText: {"size": "1"},
    RefusingAPoint: {"size": 1.0},
    RefusingNull: {"weight": None},
    RefusingUnknownFields: {"new": 1},
    DroppingUnknownFields: {"new": 1},
    CuttingDigits: {"weight": 2**53 + 1},
    RewritingDateTimes: {"made": "2026-01-31t09:30:00z"},
}
WRONG_CLIENTS = {
    DroppingNull: {"weight": None},
    KnowingTheirFieldsOnly: {"new": 1},
    FillingInDefaults: {},
    RefusingNullItself: {"weight": None},
}


@pytest.mark.parametrize("instance", [*WRONG_MODELS.values(), *WRONG_CLIENTS.values()], ids=json.dumps)
def test_right_code_passes(instance: dict[str, Any]) -> None:
    judge(subject(), instance)


@pytest.mark.parametrize(("model", "instance"), WRONG_MODELS.items())
def test_a_model_that_judges_or_keeps_otherwise_disagrees(model: type[BaseModel], instance: dict[str, Any]) -> None:
    with pytest.raises(DisagreementError):
        judge(subject(model=model), instance)


@pytest.mark.parametrize(("client", "instance"), WRONG_CLIENTS.items())
def test_a_client_that_loses_invents_or_refuses_disagrees(client: type[Keeping], instance: dict[str, Any]) -> None:
    with pytest.raises(DisagreementError, match="the client"):
        judge(subject(client=client), instance)


UNIQUE: Final = SMALL.replace("{type: integer}", "{type: integer}\n        tags: {type: array, uniqueItems: true}")


def repeating() -> Subject:
    return replace(subject(), spec=parse_spec(ROOT / "small.yaml", UNIQUE))


def test_a_statement_that_generation_tells_of_explains_why_models_accept_more() -> None:
    assert judge(repeating(), {"tags": [1, 1]}) is False


def test_a_statement_that_generation_keeps_silent_about_explains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = repeating()
    monkeypatch.setitem(silent.__dict__, "told", set())
    with pytest.raises(DisagreementError, match=r"generation tells of no statement .* non-unique"):
        judge(silent, {"tags": [1, 1]})


def test_models_may_be_generated_from_nothing_that_the_spec_does_not_state(monkeypatch: pytest.MonkeyPatch) -> None:
    strict = subject()
    monkeypatch.setitem(strict.__dict__, "held", jsonschema_rs.validator_for({"maxProperties": 0}))
    with pytest.raises(DisagreementError, match="the spec does not state"):
        judge(strict, {"size": 1})


@pytest.mark.slow
@pytest.mark.parametrize("model", WRONG_MODELS)
def test_the_search_finds_what_models_do_wrong(model: type[BaseModel]) -> None:
    with pytest.raises(DisagreementError):
        search(subject(model=model), 2000, 1)


@pytest.mark.slow
@pytest.mark.parametrize("client", WRONG_CLIENTS)
def test_the_search_finds_what_clients_do_wrong(client: type[Keeping]) -> None:
    with pytest.raises(DisagreementError, match="the client"):
        search(subject(client=client), 2000, 1)


def test_the_search_passes_right_code() -> None:
    assert search(subject(), 200, 1).total() >= 200


def test_a_disagreement_is_told_in_its_simplest_form(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("scripts.fidelity.__main__.subjects", lambda _: [subject(client=DroppingNull)])
    assert main(["--pairs", "0", "--examples", "2000"]) == FAILED
    said = capsys.readouterr().err
    assert "Thing: in the client this becomes {}" in said
    (value,) = json.loads(said.splitlines()[-1]).values()
    assert value is None


def test_a_spec_without_bodies_is_no_success(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "openapi.yaml").write_text(SMALL)
    assert main(["--spec", str(tmp_path / "openapi.yaml")]) == FAILED
    assert "openapi.yaml:3:1: has no JSON body" in capsys.readouterr().err


@pytest.mark.parametrize("number", ["0", "-1", "many"])
def test_a_number_of_instances_that_is_none_is_refused(capsys: pytest.CaptureFixture[str], number: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--pairs", "0", "--examples", number])
    assert "1 or more" in capsys.readouterr().err
