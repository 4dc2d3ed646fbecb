"""The generators and the formatter, with the options that shape their output."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

TEMPLATES: Final = Path(__file__).parents[1] / "templates"
HEADER: Final = "# Generated from the spec by `nox -s generate`; do not edit."

# Pydantic's strict types differ from JSON Schema's. Those of templates/json_types.py replace them.
JSON_TYPES: Final = ("BaseModel", "IntEnum", "StrictInt", "StrictFloat", "StrictStr", "StrictBool", "AwareDatetime")
_MODELS_OPTIONS: Final = (
    "--input-file-type=openapi",
    "--output-model-type=pydantic_v2.BaseModel",
    "--target-python-version=3.11",
    "--target-pydantic-version=2.14",
    "--strict-nullable",
    "--use-missing-sentinel",
    "--use-annotated",
    "--field-constraints",
    *("--strict-types", "str", "int", "float", "bool"),
    "--output-datetime-class=AwareDatetime",
    "--no-treat-dot-as-module",
    "--enum-field-as-literal=one",
    "--use-specialized-enum",
    "--deserialize-default-values=enum",
    "--use-type-alias",
    "--use-typed-nullable-map-values",
    "--use-schema-description",
    "--use-field-description",
    "--use-single-line-docstring",
    "--strict-refs",
    "--no-allow-remote-refs",
    "--disable-timestamp",
    f"--custom-file-header={HEADER}",
    "--no-formatters",
    "--ignore-pyproject",
    "--disable-warnings",
)
_CLIENT_CONFIG: Final[dict[str, Any]] = {"post_hooks": []}
OPTIONAL: Final = {"formats.py", "parameters.py"}
"""The templates that only those packages get that import them."""
LINT: Final = ("check", "--isolated", "--no-cache", "--quiet", "--fix-only", "--select=E4,E7,E9,F,I")
FORMAT: Final = ("format", "--isolated", "--no-cache", "--quiet", "--line-length=120", "--target-version=py311")


@dataclass(frozen=True)
class Generator:
    """A generator: its distribution, its module, and the options that shape its output."""

    distribution: str
    module: str
    options: tuple[str, ...]
    config: dict[str, Any]
    templates: tuple[str, ...] = ()
    """The files and folders of templates/ that go into the output."""
    script: Path | None = None
    """The script that runs it, in place of its module."""

    def provenance(self) -> dict[str, Any]:
        """Everything about it that determines the output, as JSON."""
        return {
            "name": self.distribution,
            "version": version(self.distribution),
            "options": list(self.options),
            "script": _sha256(self.script) if self.script else None,
            "config": self.config,
            "templates": {path.relative_to(TEMPLATES).as_posix(): _sha256(path) for path in self.template_files()},
        }

    def template_files(self) -> list[Path]:
        """The files of `templates`, in order."""
        paths = [TEMPLATES / name for name in self.templates]
        return sorted(file for path in paths for file in (path.rglob("*.jinja") if path.is_dir() else [path]))


MODELS: Final = Generator(
    "datamodel-code-generator",
    "datamodel_code_generator",
    _MODELS_OPTIONS,
    {},
    ("json_types.py", "formats.py", "date_time.py"),
)
CLIENT: Final = Generator(
    "openapi-python-client",
    "openapi_python_client",
    (),
    _CLIENT_CONFIG,
    ("client", "defaults.py", "date_time.py", "parameters.py", "recording.py", "sending.py"),
    Path(__file__).with_name("client_generator.py"),
)
FORMATTER: Final = Generator("ruff", "ruff", (" ".join(LINT), " ".join(FORMAT)), {})


def _sha256(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()
