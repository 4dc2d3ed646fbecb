"""Serving an application on a port of this machine: for as long as a block runs, or until Ctrl-C."""

from __future__ import annotations

import errno
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import psutil
import uvicorn

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.types import ASGIApp

HOST: Final = "127.0.0.1"
START_TIMEOUT: Final = 10.0
"""How long an application may take to start, in seconds."""
_ENTRANCES: Final = 32
"""How many connections are accepted in one turn of an event loop."""


class PortTakenError(Exception):
    """Another process listens on the port. `str()` names it."""


@dataclass(frozen=True)
class Certificate:
    """The files of a certificate for HTTPS, in PEM."""

    chain: Path
    key: Path


def listen(port: int, host: str = HOST) -> socket.socket:
    """A socket that listens on a port of an address of this machine, 0 for any free port.

    Raises:
        PortTakenError: another process listens there, or the port is not this user's to take.
    """
    # asyncio switches Nagle's algorithm off only where the protocol is named, and with it each answer waits 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise _unusable(host, port, error) from error
    listener.listen(2048)
    return listener


def entrances(listener: socket.socket) -> list[socket.socket]:
    """A listening socket many times over, for an event loop to accept many connections in each turn.

    In each turn, uvloop accepts one connection from a listening socket (https://github.com/libuv/libuv/pull/3696). A
    turn takes as long as the answers to all requests that have come. So under load, the last of 500 connections would
    wait for a minute, while those before it are served again and again.
    """
    return [listener, *(listener.dup() for _ in range(_ENTRANCES - 1))]


@contextmanager
def running(app: ASGIApp, *, own_headers: bool = True) -> Iterator[str]:
    """Serves the application on a free port from a thread of this process; gives its URL.

    With `own_headers`, responses carry the server's own `Server` and `Date` too.

    Raises:
        RuntimeError: it did not start.
    """
    listener = listen(0)
    config = uvicorn.Config(
        app,
        log_level="error",
        ws="none",
        lifespan="off",
        timeout_keep_alive=60,
        server_header=own_headers,
        date_header=own_headers,
        proxy_headers=False,
        access_log=False,
        http=_protocol(),
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": entrances(listener)}, daemon=True)
    thread.start()
    try:
        _wait_until_started(server, thread)
        yield f"http://{HOST}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(START_TIMEOUT)
        listener.close()


def serve_until_interrupted(app: ASGIApp, listener: socket.socket, certificate: Certificate | None = None) -> None:
    """Serves the application in this thread until Ctrl-C: by HTTP, or by HTTPS with a certificate."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        ws="none",
        lifespan="off",
        proxy_headers=False,
        access_log=False,
        http=_protocol(),
        timeout_keep_alive=120,  # longer than clients keep idle connections: else a POST may meet one that just closed
        timeout_graceful_shutdown=1,
        ssl_certfile=certificate.chain if certificate else None,
        ssl_keyfile=certificate.key if certificate else None,
    )
    try:
        uvicorn.Server(config).run(sockets=entrances(listener))
    except KeyboardInterrupt:
        pass
    finally:
        listener.close()


def _protocol() -> type[asyncio.Protocol] | Literal["h11"]:
    """Uvicorn's HTTP on httptools, responses in one piece; on h11 where httptools cannot be installed."""
    try:
        from contract_tests.runtime.one_piece import OnePieceProtocol  # noqa: PLC0415 - its library may be absent
    except ModuleNotFoundError:
        return "h11"
    return OnePieceProtocol


def _wait_until_started(server: uvicorn.Server, thread: threading.Thread) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise RuntimeError(f"the server did not start within {START_TIMEOUT:.0f} s")
        time.sleep(0.01)


def _unusable(host: str, port: int, error: OSError) -> PortTakenError:
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return PortTakenError(f"{host} is no address of this machine ({error.strerror})")
    return PortTakenError(f"port {port} cannot be used ({error.strerror}): {_owner(port)}")


def _owner(port: int) -> str:
    try:
        taken = [
            connection.pid
            for connection in psutil.net_connections("tcp")
            if connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr[1] == port
        ]
        owners = [f"{psutil.Process(pid).name()} (pid {pid})" for pid in taken if pid]
    except psutil.Error:
        owners = []
    return f"it is held by {', '.join(owners)}" if owners else f"`lsof -i :{port}` may tell who holds it"
