"""Nothing about people is in the reports of recordings, whatever the recorded exchanges break."""

from __future__ import annotations

import base64
import json
import random
import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import pytest

from contract_tests.contract.personal import PersonalFields
from contract_tests.recordings import main
from contract_tests.run.privacy import PersonalMask, mask_body
from contract_tests.servers.mock import PATH
from tests.support.exchanges import write_contract
from tests.support.recordings import HOST, REQUEST, field, make_entry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.personal import Place
    from spec.json_value import Json

LABEL: Final = f"POST {PATH}"
DIGITS: Final = 4
"""Of a number, that many may be shown."""


@pytest.fixture
def sent(contract: Contract) -> Place:
    return PersonalFields(contract).request(LABEL)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"to_number": "+12025550143", "agent_id": "a"}', '{"to_number": "********0143", "agent_id": "a"}'),
        ('{"to_number":12025550143}', '{"to_number":"*******0143"}'),
        ('{"to_number": ["+12025550143", {"x": "y"}]}', '{"to_number": ["********0143", {"[masked]": "[masked]"}]}'),
        ('{"agent_config": {"prompt": "Call \\"Jane\\""}}', '{"agent_config": {"prompt": "[masked]"}}'),
        ('{"agent_config": {"metadata": {"Jane": 1}}}', '{"agent_config": {"metadata": {"[masked]": 1}}}'),
        (
            '{"agent_config": {"webhooks": [{"url": "https://example.com/hook?key=s3cret", "method": "GET"}]}}',
            '{"agent_config": {"webhooks": [{"url": "https://example.com/[masked]", "method": "GET"}]}}',
        ),
        ('{"unheard_of": "Jane", "agent_id": "a"}', '{"unheard_of": "[masked]", "agent_id": "a"}'),
        ('{"to_number": "+12025550143", "agent_config": {"prompt": "Jane', None),
        ('{"agent_config": {"prompt": "a"}, "prompt": "b", "agent_id": "c"', None),
        ("Call Jane on +12025550143", "[masked]"),
        ("", ""),
    ],
)
def test_a_body_is_shown_without_personal_values(sent: Place, text: str, shown: str | None) -> None:
    masked = mask_body(text, sent, show_text=False)
    assert "Jane" not in masked
    assert "2025550143" not in masked
    assert shown is None or masked == shown


def test_text_is_shown_where_that_is_asked_for_and_numbers_and_secrets_never(sent: Place) -> None:
    body = {
        "to_number": "+12025550143",
        "agent_config": {"prompt": "Call Jane", "webhooks": [{"headers": {"k": "s3cret"}}]},
    }
    shown = mask_body(json.dumps(body), sent, show_text=True)
    assert "Call Jane" in shown
    assert "********0143" in shown
    assert "s3cret" not in shown


ANOTHER_API: Final = """
openapi: 3.1.0
info: {title: Parcels, version: '1'}
paths:
  /parcels:
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              properties:
                name: {type: string, x-personal: true}
                size: {type: string}
      responses:
        '200': {description: It is on its way.}
"""


def test_another_api_says_its_own(tmp_path: Path) -> None:
    place = PersonalFields(write_contract(tmp_path, ANOTHER_API)).request("POST /parcels")
    assert mask_body('{"name": "Jane", "size": "L"}', place, show_text=False) == '{"name": "[masked]", "size": "L"}'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('prompt is "Call Jane now", and so on', 'prompt is "[masked]", and so on'),
        ("Call Jane now", "[masked]"),
        ('it is "A very long text that no line…', 'it is "[masked]"'),
        ("the number +12025550143 is wrong", "the number ********0143 is wrong"),
        ("at 2026-01-31T09:30:00.000Z, 12 of 600", "at 2026-01-31T09:30:00.000Z, 12 of 600"),
        ("the id 20255501430000", "the id **********0000"),
    ],
)
def test_texts_quote_no_personal_values(text: str, shown: str) -> None:
    mask = PersonalMask(frozenset({"Call Jane now", "A very long text that no line holds at all"}))
    assert mask.hide_text(text) == shown


def broken(answer: dict[str, Any], chance: random.Random) -> None:
    """A response with one of many faults, some of which quote what is personal."""
    faults: list[Callable[[], Any]] = [
        lambda: None,
        lambda: answer.update(status="live"),
        lambda: answer.update(phone_call=None),
        lambda: answer["phone_call"].update(to_number=answer["phone_call"]["from_number"]),
        lambda: answer.update(note=answer["phone_call"]["to_number"]),
        lambda: answer.update(messages=[{"role": "agent", "content": answer["agent_config"]["prompt"], "x": 1}]),
        lambda: answer["agent_config"].update(prompt="Another " + answer["agent_config"]["prompt"]),
        lambda: answer["agent_config"].pop("metadata"),
        lambda: answer.update(id="1"),
        lambda: answer.update(type=answer["phone_call"]["to_number"]),
    ]
    chance.choice(faults)()


