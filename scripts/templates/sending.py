"""Sends a request and reads its response within a deadline and a size. httpx limits neither as a whole."""

import math
import socket
import threading
import time
import zlib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from queue import Empty, SimpleQueue
from typing import Any, Protocol, TypeVar

import httpx

from .recording import recorded

_Argument = TypeVar("_Argument")
_Result = TypeVar("_Result")
MAX_RESPONSE_BYTES = 8 * 2**20
"""The longest body that a client reads by default, in bytes."""
_UNREAD = "voiceos_client.unread"
"""The extension of an `httpx.Response` that says why its body could not be read."""
_CODINGS = {"gzip", "x-gzip"}
"""The content codings that are undone. No more than one is: with two, 500 bytes can hold 400 megabytes."""
_GZIP = 31
"""zlib's number for gzip."""
_OPENED = (".connect_tcp.complete", ".connect_unix_socket.complete", ".start_tls.complete")
"""The ends of the names of httpcore's events that tell of a new stream."""
_ends_at: ContextVar[float] = ContextVar("ends_at", default=math.inf)
"""The time by `time.monotonic()` at which the request of this thread or task must be over."""


class _Addresses:
    """The addresses of a host, looked up once for a request: what was looked up is what is connected to."""

    def __init__(self) -> None:
        self._left: list[str] = []
        self.has_next = False
        """True if the last address could not be connected to, and there is another one."""

    def take(self, host: str, seconds: float | None) -> str:
        """The address to connect to. The lookup takes so many seconds at most."""
        self.has_next = False
        self._left = self._left or _look_up(host, seconds)
        return self._left[0]

    def drop(self) -> None:
        """Leaves out the address that was taken, which could not be connected to."""
        self._left = self._left[1:]
        self.has_next = bool(self._left)


_addresses: ContextVar[_Addresses] = ContextVar("addresses")
"""The addresses of the host that the request of this thread is for."""


class Limits(Protocol):
    """The limits that a client of this package sets. Its `record` is no part of this: type checkers differ on attrs."""

    deadline: float | None
    max_response_bytes: int


class SyncClient(Limits, Protocol):
    """A client of this package."""

    def get_httpx_client(self) -> httpx.Client:
        """The client of httpx that sends its requests."""
        ...


class AsyncClient(Limits, Protocol):
    """A client of this package."""

    def get_async_httpx_client(self) -> httpx.AsyncClient:
        """The client of httpx that sends its requests."""
        ...


def send(client: SyncClient, kwargs: dict[str, Any]) -> httpx.Response:
    """Sends a request, and reads its response. `kwargs` are those of `httpx.Client.build_request`.

    Raises:
        httpx.TimeoutException: the deadline has passed, or a step took too long.
        httpx.HTTPError: there is no response.
    """
    http = client.get_httpx_client()
    deadline = _deadline(client, http.timeout)
    request = http.build_request(**_limited(kwargs, http.timeout, deadline), extensions={"trace": _watch})
    with recorded(getattr(client, "record", None), request) as note, _ending_at(time.monotonic() + deadline):
        response = _fetch(http, request)
        body = _Body(response, client.max_response_bytes)
        try:
            for piece in () if body.is_whole else response.iter_raw():
                if not body.take(piece):
                    break
        finally:
            response.close()
        return note.whole(body.response())


async def send_async(client: AsyncClient, kwargs: dict[str, Any]) -> httpx.Response:
    """Sends a request as `send` does, on asyncio or trio."""
    http = client.get_async_httpx_client()
    deadline = _deadline(client, http.timeout)
    request = http.build_request(**_limited(kwargs, http.timeout, deadline), extensions={"trace": _watch_async})
    with recorded(getattr(client, "record", None), request) as note, _ending_at(time.monotonic() + deadline):
        response = await _fetch_async(http, request)
        body = _Body(response, client.max_response_bytes)
        try:
            if not body.is_whole:
                async for piece in response.aiter_raw():
                    if not body.take(piece):
                        break
        finally:
            await response.aclose()
        return note.whole(body.response())


def unread(response: httpx.Response) -> str | None:
    """The reason why the body of a response could not be read; None if it was read."""
    reason: str | None = response.extensions.get(_UNREAD)
    return reason


class _Body:
    """The body of a response, as far as it was read. `limit` is its greatest length in bytes."""

    def __init__(self, response: httpx.Response, limit: int) -> None:
        self._response = response
        self._limit = limit
        self.is_whole = response.is_stream_consumed
        """True if a hook or a transport of the user's has read it, and has undone its content coding."""
        self._content = bytearray(response.content if self.is_whole else b"")

    def take(self, piece: bytes) -> bool:
        """Adds a piece; False if no more is wanted."""
        self._content += piece
        return len(self._content) <= self._limit

    def response(self) -> httpx.Response:
        """The response with its body. Where that cannot be read, an extension says why."""
        content, reason = self._decoded()
        if len(content) > self._limit:
            content, reason = content[: self._limit], f"the body is longer than {self._limit} bytes: this is its start"
        read = httpx.Response(self._response.status_code, content=content, request=self._response.request)
        read.headers = self._response.headers
        read.extensions = {**self._response.extensions, _UNREAD: reason}
        return read

    def _decoded(self) -> tuple[bytes, str | None]:
        content, coding = bytes(self._content), self._response.headers.get("Content-Encoding", "identity").lower()
        if self.is_whole or not content or coding == "identity" or len(content) > self._limit:
            return content, None
        if coding not in _CODINGS:
            return content, f"the body has the content coding {coding!r}, which the client does not undo"
        decoder = zlib.decompressobj(_GZIP)
        try:
            decoded = decoder.decompress(content, self._limit + 1)
        except zlib.error as error:
            return content, f"the body is not gzip, as its header field says: {error}"
        is_cut = not decoder.eof and len(decoded) <= self._limit
        return decoded, "the body breaks off within its gzip" if is_cut else None


