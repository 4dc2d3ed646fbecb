"""Places in the base and in the spec, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from spec.document import resolve
from spec.reader import ABSENT, escape, value_or_absent

if TYPE_CHECKING:
    from spec.json_value import Json


class Places(NamedTuple):
    """The pointers of one part, in the base and in the spec."""

    before: str
    now: str

    def below(self, key: str) -> Places:
        """The places of an entry of both."""
        return Places(*(f"{pointer}/{escape(key)}" for pointer in self))


@dataclass(frozen=True)
class Documents:
    """The documents of the base and of the spec."""

    base: dict[str, Any]
    spec: dict[str, Any]

    def values(self, places: Places) -> tuple[Json, Json]:
        """The values at two places; ABSENT where there is none."""
        return value_or_absent(self.base, places.before), value_or_absent(self.spec, places.now)

    def objects(self, places: Places) -> tuple[dict[str, Any], dict[str, Any]]:
        """The objects at two places; empty ones where there is none."""
        before, now = self.values(places)
        return before if isinstance(before, dict) else {}, now if isinstance(now, dict) else {}

    def are_there(self, places: Places) -> tuple[bool, bool]:
        """True for each side that has a value."""
        before, now = self.values(places)
        return before is not ABSENT, now is not ABSENT

    def resolved(self, places: Places) -> Places:
        """The places that references at these lead to."""
        return Places(resolve(self.base, places.before), resolve(self.spec, places.now))

    def names(self, places: Places) -> list[str]:
        """The keys of both objects, those of the spec first."""
        before, now = self.objects(places)
        return [*dict.fromkeys([*now, *before])]
