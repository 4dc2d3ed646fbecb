"""Takes secrets out of all that is shown: the token in whichever writing, and the numbers that have an alias.

Of a token, any run of 8 characters is a secret. It is found in plain, in other case, backwards, in characters that look
like it, in escapes of URLs, JSON and HTML, in base64 at any offset, in hexadecimal digits and decimal numbers, in one
encoding within another, and in parts with other characters between them. The time grows with the length of the text
alone.

A token, or a run of it, that is a word of the spec stands in many texts that tell no secret. Such a run is shown; and
if there is no other, the token is masked only where it is a whole word, or stands after `Bearer`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from contract_tests.exchange.exchange import MASKED
from contract_tests.exchange.views import (
    Plain,
    base64_within,
    characters_of_base64,
    decoded_views,
    letters_and_digits,
    undo_escapes,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from contract_tests.exchange.headers import Field
    from contract_tests.exchange.views import View

_RUN: Final = 8
"""How many characters of a token tell enough of it to be a secret, too."""
_BLOCK: Final = 4
"""Of a text in blocks of 4 characters, any run of 8 has a whole block in it."""
_MANY: Final = 2000
"""How many runs are each looked for in the words, and not in a set of all their runs."""
_REMEMBERED: Final = {4 * 1024: 1024, 256 * 1024: 16}
"""How many texts are remembered, by how long they are, in bytes: a server says most things many times."""

Span = tuple[int, int]


class Runs(Struct, frozen=True, dict=True):
    """Runs of 8 characters that are secret."""

    runs: frozenset[bytes]

    def spans(self, text: bytes) -> Iterator[Span]:
        """Where runs stand in a text in lower case; of those that overlap, all together."""
        blocks, known = memoryview(text[: len(text) // _BLOCK * _BLOCK]).cast("I").tolist(), self._blocks
        if known.isdisjoint(blocks):
            return
        begins = bytearray(len(text))
        for index in [index for index, block in enumerate(blocks) if block in known]:
            self._mark(text, index * _BLOCK, begins)
        yield from ((found.start(), found.end() - 1 + _RUN) for found in re.finditer(rb"\x01+", begins))

    def _mark(self, text: bytes, at: int, begins: bytearray) -> None:
        """Marks where a run begins that has the block at a place in it."""
        for first in range(max(0, at + _BLOCK - _RUN), at + 1):
            if text[first : first + _RUN] in self.runs:
                begins[first] = 1

    @cached_property
    def _blocks(self) -> frozenset[int]:
        """All blocks of all runs, each as a number."""
        joined = b"".join(self.runs)
        shifted = (memoryview((joined + bytes(_RUN))[first:][: len(joined)]) for first in range(_RUN - _BLOCK + 1))
        return frozenset().union(*(each.cast("I")[:: _RUN // _BLOCK].tolist() for each in shifted))


@dataclass(frozen=True)
class Mask:
    """The tokens and the numbers to take out, by their aliases. `words` is a text whose words are no secrets.

    >>> Mask(["correct-horse-battery"]).hide_text(r'{"echo": "CORRECT%2Dhorse"}')
    '{"echo": "[masked]"}'
    """

    tokens: Sequence[str] = field(repr=False)
    aliases: Mapping[str, str] = field(default_factory=dict, repr=False)
    words: bytes = field(default=b"", repr=False)

    @property
    def is_word(self) -> bool:
        """True if a token can only be masked where it is whole, for it is a word of texts that tell no secret."""
        return any(map(self._is_word, self.tokens))

    def hide_text(self, text: str) -> str:
        """The text without secrets."""
        return self.hide_bytes(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")

    def hide_bytes(self, text: bytes) -> bytes:
        """The bytes without secrets."""
        return self.hide_all([text])[0]

    def hide_all(self, texts: Sequence[bytes]) -> list[bytes]:
        """The texts without secrets. A token may begin in one of them and end in a later one."""
        length = sum(map(len, texts))
        hide = next((hide for limit, hide in self._remembering if length <= limit), self._hide)
        return list(hide(tuple(texts)))

    @cached_property
    def _remembering(self) -> list[tuple[int, Callable[[tuple[bytes, ...]], Sequence[bytes]]]]:
        return [(limit, lru_cache(count)(self._hide)) for limit, count in _REMEMBERED.items()]

    def _hide(self, texts: Sequence[bytes]) -> Sequence[bytes]:
        joined = b"\n".join(texts)
        spans = _merged(self._spans(joined)) if any(self.tokens) else []
        return [self._hide_numbers(part) for part in _masked(texts, spans)]

    def hide_fields(self, fields: Iterable[Field]) -> list[Field]:
        """The header fields without secrets. A token may be in parts: a name and its value, names, or values."""
        parts = [part.encode("utf-8", "surrogatepass") for field in fields for part in field]
        hidden = self.hide_all(parts)
        names, values = hidden[::2], hidden[1::2]
        texts = [part.decode("utf-8", "surrogatepass") for part in self.hide_all([*names, *values])]
        return list(zip(texts[: len(names)], texts[len(names) :], strict=True))

    def _spans(self, text: bytes) -> Iterator[Span]:
        """Where the token stands in a text, in whichever writing."""
        raw = Plain(text)
        plain = undo_escapes(raw)
        yield from _found(plain, self._plain, self._whole)
        yield from _found(raw, self._plain) if plain is not raw else ()  # a token may look like an escape
        yield from _found(letters_and_digits(plain), self._bare) if self._bare.runs else ()
        if self._plain.runs:  # a short token may be in any noise
            for view in decoded_views(plain):
                yield from _found(view, self._plain)
            yield from _found(characters_of_base64(plain), self._lower_base64)

    @cached_property
    def _plain(self) -> Runs:
        """The runs of the tokens, as they are, without escapes, and from their ends."""
        texts = {text for token in self.tokens for text in (token.encode().lower(), _normal(token))}
        return _runs(texts | set(map(_reversed, texts)), self._words)

    @cached_property
    def _words(self) -> bytes:
        return self.words.lower()

    @cached_property
    def _bare(self) -> Runs:
        """The runs of the tokens' letters and digits."""
        bare = {letters_and_digits(Plain(_normal(token))).text for token in self.tokens}
        return _runs(bare | set(map(_reversed, bare)), letters_and_digits(Plain(self._words)).text)

    @cached_property
    def _lower_base64(self) -> Runs:
        """Runs of the tokens' base64 in lower case, as many servers write the name of a header field.

        Of 8 characters of a token, 10 of base64 tell; every third run is enough to find one within any 10.
        """
        encoded = {base64_within(token.encode(), before).lower() for token in self.tokens for before in range(3)}
        both = encoded | set(map(_reversed, encoded))
        return Runs(frozenset(each[first : first + _RUN] for each in both for first in _begins(each, step=3)))

    @cached_property
    def _whole(self) -> re.Pattern[bytes]:
        """The tokens that their runs do not cover: anywhere, or if they are words, as a word or a credential."""
        left = [token for token in self.tokens if not self._is_covered(token) and _normal(token)]
        return re.compile(b"|".join(map(self._pattern, left)) or rb"(?!)")

    def _pattern(self, token: str) -> bytes:
        text = re.escape(_normal(token))
        return rb"(?<!\w)" + text + rb"(?!\w)|(?<=bearer )" + text if self._is_word(token) else text

    def _is_word(self, token: str) -> bool:
        text = _normal(token)
        return text in self._words and (len(text) < _RUN or not _runs([text], self._words).runs)

    def _is_covered(self, token: str) -> bool:
        """Tells whether every run of a token is secret."""
        text = _normal(token)
        return len(text) >= _RUN and (not self._words or _runs([text], self._words) == _runs([text], b""))

    def _hide_numbers(self, text: bytes) -> bytes:
        return self._numbers.sub(self._alias, text) if self.aliases else text

    def _alias(self, found: re.Match[bytes]) -> bytes:
        alias, value = self._by_length[int(found.lastindex or 1) - 1]
        # Without the sign in front, or with its digits apart, it is another text, and still not to be read.
        return (alias if found[0] == value.encode() else f"[{alias}]").encode()

    @cached_property
    def _by_length(self) -> list[tuple[str, str]]:
        """The aliases with what they stand for, the longest value first: a listed number may begin as another."""
        return sorted(self.aliases.items(), key=lambda pair: len(pair[1]), reverse=True)

    @cached_property
    def _numbers(self) -> re.Pattern[bytes]:
        """The values that the aliases stand for, in all ways of writing them, each in a group."""
        return re.compile(b"|".join(b"(" + _any_writing(value) + b")" for _, value in self._by_length))


