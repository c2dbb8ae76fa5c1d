"""Adding, replacing, finding and forgetting documents."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.knowledge import documents
from vasi.errors import DocumentError, LimitError, NotFoundError
from vasi.knowledge import Knowledge
from vasi.knowledge.index import Index
from vasi.knowledge.parse.formats import READABLE
from vasi.storage.sqlite import SqliteStore
from vasi.testing.settings import reading_limits


async def test_a_folder_is_read_and_can_be_searched(knowledge: Knowledge, folder: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    report = await knowledge.add("ann", [folder], progress=lambda done, total, what: seen.append((done, total, what)))
    assert [document.name for document in report.added] == ["people.csv", "gym.md"]
    assert report.failed == report.skipped == report.removed == ()
    assert seen[0] == (0, 0, "Looking for files")
    assert {"Reading gym.md", "Indexing people.csv"} <= {what for _, _, what in seen}
    assert seen[-1][:2] == (2, 2)
    found = await knowledge.search("ann", "When does the gym open?")
    assert found.found
    best = found.passages[0].passage
    assert (best.document, best.heading, best.text) == ("gym.md", "Gym", "The gym opens at half past six.")
    assert "Maria Lindqvist; Room: 214" in (await knowledge.search("ann", "room of Maria")).passages[0].passage.text


async def test_front_matter_is_found(knowledge: Knowledge, folder: Path) -> None:
    matter = "---\nauthor: Lena Brandt\ntags: [bees, honey]\ndate: 2024-05-01\n---\n"
    (folder / "diary.md").write_text(f"{matter}# Beekeeping diary\n\n## May\n\nThe first swarm left the hive.\n")
    (folder / "other.md").write_text("---\nauthor: Kofi Mensah\n---\n# Sailing diary\n\nA calm day on the lake.\n")
    await knowledge.add("ann", [folder])
    found = await knowledge.search("ann", "Who is the author of the beekeeping diary?")
    assert found.found
    best = found.passages[0].passage
    assert (best.document, best.heading) == ("diary.md", "Beekeeping diary")
    assert "Author: Lena Brandt; Tags: bees, honey" in best.text


async def test_owners_do_not_see_each_other(knowledge: Knowledge, folder: Path) -> None:
    await knowledge.add("ann", [folder])
    assert await knowledge.documents("bob") == []
    assert not (await knowledge.search("bob", "When does the gym open?")).passages


async def test_unchanged_is_not_read_changed_is_replaced_vanished_is_removed(
    knowledge: Knowledge, folder: Path
) -> None:
    await knowledge.add("ann", [folder])
    (folder / "gym.md").write_text("# Gym\n\nThe gym opens at eight.\n")
    (folder / "below" / "people.csv").unlink()
    (folder / "new.txt").write_text("The pool is closed.")
    report = await knowledge.add("ann", [folder])
    assert [document.name for document in report.added] == ["gym.md", "new.txt"]
    assert [document.name for document in report.removed] == ["people.csv"]
    assert [document.name for document in await knowledge.documents("ann")] == ["gym.md", "new.txt"]
    found = await knowledge.search("ann", "When does the gym open?")
    assert found.passages[0].passage.text == "The gym opens at eight."
    assert not (await knowledge.search("ann", "Maria Lindqvist")).found
    again = await knowledge.add("ann", [folder])
    assert again.added == ()
    assert [document.name for document in again.unchanged] == ["gym.md", "new.txt"]


async def test_one_bad_file_does_not_stop_the_rest(knowledge: Knowledge, folder: Path) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    (folder / "bomb.docx").write_bytes(documents.bomb())
    (folder / "picture.png").write_bytes(b"\x89PNG")
    (folder / "scan.pdf").write_bytes(documents.pdf([documents.body("Text."), []], image_pages=[1]))
    report = await knowledge.add("ann", [folder, folder / "missing.txt", folder / "picture.png"])
    assert [document.name for document in report.added] == ["people.csv", "gym.md", "scan.pdf"]
    messages = [problem.message for problem in report.failed]
    assert [message.split()[0].rsplit("/", 1)[-1] for message in messages] == [
        "bomb.docx",
        "broken.pdf",
        "missing.txt",
        "picture.png",
    ]
    assert [problem.message for problem in report.skipped] == ["picture.png isn't a kind of document that vasi reads."]
    assert [problem.message for problem in report.warnings] == [
        "scan.pdf: Page 2 has no text (scanned?): run OCR on the file and add the result."
    ]


async def test_a_document_that_broke_stays_as_it_was(knowledge: Knowledge, folder: Path) -> None:
    await knowledge.add("ann", [folder])
    (folder / "gym.md").write_bytes(b"\x7fELF" + bytes(100))
    report = await knowledge.add("ann", [folder / "gym.md"])
    assert [problem.message for problem in report.failed] == [f"gym.md is a program; vasi reads {READABLE}."]
    assert (await knowledge.search("ann", "When does the gym open?")).found


async def test_hidden_files_and_links_in_a_folder_are_left_alone(knowledge: Knowledge, folder: Path) -> None:
    outside = folder.parent / "outside.txt"
    outside.write_text("Secret plans.")
    (folder / ".hidden.txt").write_text("Hidden words.")
    (folder / ".git").mkdir()
    (folder / ".git" / "x.txt").write_text("Hidden words.")
    (folder / "link.txt").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.txt")
    report = await knowledge.add("ann", [folder])
    assert [document.name for document in report.added] == ["people.csv", "gym.md"]
    assert [problem.message for problem in report.failed] == ["pipe.txt isn't a regular file."]
    assert any("link.txt is a link" in problem.message for problem in report.skipped)
    by_name = await knowledge.add("ann", [folder / "link.txt"])
    assert [document.name for document in by_name.added] == ["link.txt"]


async def test_too_many_files(store: SqliteStore, index: Index, folder: Path) -> None:
    knowledge = Knowledge(store, index, limits=reading_limits(files=1))
    with pytest.raises(LimitError, match="more than 1 files"):
        await knowledge.add("ann", [folder])


async def test_remove_by_name_path_and_id(knowledge: Knowledge, folder: Path) -> None:
    (folder / "below" / "gym.md").write_text("Another gym.")
    await knowledge.add("ann", [folder])
    with pytest.raises(DocumentError, match=r"There are 2 documents called gym\.md"):
        await knowledge.remove("ann", "gym.md")
    assert (await knowledge.remove("ann", str(folder / "below" / "gym.md"))).source == str(folder / "below" / "gym.md")
    await knowledge.add("ann", [folder / "below"])
    assert (await knowledge.remove("ann", "below/gym.md")).source == str(folder / "below" / "gym.md")
    assert (await knowledge.remove("ann", "GYM.md")).source == str(folder / "gym.md")
    (left,) = await knowledge.documents("ann")
    with pytest.raises(NotFoundError):
        await knowledge.remove("bob", left.id)
    await knowledge.remove("ann", left.id)
    with pytest.raises(NotFoundError, match=r"no document people\.csv"):
        await knowledge.remove("ann", "people.csv")
    assert not (await knowledge.search("ann", "gym")).passages


async def test_notes_are_found_by_kind(knowledge: Knowledge, store: SqliteStore, folder: Path) -> None:
    await knowledge.add("ann", [folder])
    await store.add_note("ann", "The gym key is under the stone.", at=datetime(2026, 1, 1, tzinfo=UTC))
    notes = await knowledge.search("ann", "Where is the gym key?", kinds=("note",))
    assert [one.passage.kind for one in notes.passages] == ["note"]
    assert notes.found
    only = await knowledge.search("ann", "Where is the gym key?", kinds=("document",))
    assert {one.passage.kind for one in only.passages} == {"document"}
