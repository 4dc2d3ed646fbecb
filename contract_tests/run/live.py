"""Live traffic held against the contract while it passes, with a result as of a recording."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from contract_tests.contract.contract import read_contract
from contract_tests.guard.connection import OUT_OF_REACH
from contract_tests.judge.stream import Stream
from contract_tests.report.files import prepare_folder
from contract_tests.run.live_file import saving
from contract_tests.run.live_news import News
from contract_tests.run.past import read_past
from contract_tests.run.recording_result import Recording, finish
from contract_tests.runtime.child import start
from contract_tests.target.limits import Limits
from contract_tests.target.target import Target
from contract_tests.traffic.judging import JudgedTraffic
from contract_tests.traffic.masking import TokenFinder
from contract_tests.traffic.proxy.orders import STOP, Listening, Over, Passed
from contract_tests.traffic.traffic import Traffic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.result.result import Result
    from contract_tests.run.live_file import Saved
    from contract_tests.run.live_news import Told
    from contract_tests.runtime.child import Child
    from contract_tests.target.options import Options
    from contract_tests.traffic.proxy.orders import Orders

PROCESS: Final = "contract_tests.traffic.proxy.process"
"""The module that the proxy's process runs."""
_EMPTY: Final = "Nothing passed. Give your application the proxy's address in place of the server's."
_START_TIMEOUT: Final = 20.0
_END_TIMEOUT: Final = 20.0
_TICK: Final = 0.2


class ProxyError(Exception):
    """The proxy cannot listen. `str()` says why."""


def judge_live(
    orders: Orders, options: Options, references: Mapping[str, str], save: Path | None, told: Told
) -> Result:
    """Judges what passes between an application and a server until Ctrl-C, and writes the reports.

    `save` is a file that gets the traffic as NDJSON, masked. `references` are as for `judge_recording`.

    Raises:
        SpecError: the spec cannot be read.
        FileError: what is left of an earlier run cannot be read.
        OSError: the reports cannot be written, or the file cannot be begun.
        ProxyError: the proxy cannot listen.
    """
    contract, past, started = read_contract(options.spec), read_past(options), time.monotonic()
    contract = replace(contract, costs=orders.costs) if orders.costs else contract
    target = Target(f"the traffic to {orders.url}", orders.url, "", Limits(references=references))
    live = _Live(contract, target, News(contract, options, target, past.accepted, told), told)
    options.report_dir.mkdir(parents=True, exist_ok=True)  # else it would fail once the application depends on it
    with ExitStack() as stack:
        live.file = stack.enter_context(saving(save, contract, told.trouble)) if save else None
        is_over = stack.enter_context(_hearing_an_end())
        proxy = stack.enter_context(_running(orders, told))
        prepare_folder(options.report_dir)  # an earlier report outlives a proxy that cannot begin
        is_whole = hear_all(proxy, is_over, live)
        if not is_whole:
            told.trouble("The proxy's process has ended by itself. What passed until then is judged. Start it again.")
    recording = Recording(contract, options, target.limits, target.name, is_interrupted=not is_whole, empty=_EMPTY)
    return finish(recording, live.judged(), time.monotonic() - started, past)


class Listener(Protocol):
    """A listener to what passes."""

    def take(self, passed: Passed) -> None:
        """Takes an exchange."""

    def tell_news(self, *, is_end: bool = False) -> None:
        """Tells what is new, if it is time to; at the end, in any case."""

    def tell_end(self) -> None:
        """Tells that the end was asked for."""

    def note_end(self, over: Over) -> None:
        """Takes the proxy's last word."""


