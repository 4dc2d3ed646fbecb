"""The mask of a run or a recording: what is secret in all that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contract_tests.exchange.masking import Mask
from contract_tests.guard.guard import read_token

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from contract_tests.contract.contract import Contract
    from contract_tests.target.target import Target

MAX_TOKENS: Final = 2**20
"""How long the tokens of one mask are together at most, in characters: such a mask takes 0.6 GB."""


def mask_of(target: Target, contract: Contract) -> Mask:
    """The mask for a target's token and listed numbers. Raises TargetError if the token cannot be sent."""
    return Mask([read_token(target)], target.limits.aliases, contract.spec.text.encode())


def masks_of_recording(tokens: Iterable[str]) -> Iterator[Mask]:
    """The masks for the different tokens of recordings, to be applied one after the other; at least one."""
    batch: list[str] = []
    length = 0
    for token in tokens:
        if batch and length + len(token) > MAX_TOKENS:
            yield Mask(batch)
            batch, length = [], 0
        batch.append(token)
        length += len(token)
    yield Mask(batch)


def describe_mask(mask: Mask) -> str | None:
    """A note to the user where the token cannot be masked everywhere; None where it can."""
    if not mask.is_word:
        return None
    return "note: the token is a word of the spec, so it is masked only as a whole word; better use a longer token"
