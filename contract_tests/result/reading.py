"""Reads files that earlier runs wrote, or people after them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from contract_tests.result.file_error import FileError
from contract_tests.result.part import UNREADABLE, Part, decode_part

if TYPE_CHECKING:
    from pathlib import Path

Model = TypeVar("Model", bound=Part)


def read_model(model: type[Model], path: Path, flag: str, kind: str, remedy: str) -> Model:
    """Reads a file of JSON.

    `flag` names it, `kind` is what it should be, and `remedy` says what to do if it is not.

    Raises:
        FileError: there is no such file, or it is none of the kind.
    """
    try:
        return decode_part(path.read_bytes(), model)
    except OSError as error:
        raise FileError(f"{flag} {path} cannot be read: {error.strerror}\n{remedy}") from error
    except UNREADABLE as error:
        problem, _, place = str(error).partition(" - at `$")
        where = place.removesuffix("`").removeprefix(".") or "the file"
        raise FileError(f"{flag} {path} is not {kind}: {where}: {problem}\n{remedy}") from error
