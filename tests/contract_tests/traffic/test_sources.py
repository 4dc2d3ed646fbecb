"""Recordings are found in files, folders, patterns and standard input, compressed or not."""

from __future__ import annotations

import gzip
import io
import json
import os
import pickle
import re
import zipfile
from functools import partial
from typing import TYPE_CHECKING, Any

import fsspec
import pytest

from contract_tests.traffic.codings import zstd
from contract_tests.traffic.sources import RecordingError, find_sources
from tests.support.recordings import make_entry, read_entries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

compress = partial(gzip.compress, mtime=0)
"""As gzip does, without the time: it would make other names of tests in each process."""
HAR = json.dumps({"log": {"entries": [make_entry()]}}).encode()


def write(path: Path, content: bytes = HAR) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def names(*patterns: str) -> list[str]:
    return [source.name for source in find_sources(patterns)]


@pytest.mark.parametrize("compress", [bytes, gzip.compress, zstd.compress], ids=["plain", "gzip", "zstd"])
def test_a_recording_may_be_compressed(tmp_path: Path, compress: Callable[[bytes], bytes]) -> None:
    (source,) = find_sources([str(write(tmp_path / "traffic", compress(HAR)))])
    assert len(read_entries(source)) == 1


def test_a_compressed_recording_that_breaks_off_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "traffic.gz", compress(HAR)[:-20])
    with pytest.raises(RecordingError, match="cannot be read"):
        read_entries(find_sources([str(path)])[0])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_recording_may_be_in_another_encoding(tmp_path: Path, encoding: str) -> None:
    lines = b"".join(
        json.dumps({**make_entry(), "_note": f"ü\u2028{number}"}).encode() + b"\r\n" for number in range(9)
    )
    content = lines.decode().encode(encoding)
    for name, written in {"traffic": content, "traffic.gz": compress(content)}.items():
        (source,) = find_sources([str(write(tmp_path / name, written))])
        assert source.format.name == "har-lines"
        assert read_entries(source) == read_entries(find_sources([str(write(tmp_path / "plain", lines))])[0])


