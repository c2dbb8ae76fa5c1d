"""ZIP archives: each document in one is a document by itself."""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.knowledge import documents, office_files
from tests.knowledge.office_files import archive
from tests.knowledge.test_uploads import OWNER, desk_over
from vasi.errors import DocumentError, NotFoundError
from vasi.knowledge import Knowledge
from vasi.knowledge.index import Index
from vasi.knowledge.originals import original_of
from vasi.knowledge.parse import archive as archives
from vasi.storage.blobs import BlobFolder
from vasi.storage.sqlite import SqliteStore

PARTS: Mapping[str, str | bytes] = {
    "rules/harbour.odt": office_files.odt(),
    "rules/leave.docx": documents.word(),
    "gym.md": "# Gym\n\nThe gym opens at half past six.\n",
    "photo.png": b"\x89PNG",
    "broken.pdf": b"%PDF-1.7 nothing",
    "inner.zip": archive({"x.md": "Hidden deep."}),
    "__MACOSX/gym.md": "Not mine.",
    ".hidden/x.md": "Not mine.",
}


async def test_each_document_in_an_archive_is_found_by_itself(knowledge: Knowledge, tmp_path: Path) -> None:
    packed = tmp_path / "papers.zip"
    packed.write_bytes(archive(PARTS))
    report = await knowledge.add("ann", [packed])
    names = ["papers.zip/gym.md", "papers.zip/rules/harbour.odt", "papers.zip/rules/leave.docx"]
    assert [document.name for document in report.added] == names
    found = await knowledge.search("ann", "When does the gym open?")
    assert found.passages[0].passage.document == "papers.zip/gym.md"
    assert [problem.message.split(" ")[0] for problem in report.failed] == ["papers.zip/broken.pdf"]
    assert {problem.kind for problem in report.skipped} == {".png files", "archives in archives"}
    assert len(report.left_out) == 2
    assert not report.is_complete


async def test_only_what_changed_in_an_archive_is_read_again(knowledge: Knowledge, tmp_path: Path) -> None:
    packed = tmp_path / "papers.zip"
    packed.write_bytes(archive({"a.md": "# A\n\nThe first.", "b.md": "# B\n\nThe second."}))
    await knowledge.add("ann", [tmp_path])
    packed.write_bytes(archive({"a.md": "# A\n\nThe first.", "c.md": "# C\n\nThe third."}))
    report = await knowledge.add("ann", [packed])
    assert [document.name for document in report.added] == ["papers.zip/c.md"]
    assert [document.name for document in report.unchanged] == ["papers.zip/a.md"]
    assert [document.name for document in report.removed] == ["papers.zip/b.md"]
    packed.write_bytes(b"PK\x03\x04 damaged now")
    report = await knowledge.add("ann", [tmp_path])
    assert [problem.message for problem in report.failed] == [
        "papers.zip is a damaged ZIP archive or Office file; " + report.failed[0].message.partition("; ")[2]
    ]
    assert not report.removed, "what was read of it stays while it can't be unpacked"
    packed.unlink()
    assert len((await knowledge.add("ann", [tmp_path])).removed) == 2


def with_protected(data: bytes, name: str) -> bytes:
    """The archive ``data`` with the entry ``name`` flagged as encrypted, in its directory and in front of it."""
    protected = bytearray(data)
    for signature, flags, at_name in ((b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)):
        at = protected.find(signature)
        while at >= 0:
            if protected[at + at_name :].startswith(name.encode()):
                protected[at + flags] |= 1
            at = protected.find(signature, at + 4)
    return bytes(protected)


async def test_a_protected_file_does_not_keep_the_rest_from_being_read(knowledge: Knowledge, tmp_path: Path) -> None:
    parts = {"a.md": "# Gate\n\nThe gate opens at six.", "pay.md": "# Pay\n\nSecret."}
    packed = tmp_path / "papers.zip"
    packed.write_bytes(with_protected(archive(parts), "pay.md"))
    report = await knowledge.add("ann", [packed])
    assert [document.name for document in report.added] == ["papers.zip/a.md"]
    assert [problem.message for problem in report.failed] == [
        "papers.zip/pay.md is protected by a password within its archive: add a copy without it."
    ]
    packed.write_bytes(with_protected(with_protected(archive(parts), "pay.md"), "a.md"))
    report = await knowledge.add("ann", [packed])
    assert "papers.zip is protected by a password" in report.failed[0].message
    assert not report.removed, "what was read before stays"


