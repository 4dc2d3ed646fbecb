"""The checks of Schemathesis that can be asked about one exchange."""

from __future__ import annotations

from typing import Final

ASKED: Final = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "positive_data_acceptance",
    "unsupported_method",
    "allow_header_conformance",
)
"""The checks that look at one exchange alone. The others send requests of their own, or look back at others."""
