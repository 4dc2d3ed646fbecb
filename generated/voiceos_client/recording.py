"""Records what a client sends and receives as NDJSON, masked, in a thread of its own. It never fails a request."""

import atexit
import base64
import errno
import json
import logging
import os
import re
import sys
import threading
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager, suppress
from os import PathLike, fspath
from queue import SimpleQueue
from random import Random
from typing import Any
from weakref import WeakSet

import httpx

from .server import PERSONAL
from .types import is_list, is_object

Exchange = dict[str, Any]
"""A request and what came back, as JSON: `{"request": {…}, "response": {…}}`, with null for no response."""
MAX_WAITING = 16 * 2**20
"""How much waits to be written at most, in bytes of bodies. What comes then is dropped, and counted."""
MASKED = "[masked]"
"""Stands in place of a possible secret."""
SHOWN = frozenset(
    (
        "accept",
        "accept-encoding",
        "allow",
        "content-encoding",
        "content-length",
        "content-type",
        "date",
        "retry-after",
        "server",
        "user-agent",
    )
)
"""The header fields whose values are recorded. Any other may hold a secret."""
_HARMLESS = SHOWN | {"connection", "host", "transfer-encoding"}
"""The header fields whose values are not looked for in bodies."""
_UNDONE = frozenset(("content-encoding", "content-length", "transfer-encoding"))
"""The header fields about a form of the body that is not recorded."""
_NUMBER = re.compile(r"\+\d{7,15}(?!\d)|(?<=\")(?:00)?\d{8,15}(?=\")")
"""A phone number with its country code wherever it stands, or one without that is a whole text of JSON."""
_WHOLE_NUMBER = re.compile(r"\+\d{7,15}|\d{8,15}")
"""A personal text that is a phone number. It is masked as all numbers are: else all of them would look the same."""
_SHORTEST_TOKEN = 8
"""The shortest token that is looked for in bodies, in characters. A shorter one may be a part of any word."""
_OF_A_HEAD = 2048
"""The least that an exchange takes while it waits, in bytes."""
_AT_EXIT = 2.0
"""How long the end of the process waits for what is to be written, in seconds."""
_log = logging.getLogger(__name__)
_chance = Random()  # noqa: S311 - a sample is no secret
"""Draws the samples. The generator that all modules share would give a program that seeds it other numbers."""


