"""Recordings are judged in chunks, and the parts add up to what the whole is."""

from __future__ import annotations

import json
import pickle
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from contract_tests.contract.contract import read_contract
from contract_tests.judge.kinds import Kinds
from contract_tests.traffic import chunks
from contract_tests.traffic.chunks import cut
from contract_tests.traffic.judging import ChunkJudge, JudgedChunk, JudgedTraffic
from contract_tests.traffic.sources import RecordingError, find_sources
from contract_tests.traffic.texts import EarlierTexts
from spec.paths import SPEC
from tests.support.recordings import make_entry
from tests.support.repeating import ENTRIES, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from contract_tests.traffic.sources import Source


def judge_of(*sources: Source) -> ChunkJudge:
    return ChunkJudge(read_contract(SPEC), sources, None)


def judge_chunks(sources: Sequence[Source]) -> list[JudgedChunk]:
    judge = judge_of(*sources)
    return [judge.judge(chunk, {}) for chunk in cut(sources)]


@cache
def _parts(folder: Path) -> tuple[JudgedTraffic, ...]:
    """The judgement of each entry by itself."""
    sources = [write(folder, entry, name=f"{number}.ndjson") for number, entry in enumerate(ENTRIES)]
    return tuple(found.judged for found in judge_chunks(sources))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("parts")


def added(parts: Iterable[JudgedTraffic]) -> JudgedTraffic:
    total = JudgedTraffic()
    for part in parts:
        total.add(pickle.loads(pickle.dumps(part)))  # noqa: S301 - our own, and a part must outlive a process
    return total


def told(part: JudgedTraffic) -> tuple[object, ...]:
    """All that a part says. An exchange is told by its place and id."""
    kept = [(each.place, each.times, each.exchange.id, each.failures) for each in part.partial.kinds.judged()]
    return part.traffic, part.partial.counts, part.partial.references, part.tokens, part.readable, part.errors, kept


@pytest.mark.slow
@given(picked=st.lists(st.sampled_from(range(len(ENTRIES))), max_size=12), data=st.data())
def test_parts_add_up_in_whatever_groups_they_are_added(folder: Path, picked: list[int], data: st.DataObject) -> None:
    parts = [_parts(folder)[number] for number in picked]
    cuts = sorted(data.draw(st.lists(st.integers(0, len(parts)), max_size=3)))
    groups = [parts[first:last] for first, last in zip([0, *cuts], [*cuts, len(parts)], strict=True)]
    assert told(added(map(added, groups))) == told(added(parts))


