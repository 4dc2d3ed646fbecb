"""The result of a run: the one thing that pytest, the terminal and contract-report/result.json all show.

The JSON form is described by contract_tests/result/result.schema.json, that of a finding in a file of its own by
contract_tests/result/finding.schema.json; a test holds both to these classes.
"""

from __future__ import annotations

import base64
from typing import Annotated, Literal

from msgspec import Meta, field

from contract_tests.result.baseline import Acceptance, BaselineUse
from contract_tests.result.comparison import Comparison
from contract_tests.result.course import Power, Setting, Timeline
from contract_tests.result.coverage import AnnotatedOperation, Pairs, SpecText
from contract_tests.result.history import History
from contract_tests.result.part import Part, Positive, Standing
from contract_tests.result.scope import LeftOut, OperationTally, ShardPart
from contract_tests.result.terms import Gravity, Verdict


class SentRequest(Part, frozen=True, kw_only=True):
    """A request as it was sent; it tells no secret."""

    method: str
    base_url: str
    """The base URL of the server that it was sent to."""
    target: str
    """Path and query below the base URL, as they were sent."""
    headers: tuple[tuple[str, str], ...]
    """In their order. In `Authorization`, `{token}` stands for the token, `{token:prefix}` for all of it but the last
    character, `{token:swapcase}` for it in other case.
    """
    body: str
    """As text, or as base64 where it is not UTF-8."""
    body_is_base64: bool = False

    @property
    def url(self) -> str:
        """The whole URL."""
        return f"{self.base_url}{self.target}"

    @property
    def content(self) -> bytes:
        """The body as it was sent."""
        return base64.b64decode(self.body) if self.body_is_base64 else self.body.encode()

    @property
    def readable_body(self) -> str:
        r"""The body as text, with each byte that is no UTF-8 spelled out: `{"x": "\xff"}`."""
        return self.content.decode(errors="backslashreplace")

    def __post_init__(self) -> None:
        """Raises ValueError if the body is said to be base64, and is none."""
        if self.body_is_base64:
            base64.b64decode(self.body)


class ReceivedResponse(Part, frozen=True, kw_only=True):
    r"""A response as it came; of a long body, the beginning. A byte that is no UTF-8 is spelled out: `\xff`."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str


class Failure(Part, frozen=True, kw_only=True):
    """One statement that is broken, by the check that finds it."""

    check: str
    headline: str
    """The problem in one line, in the first exchange that shows it."""
    pointer: str
    """JSON Pointer of the statement of the spec that is broken."""
    missing: str | None
    """Where `required` is broken, the name of the field that is absent."""
    location: str
    """That statement's file and line, as `path:line`."""
    standing: Standing
    parts: tuple[str, ...]
    """The parts of a body that are wrong, as JSON Pointers: of the request's for a check of how a request is taken,
    else of the response's. An item of an array stands as `*`.
    """
    count: Positive
    """In how many exchanges."""


class Choice(Part, frozen=True, kw_only=True):
    """A choice of a request, such as a value of a field."""

    words: str
    pointer: str
    """JSON Pointer of the statement of the spec that allows it."""
    location: str
    """That statement's file and line, as `path:line`."""


class Example(Part, frozen=True, kw_only=True):
    """One exchange that shows a finding."""

    exchange: Positive
    """Its place among the requests of the run, from 1."""
    sent: str
    """The purpose of the request, in words."""
    made_by: tuple[SentRequest, ...] = ()
    """Requests that created the things which the others name, and deleted those that were gone by then, in their order.
    A replay sends them where it takes such things anew.
    """
    before: tuple[SentRequest, ...]
    """Requests that it takes before, for the finding to show."""
    request: SentRequest
    response: ReceivedResponse | None


class Finding(Part, frozen=True, kw_only=True):
    """One cause of failures, with all that comes from it. Findings are numbered from the gravest."""

    number: Positive
    """Its place among the findings of its run, and the name of its file."""
    key: str
    """Tells it from other findings by what is broken: the same in every run, whatever the wording, the order and the
    number of failures.
    """
    gravity: Gravity
    check: str
    """The check that found it."""
    headline: str
    """The problem in one line."""
    detail: str
    """The text of what was received and what is documented."""
    pointer: str
    """JSON Pointer of the statement of the spec that is broken."""
    location: str
    """That statement's file and line, as `path:line`."""
    standing: Standing
    """Who makes the statement; of several, the surest."""
    is_warning: bool
    """True if it violates nothing, consequences included: it is advice, or rests on our reading and is of another
    machine.
    """
    accepted: Acceptance | None = None
    """Why it violates nothing for now, where the baseline accepts it."""
    witness: str | None = None
    """The other tool that found it, where our own judge did not."""
    operation: str
    """The operation that it is about, as `POST /path`."""
    count: Positive
    """In how many exchanges."""
    exchanges: tuple[int, ...]
    """The places of these exchanges among the requests of the run, from 1, in their order."""
    sent_for: tuple[str, ...]
    """The purposes of their requests, in words, each once."""
    due_to: tuple[Choice, ...]
    """The choices of the request that it is due to, where a planned request failed and was narrowed. The first example
    holds them.
    """
    failures: tuple[Failure, ...]
    """The failures that are this cause, by statement."""
    consequences: tuple[Failure, ...]
    """The failures that come from it: they show in its exchanges alone."""
    examples: Annotated[tuple[Example, ...], Meta(min_length=1)]
    """Exchanges that show it, the most telling first."""
    reproduce: str
    """A command that sends the first example again and says whether the finding stands; it takes the token from the
    environment. Of a finding that one exchange cannot show, a command that repeats the run.
    """

    @property
    def violates(self) -> bool:
        """True if it violates the contract: it is no warning, and the baseline does not accept it."""
        return not self.is_warning and self.accepted is None

    @property
    def example(self) -> Example:
        """The most telling exchange."""
        return self.examples[0]

    @property
    def checks(self) -> tuple[str, ...]:
        """The checks that find the cause or a consequence, each once."""
        return tuple(dict.fromkeys(failure.check for failure in (*self.failures, *self.consequences)))


