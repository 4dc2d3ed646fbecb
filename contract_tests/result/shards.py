"""Tells whether results are those of all shards of one run, before they are merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import structs

from contract_tests.result.file_error import FileError
from contract_tests.result.merging import merge_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from contract_tests.result.result import Result
    from contract_tests.result.scope import ShardPart

_SAME: Final[Mapping[str, Callable[[Result], object]]] = {
    "spec": lambda result: result.spec_sha256,
    "version of the suite or its tools": lambda result: sorted(result.versions.items()),
    "target": lambda result: result.target,
    "seed": lambda result: result.seed,
    "number of shards": lambda result: {part.of for part in result.shards},
    "--max-calls": lambda result: [each for each in result.settings if each.name == "--max-calls"],
    "--strict": lambda result: [each for each in result.settings if each.name == "--strict"],
}
"""The properties that all shards of a run have in common."""


def merge_shards(results: Mapping[Path, Result]) -> Result:
    """The result of a whole run, of the results of its shards by their files, which come in any order.

    Raises:
        FileError: a shard is missing, there twice, of another run, or was changed after its run.
    """
    for problem in (*_find_whole_runs(results), *_find_differences(results), *_find_doubles(results)):
        raise FileError(problem)
    if missing := _find_missing(list(results.values())):
        raise FileError(missing)
    try:
        return merge_all(sorted(map(_with_place, results.values()), key=lambda each: each.shards[0].number))
    except (LookupError, ValueError) as error:  # lists of different things or lengths
        raise FileError(
            f"{', '.join(map(str, results))} do not list the same checks and statements, as shards of one run do.\n"
            "One was changed after its run. Run all shards again."
        ) from error


def _find_whole_runs(results: Mapping[Path, Result]) -> Iterator[str]:
    for path, result in results.items():
        if not result.shards:
            yield f"{path} is the report of a whole run. Only reports of runs with --shard are merged."


def _find_differences(results: Mapping[Path, Result]) -> Iterator[str]:
    (first, one), *others = results.items()
    for path, other in others:
        for name, of in _SAME.items():
            if of(one) != of(other):
                yield (
                    f"{path} is of another {name} than {first}, so they are not shards of one run.\n"
                    "Run all shards again, from one commit and with the same options but for --shard."
                )


def _find_doubles(results: Mapping[Path, Result]) -> Iterator[str]:
    seen: dict[int, Path] = {}
    for path, part in ((path, part) for path, result in results.items() for part in result.shards):
        if part.number in seen:
            yield f"{path} and {seen[part.number]} are both of shard {_spell(part)}. Name each shard's report once."
        seen[part.number] = path


def _find_missing(results: Sequence[Result]) -> str | None:
    parts = [part for result in results for part in result.shards]
    missing = sorted(set(range(1, parts[0].of + 1)) - {part.number for part in parts})
    names = ", ".join(f"{number}/{parts[0].of}" for number in missing)
    return (
        f"The report of shard {names} is missing. Without it, nothing is claimed of the target.\n"
        f"Run it with --shard {missing[0]}/{parts[0].of}, and name its report too."
        if missing
        else None
    )


def _with_place(result: Result) -> Result:
    """The result whose obstacle says which shard had it."""
    if not result.obstacle or len(result.shards) > 1:
        return result
    return structs.replace(result, obstacle=f"Shard {_spell(result.shards[0])}: {result.obstacle}")


def _spell(part: ShardPart) -> str:
    return f"{part.number}/{part.of}"
