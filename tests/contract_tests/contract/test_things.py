"""Things that operations create, and the operations about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.exchanges import write_contract
from tests.support.zoo_runs import ZOO, contract_of

if TYPE_CHECKING:
    from pathlib import Path

    from contract_tests.contract.contract import Contract

TEXT = (ZOO / "things.yaml").read_text()


def test_the_operations_about_things_are_found() -> None:
    (things,) = contract_of("things").things
    assert (things.path, things.field, things.is_stated) == ("/things/{thing_id}", "id", True)
    assert [each.label for each in things.operations] == [
        "POST /things",
        "GET /things/{thing_id}",
        "GET /things",
        "PATCH /things/{thing_id}",
        "DELETE /things/{thing_id}",
    ]


def test_what_is_created_and_read_elsewhere_is_a_thing_too(contract: Contract) -> None:
    (things,) = contract.things
    assert (things.path, things.list, things.updates, things.delete) == ("/conversations/{id}", None, (), None)


def test_an_id_that_is_not_written_plainly_leads_to_no_thing(tmp_path: Path) -> None:
    text = TEXT.replace("in: path, required: true,", "in: path, required: true, style: label,")
    assert write_contract(tmp_path, text).things == ()


def test_operations_about_the_same_things_are_one_group(tmp_path: Path) -> None:
    other = "  /others:\n    get:\n      responses: {'200': {description: A.}}\ncomponents:\n"
    contract = write_contract(tmp_path, TEXT.replace("components:\n", other, 1))
    assert set(contract.groups.values()) == {0, 5}
    assert [label for label, group in contract.groups.items() if group == 5] == ["GET /others"]


def test_things_whose_paths_end_in_an_extension_are_found_too(tmp_path: Path) -> None:
    by_names = TEXT[: TEXT.index("          links:")] + TEXT[TEXT.index("        '401'") :]
    for text in (TEXT, by_names):
        paths = text.replace("  /things:", "  /things.json:").replace(
            "  /things/{thing_id}:", "  /things/{thing_id}.json:"
        )
        contract = write_contract(tmp_path, paths)
        (things,) = contract.things
        assert (things.path, len(things.operations)) == ("/things/{thing_id}.json", 5)
        assert all(link.creates for link in contract.links)
