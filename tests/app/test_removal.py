"""An account that is removed leaves nothing behind, in the store, in files or in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.people import ANNA, BEN, PEOPLE, holding, signed_in
from tests.web.app_server import App, running
from vasi.accounts.principals import Principal
from vasi.engines.llm.extractive import ExtractiveLlm
from vasi.errors import NotFoundError

CANARY = "quillimarzebu"


async def used(app: App, person: Principal, word: str) -> None:
    """Leave ``word`` wherever a user can leave something."""
    headers = signed_in(person)
    files = [("files", (f"{word}.md", f"# About\n\nThe {word} swims at dawn near the pier.".encode()))]
    assert (await app.http.post("/api/documents", files=files, headers=headers)).status_code == 202
    await app.vasi._uploads.idle()
    note = (
        await app.http.post("/api/notes", json={"text": f"Feed the {word}.", "tags": [word]}, headers=headers)
    ).json()
    await app.http.patch(f"/api/notes/{note['id']}", json={"text": f"Feed the {word} twice."}, headers=headers)
    gone = (await app.http.post("/api/notes", json={"text": f"Sell the {word}."}, headers=headers)).json()
    await app.http.delete(f"/api/notes/{gone['id']}", headers=headers)
    await app.http.put("/api/account/preferences", json={"pet": word}, headers=headers)
    async with app.talk(headers=headers) as client:
        response = await client.say(f"When does the {word} swim?")
        assert "dawn" in response["output"][-1]["content"][0]["text"]
    assert (await app.http.get("/api/conversations", headers=headers)).json()["conversations"]


async def test_nothing_is_left_of_a_removed_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(
        tmp_path, monkeypatch, ExtractiveLlm(), authenticator=PEOPLE, limits={"tokens_per_day": 9_999}
    ) as app:
        await used(app, ANNA, CANARY)
        await used(app, BEN, "zorvane")
        await app.vasi.removal.remove(ANNA.owner)
        headers = signed_in(ANNA)
        for path, rows in (
            ("documents", "documents"),
            ("notes", "notes"),
            ("conversations", "conversations"),
            ("jobs", "jobs"),
        ):
            assert (await app.http.get(f"/api/{path}", headers=headers)).json()[rows] == []
        assert (await app.http.get("/api/account/preferences", headers=headers)).json() == {}
        assert await app.vasi.store.owners() == [BEN.owner]
        assert await app.vasi.store.check() == []
        with pytest.raises(NotFoundError, match="removed"):  # whatever is still open for it stores nothing
            await app.vasi.store.put_preferences(ANNA.owner, {})
        assert len((await app.http.get("/api/documents", headers=signed_in(BEN))).json()["documents"]) == 1
    assert holding(tmp_path, CANARY, ANNA.owner) == ["vasi.db"], "the mark that it is being removed, an opaque id"
    assert holding(tmp_path, CANARY) == []
    assert holding(tmp_path, "zorvane")


async def test_a_removal_that_was_interrupted_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, ExtractiveLlm(), authenticator=PEOPLE) as app:
        await used(app, ANNA, CANARY)
        store = app.vasi.store

        async def broken(owner: str) -> None:
            raise OSError("the power fails")

        monkeypatch.setattr(app.vasi._blobs, "remove_all", broken)
        with pytest.raises(OSError, match="power"):
            await app.vasi.removal.remove(ANNA.owner)
        assert await store.removals() == [ANNA.owner]
    assert holding(tmp_path / "blobs", CANARY)
    monkeypatch.setattr("vasi.app.removal.CLOSED_S", 0.01)
    async with running(tmp_path, monkeypatch, ExtractiveLlm(), authenticator=PEOPLE) as app:
        while await app.vasi.store.removals():
            pass
        await app.vasi.store.put_preferences(ANNA.owner, {})  # nobody is kept out for ever
    assert holding(tmp_path, CANARY) == []
