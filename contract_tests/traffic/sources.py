"""Finds and opens recordings: files, folders, patterns, standard input and stores, compressed or not."""

from __future__ import annotations

import atexit
import codecs
import glob
import gzip
import importlib
import io
import shutil
import stat
import sys
import tempfile
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Final, TypeVar, cast

from msgspec import Struct

from contract_tests.traffic.codings import MAX_BODY, zstd
from contract_tests.traffic.formats.format import Content, FormatError
from contract_tests.traffic.formats.registry import FORMATS, HEAD, recognize
from contract_tests.traffic.names import shown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from _typeshed import WriteableBuffer

    from contract_tests.traffic.formats.format import Format

STDIN: Final = "-"
_INSTALL: Final = "python -m pip install --group stores --constraint constraints.txt"
_UTF_16: Final = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"{\0": "utf-16-le", b"\0{": "utf-16-be"}
"""The encodings of texts that are not UTF-8, by how they begin."""
_AGAIN: Final = "Name another file, or record it again."
_BROKEN: Final = (OSError, EOFError, zlib.error, zstd.ZstdError, zipfile.BadZipFile)
"""The errors of a file that cannot be read, or not unpacked."""
_GZIP, _ZSTD, _ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"


_T = TypeVar("_T")


class RecordingError(Exception):
    """A recording cannot be read. `str()` names it and says why."""


class NoRecordingError(RecordingError):
    """A file is of no known format."""


class Source(Struct, frozen=True):
    """A recording: one file, of a known format."""

    name: str
    content: Content
    format: Format

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Explains what goes wrong while it is read. Raises RecordingError."""
        try:
            yield
        except FormatError as error:
            message = f"--recording {self.name} is not of the format {self.format.name}: {error}. {error.remedy}"
            raise RecordingError(message) from error
        except _BROKEN as error:
            raise RecordingError(f"--recording {self.name} cannot be read to its end: {error}. {_AGAIN}") from error


def find_sources(names: Sequence[str], format_name: str | None = None) -> list[Source]:
    """The recordings that the names lead to: files, folders, patterns, `-` for standard input, URLs of a store.

    In folders, a file of no known format is passed over, but not one that cannot be read.

    Raises:
        RecordingError: a name leads nowhere, or to a file that cannot be read or is of no known format.
    """
    return [source for name in names for source in _sources(name, format_name)]


def _sources(name: str, format_name: str | None) -> Iterator[Source]:
    if name == STDIN:
        yield _source(name, replace(_content_of(_spool_stdin()), is_apart=False), format_name)
    elif "://" in name:
        yield from _in_store(name, format_name)
    elif (folder := Path(name)).is_dir():
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        found = [_try(partial(_of_file, path, format_name)) for path in paths]
        yield from (source for source in found if source)
        if not any(found):
            raise RecordingError(_without_recordings(name))
    elif folder.exists() or not glob.has_magic(name):
        yield _of_file(folder, format_name)
    else:
        names = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - an absolute pattern too
        if not names:
            raise RecordingError(_without_files(name))
        for each in names:
            yield from _sources(each, format_name)


def _without_recordings(name: str) -> str:
    return f"--recording {shown_name(name)}: the folder has no file of a known format. {_known_formats()}"


def _without_files(name: str) -> str:
    return f"--recording {shown_name(name)}: no file has such a name. Put a pattern in quotes."


def _try(find: Callable[[], Source]) -> Source | None:
    try:
        return find()
    except NoRecordingError:
        return None


def _of_file(path: Path, format_name: str | None) -> Source:
    return _source(str(path), _content_of(path.absolute()), format_name)


def _content_of(path: Path) -> Content:
    file = _File(path)
    size = path.stat().st_size if path.is_file() else None
    return Content(file.open, partial(_read_beside, path.parent), size, is_apart=True, position=file.position)


def _source(path: str, content: Content, format_name: str | None) -> Source:
    name = shown_name(path)
    try:
        content = _unpacked(content)
        with content.open() as stream:
            head = stream.read(HEAD)
    except NoRecordingError as error:
        raise NoRecordingError(f"--recording {name} cannot be read: {error}. {_AGAIN}") from error
    except _BROKEN as error:
        raise RecordingError(
            f"--recording {name} cannot be read: {getattr(error, 'strerror', None) or error}. {_AGAIN}"
        ) from error
    form = _named(format_name) if format_name else recognize(head)
    if form is None:
        reason = f"of no known format. {_known_formats()}" if head else f"empty: nothing was recorded in it. {_AGAIN}"
        raise NoRecordingError(f"--recording {name} is {reason}")
    return Source(name, content, form)


def _named(name: str) -> Format | None:
    return next((each for each in FORMATS if each.name == name), None)


def _known_formats() -> str:
    return f"Known are {', '.join(each.name for each in FORMATS)}; --recording-format names one."


def _unpacked(content: Content) -> Content:
    """The content without its compression, as UTF-8, as its first bytes tell."""
    with content.open() as stream:
        magic = stream.read(4)
    if magic.startswith(_GZIP):
        return _as_utf_8(replace(content, open=partial(_open_gzip, content), is_apart=False))
    if magic == _ZSTD:
        return _as_utf_8(replace(content, open=partial(_open_zstd, content), is_apart=False))
    return _as_utf_8(_of_zip(content) if magic == _ZIP else content)


def _as_utf_8(content: Content) -> Content:
    """The content as UTF-8. Of the other encodings, UTF-16 is what PowerShell writes, and all that it redirects."""
    with content.open() as stream:
        start = stream.read(2)
    encoding = _UTF_16.get(start)
    return replace(content, open=partial(_open_text, content, encoding), is_apart=False) if encoding else content


@contextmanager
def _open_text(content: Content, encoding: str) -> Iterator[BinaryIO]:
    with content.open() as stream:
        yield io.BufferedReader(_Recoded(stream, encoding))


class _Recoded(io.RawIOBase):
    """The bytes of a text in another encoding, as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._rest = b""

    def readable(self) -> bool:
        """True, for it is made to be read."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Reads the next bytes into a buffer, and gives how many."""
        while not self._rest and (block := self._stream.read(io.DEFAULT_BUFFER_SIZE)):
            self._rest = self._decoder.decode(block).encode("utf-8", "replace")
        view = memoryview(buffer)
        part, self._rest = self._rest[: len(view)], self._rest[len(view) :]
        view[: len(part)] = part
        return len(part)


