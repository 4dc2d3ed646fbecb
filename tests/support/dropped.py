"""Exceptions that Python drops, for they are raised where nobody can catch them."""

from __future__ import annotations

import weakref


class _Thing:
    """A thing that a weak reference can point to."""


def drop(error: BaseException) -> None:
    """Raises an exception in the callback of a weak reference."""

    def raise_it(_: object) -> None:
        raise error

    thing = _Thing()
    reference = weakref.ref(thing, raise_it)
    del thing
    del reference  # it was alive until its thing was gone, as it must be
