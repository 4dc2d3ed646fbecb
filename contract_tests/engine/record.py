"""What the engine's events say of its cases, told from its own process to the one that started it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from schemathesis import cli
from schemathesis.engine import Status, events

from contract_tests.engine.engine import description_of, tell
from contract_tests.exchange.exchange import CheckedCase, Failure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemathesis.engine import recorder


@cli.handler()
class Recorder(cli.EventHandler[Any]):
    """Hears the events of a run."""

    def handle_event(self, _context: Any, event: Any) -> None:  # noqa: ANN401 - the engine's protocol
        """Tells each case of a finished scenario, and what the engine stumbled over."""
        if isinstance(event, events.ScenarioFinished):
            for case in _checked_cases(event.recorder):
                tell(case)
        elif isinstance(event, events.NonFatalError):
            tell(_error_text(event.value))
        elif isinstance(event, events.FatalError):
            tell(_error_text(event.exception))


def _checked_cases(recorder: recorder.ScenarioRecorder) -> Iterator[CheckedCase]:
    for case_id, node in recorder.cases.items():
        results, meta = recorder.checks.get(case_id, []), node.value.meta
        yield CheckedCase(
            case_id=case_id,
            label=recorder.label,
            expectation=_expectation(meta),
            description=description_of(case_id) or _description(meta),
            passed=tuple(result.name for result in results if result.status == Status.SUCCESS),
            failures=tuple(_failure(result) for result in results if result.failure_info),
        )


def _expectation(meta: Any) -> Literal["positive", "negative"]:  # noqa: ANN401 - as below
    return "negative" if meta and meta.generation.mode.is_negative else "positive"


def _description(meta: Any) -> str:  # noqa: ANN401 - the engine's notes have no public type
    """What the engine says of a case; what its checks send by themselves comes without."""
    return getattr(getattr(meta and meta.phase, "data", None), "description", None) or "a probe by a check"


def _failure(result: recorder.CheckNode) -> Failure:
    assert result.failure_info  # noqa: S101 - the caller has seen to it
    failure = result.failure_info.failure
    return Failure(result.name, failure.title, failure.message or "")


def _error_text(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".strip()
