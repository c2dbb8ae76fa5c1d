"""Documents and notes by the command line, on a real store."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from vasi.accounts.principals import LOCAL_OWNER
from vasi.cli import main
from vasi.engines.basic.pocketsphinx.models import Models
from vasi.errors import StoreError

HANDBOOK = (
    "# Leave\n\nEmployees get thirty days of paid leave in a year.\n\n# Pumps\n\nThe pump is reset with a red key.\n"
)


@dataclass
class Run:
    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)


Vasi = Callable[..., Run]


@pytest.fixture
def vasi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Vasi:
    """The program in this process, with a data folder of its own."""
    monkeypatch.setenv("VASI_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Run:
        monkeypatch.setattr("sys.argv", ["vasi", *arguments])
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capsys.readouterr()
        return Run(code, captured.out, captured.err)

    return run


@pytest.fixture
def handbook(tmp_path: Path) -> Path:
    path = tmp_path / "docs" / "handbook.md"
    path.parent.mkdir()
    path.write_text(HANDBOOK, encoding="utf-8")
    return path


def test_a_document_is_read_found_and_forgotten(vasi: Vasi, handbook: Path) -> None:
    assert "handbook.md" in vasi("add", str(handbook)).out
    (source,) = vasi("sources", "--json").json()
    assert (source["name"], source["source"]) == ("handbook.md", str(handbook))
    found = vasi("search", "paid leave", "--json").json()
    assert found["found"]
    assert found["passages"][0]["document"] == "handbook.md"
    assert "thirty days" in found["passages"][0]["text"]
    assert "handbook.md" in vasi("search", "paid leave").out
    assert vasi("remove", "handbook.md").code == 0
    assert vasi("search", "paid leave").code == 3
    assert handbook.exists()


def test_files_of_one_name_and_of_one_content_are_told_apart(vasi: Vasi, handbook: Path, tmp_path: Path) -> None:
    other = tmp_path / "old" / "handbook.md"
    other.parent.mkdir()
    other.write_text("# Leave\n\nUnpaid leave was forty weeks.\n", encoding="utf-8")
    vasi("add", str(handbook))
    assert "Read old/handbook.md" in vasi("add", str(other)).out
    assert [one["name"] for one in vasi("sources", "--json").json()] == ["handbook.md", "old/handbook.md"]
    assert "handbook in old" in vasi("ask", "--silent", "How many weeks was unpaid leave?").out
    run = vasi("remove", "handbook.md")
    assert (run.code, str(other) in run.err) == (1, True)
    copy = handbook.with_name("copy.md")
    copy.write_text(HANDBOOK, encoding="utf-8")
    added = vasi("add", str(copy), "--json")
    (told,) = added.json()["copies"]
    assert told == {
        "source": str(copy),
        "message": "copy.md holds the same as handbook.md, which is there already.",
    }
    assert told["message"] in added.err
    assert vasi("add", str(copy)).err == "", "it's told once"
    assert vasi("remove", "old/handbook.md").code == 0
    assert vasi("remove", "handbook.md").code == 0


def test_what_is_unchanged_is_not_read_again(vasi: Vasi, handbook: Path) -> None:
    vasi("add", str(handbook.parent))
    again = vasi("add", str(handbook.parent), "--json").json()
    assert [len(again[key]) for key in ("added", "unchanged", "failed")] == [0, 1, 0]
    handbook.write_text(HANDBOOK.replace("thirty", "forty"), encoding="utf-8")
    assert len(vasi("add", str(handbook.parent), "--json").json()["added"]) == 1
    assert "forty days" in vasi("search", "paid leave").out


def test_a_broken_file_costs_one_line_and_nothing_else(vasi: Vasi, handbook: Path) -> None:
    (handbook.parent / "broken.pdf").write_bytes(b"%PDF-1.7 nothing more")
    run = vasi("add", str(handbook.parent), "missing.pdf")
    assert run.code == 1
    assert [line for line in run.err.splitlines() if "broken.pdf" in line]
    assert [line for line in run.err.splitlines() if "missing.pdf" in line]
    assert "Traceback" not in run.err
    assert vasi("search", "paid leave").code == 0


def test_an_archive_is_added_and_forgotten_as_a_whole(vasi: Vasi, handbook: Path, tmp_path: Path) -> None:
    packed = tmp_path / "papers.zip"
    with zipfile.ZipFile(packed, "w") as file:
        file.write(handbook, "rules/handbook.md")
        file.writestr("gym.md", "# Gym\n\nThe gym opens at half past six.\n")
    run = vasi("add", str(packed))
    assert (run.code, "Read papers.zip/gym.md" in run.out, "Read papers.zip/rules/handbook.md" in run.out) == (
        0,
        True,
        True,
    )
    assert "2 unchanged" in vasi("add", str(packed)).out
    assert vasi("remove", "papers.zip").code == 0
    assert vasi("sources", "--json").json() == []
    assert vasi("remove", "papers.zip").code == 1


def test_a_folder_says_what_was_not_read(vasi: Vasi, handbook: Path) -> None:
    folder = handbook.parent
    assert vasi("add", str(folder)).code == 0
    for number in range(8):
        (folder / f"scan{number}.png").write_bytes(b"\x89PNG")
    (folder / "README").write_text("Text without an ending.", encoding="utf-8")
    (folder / "node_modules" / "lib").mkdir(parents=True)
    (folder / "node_modules" / "lib" / "manual.md").write_text("# Foreign\n\nNot mine.", encoding="utf-8")
    (folder / ".git").mkdir()
    (folder / "tools").mkdir()
    (folder / "tools" / "pyvenv.cfg").write_text("home = /usr", encoding="utf-8")
    (folder / "tools" / "notes.md").write_text("# Foreign\n\nNot mine.", encoding="utf-8")
    run = vasi("add", str(folder))
    assert run.code == 0, "pictures in a folder are no mistake"
    assert vasi("add", str(folder / "scan1.png")).code == 1, "one that is named is"
    assert "1 unchanged, 9 skipped, 3 left out" in run.out
    assert "Skipped 8 (.png files): scan0.png, scan1.png, scan2.png, scan3.png, scan4.png and 3 more" in run.out
    assert "Skipped 1 (files without an ending): README" in run.out
    assert "Left out 1 (installed packages): node_modules" in run.out
    assert "Left out 1 (hidden folders): .git" in run.out
    assert "Left out 1 (virtual environments): tools" in run.out
    assert "--verbose" in run.out
    whole = vasi("add", str(folder), "--verbose").out
    assert f"Skipped {folder / 'scan7.png'}: scan7.png isn't a kind of document that vasi reads." in whole
    report = vasi("add", str(folder), "--json").json()
    assert [len(report[key]) for key in ("skipped", "left_out")] == [9, 3]
    assert vasi("add", str(folder / "tools" / "notes.md")).code == 0, "what is named is read wherever it is"


def test_all_of_a_folder_is_forgotten(vasi: Vasi, handbook: Path, tmp_path: Path) -> None:
    folder = handbook.parent
    (folder / "more").mkdir()
    (folder / "more" / "pumps.md").write_text("The old pump is green.", encoding="utf-8")
    (folder / "more" / "boats.md").write_text("The old boat is blue.", encoding="utf-8")
    (tmp_path / "docs2.md").write_text("The other folder's neighbour.", encoding="utf-8")
    with zipfile.ZipFile(folder / "papers.zip", "w") as archive:
        archive.writestr("rules.md", "Nobody smokes in the shed.")
    vasi("add", str(folder), str(tmp_path / "docs2.md"))
    run = vasi("remove", "docs/more")
    assert (run.code, run.out.count("Removed ")) == (0, 2)
    shutil.rmtree(folder)
    assert vasi("remove", "docs").out.count("Removed ") == 2, "also when it's gone, with what its archives held"
    assert [one["name"] for one in vasi("sources", "--json").json()] == ["docs2.md"]
    assert vasi("remove", "docs").code == 1


def test_a_list_in_a_pipe_is_lines_of_fields(vasi: Vasi, handbook: Path) -> None:
    vasi("add", str(handbook))
    name, _pages, passages, *_ = vasi("sources").out.strip().split("\t")
    assert name == "handbook.md"
    assert int(passages) >= 1


def test_an_unknown_document_is_an_error(vasi: Vasi) -> None:
    run = vasi("remove", "nothing.pdf")
    assert run.code == 1
    assert "nothing.pdf" in run.err


def test_a_note_is_written_found_changed_and_removed(vasi: Vasi) -> None:
    assert vasi("notes", "add", "The spare filter is in the blue box.").code == 0
    (note,) = vasi("notes", "search", "filter", "--json").json()
    assert note["text"] == "The spare filter is in the blue box."
    assert vasi("notes", "edit", note["id"], "The spare filter is in the red box.").code == 0
    assert "red box" in vasi("notes", "list").out
    assert "red box" in vasi("search", "spare filter").out
    assert vasi("notes", "remove", "spare filter").code == 0
    assert vasi("notes", "search", "filter").code == 3
    assert vasi("notes", "list", "--json").json() == []


def test_a_note_that_several_fit_is_not_touched(vasi: Vasi) -> None:
    vasi("notes", "add", "Call Anna about the boat.")
    vasi("notes", "add", "Call Anna about the boat.")
    run = vasi("notes", "remove", "Anna boat")
    assert run.code == 1
    assert run.err.count("note_") == 2
    assert len(vasi("notes", "list", "--json").json()) == 2


def test_notes_are_exported(vasi: Vasi, tmp_path: Path) -> None:
    vasi("notes", "add", "First.")
    vasi("notes", "add", "Second.")
    exported = vasi("notes", "export", "--format", "json").json()
    assert [note["text"] for note in exported] == ["First.", "Second."]
    assert vasi("notes", "export", "notes.md").code == 0
    assert "Second." in (tmp_path / "notes.md").read_text(encoding="utf-8")


def test_an_export_replaces_nothing_unasked(vasi: Vasi, tmp_path: Path) -> None:
    vasi("notes", "add", "First.")
    (tmp_path / "mine.md").write_text("precious", encoding="utf-8")
    run = vasi("notes", "export", "mine.md")
    assert run.code == 1
    assert "--force" in run.err
    assert (tmp_path / "mine.md").read_text(encoding="utf-8") == "precious"
    assert vasi("notes", "export", "mine.md", "--force").code == 0
    assert "First." in (tmp_path / "mine.md").read_text(encoding="utf-8")


def test_a_name_can_not_steer_the_terminal(vasi: Vasi, tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "evil\x1b[2J\nname\u202e.md").write_text(HANDBOOK, encoding="utf-8")
    (folder / "broken\x1b[2J\n.pdf").write_bytes(b"%PDF-1.7 nothing more")
    seen = [vasi("add", str(folder)), vasi("add", str(folder / "none\x1b[2J\nfile"))]
    seen += [vasi("sources"), vasi("sources", "--json"), vasi("search", "paid leave"), vasi("search", "\x1b[2J zzz")]
    seen += [vasi("ask", "--silent", "How many days of paid leave?"), vasi("remove", "evil\x1b[2J\nname\u202e.md")]
    for run in seen:
        assert not {"\x1b", "\u202e"} & set(run.out + run.err), run
    assert len(seen[0].err.strip().splitlines()) == len(seen[1].err.strip().splitlines()) == 1
    assert len(seen[2].out.strip().splitlines()) == 1
    assert r"evil\x1b[2J\nname" in seen[2].out
    assert "Removed evil" in seen[-1].out
    assert "1 passages" not in seen[-1].out


def test_a_backup_is_a_data_folder(vasi: Vasi, tmp_path: Path) -> None:
    vasi("notes", "add", "Remember me.")
    assert vasi("backup", "copy").code == 0
    with sqlite3.connect(tmp_path / "copy" / "vasi.db") as copy:
        assert copy.execute("pragma integrity_check").fetchone() == ("ok",)
    copy.close()
    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0, "nobody else may read it"
    assert "Remember me." in vasi("notes", "list", "--data", "copy").out
    again = vasi("backup", "copy")
    assert (again.code, "exists already" in again.err) == (1, True)
    shutil.rmtree(tmp_path / "data")
    (tmp_path / "copy").rename(tmp_path / "data")
    assert "Remember me." in vasi("notes", "list").out


def test_a_backup_that_fails_leaves_nothing(vasi: Vasi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vasi("notes", "add", "Remember me.")

    def full(*_: object) -> None:
        raise StoreError("The disk is full.")

    monkeypatch.setattr("vasi.storage.sqlite.maintenance.backup", full)
    run = vasi("backup", "copy")
    assert (run.code, "The disk is full." in run.err) == (1, True)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("copy")] == []


def test_a_damaged_database_is_told(vasi: Vasi, tmp_path: Path) -> None:
    vasi("notes", "add", "Remember me.")
    assert vasi("check").code == 0
    (tmp_path / "data" / "vasi.db").write_bytes(b"This is no database at all. " * 400)
    run = vasi("check")
    assert run.code == 1
    assert "vasi.db" in run.err or "database" in run.err
    assert "Traceback" not in run.err


def test_a_data_folder_that_is_a_file_is_told(vasi: Vasi, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way", encoding="utf-8")
    run = vasi("sources")
    assert run.code == 1
    assert str(tmp_path / "data") in run.err


def test_doctor_names_the_engine_of_every_part(vasi: Vasi) -> None:
    parts = {part["part"]: part for part in vasi("doctor", "-s", "engines.llm=extractive", "--json").json()["engines"]}
    assert {"vad", "turn", "stt", "llm", "tts"} <= set(parts)
    assert parts["llm"]["engine"] == "extractive"
    assert parts["llm"]["better"]
    assert "extractive" in vasi("doctor", "-s", "engines.llm=extractive").out


def test_doctor_names_half_a_model(vasi: Vasi) -> None:
    run = vasi("doctor", "-s", "llm.base_url=http://localhost:1/v1")
    assert run.code == 1
    assert "llm.model" in run.err


def test_a_voice_that_nobody_knows_is_no_obstacle(vasi: Vasi) -> None:
    assert vasi("doctor", "-s", "voice=nobody").code == 0
    assert "can't" not in vasi("ask", "--silent", "-s", "voice=nobody", "Take a note: buy oil.").err


def test_doctor_refuses_an_engine_that_is_not_there(vasi: Vasi) -> None:
    run = vasi("doctor", "-s", "engines.llm=magic")
    assert run.code == 1
    assert "magic" in run.err
    assert "extractive" in run.err


def test_a_voice_that_does_not_exist_is_told_with_those_that_do(vasi: Vasi, handbook: Path) -> None:
    pytest.importorskip("espeakng_loader")
    asked = ("ask", "Where is the pump?", "--silent", "--docs", str(handbook))
    wrong = vasi(*asked, "-s", "voice=nobody")
    assert wrong.code == 1
    assert "There is no voice 'nobody'" in wrong.err
    for name in ("alloy", "cedar", "en-gb"):
        assert f" {name}," in wrong.err
        assert "no voice" not in vasi(*asked, "-s", f"voice={name}").err
    own = ("-s", "speech.base_url=http://127.0.0.1:9/v1", "-s", "speech.model=m", "-s", "speech.voices=nova, onyx")
    wrong = vasi(*asked, *own, "-s", "voice=nobody")
    assert "There is no voice 'nobody'" in wrong.err
    assert "nova, onyx" in wrong.err


def test_nothing_of_what_was_removed_stays_in_the_recognisers_files(vasi: Vasi, handbook: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "recognition"

    def learned() -> Path:
        file = Models(folder, None).path(LOCAL_OWNER, ["what was there before"]).with_suffix(".dict")
        file.parent.mkdir(exist_ok=True)
        file.write_text("pump P AH M P")
        return file

    vasi("add", str(handbook))
    vasi("notes", "add", "the pump is loud")
    for removal in (
        ("notes", "edit", "last", "it is loud"),
        ("notes", "remove", "last"),
        ("remove", "handbook.md"),
    ):
        file = learned()
        assert vasi(*removal).code == 0
        assert not file.exists(), removal
    vasi("add", str(handbook))
    file = learned()
    assert vasi("add", str(handbook)).code == 0
    assert file.exists(), "nothing changed"
    handbook.write_text("# Leave\n\nNothing else.\n", encoding="utf-8")
    assert vasi("add", str(handbook)).code == 0
    assert not file.exists()


def test_an_empty_folder_is_told(vasi: Vasi, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert vasi("add", str(tmp_path / "empty")).out == "There is no file in it.\n"


@pytest.mark.parametrize("path", ["", " "])
def test_an_empty_path_is_not_the_current_folder(vasi: Vasi, handbook: Path, path: str) -> None:
    run = vasi("add", path)
    assert (run.code, " is empty" in run.err) == (2, True)
    assert vasi("sources", "--json").json() == []