def make_traffic(count: int, broken_share: float) -> tuple[list[dict[str, Any]], set[str]]:
    """Entries of recordings, of which a share may be broken, and all that no report may show of them."""
    chance, secrets = random.Random(1), set[str]()  # noqa: S311 - nothing is kept secret by it
    return [
        _make_entry(number, chance, secrets, is_good=chance.random() > broken_share) for number in range(count)
    ], secrets


def _make_entry(number: int, chance: random.Random, secrets: set[str], *, is_good: bool) -> dict[str, Any]:
    kinds = ("token", "cookie", "prompt", "greeting", "fact", "hook", "header")
    made = {kind: f"{kind}{chance.getrandbits(64):016x}" for kind in kinds}
    numbers = [f"+1{chance.randrange(2 * 10**9, 10**10)}" for _ in range(2)]
    secrets.update(made.values(), numbers, (each[:-DIGITS] for each in numbers))
    config = REQUEST["agent_config"] | {
        "prompt": f"You call Jane Doe {made['prompt']} today",
        "initial_message": made["greeting"],
        "metadata": {"who": made["fact"]},
        "webhooks": [
            {
                "events": ["phone_call:connection_requested"],
                "url": f"https://hooks.example.com/x?key={made['hook']}",
                "method": "GET",
                "headers": {"X-Key": made["header"]},
            }
        ],
    }
    body: dict[str, Json] = REQUEST | {"from_number": numbers[0], "to_number": numbers[1], "agent_config": config}
    wrong: list[Callable[[], Any]] = [
        *[lambda: None] * 6,
        lambda: body.update(to_number=int(numbers[1][1:])),
        lambda: body.update(more=made["fact"]),
    ]
    if not is_good:
        chance.choice(wrong)()
    answer: dict[str, Any] = {
        "id": f"id-{number}",
        "uri": f"/conversations/id-{number}",
        "type": "outbound_phone_call",
        "account_id": "account",
        "status": "queued",
        "agent_config": json.loads(json.dumps(config)),
        "agent_id": REQUEST["agent_id"],
        "created_at": "2026-01-31T09:30:00Z",
        "started_at": None,
        "ended_at": None,
        "messages": [],
        "phone_call": {"provider": "twilio", "from_number": numbers[0], "to_number": numbers[1]},
        "ended_reason": None,
        "cost_breakdown": None,
    }
    if not is_good:
        broken(answer, chance)
    status = 200 if is_good else chance.choice([200] * 8 + [422, 500])
    text = json.dumps(answer if status == 200 else {"detail": f"{numbers[1]} cannot be called, said {made['token']}"})
    sent = json.dumps(body)[: None if is_good or chance.random() < 0.95 else 400]
    return {
        "request": {
            "method": "POST",
            "url": f"{HOST}{PATH}?key={made['cookie']}",
            "headers": [
                field("content-type", "application/json"),
                field("Authorization", f"Bearer {made['token']}"),
                field("Cookie", made["cookie"]),
            ],
            "postData": {"mimeType": "application/json", "text": sent},
        },
        "response": {
            "status": status,
            "headers": [field("content-type", "application/json"), field("Set-Cookie", made["cookie"])],
            "content": {"mimeType": "application/json", "text": text},
        },
    }


@pytest.mark.parametrize(("count", "broken_share"), [(80, 0.9), pytest.param(10_000, 0.1, marks=pytest.mark.slow)])
def test_no_output_has_a_number_a_token_a_secret_or_a_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], count: int, broken_share: float
) -> None:
    entries, secrets = make_traffic(count, broken_share)
    (tmp_path / "traffic.ndjson").write_text("".join(f"{json.dumps(entry)}\n" for entry in entries))
    code = main([str(tmp_path / "traffic.ndjson"), f"--report-dir={tmp_path / 'report'}", "--seed=1", "--processes=1"])
    said = capsys.readouterr()
    outputs = {path.name: path.read_text() for path in (tmp_path / "report").rglob("*") if path.is_file()}
    assert code == 1
    assert len(outputs) > 5
    for name, text in {"stdout": said.out, "stderr": said.err, **outputs}.items():
        words = {*re.findall(r"[a-z]+[0-9a-f]{16}|\+?\d{7,12}", text)}
        assert not words & secrets, name
        assert "Jane" not in text, name


ECHOED: Final = "Zx9Qw8Er7Ty6Ui5Op4"
HOOK: Final = {"events": ["phone_call:connection_requested"], "method": "GET", "url": "https://hooks.example.com/x"}


def _hook(**changes: Json) -> Callable[[dict[str, Any], dict[str, Any]], object]:
    return lambda _, body: body["agent_config"].update(webhooks=[HOOK | changes])


def _header(name: str, value: str) -> Callable[[dict[str, Any], dict[str, Any]], object]:
    return lambda request, _: request["headers"].append(field(name, value))


