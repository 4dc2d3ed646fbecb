"""The packages that are generated from a spec: the models, the client, and the record of their provenance.

The output depends on the spec, the generators' versions and their options, and on nothing else.
"""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import distribution
from typing import TYPE_CHECKING, Any

from scripts.generate.client_input import client_document, server_module
from scripts.generate.generated_code import check_code, check_imports
from scripts.generate.generators import CLIENT, FORMATTER, HEADER, MODELS, TEMPLATES, Generator
from scripts.generate.python_source import public_names
from scripts.generate.run_generator import GenerationError, format_code, run_generator
from scripts.generate.soundness import find_invalid, find_unsafe

if TYPE_CHECKING:
    from pathlib import Path

    from spec.reader import Spec


def generate_into(folder: Path, spec: Spec, scratch: Path) -> None:
    """Generates the models and the client into an empty folder, side by side. `scratch` takes temporary files.

    Raises:
        SpecError: the spec is unsafe or no valid OpenAPI 3.1. No generator has seen it.
        GenerationError: a generator failed, or its code is refused or cannot be imported.
        OSError: the disk is full, or a folder cannot be written.
    """
    if problems := find_unsafe(spec) or find_invalid(spec):
        raise spec.error(problems)
    source = scratch / "openapi.yaml"  # a copy, for the user's file may change while the generators run
    source.write_bytes(spec.text.encode())
    with ThreadPoolExecutor() as pool:
        packages = (
            pool.submit(_make_models, folder / "voiceos_models", spec, source),
            pool.submit(_make_client, folder / "voiceos_client", spec, source),
        )
    failures = [error for package in packages if (error := package.exception())]
    if failures:
        raise GenerationError("\n".join(map(str, failures)))
    (folder / "provenance.json").write_text(json.dumps(_provenance(spec), indent=2) + "\n", "utf-8")


def _make_models(package: Path, spec: Spec, source: Path) -> None:
    package.mkdir(parents=True)
    run_generator(MODELS, spec, "--input", source, "--output", package / "models.py")
    _refuse(check_code(package))
    _copy_modules(MODELS, package)
    names = public_names(package / "models.py")
    (package / "__init__.py").write_text(
        f'{HEADER}\n"""The contract\'s schemas as Pydantic models, strict: they accept what the spec accepts."""\n\n'
        f"from .models import {', '.join(names)}\n\n{_version(spec)}\n__all__ = {names!r}\n",
        "utf-8",
    )
    _finish(package)


def _make_client(package: Path, spec: Spec, source: Path) -> None:
    config = source.with_name("client.json")
    config.write_text(json.dumps(CLIENT.config), "utf-8")
    document = source.with_name("document.json")
    document.write_text(json.dumps(client_document(spec)), "utf-8")
    templates = _lay_out_templates(source.with_name("templates"))
    options = ("--path", document, "--output-path", package, "--config", config, "--custom-template-path", templates)
    run_generator(CLIENT, spec, "generate", *options)
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
    _refuse(check_imports(package))


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