async def test_what_is_protected_in_an_archive_that_is_sent_is_named(
    tmp_path: Path, store: SqliteStore, index: Index
) -> None:
    async with desk_over(tmp_path, store, index) as desk:
        packed = archive(
            {"a.md": "The gate opens at six.", "pay.md": "Secret.", "inner.zip": archive({"x.md": "Deep."})}
        )
        (upload,) = await desk.upload(("papers.zip", with_protected(packed, "pay.md")))
        async with asyncio.timeout(30):
            await desk.uploads.idle()
        ended = desk.state(upload)
        assert ended.stage == "done", ended.error
        assert ended.note is not None
        assert ended.note.startswith("1 document of papers.zip was read. papers.zip/pay.md is protected")
        assert "papers.zip/inner.zip is an archive in an archive" in ended.note


async def test_archives_of_the_same_names_are_told_apart(knowledge: Knowledge, tmp_path: Path) -> None:
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "papers.zip").write_bytes(archive({"a.md": f"The {folder} rules."}))
    report = await knowledge.add("ann", [tmp_path])
    assert sorted(document.name for document in report.added) == ["old/papers.zip/a.md", "papers.zip/a.md"]


async def test_the_original_of_a_file_in_an_archive_is_in_the_archive(knowledge: Knowledge, tmp_path: Path) -> None:
    packed = tmp_path / "papers.zip"
    packed.write_bytes(archive({"a.md": "# A\n\nThe first."}))
    (document,) = (await knowledge.add("ann", [packed])).added
    with pytest.raises(NotFoundError, match="is in the archive"):
        await original_of(BlobFolder(tmp_path), "ann", document)


async def test_an_archive_that_is_sent(tmp_path: Path, store: SqliteStore, index: Index) -> None:
    async with desk_over(tmp_path, store, index) as desk:
        (upload,) = await desk.upload(("papers.zip", archive(PARTS)))
        async with asyncio.timeout(30):
            await desk.uploads.idle()
        ended = desk.state(upload)
        assert ended.stage == "done", ended.error
        assert ended.note is not None
        assert ended.note.startswith(
            "3 documents of papers.zip were read. papers.zip/inner.zip is an archive in an archive"
        )
        assert "papers.zip/photo.png isn't a kind of document" in ended.note
        assert "papers.zip/broken.pdf" in ended.note
        kept = {document.name: document for document in await desk.knowledge.documents(OWNER)}
        assert set(kept) == {"papers.zip/gym.md", "papers.zip/rules/harbour.odt", "papers.zip/rules/leave.docx"}
        assert all(document.original for document in kept.values()), "each can be shown"
        assert desk.left() == []


@pytest.mark.parametrize(
    ("parts", "reason"),
    [({"photo.png": b"\x89PNG"}, "photo.png isn't a kind"), ({}, "empty")],
)
async def test_an_archive_with_nothing_to_read_fails(
    tmp_path: Path, store: SqliteStore, index: Index, parts: dict[str, bytes], reason: str
) -> None:
    async with desk_over(tmp_path, store, index) as desk:
        (upload,) = await desk.upload(("papers.zip", archive(parts)))
        await desk.uploads.idle()
        assert desk.state(upload).stage == "failed"
        assert reason in (desk.state(upload).error or "")


def test_paths_that_lead_out_stay_within() -> None:
    data = archive({"../../etc/a.md": "x", "/abs/b.md": "y", "c\\d.md": "z", "a\x07\n.md": "w"})
    paths = [member.path for member in archives.contents(data, 1_000_000).members]
    assert paths == ["a.md", "abs/b.md", "c/d.md", "etc/a.md"]


def test_names_in_older_encodings() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("XXXXXX.md", "x")
    data = out.getvalue().replace(b"XXXXXX", "Правил".encode("cp866"))
    assert [member.path for member in archives.contents(data, 1_000_000).members] == ["Правил.md"]


def test_links_in_archives_are_left_out() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        link = zipfile.ZipInfo("link.md")
        link.external_attr = 0o120777 << 16
        file.writestr(link, "/etc/hostname")
        file.writestr("real.md", "The gate opens at six.")
    found = archives.contents(out.getvalue(), 1_000_000)
    assert [member.path for member in found.members] == ["real.md"]
    assert found.left_out == ["link.md"]


def test_bombs_and_too_many_files_are_refused() -> None:
    with pytest.raises(DocumentError, match="zip bomb"):
        archives.contents(documents.bomb(), 200_000_000)
    with pytest.raises(DocumentError, match=r"holds 1,001 files; the limit is 1,000"):
        archives.contents(archive({f"{number}.md": "x" for number in range(1_001)}), 200_000_000)


def test_a_damaged_entry_is_told() -> None:
    data = bytearray(archive({"a.md": "The first. " * 99}))
    data[45:60] = bytes(15)
    with pytest.raises(DocumentError, match="damaged within its archive"):
        archives.unpack(bytes(data), 0, 1_000_000)
