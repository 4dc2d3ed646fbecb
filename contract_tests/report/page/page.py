"""The page of a result, from the result alone."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import jinja2
from markupsafe import Markup
from msgspec import Struct

from contract_tests.report.page.allowance import FEW, FIRST, allow, allow_folded
from contract_tests.report.page.causes import SOURCES, show_causes
from contract_tests.report.page.compiled import Compiled
from contract_tests.report.page.course import say_sighting, show_timeline
from contract_tests.report.page.heat import show_heat
from contract_tests.report.page.past import show_changes, show_trend
from contract_tests.report.page.tree import show_contract
from contract_tests.report.page.untried import find_left_out
from contract_tests.report.page.verdict import figures, next_steps, say_title, say_verdict
from spec.output import in_page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contract_tests.report.page.causes import Cause
    from contract_tests.result.result import Result

_FOLDER: Final = Path(__file__).parent
_LONGEST_SPEC: Final = 600_000
"""The longest text of a spec that the page has, in characters; of a longer one it has no lines."""


class _Inlined(Struct, frozen=True):
    """A file that stands in the page, and the hash by which the page's policy lets it work."""

    text: Markup
    hash: str


def make_page(result: Result) -> str:
    """The page of a result: HTML that asks nobody for anything, and runs no script but its own."""
    view = _view(result)
    folded = result.findings[_inline(result) :]
    causes = show_causes(result, folded, view["spec_lines"], allow_folded(len(folded)))
    data = _fold_away(causes, view) if causes else ""
    return in_page(load().render(view, folded=causes, folded_data=data))


def load() -> jinja2.Template:
    """The template of the page, with all that it includes. It is read once."""
    return _environment().get_template("page.html.j2")


def _fold_away(causes: Sequence[Cause], view: Mapping[str, Any]) -> str:
    """The insides of causes as data for the script: a JSON array of their HTML, deflated and in base64."""
    show: Any = _environment().get_template("macros.html.j2").make_module(dict(view))
    insides = json.dumps([in_page(str(show.inside(cause))) for cause in causes])
    return base64.b64encode(zlib.compress(insides.encode(), 9)).decode()


def _view(result: Result) -> Mapping[str, Any]:
    lines = _spec_lines(result)
    findings, room = result.findings[: _inline(result)], allow(len(result.findings))
    return {
        "result": result,
        "style": _inlined("page.css"),
        "script": _inlined("page.js"),
        "title": say_title(result),
        "sentence": say_verdict(result),
        "steps": next_steps(result),
        "figures": figures(result),
        "timeline": show_timeline(result.timeline),
        "causes": show_causes(result, findings, lines, room),
        "changes": show_changes(result),
        "trend": show_trend(result.history),
        "operations": show_contract(result.contract, lines, {check.name for check in result.checks}),
        "left_out": tuple(find_left_out(result)),
        "heats": [show_heat(pairs) for pairs in result.pairs if pairs.factors],
        "spec_lines": lines,
        "sources": SOURCES,
        "is_recording": result.recording is not None,
        "say_sighting": say_sighting,
    }


def _inline(result: Result) -> int:
    """How many findings stand in the page as they are."""
    return len(result.findings) if len(result.findings) <= FEW else FIRST


def _spec_lines(result: Result) -> list[str]:
    text = result.spec.text if result.spec else ""
    return text.split("\n") if text and len(text) <= _LONGEST_SPEC else []


@cache
def _environment() -> jinja2.Environment:
    """Jinja's settings: everything is escaped, and a name that is not there is an error."""
    return jinja2.Environment(
        autoescape=True,
        bytecode_cache=Compiled(Path(__file__)),
        loader=jinja2.FileSystemLoader(_FOLDER),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


@cache
def _inlined(name: str) -> _Inlined:
    text = (_FOLDER / name).read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return _Inlined(Markup(text), f"'sha256-{digest}'")  # noqa: S704 - our own file
