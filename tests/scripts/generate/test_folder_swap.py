"""One folder is put in the place of another, whole."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from scripts.generate import folder_swap
from scripts.generate.folder_difference import compare


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder, names in ((old, "ab"), (new, "bc")):
        (folder / "sub").mkdir(parents=True)
        for name in names:
            (folder / "sub" / name).write_text(folder.name)
    return old, new


def cannot_swap(_: Path, __: Path) -> None:
    raise OSError(errno.EXDEV, "as an overlay file system says")


def test_names_how_files_differ(folders: tuple[Path, Path]) -> None:
    differences = {difference.path: difference.kind for difference in compare(*folders)}
    assert differences == {"sub/a": "extra", "sub/b": "changed", "sub/c": "missing"}


def test_replaces_a_folder(folders: tuple[Path, Path]) -> None:
    old, new = folders
    folder_swap.replace_folder(old, new)
    assert {file.name: file.read_text() for file in (old / "sub").iterdir()} == {"b": "new", "c": "new"}


def test_replaces_a_folder_where_it_cannot_be_swapped(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_swap, "_swap", cannot_swap)
    old, new = folders
    folder_swap.replace_folder(old, new)
    assert compare(old, new) == []


def test_puts_everything_back_when_replacing_fails(folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = folders
    write_bytes = Path.write_bytes

    def fail_once(file: Path, content: bytes) -> int:
        monkeypatch.setattr(Path, "write_bytes", write_bytes)
        raise OSError(errno.ENOSPC, f"No space left for {len(content)} bytes", str(file))

    monkeypatch.setattr(folder_swap, "_swap", cannot_swap)
    monkeypatch.setattr(Path, "write_bytes", fail_once)
    with pytest.raises(OSError, match="No space left"):
        folder_swap.replace_folder(old, new)
    assert sorted(file.name for file in (old / "sub").iterdir()) == ["a", "b"]
