"""News of live traffic: each cause and each undocumented field is told once, when it shows."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, NamedTuple

from contract_tests.run.conclusion import find_all
from contract_tests.run.evidence import Evidence
from contract_tests.run.masking import mask_additions, mask_findings, masks_of_recording
from contract_tests.run.privacy import mask_personal_findings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from contract_tests.contract.contract import Contract
    from contract_tests.judge.stream import Stream
    from contract_tests.result.baseline import Acceptance
    from contract_tests.result.result import Addition, Finding
    from contract_tests.target.options import Options
    from contract_tests.target.target import Target

_SHARE: Final = 20
"""How many times as long as the last look the next one waits."""


class Told(NamedTuple):
    """The listeners to what happens while traffic passes."""

    start: Callable[[str], None]
    """Hears the base URL of the proxy."""
    cause: Callable[[Finding], None]
    """Hears the first finding of each cause."""
    drift: Callable[[Addition], None]
    """Hears each undocumented field of responses, where it violates nothing."""
    refusal: Callable[[str], None]
    """Hears each limit that held a request back, once."""
    end: Callable[[], None]
    """Hears that the end was asked for."""
    trouble: Callable[[str], None]
    """Hears what keeps the proxy from all that it was asked for."""


class News:
    """Tells what is new, in the words of the result that comes at the end."""

    def __init__(
        self, contract: Contract, options: Options, target: Target, accepted: Mapping[str, Acceptance], told: Told
    ) -> None:
        self._contract = contract
        self._options = options
        self._target = target
        self._accepted = accepted
        self._told = told
        self._known: set[object] = set()
        self._kinds = 0
        self._next = 0.0

    def tell(self, stream: Stream, tokens: Collection[str], *, is_end: bool = False) -> None:
        """Tells what was not told before. `tokens` are those that passed, and are masked.

        Where there are hundreds of causes, finding them all takes long. So the next look waits until much more has been
        judged, or until the end.
        """
        began = time.monotonic()
        if stream.kinds == self._kinds or (began < self._next and not is_end):
            return
        self._kinds = stream.kinds
        self._tell(stream, tokens)
        self._next = time.monotonic() + _SHARE * (time.monotonic() - began)

    def _tell(self, stream: Stream, tokens: Collection[str]) -> None:
        additions = stream.tallies.additions()
        self._tell_findings(self._findings(stream, additions, tokens))
        if not self._options.strict:  # else findings tell of it
            self._tell_drift(additions, tokens)

    def _findings(self, stream: Stream, additions: tuple[Addition, ...], tokens: Collection[str]) -> Iterable[Finding]:
        evidence = Evidence(judged=stream.judged(), tallies=stream.tallies)
        found = find_all(self._contract, evidence, additions, self._target, self._options, accepted=self._accepted)
        found = mask_personal_findings(found, self._contract, evidence.judged, show_text=self._options.show_text)
        for mask in masks_of_recording(tokens):
            found = mask_findings(found, self._contract, mask)
        return found

    def _tell_findings(self, found: Iterable[Finding]) -> None:
        for finding in found:
            if self._is_new(finding.key):
                self._told.cause(finding)

    def _tell_drift(self, additions: tuple[Addition, ...], tokens: Collection[str]) -> None:
        new = tuple(each for each in additions if self._is_new((each.pointer, each.field)))
        if not new:
            return
        for mask in masks_of_recording(tokens):
            new = mask_additions(new, mask)
        for addition in new:
            self._told.drift(addition)

    def _is_new(self, key: object) -> bool:
        is_new = key not in self._known
        self._known.add(key)
        return is_new
