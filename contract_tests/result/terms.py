"""Words with a closed list of values, which several parts of a result use."""

from __future__ import annotations

from typing import Literal

Verdict = Literal["conforms", "violates", "untestable", "incomplete"]
Gravity = Literal["credentials", "crash", "refusal", "response", "acceptance", "formality", "drift"]
"""How grave a finding is, the gravest first: who gets in, what fails, which documented requests are refused, which
responses are wrong, which invalid requests are accepted, what else HTTP or the spec demands, and which
fields of responses the spec does not have, where that violates."""
