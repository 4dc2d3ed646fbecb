"""A result as SARIF 2.1.0, on the lines of the spec, as GitHub code scanning wants it.

A check is a rule, and a finding a result. A finding has a fingerprint, its key, by which code scanning
knows it again.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from contract_tests.report.locations import split_location
from contract_tests.report.over_time import is_new
from spec.output import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contract_tests.result.result import Finding, Result

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_FINGERPRINT: Final = "contractCause/v1"
_SEVERITY: Final = "9.0"
"""Of rules about who gets in: critical, as code scanning ranks it."""

Json = dict[str, Any]


def make_sarif(result: Result) -> str:
    """The result as the text of a SARIF log."""
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(result)]}
    return json.dumps(log, indent=2)


def _run(result: Result) -> Json:
    rules = tuple(dict.fromkeys(finding.check for finding in result.findings))
    return {
        "tool": {"driver": {"name": "contract", "rules": [_rule(result, check) for check in rules]}},
        "automationDetails": {"id": "contract/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(result)],
        "results": [_result(result, finding, rules) for finding in result.findings],
        "properties": {
            "verdict": result.verdict,
            "target": printable(result.target),
            "specVersion": result.spec_version,
            "seed": result.seed,
        },
    }


def _rule(result: Result, check: str) -> Json:
    """A check as a rule. Its words are those of its gravest finding."""
    findings = [finding for finding in result.findings if finding.check == check]
    is_about_access = any(finding.gravity == "credentials" for finding in findings)
    properties = {"tags": ["security"], "security-severity": _SEVERITY} if is_about_access else {"tags": ["contract"]}
    return {
        "id": check,
        "name": check,
        "shortDescription": {"text": check.replace("_", " ")},
        "fullDescription": {"text": f"The server keeps what {findings[0].pointer} states."},
        "help": {"text": f"To see a finding again: {findings[0].reproduce}"},
        "properties": properties,
    }


def _invocation(result: Result) -> Json:
    was_testable = result.verdict != "untestable"
    said = [] if was_testable else [{"level": "error", "message": {"text": printable(result.reason or "untestable")}}]
    return {"executionSuccessful": was_testable, "toolExecutionNotifications": said}


def _result(result: Result, finding: Finding, rules: Sequence[str]) -> Json:
    return {
        "ruleId": finding.check,
        "ruleIndex": rules.index(finding.check),
        "level": "error" if finding.violates else "note" if finding.accepted else "warning",
        "message": {"text": printable(_message(finding))},
        "locations": [_location(finding.location)],
        "relatedLocations": _related(finding),
        "partialFingerprints": {_FINGERPRINT: hashlib.sha256(finding.key.encode()).hexdigest()},
        "occurrenceCount": finding.count,
        **_suppressions(finding),
        **_baseline_state(result, finding),
        "properties": {"gravity": finding.gravity, "standing": finding.standing, "operation": finding.operation},
    }


def _message(finding: Finding) -> str:
    due_to = [f"due to {choice.words}" for choice in finding.due_to]
    detail = [finding.detail] if finding.detail != finding.headline else []
    return "\n".join([finding.headline, *due_to, *detail, f"To see it again: {finding.reproduce}"])


def _related(finding: Finding) -> list[Json]:
    """The other places of the spec that a finding is about: choices that it is due to, and further failures."""
    places = {choice.location: choice.words for choice in finding.due_to}
    places |= {each.location: each.headline for each in (*finding.failures, *finding.consequences)}
    places.pop(finding.location, None)
    return [
        {"id": number, "message": {"text": printable(text)}, **_location(location)}
        for number, (location, text) in enumerate(places.items(), 1)
    ]


def _location(location: str) -> Json:
    path, line = split_location(location)
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(path)}, "region": {"startLine": line}}}


def _uri(path: str) -> str:
    """A path below the repository as a relative reference; one that is elsewhere as a URI."""
    return PurePath(path).as_uri() if PurePath(path).is_absolute() else quote(path)


def _suppressions(finding: Finding) -> Json:
    if finding.accepted is None:
        return {}
    reason = f"{finding.accepted.reason} (until {finding.accepted.until})"
    return {"suppressions": [{"kind": "external", "status": "accepted", "justification": printable(reason)}]}


def _baseline_state(result: Result, finding: Finding) -> Json:
    if result.comparison is None:
        return {}
    return {"baselineState": "new" if is_new(result, finding) else "unchanged"}
