"""The exit codes of the commands under scripts/, for shells and CI."""

from __future__ import annotations

from typing import Final

FRESH: Final = 0
"""Nothing is wrong."""
FAILED: Final = 1
"""The command found something wrong, or could not do its work."""
STALE: Final = 4
"""generated/ is not what the spec generates, and nothing else is wrong."""
INTERRUPTED: Final = 130
"""The user pressed Ctrl-C: 128 plus the signal's number, as shells count it."""
