"""The judgement on one instance: do the spec and the generated code agree on it, and does the code keep all of it?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pydantic

from scripts.fidelity.explanation import is_explained
from scripts.fidelity.sameness import is_same

if TYPE_CHECKING:
    from collections.abc import Callable

    from jsonschema_rs import ValidationError

    from scripts.fidelity.subjects import Subject
    from spec.json_value import Json


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
    errors, held = (list(one.iter_errors(instance)) for one in (subject.validator, subject.held))
    _check_told(subject, instance, errors, held)
    if _is_accepted(subject, instance, held):
        text = json.dumps(instance)
        parsed = subject.model.validate_json(text)
        for kept in (
            subject.model.dump_python(parsed, mode="json", exclude_unset=True),
            json.loads(subject.model.dump_json(parsed, exclude_unset=True)),
        ):
            _check_same(subject, instance, kept, "the models")
        if not errors:
            _check_same(subject, instance, _through_client(subject, instance), "the client")
    return not errors


def _check_told(subject: Subject, instance: Json, errors: list[ValidationError], held: list[ValidationError]) -> None:
    """Raises DisagreementError if the statements that are held judge otherwise, and generation tells of no reason.

    `errors` are those that the spec finds in the instance, `held` those that the statements find.
    """
    document = subject.spec.document
    if errors and not held and not is_explained(errors, subject.pointer, document, subject.told):
        message = f"generation tells of no statement by which the spec alone rejects this: {errors[0].message}"
        raise DisagreementError(subject, instance, message)
    if held and not errors and not all(error.kind.name == "type" for error in held):
        message = f"the spec does not state what the models are generated from: {held[0].message}"
        raise DisagreementError(subject, instance, message)


def _is_accepted(subject: Subject, instance: Json, held: list[ValidationError]) -> bool:
    """True if the models accept the instance, from Python and from JSON, as the statements that they hold do."""
    model, text = subject.model, json.dumps(instance)
    parses = (lambda: model.validate_python(instance), lambda: model.validate_json(text))
    accepted = [_accepts(subject, instance, held, parse) for parse in parses]  # both, whatever the first one says
    return all(accepted)


def _accepts(subject: Subject, instance: Json, held: list[ValidationError], parse: Callable[[], object]) -> bool:
    try:
        parse()
    except pydantic.ValidationError as error:
        if not held:
            raise DisagreementError(subject, instance, f"only the models reject this: {error}") from error
        return False
    if held:
        raise DisagreementError(subject, instance, f"only the spec rejects this: {held[0].message}")
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
