"""Values that are judged as they are, and shown without the secrets in them: in every `repr`, and so in tracebacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self


class VeiledBytes(bytes):
    """Bytes that hold a secret. `shown` is how others may see them.

    >>> VeiledBytes(b"secret", b"[masked]")
    b'[masked]'
    """

    shown: bytes

    def __new__(cls, value: bytes, shown: bytes) -> Self:
        """Makes them of both."""
        made = super().__new__(cls, value)
        made.shown = shown
        return made

    def __repr__(self) -> str:
        """Shows what others may see."""
        return repr(self.shown)

    def __reduce__(self) -> tuple[type[VeiledBytes], tuple[bytes, bytes]]:
        """Keeps both for another process."""
        return VeiledBytes, (bytes(self), self.shown)


class VeiledText(str):
    """A text that holds a secret. `shown` is how others may see it."""

    __slots__ = ("shown",)
    shown: str

    def __new__(cls, value: str, shown: str) -> Self:
        """Makes it of both."""
        made = super().__new__(cls, value)
        made.shown = shown
        return made

    def __repr__(self) -> str:
        """Shows what others may see."""
        return repr(self.shown)

    def __reduce__(self) -> tuple[type[VeiledText], tuple[str, str]]:
        """Keeps both for another process."""
        return VeiledText, (str.__str__(self), self.shown)


def veil_bytes(value: bytes, shown: bytes) -> bytes:
    """The bytes, veiled if they are not to be shown as they are."""
    return value if value == shown else VeiledBytes(value, shown)


def veil_text(value: str, shown: str) -> str:
    """The text, veiled if it is not to be shown as it is."""
    return value if value == shown else VeiledText(value, shown)


def shown_bytes(value: bytes) -> bytes:
    """The bytes as others may see them."""
    return value.shown if isinstance(value, VeiledBytes) else value


def shown_text(value: str) -> str:
    """The text as others may see it."""
    return value.shown if isinstance(value, VeiledText) else value
