"""The two generators, pinned and with their options, run side by side on one spec.

`generate_into` fills an empty folder with what belongs under generated/. It is a function of the spec, the generators'
versions and the options below, and of nothing else.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.metadata import distribution, version
from pathlib import Path
from typing import Any, Final

from scripts.document import keywords
from scripts.generate.generated_code import check_code, check_imports, public_names
from scripts.generate.soundness import find_invalid, find_unsafe
from spec.reader import Problem, Spec, escape

TEMPLATES: Final = Path(__file__).parents[1] / "templates"
TIMEOUT: Final = 120.0
"""How long one generator may take, in seconds."""

# What openapi-python-client says of itself whatever the matter is, and where it was at work.
_BOILERPLATE: Final = re.compile(r"If you believe|please open an issue|^Generating |^[{}\s]*$", re.IGNORECASE)
_HEADER: Final = "# Generated from the spec by `nox -s generate`; do not edit."
# datamodel-code-generator's strict types are not JSON Schema's: those of templates/json_types.py take their names.
_JSON_TYPES: Final = ("StrictInt", "StrictFloat", "StrictStr", "StrictBool", "AwareDatetime")
_MODELS_OPTIONS: Final = (
    "--input-file-type=openapi",
    "--output-model-type=pydantic_v2.BaseModel",
    "--target-python-version=3.11",
    "--target-pydantic-version=2.14",
    "--strict-nullable",
    "--use-missing-sentinel",
    "--extra-fields=allow",
    "--use-annotated",
    "--field-constraints",
    *("--strict-types", "str", "int", "float", "bool"),
    "--output-datetime-class=AwareDatetime",
    f"--import-overrides={json.dumps(dict.fromkeys(_JSON_TYPES, '.json_types'))}",
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
    f"--custom-file-header={_HEADER}",
    "--no-formatters",
    "--ignore-pyproject",
    "--disable-warnings",
)
_CLIENT_OPTIONS: Final = ("--meta=none", "--fail-on-warning")
_CLIENT_CONFIG: Final[dict[str, Any]] = {"post_hooks": []}
# Members that openapi-python-client splits into words by itself: it takes what is neither letter nor one of these away.
_PLAIN: Final = re.compile(r"[\w. -]*", re.ASCII)
_LINT: Final = ("check", "--isolated", "--no-cache", "--quiet", "--fix-only", "--select=E4,E7,E9,F,I")
_FORMAT: Final = ("format", "--isolated", "--no-cache", "--quiet", "--line-length=120", "--target-version=py311")


class GenerationError(Exception):
    """Nothing could be generated. `str()` is the whole message for the user."""


@dataclass(frozen=True)
class Generator:
    """A generator: the distribution that provides it, its module, and the options that shape its output."""

    distribution: str
    module: str
    options: tuple[str, ...]
    config: dict[str, Any]
    templates: tuple[str, ...] = ()
    """What of templates/ goes into the output: files and folders."""

    def provenance(self) -> dict[str, Any]:
        """What about it determines the output."""
        return {
            "name": self.distribution,
            "version": version(self.distribution),
            "options": list(self.options),
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
    ("json_types.py", "date_time.py"),
)
CLIENT: Final = Generator(
    "openapi-python-client",
    "openapi_python_client",
    _CLIENT_OPTIONS,
    _CLIENT_CONFIG,
    ("client", "defaults.py", "date_time.py"),
)
FORMATTER: Final = Generator("ruff", "ruff", (" ".join(_LINT), " ".join(_FORMAT)), {})


def generate_into(folder: Path, spec: Spec, scratch: Path) -> None:
    """Fills `folder` with what the spec generates; `scratch` takes what is needed on the way.

    Raises:
        SpecError: the spec is unsafe or no valid OpenAPI 3.1; no generator has seen it in the first case.
        GenerationError: a generator failed, or what it wrote is not plain code that can be imported.
        OSError: the disk is full, or a folder cannot be written.
    """
    if problems := find_unsafe(spec):
        raise spec.error(problems)
    source = scratch / "openapi.yaml"  # a copy, for the user's file may change while the generators run
    source.write_bytes(spec.text.encode())
    with ThreadPoolExecutor() as pool:
        packages = (
            pool.submit(_make_models, folder / "voiceos_models", spec, source),
            pool.submit(_make_client, folder / "voiceos_client", spec, source),
        )
        invalid = find_invalid(spec)
    if invalid:
        raise spec.error(invalid)
    failures = [error for package in packages if (error := package.exception())]
    if failures:
        raise GenerationError("\n".join(map(str, failures)))
    (folder / "provenance.json").write_text(json.dumps(_provenance(spec), indent=2) + "\n")


def _make_models(package: Path, spec: Spec, source: Path) -> None:
    package.mkdir(parents=True)
    _run(MODELS, spec, "--input", source, "--output", package / "models.py")
    _refuse(check_code(package))
    _copy_modules(MODELS, package)
    names = public_names(package / "models.py")
    (package / "__init__.py").write_text(
        f'{_HEADER}\n"""The contract\'s schemas as Pydantic models, strict: they accept what the spec accepts."""\n\n'
        f"from .models import {', '.join(names)}\n\n{_version(spec)}\n__all__ = {names!r}\n"
    )
    _finish(package)


