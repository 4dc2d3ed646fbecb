"""The changes of the credentials that operations demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from scripts.drift.schemas.demands import text_of
from scripts.drift.wording import subject
from spec.document import resolve
from spec.reader import ABSENT, escape, value_or_absent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.drift.effects import Effect
    from scripts.drift.objects.sides import Documents, Places

SCHEMES: Final = "/components/securitySchemes"
_FOR_PEOPLE: Final = {"description", "bearerFormat"}


class Alternative(NamedTuple):
    """Credentials that are enough: the scopes demanded of each scheme. `name` is for people."""

    pointer: str
    name: str
    scopes: dict[str, frozenset[str]]

    def suffices_for(self, other: Alternative) -> bool:
        """True if whoever has these credentials has the other ones too."""
        return all(scheme in self.scopes and scopes <= self.scopes[scheme] for scheme, scopes in other.scopes.items())


def compare_security(documents: Documents, operation: Places, *, is_sent: bool) -> Iterator[tuple[str, str, Effect]]:
    """Yields the changes of the credentials that an operation demands, or that come with it if the server sends it."""
    before = _alternatives(documents.base, operation.before, documents.spec)
    now = _alternatives(documents.spec, operation.now, documents.base)
    yield from _received(before, now) if is_sent else _demanded(before, now)


def _received(before: list[Alternative], now: list[Alternative]) -> Iterator[tuple[str, str, Effect]]:
    """Yields the changes of the credentials of webhooks and callbacks, which their receivers check.

    A receiver may rely on all that came before. Scopes are for who grants them.
    """
    known = "; or with ".join(old.name for old in before)
    for new in now:
        if not any(old.scopes.keys() <= new.scopes.keys() for old in before):
            message = f"Security: requests come with {new.name} now. Before, they came with {known}."
            yield new.pointer, message, "different"
        elif new.scopes.keys() not in [old.scopes.keys() for old in before]:
            yield new.pointer, f"Security: requests come with {new.name} now.", "harmless"


def _demanded(before: list[Alternative], now: list[Alternative]) -> Iterator[tuple[str, str, Effect]]:
    """Yields the changes of the credentials that clients need."""
    lost = [old for old in before if not any(old.suffices_for(new) for new in now)]
    for old in lost:
        where = next((new.pointer for new in now if new.pointer == old.pointer), now[0].pointer)
        enough = "; or ".join(new.name for new in now)
        yield where, f"Security: {old.name} no longer suffices. What suffices now: {enough}.", "different"
    known, left = ([each.scopes for each in side] for side in (before, now))
    added = [new for new in now if new.scopes not in known]
    for new in added if not lost else ():
        yield new.pointer, f"Security: {new.name} suffices now.", "harmless"
    for old in before if not (lost or added) else ():
        if old.scopes not in left:
            enough = "; or ".join(new.name for new in now if old.suffices_for(new))
            message = f"Security: {old.name} is no longer named. Clients with it still get in: {enough} suffices."
            yield now[0].pointer, message, "harmless"


def compare_flow_scopes(documents: Documents, flow: Places) -> Iterator[tuple[str, str, Effect]]:
    """Yields the scopes that an OAuth flow gained or lost."""
    places = flow.below("scopes")
    before, now = documents.objects(places)
    for name in documents.names(places):
        if name not in before:
            yield places.below(name).now, subject(places.below(name).now, "was added"), "harmless"
        elif name not in now:
            yield places.below(name).before, subject(places.below(name).before, "was removed"), "different"


def demands(document: dict[str, Any], operation: str, scheme: str) -> bool:
    """True if an operation takes credentials of a scheme."""
    return any(scheme in alternative for _, alternative in _stated(document, operation))


def _stated(document: dict[str, Any], operation: str) -> list[tuple[str, dict[str, list[str]]]]:
    """The alternatives that an operation states, or the document for all, with their pointers."""
    for owner in (operation, ""):
        stated = value_or_absent(document, f"{owner}/security")
        if stated is not ABSENT:
            each = [(f"{owner}/security/{index}", alternative) for index, alternative in enumerate(stated)]
            return each or [(f"{owner}/security", {})]
    return [("/security", {})]


def _alternatives(document: dict[str, Any], operation: str, other: dict[str, Any]) -> list[Alternative]:
    return [
        Alternative(
            pointer,
            " and ".join(f"`{name}`" for name in alternative) or "access without credentials",
            {_meaning(document, name, other): frozenset(scopes) for name, scopes in alternative.items()},
        )
        for pointer, alternative in _stated(document, operation)
    ]


def _meaning(document: dict[str, Any], name: str, other: dict[str, Any]) -> str:
    """The name of a scheme that both documents have; for one that may have been renamed, everything it says."""
    pointer = f"{SCHEMES}/{escape(name)}"
    scheme = value_or_absent(document, resolve(document, pointer))
    if not isinstance(scheme, dict) or value_or_absent(other, pointer) is not ABSENT:
        return name
    return text_of({key: value for key, value in scheme.items() if key not in _FOR_PEOPLE and key[:2] != "x-"})
