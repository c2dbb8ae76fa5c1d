"""Everything of a user's by the command line: out into a file, and in from it."""

from __future__ import annotations

from pathlib import Path

from tests.cli.test_library_commands import Vasi, handbook, vasi

__all__ = ["handbook", "vasi"]


def test_what_is_exported_is_imported_elsewhere(vasi: Vasi, handbook: Path, tmp_path: Path) -> None:
    assert vasi("add", str(handbook)).code == 0
    vasi("notes", "add", "Feed the zorvane.")
    written = vasi("export", "mine.zip")
    assert (written.code, "Exported to mine.zip" in written.out) == (0, True)
    again = vasi("export", "mine.zip")
    assert (again.code, "can't be written" in again.err) == (1, True)
    taken = vasi("import", "mine.zip", "--data", "elsewhere")
    assert taken.code == 0, taken.err
    assert "1 document, 1 note, 0 conversations" in taken.out
    assert "zorvane" in vasi("notes", "list", "--data", "elsewhere").out
    assert "red key" in vasi("search", "How is the pump reset?", "--data", "elsewhere").out
    once_more = vasi("import", "mine.zip", "--data", "elsewhere")
    assert "2 things were there already" in once_more.out


def test_what_is_no_export_is_refused(vasi: Vasi, tmp_path: Path) -> None:
    (tmp_path / "other.zip").write_bytes(b"PK nonsense")
    run = vasi("import", "other.zip")
    assert (run.code, "no ZIP archive" in run.err) == (1, True)
    assert vasi("export", "x.zip", "--user", "nobody@example.com").code == 1
    assert not (tmp_path / "x.zip").exists()
