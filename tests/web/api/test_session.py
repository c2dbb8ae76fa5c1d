"""What a page learns that asks who is signed in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.app_server import running

KEY = "the-key-of-the-server"


async def test_where_nobody_signs_in_everybody_is_the_local_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path, monkeypatch) as app:
        assert (await app.http.get("/api/session")).json() == {
            "mode": "none",
            "signed_in": True,
            "user": {"id": "local", "name": "", "email": "", "role": "administrator", "groups": []},
            "providers": [],
        }


async def test_where_a_key_is_wanted_one_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, api_keys=KEY) as app:
        answer = await app.http.get("/api/session")
        assert (answer.status_code, answer.json()["signed_in"], answer.json()["user"]) == (200, False, None)
        wrong = await app.http.get("/api/session", headers={"api-key": "wrong"})
        assert (wrong.status_code, wrong.json()["signed_in"]) == (200, False)
        right = (await app.http.get("/api/session", headers={"api-key": KEY})).json()
        assert (right["mode"], right["signed_in"], right["user"]["id"]) == ("keys", True, "local")
        foreign = await app.http.get("/api/session", headers={"Origin": "https://evil.example"})
        assert foreign.status_code == 403


async def test_providers_are_shown_to_those_who_are_not_signed_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    providers = {
        "company": {"kind": "entra", "client_id": "x", "tenant": "t", "client_secret": "canary"},
        "keycloak": {"issuer": "https://login.example.com", "client_id": "y"},
        "google": {"kind": "google", "client_id": "z", "title": "Workspace"},
    }
    async with running(tmp_path, monkeypatch, auth={"mode": "oidc", "providers": providers}) as app:
        answer = await app.http.get("/api/session")
        assert answer.json()["providers"] == [
            {"id": "company", "kind": "entra", "title": "Microsoft"},
            {"id": "keycloak", "kind": "oidc", "title": "Keycloak"},
            {"id": "google", "kind": "google", "title": "Workspace"},
        ]
        assert "canary" not in answer.text
