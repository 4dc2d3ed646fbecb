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
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pydantic
from hypothesis import HealthCheck, Phase, given, seed, settings

from scripts.fidelity.instances import FAMILY, Instances
from scripts.fidelity.sameness import Json, is_same
from scripts.fidelity.subjects import Subject, subjects
from spec.reader import SpecError, read_spec

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT: Final = Path(__file__).resolve().parents[2]
KEPT: Final = 0
BROKEN: Final = 1
INTERRUPTED: Final = 130


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


def judge(subject: Subject, instance: Json) -> bool:
    """Whether the instance is valid.

    Raises:
        DisagreementError: the models judge otherwise, or the models or the client lose something of it.
    """
    errors = [error.message for error in subject.validator.iter_errors(instance)]
    model, text = subject.model, json.dumps(instance)
    parses = (lambda: model.validate_python(instance), lambda: model.validate_json(text))
    accepted = [_accepts(subject, instance, errors, parse) for parse in parses]
    if all(accepted):
        parsed = model.validate_json(text)
        for kept in (
            model.dump_python(parsed, mode="json", exclude_unset=True),
            json.loads(model.dump_json(parsed, exclude_unset=True)),
        ):
            _check_same(subject, instance, kept, "the models")
        _check_same(subject, instance, _through_client(subject, instance), "the client")
    return not errors


def _accepts(subject: Subject, instance: Json, errors: list[str], parse: Callable[[], object]) -> bool:
    """Whether the models accept an instance in which the spec finds these errors. They reject a known difference."""
    try:
        parse()
    except pydantic.ValidationError as error:
        if not errors and not any(known.explains(error) for known in KNOWN):
            raise DisagreementError(subject, instance, f"only the models reject this: {error}") from error
        return False
    if errors:
        raise DisagreementError(subject, instance, f"only the spec rejects this: {errors[0]}")
    return True


def _through_client(subject: Subject, instance: Json) -> Json:
    try:
        return subject.client.from_dict(instance).to_dict()
    except Exception as error:
        message = f"the client cannot read this: {type(error).__name__}: {error}"
        raise DisagreementError(subject, instance, message) from error


def _check_same(subject: Subject, instance: Json, kept: Json, who: str) -> None:
    if not is_same(instance, kept):
        raise DisagreementError(subject, instance, f"in {who} this becomes {json.dumps(kept)}")


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
    def judge_family(family: list[Json]) -> None:
        counts.update(judge(subject, instance) for instance in family)
        if tick:
            tick(counts.total())

    judge_family()
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


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of instances: 1 or more")
    return int(text)


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="nox -s fidelity --", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--examples", type=_count, default=20_000, help="instances of each schema; default: 20000")
    parser.add_argument("--seed", type=int, default=1, help="default: 1")
    parser.add_argument("--spec", type=Path, default=ROOT / "spec" / "openapi.yaml", help="default: spec/openapi.yaml")
    return parser.parse_args(argv)


if __name__ == "__main__":
    raise SystemExit(main())