def _runs(tokens: Iterable[bytes], words: bytes) -> Runs:
    """The runs of tokens in lower case that are no words; none of one that is shorter than a run."""
    runs = {token[first : first + _RUN] for token in tokens for first in _begins(token)}
    known = _runs_in(words) if len(runs) > _MANY else words
    return Runs(frozenset(run for run in runs if run not in known) if words else frozenset(runs))


@lru_cache(2)
def _runs_in(words: bytes) -> frozenset[bytes]:
    """All runs of a text. Making them takes as long as a thousand searches."""
    return frozenset(words[first : first + _RUN] for first in _begins(words))


def _reversed(text: bytes) -> bytes:
    return text[::-1]


def _begins(token: bytes, step: int = 1) -> range:
    """Where runs begin in a token."""
    return range(0, len(token) - _RUN + 1, step)


def _normal(token: str) -> bytes:
    """The token as it stands in a view without escapes."""
    return undo_escapes(Plain(token.encode())).text.lower()


def _found(view: View, runs: Runs, whole: re.Pattern[bytes] | None = None) -> list[Span]:
    """Where in the text below a view secrets stand."""
    text = view.text.lower()
    spans = [*runs.spans(text), *(found.span() for found in (whole.finditer(text) if whole else ()))]
    if not spans:
        return []
    starts, ends = view.origins()
    places = ((starts[first], ends[last - 1]) for first, last in spans)
    return [(min(place), max(place)) for place in places]  # where views meet, the end may seem to come first


def _merged(spans: Iterable[Span]) -> list[Span]:
    """The spans in their order, those that touch as one."""
    merged: list[Span] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return merged


def _masked(texts: Sequence[bytes], spans: Sequence[Span]) -> Iterator[bytes]:
    """Each of the texts without its part of the spans, which are those of all texts with a character in between."""
    if not spans:
        yield from texts
        return
    starts, ends, offset = [first for first, _ in spans], [last for _, last in spans], 0
    for text in texts:
        here = spans[bisect_right(ends, offset) : bisect_left(starts, offset + len(text))]
        yield _without(text, [(max(0, first - offset), last - offset) for first, last in here])
        offset += len(text) + 1


def _without(text: bytes, spans: Iterable[Span]) -> bytes:
    parts, done = [], 0
    for first, last in spans:
        parts += [text[done:first], MASKED.encode()]
        done = last
    return b"".join([*parts, text[done:]])


def _any_writing(value: str) -> bytes:
    digits = [digit.encode() for digit in re.sub(r"\D", "", value)]
    return re.escape(value.encode()) + rb"|\+?" + rb"[ ().-]{0,2}".join(digits)
