"""The base of all that a result is made of."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

Standing = Literal["documented", "sdk", "inferred", "advice"]


class Part(BaseModel):
    """A part of a result: it never changes, and has no other fields than the declared ones."""

    model_config = ConfigDict(frozen=True, extra="forbid")
