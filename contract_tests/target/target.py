"""The server that a run tests: its URL, its token and its limits."""

from __future__ import annotations

import ipaddress
import re
import shlex
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from msgspec import Struct, structs

from contract_tests.contract.places import is_place
from contract_tests.target.credentials import Credentials
from contract_tests.target.limits import FICTIONAL, FREE, DurationRule, Limits, NumberRule, Rule, UrlRule, mask_number
from spec.paths import SPEC

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from contract_tests.contract.contract import Contract
    from contract_tests.contract.operations import Operation
    from contract_tests.target.options import Options
    from contract_tests.target.settings import Fields

EMBEDDED_MOCK: Final = "the embedded mock"
"""The name of the target that a run starts by itself."""
ENOUGH_CALLS: Final = 75
"""The limit of calls that is proposed: it has room for all of this endpoint's plan, whatever a server accepts."""
_E164: Final = re.compile(r"\+\d{7,15}", re.ASCII)
_SERVER: Final = re.compile(r"(?:[^:/?#]+:)?//(?:[^/?#@]*@)?(\[[^\]/]*\]|[^/?#:]*)")
"""The beginning of a URL, with its host in a group."""
_MAX_PORT: Final = 65535
_FICTIONAL: Final = ("+12025550143", "+12025550142")
"""The number to ring and the caller's on this machine, where none are given."""
_NEED_OF_NUMBERS: Final = (
    "so every valid request can make a real phone ring. Say which numbers it may\n"
    "ring, which number of the account calls, and how many calls the run may cost. The whole command:"
)
_NEED: Final = (
    "so what an accepted request costs or changes there is real. Say how many\n"
    "calls the run may cost. No request will hold a phone number or a URL. If the API rings phones, first name\n"
    "the places of the numbers in [fields] of contract_tests/targets.toml. The whole command:"
)


class TargetError(Exception):
    """Raised for a target that cannot be used. `str()` says why and what to do."""


class TokenVariable(Struct, frozen=True):
    """The environment variable that holds a token; the guard alone reads it."""

    name: str


@dataclass(frozen=True)
class Target:
    """A server: what to call it, its base URL without a slash at the end, its token, and its limits."""

    name: str
    url: str
    token: str | TokenVariable = field(repr=False)
    limits: Limits = FREE
    secrets: Mapping[str, TokenVariable] = field(default_factory=dict)
    """The variables of the secrets that schemes have of their own, by the schemes' names."""

    def credentials(self, operations: tuple[Operation, ...]) -> Credentials:
        """Where requests have which secret."""
        return Credentials(operations, {name: variable.name for name, variable in self.secrets.items()})

    @property
    def is_on_this_machine(self) -> bool:
        """True if it has an address of this machine."""
        return is_on_this_machine(self.url)


def make_target(options: Options, fields: Fields, servers: Iterable[str]) -> Target:
    """Makes the target that the options name. `servers` are the base URLs in the spec, where calls are real.

    The URL is assembled anew from its parts, because HTTP libraries disagree about the host of a malformed one.

    Raises:
        TargetError: the URL or a number is malformed, or a limit that the target needs is missing.
    """
    given = options.url or ""
    url = read_url(given)
    is_local = is_on_this_machine(url)
    has_numbers = bool(fields.to_number or fields.from_number)
    _refuse_production(url, options, servers, has_numbers=has_numbers)
    refuse_crooked_numbers(options)
    _require_limits(url, options, is_local=is_local, has_numbers=has_numbers)
    own = {name: TokenVariable(variable) for name, variable in options.credential}
    limits = _limits(options, fields, is_local=is_local)
    return Target(given, url, TokenVariable(options.token_env), limits, secrets=own)


def read_url(given: str) -> str:
    """The base URL as HTTP libraries read it alike, without a slash at its end. Raises TargetError."""
    parts = _parse(given)
    if parts is None:
        raise TargetError(f"--url {given!r} is not a plain http or https URL; write it like http://127.0.0.1:8000")
    scheme, host, rest = parts
    return f"{scheme}://{host}{rest}".rstrip("/")


def is_on_this_machine(url: str) -> bool:
    """Tells whether a base URL has an address of this machine."""
    return _is_loopback(urlsplit(url).hostname or "")


def _refuse_production(url: str, options: Options, servers: Iterable[str], *, has_numbers: bool) -> None:
    host = urlsplit(url).hostname or ""
    if not options.allow_production and any(_is_host_of(server, host) for server in servers):
        command = _command(url, options, has_numbers=has_numbers)
        raise TargetError(
            f"--url {url} is refused: the spec lists {host} as a server, so calls there are real.\n"
            f"If that is what you want, say so:\n\n  {command} --allow-production"
        )


