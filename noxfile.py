"""The project's tasks. `nox -l` lists them; `nox` alone runs what CI runs."""

from pathlib import Path

import nox

nox.needs_version = ">=2026.10.20"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"

PYPROJECT = nox.project.load_toml("pyproject.toml")


def install(session: nox.Session, group: str) -> None:
    """Installs a dependency group in the versions that constraints.txt locks."""
    # As pip does: trust what the system trusts, and compile now what the first run would have to compile.
    session.env.update({"UV_SYSTEM_CERTS": "1", "UV_COMPILE_BYTECODE": "1"})
    session.install("-c", "constraints.txt", *nox.project.dependency_groups(PYPROJECT, group))
    session.env["PYTHONPATH"] = "generated"


@nox.session(default=False)
def generate(session: nox.Session) -> None:
    """Generate models and client from the spec; `-- --check` only compares."""
    install(session, "generate")
    session.run("python", "-m", "scripts.generate", *session.posargs)


@nox.session
def drift(session: nox.Session) -> None:
    """Judge the spec, generated/ and what a change breaks; `-- --base REF_OR_FILE`, `-- --help` tells more."""
    install(session, "drift")
    session.run("python", "-m", "scripts.redocly", silent=True)
    session.run("python", "-m", "scripts.drift", *session.posargs)


@nox.session
def contract(session: nox.Session) -> None:
    """Run the contract suite against the embedded mock, or `-- --url URL`; `-- --help` tells more."""
    install(session, "contract")
    # Hypothesis's plugin would import all of it at the end, only to find that no test was of Hypothesis.
    session.run("python", "-m", "pytest", "-p", "no:hypothesispytest", "contract_tests", *session.posargs)


@nox.session(default=False)
def mock(session: nox.Session) -> None:
    """Serve the mock until interrupted; `-- --port N`."""
    install(session, "mock")
    session.run("python", "-m", "contract_tests.servers", *session.posargs)


@nox.session(default=False)
def kills(session: nox.Session) -> None:
    """Run the suite against every broken server it must catch; `-- --sample 60`, `-- --stock`."""
    install(session, "contract")
    session.run("python", "-m", "contract_tests.kills", *session.posargs)


@nox.session(default=False)
def fidelity(session: nox.Session) -> None:
    """Hold models and client to the spec, and the gate to jsonschema-rs; `-- --examples N --pairs N`."""
    install(session, "fidelity")
    session.run("python", "-m", "scripts.fidelity", *session.posargs)


@nox.session(default=False)
def compare(session: nox.Session) -> None:
    """Set the client beside the vendor's SDK, which gets an environment of its own."""
    install(session, "fidelity")
    (sdk,) = nox.project.dependency_groups(PYPROJECT, "vendor-sdk")
    python = Path(session.create_tmp(), "vendor-sdk", "bin", "python").absolute()
    session.run("python", "-m", "venv", str(python.parents[1]))
    session.run(str(python), "-m", "pip", "install", "--quiet", sdk, external=True)
    options = ["--title", sdk.replace("==", " "), "--module", "voiceos.models", "--python", str(python)]
    session.run("python", "-m", "scripts.compare", *options, *session.posargs)


@nox.session(default=False)
def benchmark(session: nox.Session) -> None:
    """Time the suite beside plain Schemathesis, pair by pair; `-- --pairs N`."""
    install(session, "contract")
    session.run("python", "-m", "scripts.benchmark", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the project's own tests, as many at a time as there are cores; `-- -n 0` for one."""
    install(session, "tests")
    session.run("python", "-m", "scripts.redocly", silent=True)
    session.run("pytest", "-n", "auto", "--dist", "worksteal", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and types."""
    install(session, "lint")
    session.run("ruff", "check", *session.posargs)
    session.run("ruff", "format", "--check")
    session.run("mypy")


@nox.session(default=False)
def relock(session: nox.Session) -> None:
    """Write constraints.txt anew from pyproject.toml; `-- --upgrade` takes newer versions."""
    session.install("uv")
    groups = [argument for group in ("lint", "nox") for argument in ("--group", group)]
    options = ["--universal", "--no-emit-index-url", "--no-header", "--no-annotate", "--quiet"]
    session.run("uv", "pip", "compile", "pyproject.toml", *groups, *options, "-o", "constraints.txt", *session.posargs)
