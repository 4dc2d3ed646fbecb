"""Holds generated/ to the spec: instances of every request and response body, valid ones and nearly so.

jsonschema-rs judges each by the spec, and the Pydantic models must judge alike. What is valid must survive a parse and
a dump, by the models and by the client's classes: the same JSON, whatever the order of keys. Differences that no
generator can avoid are in KNOWN.

exit codes:
  0  no disagreement and no loss
  1  one of them, shrunk to its simplest form
  130  interrupted
"""

from __future__ import annotations

import argparse
import importlib
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

import jsonschema_rs
import pydantic
from hypothesis import HealthCheck, Phase, given, seed, settings

from scripts.instances import FAMILY, Instances
from scripts.sameness import Json, is_same
from spec.reader import Spec, SpecError, escape, read_spec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT: Final = Path(__file__).resolve().parent.parent
KEPT: Final = 0
BROKEN: Final = 1
INTERRUPTED: Final = 130
MODELS: Final = "voiceos_models"
CLIENT: Final = "voiceos_client.models"
_JSON: Final = "application/json"


@dataclass(frozen=True)
class KnownDifference:
    """What the spec accepts and the models reject, because something upstream cannot hold it."""

    what: str
    issue: str
    """Where upstream speaks of it."""
    schema: Json
    example: Json
    """An instance of the schema that the models' type for it rejects."""
    pattern: str

    def explains(self, error: pydantic.ValidationError) -> bool:
        """Whether the models rejected an instance for this alone."""
        return all(re.match(self.pattern, str(one["input"])) for one in error.errors(include_url=False))


KNOWN: Final = (
    KnownDifference(
        "a date-time in the year 0000",
        "https://github.com/pydantic/pydantic/issues/10967",
        {"type": "string", "format": "date-time"},
        "0000-01-01T00:00:00Z",
        r"0000-",
    ),
)


class DisagreementError(AssertionError):
    """The spec and generated code differ over an instance."""

    def __init__(self, subject: Subject, instance: Json, what: str) -> None:
        super().__init__(f"{subject.name}: {what}\n  {json.dumps(instance)}")


@dataclass(frozen=True)
class Subject:
    """A schema that bodies of the spec have, with the classes generated from it."""

    spec: Spec
    name: str
    is_request: bool
    model: Any
    client: Any

    @property
    def pointer(self) -> str:
        """Where the schema stands."""
        return f"/components/schemas/{escape(self.name)}"

    @cached_property
    def validator(self) -> jsonschema_rs.Validator:
        """The spec's own judge; formats count."""
        registry = jsonschema_rs.Registry([("urn:spec", self.spec.document)], draft=jsonschema_rs.Draft202012)
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": f"urn:spec#{self.pointer}"}
        return jsonschema_rs.validator_for(schema, registry=registry, validate_formats=True)

    def judge(self, instance: Json) -> bool:
        """Whether the instance is valid.

        Raises:
            DisagreementError: the models judge otherwise, or the models or the client lose something of it.
        """
        errors = [error.message for error in self.validator.iter_errors(instance)]
        for parse, value in ((self.model.validate_python, instance), (self.model.validate_json, json.dumps(instance))):
            try:
                parsed = parse(value)
            except pydantic.ValidationError as error:
                if not errors and not any(known.explains(error) for known in KNOWN):
                    raise DisagreementError(self, instance, f"only the models reject this: {error}") from error
                return not errors
            if errors:
                raise DisagreementError(self, instance, f"only the spec rejects this: {errors[0]}")
            self._compare(instance, self.model.dump_python(parsed, mode="json", exclude_unset=True), "the models lose")
            self._compare(
                instance, json.loads(self.model.dump_json(parsed, exclude_unset=True)), "the models' text loses"
            )
        self._compare(instance, self.client.from_dict(instance).to_dict(), "the client loses")
        return True

    def _compare(self, instance: Json, result: Json, what: str) -> None:
        if not is_same(instance, result):
            raise DisagreementError(self, instance, f"{what} something: {json.dumps(result)}")


def subjects(spec: Spec) -> Iterator[Subject]:
    """The components that requests and responses of the spec consist of, each once."""
    named = {name: is_request for is_request, schema in reversed(list(_bodies(spec))) if (name := _component(schema))}
    for name, is_request in reversed(named.items()):
        model, client = _class(MODELS, name), _class(CLIENT, name)
        if model is not None and hasattr(client, "from_dict"):
            yield Subject(spec, name, is_request, pydantic.TypeAdapter(model), client)


def check(subject: Subject, examples: int, number: int, tick: Callable[[int], None] | None = None) -> Counter[bool]:
    """Judges so many instances, and tells `tick` how many it has; gives how many were valid and how many not.

    Raises:
        DisagreementError: the simplest one that was found.
    """
    counts = Counter[bool]()

    @seed(number)
    @settings(
        max_examples=-(-examples // FAMILY),
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(Instances(subject.spec).families(subject.pointer))
    def judge(family: list[Json]) -> None:
        counts.update(map(subject.judge, family))
        if tick:
            tick(counts.total())

    judge()
    return counts


def main(argv: Sequence[str] | None = None) -> int:
    """Does what the module's docstring says and returns the exit code."""
    options = _parse(argv)
    try:
        for subject in subjects(read_spec(options.spec)):
            counts = check(subject, options.examples, options.seed, _show)
            print(f"{subject.name}: {counts[True]} valid, {counts[False]} invalid, no disagreement, no loss")
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        return INTERRUPTED
    except (SpecError, DisagreementError) as error:
        print(f"\n{error}", file=sys.stderr)
        return BROKEN
    return KEPT


def _show(total: int) -> None:
    if sys.stderr.isatty() and total % 100 == 0:
        print(f"{total} instances", end="\r", file=sys.stderr, flush=True)


def _bodies(spec: Spec) -> Iterator[tuple[bool, Json]]:
    """The schema of each JSON body, and whether it is a request's."""
    for item in spec.document.get("paths", {}).values():
        for operation in (value for value in item.values() if isinstance(value, dict)):
            requests = [operation["requestBody"]] if "requestBody" in operation else []
            for body in [*requests, *operation.get("responses", {}).values()]:
                yield body in requests, body.get("content", {}).get(_JSON, {}).get("schema", {})


def _component(schema: dict[str, Json]) -> str | None:
    reference = unquote(schema.get("$ref", ""))
    name = reference.removeprefix("#/components/schemas/")
    return name if name != reference else None


def _class(module: str, name: str) -> Any:  # noqa: ANN401 - a class of generated code
    names = {_simple(known): known for known in importlib.import_module(module).__all__}
    return getattr(sys.modules[module], names.get(_simple(name), ""), None)


def _simple(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="nox -s fidelity --", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--examples", type=int, default=20_000, help="instances of each schema; default: 20000")
    parser.add_argument("--seed", type=int, default=1, help="default: 1")
    parser.add_argument("--spec", type=Path, default=ROOT / "spec" / "openapi.yaml", help="default: spec/openapi.yaml")
    return parser.parse_args(argv)


if __name__ == "__main__":
    raise SystemExit(main())
