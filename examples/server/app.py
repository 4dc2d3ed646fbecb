"""Takes calls, as a team in a hurry writes it."""

from itertools import count
from typing import Any

from fastapi import FastAPI, HTTPException, Request

app = FastAPI()
numbers = count(1)


@app.post("/conversations/create_phone_call")
async def create_phone_call(request: Request) -> dict[str, Any]:
    """Begins a conversation."""
    if "authorization" not in request.headers:
        raise HTTPException(400, "Where is your token?")
    call = await request.json()
    return {
        "id": str(next(numbers)),
        "type": "outbound_phone_call",
        "status": "calling",
        "agent_id": call.get("agent_id"),
    }
