"""The spec as openapi-python-client needs it.

That generator reads a part of OpenAPI, and leaves out the rest in silence. So its document has that part alone:
operations with all that they refer to in place, and schemas as the models hold them, without what no type states.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from scripts.generate.circles import find_circles
from scripts.generate.client_names import PATH_NAME, class_names, default_id, generator_path, operation_id, path_names
from scripts.generate.client_schema import shaped
from scripts.generate.disjointness import Branches
from scripts.generate.held import PLACE, Holder
from scripts.generate.media_types import JSON, is_binary, is_form, is_json, is_text
from spec.document import reference
from spec.operations import IGNORED_HEADERS
from spec.reader import escape, value_or_absent
from spec.waiting import KEYWORD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spec.json_value import Json
    from spec.reader import Problem, Spec

MISSING: Final = "x-missing"
"""The extension with the reason why the client cannot have an operation."""
METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_STYLES: Final = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
_BINARY: Final = {"type": "string", "format": "binary"}


@dataclass
class ClientInput:
    """The input of the client's generator.

    Attributes:
        document: The document to generate from.
        media_types: The media types that it is to read as another one.
        missing: The operations that the client cannot have, by their pointers, each with the reason.
        refused: The mistakes in operations for which nothing is generated.
        notes: The parts of operations that the client has not, though it has the operations.
    """

    document: dict[str, Any]
    media_types: dict[str, str] = field(default_factory=dict)
    missing: dict[str, Problem] = field(default_factory=dict)
    refused: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


def client_input(spec: Spec) -> ClientInput:
    """The generator's input for a spec."""
    made = ClientInput({name: spec.document[name] for name in ("openapi", "info")})
    maker = _Maker(spec, Holder(spec, with_places=True), made)
    schemas = (spec.document.get("components") or {}).get("schemas") or {}
    maker.classes.update(class_names(schemas))
    components = {
        maker.classes[name]: maker.schema(schema, f"/components/schemas/{escape(name)}")
        for name, schema in schemas.items()
    }
    paths = spec.document.get("paths") or {}
    made.document["paths"] = {generator_path(path): maker.path_item(path) for path in paths}
    made.document["components"] = {"schemas": components}
    made.refused += _recursive_arrays(spec, made.document)
    return made


