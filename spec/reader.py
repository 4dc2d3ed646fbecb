"""The reader of specs. It keeps the place of each value in the file.

It refuses YAML that tools read differently: values that YAML 1.1 and 1.2 disagree on (a bare `no`, an unquoted date),
duplicate keys, and anchors.
"""

from __future__ import annotations

import json
import math
import re
from functools import cached_property, lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

import yaml
from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from spec.json_value import Json

ABSENT: Final = object()
"""Stands for a value that is not there, where null may be one."""
MAX_DEPTH: Final = 100
"""The deepest nesting that a spec may have."""
_YAML: Final = "tag:yaml.org,2002:"
_BEGUN: Final = {
    "while parsing a flow mapping",
    "while parsing a flow sequence",
    "while scanning a quoted scalar",
    "while scanning a simple key",
}
"""The constructs whose mistakes the parser finds only after they should have ended."""
_SURROGATES: Final = re.compile(r"(?<!\\)((?:\\\\)*)(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})")
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_BOOLEANS: Final = {"true", "false"}


class Place(Struct, frozen=True, order=True):
    """A place in the spec's file. Both numbers count from 1."""

    line: int
    column: int


class Problem(Struct, frozen=True):
    """A problem with the spec, and its place."""

    place: Place
    message: str


class SpecError(Exception):
    """The spec cannot be used. `str()` is the message for the user: file, line, column and text of each problem."""

    def __init__(self, path: Path, text: str, problems: list[Problem]) -> None:
        self.path = path
        self.text = text
        self.problems = sorted(set(problems), key=lambda problem: (problem.place, problem.message))
        lines = text.splitlines()
        super().__init__("\n".join(self._describe(problem, lines) for problem in self.problems))

    def _describe(self, problem: Problem, lines: list[str]) -> str:
        place = problem.place
        quoted = lines[place.line - 1].strip() if place.line <= len(lines) else ""
        shown = f"\n    {quoted[:200]}" if quoted else ""
        return f"{self.path}:{place.line}:{place.column}: {problem.message}{shown}"


class Spec(Struct, frozen=True, dict=True):
    """A spec that has been read. `places` maps each JSON Pointer (RFC 6901) to the place of its key or array item."""

    path: Path
    text: str
    document: dict[str, Any]
    places: Mapping[str, Place]

    def __repr__(self) -> str:
        """Names the path alone, which says enough in tracebacks."""
        return f"Spec(path={self.path!r})"

    @property
    def sha256(self) -> str:
        """The SHA-256 hash of the file's bytes, in hexadecimal."""
        return sha256(self.text.encode()).hexdigest()

    def place(self, pointer: str) -> Place:
        """The place of the value that a JSON Pointer leads to, or of its nearest ancestor that exists."""
        while pointer not in self.places:
            pointer = pointer.rpartition("/")[0]
        return self.places[pointer]

    def value(self, pointer: str) -> Json:
        """The value that a JSON Pointer leads to. Raises LookupError if there is none."""
        known = self._known
        if pointer not in known:
            known[pointer] = value_at(self.document, pointer)
        return known[pointer]

    @cached_property
    def _known(self) -> dict[str, Json]:
        """The values that were asked for, by their pointers: all who read schemas ask for the same ones."""
        return {}

    def problem(self, pointer: str, message: str) -> Problem:
        """A problem with the value that the pointer leads to."""
        return Problem(self.place(pointer), message)

    def error(self, problems: list[Problem]) -> SpecError:
        """The error for these problems of this spec."""
        return SpecError(self.path, self.text, problems)


def escape(token: str) -> str:
    """A key as one token of a JSON Pointer."""
    return token.replace("~", "~0").replace("/", "~1")


def tokens(pointer: str) -> list[str]:
    """The keys and array positions of a JSON Pointer."""
    return [*_tokens_of(pointer)]


@lru_cache(maxsize=4_096)  # a plan asks for the same places of a spec many times
def _tokens_of(pointer: str) -> tuple[str, ...]:
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:])


def target_of(reference: str) -> str:
    """The JSON Pointer that a `$ref` within the document leads to: `/a b` for `#/a%20b`."""
    return unquote(reference.removeprefix("#"))


def value_at(value: Json, pointer: str) -> Json:
    """The part of a JSON value that a pointer leads to.

    Raises:
        LookupError: the pointer leads nowhere.
    """
    found = value_or_absent(value, pointer)
    if found is ABSENT:
        raise LookupError(f"nothing stands at {pointer!r}")
    return found


def value_or_absent(value: Json, pointer: str) -> Json:
    """The part of a JSON value that a pointer leads to, or ABSENT if it leads nowhere."""
    for token in _tokens_of(pointer):
        if isinstance(value, dict) and token in value:
            value = value[token]
        elif isinstance(value, list) and token.isdecimal() and int(token) < len(value):
            value = value[int(token)]
        else:
            return ABSENT
    return value


def pointer_of(path: Iterable[str | int]) -> str:
    """The JSON Pointer of a path of keys and array positions."""
    return "".join(f"/{escape(str(token))}" for token in path)


def read_spec(path: Path) -> Spec:
    """Reads a spec.

    Raises:
        SpecError: the file is missing, is not UTF-8, is not YAML, or has values that YAML readers disagree on.
    """
    return parse_spec(path, read_text(path))


