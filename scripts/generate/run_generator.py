"""A run of a generator or the formatter, each in a process of its own, and its failure in words."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from scripts.environment import tool_environment
from scripts.generate.client_names import generator_path
from scripts.generate.generators import FORMAT, FORMATTER, LINT
from scripts.generate.largest_part import explain_slowness
from scripts.processor_time import EXCEEDED, describe_limit, limited
from spec.reader import Problem, escape

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scripts.generate.generators import Generator
    from spec.reader import Spec

TIMEOUT: Final = 120.0
"""The longest time that one generator may take, in seconds."""
_UNFINISHED: Final = "Failed to converge"
"""Part of ruff's message after 100 rounds. Each removes one import of a function."""
_UTF8: Final = ("-X", "utf8")
"""Python's option for UTF-8 in every file that a generator reads or writes, whatever the locale."""
# Lines of openapi-python-client that say nothing about the error.
_UNTOLD: Final = re.compile(r"<openapi_python_client\S*UntrustedString object at 0x\w+>")
_BOILERPLATE: Final = re.compile(r"If you believe|please open an issue|^Generating |^[{}\s]*$", re.IGNORECASE)


class GenerationError(Exception):
    """No code could be generated. `str()` is the whole message for the user."""


def run_generator(generator: Generator, spec: Spec, *arguments: str | Path) -> None:
    """Runs a generator with its options and these arguments.

    Raises:
        GenerationError: it failed, or took longer than LIMIT of processor time, or than TIMEOUT.
    """
    program = [str(generator.script)] if generator.script else ["-m", generator.module]
    command = [sys.executable, *_UTF8, "-I", *program, *map(str, arguments), *generator.options]
    environment = tool_environment(NO_COLOR="1", COLUMNS="1000", _TYPER_STANDARD_TRACEBACK="1")
    try:
        subprocess.run(  # noqa: S603 - our own command, no shell
            limited(command),
            check=True,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            env=environment,
            stdin=subprocess.DEVNULL,
            timeout=TIMEOUT,
        )
    except subprocess.TimeoutExpired as error:
        raise GenerationError(explain_slowness(spec, generator.distribution, f"{TIMEOUT:.0f} s")) from error
    except subprocess.CalledProcessError as error:
        if error.returncode == EXCEEDED:
            raise GenerationError(explain_slowness(spec, generator.distribution, describe_limit())) from error
        raise GenerationError(explain(generator, spec, error)) from error


def format_code(folder: Path) -> None:
    """Sorts imports, removes unused ones, and lays out the code of a folder.

    Raises:
        GenerationError: the formatter failed.
    """
    while _UNFINISHED in _run_formatter(LINT, folder):
        pass
    _run_formatter(FORMAT, folder)


def _run_formatter(arguments: Sequence[str], folder: Path) -> str:
    """Runs the formatter on a folder, and returns its messages."""
    command = [sys.executable, *_UTF8, "-I", "-m", FORMATTER.module, *arguments, str(folder)]
    done = subprocess.run(  # noqa: S603 - our own command
        command, capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    if done.returncode:
        message = f"{FORMATTER.distribution} cannot format the generated code:\n{done.stdout}{done.stderr}"
        raise GenerationError(message)
    return done.stderr


def explain(generator: Generator, spec: Spec, error: subprocess.CalledProcessError) -> str:
    """The last words of a generator that failed, without its traceback, at the line of the spec that they name."""
    if problems := _reported(spec, error.stdout):
        return str(spec.error(problems))
    output = f"{error.stdout}\n{error.stderr}".strip()
    said = output.rpartition("Traceback (most recent call last):")[2] if "Traceback" in output else output
    said = "\n".join(line for line in said.splitlines() if not _BOILERPLATE.search(line))
    lines = [line for line in said.splitlines() if line.strip() and not line.startswith("  ")]
    headline = f"{generator.distribution} cannot generate code from this spec (exit {error.returncode}):"
    problem = Problem(spec.place(_pointer_in(said, spec)), "\n    ".join([headline, *lines[-12:]]))
    return str(spec.error([problem]))


def _reported(spec: Spec, output: str) -> list[Problem]:
    """The problems that `client_generator.py` reports, each with its place; none if it came to no report."""
    try:
        errors = json.loads(output.strip().rpartition("\n")[2])
    except ValueError:
        return []
    said = [(error["place"], _UNTOLD.sub("a name", error["message"])) for error in errors]
    return [
        spec.problem(place or _pointer_in(text, spec), f"the client cannot be generated: {text}")
        for place, text in said
    ]


def _pointer_in(said: str, spec: Spec) -> str:
    """The first pointer, operation or component of the spec that a generator's message names."""
    pointers = [match.removeprefix("#").rstrip(".,:") for match in re.findall(r"#?/[\w~/.-]+", said)]
    paths = {generator_path(path): path for path in spec.document.get("paths", {})}
    operations = [
        f"/paths/{escape(paths.get(path, path))}/{method.lower()}"
        for method, path in re.findall(r"\b([A-Z]+) (/[^\s:,]*)", said)
    ]
    names = set(_component_names(spec))
    components = [f"/components/schemas/{word}" for word in re.findall(r"\w+", said) if word in names]
    return next((pointer for pointer in [*operations, *pointers, *components] if pointer in spec.places), "")


def _component_names(spec: Spec) -> list[str]:
    prefix = "/components/schemas/"
    return [name for pointer in spec.places if (name := pointer.removeprefix(prefix)) != pointer and "/" not in name]