@contextmanager
def _open_gzip(content: Content) -> Iterator[BinaryIO]:
    with content.open() as packed, gzip.GzipFile(fileobj=packed) as stream:
        yield cast("BinaryIO", stream)


@contextmanager
def _open_zstd(content: Content) -> Iterator[BinaryIO]:
    with content.open() as packed, zstd.ZstdFile(packed) as stream:
        yield cast("BinaryIO", stream)


def _of_zip(content: Content) -> Content:
    """The HAR in a ZIP file, with the files beside it, as Playwright attaches bodies. Raises BadZipFile."""
    with content.open() as packed, _unpack(partial(zipfile.ZipFile, packed)) as archive:
        names = [name for name in archive.namelist() if name.lower().endswith(".har")]
    if not names:
        raise NoRecordingError("it has no file whose name ends in .har")
    attachment = partial(_read_member, content, PurePosixPath(names[0]).parent)
    return replace(content, open=partial(_open_member, content, names[0]), attachment=attachment, is_apart=False)


@contextmanager
def _open_member(content: Content, name: str) -> Iterator[BinaryIO]:
    with (
        content.open() as packed,
        _unpack(partial(zipfile.ZipFile, packed)) as archive,
        _unpack(partial(archive.open, name)) as stream,
    ):
        yield cast("BinaryIO", stream)


def _unpack(begin: Callable[[], _T]) -> _T:
    """Begins to unpack. Raises BadZipFile, also for what is encrypted, or packed in a way that is not known."""
    try:
        return begin()
    except (RuntimeError, NotImplementedError) as error:
        raise zipfile.BadZipFile(str(error).partition(",")[0]) from error


