"""The mock's own routes below `/_mock/`: they tell it what to answer next, and tell what it received and sent.

A page of the web cannot use them, nor the API: browsers ask first for a request with a body of JSON, and only pages of
this machine are let in (see edge.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from pydantic import ValidationError
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from contract_tests.servers.journal import as_json
from contract_tests.servers.orders import Order, OrderError

if TYPE_CHECKING:
    from starlette.requests import Request

    from contract_tests.servers.journal import Journal

NEXT: Final = "/_mock/next"
REQUESTS: Final = "/_mock/requests"
WEBHOOKS: Final = "/_mock/webhooks"
RESET: Final = "/_mock/reset"


class Controlled(Protocol):
    """A mock that can be controlled."""

    journal: Journal

    def order(self, order: Order) -> None:
        """Has the next answer be as the order says. Raises OrderError if none can be."""

    def reset(self) -> None:
        """Forgets everything."""


def control_routes(server: Controlled) -> list[Route]:
    """The routes that control a mock."""

    async def order_next(request: Request) -> Response:
        if problem := _unless_json(request):
            return problem
        try:
            server.order(Order.model_validate_json(await request.body()))
        except ValidationError as error:
            return JSONResponse({"detail": _explain(error)}, 422)
        except OrderError as error:
            return JSONResponse({"detail": [{"loc": ["refuse"], "msg": str(error), "type": "unknown_field"}]}, 422)
        return Response(status_code=204)

    async def reset(request: Request) -> Response:
        if problem := _unless_json(request):
            return problem
        server.reset()
        return Response(status_code=204)

    async def list_requests(_request: Request) -> Response:
        return JSONResponse([as_json(entry) for entry in server.journal.received])

    return [
        Route(NEXT, order_next, methods=["POST"]),
        Route(RESET, reset, methods=["POST"]),
        Route(REQUESTS, list_requests, methods=["GET"]),
    ]


def _explain(error: ValidationError) -> list[dict[str, object]]:
    """The problems of an order. One with an unknown name tells the known ones."""
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    known = f"No such order; known are {', '.join(Order.model_fields)}"
    is_unknown = [each["type"] == "extra_forbidden" and len(each["loc"]) == 1 for each in problems]
    return [{**each, **({"msg": known} if named else {})} for each, named in zip(problems, is_unknown, strict=True)]


def route_of_webhooks(journal: Journal) -> Route:
    """The route that tells of the webhooks that a mock sent."""

    async def list_webhooks(_request: Request) -> Response:
        return JSONResponse([as_json(entry) for entry in journal.sent])

    return Route(WEBHOOKS, list_webhooks, methods=["GET"])


def _unless_json(request: Request) -> Response | None:
    """A refusal of a request that any page of the web could have a browser send."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json":
        return None
    return JSONResponse({"detail": "Send the header field Content-Type: application/json"}, 415)
