"""The alternatives of strings and numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from contract_tests.contract.leeway import encoding_of
from contract_tests.plan.choices import Alternative
from contract_tests.plan.making import always
from contract_tests.plan.reading import SMALL
from contract_tests.plan.values import (
    FORMATTED,
    describe_value,
    encoded_texts,
    kinds_of_string,
    lengths_of,
    may_be_refused,
    numbers,
    texts_of,
    weight_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from contract_tests.plan.reading import Reading
    from contract_tests.plan.spot import Spot
    from spec.json_value import Json


def read_constants(reading: Reading, spot: Spot, values: Sequence[Json]) -> Iterator[Alternative]:
    """Each of the values that a keyword allows, as far as the effort goes."""
    most = reading.effort.members
    yield from (reading.constant(spot, describe_value(value), value) for value in values[:most])
    if (more := len(values) - most) > 0:
        reading.withhold(spot, f"{more} further members", "--thorough tries them")


def read_string(reading: Reading, spot: Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
    """The texts of a pattern, a format or an encoding; else each kind of string."""
    if "pattern" in schema:
        for name, text in texts_of(schema["pattern"], *lengths_of(schema)).items():
            yield reading.constant(spot.within("pattern"), name, text)
    elif schema.get("format") in FORMATTED:
        yield reading.constant(spot.within("format"), schema["format"], FORMATTED[schema["format"]])
    elif found := encoding_of(schema):
        keyword, encoding = found
        for text in encoded_texts(encoding, *lengths_of(schema)):
            yield reading.constant(spot.within(keyword), describe_value(text), text)
    else:
        yield from _kinds_of_string(reading, spot, schema)


def _kinds_of_string(reading: Reading, spot: Spot, schema: Mapping[str, Json]) -> Iterator[Alternative]:
    """Each kind of string, to be tried here, or once in the object or the body, in whichever of its strings."""
    whole = reading.medium.name if reading.medium else _short(spot.followed[0])
    places = {"place": spot.path, "object": _short(spot.owner), "body": whole}
    for name, scope, text in kinds_of_string(schema):
        exact = reading.choice(spot.path, name, f"{spot.pointer}/type")
        is_costly = len(text) > SMALL and not reading.effort.combines
        choice = replace(exact, place=places["body" if is_costly else scope])
        yield Alternative(choice, always(text), exact=exact, is_rare=len(text) > SMALL, weight=weight_of(text))


def read_number(reading: Reading, spot: Spot, schema: Mapping[str, Json], *, is_integer: bool) -> Iterator[Alternative]:
    """The numbers at the bounds, and others that servers read in different ways."""
    for name, (value, keyword) in numbers(schema, is_integer=is_integer).items():
        choice = reading.choice(spot.path, name, f"{spot.pointer}/{keyword}")
        is_rare = may_be_refused(value, is_integer=is_integer)
        yield Alternative(replace(choice, may_be_refused=is_rare), always(value), is_rare=is_rare)


def _short(pointer: str) -> str:
    return pointer.removeprefix("/components/schemas/")
