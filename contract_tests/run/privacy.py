"""Keeps what is about people out of the reports of recordings.

Of telephone numbers, 4 digits are shown, and of URLs the origin. Free text is shown only if that is asked for. Which
fields are personal stands in the spec. A text at a place that the spec does not have is taken for personal too.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property, reduce
from itertools import chain
from typing import TYPE_CHECKING, Final

from msgspec import Struct, structs

from contract_tests.contract.personal import PersonalFields
from contract_tests.exchange.exchange import MASKED
from contract_tests.run.known_secrets import secrets_in_heads, secrets_in_text
from contract_tests.run.masking import mask_findings, mask_result, masks_of_recording
from contract_tests.target.limits import mask_number
from contract_tests.traffic.phone_numbers import hide_numbers
from spec.reader import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.personal import Level, Place
    from contract_tests.exchange.headers import Field
    from contract_tests.exchange.masking import Mask
    from contract_tests.judge.judge import Judged
    from contract_tests.result.result import Example, Finding, Result, SentRequest

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?$)|[{}\[\]:,]|[^\s"{}\[\]:,]+', re.DOTALL)
_NUMBER: Final = re.compile(r"\+?\d[\d ().-]{5,}\d")
"""A telephone number by itself."""
_NAME: Final = re.compile(r"(?<=[./])[^./\[\]:\s]+")
"""The name of a field in a place of a body."""
_ELLIPSIS: Final = "…"
_QUOTED: Final = re.compile(rf'"(?:[^"\\\n{_ELLIPSIS}]|\\.)*["{_ELLIPSIS}]')
_ORIGIN: Final = re.compile(r"\w+://[^/?#@\s\"\\]+(?=[/?#]|$)")
_SURE: Final = 8
"""The length from which a text is masked wherever it stands, and not only in quotes."""
_CUT: Final = 24
"""The length of the begin by which a text is found that is cut off."""


def mask_personal(result: Result, contract: Contract, judged: Iterable[Judged], *, show_text: bool) -> Result:
    """The result without what is about people. `judged` are the exchanges that its texts are about."""
    findings, mask = _prepare(result.findings, contract, judged, show_text=show_text)
    return mask_result(structs.replace(result, findings=findings), contract, mask)


def mask_personal_findings(
    findings: Iterable[Finding], contract: Contract, judged: Iterable[Judged], *, show_text: bool
) -> tuple[Finding, ...]:
    """The findings without what is about people."""
    masked, mask = _prepare(findings, contract, judged, show_text=show_text)
    return mask_findings(masked, contract, mask)


def _prepare(
    findings: Iterable[Finding], contract: Contract, judged: Iterable[Judged], *, show_text: bool
) -> tuple[tuple[Finding, ...], PersonalMask]:
    """The findings with masked bodies, and the mask for their texts."""
    fields, values, secrets = PersonalFields(contract), set[str](), dict[str, None]()
    keys = set[str]()
    for each in judged:
        hidden = [token for token in _tokens_of(each, fields) if _is_hidden(token, show_text=show_text)]
        values.update(token.value for token in hidden if token.is_value)
        keys.update(token.value for token in hidden if not token.is_value)
        told = (secrets_in_text(token.value, is_secret=token.level == "secret") for token in hidden)
        secrets |= dict.fromkeys((*secrets_in_heads(contract, each.exchange), *chain.from_iterable(told)))
    masked = tuple(_mask_bodies(finding, fields, show_text=show_text) for finding in findings)
    masks = tuple(masks_of_recording(secrets, contract.spec.text.encode())) if secrets else ()
    names = frozenset(form for key in keys if key not in contract.spec.text for form in (key, escape(key)))
    return masked, PersonalMask(names | values - {""}, names, masks)


@dataclass(frozen=True)
class PersonalMask:
    """Masks texts that may quote what is about people."""

    values: frozenset[str] = field(repr=False)
    names: frozenset[str] = field(default=frozenset(), repr=False)
    """The names of personal fields."""
    secrets: tuple[Mask, ...] = field(default=(), repr=False)
    """The masks of numbers and other secrets, which are found in any encoding."""

    def hide_text(self, text: str) -> str:
        """The text without personal values, and of numbers with 4 digits. The time grows with its length alone."""
        hidden = hide_numbers(self._hide_within(_QUOTED.sub(self._hide_quoted, self._hide_names(text))))
        return reduce(lambda shown, mask: mask.hide_text(shown), self.secrets, hidden)

    def hide_bytes(self, content: bytes) -> bytes:
        """Bytes that are no text may hold anything."""
        return MASKED.encode() if content else b""

    def hide_fields(self, fields: Iterable[Field]) -> list[Field]:
        """The header fields without personal values."""
        return [(self.hide_text(name), self.hide_text(value)) for name, value in fields]

    def _hide_names(self, text: str) -> str:
        """The text without names of personal fields in the places that it names."""
        return _NAME.sub(lambda found: MASKED if found[0] in self.names else found[0], text)

    def _hide_quoted(self, found: re.Match[str]) -> str:
        inner = found[0][1:-1]
        if found[0].endswith(_ELLIPSIS):
            return f'"{MASKED}"' if inner[:_CUT] in self._begins else found[0]
        value = _unquoted(found[0])
        return f'"{hide_value(value)}"' if value in self.values else found[0]

    def _hide_within(self, text: str) -> str:
        """The text without long values, wherever they stand."""
        parts, done = [], 0
        for place in range(len(text) - _SURE + 1):
            value = self._value_at(text, place) if place >= done and text[place : place + _SURE] in self._runs else None
            if value:
                parts += [text[done:place], hide_value(value)]
                done = place + len(value)
        return "".join([*parts, text[done:]])

    def _value_at(self, text: str, place: int) -> str | None:
        """The longest value that stands at a place."""
        found = (value for value in self._runs[text[place : place + _SURE]] if text.startswith(value, place))
        return max(found, key=len, default=None)

    @cached_property
    def _runs(self) -> Mapping[str, list[str]]:
        """The long values, as they are and as JSON spells them, by how they begin."""
        spelled = {form for value in self.values for form in (value, json.dumps(value, ensure_ascii=False)[1:-1])}
        runs: defaultdict[str, list[str]] = defaultdict(list)
        for form in spelled:
            if len(form) >= _SURE:
                runs[form[:_SURE]].append(form)
        return dict(runs)

    @cached_property
    def _begins(self) -> frozenset[str]:
        """The begins of values that may be cut off."""
        spelled = (json.dumps(value, ensure_ascii=False)[1:-1] for value in self.values)
        return frozenset(each[:_CUT] for each in spelled if len(each) > _CUT)


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(text))
    except ValueError:
        return text[1:-1]


def hide_value(value: str) -> str:
    """A personal value as it is shown: 4 digits of a number, the origin of a URL, nothing of any other text.

    >>> hide_value("+12025550142"), hide_value("https://example.com/hook?key=1"), hide_value("Call Jane")
    ('********0142', 'https://example.com/[masked]', '[masked]')
    """
    if _NUMBER.fullmatch(value):
        return mask_number(value)
    origin = _ORIGIN.match(value)
    return f"{origin[0]}/{MASKED}" if origin else MASKED


def _mask_bodies(finding: Finding, fields: PersonalFields, *, show_text: bool) -> Finding:
    examples = tuple(_mask_example(each, finding.operation, fields, show_text=show_text) for each in finding.examples)
    return structs.replace(finding, examples=examples)


def _mask_example(example: Example, label: str, fields: PersonalFields, *, show_text: bool) -> Example:
    def mask(request: SentRequest) -> SentRequest:
        if request.body_is_base64:
            return request
        sent = fields.sent(request.method, request.target.partition("?")[0])
        return structs.replace(request, body=mask_body(request.body, sent, show_text=show_text))

    response = example.response
    if response:
        place = fields.response(label, response.status)
        response = structs.replace(response, body=mask_body(response.body, place, show_text=show_text))
    made_by, before = tuple(map(mask, example.made_by)), tuple(map(mask, example.before))
    changes = {"made_by": made_by, "before": before, "request": mask(example.request), "response": response}
    return structs.replace(example, **changes)


def _tokens_of(judged: Judged, fields: PersonalFields) -> Iterator[_Token]:
    """The texts and scalars in the bodies of an exchange."""
    label, exchange = judged.seen.operation.label, judged.exchange
    bodies = [(exchange.request.body, fields.request(label))]
    if exchange.response:
        bodies.append((exchange.response.body, fields.response(label, exchange.response.status)))
    for content, place in bodies:
        yield from _read(content.decode(errors="replace"), place)


def mask_body(text: str, place: Place, *, show_text: bool) -> str:
    """A body without what is about people, its other characters as they are. It may break off, and be no JSON."""
    if text and not text.lstrip().startswith(("{", "[", '"')):
        return text if show_text else MASKED
    parts, done = [], 0
    for token in _read(text, place):
        if _is_hidden(token, show_text=show_text):
            parts += [text[done : token.start], json.dumps(hide_value(token.value), ensure_ascii=False)]
            done = token.start + len(token.text)
    return "".join([*parts, text[done:]])


class _Token(Struct, frozen=True):
    """A text or a scalar of a JSON text."""

    text: str
    start: int
    level: Level
    is_value: bool

    @property
    def value(self) -> str:
        """The text that it stands for; its own characters, if it is none."""
        return _unquoted(self.text) if self.text.startswith('"') else self.text


def _is_hidden(token: _Token, *, show_text: bool) -> bool:
    if token.level == "shown" or token.text in {"true", "false", "null", '""'}:
        return False
    is_number = _NUMBER.fullmatch(token.value) is not None
    if token.text.startswith('"'):
        return is_number or token.level == "secret" or not show_text
    return is_number


def _read(text: str, root: Place) -> Iterator[_Token]:
    """The texts and scalars of a JSON text, each with how personal its place is."""
    above: list[Place] = []
    place, is_key = root, False
    in_objects: list[bool] = []
    for found in _TOKEN.finditer(text):
        match found[0]:
            case "{" | "[":
                above.append(place)
                in_objects.append(found[0] == "{")
                is_key = in_objects[-1]
                place = place if is_key else place.item
            case "}" | "]":
                place = above.pop() if above else root
                in_objects = in_objects[:-1]
                is_key = False
            case ",":
                is_key = bool(in_objects) and in_objects[-1]
                place = above[-1] if is_key and above else place
            case ":":
                is_key = False
            case _:
                token = _Token(found[0], found.start(), place.level, is_value=not is_key)
                if is_key and above:
                    place = above[-1].field(token.value)
                yield token
