"""The drift gate: asks its questions side by side, and gathers the answers in a report."""

from __future__ import annotations

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from scripts.drift.base import Base, BaseError, find_base
from scripts.drift.classify import classify
from scripts.drift.code_names import Names, read_packages
from scripts.drift.differences import Change
from scripts.drift.report import Explained, Report
from scripts.drift.samples import find_wrong_samples
from scripts.drift.values import find_wrong_values
from scripts.drift.version import judge_version
from scripts.generate.largest_part import explain_slowness
from scripts.generate.run_generator import GenerationError
from scripts.generate.soundness import find_unreadable
from scripts.generate.update import update
from scripts.processor_time import describe_limit
from scripts.redocly.answer import RedoclySlowError, call
from scripts.redocly.node import RedoclyError
from spec.reader import Problem, Spec, SpecError, read_spec

if TYPE_CHECKING:
    from concurrent.futures import Future

    from scripts.generate import folder_difference

T = TypeVar("T")
U = TypeVar("U")


def run(spec_path: Path, output: Path, named_base: str | None) -> Report:
    """Judges a spec, and returns the report. Errors on the way are in the report too."""
    started = time.monotonic()
    try:
        spec = read_spec(spec_path)
        if problems := find_unreadable(spec):
            raise spec.error(problems)
        report = _judge(spec, output, named_base)
    except SpecError as error:
        report = Report(spec_path, output, errors=(error,))
    except OSError as error:
        report = Report(spec_path, output, failures=(str(error),))
    return replace(report, seconds=time.monotonic() - started)


def _judge(spec: Spec, output: Path, named_base: str | None) -> Report:
    """Judges a spec that is safe to hand to every tool: it refers to nothing outside, and has the shape of OpenAPI."""
    answers = _Answers()
    with tempfile.TemporaryDirectory(prefix="drift-") as name, ThreadPoolExecutor() as pool:
        copy = Path(name, "openapi.yaml")  # the user's file may change meanwhile
        copy.write_bytes(spec.text.encode())
        generated = pool.submit(update, spec, output, check=True)
        linted = pool.submit(_lint, spec, copy)
        based = pool.submit(find_base, named_base, spec.path, output)
        stale = answers.take(generated, [])
        lint = answers.take(linted, _Lint())
        base = answers.take(based, None)
    is_valid = not answers.errors
    if is_valid:
        problems = [*lint.errors, *find_wrong_values(spec)]
        answers.errors += [spec.error(problems)] if problems else []
        answers.errors += find_wrong_samples(spec, spec.path.parent / "samples")
    if not is_valid:
        base = None  # an invalid spec cannot be compared
    changes = answers.compare(base, base.spec, spec) if base and base.spec else []
    return _report(spec, answers, _Found(output, stale, lint.warnings, base, changes))


@dataclass
class _Answers:
    """The errors and failures among the answers."""

    errors: list[SpecError] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def take(self, question: Future[T], otherwise: U) -> T | U:
        """The answer to a question, or `otherwise`. The reason for a missing answer is kept."""
        try:
            return question.result()
        except SpecError as error:
            self.errors.append(error)
        except (BaseError, GenerationError, RedoclyError, OSError) as error:
            self.failures.append(str(error))
        return otherwise

    def compare(self, base: Base, before: Spec, spec: Spec) -> list[Change]:
        """The changes since the base, or nothing if schemas apply one another too often for Python's stack."""
        try:
            return classify(before, spec)
        except RecursionError:
            self.failures.append(
                f"{spec.path} cannot be compared: more than a hundred schemas apply one another in a row, "
                "by `allOf`, `anyOf`, `oneOf` or `not`; put some of them into one schema"
            )
            return []
        except Exception:
            # No part of a malformed base is what it should be. With a sound one, it is a mistake of ours.
            if base.unsound is None:
                raise
            return [Change("breaking", "", spec.place(""), _INCOMPARABLE)]


_INCOMPARABLE: Final = "The base is too malformed to be compared with. So any change may break users."


@dataclass(frozen=True)
class _Lint:
    """The problems that Redocly CLI finds, by the severity that redocly.yaml gives to their rules."""

    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def _lint(spec: Spec, copy: Path) -> _Lint:
    found = _Lint()
    for entry in _ask(spec, "lint", copy, "--max-problems=1000")["problems"]:
        pointer = entry["location"][0]["pointer"].removeprefix("#")
        problem = spec.problem(pointer, f"{entry['message']} ({entry['ruleId']})")
        (found.errors if entry["severity"] == "error" else found.warnings).append(problem)
    return found


def _ask(spec: Spec, *arguments: str | Path) -> dict[str, Any]:
    """An answer of Redocly CLI. If it takes too long, the error names the largest part of the spec."""
    try:
        return call(*arguments)
    except RedoclySlowError as error:
        raise RedoclyError(explain_slowness(spec, f"`redocly {arguments[0]}`", describe_limit())) from error


@dataclass(frozen=True)
class _Found:
    """The results of generation and comparison."""

    output: Path
    stale: list[folder_difference.Difference]
    style: list[Problem]
    base: Base | None
    changes: list[Change]


def _report(spec: Spec, answers: _Answers, found: _Found) -> Report:
    """The report on all answers together."""
    base, before = found.base, found.base.spec if found.base else None
    changes = found.changes
    there = _python_files(found.output) if changes else {}
    mended = there | {entry.path: entry.expected for entry in found.stale}
    names = Names(before, read_packages((base and base.code) or there), read_packages(mended))
    return Report(
        spec=spec.path,
        output=found.output,
        errors=tuple(answers.errors),
        failures=tuple(answers.failures),
        style=spec.error(found.style) if found.style else None,
        stale=tuple(found.stale),
        base=base.name if base else None,
        has_base=before is not None,
        unsound_base=base.unsound if base else None,
        changes=tuple(Explained(change, names.of(change)) for change in changes),
        bump=judge_version(spec, before, {change.impact for change in changes}) if base or not answers.errors else None,
    )


def _python_files(folder: Path) -> dict[str, bytes | None]:
    """The Python files of a folder, by path."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*.py"))}
