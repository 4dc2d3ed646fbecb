"""The changes of keywords that mean something to users, and admit every value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scripts.drift.wording import changed
from spec.reader import ABSENT, escape, target_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scripts.drift.effects import Effect
    from scripts.drift.schemas.keywords import Part
    from scripts.drift.schemas.normal_form import Forms
    from spec.json_value import Json


def beside_changes(base: Forms, new: Forms, before: Part, now: Part) -> Iterator[tuple[str, str, Effect]]:
    """Yields the pointer, message and effect of each change, between the schemas that apply to a value."""
    for keyword, effect_of in _EFFECTS.items():
        old, (pointer, value) = _stated(base, before, keyword)[1], _stated(new, now, keyword)
        if old is ABSENT and value is ABSENT:
            continue
        where = pointer or _stated(base, before, keyword)[0]
        if keyword == "discriminator":
            yield from _discriminator(where, old, value)
        elif old != value or type(old) is not type(value):
            yield where, changed(where, old, value), effect_of(old, value)


def is_read_only(forms: Forms, part: Part) -> bool:
    """True if the schemas that apply to a value say that only responses have it."""
    return _stated(forms, part, "readOnly")[1] is True


def _stated(forms: Forms, sources: Part, keyword: str) -> tuple[str, Json]:
    """The pointer and value of the first statement; false is what an absent flag means."""
    for source in sources:
        value = forms.value(f"{source}/{keyword}")
        if value is not ABSENT and not (value is False and keyword in _FLAGS):
            return f"{source}/{keyword}", value
    return "", ABSENT


def _discriminator(where: str, before: Json, now: Json) -> Iterator[tuple[str, str, Effect]]:
    if before is ABSENT or now is ABSENT:
        yield where, changed(where, before, now), "harmless"
        return
    if before["propertyName"] != now["propertyName"]:
        pointer = f"{where}/propertyName"
        yield pointer, changed(pointer, before["propertyName"], now["propertyName"]), "different"
    old, new = (_mapping(side) for side in (before, now))
    for value in {**new, **old}:
        if old.get(value) != new.get(value):
            pointer = f"{where}/mapping/{escape(value)}"
            effect: Effect = "wider" if value not in old else "narrower" if value not in new else "different"
            yield pointer, changed(pointer, old.get(value, ABSENT), new.get(value, ABSENT)), effect


def _mapping(discriminator: dict[str, Any]) -> dict[str, str]:
    """The targets of a mapping as pointers, however they are written."""
    return {
        value: target_of(target) if target.startswith("#") else f"/components/schemas/{escape(target)}"
        for value, target in discriminator.get("mapping", {}).items()
    }


def _default(before: Json, _: Json) -> Effect:
    """A changed default changes the meaning of an absent value. A default stated for the first time breaks nobody."""
    return "harmless" if before is ABSENT else "different"


def _read_only(_: Json, now: Json) -> Effect:
    """A read-only property is no longer accepted."""
    return "narrower" if now is True else "harmless"


def _write_only(_: Json, now: Json) -> Effect:
    """A write-only property is no longer returned."""
    return "wider" if now is True else "harmless"


_FLAGS: Final = {"deprecated", "readOnly", "writeOnly"}
_EFFECTS: Final[dict[str, Callable[[Json, Json], Effect]]] = {
    "default": _default,
    "deprecated": lambda *_: "harmless",
    "readOnly": _read_only,
    "writeOnly": _write_only,
    "discriminator": lambda *_: "different",
    "xml": lambda *_: "different",
}
