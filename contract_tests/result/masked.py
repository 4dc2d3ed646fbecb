"""A result without secrets: exchanges are judged as they were, and a statement about one may quote the token."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar, get_origin, get_type_hints

from msgspec import structs

from contract_tests.result.part import Part

if TYPE_CHECKING:
    from collections.abc import Callable

Model = TypeVar("Model", bound=Part)
_OWN: Final = {
    # Told without secrets when the finding was made; a request holds templates that are to be sent again.
    *("before", "request", "response", "reproduce"),
    # Words of ours, or of the spec.
    *("check", "location", "operation", "pointer", "name", "witness", "spec_version", "spec_sha256", "reports"),
}
"""The fields whose texts stay as they are, beside those with a closed list of values."""


def mask_texts(model: Model, hide: Callable[[str], str]) -> Model:
    """The model with all texts hidden by a function, but for those that are words of ours or of the spec."""
    return structs.replace(model, **{name: _mask(getattr(model, name), hide) for name in _told(type(model))})


@cache
def _told(model: type[Part]) -> tuple[str, ...]:
    """The fields of a model whose texts tell of what was sent and received."""
    kinds = get_type_hints(model)
    fields = (name for name in model.__struct_fields__ if name not in _OWN)
    return tuple(name for name in fields if get_origin(kinds[name]) is not Literal)


def _mask(value: Any, hide: Callable[[str], str]) -> Any:  # noqa: ANN401 - of any field
    match value:
        case str():
            return hide(value)
        case tuple():
            return tuple(_mask(item, hide) for item in value)
        case Part():
            return mask_texts(value, hide)
        case _:
            return value
