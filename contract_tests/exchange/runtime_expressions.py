"""Runtime expressions: how a link names a value of the exchange that it starts from (OpenAPI 3.1, section 4.8.20.4)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, quote, unquote

from contract_tests.exchange.bodies import NOT_JSON, read_json
from spec.reader import ABSENT, value_or_absent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract_tests.exchange.exchange import Exchange, Request
    from contract_tests.exchange.headers import Headers
    from spec.json_value import Json

_LAST: Final = "last"
"""The word that asks for the last segment of a header field that is a URL. OpenAPI has no expression for it."""
_EMBEDDED: Final = re.compile(r"\{(\$[^{}]*)\}")


def evaluate(expression: Json, exchange: Exchange, variables: Mapping[str, str]) -> Json:
    """The value that an expression names; `ABSENT` where the exchange has none.

    What is no expression stands for itself. The judge, which may have no whole exchange, reads fewer expressions: see
    `Value.found_in` in `contract/links.py`. `variables` has the texts that stand for the path's variables, as they are
    written in the request's path.
    """
    if not isinstance(expression, str):
        return expression
    if expression.startswith("$"):
        return _named(expression, exchange, variables)
    return _filled(expression, exchange, variables)


def fill_path(
    template: str, expressions: Mapping[str, Json], exchange: Exchange, variables: Mapping[str, str]
) -> str | None:
    """A path template with the values of expressions for its variables; None where one may not stand in a path."""
    for name, expression in expressions.items():
        value = evaluate(expression, exchange, variables)
        if not is_text(value):
            return None
        template = template.replace(f"{{{name}}}", quote(str(value), safe=""))
    return template


def is_text(value: Json) -> bool:
    """Tells whether a value may stand in a path, and leads nowhere else there (RFC 3986, section 5.2.4)."""
    return isinstance(value, str | int) and not isinstance(value, bool) and str(value) not in {"", ".", ".."}


def _filled(text: str, exchange: Exchange, variables: Mapping[str, str]) -> Json:
    """A text with the expressions in it replaced by their values; `ABSENT` if one has none."""
    values = {found: _named(found, exchange, variables) for found in _EMBEDDED.findall(text)}
    if any(value is ABSENT for value in values.values()):
        return ABSENT
    return _EMBEDDED.sub(lambda found: _spell(values[found[1]]), text)


def _named(expression: str, exchange: Exchange, variables: Mapping[str, str]) -> Json:
    request, response = exchange.request, exchange.response
    source, _, rest = expression.partition(".")
    if source == "$request":
        return _of_request(rest, request, variables)
    if source == "$response" and response is not None:
        return _of_message(rest, response.headers, response.body)
    whole = {"$url": request.url, "$method": request.method}
    if source == "$statusCode" and response is not None:
        return response.status
    return whole.get(expression, ABSENT)


def _of_request(rest: str, request: Request, variables: Mapping[str, str]) -> Json:
    part, _, name = rest.partition(".")
    if part == "path":
        return unquote(variables[name]) if name in variables else ABSENT
    if part == "query":
        return next(iter(parse_qs(request.query, keep_blank_values=True).get(name, ())), ABSENT)
    return _of_message(rest, request.headers, request.body)


def _of_message(rest: str, headers: Headers, content: bytes) -> Json:
    part, _, name = rest.partition(".")
    if part == "header" and name:
        name, _, wanted = name.partition("#")
        value = headers.first(name)
        return ABSENT if value is None else _last_segment(value) if wanted == _LAST else value
    part, _, pointer = rest.partition("#")
    body = read_json(content)
    return value_or_absent(body, pointer) if part == "body" and body is not NOT_JSON else ABSENT


def _last_segment(url: str) -> str:
    """The last segment of a URL's path, decoded.

    >>> _last_segment("https://things.example/things/a%20b/?x=y")
    'a b'
    """
    path = re.split(r"[?#]", url, maxsplit=1)[0]
    return unquote(path.rstrip("/").rpartition("/")[2])


def _spell(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)
