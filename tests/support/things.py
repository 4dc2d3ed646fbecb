"""A small server that keeps tests/data/things.yaml, with a status for wrong credentials beside it.

A run against it takes a tenth of the requests of the real spec.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.responses import JSONResponse, Response

from contract_tests.exchange.strict_json import parse_json
from contract_tests.target.options import Options
from tests.conftest import ROOT
from tests.support.applications import Application, has_the_token, is_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.requests import Request

_SPEC: Final = ROOT / "tests" / "data" / "things.yaml"
_REFUSED: Final = "        '422':\n          description: Refused.\n"


def options(report_dir: Path, *, time_limit: float = 300.0, connect_timeout: float = 10.0) -> Options:
    """Options of a run that is the same each time, without random requests."""
    spec = report_dir / "things.yaml"
    spec.write_text(_SPEC.read_text().replace(_REFUSED, _REFUSED + _REFUSED.replace("422", "401")))
    return Options(
        report_dir=report_dir,
        token_env="VOICEOS_TOKEN",
        seed=1,
        spec=spec,
        fuzzing=False,
        time_limit=time_limit,
        connect_timeout=connect_timeout,
    )


def things(fault: Callable[[int], Response | None] = lambda _: None) -> Application:
    """The server, but for what a fault answers in its place, by the number of the request, from 1 on."""
    application = Application()

    def answer(request: Request, body: bytes) -> Response:
        return fault(len(application.seen)) or _conform(request, body)

    application.answer = answer
    return application


def _conform(request: Request, body: bytes) -> Response:
    if not has_the_token(request):
        return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})
    if request.method != "POST":
        return Response(status_code=405, headers={"allow": "POST"})
    is_right = is_json(request) and _is_thing(body)
    return JSONResponse({"id": str(id(request)), "state": "new"}) if is_right else Response(status_code=422)


def _is_thing(body: bytes) -> bool:
    try:
        thing = parse_json(body)
    except ValueError:
        return False
    return isinstance(thing, dict) and _is_size(thing.get("size-in-cm", 1)) and thing.get("colour") in ("red", "green")


def _is_size(size: object) -> bool:
    """Tells whether a value is a whole number above 0, as 3e1 is too."""
    return isinstance(size, int | float) and not isinstance(size, bool) and size >= 1 and size == int(size)
