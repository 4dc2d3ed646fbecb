"""A check of what a server does with fields that the spec does not have. No source says what it must do with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contract_tests.contract.rules import Values
from contract_tests.exchange.bodies import NOT_JSON
from contract_tests.judge.check import KEPT, NOT_JUDGED, Check, fails
from contract_tests.judge.checks.rules import describe, echoes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from contract_tests.contract.rules import Rule
    from contract_tests.judge.check import CheckResult, Problem
    from contract_tests.judge.memory import Memory, Text
    from contract_tests.judge.seen import Seen
    from spec.expressions import Function

_CLIENT_ERROR = 4
_FUNCTIONS: Final[Mapping[str, Function]] = {
    "echoes": echoes,
    "is_new": lambda _: True,
    "is_known": lambda *_: True,
    "previous": lambda *_: None,
}
"""The functions of rules, as if every id were known and no exchange had been before."""
_UNKNOWN = "No source says how a server takes them."


def _ask(seen: Seen, memory: Memory) -> CheckResult:
    """A request with undocumented fields is taken like the same one without them, and its echo has them.

    A refusal is judged only if the same request without these fields was accepted before. Else it may have another
    reason.
    """
    if seen.sent.validity != "valid" or seen.sent.body is NOT_JSON or seen.is_of_the_moment:
        return NOT_JUDGED
    if not seen.sent.undocumented_fields:
        if seen.exchange.is_accepted:
            memory.note(text_of_documented(seen.operation.label, seen.sent.documented_text))
        return NOT_JUDGED
    if seen.status_class == _CLIENT_ERROR:
        text = text_of_documented(seen.operation.label, seen.sent.documented_text)
        return _refused(seen) if text in memory else NOT_JUDGED
    return list(_dropped(seen)) or KEPT


def text_of_documented(operation: str, body: str) -> Text:
    """The text by which a memory knows the body of an accepted request, as text, to the operation of a label."""
    return f"accepted {operation}", body


def _refused(seen: Seen) -> Sequence[Problem]:
    names = ", ".join(dict.fromkeys(field.name for field in seen.sent.undocumented_fields))
    headline = f"A request is refused for fields that the spec does not have ({seen.status})"
    return fails(headline, f"Sent: {names}\n{_UNKNOWN}", kind=seen.status)


def _dropped(seen: Seen) -> Iterator[Problem]:
    """The echoes that lack an undocumented field, and nothing else that was sent."""
    for rule in seen.contract.rules if seen.bodies else ():
        if rule.is_about(seen.operation) and any(call.function == "echoes" for call in rule.holds.calls):
            yield from _find_lack(seen, rule)


def _find_lack(seen: Seen, rule: Rule) -> Iterator[Problem]:
    whole = Values(seen.sent.body, seen.response_body, seen.status)
    if _is_kept(rule, whole) is False and _is_kept(rule, whole._replace(request=seen.sent.documented_body)):
        detail = f"{describe(rule, whole)}\n{_UNKNOWN}"
        yield from fails("A field that the spec does not have is not echoed", detail, kind="echo")


def _is_kept(rule: Rule, values: Values) -> bool | None:
    return rule.is_kept(values, _FUNCTIONS)


undocumented_fields_accepted = Check(
    "undocumented_fields_accepted",
    "record",
    "requestBody",
    "advice",
    frozenset(("request body", "response body")),
    gravity="formality",
    judges_silence=False,
    ask=_ask,
)
