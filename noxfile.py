"""The project's tasks. `nox -l` lists them; `nox` alone runs what CI runs."""

import os
import re
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2026.10.20"
nox.options.default_venv_backend = "uv"  # pip takes no hashes from a file of constraints
nox.options.reuse_venv = "yes"

PYPROJECT = nox.project.load_toml("pyproject.toml")
LOCK = Path("constraints.txt")
LOCKED = dict(re.findall(r"(?m)^([\w-]+)==(\S+)", LOCK.read_text(encoding="utf-8")))


def take_tokens() -> dict[str, str]:
    """Takes the tokens of servers out of the environment, so that nothing sees them that installs or is installed.

    Their variables are the suite's own, and those that --token-env, VOICEOS_TOKEN_ENV or targets.toml name.
    """
    told = " ".join([*sys.argv, Path("contract_tests/targets.toml").read_text(encoding="utf-8")])
    named = {os.environ.get("VOICEOS_TOKEN_ENV"), *re.findall(r"token[-_]env[\s\"'=]+(\w+)", told)}
    taken = [name for name in os.environ if name in named or re.fullmatch(r"VOICEOS_(\w+_)?TOKEN", name)]
    return {name: os.environ.pop(name) for name in taken}


TOKENS = take_tokens()
"""For the sessions that talk to a server, or are one. No other process gets them."""


def install(session: nox.Session, group: str) -> None:
    """Installs a dependency group in the versions that constraints.txt locks, if their files have its hashes."""
    # As pip does: trust what the system trusts, and compile now what the first run would have to compile.
    session.env.update({"UV_SYSTEM_CERTS": "1", "UV_COMPILE_BYTECODE": "1"})
    session.env["PYTHONPATH"] = None  # a folder there could hold a module in place of an installed one
    needed = nox.project.dependency_groups(PYPROJECT, group)
    names = {name for each in needed for name in re.findall(r"^[\w-]+", each)}
    if unlocked := names - LOCKED.keys():
        session.error(f"{LOCK} does not lock {', '.join(sorted(unlocked))}; run `nox -s relock`")
    session.install("--require-hashes", "-c", str(LOCK), *(f"{name}=={LOCKED[name]}" for name in sorted(names)))


def install_with_generated(session: nox.Session, group: str) -> None:
    """Installs a dependency group and, as links, the generated packages. Nothing else in generated/ can be imported."""
    install(session, group)
    (site,) = Path(session.virtualenv.location).glob("lib/python*/site-packages")
    for package in ("voiceos_client", "voiceos_models"):
        target, link = Path("generated", package).absolute(), site / package
        if not link.is_symlink() or link.readlink() != target:  # another run may use it
            link.unlink(missing_ok=True)
            link.symlink_to(target)


def install_apart(session: nox.Session, group: str) -> Path:
    """Installs a group that has a lock of its own in an environment of its own; returns its Python."""
    python = Path(session.create_tmp(), group, "bin", "python").absolute()
    session.run("python", "-m", "venv", str(python.parents[1]))
    lock = ["--require-hashes", "-r", f"requirements/{group}.txt"]
    session.run(str(python), "-m", "pip", "install", "--quiet", *lock, external=True)
    return python


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
    install_with_generated(session, "contract")
    # Hypothesis's plugin would import all of it at the end, only to find that no test was of Hypothesis.
    session.run(
        "python",
        "-m",
        "pytest",
        "-p",
        "no:hypothesispytest",
        "contract_tests",
        "--started-by=nox -s contract --",  # for the commands that findings name
        *session.posargs,
        env=TOKENS,
    )


@nox.session(default=False)
def merge(session: nox.Session) -> None:
    """Make one report of those of a run's shards; `-- REPORT…`, `-- --help` tells more."""
    install_with_generated(session, "contract")
    session.run("python", "-m", "contract_tests.merge", *session.posargs)


@nox.session(default=False)
def proxy(session: nox.Session) -> None:
    """Stand between your application and a server, and judge what passes; `-- --url URL`, `-- --help` tells more."""
    install_with_generated(session, "contract")
    session.run(
        "python",
        "-m",
        "contract_tests.proxy",
        "--started-by=nox -s contract --",  # for the commands that findings name
        *session.posargs,
        interrupt_timeout=60,  # after Ctrl-C, it writes the reports
    )


@nox.session(default=False)
def mock(session: nox.Session) -> None:
    """Serve the mock until interrupted; `-- --port N`."""
    install_with_generated(session, "mock")
    session.run("python", "-m", "contract_tests.servers", *session.posargs, env=TOKENS)


@nox.session(default=False)
def docs(session: nox.Session) -> None:
    """Make the site of the reference, the guides and the last report in site/; `-- --help` tells more."""
    install(session, "docs")
    session.run("python", "-m", "scripts.redocly", silent=True)
    session.run("python", "-m", "scripts.docs", *session.posargs)


