"""Asks again until something is over. Only operations that cost nothing are asked so, and none of them places a call."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

_Answer = TypeVar("_Answer")


def poll(ask: Callable[[], _Answer], field: str, over: tuple[str, ...], timeout: float, pause: float) -> _Answer:
    """Asks until a field of the answer has one of some values, with a pause in between, in seconds.

    An answer without the field, such as a refusal, is returned at once.

    Raises:
        TimeoutError: that did not happen within `timeout` seconds.
    """
    ends_at = time.monotonic() + timeout
    while not _is_last(answer := ask(), field, over):
        time.sleep(_next_pause(answer, field, ends_at, pause, timeout))
    return answer


async def poll_async(
    ask: Callable[[], Awaitable[_Answer]], field: str, over: tuple[str, ...], timeout: float, pause: float
) -> _Answer:
    """Asks as `poll` does, and lets other tasks run in between."""
    ends_at = time.monotonic() + timeout
    while not _is_last(answer := await ask(), field, over):
        await asyncio.sleep(_next_pause(answer, field, ends_at, pause, timeout))
    return answer


def _is_last(answer: Any, field: str, over: tuple[str, ...]) -> bool:
    """Tells whether an answer is the last one: it is over, or the answer is no success."""
    fields = answer.to_dict() if hasattr(answer, "to_dict") else {}
    return field not in fields or fields[field] in over


def _next_pause(answer: Any, field: str, ends_at: float, pause: float, timeout: float) -> float:
    """The seconds until the next time, at most until the end. Raises TimeoutError if that has come."""
    left = ends_at - time.monotonic()
    if left <= 0:
        raise TimeoutError(f"{field} is still {answer.to_dict()[field]!r} after {timeout:g} s; ask again later")
    return min(pause, left)
