"""The judging of recordings in chunks: a pure map of chunks, whose outcomes are merged in their order."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Final

from msgspec import Struct, field

from contract_tests.judge.partial import Partial
from contract_tests.judge.stream import Stream
from contract_tests.traffic.chunks import results_of
from contract_tests.traffic.formats.format import FormatError
from contract_tests.traffic.masking import TokenFinder
from contract_tests.traffic.traffic import Traffic, TrafficCounts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.judge.memory import Known, Missed
    from contract_tests.judge.sketch import Sketch
    from contract_tests.traffic.chunks import Chunk, Result
    from contract_tests.traffic.sources import Source

_AT_ONCE: Final = 128
"""How many entries are read before the first of them is judged.

Each step of the judging is code that barely fits the cache of a core. Taken in turn for each entry, the steps drive one
another out, and the whole takes a fifth longer.
"""


class JudgedTraffic(Struct):
    """The judgement of a part of recorded traffic. Without entries, it changes nothing that it is merged with."""

    traffic: TrafficCounts = field(default_factory=TrafficCounts)
    partial: Partial = field(default_factory=Partial)
    tokens: dict[str, None] = field(default_factory=dict)
    readable: Counter[int] = field(default_factory=Counter)
    """How many entries could be read, by the number of the recording."""
    errors: dict[int, FormatError] = field(default_factory=dict)
    """The first error of each recording."""

    def add(self, later: JudgedTraffic) -> None:
        """Adds the next part."""
        self.traffic.add(later.traffic)
        self.partial.add(later.partial)
        self.tokens |= later.tokens
        self.readable.update(later.readable)
        self.errors = later.errors | self.errors

    def require_readable(self, sources: Sequence[Source]) -> None:
        """Raises RecordingError if a recording has entries, and none of them can be read."""
        for number, error in self.errors.items():
            if not self.readable[number]:
                with sources[number].reading():
                    raise error


class JudgedChunk(Struct, frozen=True):
    """The judgement of a chunk, as if it were the first one, and what that rests on."""

    judged: JudgedTraffic
    noted: Known
    """The texts that its exchanges have, with the values kept last."""
    missed: Missed
    """The hashes of the texts of which the judgement takes it that no chunk before had them."""


class ChunkJudge:
    """Judges chunks of recordings. The outcome depends on the chunk alone, and on `known`."""

    def __init__(
        self, contract: Contract, sources: Sequence[Source], url: str | None, references: Collection[str] = ()
    ) -> None:
        self._sources = sources
        self._traffic = Traffic(contract, url)
        self._stream = Stream(contract, references)
        self._tokens = TokenFinder(contract)

    def judge(self, chunk: Chunk, known: Known) -> JudgedChunk:
        """Judges a chunk. `known` are texts that chunks before it had."""
        self._stream.begin(known)
        judged = JudgedTraffic(self._traffic.begin())
        results = results_of(self._sources[chunk.source], chunk)
        while part := tuple(islice(results, _AT_ONCE)):
            for sketch in tuple(self._sketches(chunk, part, judged)):
                self._stream.judge_sketch(sketch)
        judged.partial = self._stream.take()
        return JudgedChunk(judged, self._stream.memory.noted, self._stream.memory.missed)

    def _sketches(self, chunk: Chunk, results: Iterable[tuple[int, Result]], judged: JudgedTraffic) -> Iterator[Sketch]:
        """Sketches of the exchanges that are about the contract."""
        source, number = self._sources[chunk.source], chunk.source
        name = source.format.name_places("" if len(self._sources) == 1 else f"{source.name}: ")
        find_tokens, take, tokens, readable = self._tokens.find, self._traffic.take, judged.tokens, 0
        for place, result in results:
            if result is None:
                continue
            if isinstance(result, FormatError):
                judged.errors.setdefault(number, result)
                self._traffic.skip_unreadable()
                continue
            readable += 1
            for token in find_tokens(result):
                tokens[token] = None
            if (sketch := take(name(place), result)) is not None:
                yield sketch
        judged.readable[number] += readable
