"""All formats of recordings, and how a recording's own is found."""

from __future__ import annotations

import re
from contextlib import suppress
from io import BytesIO
from itertools import takewhile
from typing import TYPE_CHECKING, Final

import ijson

from contract_tests.traffic.formats.format import Format
from contract_tests.traffic.formats.gateways import read_envoy, read_kong
from contract_tests.traffic.formats.har import read_har
from contract_tests.traffic.formats.lenient_json import BOM
from contract_tests.traffic.formats.mitmproxy import read_mitmproxy
from contract_tests.traffic.formats.ndjson import read_har_lines, read_ndjson
from contract_tests.traffic.formats.newman import read_newman
from contract_tests.traffic.formats.vcr import read_vcr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from contract_tests.traffic.entry import Entry
    from contract_tests.traffic.formats.format import Content, FormatError

HEAD: Final = 64 * 2**10
"""How many bytes of a recording tell its format."""
_LONGEST_PATH: Final = 1_000
"""The length of a path at which no more are looked for: paths in a deep value take the square of its depth."""
_HAR_ENTRY: Final = frozenset({"request.postData", "request.headersSize", "request.bodySize", "request.httpVersion"})


_INTERACTIONS: Final = re.compile(rb"(?m)^(?:\xef\xbb\xbf)?([\"']?)interactions\1[ \t]*:")


def _has(*paths: str) -> Callable[[bytes], bool]:
    """A test for JSON whose first value has something at all of the paths."""
    return lambda head: set(paths) <= _paths(head)


def _is_har_entry(head: bytes) -> bool:
    return not _HAR_ENTRY.isdisjoint(_paths(head)) or "request.headers.item.name" in _paths(head)


def _matches(pattern: bytes) -> Callable[[bytes], bool]:
    return lambda head: re.search(pattern, head) is not None


def _is_vcr(head: bytes) -> bool:
    return "interactions" in _paths(head) or _INTERACTIONS.search(head) is not None


def _read_goreplay(content: Content) -> Iterator[Entry | FormatError]:
    from contract_tests.traffic.formats.goreplay import read_goreplay  # noqa: PLC0415 - h11 takes 10 ms to import

    return read_goreplay(content)


FORMATS: Final = (
    Format("har", "browsers, proxies, gateways, Playwright", "log.entries[{index}]", _has("log"), read_har),
    Format("vcr", "vcrpy, pytest-recording, pytest-vcr", "interactions[{index}]", _is_vcr, read_vcr),
    Format("newman", "newman", "run.executions[{index}]", _has("run"), read_newman),
    Format("envoy", "Envoy's tap filter", "trace {number}", _has("http_buffered_trace"), read_envoy),
    Format("kong", "Kong's http-log and file-log", "line {number}", _has("request", "latencies"), read_kong),
    Format(
        "har-lines", "tools that log HAR line by line", "line {number}", _is_har_entry, read_har_lines, is_by_line=True
    ),
    Format(
        "ndjson",
        "this project's client and proxy",
        "line {number}",
        _has("request.method"),
        read_ndjson,
        is_by_line=True,
    ),
    Format("goreplay", "GoReplay", "request {number}", _matches(rb"\A1 [0-9a-f]+ \d+"), _read_goreplay),
    Format("mitmproxy", "mitmproxy, mitmdump", "flow {number}", _matches(rb"\A\d+:\d+:\w+;"), read_mitmproxy),
)
"""The formats. The first that recognizes a recording is its own."""


def recognize(head: bytes) -> Format | None:
    """The format of a recording, by its first bytes; None if it is of none."""
    return next((each for each in FORMATS if each.recognizes(head)), None)


def _paths(head: bytes) -> set[str]:
    """The paths in the first JSON value of a text that may break off: `log`, `log.entries`, `log.entries.item`."""
    text = head.removeprefix(BOM).lstrip()
    found: set[str] = set()
    if not text.startswith(b"{"):
        return found
    with suppress(ijson.JSONError):  # it breaks off, or goes on with another value
        # Without `use_float`, a number of 5,000 digits crashes Python.
        paths = (prefix for prefix, _, _ in ijson.parse(BytesIO(text), buf_size=_LONGEST_PATH, use_float=True))
        found.update(takewhile(lambda path: len(path) < _LONGEST_PATH, paths))
    return found
