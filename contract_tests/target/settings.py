"""The settings of a run, from flags, from `VOICEOS_…` environment variables and from targets.toml; the first wins."""

from __future__ import annotations

import difflib
import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, InitSettingsSource, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from contract_tests.target.options import MAX_SEED, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TARGETS: Final = ROOT / "contract_tests" / "targets.toml"
PREFIX: Final = "VOICEOS_"
MOCK: Final = "mock"
_FIELDS: Final = "fields"
_CLOSE: Final = 0.8


class SettingsError(Exception):
    """A setting cannot be used as given. `str()` says which, and what is meant perhaps."""


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


def _pairs(value: object) -> object:
    if isinstance(value, str):
        value = _split(value)
    return dict(item.split("=", 1) for item in value) if isinstance(value, list) else value


_Pointer = Annotated[str, Field(pattern=r"^(/[^/]+)+$")]
_Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Fields(BaseModel):
    """Where in a request's body stands what the guard must look at, as JSON Pointers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    to_number: tuple[_Pointer, ...] = ()
    from_number: tuple[_Pointer, ...] = ()
    agent_id: tuple[_Pointer, ...] = ()
    webhook_url: tuple[_Pointer, ...] = ()
    duration: tuple[_Pointer, ...] = ()


class Settings(BaseSettings):
    """The settings of a run. Times are in seconds."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True)

    url: str | None = None
    token_env: str = f"{PREFIX}TOKEN"
    seed: int | None = Field(default=None, ge=0, lt=MAX_SEED)
    report_dir: Path = Path("contract-report")
    connect_timeout: _Seconds = 10.0
    time_limit: _Seconds = 300.0
    all_known_names: bool | None = None
    no_fuzzing: bool = False
    max_calls: int | None = Field(default=None, gt=0)
    allow_partial: bool = False
    dry_run: bool = False
    recording: Path | None = None
    replay: Path | None = None
    strict: bool = False
    to_number: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)] = ()
    from_number: str | None = None
    agent_id: str | None = None
    data: Annotated[dict[_Pointer, Any], NoDecode, BeforeValidator(_pairs)] = Field(default_factory=dict)
    webhook_url: str | None = None
    max_duration: int | None = Field(default=None, gt=0)
    free_numbers: bool = False
    allow_production: bool = False


def read_settings(flags: Mapping[str, Any], target: str | None, path: Path = TARGETS) -> Settings:
    """The settings with the flags that were given, for a target of the file.

    Raises:
        SettingsError: a setting has no such value, a key or the target is not known, or the file cannot be read.
    """
    target = target or os.environ.get(f"{PREFIX}TARGET")
    section = _section(path, target)
    _refuse_misspelt(os.environ)

    class Of(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library's protocol
            file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return init_settings, env_settings, InitSettingsSource(settings_cls, section)

    try:
        return Of(**flags)
    except ValidationError as error:
        raise SettingsError("\n".join(_describe(problem, flags, target) for problem in error.errors())) from None


def read_fields(path: Path = TARGETS) -> Fields:
    """Where in a request stands what must be looked at.

    Raises:
        SettingsError: the file cannot be read.
    """
    try:
        return Fields.model_validate(_read(path).get(_FIELDS, {}))
    except ValidationError as error:
        raise SettingsError("\n".join(_describe(problem, {}, _FIELDS, Fields) for problem in error.errors())) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from error


def _section(path: Path, target: str | None) -> dict[str, Any]:
    """What the file says of a target."""
    targets = {name: value for name, value in _read(path).items() if name != _FIELDS}
    if target is None or target == MOCK:
        return dict(targets.get(MOCK, {}))
    if target not in targets:
        raise SettingsError(
            f"{path.name} has no target {target!r}{_perhaps(target, targets)}; it has: {', '.join(targets)}"
        )
    return dict(targets[target])


def _refuse_misspelt(environment: Iterable[str]) -> None:
    """A misspelt limit would hold nobody back. Names that are like no setting are somebody else's."""
    known = [f"{PREFIX}{name}".upper() for name in (*Settings.model_fields, "target")]
    for name in environment:
        if name.startswith(PREFIX) and name not in known and not name.endswith("_TOKEN"):
            close = difflib.get_close_matches(name, known, 1, _CLOSE)
            if close:
                raise SettingsError(f"the environment variable {name} is not a setting; did you mean {close[0]}?")


def _describe(
    problem: Any,  # noqa: ANN401 - pydantic's description of an error
    flags: Mapping[str, object],
    target: str | None,
    model: type[BaseModel] = Settings,
) -> str:
    key = str(problem["loc"][0])
    if key in flags:
        where = f"--{key.replace('_', '-')}"
    elif f"{PREFIX}{key}".upper() in os.environ:
        where = f"{PREFIX}{key}".upper()
    else:
        where = f"targets.toml: [{target or MOCK}] {key}"
    if problem["type"] == "extra_forbidden":
        return f"{where}: there is no such key{_perhaps(key, model.model_fields)}"
    return f"{where}: {problem['input']!r} cannot be used: {problem['msg']}"


def _perhaps(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), 1)
    return f"; did you mean {close[0]}?" if close else ""
