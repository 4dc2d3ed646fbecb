"""Media types, as OpenAPI documents and header fields write them, and the kinds of body that they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Collection

Kind = Literal["json", "form", "multipart", "xml", "text", "binary"]
"""A way to read bodies: `binary` where a body has no structure that is known here."""
JSON_MEDIA_TYPE: Final = "application/json"
FORM_MEDIA_TYPE: Final = "application/x-www-form-urlencoded"
MULTIPART_MEDIA_TYPE: Final = "multipart/form-data"
BINARY_MEDIA_TYPE: Final = "application/octet-stream"
_OF_RANGES: Final = {
    "text/*": ("text/plain", "text/csv", "text/markdown"),
    "image/*": ("image/png", "image/jpeg"),
    "audio/*": ("audio/mpeg", "audio/ogg"),
    "video/*": ("video/mp4", "video/webm"),
    "multipart/*": (MULTIPART_MEDIA_TYPE,),
}
_STRUCTURED: Final = (JSON_MEDIA_TYPE, "application/vnd.other+json")
_BYTES: Final = (BINARY_MEDIA_TYPE, "application/vnd.other")


def base_of(media_type: str) -> str:
    """The media type without parameters, in lower case.

    >>> base_of("Application/JSON; charset=utf-8")
    'application/json'
    """
    return media_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """True for a media type of JSON (RFC 6839, section 3.1): `application/json`, `application/problem+json`.

    >>> is_json("application/problem+json; charset=utf-8"), is_json("application/json-seq")
    (True, False)
    """
    base = base_of(media_type)
    return base == JSON_MEDIA_TYPE or base.endswith("+json")


def is_multipart(media_type: str) -> bool:
    """True for a media type of bodies that have parts (RFC 2046, section 5.1).

    >>> is_multipart("multipart/mixed; boundary=b"), is_multipart("message/rfc822")
    (True, False)
    """
    return base_of(media_type).startswith("multipart/")


def fits(pattern: str, media_type: str) -> bool:
    """Tells whether a media type is one of those that the key of a spec stands for.

    >>> [fits(each, "image/png") for each in ("image/*", "*/*", "image/jpeg")]
    [True, True, False]
    """
    wanted, actual = base_of(pattern), base_of(media_type)
    return wanted in {"*/*", actual} or (wanted.endswith("/*") and actual.startswith(wanted[:-1]))


def kind_of(media_type: str) -> Kind:
    """The kind of a body by its media type.

    >>> [kind_of(each) for each in ("application/hal+json", "text/csv", "image/png", "application/atom+xml")]
    ['json', 'text', 'binary', 'xml']
    """
    base = base_of(media_type)
    if is_json(base):
        return "json"
    if base in {FORM_MEDIA_TYPE, MULTIPART_MEDIA_TYPE}:
        return "form" if base == FORM_MEDIA_TYPE else "multipart"
    if base.endswith(("/xml", "+xml")):
        return "xml"
    return "text" if base.startswith("text/") else "binary"


def example_of(pattern: str, *, is_structured: bool, others: Collection[str] = ()) -> str:
    """A media type that the key of a spec stands for; of a range that has JSON too, JSON for a structured value.

    The other keys have media types of their own, which are left out.

    >>> example_of("image/*", is_structured=False), example_of("application/*", is_structured=True)
    ('image/png', 'application/json')
    """
    base = base_of(pattern)
    if "*" not in base:
        return pattern
    anything = _STRUCTURED if is_structured else _BYTES
    suitable = _OF_RANGES.get(base, anything if base in {"*/*", "application/*"} else (base.replace("*", "example"),))
    nearer = [other for other in others if other.count("*") < base.count("*")]
    return next((each for each in suitable if not any(fits(other, each) for other in nearer)), suitable[-1])
