"""The worth of choices: how early to try each, by how many faults it reveals."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from contract_tests.plan.choices import Choice

# Chosen by what `nox -s kills -- --curve` prints.
_ORDINARY: Final = 2
"""The worth of a choice that few servers get wrong: a bound, a default, a name."""
_TELLING: Final = 6
"""The worth of one that many get wrong."""
_TELLING_TWICE: Final = 12
"""The worth of one that servers get wrong in several ways."""
_IS_TELLING: Final = re.compile(
    r"null|absent|empty (object|array)|nothing but required fields|array of two.*|(long|huge) string"
)
"""The values that servers often get wrong, beside the members of closed enumerations."""
_MANY_KINDS: Final = "many kinds of character"


def worth_of(choice: Choice) -> int:
    """How much it is worth to try a choice early, by how many faults it reveals."""
    if choice.may_be_refused:
        return _ORDINARY
    if choice.value == _MANY_KINDS:
        return _TELLING_TWICE
    return _TELLING if choice.is_tag or _IS_TELLING.fullmatch(choice.value) else _ORDINARY