def _url(url: str) -> Callable[[dict[str, Any], dict[str, Any]], object]:
    return lambda request, _: request.update(url=url)


ENCODED: Final = {
    "itself": ECHOED,
    "base64": base64.b64encode(ECHOED.encode()).decode(),
    "percent": "".join(f"%{byte:02X}" for byte in ECHOED.encode()),
    "json": json.dumps({"a": {"b": ECHOED}}),
}


@pytest.mark.parametrize(
    "put",
    [
        _header("X-Api-Key", ECHOED),
        _header("Cookie", f"a=b; sid={ECHOED}"),
        _header("Authorization", f"Basic {base64.b64encode(f'user:{ECHOED}'.encode()).decode()}"),
        _header("Proxy-Authorization", f"Basic {base64.b64encode(f'user:{ECHOED}'.encode()).decode()}"),
        _url(f"{HOST}{PATH}?api_key={ECHOED}"),
        _url(f"{HOST}{PATH}?{ECHOED}"),
        _url(f"https://user:{ECHOED}@{HOST.removeprefix('https://')}{PATH}"),
        _url(f"{HOST}{PATH}#access_token={ECHOED}"),
        _hook(url=f"https://hooks.example.com/x?key={ECHOED}"),
        _hook(url=f"https://hooks.example.com/{ECHOED}/x"),
        _hook(url=f"https://user:{ECHOED}@hooks.example.com/"),
        _hook(headers={"Authorization": f"Bearer {ECHOED}"}),
    ],
    ids=["key", "cookie", "basic", "proxy", "query", "bare", "user", "fragment", "hook", "path", "hook user", "header"],
)
def test_a_secret_that_the_server_echoes_is_masked_in_any_encoding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], put: Callable[[dict[str, Any], dict[str, Any]], object]
) -> None:
    entry, body = make_entry(), json.loads(json.dumps(REQUEST))
    put(entry["request"], body)
    entry["request"] |= {"postData": {"mimeType": "application/json", "text": json.dumps(body)}, "bodySize": -1}
    echo = " ".join(["cannot call", *ENCODED.values()])
    entry["response"] |= {"status": 500, "content": {"text": json.dumps({"detail": echo})}}
    outputs = outputs_of(tmp_path, capsys, entry)
    for text in outputs.values():
        assert not [name for name, encoded in ENCODED.items() if encoded in text]


@pytest.mark.parametrize("number", ["+1 (606) 707-8089", "606.707.8089", "%2B16067078089", "1-606-707-8089"])
@pytest.mark.parametrize(
    "put",
    [
        lambda request, _body, number: request.update(url=f"{HOST}{PATH}?to={quote(number)}&{quote(number)}=1"),
        lambda request, _body, number: request["headers"].append(field("User-Agent", f"dialer/{number}")),
        lambda _, body, number: body.update(agent_id=number),
        lambda _, body, number: body.update({number: 1}),
        lambda _, body, number: body["agent_config"].update(metadata={number: {"a": number}}),
    ],
    ids=["url", "header", "documented field", "name", "metadata"],
)
def test_a_number_is_masked_in_any_spelling(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], put: Callable[..., object], number: str
) -> None:
    entry, body = make_entry(), json.loads(json.dumps(REQUEST))
    put(entry["request"], body, number)
    entry["request"] |= {"postData": {"mimeType": "application/json", "text": json.dumps(body)}, "bodySize": -1}
    detail = f"{number} or {base64.b64encode(b'+16067078089').decode()} cannot be called"
    entry["response"] |= {"status": 500, "content": {"text": json.dumps({"detail": detail})}}
    entry["response"]["headers"].append(field("Allow", number))
    for text in outputs_of(tmp_path, capsys, entry).values():
        assert not re.search(r"606\D{0,4}707", text)


def test_the_names_of_personal_fields_are_masked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    metadata = {"Jane": 1, "Doe of Springfield": {"Jane": "a"}}
    entry = make_entry(REQUEST | {"agent_config": REQUEST["agent_config"] | {"metadata": metadata}})
    entry["response"] = make_entry()["response"]
    for text in outputs_of(tmp_path, capsys, entry).values():
        assert "Jane" not in text
        assert "Springfield" not in text


def outputs_of(tmp_path: Path, capsys: pytest.CaptureFixture[str], entry: dict[str, Any]) -> dict[str, str]:
    """All that is said and written of a recording, which has findings."""
    path, folder = tmp_path / "traffic.har", tmp_path / "report"
    path.write_text(json.dumps({"log": {"entries": [entry]}}))
    assert main([str(path), f"--report-dir={folder}", "--seed=1", "--processes=1"]) == 1
    said = capsys.readouterr()
    written = {file.name: file.read_text() for file in folder.rglob("*") if file.is_file()}
    return {"stdout": said.out, "stderr": said.err, **written}
