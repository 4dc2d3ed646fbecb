"""Paths of requests, matched with the spec's templates."""

from __future__ import annotations

import pytest

from contract_tests.contract.operations import Operation
from contract_tests.contract.paths import Paths, path_values


def operation(method: str, path: str) -> Operation:
    return Operation(method, path, "", None, {})


PATHS = Paths(
    [
        operation("GET", "/orders/{id}"),
        operation("DELETE", "/orders/{id}"),
        operation("GET", "/orders/open"),
        operation("GET", "/{kind}/open"),
        operation("GET", "/orders/{id}/items/{number}.json"),
        operation("GET", "/a.b"),
    ]
)


@pytest.mark.parametrize(
    ("path", "labels"),
    [
        ("/orders/7", ["GET /orders/{id}", "DELETE /orders/{id}"]),
        ("/orders/a%2Fb", ["GET /orders/{id}", "DELETE /orders/{id}"]),
        ("/orders/open", ["GET /orders/open"]),
        ("/calls/open", ["GET /{kind}/open"]),
        ("/orders/7/items/1.json", ["GET /orders/{id}/items/{number}.json"]),
        ("/orders/", []),
        ("/orders/7/8", []),
        ("/orders/7/", []),
        ("/a-b", []),
        ("", []),
    ],
)
def test_operations_are_found_at_a_path(path: str, labels: list[str]) -> None:
    assert [found.label for found in PATHS.at(path)] == labels


def test_an_operation_is_found_by_its_method() -> None:
    found = PATHS.find("DELETE", "/orders/7")
    assert found
    assert found.label == "DELETE /orders/{id}"
    assert PATHS.find("POST", "/orders/7") is None


def test_a_path_that_is_written_out_has_no_methods_of_the_one_with_variables() -> None:
    assert PATHS.find("DELETE", "/orders/open") is None


def test_a_method_of_another_template_that_fits_is_known() -> None:
    assert PATHS.has_another("DELETE", "/orders/open")
    assert not PATHS.has_another("DELETE", "/calls/open")


@pytest.mark.parametrize(
    ("template", "path", "values"),
    [
        ("/a/{x}", "/a/b", {"x": "b"}),
        ("/a/{x}-{y}.json", "/a/b-c-d.json", {"x": "b", "y": "c-d"}),
        ("/a/{x}{y}", "/a/bcd", {"x": "b", "y": "cd"}),
        ("/{x}/{y}", "/b", {}),
        ("/a/{x/y}", "/a/b", {"x/y": "b"}),
    ],
)
def test_the_variables_of_a_path_are_read(template: str, path: str, values: dict[str, str]) -> None:
    assert path_values(template, path) == values


@pytest.mark.parametrize("separator", ["", "a", "-"])
def test_a_template_of_many_variables_is_matched_before_a_search_of_all_cuts_would_end(separator: str) -> None:
    template = "/" + separator.join(f"{{v{number}}}" for number in range(100)) + "!"
    assert not path_values(template, "/" + (separator or "x") * 400)
