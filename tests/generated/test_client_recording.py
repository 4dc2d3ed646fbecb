"""The client records what it sends and receives: masked, off the request's path, and without ever failing a call."""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx
import jsonschema_rs
import pytest
from voiceos_client import AuthenticatedClient
from voiceos_client import recording as client_recording
from voiceos_client.api.conversations import create_phone_call
from voiceos_client.models import ConversationResponse
from voiceos_client.recording import SHOWN, Recorder, listening, masked_exchange

from contract_tests.recordings import main
from contract_tests.traffic.masking import _SHOWN_FIELDS
from contract_tests.traffic.sources import find_sources
from tests.conftest import ROOT, TOKEN
from tests.support.answers import CALL

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMA: Final = jsonschema_rs.validator_for(
    json.loads((ROOT / "contract_tests" / "traffic" / "exchange.schema.json").read_text())
)
BY: Final = pytest.mark.parametrize("by_async", [False, True])


def call(url: str, record: Any, *, by_async: bool = False, times: int = 1) -> AuthenticatedClient:
    """The client of some calls, once all that it recorded is written."""
    client = AuthenticatedClient(url, token=TOKEN, record=record)

    async def call_by_async() -> None:
        async with client:
            for _ in range(times):
                assert isinstance(await create_phone_call.asyncio(client=client, body=CALL), ConversationResponse)

    if by_async:
        asyncio.run(call_by_async())
    else:
        with client:
            for _ in range(times):
                assert isinstance(create_phone_call.sync(client=client, body=CALL), ConversationResponse)
    assert client.record
    assert client.record.flush()
    return client


def exchange(sent: bytes = b"{}", received: bytes = b"{}", **fields: str) -> dict[str, Any]:
    """An exchange as it is recorded."""
    request = httpx.Request("POST", "https://a.example/x", headers=fields, content=sent)
    return masked_exchange(request, httpx.Response(200, content=received, request=request))


@BY
def test_a_file_gets_a_line_for_each_exchange_which_the_suite_reads_and_judges(
    mock_url: str, tmp_path: Path, *, by_async: bool
) -> None:
    path = tmp_path / "traffic.ndjson"
    call(mock_url, path, by_async=by_async, times=2)
    assert len(path.read_text().splitlines()) == 2
    assert [source.format.name for source in find_sources([str(path)])] == ["ndjson"]
    assert main([str(path), "--url", mock_url, "--report-dir", str(tmp_path / "report"), "--allow-partial"]) == 0
    result = json.loads((tmp_path / "report" / "result.json").read_text())
    assert (result["requests"], result["recording"]["not_judged"]) == (2, {})


def test_the_file_is_its_owners_alone_and_has_no_secret(mock_url: str, tmp_path: Path) -> None:
    path = tmp_path / "traffic.ndjson"
    call(mock_url, str(path))
    assert path.stat().st_mode & 0o077 == 0
    assert TOKEN not in path.read_text()
    assert CALL.to_number not in path.read_text()


def test_a_callable_gets_each_exchange_as_the_schema_describes_it(mock_url: str) -> None:
    given: list[dict[str, Any]] = []
    call(mock_url, given.append)
    assert [each["response"]["status"] for each in given] == [200]
    assert [error.message for each in given for error in SCHEMA.iter_errors(each)] == []


def test_no_response_is_recorded_as_none(tmp_path: Path) -> None:
    given: list[dict[str, Any]] = []
    client = AuthenticatedClient("http://127.0.0.1:1", token=TOKEN, record=given.append)
    with client, pytest.raises(httpx.ConnectError):
        create_phone_call.sync(client=client, body=CALL)
    assert client.record
    assert client.record.flush()
    assert [each["response"] for each in given] == [None]


@pytest.mark.parametrize(("share", "written"), [(0.0, 0), (1.0, 5)])
def test_a_share_is_recorded(share: float, written: int, mock_url: str) -> None:
    given: list[dict[str, Any]] = []
    call(mock_url, Recorder(given.append, share=share), times=5)
    assert len(given) == written


@pytest.mark.parametrize("share", [-0.1, 1.5])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Recorder("traffic.ndjson", share=share)


def test_a_call_succeeds_where_nothing_can_be_written_and_the_recorder_says_why(mock_url: str, tmp_path: Path) -> None:
    recorder = call(mock_url, tmp_path / "missing" / "traffic.ndjson").record
    assert recorder
    assert (recorder.written, recorder.dropped) == (0, 1)
    assert recorder.problem
    assert recorder.problem.startswith("FileNotFoundError")


