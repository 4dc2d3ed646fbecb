"""Live traffic held against the contract while it passes, with a result as of a recording."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import ExitStack, contextmanager, nullcontext
from typing import TYPE_CHECKING, Final, NamedTuple

from contract_tests.contract.contract import read_contract
from contract_tests.judge.findings import Circumstances, find_findings
from contract_tests.judge.stream import Stream
from contract_tests.report.files import prepare_folder, write_result
from contract_tests.run.masking import mask_findings, masks_of_recording
from contract_tests.run.past import keep_history, read_past, tell_past
from contract_tests.run.privacy import mask_personal_findings
from contract_tests.run.recording_result import Recording
from contract_tests.runtime.child import start
from contract_tests.target.limits import Limits
from contract_tests.traffic.formats.ndjson import write_entry
from contract_tests.traffic.judging import JudgedTraffic
from contract_tests.traffic.masking import TokenFinder, mask_entry
from contract_tests.traffic.proxy.orders import STOP, Listening, Over, Passed
from contract_tests.traffic.traffic import Traffic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path
    from typing import BinaryIO

    from contract_tests.contract.contract import Contract
    from contract_tests.result.result import Finding, Result
    from contract_tests.runtime.child import Child
    from contract_tests.target.options import Options
    from contract_tests.traffic.entry import Entry
    from contract_tests.traffic.proxy.orders import Orders

PROCESS: Final = "contract_tests.traffic.proxy.process"
"""The module that the proxy's process runs."""
_START_TIMEOUT: Final = 20.0
_END_TIMEOUT: Final = 20.0
_TICK: Final = 0.2


class ProxyError(Exception):
    """The proxy cannot listen, or has ended by itself. `str()` says why."""


class Told(NamedTuple):
    """The listeners to what happens while traffic passes."""

    start: Callable[[str], None]
    """Hears the base URL of the proxy."""
    cause: Callable[[Finding], None]
    """Hears the first finding of each cause."""
    refusal: Callable[[str], None]
    """Hears each limit that held a request back, once."""


def judge_live(
    orders: Orders, options: Options, references: Mapping[str, str], save: Path | None, told: Told
) -> Result:
    """Judges what passes between an application and a server until Ctrl-C, and writes the reports.

    `save` is a file that gets the traffic as NDJSON, masked. `references` are as for `judge_recording`.

    Raises:
        SpecError: the spec cannot be read.
        FileError: what is left of an earlier run cannot be read.
        OSError: the reports or the file cannot be written.
        ProxyError: the proxy cannot listen, or has ended by itself.
    """
    contract, past, started = read_contract(options.spec), read_past(options), time.monotonic()
    limits = Limits(references=references)
    prepare_folder(options.report_dir)
    live = _Live(contract, orders.url, limits, told)
    with ExitStack() as stack:
        file = stack.enter_context(_create(save) if save else nullcontext())
        is_over = stack.enter_context(_hearing_an_end())
        proxy = stack.enter_context(_running(orders, told))
        for passed in _listen(proxy, is_over, live):
            live.take(passed, file)
    recording = Recording(contract, options, limits, f"the traffic to {orders.url}", is_interrupted=False)
    result = recording.conclude(live.judged(), time.monotonic() - started, past.accepted)
    result = tell_past(result, past, options)
    write_result(options.report_dir, result)
    keep_history(result, options)
    return result


def _create(path: Path) -> BinaryIO:
    """Begins a file that only its owner may read: it holds what people say."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


class _Live:
    """Traffic on its way to the judge."""

    def __init__(self, contract: Contract, url: str, limits: Limits, told: Told) -> None:
        self._contract = contract
        self._traffic = Traffic(contract, url)
        self._stream = Stream(contract, limits.references)
        self._tokens: dict[str, None] = {}
        self._finder = TokenFinder(contract)
        self._told = told
        self._kinds = 0
        self._keys: set[str] = set()
        self._refusals: set[str] = set()
        self._masked = _Masking(contract)

    def take(self, passed: Passed, file: BinaryIO | None) -> None:
        """Judges an exchange, writes it, and tells what is new."""
        if passed.refusal:
            self._note_refusal(passed.refusal)
            return
        if file:
            file.write(write_entry(self._masked.mask(passed.entry)))
            file.flush()
        self._tokens.update(dict.fromkeys(self._finder.find(passed.entry)))
        if sketch := self._traffic.take(f"exchange {self._traffic.counts.entries + 1}", passed.entry):
            self._stream.judge_sketch(sketch)
        if self._stream.kinds > self._kinds:
            self._kinds = self._stream.kinds
            self._tell_new()

    def judged(self) -> JudgedTraffic:
        """The judgement of all that was taken."""
        return JudgedTraffic(self._traffic.counts, self._stream.take(), self._tokens)

    def note_dropped(self, number: int) -> None:
        """Counts exchanges that passed and could not be judged in time."""
        if number:
            self._traffic.counts.not_judged["passed faster than it could be judged"] += number

    def _note_refusal(self, refusal: str) -> None:
        self._traffic.counts.not_judged[f"not sent: {refusal}"] += 1
        if refusal not in self._refusals:
            self._refusals.add(refusal)
            self._told.refusal(refusal)

    def _tell_new(self) -> None:
        judged = self._stream.judged()
        found = find_findings(self._contract, judged, Circumstances(lambda _: ""))
        found = mask_personal_findings(found, self._contract, judged, show_text=False)
        for mask in masks_of_recording(self._tokens):
            found = mask_findings(found, self._contract, mask)
        for finding in found:
            if finding.key not in self._keys:
                self._keys.add(finding.key)
                self._told.cause(finding)


class _Masking:
    """Masks entries. A token that came once is masked in all that follows."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._tokens: dict[str, None] = {}
        self._finder = TokenFinder(contract)
        self._masks = [*masks_of_recording(())]

    def mask(self, entry: Entry) -> Entry:
        """The entry as it may be kept."""
        new = dict.fromkeys(self._finder.find(entry)).keys() - self._tokens.keys()
        if new:
            self._tokens.update(dict.fromkeys(new))
            self._masks = [*masks_of_recording(self._tokens)]
        for mask in self._masks:
            entry = mask_entry(entry, self._contract, mask)
        return entry


@contextmanager
def _running(orders: Orders, told: Told) -> Iterator[Child]:
    """The proxy's process, once it listens. Raises ProxyError."""
    child = start(PROCESS)
    try:
        child.channel.send(orders)
        first = child.channel.recv() if child.channel.poll(_START_TIMEOUT) else Listening("", "it said nothing")
        if first.trouble:
            raise ProxyError(f"the proxy does not listen: {first.trouble}\nlet it choose a free port: --port 0")
        told.start(first.url)
        yield child
    except (EOFError, BrokenPipeError) as error:
        raise ProxyError("the proxy's process has ended by itself; start it again") from error
    finally:
        child.end()


def _listen(proxy: Child, is_over: threading.Event, live: _Live) -> Iterator[Passed]:
    """The exchanges until the end, those included that were under way."""
    deadline: float | None = None
    while deadline is None or time.monotonic() < deadline:
        if is_over.is_set() and deadline is None:
            deadline = time.monotonic() + _END_TIMEOUT
            proxy.channel.send(STOP)
        if not proxy.channel.poll(_TICK):
            continue
        message = proxy.channel.recv()
        if isinstance(message, Over):
            live.note_dropped(message.dropped)
            return
        yield from message


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
