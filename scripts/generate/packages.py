"""The packages that are generated from a spec: the models, the client, and the record of their provenance.

The output depends on the spec, the generators' versions and their options, and on nothing else.
"""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import distribution
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from scripts.generate.client_input import client_input
from scripts.generate.generated_code import check_code, check_imports
from scripts.generate.generators import CLIENT, FORMATTER, HEADER, JSON_TYPES, MODELS, OPTIONAL, TEMPLATES, Generator
from scripts.generate.held import held_document
from scripts.generate.models_input import models_input
from scripts.generate.python_source import public_names
from scripts.generate.run_generator import GenerationError, format_code, run_generator
from scripts.generate.server_module import server_module
from scripts.generate.soundness import find_mistakes

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.generate.client_input import ClientInput
    from spec.reader import Problem, Spec

_HINT: Final = "`nox -s generate -- --allow-missing` puts a function in its place that says so"


def generate_into(folder: Path, spec: Spec, scratch: Path, *, allow_missing: bool = False) -> None:
    """Generates the models and the client into an empty folder, side by side. `scratch` takes temporary files.

    With `allow_missing`, stubs stand for the operations that the client cannot have.

    Raises:
        SpecError: the spec is unsafe or no valid OpenAPI 3.1, or has an operation that the client cannot have. No
            generator has seen it.
        GenerationError: a generator failed, or its code is refused or cannot be imported.
        OSError: the disk is full, or a folder cannot be written.
    """
    if problems := find_mistakes(spec):
        raise spec.error(problems)
    made = client_input(spec)
    if problems := made.refused or ([] if allow_missing else _with_hints(made.missing)):
        raise spec.error(problems)
    source = scratch / "openapi.yaml"  # a copy, for the user's file may change while the generators run
    source.write_bytes(spec.text.encode())
    with ThreadPoolExecutor() as pool:
        packages = (
            pool.submit(_make_models, folder / "voiceos_models", spec, source),
            pool.submit(_make_client, folder / "voiceos_client", spec, source, made),
        )
    failures = [error for package in packages if (error := package.exception())]
    if failures:
        raise GenerationError("\n".join(map(str, failures)))
    (folder / "provenance.json").write_text(json.dumps(_provenance(spec), indent=2) + "\n", "utf-8")


def find_left_out(spec: Spec) -> list[Problem]:
    """The statements of a sound spec that the models do not hold, and the parts of operations that the client lacks."""
    made = client_input(spec)
    unheld = dict.fromkeys(one.problem(spec) for one in held_document(spec)[1])
    return [*unheld, *made.missing.values(), *made.notes]


def _make_models(package: Path, spec: Spec, source: Path) -> None:
    package.mkdir(parents=True)
    made = models_input(held_document(spec)[0])
    document = source.with_name("models.json")
    document.write_text(json.dumps(made.document), "utf-8")
    overrides = json.dumps(dict.fromkeys(JSON_TYPES, ".json_types") | made.imports())
    options = ("--input", document, "--output", package / "models.py", "--import-overrides", overrides)
    if made.document["components"]["schemas"]:
        run_generator(MODELS, spec, *options)
    else:  # an error, to the generator
        (package / "models.py").write_text(f'{HEADER}\n"""The contract names no schema."""\n', "utf-8")
    _refuse(check_code(package))
    if made.types:
        (package / "spec_types.py").write_text(made.module(), "utf-8")
    _copy_modules(MODELS, package)
    names = public_names(package / "models.py")
    imports = f"from .models import {', '.join(names)}" if names else ""
    (package / "__init__.py").write_text(
        f'{HEADER}\n"""The contract\'s schemas as Pydantic models, strict: they accept what the spec accepts."""\n\n'
        f"{imports}\n\n{_version(spec)}\n__all__ = {names!r}\n",
        "utf-8",
    )
    _finish(package)


def _with_hints(missing: dict[str, Problem]) -> list[Problem]:
    return [replace(one, message=f"{one.message}. {_HINT}") for one in missing.values()]


def _make_client(package: Path, spec: Spec, source: Path, made: ClientInput) -> None:
    config = source.with_name("client.json")
    config.write_text(json.dumps(CLIENT.config | {"content_type_overrides": made.media_types}), "utf-8")
    document = source.with_name("document.json")
    document.write_text(json.dumps(made.document), "utf-8")
    run_generator(CLIENT, spec, document, package, config, _lay_out_templates(source.with_name("templates")))
    (package / "server.py").write_text(server_module(package.name, spec), "utf-8")
    _refuse(check_code(package))
    _copy_modules(CLIENT, package)
    with (package / "__init__.py").open("a", encoding="utf-8") as file:
        file.write(f"\n{_version(spec)}")
    _finish(package)


def _lay_out_templates(folder: Path) -> Path:
    """Copies our templates of the client, and the generator's own, which ours extend, into upstream/."""
    shutil.copytree(TEMPLATES / "client", folder)
    # Importing the package to find them would take as long as generating.
    installed = distribution(CLIENT.distribution).locate_file(f"{CLIENT.module}/templates")
    shutil.copytree(str(installed), folder / "upstream")
    return folder


def _copy_modules(generator: Generator, package: Path) -> None:
    """Copies the modules among a generator's templates into its package."""
    for file in generator.template_files():
        if file.suffix == ".py":
            shutil.copy(file, package)


def _finish(package: Path) -> None:
    (package / "py.typed").touch()
    format_code(package)
    _remove_unused(package)
    _refuse(check_imports(package))


def _remove_unused(package: Path) -> None:
    """Removes the modules that some specs need, if no other module imports them."""
    sources = [file.read_text("utf-8") for file in package.rglob("*.py")]
    for file in map(package.joinpath, OPTIONAL):
        if not any(f".{file.stem} import" in source for source in sources):
            file.unlink(missing_ok=True)


def _refuse(complaints: list[str]) -> None:
    if complaints:
        raise GenerationError("\n".join(complaints))


def _version(spec: Spec) -> str:
    return f"__version__ = {str(spec.document['info']['version'])!r}\n"


def _provenance(spec: Spec) -> dict[str, Any]:
    return {
        "spec": {"sha256": spec.sha256, "version": spec.document["info"]["version"]},
        "generators": [MODELS.provenance(), CLIENT.provenance()],
        "formatter": FORMATTER.provenance(),
    }
