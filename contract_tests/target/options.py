"""The options of the contract suite. A field of `Options` declares one: name, type, default and help.

The flag, its line in `--help`, the environment variable and the key of targets.toml are made from the field.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, fields, replace
from datetime import date  # noqa: TC003 - the types of fields are read
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal, get_type_hints

from msgspec import Struct

from contract_tests.target import option_types as types
from contract_tests.target.shard import Shard, calls_of
from spec.paths import SPEC

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.contract.contract import Contract

PREFIX: Final = "VOICEOS_"
"""Begins the name of each option's environment variable."""
MOCK: Final = "mock"
"""The target that a run tests by default, and starts by itself."""
OF_THE_ACCOUNT: Final = frozenset(("from_number", "agent_id", "data"))
"""The options that name values which the account has (see `missing_references`)."""


class Group(Enum):
    """The groups of options in `--help`, in their order. The values are their titles."""

    TARGET = (
        "contract suite: the server. Each option is also an environment variable (VOICEOS_MAX_CALLS for --max-calls)\n"
        "and a key of contract_tests/targets.toml (max_calls). A flag wins over a variable, and a variable over a key"
    )
    TASK = "contract suite: other tasks than a run"
    RUN = "contract suite: the run"
    OVER_TIME = "contract suite: this run beside earlier ones"
    LIMITS = "contract suite: what a run may ring and spend. The embedded mock has no limits but --max-calls"


class Declaration(Struct, frozen=True):
    """How an option is given, and what `--help` says of it."""

    read: Callable[[object], object]
    """Its type: one of option_types."""
    group: Group
    help: str
    metavar: str | None = None
    """None for a switch."""
    name: str | None = None
    """Its name where that is not the field's."""
    default_text: str | None = None
    """The default in words, where it depends on something or is no value."""
    form: Literal["once", "repeated", "either", "pytest"] = "once"
    """The form of its flag: given once, repeated, with a `--no-` twin, or declared by pytest itself."""


class Option(Struct, frozen=True):
    """A declared option under its names."""

    field: str
    """Of `Options`."""
    default: object
    declaration: Declaration

    @property
    def name(self) -> str:
        """The key of targets.toml, and how pytest keeps the flag."""
        return self.declaration.name or self.field

    @property
    def flag(self) -> str:
        """The flag, with its dashes."""
        return f"--{self.name.replace('_', '-')}"

    @property
    def variable(self) -> str:
        """The environment variable."""
        return f"{PREFIX}{self.name}".upper()

    @property
    def help(self) -> str:
        """The line of `--help`: the help and the default, if there is one."""
        default = self.declaration.default_text or self._default_value()
        return f"{self.declaration.help}; default: {default}" if default else self.declaration.help

    def _default_value(self) -> str | None:
        if self.declaration.metavar is None or self.default in {None, ()}:
            return None
        return f"{self.default:g}" if isinstance(self.default, float) else str(self.default)