def _is_host_of(server: object, host: str) -> bool:
    """Tells whether a host is that of a server in a spec, whose variables may have any value.

    >>> _is_host_of("https://{region}.example.com:{port}/v1", "eu.example.com"), _is_host_of("{url}", "example.com")
    (True, False)
    """
    found = _SERVER.match(str(server))
    parts = re.split(r"\{[^{}]*\}", found[1].strip("[]").lower()) if found else []
    is_told = any(map(str.isalnum, "".join(parts)))  # else every host would be one
    return is_told and re.fullmatch(".*".join(map(re.escape, parts)), host) is not None


def refuse_crooked_numbers(options: Options) -> None:
    """Raises TargetError for malformed numbers: as a limit, one would match nothing, or all that contain it."""
    for flag, number in (*(("to", number) for number in options.to_number), ("from", options.from_number)):
        if number is not None and not _E164.fullmatch(number):
            raise TargetError(
                f"--{flag}-number {mask_number(number)!r} is not a phone number, and limits apply to whole numbers.\n"
                "Write a plus sign and 7 to 15 digits, the country code first, like +12025550143."
            )


def _require_limits(url: str, options: Options, *, is_local: bool, has_numbers: bool) -> None:
    if options.free_numbers and not is_local:
        raise TargetError("--free-numbers is refused: only a server on this machine may be sent any number")
    if options.rings_nobody and not is_local:
        raise TargetError("--rings-nobody is refused: only a server on this machine may have no limits")
    has_limits = options.max_calls and (not has_numbers or (options.to_number and options.from_number))
    if not is_local and not has_limits:
        need = _NEED_OF_NUMBERS if has_numbers else _NEED
        raise TargetError(f"{url} is another machine, {need}\n\n  {_command(url, options, has_numbers=has_numbers)}")
    fictional = [number for number in _numbers(options) if not FICTIONAL.fullmatch(number)]
    if is_local and fictional and not (options.free_numbers or options.rings_nobody):
        raise TargetError(
            f"{mask_number(fictional[0])} is refused: a server on this machine gets only fictional numbers "
            "(+1 xxx 555 01xx),\nbecause a local port can lead anywhere. --free-numbers lets it have any."
        )


def _command(url: str, options: Options, *, has_numbers: bool) -> str:
    numbers = [
        *(f"--to-number {shlex.quote(number)}" for number in options.to_number or ("+1…",)),
        f"--from-number {shlex.quote(options.from_number or '+1…')}",
    ]
    flags = [
        *([f"--spec {shlex.quote(str(options.spec))}"] if options.spec != SPEC else []),
        f"--url {shlex.quote(url)}",
        *(numbers if has_numbers else []),
        f"--max-calls {options.max_calls or ENOUGH_CALLS}",
    ]
    return f"{options.token_env}=… {options.started_by} {' '.join(flags)}"


def _limits(options: Options, fields: Fields, *, is_local: bool) -> Limits:
    """The limits of a target that is not the embedded mock."""
    aliases = dict(_aliases(_numbers(options)))
    given = _given_values(options, fields, {number: alias for alias, number in aliases.items()})
    if options.rings_nobody:
        return Limits(data=given, aliases=aliases)
    rules = _rules(options, fields, is_local=is_local)
    data, missing = _default_values(options, fields) | given, missing_references(options, fields)
    return Limits(rules, data, aliases, missing, is_elsewhere=not is_local)


def _rules(options: Options, fields: Fields, *, is_local: bool) -> dict[str, Rule]:
    ring = options.to_number or _FICTIONAL[:1]
    caller = options.from_number or _FICTIONAL[1]
    rules: dict[str, Rule] = {}
    if not options.free_numbers:
        rules |= dict.fromkeys(fields.to_number, NumberRule(frozenset(ring), fictional=is_local))
        rules |= dict.fromkeys(fields.from_number, NumberRule(frozenset({caller, *ring}), fictional=is_local))
    rules |= dict.fromkeys(fields.webhook_url, UrlRule(frozenset({options.webhook_url})))
    return rules | dict.fromkeys(fields.duration, DurationRule(options.max_duration))


