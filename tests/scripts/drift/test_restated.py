"""A spec that is written in another way, and means the same, has editorial changes alone."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.drift.classify import classify
from tests.scripts.drift.objects.test_changes import DOCUMENT, EDITS
from tests.scripts.drift.test_classify import read

if TYPE_CHECKING:
    from spec.json_value import Json

EDITORIAL: Final = [edit for edit in EDITS if edit.impact == "editorial"]


def reordered(value: Json, draw: st.DataObject) -> Json:
    """The value, with the keys of each object in another order."""
    if isinstance(value, list):
        return [reordered(item, draw) for item in value]
    if not isinstance(value, dict):
        return value
    keys = draw.draw(st.permutations(sorted(value)))
    return {key: reordered(value[key], draw) for key in keys}


@pytest.mark.slow
@given(st.lists(st.sampled_from(EDITORIAL), max_size=4, unique_by=lambda edit: edit.name), st.data())
def test_restating_in_any_order_is_editorial(edits: list[Any], data: st.DataObject) -> None:
    document = deepcopy(DOCUMENT)
    for edit in edits:
        try:
            edit.edit(document)
        except (AttributeError, KeyError, IndexError):  # what it restates was extracted or moved before
            continue
    spec = read(reordered(document, data))
    assert {change.impact for change in classify(read(DOCUMENT), spec)} <= {"editorial"}
    assert classify(spec, read(document)) == []
