"""The templates of the page, compiled once: beside them in `__pycache__`, as Python keeps its own modules.

Compiling them takes longer than all else that the end of a run does.
"""

from __future__ import annotations

import hashlib
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import jinja2

if TYPE_CHECKING:
    from pathlib import Path

    from jinja2.bccache import Bucket


class Compiled(jinja2.FileSystemBytecodeCache):
    """Keeps compiled templates where Python keeps compiled modules. Where it cannot, it compiles them each time.

    Jinja2 compares their sources. `settings` is the file with all else that they depend on.
    """

    def __init__(self, settings: Path) -> None:
        version = hashlib.sha256(settings.read_bytes() + jinja2.__version__.encode()).hexdigest()
        super().__init__(
            str(settings.parent / "__pycache__"), f"%s.{version[:16]}.{sys.implementation.cache_tag}.jinja"
        )

    def load_bytecode(self, bucket: Bucket) -> None:
        """Reads a template, if it is there and can be read."""
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Writes a template, if Python may write compiled modules and the folder is there."""
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                super().dump_bytecode(bucket)