def _default_values(options: Options, fields: Fields) -> dict[str, Any]:
    """The values that every request carries unless the options give others, by their places."""
    return {
        **dict.fromkeys(fields.to_number, _FICTIONAL[0]),
        **dict.fromkeys(fields.from_number, _FICTIONAL[1]),
        **dict.fromkeys(fields.webhook_url, options.webhook_url),
        **dict.fromkeys(fields.duration, options.max_duration),
    }


def _given_values(options: Options, fields: Fields, known_as: Mapping[str, str]) -> dict[str, Any]:
    """The target's own values that the options give, by their places; numbers by their aliases."""
    numbers = {
        **(dict.fromkeys(fields.to_number, options.to_number[0]) if options.to_number else {}),
        **(dict.fromkeys(fields.from_number, options.from_number) if options.from_number else {}),
    }
    return {
        **{place: known_as.get(number, number) for place, number in numbers.items()},
        **(dict.fromkeys(fields.agent_id, options.agent_id) if options.agent_id else {}),
        **dict(options.data),
    }


def missing_references(options: Options, fields: Fields) -> dict[str, str]:
    """The places of values that an account has or has not, and no option gives: each with the option to give."""
    given = dict(options.data)
    settings = {
        **({} if options.from_number else dict.fromkeys(fields.from_number, "--from-number NUMBER")),
        **({} if options.agent_id else dict.fromkeys(fields.agent_id, "--agent-id ID")),
        **{place: f"--data {place}=TEXT" for place in fields.references},
    }
    return {place: setting for place, setting in settings.items() if place not in given}


def _numbers(options: Options) -> tuple[str, ...]:
    return (*options.to_number, *([options.from_number] if options.from_number else []))


def _aliases(numbers: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Names each real number for everything that people read.

    No name contains another, or they could be confused: names with the same ending are numbered.
    """
    alike: Counter[str] = Counter()
    for number in dict.fromkeys(numbers):
        if not FICTIONAL.fullmatch(number):
            alike[number[-4:]] += 1
            yield mask_number(number, alike[number[-4:]]), number


def _parse(url: str) -> tuple[str, str, str] | None:
    """Scheme, host, and port with path. None for anything odd: credentials, a query, a backslash, a wrong port."""
    found = re.fullmatch(r"(https?)://([\w.-]+|\[[0-9A-Fa-f:.]+\])((?::(\d{1,5}))?(?:/[\w./~%-]*)?)", url, re.ASCII)
    if found is None or int(found[4] or 0) > _MAX_PORT:
        return None
    return found[1], found[2].lower().rstrip("."), found[3]


def fields_in(named: Fields, contract: Contract) -> Fields:
    """The named fields without the places that no request of the contract has: those are another API's."""
    found = {
        name: tuple(each for each in places if is_place(contract, each))
        for name, places in structs.asdict(named).items()
    }
    return structs.replace(named, **found)


def require_places(target: Target, fields: Fields, contract: Contract, options: Options) -> None:
    """Requires that every limit of a server on another machine applies to a place that requests have.

    Where no request has any of the places, they are another API's. Then no number goes out at all.

    Raises:
        TargetError: numbers are given, and no place for them is named; or a request has only some of the named places.
    """
    is_another_api = not any(structs.asdict(fields_in(fields, contract)).values())
    lists_numbers = options.to_number or options.from_number
    if target.is_on_this_machine or (is_another_api and not lists_numbers):
        return
    if is_another_api or not fields.to_number:
        raise TargetError(
            f"{target.url} is another machine, and the guard does not know where a request holds the number to ring,\n"
            "so it could hold back no number. Name the places in contract_tests/targets.toml: [fields] "
            'to_number = ["/…"]'
        )
    for name, places in structs.asdict(fields).items():
        for place in places:
            if not is_place(contract, place):
                raise TargetError(
                    f"{target.url} is another machine, and [fields] {name} of contract_tests/targets.toml is {place},\n"
                    "which no request of the spec has, so that limit would hold back nothing. Name the right place."
                )


def require_costs(target: Target, contract: Contract) -> None:
    """Requires that targets.toml names operations of the contract alone, for a server on another machine.

    Raises:
        TargetError: a label is none of an operation's.
    """
    labels = [operation.label for operation in contract.operations]
    unknown = [label for label in contract.costs if label not in labels]
    if unknown and not target.is_on_this_machine:
        raise TargetError(
            f"{target.url} is another machine, and [costs] of contract_tests/targets.toml names {unknown[0]!r}, which\n"
            f"the spec does not have, so that nothing would count as its call. It has: {', '.join(labels)}."
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
