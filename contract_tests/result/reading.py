"""Reads files that earlier runs wrote, or people after them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from contract_tests.result.file_error import FileError

if TYPE_CHECKING:
    from pathlib import Path

Model = TypeVar("Model", bound=BaseModel)


def read_model(model: type[Model], path: Path, flag: str, kind: str, remedy: str) -> Model:
    """Reads a file of JSON.

    `flag` names it, `kind` is what it should be, and `remedy` says what to do if it is not.

    Raises:
        FileError: there is no such file, or it is none of the kind.
    """
    try:
        return model.model_validate_json(path.read_bytes())
    except OSError as error:
        raise FileError(f"{flag} {path} cannot be read: {error.strerror}\n{remedy}") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise FileError(f"{flag} {path} is not {kind}: {place}: {first['msg']}\n{remedy}") from error
