"""Names of recordings tell no credentials and no numbers."""

from __future__ import annotations

import pytest

from contract_tests.traffic.names import shown_name, without_credentials


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("logs/+12025550142.har", "logs/********0142.har"),
        ("call-12025550142.har", "call-*******0142.har"),
        ("traffic-20260131093000.har", "traffic-20260131093000.har"),
        ("traffic-20260131-0930.ndjson", "traffic-20260131-0930.ndjson"),
        ("traffic-2026-01-31_09-30-00.ndjson.gz", "traffic-2026-01-31_09-30-00.ndjson.gz"),
        ("what?#.har", "what?#.har"),
        ("s3://key:secret@logs/a.har", "s3://logs/a.har"),
        ("https://logs.example/a.har?X-Amz-Signature=abc", "https://logs.example/a.har"),
        ("s3://logs/2026-01-31/*.ndjson", "s3://logs/2026-01-31/*.ndjson"),
        ("-", "-"),
    ],
)
def test_a_name_is_shown_without_credentials_and_numbers(name: str, shown: str) -> None:
    assert shown_name(name) == shown


def test_another_text_has_no_credentials() -> None:
    assert without_credentials("https://user:secret@api.example:8000/v1") == "https://api.example:8000/v1"
    assert without_credentials("user@example.com") == "user@example.com"
