"""The mask of a run or a recording: what is secret in all that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contract_tests.exchange.masking import Mask
from contract_tests.guard.guard import read_token
from contract_tests.traffic.sources import RecordingError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contract_tests.contract.contract import Contract
    from contract_tests.target.target import Target

MAX_TOKENS: Final = 2**20
"""How long the tokens of a recording may be together, in characters. The mask of as many takes 0.6 GB and 12 s."""


def mask_of(target: Target, contract: Contract) -> Mask:
    """The mask for a target's token and listed numbers. Raises TargetError if the token cannot be sent."""
    return Mask([read_token(target)], target.limits.aliases, contract.spec.text.encode())


def mask_of_recording(tokens: Iterable[str]) -> Mask:
    """The mask for the different tokens of recordings. Raises RecordingError if they are too long together."""
    kept = list(tokens)
    if (length := sum(map(len, kept))) > MAX_TOKENS:
        raise RecordingError(
            f"The Authorization fields of the recording hold {length} characters of different tokens. At most "
            f"{MAX_TOKENS} can be masked in the reports.\nSplit the recording, and judge each part."
        )
    return Mask(kept)


def describe_mask(mask: Mask) -> str | None:
    """A note to the user where the token cannot be masked everywhere; None where it can."""
    if not mask.is_word:
        return None
    return "note: the token is a word of the spec, so it is masked only as a whole word; better use a longer token"
