"""Media types, as OpenAPI documents and header fields write them."""

from __future__ import annotations

from typing import Final

JSON_MEDIA_TYPE: Final = "application/json"


def base_of(media_type: str) -> str:
    """The media type without parameters, in lower case.

    >>> base_of("Application/JSON; charset=utf-8")
    'application/json'
    """
    return media_type.partition(";")[0].strip().lower()


def is_json_media_type(media_type: str) -> bool:
    """Tells whether bodies of a media type, parameters and all, are JSON (RFC 6839 has the suffix).

    >>> [is_json_media_type(each) for each in ("application/json; charset=utf-8", "application/hal+json", "text/json5")]
    [True, True, False]
    """
    base = base_of(media_type)
    return base == JSON_MEDIA_TYPE or base.endswith("+json")


def fits(pattern: str, media_type: str) -> bool:
    """Tells whether a media type is one of those that a document's key stands for.

    >>> [fits(each, "image/png") for each in ("image/*", "*/*", "image/jpeg")]
    [True, True, False]
    """
    wanted, actual = base_of(pattern), base_of(media_type)
    return wanted in {"*/*", actual} or (wanted.endswith("/*") and actual.startswith(wanted[:-1]))
