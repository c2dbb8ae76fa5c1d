"""Documents over HTTP: sent, read in the background, shown, replaced, removed."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.knowledge.documents import body as body_lines
from tests.knowledge.documents import pdf
from tests.web.app_server import App, running
from vasi.engines.ports import ToolCall
from vasi.testing.llm import ScriptedLlm

OWNER = "local"
MANUAL = (
    b"# Pumps\n\nThe blue pump needs oil every spring. It is in the shed.\n\n# Valves\n\nThe valve opens to the left.\n"
)


async def sent(app: App, *files: tuple[str, bytes], **fields: str) -> list[dict[str, Any]]:
    """Send files and wait until they are read; what the jobs came to."""
    form = [("files", (name, content)) for name, content in files]
    answer = await app.http.post("/api/documents", files=form, data=fields)
    assert answer.status_code == 202, answer.text
    begun = [job["id"] for job in answer.json()["jobs"]]
    assert all(job["stage"] in ("received", "failed") for job in answer.json()["jobs"])
    await app.vasi._uploads.idle()
    known = {job["id"]: job for job in (await app.http.get("/api/jobs")).json()["jobs"]}
    return [known[one] for one in begun]


def left(data: Path) -> list[str]:
    """Names of files in the folder of originals."""
    return sorted(path.name for path in (data / "blobs").rglob("*") if path.is_file())


async def listed(app: App) -> list[dict[str, Any]]:
    documents: list[dict[str, Any]] = (await app.http.get("/api/documents")).json()["documents"]
    return documents


async def test_a_sent_file_is_read_found_and_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch) as app:
        (job,) = await sent(app, ("pump manual.md", MANUAL))
        assert (job["name"], job["stage"], job["error"]) == ("pump manual.md", "done", None)
        (document,) = await listed(app)
        assert (document["id"], document["name"], document["uploaded"], document["bytes"]) == (
            job["document_id"], "pump manual.md", True, len(MANUAL)
        )  # fmt: skip
        found = (await app.http.get("/api/search", params={"q": "When does the pump need oil?"})).json()
        assert found["found"]
        best = found["passages"][0]
        assert (best["source_id"], best["document"], best["heading"]) == (document["id"], "pump manual.md", "Pumps")
        one = (await app.http.get(f"/api/passages/{best['id']}")).json()
        assert {**one, "score": best["score"]} == best
        content = await app.http.get(f"/api/documents/{document['id']}/content")
        assert content.content == MANUAL
        assert content.headers["content-type"].startswith("text/markdown")
        assert content.headers["content-disposition"] == "attachment; filename*=UTF-8''pump%20manual.md"
        assert "sandbox" in content.headers["content-security-policy"]
        assert content.headers["x-content-type-options"] == "nosniff"
        seen = {"If-None-Match": content.headers["etag"]}
        assert (await app.http.get(f"/api/documents/{document['id']}/content", headers=seen)).status_code == 304
        part = await app.http.get(f"/api/documents/{document['id']}/content", headers={"Range": "bytes=2-6"})
        assert (part.status_code, part.content) == (206, b"Pumps")
    async with running(tmp_path, monkeypatch) as app:
        assert await listed(app) == [document], "it's there after a restart"
        assert (await app.http.get(f"/api/documents/{document['id']}/content")).content == MANUAL


async def test_the_text_of_a_document_shows_where_its_passages_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentences = [f"Sentence number {n} tells of oil and of nothing else at all." for n in range(60)]
    async with running(tmp_path, monkeypatch) as app:
        (job,) = await sent(app, ("long.pdf", pdf([body_lines(*sentences), body_lines("A short last page.")])))
        assert job["stage"] == "done", job
        whole = (await app.http.get(f"/api/documents/{job['document_id']}/text")).json()
        assert whole["document"]["pages"] == 2
        assert [section["page"] for section in whole["pages"]] == [1, 2]
        assert " ".join(whole["pages"][0]["text"].split()) == " ".join(sentences)
        spans = whole["pages"][0]["passages"]
        assert len(spans) > 3
        for span in spans:
            one = (await app.http.get(f"/api/passages/{span['id']}")).json()
            assert whole["pages"][0]["text"][span["start"] : span["end"]] == one["text"]


async def test_files_fail_one_by_one_with_a_sentence_that_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path, monkeypatch, limits={"file_mb": 1}) as app:
        jobs = await sent(
            app,
            ("good.txt", b"The key is under the mat."),
            ("large.txt", b"word " * 300_000),
            ("empty.txt", b""),
            ("picture.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 50),
            ("../../etc/../sneaky\x1b[2J.txt", b"A name that wants to go elsewhere."),
        )
        assert [job["stage"] for job in jobs] == ["done", "failed", "failed", "failed", "done"]
        assert "the limit is 1 MB" in jobs[1]["error"]
        assert jobs[2]["error"] == "empty.txt is empty."
        assert "PNG image" in jobs[3]["error"]
        assert jobs[4]["name"] == "sneaky[2J.txt"
        assert len(await listed(app)) == 2
        assert len(left(tmp_path)) == 2, "nothing stays of what failed"


async def test_the_same_file_again_is_not_read_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch) as app:
        (first,) = await sent(app, ("a.txt", b"The key is under the mat."))
        (second,) = await sent(app, ("b.txt", b"The key is under the mat."))
        assert second["document_id"] == first["document_id"]
        assert second["note"] == "b.txt holds the same as a.txt, which is there already. It isn't kept twice."
        assert first["note"] is None
        assert len(await listed(app)) == 1


async def test_files_of_one_name_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "here" / "plan.txt"
    here.parent.mkdir()
    here.write_text("The ladder is in the shed.")
    async with running(tmp_path / "data", monkeypatch) as app:
        (first,) = await sent(app, ("plan.txt", b"The key is under the mat."))
        (second,) = await sent(app, ("plan.txt", b"The almond is on the roof."))
        assert second["note"] == "Another document is called plan.txt; this one is kept as plan (2).txt."
        await app.vasi.knowledge.add(OWNER, [here])
        assert [one["name"] for one in await listed(app)] == ["here/plan.txt", "plan (2).txt", "plan.txt"]
        found = (await app.http.get("/api/search", params={"q": "Where is the almond?"})).json()["passages"][0]
        assert (found["document"], found["source_id"]) == ("plan (2).txt", second["document_id"])
        by_path = next(one for one in await listed(app) if not one["uploaded"])
        content = await app.http.get(f"/api/documents/{by_path['id']}/content")
        assert content.headers["content-disposition"] == "attachment; filename*=UTF-8''plan.txt"
        (copy,) = await sent(app, ("ladder.txt", b"The ladder is in the shed."))
        assert copy["note"] == "ladder.txt holds the same as here/plan.txt, which is there already."
        assert copy["document_id"] not in (first["document_id"], second["document_id"])


async def test_a_replacement_keeps_the_id_and_forgets_the_old_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path, monkeypatch) as app:
        (first,) = await sent(app, ("a.txt", b"The walnut is under the mat."))
        (second,) = await sent(app, ("b.txt", b"The almond is on the roof."), replace=first["document_id"])
        assert (second["stage"], second["document_id"]) == ("done", first["document_id"])
        (document,) = await listed(app)
        assert document["name"] == "b.txt"
        content = await app.http.get(f"/api/documents/{document['id']}/content")
        assert content.content == b"The almond is on the roof."
        assert (await app.http.get("/api/search", params={"q": "walnut"})).json()["passages"] == []
        assert len(left(tmp_path)) == 1
        (failed,) = await sent(app, ("c.txt", b""), replace=first["document_id"])
        assert failed["stage"] == "failed"
        assert await listed(app) == [document], "what can't be read replaces nothing"
        none = await app.http.post("/api/documents", files={"files": ("d.txt", b"x")}, data={"replace": "doc_none"})
        assert (none.status_code, none.json()["error"]["code"]) == (404, "not_found")


async def test_what_was_cited_is_found_after_the_document_was_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    llm = ScriptedLlm(
        ToolCall("c1", "search_knowledge", '{"query": "When does the blue pump need oil?"}'),
        "The blue pump needs oil every spring.",
    )
    async with running(tmp_path, monkeypatch, llm) as app:
        (job,) = await sent(app, ("manual.md", MANUAL))
        async with app.talk() as client:
            await client.say("When does the blue pump need oil?")
        (conversation,) = (await app.http.get("/api/conversations")).json()["conversations"]
        items = (await app.http.get(f"/api/conversations/{conversation['id']}")).json()["items"]
        (cited,) = [passage for item in items for span in item["citations"] for passage in span["passages"]]
        assert (cited["document"], cited["kind"], cited["source_id"]) == ("manual.md", "document", job["document_id"])
        assert cited["excerpt"].startswith("The blue pump needs oil every spring.")
        before = (await app.http.get(f"/api/passages/{cited['id']}")).json()
        await sent(app, ("new.md", b"# Contents\n\nPumps, valves.\n\n" + MANUAL), replace=job["document_id"])
        after = (await app.http.get(f"/api/passages/{cited['id']}")).json()
        assert after["id"] != before["id"]
        assert (after["document"], after["text"], after["heading"]) == ("new.md", before["text"], "Pumps")
        assert after["start"] > before["start"]
        gone = await app.http.get(f"/api/passages/{before['id']}x")
        assert (gone.status_code, gone.json()["error"]["code"]) == (404, "not_found")
        await sent(app, ("new.md", b"# Pumps\n\nThe red pump is gone.\n"), replace=job["document_id"])
        gone = await app.http.get(f"/api/passages/{cited['id']}")
        assert (gone.status_code, gone.json()["error"]["code"]) == (404, "not_found")


async def test_a_removed_document_takes_its_original_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch) as app:
        (job,) = await sent(app, ("a.txt", b"The zyxomat is under the mat."))
        address = f"/api/documents/{job['document_id']}"
        assert (await app.http.delete(address)).status_code == 204
        assert (left(tmp_path), await listed(app)) == ([], [])
        for path in (address, f"{address}/content", f"{address}/text"):
            method = "DELETE" if path == address else "GET"
            assert (await app.http.request(method, path)).status_code == 404
    assert b"zyxomat" not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


async def test_a_document_added_by_path_is_served_as_long_as_it_is_that_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "documents" / "plan.md"
    path.parent.mkdir()
    path.write_bytes(MANUAL)
    async with running(tmp_path / "data", monkeypatch) as app:
        await app.vasi.knowledge.add(OWNER, [path])
        (document,) = await listed(app)
        assert (document["uploaded"], document["source"]) == (False, "plan.md")
        address = f"/api/documents/{document['id']}/content"
        assert (await app.http.get(address)).content == MANUAL
        path.write_text("Something else entirely.")
        changed = await app.http.get(address)
        assert (changed.status_code, "was changed" in changed.text) == (422, True)
        path.unlink()
        assert (await app.http.get(address)).status_code == 404
        assert (await app.http.delete(f"/api/documents/{document['id']}")).status_code == 204


def body(*parts: bytes, boundary: bytes = b"xyz", end: bytes = b"--xyz--\r\n") -> dict[str, Any]:
    content = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts) + end
    return {"content": content, "headers": {"Content-Type": "multipart/form-data; boundary=xyz"}}


FILE = b'Content-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nwalnut'


WRONG: list[tuple[dict[str, Any], set[int]]] = [
    ({"json": {"files": []}}, {400}),
    ({"content": b"", "headers": {"Content-Type": "multipart/form-data"}}, {400}),
    ({"content": b"", "headers": {"Content-Type": "multipart/form-data; boundary=" + "x" * 300}}, {400}),
    (body(), {400}),
    (body(b"no header at all"), {400}),
    (body(FILE, end=b""), {400}),
    (body(FILE.replace(b'"files"', b'"other"')), {400}),
    (body(b'Content-Disposition: form-data; name="replace"\r\n\r\n' + b"x" * 300), {413}),
    (body(b'Content-Disposition: form-data; name="wrong"\r\n\r\nx'), {400}),
    (body(b"X: " + b"y" * 9_000 + b"\r\n" + FILE), {400, 413}),
    (body(*[FILE] * 51), {413}),
    (body(FILE, FILE, b'Content-Disposition: form-data; name="replace"\r\n\r\ndoc_1'), {400}),
]


async def test_a_wrong_form_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch) as app:
        for request, statuses in WRONG:
            answer = await app.http.post("/api/documents", **request)
            assert answer.status_code in statuses, (request, answer.text)
            assert answer.json()["error"].keys() == {"message", "type", "param", "code"}
            assert (left(tmp_path), await listed(app)) == ([], [])
        assert (await app.http.get("/api/jobs")).json() == {"jobs": []}


async def test_who_hangs_up_in_the_middle_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch) as app:
        reader, writer = await asyncio.open_connection("127.0.0.1", app.server.port)
        head = "POST /api/documents HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n"
        writer.write(f"{head}Content-Type: multipart/form-data; boundary=xyz\r\n\r\n--xyz\r\n".encode())
        writer.write(FILE + b"x" * 300_000)
        await writer.drain()
        async with asyncio.timeout(10):
            while not left(tmp_path):
                await app.http.get("/healthz")
            writer.close()
            while left(tmp_path):
                await app.http.get("/healthz")
        assert await reader.read() == b""


async def test_originals_are_for_their_owner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch) as app:
        await sent(app, ("a.txt", b"The key is under the mat."))
        modes = {path: path.stat().st_mode & 0o077 for path in (tmp_path / "blobs").rglob("*")}
        assert modes
        assert set(modes.values()) == {0}
        assert all(re.fullmatch(r"[0-9a-f]{64}", name) for name in left(tmp_path))


async def test_what_a_killed_server_left_is_removed_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch) as app:
        await sent(app, ("a.txt", b"The key is under the mat."))
    (kept,) = (path for path in (tmp_path / "blobs").rglob("*") if path.is_file())
    orphans = (kept.with_name("ab" * 32), *(tmp_path / "blobs" / folder / "cd" for folder in ("incoming", "uploads")))
    for orphan in orphans:
        orphan.write_bytes(b"left behind")
        os.utime(orphan, (0, 0))
    os.utime(kept, (0, 0))
    async with running(tmp_path, monkeypatch) as app:
        async with asyncio.timeout(10):
            while len(left(tmp_path)) > 1:
                await app.http.get("/healthz")
        assert left(tmp_path) == [kept.name]


async def test_a_request_is_taken_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vasi.knowledge.uploads.MAX_WAITING", 2)
    form = [("files", (f"{n}.txt", f"The key number {n} is under the mat.".encode())) for n in range(3)]
    async with running(tmp_path, monkeypatch) as app:
        refused = await app.http.post("/api/documents", files=form)
        assert (refused.status_code, refused.json()["error"]["param"]) == (413, "files")
        assert (left(tmp_path), await listed(app)) == ([], [])
        assert (await app.http.get("/api/jobs")).json() == {"jobs": []}
        assert [job["stage"] for job in await sent(app, *(file for _, file in form[:2]))] == ["done", "done"]


async def test_files_that_wait_count_towards_the_limit_of_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, limits={"originals_mb": 1}) as app:
        form = {"files": ("a.txt", b"The almond is on the roof. " * 20_000)}
        answers = await asyncio.gather(*(app.http.post("/api/documents", files=form) for _ in range(4)))
        assert sorted(answer.status_code for answer in answers) == [202, 413, 413, 413]
        assert all("limits.originals_mb" in answer.text for answer in answers if answer.status_code == 413)
        await app.vasi._uploads.idle()
        assert len(await listed(app)) == len(left(tmp_path)) == 1


async def test_the_limit_holds_while_the_body_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vasi.web.api.multipart.MAX_REQUEST_BYTES", 1_000_000)
    async with running(tmp_path, monkeypatch) as app:
        form = [("files", (f"{n}.txt", b"word " * 60_000)) for n in range(5)]
        try:
            answer = await app.http.post("/api/documents", files=form)
        except httpx2.TransportError:
            pass  # the server hung up on us
        else:
            assert answer.status_code == 413
        async with asyncio.timeout(10):
            while left(tmp_path):
                await app.http.get("/healthz")


async def test_a_backup_made_while_the_server_runs_serves_what_was_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "elsewhere" / "copy"
    copy.parent.mkdir()
    async with running(tmp_path / "data", monkeypatch) as app:
        (job, gone) = await sent(app, ("pump.md", MANUAL), ("old.md", b"# Old\n\nAway with it.\n"))
        assert (await app.http.delete(f"/api/documents/{gone['document_id']}")).status_code == 204
        program = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            "from vasi.cli import main; main()",
            "backup",
            str(copy),
            "--data",
            str(tmp_path / "data"),
        )
        assert await program.wait() == 0
        await app.http.delete(f"/api/documents/{job['document_id']}")
    assert left(tmp_path / "data") == []
    async with running(copy, monkeypatch) as restored:
        (document,) = await listed(restored)
        content = await restored.http.get(f"/api/documents/{document['id']}/content")
        assert content.content == MANUAL
        found = (await restored.http.get("/api/search", params={"q": "When does the pump need oil?"})).json()
        assert found["passages"][0]["document"] == "pump.md"
    assert len(left(copy)) == 1, "only what the library has"