def _fetch(http: httpx.Client, request: httpx.Request) -> httpx.Response:
    """The response, its body unread. httpx would read the bodies of redirects without a limit."""
    response = _send_once(http, request)
    for _ in range(http.max_redirects):
        if not (http.follow_redirects and response.next_request):
            return response
        response.close()
        response = _send_once(http, response.next_request)
    response.close()
    raise httpx.TooManyRedirects(f"there are more than {http.max_redirects} redirects", request=request)


def _send_once(http: httpx.Client, request: httpx.Request) -> httpx.Response:
    """The response by the first address of the host that can be connected to. Nothing is sent by any other."""
    addresses = _Addresses()
    token = _addresses.set(addresses)
    try:
        while True:
            try:
                return http.send(request, stream=True, follow_redirects=False)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if not addresses.has_next:
                    raise
    finally:
        _addresses.reset(token)


async def _fetch_async(http: httpx.AsyncClient, request: httpx.Request) -> httpx.Response:
    """The response, its body unread, as `_fetch` gives it."""
    response = await http.send(request, stream=True, follow_redirects=False)
    for _ in range(http.max_redirects):
        if not (http.follow_redirects and response.next_request):
            return response
        await response.aclose()
        response = await http.send(response.next_request, stream=True, follow_redirects=False)
    await response.aclose()
    raise httpx.TooManyRedirects(f"there are more than {http.max_redirects} redirects", request=request)


def _deadline(client: Limits, timeout: httpx.Timeout) -> float:
    """The deadline in seconds: the client's, else the longest step of its timeout."""
    if client.deadline is not None:
        return client.deadline
    steps = timeout.as_dict().values()
    return math.inf if None in steps else max(step for step in steps if step is not None)


def _limited(kwargs: dict[str, Any], timeout: httpx.Timeout, deadline: float) -> dict[str, Any]:
    """The arguments with no step longer than the deadline, and with the one content coding that is undone."""
    steps = {name: min(math.inf if step is None else step, deadline) for name, step in timeout.as_dict().items()}
    limits = httpx.Timeout(**{name: None if math.isinf(step) else step for name, step in steps.items()})
    return {**kwargs, "headers": {**kwargs.get("headers", {}), "Accept-Encoding": "gzip"}, "timeout": limits}


@contextmanager
def _ending_at(moment: float) -> Generator[None, None, None]:
    """Sets the time at which the request of this thread or task must be over."""
    token = _ends_at.set(moment)
    try:
        yield
    finally:
        _ends_at.reset(token)


def _watch(event: str, info: dict[str, Any]) -> None:
    """Has each new connection wait no longer than until the deadline of the request that uses it.

    httpx limits each wait only, and a server that sends a byte now and then would never be too late. It does not limit
    the lookup of a host's name. So the name is looked up here. httpcore connects with the arguments that its event
    tells of, so the address goes in place of the name. Certificates are compared with the name all the same.
    """
    if event.endswith(".connect_tcp.started"):
        info["host"] = _addresses.get().take(info["host"], _left(info["timeout"]))
        info["timeout"] = _left(info["timeout"])
    if event.endswith(".connect_tcp.failed"):
        _addresses.get().drop()
    if event.endswith(_OPENED):
        _limit_stream(info)


async def _watch_async(event: str, info: dict[str, Any]) -> None:
    """Does the same for connections of asyncio and trio, which limit the lookup themselves."""
    if event.endswith(".connect_tcp.started"):
        _left(None)
    if event.endswith(_OPENED):
        _limit_stream(info)


def _look_up(host: str, seconds: float | None) -> list[str]:
    """The addresses of a host, each once. The system's lookup can be stopped by no call, so it has its own thread.

    Raises:
        httpx.ConnectTimeout: the lookup took longer than so many seconds.
        httpx.ConnectError: there is no such host.
    """
    answer: SimpleQueue[list[str] | Exception] = SimpleQueue()
    threading.Thread(target=_find_addresses, args=(host, answer), daemon=True).start()
    try:
        found = answer.get(timeout=seconds)
    except Empty:
        raise httpx.ConnectTimeout(f"the lookup of {host} took too long") from None
    if isinstance(found, Exception):
        raise httpx.ConnectError(str(found)) from found
    return found


def _find_addresses(host: str, answer: SimpleQueue[list[str] | Exception]) -> None:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        answer.put(list(dict.fromkeys(str(address[0]) for *_, address in found)))
    except (OSError, UnicodeError) as error:
        answer.put(error)


def _limit_stream(info: dict[str, Any]) -> None:
    """Limits each wait of the stream of httpcore that an event tells of."""
    stream = info["return_value"]
    stream.read, stream.write = _in_time(stream.read), _in_time(stream.write)


def _in_time(wait: Callable[[_Argument, float | None], _Result]) -> Callable[[_Argument, float | None], _Result]:
    """Makes a method of a stream wait no longer than the time that is left."""

    def wait_in_time(argument: _Argument, timeout: float | None = None) -> _Result:
        return wait(argument, _left(timeout))

    return wait_in_time


def _left(timeout: float | None) -> float | None:
    """The time to wait, in seconds. Raises httpx.ReadTimeout if the deadline has passed."""
    left = _ends_at.get() - time.monotonic()
    if left <= 0:
        raise httpx.ReadTimeout("the deadline has passed before the whole response came")
    shorter = min(left, math.inf if timeout is None else timeout)
    return None if math.isinf(shorter) else shorter


__all__ = ["MAX_RESPONSE_BYTES", "AsyncClient", "Limits", "SyncClient", "send", "send_async", "unread"]