class Recorder:
    """Records exchanges: as lines of a file, or by a callable that gets each as JSON.

    A file is appended to, and only its owner may read it. Clients may share a recorder. Credentials and the values of
    header fields are masked, phone numbers keep their last 4 digits, and of texts that the contract calls personal, the
    letters and digits are replaced by x. The first exchange that cannot be recorded is told to `logging`, as a warning.

    Attributes:
        share: The share of exchanges that are recorded, drawn at random: 0.01 for about one in a hundred.
        written: How many exchanges were written.
        dropped: How many were not, because too much was waiting, or they could not be written.
        problem: Why an exchange was not, last.
    """

    def __init__(self, to: str | PathLike[str] | Callable[[Exchange], object], *, share: float = 1.0) -> None:
        """Makes a recorder.

        Raises:
            ValueError: the share is not between 0 and 1.
        """
        if not 0 <= share <= 1:
            raise ValueError(f"share is {share}: it must be between 0 and 1")
        self.share = share
        self.written = 0
        self.dropped = 0
        self.problem: str | None = None
        self._give = to if callable(to) else _Lines(fspath(to)).write
        self._begin()
        _recorders.add(self)

    def _begin(self) -> None:
        """Begins without a thread. A forked process does so too: it has none, and another one writes what waits."""
        self._queue: SimpleQueue[tuple[httpx.Request, httpx.Response | None] | threading.Event] = SimpleQueue()
        self._waiting = 0
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(self, request: httpx.Request, response: httpx.Response | None) -> None:
        """Takes an exchange. It never waits for it to be written, and never raises."""
        try:
            if _chance.random() < self.share:
                self._put(request, response)
        except Exception as error:  # noqa: BLE001 - such as where no thread can be started
            self._note_dropped(error)

    def _put(self, request: httpx.Request, response: httpx.Response | None) -> None:
        size = _size(request, response)
        with self._lock:
            if self._waiting + size > MAX_WAITING:
                raise BufferError(f"more than {MAX_WAITING >> 20} MiB waited to be written")
            self._start()
            self._waiting += size
        self._queue.put((request, response))

    def flush(self, seconds: float = 10.0) -> bool:
        """Waits until all that was taken is written, `seconds` at most. True if it is."""
        if self._thread is None or not self._thread.is_alive():
            return self._queue.empty()
        reached = threading.Event()
        self._queue.put(reached)
        return reached.wait(seconds)

    def _start(self) -> None:
        if self._thread is None or not self._thread.is_alive():
            thread = threading.Thread(target=self._write_all, name="recorder", daemon=True)
            thread.start()
            self._thread = thread
            _call_at_exit(self._finish)

    def _finish(self) -> None:
        self.flush(_AT_EXIT)

    def _write_all(self) -> None:
        while True:
            item = self._queue.get()
            if isinstance(item, threading.Event):
                item.set()
            else:
                self._write(*item)

    def _write(self, request: httpx.Request, response: httpx.Response | None) -> None:
        try:
            self._give(masked_exchange(request, response))
            self.written += 1
        except BaseException as error:  # noqa: BLE001 - whatever it is, the others are written all the same
            self._note_dropped(error)
        finally:
            with self._lock:
                self._waiting -= _size(request, response)

    def _note_dropped(self, error: BaseException) -> None:
        is_first = self.problem is None
        self.dropped += 1
        self.problem = f"{type(error).__name__}: {error}"
        if is_first:
            with suppress(Exception):  # a handler of the user's may raise
                _log.warning("an exchange was not recorded, and the next may not be either: %s", self.problem)


_recorders: WeakSet[Recorder] = WeakSet()


def _begin_all() -> None:
    for recorder in [*_recorders]:
        recorder._begin()  # noqa: SLF001 - of this module


if hasattr(os, "register_at_fork"):
    # A lock that another thread held stays locked in the forked process.
    os.register_at_fork(after_in_child=_begin_all)


def _call_at_exit(call: Callable[[], object]) -> None:
    """Has a function called at the end of the process, also of one that multiprocessing began.

    Before Python 3.13, those end without `atexit`.
    """
    atexit.unregister(call)
    atexit.register(call)
    if (util := sys.modules.get("multiprocessing.util")) is not None:
        util.Finalize(None, call, exitpriority=0)


class _Lines:
    """A file that gets a line at a time, each whole, from however many processes."""

    def __init__(self, path: str) -> None:
        self._path = os.path.abspath(path)  # noqa: PTH100 - a program may change its folder, and where a link leads

    def write(self, exchange: Exchange) -> None:
        line = json.dumps(exchange, ensure_ascii=False, separators=(",", ":")) + "\n"
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            _append(descriptor, line.encode("utf-8", "surrogatepass"))
        finally:
            os.close(descriptor)


def _append(descriptor: int, line: bytes) -> None:
    """Appends a line. Where there is room for a part alone, such as on a full disk, the file stays as it was."""
    taken = os.write(descriptor, line)
    if taken == len(line):
        return
    with suppress(OSError):  # a pipe cannot give it back
        end = os.lseek(descriptor, 0, os.SEEK_CUR)
        if os.fstat(descriptor).st_size == end:
            os.ftruncate(descriptor, end - taken)
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


Record = str | PathLike[str] | Callable[[Exchange], object] | Recorder | None
"""Where to record: a file, a callable, a recorder with a share of its own, or nowhere."""
_listeners: list[Recorder] = []


def as_recorder(record: Record) -> Recorder | None:
    """The recorder for what a client was given as `record`."""
    return record if record is None or isinstance(record, Recorder) else Recorder(record)


