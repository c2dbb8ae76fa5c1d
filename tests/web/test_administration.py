"""Administrators: how the first becomes one, and what they do with users and invitations."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.web.app_server import running
from tests.web.people import ISSUER, OIDC, SignedIn, sign_in
from vasi.accounts.administration import Administrator
from vasi.accounts.sign_ins import Person
from vasi.errors import SignInError
from vasi.storage.accounts import Identity, UserChanges
from vasi.storage.spending import Spent


async def test_the_code_makes_one_administrator_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, **OIDC) as app:
        administration = app.vasi.accounts.administration
        code = await administration.first_code()
        assert code is not None
        assert len(code.replace("-", "")) >= 25, "it can't be guessed"
        ann, ben = await sign_in(app, "ann"), await sign_in(app, "ben")

        async def claim(user: SignedIn, text: str) -> int:
            return (await user.request("POST", "/auth/claim", json={"code": text})).status_code

        assert await claim(ann, "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA") == 401
        assert (await app.http.post("/auth/claim", json={"code": code})).status_code == 401
        assert (await ann.request("GET", "/api/users")).status_code == 403
        reader = {"Authorization": f"Bearer {await ann.key('read', 'realtime')}"}
        answer = await app.http.post("/auth/claim", json={"code": code}, headers=reader)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "insufficient_scope")
        assert await claim(ann, f" {code.lower()} ") == 200
        assert [await claim(user, code) for user in (ann, ben)] == [401, 401]
        assert (await ann.request("GET", "/api/session")).json()["user"]["role"] == "administrator"
        assert (await ann.request("GET", "/api/users")).status_code == 200
        assert await administration.first_code() is None
    async with running(tmp_path / "keys", monkeypatch, api_keys="the-key-of-the-server") as app:
        key = {"api-key": "the-key-of-the-server"}
        assert (await app.http.post("/auth/claim", json={"code": code}, headers=key)).status_code == 400


async def test_users_are_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = {"tokens_per_day": 500}
    async with running(tmp_path, monkeypatch, limits=limits, **OIDC) as app:
        boss, ann = await sign_in(app, "boss", administrator=True), await sign_in(app, "ann")
        await app.vasi.store.spend(ann.user.id, datetime.now(UTC).date(), Spent(70, 90))

        async def change(who: SignedIn, **changes: Any) -> tuple[int, Any]:
            answer = await boss.request("PATCH", f"/api/users/{who.user.id}", json=changes)
            return answer.status_code, answer.json()

        users = (await boss.request("GET", "/api/users")).json()["users"]
        assert [(one["name"], one["role"], one["spending"]) for one in users] == [
            ("boss", "administrator", {"tokens": 0, "minutes": 0}),
            ("ann", "user", {"tokens": 70, "minutes": 1.5}),
        ]
        own = (await ann.request("GET", "/api/account")).json()
        assert (own["limits"]["tokens_per_day"], own["spending"]["tokens"]) == (500, 70)
        status, changed = await change(ann, groups=["staff"], limits={"tokens_per_day": 1_000, "minutes_per_day": 5})
        assert (status, changed["groups"], changed["limits"]["minutes_per_day"]) == (200, ["staff"], 5)
        own = (await ann.request("GET", "/api/account")).json()
        assert (own["user"]["groups"], own["limits"]) == (
            ["staff"],
            {"tokens_per_day": 1_000, "minutes_per_day": 5},
        )
        assert (await change(ann, limits={}))[1]["limits"] == {"tokens_per_day": None, "minutes_per_day": None}
        for wrong in ({"role": "root"}, {"limits": {"tokens_per_day": -1}}, {"groups": [""]}, {"id": "x"}):
            assert (await change(ann, **wrong))[0] == 400, wrong
        status, refused = await change(boss, disabled=True)
        assert (status, refused["error"]["code"]) == (400, "last_administrator")
        assert (await change(boss, role="user"))[0] == 400
        assert (await boss.request("PATCH", "/api/users/user_nobody", json={"disabled": True})).status_code == 404
        assert (await change(ann, disabled=True))[0] == 200
        assert (await ann.request("GET", "/api/notes")).status_code == 401
        with pytest.raises(SignInError) as again:
            await sign_in(app, "ann")
        assert again.value.failure == "disabled"
        assert (await change(ann, disabled=False))[0] == 200
        assert (await (await sign_in(app, "ann")).request("GET", "/api/notes")).status_code == 200


async def test_a_user_goes_with_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, **OIDC) as app:
        boss, ann, ben = (
            await sign_in(app, "boss", administrator=True),
            await sign_in(app, "ann"),
            await sign_in(app, "ben"),
        )
        for user in (ann, ben):
            assert (await user.request("POST", "/api/notes", json={"text": "Buy walnuts"})).status_code == 201
        assert (await ann.request("DELETE", "/api/account", json={"confirm": "yes"})).status_code == 400
        assert (await ann.request("DELETE", "/api/account", json={"confirm": "delete"})).status_code == 204
        assert (await ann.request("GET", "/api/notes")).status_code == 401
        assert await app.vasi.store.notes(ann.user.id) == []
        assert (await boss.request("DELETE", f"/api/users/{ben.user.id}")).status_code == 204
        assert (await boss.request("DELETE", f"/api/users/{ben.user.id}")).status_code == 404
        assert (await boss.request("DELETE", "/api/users/local")).status_code == 404
        assert await app.vasi.store.notes(ben.user.id) == []
        assert (await boss.request("DELETE", "/api/account", json={"confirm": "delete"})).status_code == 400
        assert [user.id for user in await app.vasi.store.users()] == [boss.user.id]
        # Whoever signs in again begins anew.
        again = await sign_in(app, "ann")
        assert again.user.id != ann.user.id
        assert (await again.request("GET", "/api/notes")).json()["notes"] == []


async def test_invitations_let_one_person_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, **OIDC) as app:
        boss = await sign_in(app, "boss", administrator=True)
        sign_ins = app.vasi.accounts.sign_ins

        async def invite(**asked: Any) -> tuple[dict[str, Any], str]:
            answer = await boss.request("POST", "/api/users/invitations", json=asked)
            assert answer.status_code == 201, answer.text
            made = answer.json()
            assert made["url"].startswith(f"{app.server.http}/sign-in?invitation=")
            return made, made["url"].partition("=")[2]

        made, secret = await invite(email="Ann@example.com", groups=["staff"])
        listed = await boss.request("GET", "/api/users/invitations")
        assert [one["id"] for one in listed.json()["invitations"]] == [made["id"]]
        assert secret not in listed.text

        async def invited(name: str, *, verified: bool = True, secret: str = secret) -> bool:
            person = Person(name, f"{name}@example.com", email_verified=verified)
            return await sign_ins.is_invited(Identity(ISSUER, name), person, secret)

        assert [await invited("ben"), await invited("ann", verified=False), await invited("ann", secret="x")] == [
            False
        ] * 3
        assert await invited("ann")
        ann = await sign_in(app, "ann", invitation=secret)
        assert (ann.user.groups, ann.user.invited) == (("staff",), True)
        assert await invited("ann", secret=""), "they stay invited"
        assert (await sign_in(app, "carl", invitation=secret)).user.groups == ()
        made, secret = await invite(
            role="administrator", expires_at=(datetime.now(UTC) + timedelta(days=1)).isoformat()
        )
        assert await invited("dora", verified=False, secret=secret)
        assert (await boss.request("DELETE", f"/api/users/invitations/{made['id']}")).status_code == 204
        assert not await invited("dora", secret=secret)
        for wrong in ({"email": "nobody"}, {"expires_at": "2020-01-01T00:00:00Z"}, {"role": "root"}):
            assert (await boss.request("POST", "/api/users/invitations", json=wrong)).status_code == 400


async def test_what_was_done_is_logged_without_contents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(tmp_path, monkeypatch, **OIDC) as app:
        boss, ann = await sign_in(app, "boss", administrator=True), await sign_in(app, "ann")
        note = (await ann.request("POST", "/api/notes", json={"text": "The secret walnut"})).json()["id"]
        assert (await ann.request("DELETE", f"/api/notes/{note}")).status_code < 300
        await ann.key("read")
        await boss.request("PATCH", f"/api/users/{ann.user.id}", json={"groups": ["hidden-group"]})
        answer = await boss.request("GET", f"/api/audit?user={ann.user.id}")
        entries = answer.json()["entries"]
        assert [(one["action"], one["actor"]) for one in entries] == [
            ("user_changed", boss.user.id),
            ("key_made", ann.user.id),
            ("removed", ann.user.id),
            ("sign_in", ann.user.id),
            ("user_added", ann.user.id),
        ]
        assert (entries[2]["subject"], entries[2]["address"]) == (f"notes/{note}", "127.0.0.1")
        assert not [word for word in ("walnut", "hidden-group", ann.secret) if word in answer.text]
        page = (await boss.request("GET", f"/api/audit?limit=1&before={entries[1]['seq']}&user={ann.user.id}")).json()
        assert [one["seq"] for one in page["entries"]] == [entries[2]["seq"]]


async def test_two_administrators_cannot_take_the_role_from_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path, monkeypatch, **OIDC) as app:
        ann, ben = await sign_in(app, "ann", administrator=True), await sign_in(app, "ben", administrator=True)
        administration, by = app.vasi.accounts.administration, Administrator()
        changes = [administration.change(one.user.id, UserChanges(role="user"), by) for one in (ann, ben)]
        done = await asyncio.gather(*changes, return_exceptions=True)
        assert sorted(type(one).__name__ for one in done) == ["ClientError", "User"]
        assert await app.vasi.store.has_administrator()


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
async def test_moments_that_do_not_exist_everywhere_are_refused(
    moment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(tmp_path, monkeypatch, **OIDC) as app:
        boss = await sign_in(app, "boss", administrator=True)
        key = {"name": "k", "scopes": ["read"], "expires_at": moment}
        for path, body in (("/api/users/invitations", {"expires_at": moment}), ("/api/account/keys", key)):
            assert (await boss.request("POST", path, json=body)).status_code == 400
            assert (await boss.request("GET", path)).status_code == 200
