"""Options as they are given: by flags, by `VOICEOS_…` environment variables, or in targets.toml. The first wins."""

from __future__ import annotations

import difflib
import os
import secrets
import tomllib
from argparse import ArgumentTypeError
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from contract_tests.target.option_types import MAX_SEED, pointers
from contract_tests.target.options import MOCK, PREFIX, Option, Options, declared_options
from spec.costs import WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping


TARGETS: Final = Path(__file__).parents[1] / "targets.toml"
_FIELDS: Final = "fields"
_COSTS: Final = "costs"
_NO_TARGETS: Final = (_FIELDS, _COSTS)
"""The sections of the file that are no targets."""
_SEED_OF_SHARDS: Final = 1
"""The shards of a run have one seed, though none knows of the others."""
_CLOSE: Final = 0.65
_NO_KEY: Final = "target"
"""The option that names the section of the file, and so is no key of one."""


class SettingsError(Exception):
    """An option cannot be used as given. `str()` says which, where it was given, and perhaps what was meant."""


class Fields(Struct, frozen=True):
    """Where in a request's body stands what the guard must look at, as JSON Pointers."""

    to_number: tuple[str, ...] = ()
    from_number: tuple[str, ...] = ()
    agent_id: tuple[str, ...] = ()
    webhook_url: tuple[str, ...] = ()
    duration: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    """Values that an account has or has not, beside its agents and numbers: ids of credentials."""


class _Source(Struct, frozen=True):
    """One of the places where options are given: their values by name, and what to call an option there."""

    values: Mapping[str, object]
    call: Callable[[Option], str]


def read_options(
    flags: Mapping[str, object], path: Path = TARGETS, environment: Mapping[str, str] = os.environ
) -> Options:
    """Reads all options from their sources. `flags` holds those that were given, by the options' names.

    Raises:
        SettingsError: an option has no such value; a variable, a key or the target is unknown; or the file is
            unreadable.
    """
    return Options(**_with_dependent_defaults(read_given(flags, path, environment)))


def read_given(
    flags: Mapping[str, object], path: Path = TARGETS, environment: Mapping[str, str] = os.environ
) -> dict[str, Any]:
    """Reads the options that were given, by their fields. Raises SettingsError as `read_options` does."""
    _refuse_misspelt(environment)
    sources = [_Source(flags, lambda option: option.flag), _variables(environment)]
    target = _read_values(sources, [option for option in declared_options() if option.name == _NO_KEY])
    sources.append(_section(path, target.get(_NO_KEY, MOCK)))
    return _read_values(sources, declared_options())


def read_fields(path: Path = TARGETS) -> Fields:
    """Reads where in a request stands what the guard must look at.

    Raises:
        SettingsError: the file cannot be read, a key is unknown, or a value is no list of JSON Pointers.
    """
    section = _tables(path).get(_FIELDS, {})
    _refuse_unknown(section, Fields.__struct_fields__, _FIELDS)
    return Fields(**{name: _read_pointers(name, value) for name, value in section.items()})


def read_costs(path: Path = TARGETS) -> dict[str, bool]:
    """Reads which operations cost, by their labels, such as `GET /lookups`, where the spec is not to have its say.

    Raises:
        SettingsError: the file cannot be read, or a value is none of the words.
    """
    section = _tables(path).get(_COSTS, {})
    words = " or ".join(f'"{word}"' for word in WORDS)
    wrong = [label for label, word in section.items() if word not in [*WORDS]]
    if wrong:
        raise SettingsError(f"contract_tests/targets.toml: [{_COSTS}] {wrong[0]}: write {words}")
    return {label: WORDS[str(word)] for label, word in section.items()}


def _read_pointers(name: str, value: object) -> tuple[str, ...]:
    try:
        return pointers(value)
    except ArgumentTypeError as error:
        raise SettingsError(f"contract_tests/targets.toml: [{_FIELDS}] {name}: {error}") from error


def _read_values(sources: Iterable[_Source], options: Iterable[Option]) -> dict[str, Any]:
    """The values of the options that were given, by their fields."""
    values, problems = {}, []
    for option in options:
        for source in _first(sources, option.name):
            try:
                values[option.field] = option.declaration.read(source.values[option.name])
            except ArgumentTypeError as error:
                problems.append(f"{source.call(option)}: {error}")
    if problems:
        raise SettingsError("\n".join(problems))
    return values


def _first(sources: Iterable[_Source], name: str) -> Iterator[_Source]:
    """The source that wins, if any has the option."""
    yield from [source for source in sources if name in source.values][:1]


def _with_dependent_defaults(values: dict[str, Any]) -> dict[str, Any]:
    """Adds the defaults that depend on chance or on other options."""
    values.setdefault("seed", _SEED_OF_SHARDS if values.get("shard") else secrets.randbelow(MAX_SEED))
    values.setdefault("all_known_names", "url" not in values or values.get("rings_nobody", False))
    if "max_calls" in values:
        values["fuzzing"] = False  # its requests are the least telling ones, and cost as much
    return values


def _variables(environment: Mapping[str, str]) -> _Source:
    """The options in the environment; an empty variable gives none."""
    given = {option.name: environment.get(option.variable) for option in declared_options()}
    return _Source({name: value for name, value in given.items() if value}, lambda option: option.variable)


def _section(path: Path, target: str) -> _Source:
    """The options that the file gives a target."""
    targets: dict[str, dict[str, object]] = {MOCK: {}} | _tables(path)
    for section in _NO_TARGETS:
        targets.pop(section, None)
    if target not in targets:
        raise SettingsError(
            f"contract_tests/targets.toml has no target {target!r}{suggest(target, targets)}; "
            f"it has: {', '.join(targets)}"
        )
    _refuse_unknown(targets[target], [option.name for option in declared_options() if option.name != _NO_KEY], target)
    return _Source(targets[target], lambda option: f"contract_tests/targets.toml: [{target}] {option.name}")


def _tables(path: Path) -> dict[str, dict[str, object]]:
    try:
        tables = tomllib.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from error
    return {name: table for name, table in tables.items() if isinstance(table, dict)}


def _refuse_misspelt(environment: Iterable[str]) -> None:
    """Refuses what looks like an option's variable: a misspelt limit would hold nothing back.

    Names that are like no option's are somebody else's, like the client's VOICEOS_BASE_URL.
    """
    known = {option.variable for option in declared_options()}
    for name in {name for name in environment if name.upper().startswith(PREFIX)} - known:
        close = _find_similar(name, known)
        if close and not name.endswith("_TOKEN"):
            raise SettingsError(f"the environment variable {name} is not an option; did you mean {close}?")


def _find_similar(variable: str, known: Iterable[str]) -> str | None:
    """The most similar of the known variables. The prefix, which all share, makes no two of them similar."""
    words = {name.removeprefix(PREFIX): name for name in known}
    close = difflib.get_close_matches(variable.upper().removeprefix(PREFIX), words, 1, _CLOSE)
    return words[close[0]] if close else None


def _refuse_unknown(section: Iterable[str], known: Iterable[str], table: str) -> None:
    problems = [
        f"contract_tests/targets.toml: [{table}] {key}: there is no such key{suggest(key, known)}"
        for key in section
        if key not in known
    ]
    if problems:
        raise SettingsError("\n".join(problems))


def suggest(word: str, known: Iterable[str]) -> str:
    """The words that name the most similar of the known ones, behind an error; empty if none is similar.

    >>> suggest("--max-call", ["--max-calls", "--url"])
    '; did you mean --max-calls?'
    """
    close = difflib.get_close_matches(word, list(known), 1)
    return f"; did you mean {close[0]}?" if close else ""
