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


def test_names_the_extra_files_first(folders: tuple[Path, Path]) -> None:
    (folders[0] / "zip.py").touch()
    assert [difference.kind for difference in compare(*folders)] == ["extra", "extra", "changed", "missing"]


def test_a_link_is_no_file_whatever_it_leads_to(folders: tuple[Path, Path], tmp_path: Path) -> None:
    old, new = folders
    (tmp_path / "yaml").mkdir()
    for name, target in (("yaml", tmp_path / "yaml"), ("c", new / "sub" / "c"), ("nowhere", tmp_path / "nowhere")):
        (old / "sub" / name).symlink_to(target)
    differences = {difference.path: difference.kind for difference in compare(old, new)}
    expected = {"sub/yaml": "extra", "sub/nowhere": "extra", "sub/c": "changed"}
    assert differences.items() >= expected.items()


def test_only_what_python_compiled_is_no_difference(folders: tuple[Path, Path]) -> None:
    cache = folders[0] / "sub" / "__pycache__"
    cache.mkdir()
    for name in ("a.cpython-311.pyc", "a.cpython-311.pyc.140", "a.py", "a.so"):
        (cache / name).touch()
    assert [one.path for one in compare(*folders) if "pycache" in one.path] == [
        "sub/__pycache__/a.py",
        "sub/__pycache__/a.so",
    ]


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
