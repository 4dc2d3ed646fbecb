"""How many calls a run may still make. What is under way counts as made until it is known not to be."""

from __future__ import annotations

import asyncio


class Budget:
    """The calls of a run, and their limit."""

    def __init__(self, limit: int | None) -> None:
        self._limit = limit
        self._made = 0
        self._under_way = 0
        self._changed = asyncio.Condition()

    async def reserve(self) -> bool:
        """Sets a call aside, once that can be; False if the limit is reached."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._is_reached or self._is_free)
            if self._is_reached:
                return False
            self._under_way += 1
            return True

    async def settle(self, *, made: bool) -> None:
        """Gives back what was set aside, or takes it for made."""
        async with self._changed:
            self._under_way -= 1
            self._made += made
            self._changed.notify_all()

    @property
    def _is_reached(self) -> bool:
        return self._limit is not None and self._made >= self._limit

    @property
    def _is_free(self) -> bool:
        return self._limit is None or self._made + self._under_way < self._limit
