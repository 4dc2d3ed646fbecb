"""The version of OpenAPI that a document is written in. Every session reads 3.1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from spec.reader import Problem, Spec

_READ: Final = "3.1."
_UPGRADABLE: Final = ("2.", "3.0.")


def find_version_problems(spec: Spec) -> list[Problem]:
    """The problem that a document is of another version, with the command that upgrades an older one; else nothing.

    OpenAPI 3.0 writes a null as `nullable`, which is no keyword in 3.1: read as 3.1, it would mean something else.
    """
    key = "swagger" if "swagger" in spec.document else "openapi"
    version = str(spec.document.get(key, ""))
    if version.startswith(_READ):
        return []
    message = "is not an OpenAPI 3.1 document"
    if version.startswith(_UPGRADABLE):
        message += f"; upgrade it: npx @scalar/cli document upgrade {spec.path} --output {spec.path}"
    return [spec.problem(f"/{key}", message)]