def _make_client(package: Path, spec: Spec, source: Path) -> None:
    config = source.with_name("client.json")
    config.write_text(json.dumps(CLIENT.config))
    document = source.with_name("document.json")
    document.write_text(json.dumps(_document_for_client(spec)))
    templates = _lay_out_templates(source.with_name("templates"))
    options = ("--path", document, "--output-path", package, "--config", config, "--custom-template-path", templates)
    _run(CLIENT, spec, "generate", *options)
    (package / "server.py").write_text(_server(package.name, spec))
    _refuse(check_code(package))
    _copy_modules(CLIENT, package)
    with (package / "__init__.py").open("a") as file:
        file.write(f"\n{_version(spec)}")
    _finish(package)


def _document_for_client(spec: Spec) -> dict[str, Any]:
    """The spec's document, with what its generator does not see for itself written where it looks.

    That is names for members of which it would make one long word, and what all operations together ask of a client.
    """
    copy = replace(spec, document=deepcopy(spec.document))
    for pointer, keyword, value, _ in list(keywords(copy.document)):
        if keyword == "enum" and (names := _member_names(value)):
            copy.value(pointer.rpartition("/")[0]).setdefault("x-enum-varnames", names)
        elif keyword == "responses" and pointer.startswith("/paths/"):
            operation = copy.value(pointer.rpartition("/")[0])
            operation.setdefault("security", copy.document.get("security", []))
    return copy.document


def _member_names(members: list[Any]) -> list[str]:
    """`PHONE_CALL_ACCEPTED` for `phone_call:accepted`, and so on; nothing where the generator's own names will do."""
    if not all(isinstance(member, str) for member in members) or all(map(_PLAIN.fullmatch, members)):
        return []
    names = [re.sub(r"\W+", "_", member, flags=re.ASCII).strip("_").upper() for member in members]
    return names if len(set(names)) == len(names) and all(map(str.isidentifier, names)) else []


def _lay_out_templates(folder: Path) -> Path:
    """Our templates of the client, with the generator's own below upstream/, which ours are edits of."""
    shutil.copytree(TEMPLATES / "client", folder)
    # Found without importing the package, for that takes as long as generating does.
    installed = distribution(CLIENT.distribution).locate_file(f"{CLIENT.module}/templates")
    shutil.copytree(str(installed), folder / "upstream")
    return folder


def _copy_modules(generator: Generator, package: Path) -> None:
    """Copies what is no template but a module as it stands."""
    for file in generator.template_files():
        if file.suffix == ".py":
            shutil.copy(file, package)


def _server(package: str, spec: Spec) -> str:
    """The module that says where the contract's server is, and which environment variables say otherwise."""
    prefix = package.removesuffix("_client").upper()
    return (
        f'"""The contract\'s server, and the environment variables that may name another, and the token."""\n\n'
        f"BASE_URL: str | None = {_base_url(spec)!r}\n"
        f"BASE_URL_VARIABLE = {f'{prefix}_BASE_URL'!r}\n"
        f"TOKEN_VARIABLE = {f'{prefix}_TOKEN'!r}\n"
    )