@dataclass(frozen=True)
class Options:
    """How to run. Times are in seconds."""

    report_dir: Annotated[
        Path,
        Declaration(types.path, Group.RUN, "write the reports to this folder, in place of earlier ones", metavar="DIR"),
    ] = Path("contract-report")
    token_env: Annotated[
        str,
        Declaration(types.text, Group.RUN, "take the server's token from this environment variable", metavar="NAME"),
    ] = f"{PREFIX}TOKEN"
    seed: Annotated[
        int,
        Declaration(
            types.seed,
            Group.RUN,
            "repeat the run that had this seed",
            metavar="N",
            default_text="a new one; 1 with --shard",
        ),
    ] = 0
    _: KW_ONLY
    started_by: Annotated[
        str,
        Declaration(
            types.text,
            Group.RUN,
            "begin the command that shows a finding again with this one, which starts the suite. nox gives its own",
            metavar="COMMAND",
        ),
    ] = "pytest contract_tests"
    credential: Annotated[
        tuple[tuple[str, str], ...],
        Declaration(
            types.names,
            Group.RUN,
            "take the secret of this security scheme from this environment variable; can be repeated. Of a basic "
            "scheme, the secret is USER:PASSWORD. Schemes that are not named have the token of --token-env. Where the "
            "spec has alternatives, each one is tried whose schemes are all named",
            metavar="SCHEME=NAME",
            form="repeated",
        ),
    ] = ()
    spec: Annotated[
        Path,
        Declaration(
            types.path, Group.TARGET, "test by this OpenAPI document", metavar="FILE", default_text="spec/openapi.yaml"
        ),
    ] = SPEC
    url: Annotated[
        str | None,
        Declaration(
            types.text,
            Group.TARGET,
            "test the server at this base URL",
            metavar="URL",
            default_text="the embedded mock, which rings nobody",
        ),
    ] = None
    target: Annotated[
        str,
        Declaration(types.text, Group.TARGET, "test this target of contract_tests/targets.toml", metavar="NAME"),
    ] = MOCK
    dry_run: Annotated[
        bool,
        Declaration(
            types.switch,
            Group.TASK,
            "print the requests of a run, with -v their bodies too, and send the target nothing",
        ),
    ] = False
    recording: Annotated[
        tuple[str, ...],
        Declaration(
            types.texts,
            Group.TASK,
            "judge recorded traffic, and send nothing: a file, a folder, a pattern, or - for standard input; can be "
            "repeated. Only traffic to the spec's servers is judged. --url judges another base URL instead",
            metavar="FILE",
            form="repeated",
        ),
    ] = ()
    recording_format: Annotated[
        str | None,
        Declaration(
            types.text,
            Group.TASK,
            "read recordings in this format",
            metavar="NAME",
            default_text="told by their first bytes",
        ),
    ] = None
    show_text: Annotated[
        bool,
        Declaration(
            types.switch,
            Group.RUN,
            "show what people said and wrote in the reports of recordings. Numbers and secrets are masked all the same",
        ),
    ] = False
    processes: Annotated[
        int | None,
        Declaration(
            types.count,
            Group.RUN,
            "judge recordings in N processes",
            metavar="N",
            default_text="as many as there are cores",
        ),
    ] = None
    workers: Annotated[
        int,
        Declaration(
            types.workers,
            Group.RUN,
            "test N operations at the same time, 64 at most. All share one guard and one limit of calls, and the "
            "findings are the same as with one",
            metavar="N",
        ),
    ] = 1
    shard: Annotated[
        Shard | None,
        Declaration(
            types.shard,
            Group.RUN,
            "test one part of the operations, such as 2/5, the second of five, with its part of --max-calls. "
            "nox -s merge makes one report of all parts",
            metavar="K/N",
            default_text="all operations",
        ),
    ] = None
    cluster: Annotated[
        str | None,
        Declaration(
            types.cluster,
            Group.RUN,
            "judge recordings in a cluster of Dask: by its address, such as tcp://host:8786, or local:4 for one of 4 "
            "processes on this machine",
            metavar="ADDRESS",
            default_text="this machine alone",
        ),
    ] = None
    replay: Annotated[
        Path | None,
        Declaration(
            types.path,
            Group.TASK,
            "send the requests of a finding again, to the server of --url or --target, and say whether it stands",
            metavar="FINDING.json",
        ),
    ] = None
    accept: Annotated[
        tuple[str, ...],
        Declaration(
            types.texts,
            Group.TASK,
            "write findings of the last run to the file of --baseline, with --reason and --until, and send nothing: "
            "their numbers with commas between them, or all. The last run is that of --report-dir",
            metavar="NUMBERS",
        ),
    ] = ()
    prune: Annotated[
        bool,
        Declaration(
            types.switch,
            Group.TASK,
            "remove the entries that the last run looked for and did not find from the file of --baseline, and send "
            "nothing",
        ),
    ] = False
    against: Annotated[
        Path | None,
        Declaration(
            types.path,
            Group.OVER_TIME,
            "compare with the run that wrote its report to this folder, and say which causes are new, and which gone",
            metavar="DIR",
        ),
    ] = None
    baseline: Annotated[
        Path | None,
        Declaration(
            types.path,
            Group.OVER_TIME,
            "accept the causes in this file, each until its day; an entry that is over or has no cause fails",
            metavar="FILE",
        ),
    ] = None
    reason: Annotated[
        str | None, Declaration(types.text, Group.OVER_TIME, "why --accept accepts the findings", metavar="TEXT")
    ] = None
    until: Annotated[
        date | None,
        Declaration(
            types.day, Group.OVER_TIME, "the last day on which they are accepted, like 2026-12-31", metavar="DAY"
        ),
    ] = None
    history: Annotated[
        Path | None,
        Declaration(
            types.path, Group.OVER_TIME, "add the run to this file, and show how the runs went", metavar="FILE"
        ),
    ] = None
    format: Annotated[
        str,
        Declaration(
            types.output_format,
            Group.RUN,
            "say what was found as terminal, or as github, which annotates the lines of the spec",
            metavar="NAME",
        ),
    ] = "terminal"
    connect_timeout: Annotated[
        float,
        Declaration(types.seconds, Group.RUN, "wait this many seconds for the server's first response", metavar="S"),
    ] = 10.0
    time_limit: Annotated[
        float, Declaration(types.seconds, Group.RUN, "end the run after this many seconds", metavar="S")
    ] = 300.0
    max_wait: Annotated[
        float,
        Declaration(
            types.seconds,
            Group.RUN,
            "wait this many seconds in all where the server answers 429 or 503 with Retry-After, and send again",
            metavar="S",
        ),
    ] = 60.0
    all_known_names: Annotated[
        bool,
        Declaration(
            types.switch,
            Group.RUN,
            "try every known name of a voice, speaker, model or language, not only one of each list",
            default_text="on the embedded mock, and with --rings-nobody",
            form="either",
        ),
    ] = False
    thorough: Annotated[
        bool,
        Declaration(
            types.switch,
            Group.RUN,
            "try every combination of three choices that shape a request; takes several times as many calls",
        ),
    ] = False
    fuzzing: Annotated[
        bool,
        Declaration(types.off_switch, Group.RUN, "send no random requests after the planned ones", name="no_fuzzing"),
    ] = True
    allow_partial: Annotated[
        bool, Declaration(types.switch, Group.RUN, "exit with 0 where a limit left something untried")
    ] = False
    strict: Annotated[
        bool,
        Declaration(
            types.switch,
            Group.RUN,
            "undocumented fields of responses violate the contract too",
            form="pytest",
        ),
    ] = False
    to_number: Annotated[
        tuple[str, ...],
        Declaration(
            types.texts,
            Group.LIMITS,
            "a number that may ring; can be repeated. A server on another machine must be given one. A server on this "
            "machine gets fictional numbers only",
            metavar="NUMBER",
            form="repeated",
        ),
    ] = ()
    from_number: Annotated[
        str | None,
        Declaration(types.text, Group.LIMITS, "the caller's number, which belongs to the account", metavar="NUMBER"),
    ] = None
    agent_id: Annotated[
        str | None,
        Declaration(types.text, Group.LIMITS, "the stored agent that requests name", metavar="ID"),
    ] = None
    data: Annotated[
        tuple[tuple[str, str | int | float], ...],
        Declaration(
            types.pairs,
            Group.LIMITS,
            "put this text into every request that has a text at the JSON Pointer; can be repeated",
            metavar="POINTER=TEXT",
            form="repeated",
        ),
    ] = ()
    webhook_url: Annotated[
        str, Declaration(types.absolute_url, Group.LIMITS, "the one URL that webhooks may name", metavar="URL")
    ] = "https://webhook.invalid/"
    max_calls: Annotated[
        int | None,
        Declaration(
            types.count,
            Group.LIMITS,
            "make at most N calls. Any response other than a 4xx counts as a call. So does no response. The plan is "
            "cut to fit, and no random requests are sent",
            metavar="N",
        ),
    ] = None
    max_duration: Annotated[
        int,
        Declaration(types.count, Group.LIMITS, "let a call last at most this many seconds", metavar="S"),
    ] = 60
    free_numbers: Annotated[
        bool,
        Declaration(types.switch, Group.LIMITS, "let a server on this machine have any number; all else is limited"),
    ] = False
    rings_nobody: Annotated[
        bool,
        Declaration(
            types.switch,
            Group.LIMITS,
            "the server on this machine is like the embedded mock: it rings nobody, so everything is tried",
        ),
    ] = False
    allow_production: Annotated[
        bool,
        Declaration(types.switch, Group.LIMITS, "test a server that the spec lists, where calls are real"),
    ] = False


def own_options(options: Options, contract: Contract) -> Options:
    """The options with the shard's part of the calls in place of all."""
    return replace(options, max_calls=calls_of(contract, options.shard, options.max_calls))


@cache
def declared_options() -> tuple[Option, ...]:
    """The options in the order of their declarations."""
    hints = get_type_hints(Options, include_extras=True)
    return tuple(
        Option(entry.name, entry.default, declaration)
        for entry in fields(Options)
        for declaration in getattr(hints[entry.name], "__metadata__", ())
    )
