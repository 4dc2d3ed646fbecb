"""Where a result comes from: its settings, the versions of the tools, and the spec that it judged by."""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from contract_tests.result.course import Setting
from contract_tests.result.coverage import SpecText
from contract_tests.target.limits import mask_number
from contract_tests.target.options import declared_options
from contract_tests.traffic.names import shown_name, without_credentials
from spec.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from contract_tests.contract.contract import Contract
    from contract_tests.target.options import Option, Options

_TOOLS: Final = ("schemathesis", "hypothesis", "jsonschema-rs", "pytest")
_NUMBER: Final = "NUMBER"
"""The word by which options for telephone numbers ask for one."""
_DIGITS: Final = 12
"""How much of the suite's hash is told."""
_HIDDEN: Final = "given, and not shown"


def tell_settings(options: Options) -> tuple[Setting, ...]:
    """The options of a run, those that were given first. Numbers are masked, and data that is sent is not shown."""
    told = [_tell(option, getattr(options, option.field)) for option in declared_options()]
    return tuple(sorted(told, key=lambda setting: setting.is_default))


def _tell(option: Option, value: Any) -> Setting:  # noqa: ANN401 - of any option
    shown = not value if option.name == f"no_{option.field}" else value
    if option.field == "data":
        shown = tuple(f"{pointer}={_HIDDEN}" for pointer, _ in value)
    if option.field == "recording":
        shown = tuple(map(shown_name, value))
    is_number = option.declaration.metavar == _NUMBER
    return Setting(name=option.flag, value=_spell(shown, is_number=is_number), is_default=value == option.default)


def _spell(value: object, *, is_number: bool) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case None | ():
            return "none"
        case tuple():
            return ", ".join(_spell(each, is_number=is_number) for each in value)
        case float():
            return f"{value:g}"
        case _:
            return mask_number(str(value)) if is_number else without_credentials(str(value))


@cache
def tell_versions() -> Mapping[str, str]:
    """The versions of Python, of the suite and of the tools that take part, by name."""
    tools = {name: found for name in _TOOLS if (found := _version(name))}
    return {"Python": platform.python_version(), "suite": _hash_suite(), **tools}


def _hash_suite() -> str:
    """The version of the suite: a hash of its code, since it is run from a checkout that may have been edited."""
    found = sha256()
    for name in sorted(chain.from_iterable(map(_find_code, ("contract_tests", "spec")))):
        with open(f"{ROOT}/{name}", "rb") as file:  # noqa: PTH123 - a Path for each takes longer than to read them
            found.update(name.encode() + b"\0" + file.read())
    return found.hexdigest()[:_DIGITS]


def _find_code(folder: str) -> Iterator[str]:
    """The modules in a folder, at any depth, as paths from the repository's root."""
    with os.scandir(f"{ROOT}/{folder}") as found:
        for each in found:
            if each.name.endswith(".py"):
                yield f"{folder}/{each.name}"
            elif each.is_dir() and each.name != "__pycache__":
                yield from _find_code(f"{folder}/{each.name}")


def _version(name: str) -> str | None:
    """The version of a package. Its description, which `version` would parse too, may be longer than a book."""
    try:
        told = distribution(name).read_text("METADATA") or ""
    except PackageNotFoundError:
        return None
    found = re.search(r"^Version: *(\S+)", told, re.MULTILINE)
    return found[1] if found else None


def tell_date(seconds: float) -> str:
    """When a run of so many seconds began that is over now, in UTC, to the minute."""
    return f"{datetime.now(UTC) - timedelta(seconds=seconds):%Y-%m-%d %H:%M}"


def tell_spec(contract: Contract) -> SpecText:
    """The spec's text, under the path by which results name its lines."""
    return SpecText(path=str(contract.shown_path), text=contract.spec.text)
