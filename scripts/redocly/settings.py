"""The settings of Redocly CLI, checked: they may switch rules, and nothing else.

A pull request can change redocly.yaml, and Redocly CLI runs plugins, opens files and asks URLs that stand there.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from scripts.redocly.node import RedoclyError
from spec.reader import SpecError, escape, read_spec

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from spec.json_value import Json

_KEYS: Final = ("extends", "telemetry", "rules")
_OWN_SETS: Final = {"spec", "minimal", "recommended", "recommended-strict"}
"""The sets of rules that Redocly CLI has itself. It looks for any other in a file, at a URL or in a plugin."""
_LEVELS: Final = ("off", "warn", "error")


def checked_settings(path: Path) -> str:
    """The settings in a file, as JSON, which no two programs read differently.

    Raises:
        RedoclyError: they could do more than switch rules, or cannot be read. The message names file and line.
    """
    try:
        settings = read_spec(path)
        if wrong := [settings.problem(*each) for each in _find_wrong(settings.document)]:
            raise settings.error(wrong)
    except SpecError as error:
        raise RedoclyError(f"Redocly CLI was not asked, because its settings are refused:\n{error}") from error
    return json.dumps(settings.document)


def _find_wrong(settings: dict[str, Json]) -> Iterator[tuple[str, str]]:
    """Yields the pointer of each setting that is refused, with the reason."""
    for key in settings.keys() - {*_KEYS}:
        yield f"/{escape(key)}", f"is refused: the settings may have {', '.join(_KEYS)}, and no other key"
    if settings.get("telemetry") != "off":
        yield "/telemetry", "must be 'off'"
    sets, rules = settings.get("extends", []), settings.get("rules", {})
    if not isinstance(sets, list) or not all(isinstance(name, str) and name in _OWN_SETS for name in sets):
        yield "/extends", f"is refused: it may list {', '.join(sorted(_OWN_SETS))}"
    for name, rule in rules.items() if isinstance(rules, dict) else [("", rules)]:
        if not _is_switch(rule):
            yield f"/rules/{escape(name)}", f"is refused: write one of {', '.join(_LEVELS)}, or `severity` and options"


def _is_switch(rule: Json) -> bool:
    """True for a level, and for a level with options that are plain values."""
    options = rule if isinstance(rule, dict) else {"severity": rule}
    plain = not any(isinstance(value, dict | list) for value in options.values())
    return plain and "$ref" not in options and options.get("severity") in _LEVELS
