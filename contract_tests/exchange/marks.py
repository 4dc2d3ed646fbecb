"""What the guard and those before it tell each other in header fields, which go no further."""

from __future__ import annotations

from typing import Final

CASE_ID: Final = "x-schemathesis-testcaseid"
"""The header field by which the engine's cases are told apart."""
PREFLIGHT: Final = "preflight"
"""How the ids of requests begin that find out whether the target is there. They have the body `{}`."""
MARK: Final = "X-Contract-Guard"
"""The header field of the guard's own answers."""
NOT_TRIED: Final = "not-tried"
NO_ANSWER: Final = "no-answer"
"""What it says of them: nothing was sent, or no response came that could be read."""
