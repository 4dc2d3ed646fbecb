"""The kinds of media types: what a client makes of a body."""

from __future__ import annotations

from typing import Final

JSON: Final = "application/json"
_FORMS: Final = {"application/x-www-form-urlencoded", "multipart/form-data"}


def is_json(media_type: str) -> bool:
    """True for JSON and its subtypes. An API that says `*/*` and no more means JSON, too."""
    essence = _essence(media_type)
    return essence in {JSON, "*/*", "application/*"} or essence.endswith("+json")


def is_text(media_type: str) -> bool:
    """True for text."""
    return _essence(media_type).startswith("text/")


def is_form(media_type: str) -> bool:
    """True for a form, URL-encoded or in parts."""
    return _essence(media_type) in _FORMS


def is_binary(media_type: str) -> bool:
    """True for bytes: what is neither JSON nor text nor a form."""
    return not (is_json(media_type) or is_text(media_type) or is_form(media_type))


def _essence(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()