@dataclass
class _Maker:
    spec: Spec
    holder: Holder
    made: ClientInput
    classes: dict[str, str] = field(default_factory=dict)
    """The name of each component's class, by the component's name."""
    names: set[str] = field(default_factory=set)
    """The operationIds that are taken."""

    def followed(self, pointer: str) -> tuple[dict[str, Any], str]:
        """The object at a pointer, or the one that it refers to, and its pointer."""
        value = self.spec.value(pointer)
        while (target := reference(value)) is not None:
            pointer, value = target, self.spec.value(target)
        return value, pointer

    def path_item(self, path: str) -> dict[str, Any]:
        """The operations of a path, wherever they stand."""
        at = f"/paths/{escape(path)}"
        own = self.spec.value(at)
        found, place = self.followed(at)
        beside = {name: (value, at) for name, value in own.items() if name != "$ref"}
        parts = {name: (value, place) for name, value in found.items()} | beside
        shared = [
            self.followed(f"{where}/parameters/{index}")
            for name, (value, where) in parts.items()
            if name == "parameters"
            for index, _ in enumerate(value)
        ]
        pointers = {method: f"{parts[method][1]}/{method}" for method in METHODS if method in parts}
        return {method: self.operation(path, method, at, shared) for method, at in pointers.items()}

    def operation(self, path: str, method: str, at: str, shared: list[tuple[Any, str]]) -> dict[str, Any]:
        """An operation with what it refers to in place."""
        operation = self.spec.value(at)
        own = [self.followed(f"{at}/parameters/{index}") for index, _ in enumerate(operation.get("parameters", []))]
        parameters = {(one["in"], one["name"]): (one, place) for one, place in [*shared, *own]}
        self.refuse_path(path, at, {name for place, name in parameters if place == "path"})
        result = {name: operation[name] for name in ("tags", "summary", "description") if name in operation}
        result["operationId"] = operation_id(operation.get("operationId") or default_id(path, method), self.names)
        result["security"] = operation.get("security", self.spec.document.get("security", []))
        result["parameters"] = [
            self.parameter(one, place, path_names(path))
            for one, place in parameters.values()
            if not (one["in"] == "header" and one["name"].lower() in IGNORED_HEADERS)
        ]
        if "requestBody" in operation:
            result["requestBody"] = self.request_body(at)
        responses = operation.get("responses", {})
        result["responses"] = {status: self.response(f"{at}/responses/{status}") for status in responses}
        if KEYWORD in operation:
            result[KEYWORD] = operation[KEYWORD]
        if problem := self.made.missing.get(at):
            stub = {"parameters": [], "responses": {}, MISSING: f"{method.upper()} {path}: {problem.message}"}
            return {name: value for name, value in result.items() if name != "requestBody"} | stub
        return result

    def refuse_path(self, path: str, at: str, names: set[str]) -> None:
        """Refuses an operation whose path parameters are not those of its path."""
        in_path = set(PATH_NAME.findall(path))
        for name in sorted(in_path ^ names):
            where = "stands in the path, and is no" if name in in_path else "does not stand in the path, and is a"
            self.made.refused.append(self.spec.problem(at, f"{name!r} {where} path parameter of the operation"))

    def parameter(self, parameter: dict[str, Any], at: str, names: dict[str, str]) -> dict[str, Any]:
        """A parameter with a schema, and all that says how it is written."""
        style = parameter.get("style", _STYLES[parameter["in"]])
        schema_at = f"{at}/schema"
        for media_type in parameter.get("content", {}):
            style, schema_at = "json", f"{at}/content/{escape(media_type)}/schema"
        explode = parameter.get("explode", style in {"form", "deepObject"})
        schema = self.schema(value if (value := self.value(schema_at)) is not None else {}, schema_at)
        written = {"style": style, "explode": explode, "x-name": parameter["name"], "schema": schema, PLACE: at}
        kept = {name: parameter[name] for name in ("name", "in", "required", "allowReserved") if name in parameter}
        if parameter["in"] == "path":
            kept["name"] = names.get(parameter["name"], parameter["name"])
        return kept | written

    def value(self, pointer: str) -> Json:
        """The value at a pointer, or None."""
        try:
            return self.spec.value(pointer)
        except LookupError:
            return None

    def request_body(self, operation: str) -> dict[str, Any]:
        """The body of an operation with the media types that the client can send."""
        body, at = self.followed(f"{operation}/requestBody")
        content: dict[str, Any] = {}
        reasons: list[str] = []
        for media_type, value in body.get("content", {}).items():
            place = f"{at}/content/{escape(media_type)}"
            made = self.body_content(media_type, value, place)
            if reason := self.why_not_sent(media_type, made, content):
                reasons.append(f"{media_type}: {reason}")
                self.made.notes.append(self.spec.problem(place, f"the client does not send this body: {reason}"))
            else:
                content[JSON if "*" in media_type else media_type] = _named(media_type, made, content)
        if not content:
            message = f"the client cannot have this operation: it can send no body ({', '.join(reasons)})"
            self.made.missing[operation] = self.spec.problem(at, message)
        return {"content": content, "required": body.get("required", False), PLACE: at}

    def why_not_sent(self, media_type: str, made: dict[str, Any], content: dict[str, Any]) -> str:
        """The reason why the client cannot send a body; empty if it can."""
        kinds = Branches(self.spec).types(made["schema"])
        if is_form(media_type) and kinds != {"object"}:
            return "a form is an object"
        same = next((name for name, other in content.items() if _without_places(other) == _without_places(made)), "")
        return f"its class is that of {same}, so that no call could choose between the two" if same else ""

    def body_content(self, media_type: str, value: dict[str, Any], at: str) -> dict[str, Any]:
        """The media type of a request's body."""
        if is_text(media_type) or is_binary(media_type):
            self.made.media_types[media_type] = "application/octet-stream"
            return {"schema": {"type": "string"} if is_text(media_type) else _BINARY}
        is_multipart = media_type.partition(";")[0].strip() == "multipart/form-data"
        schema = self.schema(value.get("schema", {}), f"{at}/schema", files=is_multipart)
        return {"schema": schema, "x-encodings": _encodings(value.get("encoding", {}), is_multipart=is_multipart)}

    def response(self, at: str) -> dict[str, Any]:
        """A response with the one media type that the client reads."""
        response, at = self.followed(at)
        content = response.get("content") or {}
        result = {"description": response.get("description", ""), PLACE: at}
        if not content:
            return result
        media_type = min(content, key=lambda one: (not is_json(one), not is_text(one)))
        self.made.notes += [
            self.spec.problem(f"{at}/content/{escape(other)}", f"the client reads {media_type} here, and not {other}")
            for other in content
            if other != media_type and not (is_json(other) and content[other] == content[media_type])
        ]
        place = f"{at}/content/{escape(media_type)}/schema"
        if is_json(media_type):
            return result | {"content": {JSON: {"schema": self.schema(content[media_type].get("schema", {}), place)}}}
        if is_text(media_type):
            return result | {"content": {"text/plain": {"schema": {"type": "string"}}}}
        return result | {"content": {"application/octet-stream": {"schema": _BINARY}}}

    def schema(self, schema: Json, at: str, *, files: bool = False) -> dict[str, Any]:
        """A schema as the generator understands it; with `files`, one whose binary texts are files."""
        return shaped(self.holder.hold(schema, at), self.spec, self.classes, files=files)


def _recursive_arrays(spec: Spec, document: dict[str, Any]) -> Iterator[Problem]:
    """Yields each array whose items are that array again, for which the generator has no type."""
    for pointer in find_circles(document, also_through=frozenset({"items"})):
        owners = accumulate(pointer.split("/"), "{}/{}".format)
        places = (value_or_absent(document, f"{owner}/{PLACE}") for owner in owners)
        place = [each for each in places if isinstance(each, str)][-1]
        yield spec.problem(
            place, "the client cannot have this array: its items are the array again, with no object between"
        )


def _named(media_type: str, made: dict[str, Any], others: Iterable[str]) -> dict[str, Any]:
    """A body with a title if it has no name: the generator names all JSON bodies of an operation alike."""
    if "$ref" in made["schema"] or not (is_json(media_type) and any(map(is_json, others))):
        return made
    words = " ".join(re.findall(r"\w+", media_type.partition("/")[2]))
    return made | {"schema": made["schema"] | {"title": f"{words} body"}}


def _without_places(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {name: _without_places(inner) for name, inner in value.items() if name not in {PLACE, "x-encodings"}}
    return [_without_places(item) for item in value] if isinstance(value, list) else value


def _encodings(encoding: dict[str, Any], *, is_multipart: bool) -> dict[str, Any]:
    """How the fields of a form are written: the media type of each part, or the style and `explode`."""
    if is_multipart:
        return {name: one["contentType"] for name, one in encoding.items() if "contentType" in one}
    return {
        name: ("json", True) if "contentType" in one else (one.get("style", "form"), one.get("explode", True))
        for name, one in encoding.items()
    }
