"""The judging of recordings in chunks: a pure map of chunks, whose outcomes are merged in their order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from contract_tests.judge.partial import Partial
from contract_tests.judge.stream import Stream
from contract_tests.traffic.chunks import results_of
from contract_tests.traffic.formats.format import FormatError
from contract_tests.traffic.masking import find_tokens
from contract_tests.traffic.traffic import Traffic, TrafficCounts

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from contract_tests.contract.contract import Contract
    from contract_tests.judge.partial import Hashes, Texts
    from contract_tests.traffic.chunks import Chunk
    from contract_tests.traffic.entry import Entry
    from contract_tests.traffic.sources import Source


@dataclass
class JudgedTraffic:
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


@dataclass(frozen=True)
class JudgedChunk:
    """The judgement of a chunk, as if it were the first one, and what that rests on."""

    judged: JudgedTraffic
    noted: Texts
    """The texts that memories have, with the values kept last."""
    missed: Hashes
    """The hashes of the texts of which the judgement takes it that no chunk before had them."""


class ChunkJudge:
    """Judges chunks of recordings. The outcome depends on the chunk alone, and on `known`."""

    def __init__(
        self, contract: Contract, sources: Sequence[Source], url: str | None, references: Collection[str] = ()
    ) -> None:
        self._sources = sources
        self._traffic = Traffic(contract, url)
        self._stream = Stream(contract, references)

    def judge(self, chunk: Chunk, known: Texts) -> JudgedChunk:
        """Judges a chunk. `known` are texts that chunks before it had."""
        self._stream.begin(known)
        judged = JudgedTraffic(self._traffic.begin())
        source = self._sources[chunk.source]
        name = source.format.name_places("" if len(self._sources) == 1 else f"{source.name}: ")
        for place, result in results_of(source, chunk):
            if result is None:
                continue
            if isinstance(result, FormatError):
                judged.errors.setdefault(chunk.source, result)
                self._traffic.skip_unreadable()
            else:
                judged.readable[chunk.source] += 1
                self._judge(name(place), result, judged)
        judged.partial = self._stream.take()
        return JudgedChunk(judged, self._stream.memories.noted, self._stream.memories.missed)

    def _judge(self, name: str, entry: Entry, judged: JudgedTraffic) -> None:
        if entry.headers:
            judged.tokens.update(dict.fromkeys(find_tokens(entry.headers)))
        if sketch := self._traffic.take(name, entry):
            self._stream.judge_sketch(sketch)
