"""The order of the site's pages."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "Start": ("README.md", "docs/tutorial.md", "docs/why.md"),
    "Test servers": (
        *("docs/test-a-server.md", "docs/test-staging-safely.md", "docs/in-ci.md"),
        *("docs/recordings.md", "docs/clusters.md", "docs/proxy.md"),
    ),
    "Write code": (
        *("docs/mock.md", "docs/client.md", "docs/test-your-own-code.md", "docs/typescript.md"),
        *("examples/README.md", "examples/consumer/README.md"),
        *("examples/server/README.md", "examples/nightly/README.md"),
    ),
    "Change the contract": ("docs/change-the-spec.md", "docs/generated-code.md", "spec/CHANGELOG.md"),
    "Look up": ("docs/options.md", "docs/checks.md"),
    "The project": ("docs/threats.md", "SECURITY.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"),
}
"""The Markdown files of each section, by their paths in the repository. A test finds a guide that stands in none."""
REFERENCE: Final = "reference.html"
REPORT: Final = "contract-report/index.html"
"""The last report, in the repository and in the site alike."""


def site_path(source: str) -> str:
    """The path in the site of a file of the repository.

    >>> site_path("docs/client.md"), site_path("README.md"), site_path("spec/openapi.yaml")
    ('docs/client.html', 'index.html', 'spec/openapi.yaml')
    """
    if source == "README.md":
        return "index.html"
    path = PurePosixPath(source)
    return str(path.with_suffix(".html") if path.suffix == ".md" else path)
