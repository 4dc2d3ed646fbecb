"""Header fields between the guard and its clients, which go no further."""

from __future__ import annotations

from typing import Final

EXCHANGE_ID: Final = "x-schemathesis-testcaseid"
"""The field that tells requests apart. Schemathesis writes it into each of its own, so we use its name."""
MARK: Final = "X-Contract-Guard"
"""The field of the guard's own responses; of requests, where it holds the run's secret, without which none is taken."""
NOT_SENT: Final = "not-sent"
"""The mark of a response to a request that the guard did not send."""
NO_CALL_LEFT: Final = "no-call-left"
"""The mark of a response to a request that the guard did not send, because it costs and no call is left."""
NO_RESPONSE: Final = "no-response"
"""The mark of a response where the target gave none that can be read."""
OWN_FIELDS: Final = frozenset({EXCHANGE_ID, MARK.lower()})
"""The names of all of these fields, in lower case. Whatever others write into them is dropped."""