@nox.session(default=False)
def kills(session: nox.Session) -> None:
    """Run the suite against every broken server it must catch; `-- --sample 60`, `-- --curve`, `-- --stock`."""
    install_with_generated(session, "contract")
    session.run("python", "-m", "contract_tests.kills", *session.posargs)


@nox.session(default=False)
def fidelity(session: nox.Session) -> None:
    """Hold models and client to the spec and to one with every keyword, and the gate to jsonschema-rs; `-- --help`."""
    install_with_generated(session, "fidelity")
    session.run("python", "-m", "scripts.fidelity", *session.posargs)
    zoo, options = ("--spec", "tests/data/zoo/openapi.yaml"), session.posargs
    output = str(Path(session.create_tmp(), "zoo").absolute())
    session.run("python", "-m", "scripts.generate", *zoo, "--output", output)
    session.run("python", "-m", "scripts.fidelity", *zoo, *options, "--pairs=0", env={"PYTHONPATH": output})


@nox.session(default=False)
def compare(session: nox.Session) -> None:
    """Set the client beside the vendor's SDK, which gets an environment of its own."""
    install_with_generated(session, "fidelity")
    (sdk,) = nox.project.dependency_groups(PYPROJECT, "vendor-sdk")
    python = install_apart(session, "vendor-sdk")
    options = ["--title", sdk.replace("==", " "), "--module", "voiceos.models", "--python", str(python)]
    session.run("python", "-m", "scripts.compare", *options, *session.posargs)


@nox.session(default=False)
def benchmark(session: nox.Session) -> None:
    """Time the suite beside plain Schemathesis, pair by pair; `-- --help` tells more."""
    install_with_generated(session, "contract")
    session.run("python", "-m", "scripts.benchmark", *session.posargs)


@nox.session(default=False)
def load(session: nox.Session) -> None:
    """Put load on the mock with Locust, which gets an environment of its own; `-- --requests N`."""
    install_with_generated(session, "mock")
    locust = install_apart(session, "load").with_name("locust")
    session.run("python", "-m", "scripts.load", "--locust", str(locust), *session.posargs)


@nox.session(default=False)
def clients(session: nox.Session) -> None:
    """Make clients from the spec with the tools of others, and have each place a call with the mock."""
    install_with_generated(session, "clients")
    sdk, generator = install_apart(session, "vendor-sdk"), install_apart(session, "openapi-generator")
    options = ["--sdk-python", str(sdk), "--generator-python", str(generator)]
    session.run("python", "-m", "scripts.clients", *options, *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the project's own tests, as many at a time as there are cores; `-- -n 0` for one."""
    install_with_generated(session, "tests")
    session.run("python", "-m", "scripts.redocly", silent=True)
    if {"slow", "nightly"} & {*session.posargs}:
        # Where apt fails, the tests of the page are skipped, and say so; in CI they fail.
        session.run("python", "-m", "scripts.chromium", success_codes=[0, 1])
    session.run("pytest", "-n", "auto", "--dist", "worksteal", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and types."""
    install(session, "lint")
    session.run("ruff", "check", *session.posargs)
    session.run("ruff", "format", "--check")
    session.run("mypy")
    session.run("hadolint", "Containerfile")


@nox.session(default=False)
def picture(session: nox.Session) -> None:
    """Draw the README's picture of a report: that of a run against a server written in a hurry."""
    install_with_generated(session, "tests")
    session.run("python", "-m", "scripts.chromium")
    session.run("python", "-m", "tests.support.picture", *session.posargs)


@nox.session(default=False)
def build(session: nox.Session) -> None:
    """Build the wheel, with the locked build backend; `-- --directory FOLDER`, by default dist/."""
    install(session, "build")
    session.run("python", "-m", "hatchling", "build", "--target=wheel", *session.posargs)


@nox.session(default=False)
def relock(session: nox.Session) -> None:
    """Lock the versions and hashes in pyproject.toml anew; `-- --upgrade` takes newer versions."""
    install(session, "nox")
    form = ["--universal", "--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate", "--quiet"]
    locks = {
        str(LOCK): ["pyproject.toml", "--group=lint", "--group=nox"],
        "requirements/nox.txt": ["--group=nox", "-c", str(LOCK)],
        "requirements/mock.txt": ["--group=mock", "--group=build", "-c", str(LOCK)],
        "requirements/load.txt": ["--group=load"],
        "requirements/mitmproxy.txt": ["--group=mitmproxy"],
        "requirements/openapi-generator.txt": ["--group=openapi-generator"],
        "requirements/vendor-sdk.txt": ["--group=vendor-sdk"],
    }
    for file, what in locks.items():
        session.run("uv", "pip", "compile", *what, *form, "-o", file, *session.posargs)
