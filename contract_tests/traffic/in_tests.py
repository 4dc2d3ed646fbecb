"""The judge of a user's tests, a process of its own: it reads exchanges as JSON and says what breaks the contract.

Each line of standard input is a list of exchanges of one test (exchange.schema.json); each line of standard output is
the list of texts to it. The wheel has this with all that it imports, apart from the packages of the user's tests.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import msgspec

from contract_tests.contract.contract import read_contract
from contract_tests.contract.media_types import JSON_MEDIA_TYPE
from contract_tests.exchange.credentials import AUTHORIZATION, RIGHT
from contract_tests.exchange.exchange import Exchange, Request, Response
from contract_tests.exchange.headers import NO_FIELDS, Headers
from contract_tests.judge.findings import Circumstances, find_findings
from contract_tests.judge.seen_request import see_request
from contract_tests.judge.sketch import OMITTED
from contract_tests.judge.stream import Stream
from contract_tests.judge.wording import describe_breach
from contract_tests.target.options import Options
from contract_tests.target.settings import read_fields
from contract_tests.target.target import missing_references
from contract_tests.traffic.formats.ndjson import Fields, Line
from spec.output import printable
from spec.paths import SPEC

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from contract_tests.contract.contract import Contract
    from contract_tests.exchange.exchange import Part
    from contract_tests.judge.seen_request import SeenRequest
    from contract_tests.result.result import Finding
    from contract_tests.traffic.entry import Entry

_SHOWN: Final = 300
"""How much of a body is shown, in characters."""
_NAMED: Final = 3
"""How many breaches of one request are told."""


def find_texts(contract: Contract, lines: Iterable[Mapping[str, Any]], references: Mapping[str, str]) -> list[str]:
    """Everything that breaks the contract in some exchanges, in words, each once: of requests, then of responses.

    `references` are the places in a request of values that its account may not have. Raises ValueError for lines that
    are no exchanges.
    """
    entries = [msgspec.convert(line, Line[Fields]).entry() for line in lines]
    stream = Stream(contract, references)
    exchanges = [_exchange(contract, entry) for entry in entries]
    for exchange in exchanges:
        if exchange.response:
            stream.judge(exchange)
    findings = find_findings(contract, stream.judged(), Circumstances(lambda _: ""))
    ours = (text for exchange in exchanges for text in _texts_of_request(contract, exchange))
    theirs = (_text_of(finding) for finding in findings if finding.standing != "advice")
    return list(dict.fromkeys(map(printable, (*ours, *theirs))))


def _exchange(contract: Contract, entry: Entry) -> Exchange:
    """The exchange of an entry, whose server may be anywhere. Its token is taken for right."""
    split = urlsplit(entry.url)
    path = _path(contract, split.path)
    headers = Headers([*(entry.headers or NO_FIELDS).without([AUTHORIZATION, "Host"]), (AUTHORIZATION, RIGHT)])
    base = f"{split.scheme}://{split.netloc}{split.path.removesuffix(path)}"
    target = f"{path}?{split.query}" if split.query else path
    request = Request(entry.method.upper(), target, headers, entry.body or b"", base)
    answer = entry.response
    response = Response(answer.status, answer.headers or NO_FIELDS, answer.body or b"") if answer else None
    omitted: frozenset[Part] = frozenset(["response body"] if answer and answer.body is None else [])
    return Exchange(request, response, omitted=OMITTED | omitted)


def _path(contract: Contract, path: str) -> str:
    """The part of a path that is one of the contract's, below whatever base the server has."""
    starts = (index for index, character in enumerate(path) if character == "/")
    return next((path[start:] for start in starts if contract.paths.at(path[start:])), path)


def _texts_of_request(contract: Contract, exchange: Exchange) -> Iterator[str]:
    """Everything that is wrong with a request, as rows of text."""
    sent = see_request(contract, exchange.request, omits_credentials=exchange.omits_credentials)
    for headline, pointer in _complaints(contract, sent, exchange.request):
        rows = {"spec": f"{contract.locate(pointer)}  {pointer}" if pointer else "", "sent": _sent(exchange.request)}
        yield _rows(f"your request breaks the contract: {headline}", rows)


def _complaints(contract: Contract, sent: SeenRequest | None, request: Request) -> Iterator[tuple[str, str]]:
    """Each thing that is wrong with a request, with the pointer of the statement that it breaks."""
    if sent is None or not sent.has_its_method:
        labels = ", ".join(operation.label for operation in contract.operations)
        yield f"{request.method} {request.path} is none of its operations ({labels})", ""
    elif sent.validity == "malformed":
        yield "the body is no JSON", sent.operation.pointer
    elif sent.validity == "unknown" and request.body:
        yield f"the body is {sent.media_type or 'of no media type'}, not {JSON_MEDIA_TYPE}", sent.operation.pointer
    elif sent.validity == "invalid" and sent.breaches:
        yield from ((describe_breach(each), each.pointer) for each in sent.breaches[:_NAMED])
    elif sent.validity == "invalid":
        yield "a parameter has a value that the contract does not take", sent.operation.pointer


def _text_of(finding: Finding) -> str:
    request, response = finding.example.request, finding.example.response
    rows = {
        "spec": f"{finding.location}  {finding.pointer}  ({finding.standing})",
        "sent": f"{request.method} {request.url} {_cut(request.readable_body)}",
        "received": f"{response.status} {_cut(response.body)}" if response else "nothing",
    }
    return _rows(f"the server breaks the contract: {finding.headline}  ({finding.check})", rows)


def _sent(request: Request) -> str:
    return f"{request.method} {request.url} {_cut(request.body.decode(errors='backslashreplace'))}"


def _rows(headline: str, rows: Mapping[str, str]) -> str:
    return "\n".join([headline, *(f"  {name:10}{text}" for name, text in rows.items() if text)])


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text)} characters)"


def main() -> int:
    """Judges a line at a time, until standard input ends."""
    contract = read_contract(SPEC)
    references = missing_references(Options(), read_fields())
    for line in sys.stdin:
        sys.stdout.write(json.dumps(find_texts(contract, json.loads(line), references)) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
