"""The result of a run: the one thing that pytest, the terminal and contract-report/result.json all show.

The JSON form is described by contract_tests/result/result.schema.json, that of a finding in a file of its own by
contract_tests/result/finding.schema.json; a test holds both to these classes.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Verdict = Literal["conforms", "violates", "untestable", "incomplete"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SentRequest(_Part):
    """A request as it was sent; it tells no secret."""

    method: str
    base_url: str = Field(description="The base URL of the server that it was sent to.")
    target: str = Field(description="Path and query below the base URL, as they were sent.")
    headers: tuple[tuple[str, str], ...] = Field(
        description="In their order. In `Authorization`, `{token}` stands for the token, `{token:prefix}` for all of "
        "it but the last character, `{token:swapcase}` for it in other case."
    )
    body: str = Field(description="As text, or as base64 where it is not UTF-8.")
    body_is_base64: bool = False

    @property
    def url(self) -> str:
        """The whole URL."""
        return f"{self.base_url}{self.target}"


class ReceivedResponse(_Part):
    """A response as it came; of a long body, the beginning."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str


class Finding(_Part):
    """One way in which the target breaks the contract, however often it did."""

    check: str = Field(description="The check that found it.")
    headline: str = Field(description="What is wrong, in one line.")
    detail: str = Field(description="What was received and what is documented.")
    pointer: str = Field(description="JSON Pointer of the statement of the spec that is broken.")
    location: str = Field(description="That statement's file and line, as `path:line`.")
    standing: Literal["documented", "sdk", "inferred", "advice"]
    is_warning: bool = Field(
        description="Whether it violates nothing: it is advice, or rests on our reading and is of another machine."
    )
    witness: str | None = Field(default=None, description="The other tool that found it, where our own judge did not.")
    count: int = Field(ge=1, description="In how many exchanges.")
    choices: tuple[str, ...] = Field(
        description="The choices of the request that it is due to, where a planned request failed and was narrowed."
    )
    operation: str = Field(description="The operation that it is about, as `POST /path`.")
    sent: str = Field(description="What the request was sent for, in words.")
    before: tuple[SentRequest, ...] = Field(description="Requests that it takes before, for the finding to show.")
    request: SentRequest
    response: ReceivedResponse | None
    reproduce: str = Field(
        description="A command that sends the request again and says whether the finding stands; it takes the token "
        "from the environment."
    )


class FindingFile(_Part):
    """A finding in a file of its own, and the run that it is of."""

    target: str = Field(description="What the server is called that was tested.")
    spec_version: str
    spec_sha256: str
    finding: Finding


class Addition(_Part):
    """A field of responses that the spec does not have."""

    field: str
    pointer: str = Field(description="JSON Pointer of the schema that lacks it.")
    location: str = Field(description="That schema's file and line, as `path:line`.")
    count: int = Field(ge=1, description="In how many responses.")


class CheckTally(_Part):
    """How often a check was made, and how often it found something."""

    name: str
    passed: int
    failed: int


class FactTally(_Part):
    """One documented fact in a run: in how many exchanges it was kept, and what breaks it."""

    kind: Literal["required", "enum"]
    name: str
    pointer: str
    location: str
    standing: Literal["documented", "sdk", "inferred", "advice"]
    kept: int
    breaches: tuple[str, ...] = Field(description="Each way in which it was broken, in words.")
    is_warning: bool = Field(description="Whether breaches violate nothing, as with findings.")


class Coverage(_Part):
    """The combinations of three choices that shape a request, such as a branch, an absent field and an empty array."""

    tried: int = Field(description="How many of them valid requests of the run had.")
    total: int = Field(description="How many there are.")


class Reading(_Part):
    """The part of a recording that was judged."""

    entries: int = Field(description="How many exchanges the recording has.")
    skipped: dict[str, int] = Field(description="Those that are not about the contract, by why.")
    not_judged: dict[str, int] = Field(description="Those that the recording does not hold whole, by what is missing.")


class Result(_Part):
    """A finished run, or a judged recording."""

    verdict: Verdict
    reason: str | None = Field(description="Why the target could not be tested, or not to the end.")
    target: str
    url: str
    spec_version: str
    spec_sha256: str
    seed: int
    seconds: float
    requests: int = Field(description="How many requests were sent, or judged of a recording.")
    calls: int = Field(description="How many requests may be a call, whatever they were for: those that got no 4xx.")
    checks: tuple[CheckTally, ...]
    facts: tuple[FactTally, ...]
    findings: tuple[Finding, ...]
    additions: tuple[Addition, ...] = Field(description="Additive drift, which violates nothing unless it is said to.")
    untried: tuple[str, ...] = Field(description="What a limit cut off: documented choices, and requests.")
    withheld: tuple[str, ...] = Field(
        description="What this target is never sent: choices and requests, with the reason."
    )
    combinations: Coverage | None = Field(
        default=None, description="Of combinations of three choices, what was tried; of a recording, nothing is told."
    )
    reports: dict[str, str] = Field(description="The paths of Schemathesis's own files, by format.")
    recording: Reading | None = Field(default=None, description="Of a recording, what was judged of it.")
