"""The header fields of the parts of multipart bodies, as Encoding Objects state them (OpenAPI 3.1, section 4.8.15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from contract_tests.contract.keywords import Breach, find_breaches
from contract_tests.contract.media_types import fits
from contract_tests.contract.parameter_text import text_of
from contract_tests.contract.typed_texts import UNREADABLE
from spec.reader import pointer_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contract_tests.contract.form_fields import FormField, PartHeader
    from contract_tests.contract.multipart import Part
    from contract_tests.contract.typed_texts import Schemas, TypedTexts

DISPOSITION: Final = "content-disposition"
"""The header field that every part has: it names the part."""
_EXAMPLES: Final = {"integer": "1", "number": "1", "boolean": "true"}
"""Values of header fields, by their types."""


class PartHeaders:
    """Makes and judges header fields of parts."""

    def __init__(self, contract: Schemas, texts: TypedTexts) -> None:
        self._contract = contract
        self._texts = texts

    def make(self, field: FormField) -> Iterator[tuple[str, str]]:
        """Yields the fields that a part must have, with values that the spec allows.

        Raises:
            LookupError: no value is known for one.
        """
        for header in field.headers:
            if header.is_required and header.name.lower() != DISPOSITION:
                yield header.name, self._value(header)

    def breaches(self, field: FormField, part: Part) -> Iterator[Breach]:
        """Yields the statements that a part's header fields break. A part that names no media type breaks none."""
        place, media_type = pointer_of([field.parameter.name]), part.media_type
        if media_type and field.encoded_as and not any(fits(each, media_type) for each in field.encoded_as):
            told = f"the part has the Content-Type {media_type}, not {' or '.join(field.encoded_as)}"
            yield Breach(f"{field.encoding}/contentType", place, told)
        sent = {name.lower(): value for name, value in part.headers} | {DISPOSITION: part.disposition or ""}
        for header in field.headers:
            if (text := sent.get(header.name.lower())) is not None:
                yield from self._breaches(header, place, text)
            elif header.is_required:
                yield Breach(f"{header.pointer}/required", place, f"the part lacks the header field {header.name}")

    def _breaches(self, header: PartHeader, place: str, text: str) -> Iterator[Breach]:
        value = self._texts.scalar(text, header.schema)
        if header.schema and value is not UNREADABLE:
            for breach in find_breaches(self._contract.validator(header.schema), value):
                told = f"the header field {header.name} of the part is wrong: {breach.message}"
                yield Breach(breach.pointer, place, told)

    def _value(self, header: PartHeader) -> str:
        definition = self._contract.value(header.pointer)
        schema = self._contract.value(header.schema) if header.schema else {}
        suggested = [each["example"] for each in (definition, schema) if "example" in each]
        suggested += [*schema.get("enum", ()), *([schema["default"]] if "default" in schema else [])]
        kinds = sorted(self._texts.kinds(header.schema))
        texts = [*map(text_of, suggested), *(_EXAMPLES[kind] for kind in kinds if kind in _EXAMPLES), "text"]
        fitting = (text for text in texts if not any(self._breaches(header, "", text)))
        if (text := next(fitting, None)) is None:
            raise LookupError(header.name)
        return text
