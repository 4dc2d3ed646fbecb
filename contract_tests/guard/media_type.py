"""The Content-Type of a request, read by the letter of RFC 9110: only what all readers read alike is understood."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from contract_tests.contract.media_types import BINARY_MEDIA_TYPE, FORM_MEDIA_TYPE, JSON_MEDIA_TYPE
from contract_tests.exchange.headers import CONTENT_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contract_tests.exchange.headers import Headers

UNDERSTOOD: Final = {JSON_MEDIA_TYPE, FORM_MEDIA_TYPE, "text/plain", BINARY_MEDIA_TYPE}
"""The types of the bodies that the suite sends. Under each, the body must be JSON that may go out."""
_PARAMETERS: Final = {("charset", "utf-8"), ("for", "application/json")}
"""The parameters that the suite sends; the second is none of any reader's."""
_WORD: Final = r"[!#$%&'*+.^`|~\w-]+"
_PARAMETER: Final = rf"[ \t]*;[ \t]*({_WORD})=(?:\"([^\"\\]*)\"|({_WORD}(?:/{_WORD})?))"
_VALUE: Final = re.compile(rf"[ \t]*({_WORD}/{_WORD})((?:{_PARAMETER})*)[ \t]*", re.ASCII)


@dataclass(frozen=True)
class MediaType:
    """A media type and its parameters, all in lower case."""

    name: str
    parameters: tuple[tuple[str, str], ...] = ()


def media_type_complaint(headers: Headers, documented: Iterable[str] = ()) -> str | None:
    """Why the Content-Type leaves open how a body is read; None if it does not. Without one, a body is read as JSON."""
    values = headers.all(CONTENT_TYPE)
    if len(values) > 1:
        return "several Content-Type fields"
    if not values:
        return None
    media_type = parse_media_type(values[0])
    if media_type is None:
        return "a Content-Type that is not written as HTTP has it"
    # A documented type is JSON by another name: its body is looked into like any JSON.
    return None if media_type in map(parse_media_type, documented) else _complaint(media_type)


def _complaint(media_type: MediaType) -> str | None:
    """Why a media type that the spec does not have leaves open how a body is read."""
    if media_type.name not in UNDERSTOOD:
        return f"a body of the type {media_type.name}, which is not looked into"
    names = [name for name, _ in media_type.parameters]
    if len({*names}) < len(names) or not {*media_type.parameters} <= _PARAMETERS:
        return "a Content-Type with parameters that are not known"
    return None


def parse_media_type(value: str) -> MediaType | None:
    """The media type that a Content-Type names; None if it is malformed."""
    found = _VALUE.fullmatch(value)
    if found is None:
        return None
    parameters = re.findall(_PARAMETER, found[2], re.ASCII)
    return MediaType(found[1].lower(), tuple((name.lower(), (a or b).lower()) for name, a, b in parameters))
