"""A schema where it describes a part of a request."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from spec.reader import escape


@dataclass(frozen=True)
class Spot:
    """A schema where it describes a part of the request."""

    pointer: str
    path: str
    """The part, as `Choice.place` names it."""
    owner: str
    """The object that it is part of, for the kinds of string."""
    followed: tuple[str, ...]
    """The references that led here."""
    depth: int = 0
    """How many objects and arrays of the body are around the part."""

    @property
    def location(self) -> str:
        """The part as the JSON Pointer by which limits name it."""
        plain = re.sub(r"\[\d\]|\{\}", ".*", without_branches(self.path))
        return "/" + plain.replace(".", "/") if plain else ""

    def within(self, *way: str, path: str | None = None, owner: str | None = None) -> Spot:
        """A schema within this one, of another part if it has a path."""
        pointer = "".join(f"/{escape(token)}" for token in way)
        return replace(
            self,
            pointer=self.pointer + pointer,
            path=self.path if path is None else path,
            owner=self.owner if owner is None else owner,
            depth=self.depth + (path is not None),
        )


def without_branches(path: str) -> str:
    """The path of a part of the request, without the branches that it goes through."""
    return re.sub(r"\([^)]*\)", "", path)