@contextmanager
def listening(recorder: Recorder) -> Generator[None, None, None]:
    """Records what every client of this process sends and receives while the block runs."""
    _listeners.append(recorder)
    try:
        yield
    finally:
        _listeners.remove(recorder)


class Note:
    """The response to a request that is recorded, once it came."""

    response: httpx.Response | None = None

    def whole(self, response: httpx.Response) -> httpx.Response:
        """Takes the response, and gives it back."""
        self.response = response
        return response


@contextmanager
def recorded(recorder: Recorder | None, request: httpx.Request) -> Generator[Note, None, None]:
    """Records a request once it is over, with the response that the block notes, if any came."""
    note = Note()
    try:
        yield note
    finally:
        for each in (*([recorder] if recorder else []), *_listeners):
            each.put(request, note.response)


def masked_exchange(request: httpx.Request, response: httpx.Response | None) -> Exchange:
    """An exchange as JSON, without what is secret or personal. Equal values stay equal, so that it can be judged."""
    asked = response.request if response else request
    secrets = _tokens(asked.headers)
    content = asked.content if hasattr(asked, "_content") else None  # a stream is read once, by who sends it
    sent = {"method": asked.method, "url": _masked(str(asked.url), secrets)}
    return {
        "request": sent | _message(asked.headers, content, secrets),
        "response": None if response is None else _answer(response, secrets),
    }


def _answer(response: httpx.Response, secrets: Iterable[str]) -> Exchange:
    is_whole = response.extensions.get("voiceos_client.unread") is None
    content = response.content if is_whole else None
    return {"status": response.status_code} | _message(response.headers, content, secrets)


def _message(headers: httpx.Headers, content: bytes | None, secrets: Iterable[str]) -> Exchange:
    fields: dict[str, list[str]] = {}
    for raw, _ in headers.raw:
        name = raw.decode("latin-1")
        if name.lower() not in _UNDONE and name not in fields:
            fields[name] = headers.get_list(name) if name.lower() in SHOWN else [MASKED]
    return {"headers": fields} | ({} if content is None else _body(content, secrets))


def _body(content: bytes, secrets: Iterable[str]) -> Exchange:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = _masked(content.decode("latin-1"), secrets)
        return {"body": base64.b64encode(text.encode("latin-1")).decode(), "encoding": "base64"}
    return {"body": _masked(_without_personal(text), secrets)}


def _without_personal(text: str) -> str:
    """The text of a body, with an x for each letter and digit of the values under names that are personal."""
    if not any(f'"{name}"' in text for name in PERSONAL):
        return text
    try:
        return json.dumps(_veiled(json.loads(text), is_personal=False), ensure_ascii=False)
    except (ValueError, RecursionError):
        return MASKED  # no JSON that could be looked into


def _veiled(value: object, *, is_personal: bool) -> Any:  # noqa: ANN401 - JSON
    if is_object(value):
        return {name: _veiled(each, is_personal=is_personal or name in PERSONAL) for name, each in value.items()}
    if is_list(value):
        return [_veiled(each, is_personal=is_personal) for each in value]
    if not is_personal or not isinstance(value, str) or _WHOLE_NUMBER.fullmatch(value):
        return value
    return re.sub(r"\w", "x", value)


def _tokens(headers: httpx.Headers) -> list[str]:
    """The possible credentials of a request, with and without the name of their scheme, under whatever name."""
    values = [value for name, value in headers.multi_items() if name.lower() not in _HARMLESS]
    found = [part for value in values for part in (value, value.partition(" ")[2])]
    return sorted((each for each in found if len(each) >= _SHORTEST_TOKEN), key=len, reverse=True)


def _masked(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, MASKED)
    return _NUMBER.sub(lambda found: "*" * (len(found[0]) - 4) + found[0][-4:], text)


def _size(request: httpx.Request, response: httpx.Response | None) -> int:
    sent = len(request.content) if hasattr(request, "_content") else 0
    return _OF_A_HEAD + sent + (len(response.content) if response is not None else 0)


__all__ = ["Exchange", "Note", "Record", "Recorder", "as_recorder", "listening", "masked_exchange", "recorded"]
