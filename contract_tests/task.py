"""Which task was asked for, and against which target: told from the options, before anything is imported to do it."""

from __future__ import annotations

import os
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from contract_tests.runtime.modules import ENGINE, GUARD, MOCK
from contract_tests.target.costs import read_costed_contract
from contract_tests.target.limits import FREE
from contract_tests.target.options import declared_options, own_options
from contract_tests.target.settings import SettingsError, read_costs, read_fields, read_options
from contract_tests.target.target import (
    TargetError,
    TokenVariable,
    fields_in,
    make_target,
    require_costs,
    require_places,
)
from spec.paths import SPEC, short
from spec.reader import SpecError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.target.limits import Limits
    from contract_tests.target.options import Options
    from contract_tests.target.target import Target


class Kind(Enum):
    """The tasks of the suite. Each but a run has the name of the option that asks for it."""

    RUN = "run"
    DRY_RUN = "dry_run"
    RECORDING = "recording"
    REPLAY = "replay"
    ACCEPT = "accept"
    PRUNE = "prune"


class TaskError(Exception):
    """The task cannot be done as asked for. `str()` says why and what to do."""


class Task(Struct, frozen=True, dict=True):
    """A task with its options."""

    kind: Kind
    options: Options

    @property
    def processes(self) -> tuple[str, ...]:
        """The modules of the processes that the task takes for sure, slow ones first."""
        if self.kind not in {Kind.RUN, Kind.DRY_RUN}:
            return ()
        needs_mock = self.kind is Kind.RUN and self.options.url is None
        return (ENGINE, GUARD, *([MOCK] if needs_mock else []))

    @cached_property
    def contract(self) -> Contract:
        """The contract that the spec makes. Reading it can raise SpecError."""
        return read_costed_contract(self.options)

    @cached_property
    def target(self) -> Target | None:
        """The target that the options name; None for the embedded mock. Raises TargetError and SettingsError."""
        return find_target(self.options, self.contract) if self.options.url else None

    @property
    def limits(self) -> Limits:
        """The limits on what is sent to the target."""
        return self.target.limits if self.target else FREE

    def describe_limits(self) -> str:
        """The limits in words, for the first lines of a run."""
        return self.limits.describe(own_options(self.options, self.contract).max_calls)


def read_task(flags: Mapping[str, object]) -> Task:
    """Reads a task from the options, and refuses what cannot be done. `flags` holds those that were given.

    Raises:
        TaskError: an option, the target, the spec or the folder for reports cannot be used.
    """
    try:
        options = read_options(flags)
        task = Task(_kind_of(options), options)
        _require(task)
    except (SettingsError, TargetError, SpecError, OSError) as error:
        raise TaskError(str(error)) from error
    return task


def find_target(options: Options, contract: Contract) -> Target | None:
    """Finds the target that the options name; None for the embedded mock.

    Raises:
        TargetError: the target cannot be used with these options.
        SettingsError: targets.toml cannot be read.
    """
    if options.url is None:
        return None
    servers = [server.get("url", "") for server in contract.spec.document.get("servers") or []]
    named = read_fields()
    target = make_target(options, fields_in(named, contract), servers)
    require_places(target, named, contract, options)
    require_costs(target, contract)
    return target


def require_secrets(target: Target, contract: Contract) -> None:
    """Raises TargetError if a variable that holds a needed secret is not set. Only the guard reads their values."""
    known = sorted({scheme.name for operation in contract.operations for scheme in operation.schemes})
    for name in target.secrets:
        if name not in known:
            has = f"it has: {', '.join(known)}" if known else "it has none"
            raise TargetError(f"--credential {name}=… names no security scheme of the spec; {has}")
    for name in target.credentials(contract.operations).names:
        _require_secret(target, name)


def _require_secret(target: Target, name: str) -> None:
    held = target.secrets.get(name, target.token)
    if isinstance(held, TokenVariable) and held.name not in os.environ:
        needs = f"the secret of the security scheme {name}" if name else f"the token of {target.name}"
        flag = f"--credential {name}=NAME" if name else "--token-env"
        raise TargetError(
            f"the environment variable {held.name} is not set. It must hold {needs}.\n"
            f"Set it (export {held.name}=…), or name another variable with {flag}."
        )


def _kind_of(options: Options) -> Kind:
    """The task that the options ask for. Of two, one would be skipped silently, perhaps the one that sends nothing."""
    kinds = {kind.value for kind in Kind}
    asked = [option for option in declared_options() if option.name in kinds and getattr(options, option.field)]
    if len(asked) > 1:
        raise SettingsError(
            f"{' and '.join(option.flag for option in asked)} are different tasks. Give only one of them. "
            "An environment variable (VOICEOS_…) may have given another."
        )
    return Kind(asked[0].name) if asked else Kind.RUN


def _require(task: Task) -> None:
    """Refuses a task for what can be told without doing any of it."""
    if task.kind in {Kind.RUN, Kind.RECORDING}:
        _require_folder(task.options.report_dir)
    _require_companions(task.options)
    _require_a_server_of(task)
    read_costs()
    target = task.target if task.kind in {Kind.RUN, Kind.DRY_RUN} else None
    if task.kind is Kind.RUN and target:
        require_secrets(target, task.contract)


def _require_a_server_of(task: Task) -> None:
    """Raises TargetError if the embedded mock would have to serve another spec than its own."""
    if task.kind is Kind.RUN and task.options.url is None and task.options.spec.resolve() != SPEC.resolve():
        raise TargetError(
            f"the embedded mock serves {short(SPEC)} alone, and not {task.options.spec}.\n"
            f"Name the server to test: {task.options.started_by} --spec {task.options.spec} --url URL"
        )


def _require_companions(options: Options) -> None:
    """Raises SettingsError if an option that another one needs is missing."""
    if options.accept and not (options.baseline and options.reason and options.until):
        raise SettingsError(
            "--accept needs the file of accepted causes, why the findings are accepted, and until when. The whole "
            f"command:\n\n  {options.started_by} --accept {','.join(options.accept)} --baseline accepted.json "
            "--reason TEXT --until DAY"
        )
    given = [name for name in ("against", "baseline", "history") if getattr(options, name)]
    if options.shard and given:
        flag = f"--{given[0]}"
        raise SettingsError(
            f"{flag} is about a whole run, and --shard tests a part of one. Give it to the merging of the shards' "
            f"reports: nox -s merge -- REPORT… {flag} {getattr(options, given[0])}"
        )
    if options.prune and not options.baseline:
        raise SettingsError("--prune needs the file of accepted causes: name it with --baseline")


def _require_folder(folder: Path) -> None:
    """Raises NotADirectoryError if no report can be written there."""
    existing = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK):
        raise NotADirectoryError(f"--report-dir {folder} cannot be used: {existing} is not a folder you can write to")
