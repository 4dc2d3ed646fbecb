"""Flow files of mitmproxy, read with its own reader."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from contract_tests.exchange.headers import Headers
from contract_tests.traffic.codings import undo_coding
from contract_tests.traffic.entry import Entry, response_of
from contract_tests.traffic.formats.format import FormatError, NoReaderError, without_quotes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.traffic.formats.format import Content


def read_mitmproxy(content: Content) -> Iterator[Entry | FormatError]:
    """Reads the HTTP flows of a file."""
    try:
        reader = importlib.import_module("mitmproxy.io").FlowReader
    except ImportError:
        yield NoReaderError("mitmproxy itself reads its files, and is not installed here")
        return
    with content.open() as stream:
        try:
            for flow in reader(stream).stream():
                if flow.type == "http":
                    yield _entry(flow)
        except Exception as error:  # noqa: BLE001 - its reader raises more kinds than it says
            yield FormatError(f"mitmproxy cannot read it: {without_quotes(str(error))}")


def _entry(flow: Any) -> Entry:  # noqa: ANN401 - mitmproxy is not installed where types are checked
    sent, received = flow.request, flow.response
    headers = _fields(sent)
    response = response_of(received.status_code, _fields(received), received.raw_content) if received else None
    return Entry(sent.method, sent.pretty_url, headers, undo_coding(sent.raw_content, headers), response)


def _fields(message: Any) -> Headers:  # noqa: ANN401 - as above
    return Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in message.headers.fields)
