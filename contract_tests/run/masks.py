"""The mask of a run: its secrets in all that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract_tests.exchange.masking import Mask
from contract_tests.guard.guard import read_secrets

if TYPE_CHECKING:
    from contract_tests.contract.contract import Contract
    from contract_tests.target.target import Target


def mask_of(target: Target, contract: Contract) -> Mask:
    """The mask for a target's token and listed numbers. Raises TargetError if the token cannot be sent."""
    secrets = read_secrets(target, target.credentials(contract.operations))
    return Mask(list(secrets.values()), target.limits.aliases, contract.spec.text.encode())


def describe_mask(mask: Mask) -> str | None:
    """A note to the user where the token cannot be masked everywhere; None where it can."""
    if not mask.is_word:
        return None
    return "note: the token is a word of the spec, so it is masked only as a whole word; better use a longer token"
