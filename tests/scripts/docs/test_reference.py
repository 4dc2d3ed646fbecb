"""Redoc's page runs no script but its own, and loads no logo; its failures are told without its code."""

from __future__ import annotations

import base64
import hashlib
import subprocess
from typing import Final

import pytest

from scripts.docs import reference
from scripts.docs.reference import allow_own_scripts, build_reference, without_foreign_logo
from scripts.redocly.node import RedoclyError

PAGE: Final = (
    "<meta content=\"script-src 'SCRIPT-HASHES'\"><script>mode()</script><p><script>theirs()</script></p>"
    '<script type="module">draw("<script>")</script></body>'
)


def source(script: str) -> str:
    """A script's hash as a policy has it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def test_the_policy_allows_the_first_and_the_last_script() -> None:
    first, last = source("mode()"), source('draw("<script>")')
    assert allow_own_scripts(PAGE).startswith(f'<meta content="script-src {first} {last}">')


@pytest.mark.parametrize("name", ["logo-mini.svg", "logo-mini-full.svg"])
def test_the_makers_logo_is_replaced_by_its_name(name: str) -> None:
    page = without_foreign_logo(f"src:`https://cdn.redoc.ly/redoc/{name}`")
    assert page.startswith("src:`data:image/svg+xml,")
    assert "Redocly" in page


def test_a_failure_is_told_without_redoclys_code(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = subprocess.CompletedProcess([], 1, "", "Prerendering docs\nIt broke.\n    at f (cli.js:1:2)\n")
    monkeypatch.setattr(reference, "run", lambda *_: failed)
    with pytest.raises(RedoclyError) as raised:
        build_reference({})
    assert str(raised.value) == ("`redocly build-docs` failed (exit 1). Its last lines:\nPrerendering docs\nIt broke.")
