"""A server as a team in a hurry writes it, with FastAPI: it takes whatever comes, and answers as its authors recall."""

from __future__ import annotations

from itertools import count
from typing import Any, Final

from fastapi import FastAPI, HTTPException, Request

from contract_tests.servers.mock import PATH

CAUSES: Final = (
    "any credentials will do, the token is never looked at",
    "a body that cannot be read as an object crashes it",
    "agent_config comes back as null where the request has none",
    "account_id is a number",
    "status is one of its own",
    "started_at has no offset from UTC",
    "type is that of another kind of conversation",
    "agent_id comes back under another name",
    "the numbers of phone_call come back under other names",
    "nothing in the body is checked",
    "JSON that is none is accepted",
    "the media type is not looked at",
    "a request without credentials gets 400",
    "a conversation cannot be read: there is nothing at its path",
)
"""The mistakes of the server, each of which one change in its code mends."""


def make_lax_app() -> FastAPI:
    """Makes the server."""
    app, numbers = FastAPI(), count(1)

    @app.post(PATH)
    async def create_phone_call(request: Request) -> dict[str, Any]:
        if "authorization" not in request.headers:
            raise HTTPException(400, "Where is your token?")
        call = await request.json()
        number = next(numbers)
        return {
            "id": str(number),
            "uri": f"/conversations/{number}",
            "type": "inbound_phone_call",
            "account_id": 7,
            "status": "calling",
            "started_at": "2026-01-31T09:30:00",
            "ended_at": None,
            "agent": call.get("agent_id"),
            "agent_config": call.get("agent_config"),
            "messages": [],
            "phone_call": {"from": call.get("from_number"), "to": call.get("to_number")},
        }

    return app
