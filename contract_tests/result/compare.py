"""The comparison of a run with an earlier one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract_tests.result.comparison import Comparison
from contract_tests.result.looked_for import was_looked_for

if TYPE_CHECKING:
    from contract_tests.result.earlier import EarlierReport
    from contract_tests.result.result import Result


def compare(result: Result, earlier: EarlierReport) -> Comparison:
    """Tells the causes of two runs apart by their keys. A cause is gone only if the later run looked for it.

    Beside a run that could not test its target, nothing is new, unchanged or gone.
    """
    if earlier.verdict == "untestable":
        return Comparison(earlier=earlier.run, is_same_spec=True, new=(), unchanged=(), gone=(), unseen=())
    before = {cause.key for cause in earlier.causes}
    now = {finding.key for finding in result.findings}
    missing = [cause for cause in earlier.causes if cause.key not in now]
    gone = tuple(cause for cause in missing if was_looked_for(result, cause))
    return Comparison(
        earlier=earlier.run,
        is_same_spec=earlier.spec_sha256 == result.spec_sha256,
        new=tuple(finding.number for finding in result.findings if finding.key not in before),
        unchanged=tuple(finding.number for finding in result.findings if finding.key in before),
        gone=gone,
        unseen=tuple(cause for cause in missing if cause not in gone),
    )
