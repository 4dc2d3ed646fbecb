"""The effects of changes on the data that may travel."""

from __future__ import annotations

from typing import Final, Literal

Effect = Literal["narrower", "wider", "different", "harmless"]
"""Fewer values are admitted than before, more, or others; or the change hurts nobody."""

HURT: Final[dict[Effect, frozenset[str]]] = {
    "narrower": frozenset({"request"}),
    "wider": frozenset({"response"}),
    "different": frozenset({"request", "response"}),
    "harmless": frozenset(),
}
"""The directions of data in which an effect breaks a client: it may send less, or must expect more."""
