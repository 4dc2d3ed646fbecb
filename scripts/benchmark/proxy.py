"""Measures what the live proxy adds to each request, at 500 requests a second: `python -m scripts.benchmark.proxy`.

Requests go to the same mock, directly and through the proxy in turn, at fixed moments, over kept connections. So a
machine that gets slower slows both. A request that finds no connection free has waited since its moment: a proxy that
falls behind is not let off. Read the difference of the medians, on a machine that does nothing else. On a busy
one, read the processor time that the proxy takes for a request: no other process changes that much.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

import psutil

from scripts.environment import tool_environment
from spec.output import say
from spec.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TOKEN: Final = "mock-token"  # noqa: S105 - of the mock, which guards nothing
_BODY: Final = b'{"from_number": "+12025550142", "to_number": "+12025550143"}'
_CONNECTIONS: Final = 16
_PARTS: Final = 10
"""In how many parts each way is timed, in turn with the other."""
_END: Final = b"\r\n\r\n"


class Sample(NamedTuple):
    """Seconds that requests took."""

    direct: list[float]
    through: list[float]
    processor: list[float]
    """Of the proxy's processes, for a request: of the one that passes it on, and of the one that judges it."""


def main(argv: Sequence[str] | None = None) -> int:
    """Does what the module's docstring says and returns the exit code: 0, or 1 if the proxy adds more than it may."""
    options = _parse(argv)
    with TemporaryDirectory(prefix="benchmark-") as folder:
        serving = [sys.executable, "-m", "contract_tests.servers", "--port", "0"]
        with _serving(serving) as served:
            mock = served.url
            proxying = [sys.executable, "-m", "contract_tests.proxy", "--url", mock, "--report-dir", f"{folder}/report"]
            with _serving(proxying) as proxy:
                before = proxy.processor_times()
                sample = asyncio.run(measure(mock, proxy.url, options.rate, options.seconds))
                requests = len(sample.through) * _PARTS / (_PARTS - 1)
                spent = zip(before, proxy.processor_times(), strict=True)
                sample.processor.extend((after - earlier) / requests for earlier, after in spent)
    say(describe(sample, options.rate))
    return int(_added(sample) > options.limit / 1000)


def describe(sample: Sample, rate: float) -> str:
    """A table of the milliseconds of both ways, and what the proxy adds."""
    head = f"{rate:g} requests a second | median | 95th percentile"
    ways = {"direct": sample.direct, "through": sample.through}
    rows = [f"{name:7} {_ms(median(times))} {_ms(_p95(times))}" for name, times in ways.items()]
    added = f"added   {_ms(_added(sample))} {_ms(_p95(sample.through) - _p95(sample.direct))}"
    passing, judging = sample.processor
    processor = (
        f"processor time for a request: {_ms(passing).strip()} to pass it on, {_ms(judging).strip()} to judge it"
    )
    return "\n".join([head, *rows, added, processor])


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:9.2f} ms"


def _p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20)[-1]


def _added(sample: Sample) -> float:
    return median(sample.through) - median(sample.direct)


async def measure(direct: str, proxy: str, rate: float, seconds: float, connections: int = _CONNECTIONS) -> Sample:
    """The seconds of requests that start at fixed moments, to each of the two in turn."""
    sample = Sample([], [], [])
    ways = [
        (await _Pool.connect(url, connections), times)
        for url, times in ((direct, sample.direct), (proxy, sample.through))
    ]
    # The rate is that of each way, for the mock must not serve both at once.
    for part in range(_PARTS):
        for pool, times in ways:
            taken = await _run(pool, rate, seconds / _PARTS)
            times.extend(taken if part else [])  # the first part fills caches
    for pool, _ in ways:
        pool.close()
    return sample


async def _run(pool: _Pool, rate: float, seconds: float) -> list[float]:
    start = time.perf_counter()
    moments = [start + number / rate for number in range(int(rate * seconds))]
    return await asyncio.gather(*(_time_at(moment, pool) for moment in moments))


async def _time_at(moment: float, pool: _Pool) -> float:
    await asyncio.sleep(max(0.0, moment - time.perf_counter()))
    begun = max(moment, time.perf_counter() if pool.is_idle else moment)
    await pool.request()
    return time.perf_counter() - begun


class _Pool:
    """Kept connections to a server."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._address = (parts.hostname or "", parts.port or 80)
        self._free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
        fields = f"Host: {parts.netloc}\r\nAuthorization: Bearer {_TOKEN}\r\nContent-Type: application/json\r\n"
        head = f"POST /conversations/create_phone_call HTTP/1.1\r\n{fields}Content-Length: {len(_BODY)}\r\n\r\n"
        self._request = head.encode() + _BODY

    @classmethod
    async def connect(cls, url: str, number: int) -> _Pool:
        """Connections that are open."""
        pool = cls(url)
        for _ in range(number):
            pool._free.put_nowait(await asyncio.open_connection(*pool._address))
        return pool

    @property
    def is_idle(self) -> bool:
        """True if a connection is free."""
        return not self._free.empty()

    async def request(self) -> None:
        """Sends a call on a free connection, and reads its whole response."""
        reader, writer = await self._free.get()
        writer.write(self._request)
        head = await reader.readuntil(_END)
        assert head.startswith(b"HTTP/1.1 200"), head  # noqa: S101 - else nothing is measured
        found = re.search(rb"(?i)content-length: (\d+)", head)
        await reader.readexactly(int(found[1] if found else 0))
        self._free.put_nowait((reader, writer))

    def close(self) -> None:
        """Ends the connections."""
        while not self._free.empty():
            self._free.get_nowait()[1].close()


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.benchmark.proxy",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--rate", type=float, default=500.0, metavar="N", help="requests a second; default: 500")
    parser.add_argument("--seconds", type=float, default=20.0, metavar="S", help="how long for each; default: 20")
    parser.add_argument("--limit", type=float, default=1.0, metavar="MS", help="what may be added; default: 1 ms")
    return parser.parse_args(argv)


@dataclass(frozen=True)
class _Served:
    """A server in a process of its own."""

    url: str
    process: psutil.Process

    def processor_times(self) -> list[float]:
        """The seconds of processor time since their start: of its child, and of itself."""
        processes = [*self.process.children(), self.process]
        return [sum(process.cpu_times()[:2]) for process in processes]


@contextmanager
def _serving(command: Sequence[str]) -> Iterator[_Served]:
    """A server in a process of its own, at the first URL that it prints."""
    environment = tool_environment(VOICEOS_TOKEN=_TOKEN, PYTHONPATH=f"{ROOT}:{ROOT}/generated")
    with subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout  # noqa: S101 - it is a pipe
        try:
            url = re.findall(r"http://[\d.:]+", server.stdout.readline())[0]
            # It may print more, and would wait once nobody reads that.
            threading.Thread(target=server.stdout.read, daemon=True).start()
            yield _Served(url, psutil.Process(server.pid))
        finally:
            server.terminate()


if __name__ == "__main__":
    raise SystemExit(main())
