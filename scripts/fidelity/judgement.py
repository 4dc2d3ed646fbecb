"""The judgement on one instance: do the spec and the generated code agree on it, and does the code keep all of it?"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pydantic

from scripts.fidelity.sameness import is_same

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.fidelity.subjects import Subject
    from spec.json_value import Json


@dataclass(frozen=True)
class KnownDifference:
    """A kind of instance that the spec accepts and the models reject, because a library cannot hold it."""

    title: str
    issue: str
    """The URL of the library's issue."""
    schema: Json
    example: Json
    """An instance of the schema that the models' type for it rejects."""
    pattern: str

    def explains(self, error: pydantic.ValidationError) -> bool:
        """True if each error is about a value that matches `pattern`."""
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


_YEAR_0: Final = "year 0 is out of range"
"""The error of a client that reads a date in the year 0000, which `datetime` cannot hold."""


class DisagreementError(AssertionError):
    """The spec and the generated code differ over an instance."""

    def __init__(self, subject: Subject, instance: Json, difference: str) -> None:
        super().__init__(f"{subject.name}: {difference}\n  {json.dumps(instance)}")


def judge(subject: Subject, instance: Json) -> bool:
    """Judges an instance, and returns True if it is valid by the spec.

    The models judge by the statements that they hold; generation tells the others.

    Raises:
        DisagreementError: the models judge otherwise, or the models or the client lose or change a part of it.
    """
    errors = [error.message for error in subject.held.iter_errors(instance)]
    model, text = subject.model, json.dumps(instance)
    parses = (lambda: model.validate_python(instance), lambda: model.validate_json(text))
    accepted = [_accepts(subject, instance, errors, parse) for parse in parses]
    is_valid = subject.validator.is_valid(instance)
    if all(accepted):
        parsed = model.validate_json(text)
        for kept in (
            model.dump_python(parsed, mode="json", exclude_unset=True),
            json.loads(model.dump_json(parsed, exclude_unset=True)),
        ):
            _check_same(subject, instance, kept, "the models")
        if is_valid:
            _check_same(subject, instance, _through_client(subject, instance), "the client")
    return is_valid


def _accepts(subject: Subject, instance: Json, errors: list[str], parse: Callable[[], object]) -> bool:
    """True if the models accept the instance. `errors` are those that the spec finds in it."""
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
        if str(error) == _YEAR_0:
            return instance
        message = f"the client cannot read this: {type(error).__name__}: {error}"
        raise DisagreementError(subject, instance, message) from error


def _check_same(subject: Subject, instance: Json, kept: Json, who: str) -> None:
    if not is_same(instance, kept):
        raise DisagreementError(subject, instance, f"in {who} this becomes {json.dumps(kept)}")