def test_a_call_waits_for_no_writer_and_what_is_too_much_is_dropped_and_counted(
    mock_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_recording, "MAX_WAITING", 4500)  # room for one, not for two
    is_free, given = threading.Event(), []

    def write(one: object) -> None:
        is_free.wait(60)
        given.append(one)

    recorder = Recorder(write)
    client = AuthenticatedClient(mock_url, token=TOKEN, record=recorder)
    with client:
        for _ in range(3):
            create_phone_call.sync(client=client, body=CALL)
    assert recorder.dropped == 2
    assert recorder.problem == "BufferError: more than 0 MiB waited to be written"
    is_free.set()
    assert recorder.flush()
    assert (len(given), recorder.written) == (1, 1)


def put(recorder: Recorder, times: int = 1) -> None:
    """Gives a recorder exchanges, as a client does."""
    request = httpx.Request("POST", "https://a.example/x", content=b"{}")
    for _ in range(times):
        recorder.put(request, httpx.Response(200, content=b"{}", request=request))


def test_the_first_exchange_that_is_not_recorded_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    recorder = Recorder(tmp_path / "missing" / "traffic.ndjson")
    put(recorder, 3)
    assert recorder.flush()
    assert recorder.dropped == 3
    (line,) = caplog.messages
    assert line.startswith("an exchange was not recorded, and the next may not be either: FileNotFoundError")


def test_on_a_full_disk_a_file_keeps_its_whole_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, write = tmp_path / "traffic.ndjson", os.write
    recorder = Recorder(path)
    put(recorder, 2)
    assert recorder.flush()
    whole = path.read_bytes()
    monkeypatch.setattr(os, "write", lambda descriptor, line: write(descriptor, line[:10]))
    put(recorder)
    assert recorder.flush()
    assert path.read_bytes() == whole
    assert (recorder.written, recorder.dropped) == (2, 1)
    assert recorder.problem == "OSError: [Errno 28] No space left on device"


@pytest.mark.parametrize("error", [ValueError, SystemExit, KeyboardInterrupt])
def test_whatever_a_callable_raises_the_next_exchange_is_given(error: type[BaseException]) -> None:
    given: list[object] = []

    def give(one: object) -> None:
        given.append(one)
        if len(given) == 1:
            raise error

    recorder = Recorder(give)
    put(recorder, 2)
    assert recorder.flush()
    assert (len(given), recorder.written, recorder.dropped) == (2, 1, 1)


def test_where_no_thread_can_be_started_nothing_is_raised_and_the_next_exchange_tries_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_: object) -> None:
        raise RuntimeError("can't start new thread")

    recorder = Recorder(lambda _: None)
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        put(recorder)
    assert recorder.problem == "RuntimeError: can't start new thread"
    put(recorder)
    assert recorder.flush()
    assert (recorder.written, recorder.dropped) == (1, 1)


def run(program: str, folder: Path) -> str:
    """The output of a program that has a `recorder` of the file `traffic.ndjson`, and a function `put`."""
    begin = """
import httpx, os, signal, sys, threading, time
from voiceos_client.recording import Recorder

def put(times=1):
    for _ in range(times):
        recorder.put(request, httpx.Response(200, content=b"{}", request=request))

request = httpx.Request("POST", "https://a.example/x", content=b"{}")
recorder = Recorder("traffic.ndjson")
"""
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", begin + program]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "generated")}
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder, env=environment)
    return done.stdout


def test_what_waits_while_a_process_is_forked_is_written_once(tmp_path: Path) -> None:
    run(
        """
write = recorder._give
recorder._give = lambda one: (time.sleep(0.01), write(one))
put(10)
if os.fork() == 0:
    put()
    recorder.flush()
    os._exit(0)
os.wait()
recorder.flush()
""",
        tmp_path,
    )
    assert len((tmp_path / "traffic.ndjson").read_text().splitlines()) == 11


def test_a_process_that_is_forked_while_a_recorder_is_busy_can_call(tmp_path: Path) -> None:
    said = run(
        """
recorder._lock.acquire()  # as a thread does that takes an exchange just then
if os.fork() == 0:
    signal.alarm(10)
    put()
    print(recorder.flush(), flush=True)
    os._exit(0)
print(os.wait()[1])
""",
        tmp_path,
    )
    assert said.split() == ["True", "0"]