def _zip_with(change: Callable[[bytearray, int, int], object]) -> bytes:
    """A ZIP file of a HAR file, changed where its entry begins, and where its directory does."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("traffic.har", HAR)
    content = bytearray(buffer.getvalue())
    change(content, content.find(b"PK\x03\x04"), content.find(b"PK\x01\x02"))
    return bytes(content)


def _encrypt(content: bytearray, entry: int, directory: int) -> None:
    content[entry + 6] |= 1
    content[directory + 8] |= 1


def _pack_otherwise(content: bytearray, entry: int, directory: int) -> None:
    content[entry + 8] = content[directory + 10] = 99


def _make_newer(content: bytearray, _entry: int, directory: int) -> None:
    content[directory + 6] = 99


def _break(content: bytearray, entry: int, _directory: int) -> None:
    content[entry + 60] ^= 0xFF


@pytest.mark.parametrize(
    "content",
    [
        *map(_zip_with, (_encrypt, _pack_otherwise, _make_newer, _break)),
        compress(HAR)[:40] + bytes(40) + compress(HAR)[80:],
        compress(HAR) + b"more",
    ],
    ids=["encrypted", "another compression", "a newer ZIP", "broken ZIP", "broken gzip", "more behind"],
)
def test_a_file_that_cannot_be_unpacked_is_told(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(RecordingError, match="cannot be read"):
        read_entries(find_sources([str(write(tmp_path / "traffic", content))])[0])


def test_a_folder_gives_its_recordings_and_passes_other_files_over(tmp_path: Path) -> None:
    expected = [write(tmp_path / "a.har"), write(tmp_path / "below" / "b.har")]
    write(tmp_path / "notes.txt", b"hello")
    assert names(str(tmp_path)) == [str(path) for path in expected]


def test_a_file_of_a_folder_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    write(tmp_path / "a.har")
    write(tmp_path / "b.har.gz", compress(HAR)[:20])
    with pytest.raises(RecordingError, match=r"b\.har\.gz cannot be read"):
        find_sources([str(tmp_path)])


def test_a_folder_without_recordings_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="the folder has no file of a known format"):
        find_sources([str(tmp_path)])


def test_a_pattern_gives_the_files_that_it_fits(tmp_path: Path) -> None:
    write(tmp_path / "a.har")
    write(tmp_path / "b.json")
    assert names(str(tmp_path / "*.har")) == [str(tmp_path / "a.har")]
    with pytest.raises(RecordingError, match="no file has such a name"):
        find_sources([str(tmp_path / "*.none")])


@pytest.fixture
def store() -> Iterator[str]:
    """The URL of a folder in a store, with a recording, a compressed one, and a file that is none."""
    files = fsspec.filesystem("memory")
    line = f"{json.dumps(make_entry())}\n".encode()
    files.pipe({"/logs/a.ndjson": line, "/logs/b/c.ndjson.gz": compress(line * 2), "/logs/notes.txt": b"hello"})
    yield "memory://logs"
    files.rm("/logs", recursive=True)


@pytest.mark.parametrize(
    ("name", "entries"), [("/a.ndjson", [1]), ("/b/*.gz", [2]), ("/**/*.ndjson*", [1, 2]), ("", [1, 2]), ("/b/", [2])]
)
def test_a_store_gives_the_recordings_that_a_url_leads_to(store: str, name: str, entries: list[int]) -> None:
    assert [len(read_entries(source)) for source in find_sources([f"{store}{name}"])] == entries


def test_ranges_of_a_file_in_a_store_are_read_by_any_process(store: str) -> None:
    (source,) = find_sources([f"{store}/a.ndjson"])
    assert source.content.is_apart
    assert len(read_entries(pickle.loads(pickle.dumps(source)))) == 1  # noqa: S301 - our own


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("memory://nothing.har", "cannot be read: there is no such file"),
        ("memory://nothing*.har", "no file has such a name"),
        ("unheard-of://logs", "cannot be read: Protocol not known"),
    ],
)
def test_a_url_that_leads_nowhere_is_told(url: str, said: str) -> None:
    with pytest.raises(RecordingError, match=re.escape(f"--recording {url}") + ".*" + said):
        find_sources([url])


def test_an_error_of_a_store_is_told_without_its_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "s3://key:hidden@logs/a.har?signature=hidden"

    def fail(_url: str) -> None:
        raise RuntimeError(f"no such bucket: {url}")

    monkeypatch.setattr(fsspec, "url_to_fs", fail)
    with pytest.raises(RecordingError) as error:
        find_sources([url])
    told = "cannot be read: no such bucket: s3://logs/a.har. Check the URL, and who may read it."
    assert str(error.value) == f"--recording s3://logs/a.har {told}"


def test_a_folder_of_a_store_without_recordings_is_told() -> None:
    fsspec.filesystem("memory").pipe("/empty/notes.txt", b"hello")
    with pytest.raises(RecordingError, match=r"the folder has no file of a known format"):
        find_sources(["memory://empty"])


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(HAR)))
    (source,) = find_sources(["-"])
    assert len(read_entries(source)) == 1


def test_the_copy_of_standard_input_goes_when_the_process_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_exit: list[Callable[[], None]] = []
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(HAR)))
    monkeypatch.setattr("atexit.register", lambda end, **options: at_exit.append(partial(end, **options)))
    find_sources(["-"])
    assert [*tmp_path.iterdir()]
    at_exit[0]()
    assert not [*tmp_path.iterdir()]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="cannot be read: No such file"):
        find_sources([str(tmp_path / "none.har")])


def attached(body: bytes | None, name: str = "body.json") -> tuple[bytes, dict[str, bytes]]:
    """A HAR whose response's body is in a file of its own, as Playwright writes it, and the files beside it."""
    entry: dict[str, Any] = make_entry()
    entry["response"]["content"] = {"size": -1, "mimeType": "application/json", "_file": name}
    return json.dumps({"log": {"entries": [entry]}}).encode(), {} if body is None else {name: body}


def zipped(har: bytes, files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in {"har.har": har, **files}.items():
            archive.writestr(name, content)
    return stream.getvalue()


def response_body(path: Path) -> bytes | None:
    (source,) = find_sources([str(path)])
    (entry,) = read_entries(source)
    assert entry
    assert entry.response
    return entry.response.body


def test_bodies_are_read_from_files_in_the_same_zip(tmp_path: Path) -> None:
    assert response_body(write(tmp_path / "traffic.zip", zipped(*attached(b'{"a": 1}')))) == b'{"a": 1}'


def test_a_body_that_the_zip_lacks_is_not_recorded(tmp_path: Path) -> None:
    assert response_body(write(tmp_path / "traffic.zip", zipped(*attached(None)))) is None


def test_bodies_are_read_from_files_beside_a_recording(tmp_path: Path) -> None:
    har, _ = attached(None)
    write(tmp_path / "body.json", b'{"a": 1}')
    assert response_body(write(tmp_path / "traffic.har", har)) == b'{"a": 1}'


@pytest.mark.parametrize("name", ["../secret", "/etc/hostname", "below/../../secret", "", ".", "..\\secret", "nul\0"])
def test_a_recording_names_no_file_elsewhere(tmp_path: Path, name: str) -> None:
    write(tmp_path / "secret", b"secret")
    har, _ = attached(None, name)
    assert response_body(write(tmp_path / "folder" / "traffic.har", har)) is None


def test_a_recording_reads_no_link_and_nothing_that_is_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link.json").symlink_to(write(tmp_path / "secret", b"secret"))
    os.mkfifo(folder / "pipe.json")  # who opens it waits for a writer
    for name in ("link.json", "pipe.json"):
        assert response_body(write(folder / "traffic.har", attached(None, name)[0])) is None


def test_a_zip_without_a_har_is_told(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "hello")
    with pytest.raises(RecordingError, match=r"it has no file whose name ends in .har"):
        find_sources([str(write(tmp_path / "a.zip", stream.getvalue()))])