def test_a_part_without_entries_changes_nothing(folder: Path) -> None:
    (part, *_) = _parts(folder)
    assert told(added([JudgedTraffic(), part, JudgedTraffic()])) == told(added([part]))


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(1, 3)), max_size=12),
    st.integers(0, 12),
    st.integers(0, 12),
)
def test_kinds_beyond_the_limit_add_up_too(folder: Path, drawn: list[tuple[int, int]], first: int, second: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("contract_tests.judge.kinds.MAX_KINDS", 3)
        one, other = sorted((first, second))
        parts = [
            kinds_of(folder, drawn[:one], 0),
            kinds_of(folder, drawn[one:other], 0),
            kinds_of(folder, drawn[other:], 0),
        ]
        left, right = kinds_of(folder, (), 0), kinds_of(folder, drawn[one:other], 0)
        offset = 0
        for kinds, part in zip(parts, (drawn[:one], drawn[one:other], drawn[other:]), strict=True):
            left.merge(kinds, offset)
            offset += sum(count for _, count in part)
        right.merge(parts[2], sum(count for _, count in drawn[one:other]))
        whole = kinds_of(folder, drawn[:one], 0)
        whole.merge(right, sum(count for _, count in drawn[:one]))
        assert summary(whole) == summary(left) == summary(kinds_of(folder, drawn, 0))


def kinds_of(folder: Path, drawn: Sequence[tuple[int, int]], first: int) -> Kinds:
    """Kinds of exchanges that differ in a number that is drawn, each as often as is drawn too."""
    kinds, place = Kinds(), first
    (judged, *_) = _parts(folder)[6].partial.kinds.judged()
    for number, count in drawn:
        for _ in range(count):
            kinds.note(replace(judged, place=place, times=1), number)
            place += 1
    return kinds


def summary(kinds: Kinds) -> list[tuple[int | None, int]]:
    return [(each.place, each.times) for each in kinds.judged()]


def test_an_id_that_another_chunk_had_is_found_once_its_chunk_is_judged_with_it(tmp_path: Path) -> None:
    sources = [write(tmp_path, ENTRIES[4], name=name) for name in ("1.ndjson", "2.ndjson")]
    judge = judge_of(*sources)
    with EarlierTexts() as earlier:
        first, second = (judge.judge(chunk, {}) for chunk in cut(sources))
        assert not earlier.find(first.missed)
        earlier.add(first.noted)
        known = earlier.find(second.missed)
    assert {*known} == {"new id_is_new", "previous(response.id, response.status)"}
    (_, chunk) = cut(sources)
    failed = judge.judge(chunk, known).judged.partial.counts.failed
    assert (second.judged.partial.counts.failed, failed) == (Counter(), Counter(["id_is_new"]))


def test_a_request_that_another_chunk_had_asks_for_no_second_judgement(tmp_path: Path) -> None:
    sources = [write(tmp_path, ENTRIES[0], name="1.ndjson"), write(tmp_path, make_entry(), name="2.ndjson")]
    with EarlierTexts() as earlier:
        for found in judge_chunks(sources):
            assert earlier.find(found.missed) == {}
            earlier.add(found.noted)


@pytest.mark.parametrize("in_memory", [0, 1, 1000])
def test_earlier_texts_are_exact_wherever_they_are_kept(in_memory: int) -> None:
    with EarlierTexts(in_memory) as earlier:
        assert earlier.find({"new": frozenset([b"a"])}) == {}
        earlier.add({"new": {b"a": None, b"b": "queued"}})
        earlier.add({"new": {b"b": "ended", b"c": 1}, "other": {b"d": None}})
        assert earlier.find({"new": frozenset([b"a", b"b", b"c", b"d"])}) == {
            "new": {b"a": None, b"b": "ended", b"c": 1}
        }


def test_lines_are_named_by_their_numbers_in_the_file_whatever_the_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "traffic.ndjson"
    lines = [
        "",
        *map(json.dumps, (ENTRIES[6], ENTRIES[0])),
        "",
        "",
        json.dumps(ENTRIES[6]),
        "{",
        json.dumps(ENTRIES[6]),
    ]
    path.write_text("\n".join(lines))
    monkeypatch.setattr(chunks, "BYTES", 10)
    total = added(found.judged for found in judge_chunks(find_sources([str(path)])))
    named = [each.exchange.id for each in total.partial.kinds.judged() if each.failures]
    assert named == ["line 2", "line 6", "line 8"]
    assert (total.traffic.entries, total.traffic.skipped) == (5, {"no exchange that can be read": 1})


def test_the_read_share_of_all_recordings_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = [write(tmp_path, *ENTRIES[:2], name=name) for name in ("1.ndjson", "2.ndjson")]
    monkeypatch.setattr(chunks, "BYTES", 10)
    shares = [chunk.share for chunk in cut(sources)]
    assert shares == sorted(shares, key=lambda share: share or 0)
    assert (shares[1], shares[-1]) == (0.5, 1.0)


def test_a_recording_of_which_nothing_can_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "traffic.ndjson").write_text(f"{json.dumps(ENTRIES[0])}\n")
    sources = find_sources([str(tmp_path / "traffic.ndjson")])
    (tmp_path / "traffic.ndjson").write_text("{\n[\n")
    total = added(found.judged for found in judge_chunks(sources))
    with pytest.raises(RecordingError, match=r"is not of the format har-lines: line 1: it is no JSON"):
        total.require_readable(sources)
