"""The changes of fields of OpenAPI's objects that have rules of their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from scripts.drift.objects.fields import FIELDS, METHODS, Field
from scripts.drift.objects.security import compare_flow_scopes, compare_security
from scripts.drift.objects.servers import compare_servers
from scripts.drift.objects.sides import Places
from scripts.drift.wording import changed
from spec.document import is_annotation, resolve
from spec.operations import IGNORED_HEADERS
from spec.reader import ABSENT, tokens, value_or_absent

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.drift.effects import Effect
    from scripts.drift.objects.changes import ObjectChanges
    from scripts.drift.objects.findings import Context

_OPERATION: Final = Field("object", type="operation")
_ENCODING: Final = Field("object", type="encoding")
_RESPONSES: Final = Field("map", type="response")

Key = tuple[str, str]
"""The `in` of a parameter, and its name; for one in the path its position there, for the server never sees its name."""


def _tags(changes: ObjectChanges, places: Places, context: Context) -> None:
    before, now = (owner.get("tags", []) for owner in changes.documents.objects(places))
    if before[:1] != now[:1]:
        pointer = f"{places.now}/tags"
        message = f"{changed(pointer, before, now)} The module generated for it is named after its first tag."
        changes.tell(pointer, message, "different", context)


def _operation_id(changes: ObjectChanges, places: Places, context: Context) -> None:
    before, now = (owner.get("operationId", ABSENT) for owner in changes.documents.objects(places))
    if before != now:
        pointer = f"{places.now}/operationId"
        message = f"{changed(pointer, before, now)} The module generated for it is renamed with it."
        changes.tell(pointer, message, "different", context)


def _parameters(changes: ObjectChanges, places: Places, context: Context) -> None:
    """Compares the parameters of an operation, together with those of its path."""
    documents = changes.documents
    path = context.operation.path
    before = find_parameters(documents.base, places.before, path)
    now = find_parameters(documents.spec, places.now, path)
    for key in {**now, **before}:
        if key in before and key in now:
            changes.compare("parameter", Places(before[key], now[key]), context.request())
        elif key in now:
            is_required = value_or_absent(documents.spec, f"{resolve(documents.spec, now[key])}/required") is True
            effect: Effect = "narrower" if is_required else "harmless"
            changes.tell(now[key], f"Parameter `{key[1]}` was added.", effect, context.request())
        else:
            changes.tell(before[key], f"Parameter `{key[1]}` was removed.", "different", context.request())


def find_parameters(document: dict[str, Any], operation: str, path: str) -> dict[Key, str]:
    """Maps the parameters of an operation to their pointers. Those of its path count unless it overrides them.

    Args:
        document: the document of the operation.
        operation: its pointer.
        path: its path, for an operation that stands in a component.
    """
    item = operation.rpartition("/")[0]
    template = re.findall(r"{([^}]*)}", tokens(item)[-1] if item.startswith("/paths/") else path)
    found: dict[Key, str] = {}
    for owner in (item, operation):
        listed = value_or_absent(document, f"{owner}/parameters")
        for index, _ in enumerate(listed if isinstance(listed, list) else []):
            pointer = f"{owner}/parameters/{index}"
            parameter = value_or_absent(document, resolve(document, pointer))
            if parameter["in"] != "header" or parameter["name"].lower() not in IGNORED_HEADERS:
                found[_key(parameter, template)] = pointer
    return found


def _key(parameter: dict[str, Any], template: list[str]) -> Key:
    where, name = parameter["in"], parameter["name"]
    if where == "path" and name in template:
        return where, f"{template.index(name) + 1} of the path"
    return where, name.lower() if where == "header" else name


def _responses(changes: ObjectChanges, places: Places, context: Context) -> None:
    """Compares the responses. A new status is held to what the base says of it: that of `4XX`, or of `default`."""
    changes.map("responses", _RESPONSES, places, context)
    below = places.below("responses")
    before, now = changes.documents.objects(below)
    for status in now.keys() - before.keys():
        wider = next((some for some in (f"{status[0]}XX", "default") if some in before), None)
        if wider and not is_annotation(status):
            pair = Places(below.below(wider).before, below.below(status).now)
            changes.compare("response", pair, context.response(status))


def _callbacks(changes: ObjectChanges, places: Places, context: Context) -> None:
    """Compares the operations of callbacks, in which the server sends and the client answers."""
    documents = changes.documents
    for name in documents.names(places.below("callbacks")):
        callback = places.below("callbacks").below(name)
        if not all(documents.are_there(callback)):
            changes.entry(_OPERATION, callback, context)
            continue
        items = documents.resolved(callback)
        for key in documents.names(items):
            if is_annotation(key):
                continue
            item = documents.resolved(items.below(key))
            for method in METHODS:
                changes.entry(_OPERATION, item.below(method), context.callback(name))


def _encoding(changes: ObjectChanges, places: Places, context: Context) -> None:
    """Compares the encodings of a form's fields. An absent one states the defaults. Responses ignore them."""
    below = places.below("encoding")
    if not context.is_response:
        for name in changes.documents.names(below):
            changes.compare("encoding", below.below(name), context)


def _content_type(changes: ObjectChanges, places: Places, context: Context) -> None:
    """Compares the media types of a part of a body. Of a multipart body, the part's schema states the default."""
    owners = changes.documents.objects(places)
    defaults = changes.defaults_of_part(places)
    before, now = (owner.get("contentType", default) for owner, default in zip(owners, defaults, strict=True))
    if before != now:
        pointer = f"{places.now}/contentType"
        message = changed(pointer, *(owner.get("contentType", ABSENT) for owner in owners))
        changes.tell(pointer, message, "different", context)


def _explode(changes: ObjectChanges, places: Places, context: Context) -> None:
    """Compares the `explode` of a parameter or header: it is about arrays and objects, and about no other value."""
    if changes.has_parts(places.below("schema")):
        kind = "parameter" if "in" in changes.documents.objects(places)[1] else "header"
        changes.value("explode", FIELDS[kind]["explode"], places, context)


def _servers(changes: ObjectChanges, places: Places, context: Context) -> None:
    if context.sends == "response":
        return  # a webhook or a callback comes to a URL that its receiver gave
    for pointer, message, effect in compare_servers(changes.documents, places):
        changes.tell(pointer, message, effect, context)


def _security(changes: ObjectChanges, places: Places, context: Context) -> None:
    for pointer, message, effect in compare_security(changes.documents, places, is_sent=context.sends == "response"):
        changes.tell(pointer, message, effect, context)


def _scopes(changes: ObjectChanges, places: Places, context: Context) -> None:
    for pointer, message, effect in compare_flow_scopes(changes.documents, places):
        changes.tell(pointer, message, effect, context)


OWN: Final[dict[tuple[str, str], Callable[[ObjectChanges, Places, Context], None]]] = {
    ("operation", "tags"): _tags,
    ("operation", "operationId"): _operation_id,
    ("operation", "parameters"): _parameters,
    ("operation", "responses"): _responses,
    ("operation", "callbacks"): _callbacks,
    ("operation", "servers"): _servers,
    ("operation", "security"): _security,
    ("media-type", "encoding"): _encoding,
    ("encoding", "contentType"): _content_type,
    ("parameter", "explode"): _explode,
    ("header", "explode"): _explode,
    ("oauth-flow", "scopes"): _scopes,
}
