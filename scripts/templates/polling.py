"""Asks again until something is over. Only operations that cost nothing are asked so: none places a call."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

_Answer = TypeVar("_Answer")


def poll(ask: Callable[[], _Answer], field: str, over: tuple[str, ...], longest: float, pause: float) -> _Answer:
    """Asks until a field of the answer has one of some values, with a pause in between, in seconds.

    An answer without the field, such as a refusal, is returned at once.

    Raises:
        TimeoutError: that did not happen within `longest` seconds.
    """
    ends_at = time.monotonic() + longest
    while (value := _value(answer := ask(), field)) is not None and value not in over:
        time.sleep(min(pause, _left(f"{field} is still {value!r} after {longest:g} s", ends_at)))
    return answer


async def poll_async(
    ask: Callable[[], Awaitable[_Answer]], field: str, over: tuple[str, ...], longest: float, pause: float
) -> _Answer:
    """Asks as `poll` does, and lets other tasks run in between."""
    ends_at = time.monotonic() + longest
    while (value := _value(answer := await ask(), field)) is not None and value not in over:
        left = _left(f"{field} is still {value!r} after {longest:g} s", ends_at)
        await asyncio.sleep(min(pause, left))
    return answer


def _value(answer: object, field: str) -> object:
    """The value of a field of an answer as JSON; None if the answer has no such field."""
    fields: dict[str, object] = getattr(answer, "to_dict", dict)()
    return fields.get(field)


def _left(state: str, ends_at: float) -> float:
    """The seconds that are left. Raises TimeoutError if there are none."""
    left = ends_at - time.monotonic()
    if left <= 0:
        raise TimeoutError(f"{state}; ask again later")
    return left