def _base_url(spec: Spec) -> str | None:
    """The URL of the spec's first server, its variables at their defaults; None without an absolute one."""
    server = next(iter(spec.document.get("servers") or [{"url": "/"}]))
    url = str(server["url"])
    for name, variable in server.get("variables", {}).items():
        url = url.replace(f"{{{name}}}", str(variable["default"]))
    return url.rstrip("/") if url.startswith(("https://", "http://")) else None


def _finish(package: Path) -> None:
    (package / "py.typed").touch()
    _format(package)
    _refuse(check_imports(package))


def _refuse(complaints: list[str]) -> None:
    if complaints:
        raise GenerationError("\n".join(complaints))


def _run(generator: Generator, spec: Spec, *arguments: str | Path) -> None:
    command = [sys.executable, "-P", "-m", generator.module, *map(str, arguments), *generator.options]
    environment = os.environ | {"NO_COLOR": "1", "COLUMNS": "1000", "_TYPER_STANDARD_TRACEBACK": "1"}
    try:
        subprocess.run(  # noqa: S603 - our own command, no shell
            command,
            check=True,
            capture_output=True,
            text=True,
            env=environment,
            stdin=subprocess.DEVNULL,
            timeout=TIMEOUT,
        )
    except subprocess.TimeoutExpired as error:
        message = f"{generator.distribution} was still at work after {TIMEOUT:.0f} s"
        raise GenerationError(message) from error
    except subprocess.CalledProcessError as error:
        raise GenerationError(_explain(generator, spec, error)) from error


def _explain(generator: Generator, spec: Spec, error: subprocess.CalledProcessError) -> str:
    """What a generator said when it failed, without its traceback, and the line of the spec that it speaks of."""
    output = f"{error.stdout}\n{error.stderr}".strip()
    said = output.rpartition("Traceback (most recent call last):")[2] if "Traceback" in output else output
    said = "\n".join(line for line in said.splitlines() if not _BOILERPLATE.search(line))
    lines = [line for line in said.splitlines() if line.strip() and not line.startswith("  ")]
    headline = f"{generator.distribution} cannot generate code from this spec (exit {error.returncode}):"
    problem = Problem(spec.place(_pointer_in(said, spec)), "\n    ".join([headline, *lines[-12:]]))
    return str(spec.error([problem]))


def _pointer_in(said: str, spec: Spec) -> str:
    """The first place in the spec that a generator's message mentions: a pointer, an operation, or a component."""
    pointers = [match.removeprefix("#").rstrip(".,:") for match in re.findall(r"#?/[\w~/.-]+", said)]
    operations = [
        f"/paths/{escape(path)}/{method.lower()}" for method, path in re.findall(r"\b([A-Z]+) (/[^\s:,]*)", said)
    ]
    names = set(_component_names(spec))
    components = [f"/components/schemas/{word}" for word in re.findall(r"\w+", said) if word in names]
    return next((pointer for pointer in [*operations, *pointers, *components] if pointer in spec.places), "")


def _component_names(spec: Spec) -> list[str]:
    prefix = "/components/schemas/"
    return [name for pointer in spec.places if (name := pointer.removeprefix(prefix)) != pointer and "/" not in name]


def _sha256(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()


def _version(spec: Spec) -> str:
    return f"__version__ = {str(spec.document['info']['version'])!r}\n"


def _format(folder: Path) -> None:
    for arguments in (_LINT, _FORMAT):
        command = [sys.executable, "-P", "-m", FORMATTER.module, *arguments, str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
        if done.returncode:
            message = f"{FORMATTER.distribution} cannot format the generated code:\n{done.stdout}{done.stderr}"
            raise GenerationError(message)


def _provenance(spec: Spec) -> dict[str, Any]:
    return {
        "spec": {"sha256": spec.sha256, "version": spec.document["info"]["version"]},
        "generators": [MODELS.provenance(), CLIENT.provenance()],
        "formatter": FORMATTER.provenance(),
    }
