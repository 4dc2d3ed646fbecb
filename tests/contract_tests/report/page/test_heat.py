"""The heat map on the page."""

from __future__ import annotations

from contract_tests.report.page.heat import show_heat
from contract_tests.result.coverage import Factor, Pairs

PAIRS = Pairs(
    operation="POST /x",
    factors=(
        Factor(place="colour", values=("red", "blue")),
        Factor(place="size", values=("present", "absent")),
        Factor(place="shape", values=("round",)),
    ),
    met=("  +-+", "  +++", "++   ", "-+   ", "++   "),
)


def test_a_cell_tells_how_many_pairs_of_two_parts_met() -> None:
    heat = show_heat(PAIRS)
    cell = heat.rows[1].cells[0]
    assert (cell.met, cell.total, cell.percent, cell.level) == (3, 4, "75", 3)
    assert cell.words == "size and colour: 3 of 4 pairs met. Never together: size absent with colour red"


def test_parts_that_no_request_can_have_together_are_told_so() -> None:
    cell = show_heat(PAIRS).rows[2].cells[1]
    assert (cell.total, cell.percent, cell.words) == (0, "", "shape and size: no request can have both")


def test_a_map_of_very_many_parts_shows_the_first_and_says_so() -> None:
    factors = tuple(Factor(place=f"part {number}", values=("present",)) for number in range(75))
    heat = show_heat(Pairs(operation="POST /x", factors=factors, met=("+" * 75,) * 75))
    assert (len(heat.rows), heat.more_parts) == (60, 15)


def test_the_pairs_that_never_met_are_listed() -> None:
    heat = show_heat(PAIRS)
    assert (heat.met, heat.total, heat.missing) == (5, 6, ("size absent with colour red",))