def read_text(path: Path) -> str:
    """Reads the text of a spec's file.

    Raises:
        SpecError: the file is missing, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode()
    except OSError as error:
        raise SpecError(path, "", [Problem(Place(1, 1), f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise SpecError(path, "", [Problem(Place(1, 1), f"is not UTF-8: {error.reason}")]) from error


def parse_spec(path: Path, text: str) -> Spec:
    """Reads a spec from its text; `path` is for messages. Raises as `read_spec` does."""
    readable = join_surrogates(text)
    try:
        if (deep := find_too_deep(readable, MAX_DEPTH)) is not None:
            raise SpecError(path, text, [Problem(deep, f"is nested more than {MAX_DEPTH} levels deep")])
        root = yaml.compose(readable, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        place = _cause(error, readable)
        raise SpecError(path, text, [Problem(place, f"is not YAML: {error.problem or error}")]) from error
    except yaml.YAMLError as error:
        raise SpecError(path, text, [Problem(Place(1, 1), f"is not YAML: {error}")]) from error
    return _read_document(path, text, root)


def join_surrogates(text: str) -> str:
    """A JSON text in which each character stands where JSON has a pair of escapes for it, which YAML does not know.

    The columns stay as they are: spaces after the string make up for the shorter text. Any other text is returned as
    it is.
    """
    if "\\u" not in text or not _SURROGATES.search(text):  # the pattern takes long to find nothing
        return text
    try:
        json.loads(text)
    except ValueError:
        return text
    return _STRING.sub(_join_in_string, text)


def _join_in_string(match: re.Match[str]) -> str:
    joined = _SURROGATES.sub(lambda pair: pair[1] + str(json.loads(f'"{pair[2]}"')), match[0])
    return joined + " " * (len(match[0]) - len(joined))


def _cause(error: yaml.MarkedYAMLError, text: str) -> Place:
    """The place of the mistake. The parser often goes on for some lines until it cannot."""
    begun = error.context_mark if error.context in _BEGUN else None
    mark = begun or error.problem_mark or error.context_mark
    if mark is None:
        return Place(1, 1)
    if error.problem == "did not find expected key" and (quote := _open_quote(text, mark.line)):
        return quote
    # An error at the end of the file is reported for the line after it. The last line can be shown.
    return Place(min(mark.line + 1, len(text.splitlines())), mark.column + 1)


def _open_quote(text: str, line: int) -> Place | None:
    """The place of a quote that was closed by a later one on this line, counted from 0, and should have been before."""
    try:
        for token in yaml.scan(text, Loader=yaml.CSafeLoader):
            is_quoted = isinstance(token, yaml.ScalarToken) and token.style in {"'", '"'}
            if is_quoted and token.start_mark.line < line == token.end_mark.line:
                return Place(token.start_mark.line + 1, token.start_mark.column + 1)
    except yaml.YAMLError:
        pass
    return None


def places_of(text: str) -> Mapping[str, Place]:
    """Maps the JSON Pointer of each value of a JSON or YAML text to its place.

    Raises:
        yaml.YAMLError: the text is neither.
    """
    reader = _Reader()
    if root := yaml.compose(join_surrogates(text), Loader=yaml.CSafeLoader):
        reader.read(root, "")
    return reader.places


def find_too_deep(text: str | bytes, most: int) -> Place | None:
    """The place where YAML is nested more than `most` levels deep; None if it is not.

    PyYAML's composer calls itself for each level, in C and without a bound: 60,000 of them crash the process. Its
    parser does not.
    """
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > most and event.start_mark:
            return Place(event.start_mark.line + 1, event.start_mark.column + 1)
    return None


def _read_document(path: Path, text: str, root: yaml.Node | None) -> Spec:
    reader = _Reader()
    document = reader.read(root, "") if root else None
    if reader.problems:
        raise SpecError(path, text, reader.problems)
    if not isinstance(document, dict):
        raise SpecError(path, text, [Problem(Place(1, 1), "is not an OpenAPI document: it holds no keys")])
    return Spec(path, text, document, reader.places)


class _Reader(Struct):
    """Turns YAML nodes into data, and notes the place of each, and the problems."""

    places: dict[str, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    def read(self, node: yaml.Node, pointer: str) -> Json:
        self.places.setdefault(pointer, _place(node))
        if id(node) in self.seen:
            self.complain(node, "is an alias of another value; write it out, or use $ref")
            return None
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self.read_mapping(node, pointer)
        if isinstance(node, yaml.SequenceNode):
            return [self.read(item, f"{pointer}/{index}") for index, item in enumerate(node.value)]
        return self.read_scalar(node)

    def read_mapping(self, node: yaml.MappingNode, pointer: str) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else ""
            if key_node.tag != f"{_YAML}str":
                self.complain(key_node, f"is a key that YAML does not read as a string; write '{key}' in quotes")
            if key in result:
                self.complain(key_node, f"has the key {key!r} a second time")
            child = f"{pointer}/{escape(key)}"
            self.places[child] = _place(key_node)
            result[key] = self.read(value_node, child)
        return result

    def read_scalar(self, node: yaml.Node) -> Json:
        kind, text = node.tag.removeprefix(_YAML), str(node.value)
        if kind == "str":
            return text
        if kind == "null":
            return None
        if kind == "bool" and text.lower() in _BOOLEANS:
            return text.lower() == "true"
        if kind in {"int", "float"}:
            number = _json_number(text)
            if number is not None:
                return number
        article = "an" if kind == "int" else "a"
        self.complain(node, f"is read by some YAML readers as {article} {kind}, by others as text; write it in quotes")
        return None

    def complain(self, node: yaml.Node, message: str) -> None:
        self.problems.append(Problem(_place(node), message))


def _place(node: yaml.Node) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)


def _json_number(text: str) -> int | float | None:
    """The number, if JSON allows this form. YAML also has 0x1F, 1_000, 12:30 and .inf."""
    try:
        number = json.loads(text, parse_constant=lambda _: None)
    except ValueError:
        return None
    return number if isinstance(number, int | float) and math.isfinite(number) else None
