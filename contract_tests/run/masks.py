"""The mask of a run or a recording: what is secret in all that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contract_tests.exchange.masking import Mask
from contract_tests.guard.guard import read_token
from contract_tests.traffic.har import HarError
from contract_tests.traffic.masking import find_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from contract_tests.contract.contract import Contract
    from contract_tests.target.target import Target
    from contract_tests.traffic.har import Entry

MAX_TOKENS: Final = 2**20
"""How long the tokens of a recording may be together, in characters. The mask of as many takes 0.6 GB and 12 s."""


def mask_of(target: Target, contract: Contract) -> Mask:
    """The mask for a target's token and listed numbers. Raises TargetError if the token cannot be sent."""
    return Mask([read_token(target)], target.limits.aliases, contract.spec.text.encode())


def mask_of_recording(path: Path, entries: Iterable[Entry | None]) -> Mask:
    """The mask for the tokens that a recording holds. Raises HarError if they are too long together."""
    tokens = [*dict.fromkeys(find_tokens(entries))]
    if (length := sum(map(len, tokens))) > MAX_TOKENS:
        raise HarError(
            f"--recording {path}: its Authorization fields hold {length} characters of different tokens. At most "
            f"{MAX_TOKENS} can be masked in the reports.\nSplit the recording, and judge each part."
        )
    return Mask(tokens)


def describe_mask(mask: Mask) -> str | None:
    """A note to the user where the token cannot be masked everywhere; None where it can."""
    if not mask.is_word:
        return None
    return "note: the token is a word of the spec, so it is masked only as a whole word; better use a longer token"
