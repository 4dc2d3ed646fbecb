"""Places in files, as results name them: `spec/openapi.yaml:12`."""

from __future__ import annotations


def split_location(location: str) -> tuple[str, int]:
    """The path and the line.

    >>> split_location("spec/openapi.yaml:12")
    ('spec/openapi.yaml', 12)
    """
    path, _, line = location.rpartition(":")
    return path, int(line)
