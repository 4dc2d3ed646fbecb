"""Servers for documents with things, each of which forgets something."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from contract_tests.servers.answer import Answer
from contract_tests.servers.stateful import Stateful

if TYPE_CHECKING:
    from collections.abc import Mapping

    from contract_tests.contract.things import Things
    from contract_tests.servers.any_spec import AnySpec, Asked


class _StillFound(Stateful):
    def delete(self, things: Things, asked: Asked, identifier: str) -> Answer:
        kept = self.kept(things)[identifier]
        deleted = super().delete(things, asked, identifier)
        self.kept(things)[identifier] = kept
        return deleted


class _NeverFound(Stateful):
    def answer_about(self, things: Things, asked: Asked) -> Answer:
        if asked.operation == things.read:
            self.kept(things).clear()
        return super().answer_about(things, asked)


class _NotListed(Stateful):
    def list_all(self, things: Things, asked: Asked) -> Answer:
        listed = super().list_all(things, asked)
        return listed.with_body(listed.body[:-1])


class _NotUpdated(Stateful):
    def update(self, things: Things, asked: Asked, identifier: str) -> Answer:
        kept = self.kept(things)[identifier]
        updated = super().update(things, asked, identifier)
        self.kept(things)[identifier] = kept
        return updated


class _CrashesOverUnknown(Stateful):
    def answer_about(self, things: Things, asked: Asked) -> Answer:
        found = super().answer_about(things, asked)
        is_missed = asked.operation == things.delete and found.status == HTTPStatus.NOT_FOUND
        return Answer(500, {"detail": "oops"}) if is_missed else found


class _CrashesOverUpdates(Stateful):
    def update(self, things: Things, asked: Asked, identifier: str) -> Answer:  # noqa: ARG002 - as its parent has it
        return Answer(500, {"detail": "oops"})


class _RefusesToDelete(Stateful):
    def delete(self, things: Things, asked: Asked, identifier: str) -> Answer:  # noqa: ARG002 - as its parent has it
        return Answer(409, {"detail": "no"})


STATE_FAULTS: Final[Mapping[str, tuple[type[AnySpec], str]]] = {
    "what was deleted is still found": (_StillFound, "deleted_is_gone"),
    "what was created is not found": (_NeverFound, "created_is_found"),
    "what was created is not listed": (_NotListed, "created_is_listed"),
    "what was updated is as before": (_NotUpdated, "updated_is_kept"),
    "to delete what is not there crashes": (_CrashesOverUnknown, "not_a_server_error"),
    "to update crashes": (_CrashesOverUpdates, "not_a_server_error"),
    "to delete is refused": (_RefusesToDelete, "documented_request_accepted"),
}
"""The servers, by what they break, with the check that must catch each."""