class FindingFile(Part, frozen=True, kw_only=True):
    """A finding in a file of its own, and the run that it is of."""

    target: str
    """The name of the tested server."""
    spec_version: str
    spec_sha256: str
    finding: Finding


class Addition(Part, frozen=True, kw_only=True):
    """A field of responses that the spec does not have."""

    field: str
    pointer: str
    """JSON Pointer of the schema that lacks it."""
    location: str
    """That schema's file and line, as `path:line`."""
    count: Positive
    """In how many responses."""


class CheckTally(Part, frozen=True, kw_only=True):
    """How often a check was made, and how often it found something."""

    name: str
    passed: int
    failed: int


class FactTally(Part, frozen=True, kw_only=True):
    """One documented fact in a run: in how many exchanges it was kept, and what breaks it."""

    kind: Literal["required", "enum"]
    name: str
    pointer: str
    location: str
    standing: Standing
    kept: int
    not_judged: int
    """In how many places it was met where something else was wrong, so that it could not be judged."""
    breaches: tuple[str, ...]
    """Each way in which it was broken, in words."""
    findings: tuple[int, ...]
    """The numbers of the findings that break it."""
    is_warning: bool
    """True if breaches violate nothing, as with findings."""


class Coverage(Part, frozen=True, kw_only=True):
    """The combinations of three choices that shape a request, such as a branch, an absent field and an empty array."""

    tried: int
    """How many of them valid requests of the run had."""
    total: int
    """How many there are."""


class Reading(Part, frozen=True, kw_only=True):
    """The part of a recording that was judged."""

    entries: int
    """How many exchanges the recording has."""
    skipped: dict[str, int]
    """Those that are not about the contract, by why."""
    not_judged: dict[str, int]
    """Those that the recording does not hold whole, by what is missing."""


class Result(Part, frozen=True, kw_only=True):
    """A finished run, or a judged recording."""

    verdict: Verdict
    reason: str | None
    """Why the target could not be tested, or not to the end."""
    obstacle: str | None = None
    """The part of the reason that kept the run from its end."""
    operations: tuple[OperationTally, ...] = ()
    """The operations that were tested, and how each answered valid requests."""
    shards: tuple[ShardPart, ...] = ()
    """The shards of the run that this result is of; none if the run was not divided."""
    target: str
    url: str
    spec_version: str
    spec_sha256: str
    seed: int
    seconds: float
    requests: int
    """How many requests were sent, or judged of a recording."""
    calls: int
    """How many requests may be a call, whatever they were for: those that got no 4xx."""
    checks: tuple[CheckTally, ...]
    facts: tuple[FactTally, ...]
    findings: tuple[Finding, ...]
    additions: tuple[Addition, ...]
    """Additive drift. With `--strict`, each has a finding."""
    comparison: Comparison | None = None
    """With an earlier run, where one was named."""
    baseline: BaselineUse | None = None
    """How the baseline was used, where one was named."""
    history: History | None = None
    """The runs until now, where they are kept."""
    untried: tuple[LeftOut, ...]
    """Documented choices, requests and checks that a limit cut off."""
    enough_calls: int | None = None
    """The limit of calls that would try everything; null if none cut anything off, or if it is unknown."""
    withheld: tuple[LeftOut, ...]
    """Choices and requests that this target is never sent."""
    combinations: Coverage | None = None
    """Of combinations of three choices, what was tried; of a recording, nothing is told."""
    reports: dict[str, str]
    """The paths of Schemathesis's own files, by format."""
    recording: Reading | None = None
    """Of a recording, what was judged of it."""
    date: str = ""
    """When the run began, in UTC, as `2026-01-31 09:30`."""
    versions: dict[str, str] = field(default_factory=dict)
    """The versions of the tools that took part, by name."""
    settings: tuple[Setting, ...] = ()
    """The options of the run."""
    power: Power | None = None
    """The share of faults that such a run catches; null if that was never found out."""
    timeline: Timeline = Timeline()
    """The course of the run."""
    contract: tuple[AnnotatedOperation, ...] = ()
    """The statements of the contract, each with how often it was tried."""
    pairs: tuple[Pairs, ...] = ()
    """By operation, the choices that met in valid requests."""
    spec: SpecText | None = None
    """The spec that the run judged by."""

    @property
    def tolerated_additions(self) -> tuple[Addition, ...]:
        """The additive drift that no finding tells of."""
        return () if any(finding.gravity == "drift" for finding in self.findings) else self.additions