def _read_member(content: Content, folder: PurePosixPath, name: str) -> bytes | None:
    """The file of a name in a folder of a ZIP file."""
    if not _is_plain(name):
        return None
    try:
        with _open_member(content, str(folder / name)) as stream:
            return _whole(stream.read(MAX_BODY + 1))
    except (KeyError, *_BROKEN):
        return None


def _read_beside(folder: Path, name: str) -> bytes | None:
    """The file of a name in a folder. A recording names no other place, not by a link, and nothing that is no file."""
    path = folder / name
    try:
        if not _is_plain(name) or not stat.S_ISREG(path.lstat().st_mode):
            return None
        with path.open("rb") as file:
            return _whole(file.read(MAX_BODY + 1))
    except (OSError, ValueError):  # a null character is in the name
        return None


def _is_plain(name: str) -> bool:
    return PurePosixPath(name).name == name and "\\" not in name and name not in {"", ".", ".."}


def _whole(body: bytes) -> bytes | None:
    return body if len(body) <= MAX_BODY else None


def _spool_stdin() -> Path:
    """A copy of standard input, which can be read from its begin again. It goes when this process ends."""
    with tempfile.NamedTemporaryFile(prefix="recording-", delete=False) as file:
        path = Path(file.name)
        atexit.register(path.unlink, missing_ok=True)  # it holds the tokens of a recording
        shutil.copyfileobj(sys.stdin.buffer, file)
    return path


class _File(Struct):
    """A file, and how far it is read."""

    path: Path
    _opened: BinaryIO | None = None

    def open(self) -> BinaryIO:
        """Opens it at its begin."""
        self._opened = self.path.open("rb")
        return self._opened

    def position(self) -> int:
        """The place up to which it is read; 0 if it is not open."""
        return self._opened.tell() if self._opened and not self._opened.closed else 0

    def __reduce__(self) -> tuple[type[_File], tuple[Path]]:
        """Lets another process open it for itself."""
        return _File, (self.path,)


def _same(file: AbstractContextManager[BinaryIO]) -> AbstractContextManager[BinaryIO]:
    return file


def _in_store(url: str, format_name: str | None) -> Iterator[Source]:
    """The recordings of a store that a URL leads to, by fsspec: a file, a folder or a pattern."""
    files, is_folder = _find_in_store(url)
    found = [_try(partial(_source, name, content, format_name)) for name, content in files] if is_folder else []
    if is_folder and not any(found):
        raise RecordingError(_without_recordings(url))
    if not files:
        raise RecordingError(_without_files(url))
    yield from (source for source in found if source)
    yield from (_source(name, content, format_name) for name, content in files if not is_folder)


def _find_in_store(url: str) -> tuple[list[tuple[str, Content]], bool]:
    """The files that a URL leads to, with their names; True if it names a folder."""
    shown = shown_name(url)
    try:
        fsspec = importlib.import_module("fsspec")
    except ImportError as error:
        raise RecordingError(
            f"--recording {shown}: fsspec reads stores, and is not installed here: {_INSTALL}"
        ) from error
    try:
        store, path = fsspec.url_to_fs(url)
        is_folder = not store.isfile(path) and store.isdir(path)
        names = [store.unstrip_protocol(each) for each in sorted(store.find(path))] if is_folder else [url]
        files = [file for name in names for file in fsspec.open_files(name, "rb")]
        sizes = [file.fs.size(file.path) for file in files]
    except FileNotFoundError as error:
        raise RecordingError(f"--recording {shown} cannot be read: there is no such file. {_AGAIN}") from error
    except ImportError as error:
        raise RecordingError(f"--recording {shown} cannot be read: {error}. It needs that beside fsspec.") from error
    except Exception as error:  # each kind of store raises errors of its own
        told = str(error).replace(url, shown)
        raise RecordingError(
            f"--recording {shown} cannot be read: {told}. Check the URL, and who may read it."
        ) from error
    contents = [
        Content(partial(_same, file), size=size, is_apart=size is not None)
        for file, size in zip(files, sizes, strict=True)
    ]
    return [(file.full_name, content) for file, content in zip(files, contents, strict=True)], is_folder
