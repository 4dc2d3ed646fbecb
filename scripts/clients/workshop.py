"""The workshop in which clients are made and run: a folder with their programs, and the tools of others."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from scripts.environment import tool_environment
from scripts.redocly.installation import install_locked
from scripts.redocly.node import node_folder
from scripts.serving_mock import TOKEN
from spec.paths import ROOT, SPEC

if TYPE_CHECKING:
    from collections.abc import Callable

_PROGRAMS: Final = Path(__file__).with_name("programs")
_LOCKED: Final = ROOT / "requirements" / "clients"
_TIMEOUT: Final = 300.0
_TSC: Final = (
    *("node_modules/typescript/bin/tsc", "--strict", "--target", "es2022", "--lib", "es2022,dom,dom.iterable"),
    *("--module", "node16", "--moduleResolution", "node16", "--resolveJsonModule", "--esModuleInterop"),
    *("--skipLibCheck", "--outDir", "out"),
)


class UnavailableError(Exception):
    """A client cannot be tried here. `str()` says why."""


class BrokenError(Exception):
    """A client cannot be made, or its program fails. `str()` says why."""


class Workshop(NamedTuple):
    """The places of what clients need."""

    folder: Path
    url: str
    """The mock's."""
    sdk_python: str
    """The Python interpreter that has the vendor's SDK."""
    generator_python: str
    """The one that has openapi-generator, and what its clients need."""

    def run(self, *command: str) -> str:
        """The output of a command in the folder. Raises BrokenError if it fails."""
        environment = tool_environment(
            VOICEOS_BASE_URL=self.url, VOICEOS_TOKEN=TOKEN, SPEC=str(SPEC), NO_PROXY="*", PYTHONPATH=""
        )
        done = subprocess.run(  # noqa: S603 - our own commands
            command,
            check=False,
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT,
        )
        if done.returncode:
            said = (done.stderr.strip() or done.stdout.strip()).splitlines() or ["it printed nothing"]
            raise BrokenError(f"{Path(command[0]).name} {command[1]} failed: {said[-1]}")
        return done.stdout

    def run_node(self, script: str, *arguments: str) -> str:
        """The output of a script of Node.js. Raises BrokenError if it fails."""
        return self.run(str(node_folder() / "bin" / "node"), script, *arguments)

    def run_typescript(self, name: str) -> str:
        """The output of a program in TypeScript, once its types are checked. Raises BrokenError if it fails."""
        self.run_node(*_TSC, f"{name}.ts")
        return self.run_node(f"out/{name}.js")


class Client(NamedTuple):
    """A client: how it is made and run in a workshop."""

    title: str
    run: Callable[[Workshop], str]
    """Makes the client and runs its program; gives the program's output. Raises UnavailableError and BrokenError."""


def equip(folder: Path) -> None:
    """Puts the programs and the locked tools into a folder. Raises RedoclyError if npm fails."""
    install_locked(_LOCKED, folder)
    shutil.copytree(_PROGRAMS, folder, dirs_exist_ok=True)


def _run_sdk(workshop: Workshop) -> str:
    return workshop.run(workshop.sdk_python, "-W", "ignore", "openapi_generator.py", "voiceos")


def _run_openapi_fetch(workshop: Workshop) -> str:
    options = ("--default-non-nullable=false", "--output", "voiceos.d.ts")
    workshop.run_node("node_modules/openapi-typescript/bin/cli.js", str(SPEC), *options)
    return workshop.run_typescript("openapi_fetch")


def _run_hey_api(workshop: Workshop) -> str:
    options = ("-i", str(SPEC), "-o", "heyapi", "-c", "@hey-api/client-fetch")
    workshop.run_node("node_modules/@hey-api/openapi-ts/bin/run.js", *options)
    return workshop.run_typescript("hey_api")


def _run_orval(workshop: Workshop) -> str:
    workshop.run_node("node_modules/orval/dist/bin/orval.mjs", "--config", "orval.config.cjs")
    return workshop.run_typescript("orval_zod")


def _run_openapi_generator(workshop: Workshop) -> str:
    if not shutil.which("java"):
        raise UnavailableError("it needs Java, which is not installed here and is no package of Python")
    package = "made_by_openapi_generator"
    options = ("-i", str(SPEC), "-g", "python", "-o", ".", "--package-name", package)
    generator = str(Path(workshop.generator_python).with_name("openapi-generator-cli"))
    workshop.run(generator, "generate", *options)
    return workshop.run(workshop.generator_python, "-W", "ignore", "openapi_generator.py", package)


CLIENTS: Final = (
    Client("voiceos 0.8.1.3, the vendor's SDK", _run_sdk),
    Client("openapi-typescript and openapi-fetch", _run_openapi_fetch),
    Client("@hey-api/openapi-ts", _run_hey_api),
    Client("orval with zod", _run_orval),
    Client("openapi-generator for Python", _run_openapi_generator),
)
"""All clients, in the order of the table."""