class _Live:
    """Traffic on its way to the judge. `file` is what it is saved to, if it is."""

    def __init__(self, contract: Contract, target: Target, news: News, told: Told) -> None:
        self.file: Saved | None = None
        self._traffic = Traffic(contract, target.url)
        self._stream = Stream(contract, target.limits.references)
        self._tokens: dict[str, None] = {}
        self._finder = TokenFinder(contract)
        self._news = news
        self._told = told
        self._refusals: set[str] = set()
        self._troubles: set[str] = set()

    def take(self, passed: Passed) -> None:
        """Judges an exchange, and saves it."""
        if passed.refusal:
            self._note_refusal(passed.refusal)
            return
        if passed.trouble:
            self._note_trouble(passed.trouble)
        if self.file:
            self.file.write(passed.entry)
        self._tokens.update(dict.fromkeys(self._finder.find(passed.entry)))
        if sketch := self._traffic.take(f"exchange {self._traffic.counts.entries + 1}", passed.entry):
            self._stream.judge_sketch(sketch)

    def tell_news(self, *, is_end: bool = False) -> None:
        """Tells what is new, if it is time to; at the end, in any case."""
        self._news.tell(self._stream, self._tokens, is_end=is_end)

    def tell_end(self) -> None:
        """Tells that the end was asked for."""
        self._told.end()

    def judged(self) -> JudgedTraffic:
        """The judgement of all that was taken."""
        return JudgedTraffic(self._traffic.counts, self._stream.take(), self._tokens)

    def note_end(self, over: Over) -> None:
        """Counts exchanges that passed and cannot be judged."""
        reasons = {"passed faster than it could be judged": over.dropped, "still under way at the end": over.unfinished}
        self._traffic.counts.not_judged.update({reason: number for reason, number in reasons.items() if number})

    def _note_trouble(self, trouble: str) -> None:
        """Tells each kind of trouble once. Its details may quote the server, but for those of a server out of reach."""
        kind, _, _ = trouble.partition(":")
        if kind not in self._troubles:
            self._troubles.add(kind)
            self._told.trouble(f"no response: the server {trouble if kind == OUT_OF_REACH else kind}")

    def _note_refusal(self, refusal: str) -> None:
        self._traffic.counts.not_judged[f"not sent: {refusal}"] += 1
        if refusal not in self._refusals:
            self._refusals.add(refusal)
            self._told.refusal(refusal)


@contextmanager
def _running(orders: Orders, told: Told) -> Iterator[Child]:
    """The proxy's process, once it listens. Raises ProxyError."""
    child = start(PROCESS)
    try:
        told.start(_hear_url(child, orders))
        yield child
    finally:
        child.end()


def _hear_url(child: Child, orders: Orders) -> str:
    """The base URL of the proxy. Raises ProxyError."""
    try:
        child.channel.send(orders)
        first = child.channel.recv() if child.channel.poll(_START_TIMEOUT) else Listening("", "it said nothing")
    except (EOFError, OSError) as error:
        raise ProxyError("the proxy's process has ended by itself; start it again") from error
    if first.trouble:
        raise ProxyError(f"the proxy does not listen: {first.trouble}\nlet it choose a free port: --port 0")
    return str(first.url)


def hear_all(proxy: Child, is_over: threading.Event, listener: Listener) -> bool:
    """Gives a listener the exchanges until the end, those included that were under way.

    False if the proxy's process ended first. All that waits at the end is judged, however long that takes.
    """
    over = None
    for message in _messages(proxy, is_over, listener.tell_end):
        if isinstance(message, Over):
            over = message
            break
        for passed in message:
            listener.take(passed)
        listener.tell_news()
    listener.tell_news(is_end=True)
    if over:
        listener.note_end(over)
    return over is not None


def _messages(
    proxy: Child, is_over: threading.Event, tell_end: Callable[[], None]
) -> Iterator[Sequence[Passed] | Over]:
    """All that the proxy says until its end, and nothing where it says nothing for a moment.

    Once asked to end, it may be silent for no longer than `_END_TIMEOUT`.
    """
    deadline: float | None = None
    with suppress(EOFError, OSError):
        while deadline is None or time.monotonic() < deadline:
            if is_over.is_set() and deadline is None:
                tell_end()
                proxy.channel.send(STOP)
                deadline = time.monotonic() + _END_TIMEOUT
            if not proxy.channel.poll(_TICK):
                yield ()
                continue
            yield proxy.channel.recv()
            deadline = deadline and time.monotonic() + _END_TIMEOUT


@contextmanager
def _hearing_an_end() -> Iterator[threading.Event]:
    """Hears Ctrl-C and SIGTERM once, without breaking off what is under way. A second one ends all at once."""
    is_over = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield is_over
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def hear(number: int, _: object) -> None:
        is_over.set()
        signal.signal(number, before[signal.Signals(number)])

    for number in before:
        signal.signal(number, hear)
    try:
        yield is_over
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
