"""Which secret stands where in a request: for the guard, which alone knows secrets, and for whoever sends."""

from __future__ import annotations

import os
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from contract_tests.contract.paths import Paths
from contract_tests.contract.security import Scheme
from contract_tests.exchange.credentials import change_values, fill_in, spell_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from contract_tests.contract.operations import Operation
    from contract_tests.exchange.exchange import Request
    from contract_tests.target.options import Options

DEFAULT: Final = ""
"""The name of the secret that `--token-env` holds: that of every scheme without one of its own."""
_BEARER: Final = Scheme(DEFAULT)


class Credentials(Struct, frozen=True, dict=True):
    """The places of credentials in the requests of an API. Pure data, so that the guard need not read the spec."""

    operations: tuple[Operation, ...]
    variables: Mapping[str, str] = field(default_factory=dict)
    """The environment variables of secrets, by the names of schemes; the others have that of the target's token."""

    @cached_property
    def _paths(self) -> Paths:
        return Paths(self.operations)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the secrets that requests need: `DEFAULT` for those of schemes without one of their own."""
        if not self.operations:
            return (DEFAULT,)
        alternatives = (alternative for operation in self.operations for alternative in operation.alternatives)
        used = (scheme for alternative in alternatives for scheme in alternative)
        return tuple(dict.fromkeys(self.name_of(scheme) for scheme in used))

    def name_of(self, scheme: Scheme) -> str:
        """The name of a scheme's secret."""
        return scheme.name if scheme.name in self.variables else DEFAULT

    def schemes_of(self, request: Request) -> tuple[tuple[Scheme, ...], ...]:
        """The schemes whose credentials a request may have, those of one place together.

        A server may take an undocumented method for one that the path has, so the schemes of all of these count.
        """
        path = request.path
        found = self._paths.find(request.method, path)
        operations = (found,) if found else (self._paths.at(path) or self.operations)
        schemes = [scheme for each in operations for scheme in (*each.credentials, *each.schemes)]
        at_places: dict[tuple[str, str], list[Scheme]] = {}
        for scheme in (*(each for each in schemes if each.kind != "unknown"), _BEARER):
            at_places.setdefault((scheme.location, scheme.field.lower()), []).append(scheme)
        return tuple(map(tuple, at_places.values()))

    def change(self, request: Request, change: Callable[[Scheme, str], str]) -> Request:
        """The request with the values at the places of its credentials changed."""
        for schemes in self.schemes_of(request):
            request = change_values(request, schemes[0], partial(_change_meant, schemes, change))
        return request

    def fill_in(self, request: Request, token: str) -> Request:
        """The request with a token in place of each secret, as it is."""
        return self.change(request, lambda _, value: fill_in(value, token))

    def spell(self, request: Request, secret: str) -> Request:
        """The request as a target gets it, where all schemes have the same secret."""
        return self.change(request, lambda scheme, value: fill_in(value, spell_secret(scheme, secret)))


def given_schemes(options: Options) -> frozenset[str]:
    """The names of the schemes with secrets of their own; if there are any, `DEFAULT` too where others have a token."""
    names = [name for name, _ in options.credential]
    return frozenset([*names, *([DEFAULT] if names and os.environ.get(options.token_env) else [])])


def _change_meant(schemes: Sequence[Scheme], change: Callable[[Scheme, str], str], value: str) -> str:
    """Changes a value for the scheme that it is meant for: by its first word, such as `Basic`, or else the first."""
    word = value.partition(" ")[0].lower()
    return change(next((scheme for scheme in schemes if scheme.kind == word), schemes[0]), value)


BEARER_ALONE: Final = Credentials(())
"""The credentials of an API of which nothing is known."""