def test_the_end_of_a_process_of_multiprocessing_waits_for_what_is_to_be_written(tmp_path: Path) -> None:
    run(
        """
import multiprocessing
process = multiprocessing.get_context("fork").Process(target=put, args=(50,))
process.start()
process.join()
""",
        tmp_path,
    )
    assert len((tmp_path / "traffic.ndjson").read_text().splitlines()) == 50


def test_a_program_that_goes_to_another_folder_writes_to_the_same_file(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    run("os.chdir('other')\nput()\n", tmp_path)
    assert (tmp_path / "traffic.ndjson").exists()
    assert not (tmp_path / "other" / "traffic.ndjson").exists()


def test_recording_draws_no_numbers_from_the_generator_that_a_program_may_have_seeded() -> None:
    state = random.getstate()
    put(Recorder(lambda _: None, share=0.5), 3)
    assert random.getstate() == state


def test_a_client_made_from_another_shares_its_recorder() -> None:
    client = AuthenticatedClient("http://a.example", token=TOKEN, record="traffic.ndjson")
    assert client.with_headers({"X-Trace": "1"}).record is client.record


def test_listening_hears_every_client(mock_url: str) -> None:
    given: list[object] = []
    recorder = Recorder(given.append)
    client = AuthenticatedClient(mock_url, token=TOKEN)
    with listening(recorder), client:
        create_phone_call.sync(client=client, body=CALL)
    with client.__class__(mock_url, token=TOKEN) as later:
        create_phone_call.sync(client=later, body=CALL)
    assert recorder.flush()
    assert len(given) == 1


def test_the_harmless_header_fields_are_those_of_the_suite() -> None:
    assert SHOWN == _SHOWN_FIELDS


def test_values_of_other_header_fields_are_masked() -> None:
    sent = exchange(Authorization="Bearer abcdefghij", Cookie="a=1", Accept="*/*")["request"]["headers"]
    assert (sent["Authorization"], sent["Cookie"], sent["Accept"]) == (["[masked]"], ["[masked]"], ["*/*"])


def test_a_token_is_masked_wherever_it_stands() -> None:
    echoed = exchange(received=b'{"detail": "no abcdefghij"}', Authorization="Bearer abcdefghij")
    assert echoed["response"]["body"] == '{"detail": "no [masked]"}'


@pytest.mark.parametrize("name", ["X-API-Key", "Proxy-Authorization", "Cookie", "X-Anything"])
def test_so_is_any_value_that_may_be_a_credential(name: str) -> None:
    echoed = exchange(b"", b'{"detail": "no abcdefghij"}', **{name: "abcdefghij"})
    assert echoed["response"]["body"] == '{"detail": "no [masked]"}'


def test_the_host_is_no_credential() -> None:
    assert exchange(received=b'{"at": "host.example"}', Host="host.example")["response"]["body"] == '{"at": "host.example"}'


def test_personal_numbers_keep_their_last_digits_too() -> None:
    told = exchange(b'{"to_number": "+14155552671", "prompt": "Call 4155552671."}')
    assert told["request"]["body"] == '{"to_number": "********2671", "prompt": "xxxx xxxxxxxxxx."}'


def test_numbers_keep_their_last_digits_and_stay_equal() -> None:
    told = exchange(b'{"to": "+14155552671"}', b'{"to": "+14155552671", "id": 14155552671}')
    assert told["request"]["body"] == '{"to": "********2671"}'
    assert told["response"]["body"] == '{"to": "********2671", "id": 14155552671}'


@pytest.mark.parametrize(
    ("received", "shown"),
    [
        (b'{"prompt": "Hi, Bob!", "id": "a"}', '{"prompt": "xx, xxx!", "id": "a"}'),
        (b'{"prompt": {"a": ["b", 1, null]}}', '{"prompt": {"a": ["x", 1, null]}}'),
        (b'{"prompt": 1', "[masked]"),
    ],
)
def test_the_letters_of_personal_texts_are_not_recorded(
    received: bytes, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_recording, "PERSONAL", ("prompt",))
    assert exchange(received=received)["response"]["body"] == shown


def test_bytes_that_are_no_text_are_recorded_as_base64() -> None:
    assert exchange(b"\xff\x00")["request"].items() >= {"body": "/wA=", "encoding": "base64"}.items()
