"""An answer of a server, before it is sent."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import to_json
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

NOTHING: Final = b""
"""The body of an answer that has none."""


@dataclass(frozen=True)
class Answer:
    """A server's answer: a status, a body and header fields of its own. Bytes are sent as they are."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = "application/json"
    """The media type of a body that is not bytes."""

    def with_body(self, body: Any) -> Answer:  # noqa: ANN401 - JSON, or bytes
        """The answer with another body."""
        return replace(self, body=body)


def make_response(answer: Answer) -> Response:
    """The response that sends an answer."""
    if isinstance(answer.body, bytes):
        return Response(answer.body, answer.status, dict(answer.headers))
    # Starlette's JSONResponse makes an encoder for each body, and takes ten times as long.
    return Response(to_json(answer.body), answer.status, dict(answer.headers), media_type=answer.media_type)
