"""Everything of a user's goes out into one file, and comes back from it, on another server as well."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.people import ANNA, BEN, PEOPLE, signed_in
from tests.web.app_server import App, running
from vasi.accounts.principals import Principal
from vasi.app import imports
from vasi.engines.llm.extractive import ExtractiveLlm

MANUAL = b"# Pumps\n\nThe zorvane pump needs oil every spring.\n\n# Valves\n\nThe valve opens to the left.\n"
OTHER = b"# Ferry\n\nThe quillimar ferry leaves at nine.\n"


async def filled(app: App, person: Principal, *, more: bool = False) -> None:
    """Documents, notes, a talk that cites both, and preferences."""
    headers = signed_in(person)
    if more:  # so that the numbers of passages differ
        await sent(app, person, "first.md", b"# Something else\n\nThe gate is locked at eight. Nobody has a key.\n")
    await sent(app, person, "pump manual.md", MANUAL)
    await sent(app, person, "Größe: ../../ferry?.md", OTHER)
    note = {"text": "# Not a heading\n\n---\n\nOil the *zorvane*.", "tags": ["Pümpe", "todo"], "pinned": True}
    assert (await app.http.post("/api/notes", json=note, headers=headers)).status_code == 201
    await app.http.put("/api/account/preferences", json={"theme": "dark"}, headers=headers)
    async with app.talk(headers=headers) as client:
        await client.say("When does the zorvane pump need oil?")
        await client.say("Take a note that the gate is green.")
    while len((await app.http.get("/api/notes", headers=headers)).json()["notes"]) < 2:
        pass


async def sent(app: App, person: Principal, name: str, content: bytes) -> None:
    answer = await app.http.post("/api/documents", files=[("files", (name, content))], headers=signed_in(person))
    assert answer.status_code == 202, answer.text
    await app.vasi._uploads.idle()


async def exported(app: App, person: Principal) -> bytes:
    answer = await app.http.get("/api/account/export", headers=signed_in(person))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert "vasi-20" in answer.headers["content-disposition"]
    return answer.content


async def imported(app: App, person: Principal, archive: bytes, status: int = 200) -> Any:
    headers = {**signed_in(person), "content-type": "application/zip"}
    answer = await app.http.post("/api/account/import", content=archive, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


async def seen(app: App, person: Principal) -> dict[str, Any]:
    """What the user sees of it, but for the numbers of passages."""
    headers = signed_in(person)

    async def got(path: str) -> Any:
        return (await app.http.get(f"/api/{path}", headers=headers)).json()

    documents = (await got("documents"))["documents"]
    for one in documents:
        content = (await app.http.get(f"/api/documents/{one['id']}/content", headers=headers)).content
        one["content"] = hashlib.sha256(content).hexdigest()
        del one["updated_at"]
    conversations = [await got(f"conversations/{one['id']}") for one in (await got("conversations"))["conversations"]]
    texts: list[str] = []
    for one in (passage for talk in conversations for item in talk["items"] for passage in cited(item)):
        if one["kind"] == "document":
            found = await got(f"passages/{one['id']}")
            assert found["source_id"] == one["source_id"] in {document["id"] for document in documents}
            texts.append(found["text"])
        one["id"] = ""
    return {
        "documents": documents,
        "notes": (await got("notes"))["notes"],
        "conversations": conversations,
        "cited": texts,
        "preferences": await got("account/preferences"),
    }


def cited(item: Any) -> list[Any]:
    return [passage for span in item["citations"] for passage in span["passages"]]


async def test_everything_comes_back_on_another_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path / "one", monkeypatch, ExtractiveLlm(), authenticator=PEOPLE) as app:
        await filled(app, ANNA)
        await filled(app, BEN)
        before, archive = await seen(app, ANNA), await exported(app, ANNA)
    assert before["cited"]
    assert any("oil every spring" in text for text in before["cited"])
    async with running(tmp_path / "other", monkeypatch, ExtractiveLlm(), authenticator=PEOPLE) as app:
        await sent(app, BEN, "first.md", b"# Something else\n\nThe gate is locked at eight.\n")
        came = await imported(app, ANNA, archive)
        assert came == {"documents": 2, "notes": 2, "conversations": 1, "known": 0, "problems": []}
        assert await seen(app, ANNA) == before
        found = await app.http.get("/api/search", params={"q": "When does the ferry leave?"}, headers=signed_in(ANNA))
        assert found.json()["found"]
        again = await imported(app, ANNA, archive)
        assert again == {"documents": 0, "notes": 0, "conversations": 0, "known": 5, "problems": []}
        assert await seen(app, ANNA) == before
        # And into another account, beside the one that it is of.
        to_ben = await imported(app, BEN, archive)
        assert (to_ben["documents"], to_ben["notes"], to_ben["conversations"]) == (2, 2, 1)
        assert (await imported(app, BEN, archive))["known"] == 5
        theirs = await seen(app, BEN)
        assert theirs["cited"] == before["cited"]
        assert not {one["id"] for one in theirs["notes"]} & {one["id"] for one in before["notes"]}
        assert await seen(app, ANNA) == before
        assert await app.vasi.store.check() == []


async def test_the_archive_can_be_read_without_vasi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, ExtractiveLlm(), authenticator=PEOPLE) as app:
        await filled(app, ANNA)
        archive = zipfile.ZipFile(io.BytesIO(await exported(app, ANNA)))
    assert archive.testzip() is None
    names = archive.namelist()
    assert names[-1] == "manifest.json"
    assert not [name for name in names if ".." in name or name.startswith("/") or ":" in name or "?" in name]
    manifest = json.loads(archive.read("manifest.json"))
    assert (manifest["format"], manifest["version"]) == ("vasi-export", 1)
    assert set(manifest["files"]) == set(names) - {"manifest.json"}
    for name, one in manifest["files"].items():
        content = archive.read(name)
        assert (len(content), hashlib.sha256(content).hexdigest()) == (one["bytes"], one["sha256"])
    originals = [archive.read(one["path"]) for one in manifest["documents"]]
    assert sorted(originals) == sorted([MANUAL, OTHER])
    notes = [archive.read(one["path"]).decode() for one in manifest["notes"]]
    assert any(note.startswith("---\nid: ") and note.endswith("Oil the *zorvane*.") for note in notes)
    assert any(
        "When does the zorvane pump need oil?" in archive.read(name).decode() for name in names if name.endswith(".md")
    )


def rewritten(archive: bytes, change: Callable[[dict[str, bytes], dict[str, Any]], None]) -> bytes:
    """The archive with other entries; ``change`` gets them with the manifest."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        entries = {name: opened.read(name) for name in opened.namelist()}
    manifest = json.loads(entries.pop("manifest.json"))
    change(entries, manifest)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in entries.items():
            written.writestr(name, content)
        written.writestr("manifest.json", json.dumps(manifest))
    return made.getvalue()


