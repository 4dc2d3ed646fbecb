"""The search for an instance that the spec and the generated code differ over."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, seed, settings

from scripts.fidelity.instances import Instances
from scripts.fidelity.judgement import judge
from scripts.fidelity.mutations import FAMILY

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.fidelity.subjects import Subject
    from spec.json_value import Json


def search(subject: Subject, examples: int, number: int, tick: Callable[[int], None] | None = None) -> Counter[bool]:
    """Judges at least `examples` instances, drawn with the seed `number`, and calls `tick` with each running total.

    Returns:
        The number of valid (True) and of invalid instances (False).

    Raises:
        DisagreementError: the simplest one that was found.
    """
    counts = Counter[bool]()

    @seed(number)
    @settings(
        max_examples=-(-examples // FAMILY),
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(Instances(subject.spec).families(subject.pointer))
    def judge_family(family: list[Json]) -> None:
        counts.update(judge(subject, instance) for instance in family)
        if tick:
            tick(counts.total())

    judge_family()
    return counts
