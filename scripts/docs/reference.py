"""The reference of the API as one page of HTML, which Redoc draws. Redocly CLI, locked by package-lock.json, has it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from scripts.redocly.answer import failure, run

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEMPLATE: Final = Path(__file__).with_name("reference.html.hbs")
_OPTIONS: Final = {"hideDownloadButtons": True, "maxDisplayedEnumValues": 100}
"""Redoc's own."""
_COMMAND: Final = "build-docs"
_FIRST_SCRIPT: Final = re.compile("<script>(.*?)</script>", re.DOTALL)
_LAST_SCRIPT: Final = '<script type="module">'
_END: Final = "</script>"
_HASHES: Final = "'SCRIPT-HASHES'"
"""Stands in the template for the hashes of Redoc's scripts."""
_LOGO: Final = re.compile(r"https://cdn\.redoc\.ly/redoc/logo-mini(?:-full)?\.svg")
_NAME: Final = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='48' height='12'%3E"
    "%3Ctext y='10' font-size='11' font-family='sans-serif' fill='%230044d4'%3ERedocly%3C/text%3E%3C/svg%3E"
)


def build_reference(document: Mapping[str, Any]) -> str:
    """The page of an OpenAPI document.

    Raises:
        RedoclyError: Redocly CLI is not installed, or failed.
    """
    with tempfile.TemporaryDirectory(prefix="reference-") as name:
        spec, page = Path(name, "openapi.json"), Path(name, "page.html")
        spec.write_text(json.dumps(document), encoding="utf-8")
        options = f"--openapi={json.dumps(_OPTIONS)}"
        done = run(_COMMAND, spec, f"--output={page}", f"--template={_TEMPLATE}", options, "--inlineBundle")
        if done.returncode or not page.is_file():
            raise failure(done, _COMMAND)
        return allow_own_scripts(without_foreign_logo(page.read_text(encoding="utf-8")))


def without_foreign_logo(page: str) -> str:
    """The page with the maker's name in place of its logo, which a browser would load from the maker's server."""
    return _LOGO.sub(_NAME, page)


def allow_own_scripts(page: str) -> str:
    """The page whose policy names Redoc's two scripts by their hashes, so that no script in a description runs.

    They are the page's first, before any description, and its last. Redocly CLI lacks Redoc's own sanitizer.
    """
    scripts = _FIRST_SCRIPT.findall(page)[:1] + page.rsplit(_LAST_SCRIPT, 1)[1:]
    return page.replace(_HASHES, " ".join(_hash(script.partition(_END)[0]) for script in scripts), 1)


def _hash(script: str) -> str:
    """A script's hash, as a policy has it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