async def test_archives_of_others_do_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path / "data", monkeypatch, ExtractiveLlm(), authenticator=PEOPLE) as app:
        await filled(app, ANNA)
        archive = await exported(app, ANNA)
        before = await seen(app, BEN)

        def renamed(entries: dict[str, bytes], manifest: dict[str, Any]) -> None:
            entries["../../../evil.md"] = b"# Evil\n\nOutside of the folder.\n"
            entries["/tmp/evil.md"] = b"# Evil\n"
            one = manifest["documents"][0]
            one |= {"path": "../../../evil.md", "name": "../../evil.md", "source": str(tmp_path / "data" / "vasi.db")}
            manifest["documents"] = [one]
            manifest["notes"] = manifest["conversations"] = []

        came = await imported(app, BEN, rewritten(archive, renamed))
        assert came["documents"] == 1
        (document,) = (await app.http.get("/api/documents", headers=signed_in(BEN))).json()["documents"]
        assert document["source"].startswith("upload:")
        assert [path for path in tmp_path.rglob("*evil*") if path.is_file()] == []
        await app.http.delete(f"/api/documents/{document['id']}", headers=signed_in(BEN))

        def damaged(entries: dict[str, bytes], manifest: dict[str, Any]) -> None:
            for name in entries:
                entries[name] += b"x"
            manifest["notes"].append({"id": "note_1", "path": "notes/none.md"})

        came = await imported(app, BEN, rewritten(archive, damaged))
        assert (came["documents"], came["notes"], came["conversations"]) == (0, 0, 0)
        assert any("digest differs" in one for one in came["problems"])
        assert any("missing" in one for one in came["problems"])

        def nonsense(entries: dict[str, bytes], manifest: dict[str, Any]) -> None:
            manifest["files"] = {}
            for one in manifest["notes"]:
                entries[one["path"]] = b'---\nid: "note_1"\ncreated_at: "yesterday"\n---\n\nHello'
            for one in manifest["conversations"]:
                entries[one["path"]] = b'{"id": "conv_1", "title": "", "items": [{"item": {"type": "message"}}]}'
            manifest["documents"] = []

        came = await imported(app, BEN, rewritten(archive, nonsense))
        assert (came["notes"], came["conversations"], len(came["problems"])) == (0, 0, 3)
        assert await seen(app, BEN) == {**before, "preferences": {"theme": "dark"}}

        for wrong in (
            b"PK",
            b"",
            b"x" * 100,
            zipped({}),
            zipped({"manifest.json": b"{}"}),
            zipped({"manifest.json": b"[" * 9_999}),
        ):
            assert (await imported(app, BEN, wrong, 400))["error"]["code"] in ("not_an_export", "invalid_value")


def zipped(entries: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in entries.items():
            written.writestr(name, content)
    return made.getvalue()


def lying(archive: bytes, size: int) -> bytes:
    """The archive, whose first entry says in the directory that it's of this size, unpacked."""
    changed = bytearray(archive)
    place = archive.index(b"PK\x01\x02")
    changed[place + 24 : place + 28] = size.to_bytes(4, "little")
    return bytes(changed)


async def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(
        tmp_path / "data", monkeypatch, ExtractiveLlm(), authenticator=PEOPLE, limits={"file_mb": 1}
    ) as app:
        await filled(app, ANNA)
        archive = await exported(app, ANNA)

        def bomb(entries: dict[str, bytes], manifest: dict[str, Any]) -> None:
            manifest["files"] = {}
            manifest["notes"] = manifest["conversations"] = []
            entries[manifest["documents"][0]["path"]] = b"\0" * 60_000_000

        big = rewritten(archive, bomb)
        assert len(big) < 200_000
        came = await imported(app, BEN, big)
        assert came["documents"] == 1
        assert any("larger" in one for one in came["problems"])
        monkeypatch.setattr(imports, "MOST_BYTES", 1_000_000)
        assert (await imported(app, BEN, big, 413))["error"]["message"].startswith("The archive holds too much")
        monkeypatch.setattr(imports, "MOST_ENTRIES", 3)
        assert (await imported(app, BEN, archive, 413))["error"]["message"].startswith("The archive holds too much")
        monkeypatch.setattr(imports, "MOST_BYTES", 8_000_000)
        monkeypatch.setattr(imports, "MOST_ENTRIES", 1_000)
        came = await imported(app, BEN, lying(big, 5))
        assert came["documents"] <= 1
        assert came["problems"]
    left = [path for path in (tmp_path / "data" / "blobs" / "uploads").rglob("*") if path.is_file()]
    assert left == []
