"""Sign-ins that are renewed at a real provider as long as they last, and end when the provider says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.accounts.oidc.conftest import SignIns, settings_of
from tests.accounts.oidc.test_provider import OFFLINE
from vasi.accounts.accounts import Accounts
from vasi.accounts.browser_sessions import Browser
from vasi.accounts.oidc.grants import Grant, encode, grant_of, kept_by
from vasi.accounts.oidc.people import person_of
from vasi.accounts.oidc.providers import Providers
from vasi.accounts.oidc.renewal import Renewal
from vasi.app.package_settings import account_settings
from vasi.config import Settings
from vasi.knowledge.index import TextAnalyser
from vasi.storage.accounts import BrowserSession, User
from vasi.storage.sqlite import SqliteStore

pytestmark = pytest.mark.asyncio(loop_scope="package")


@dataclass
class Clock:
    passed: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.passed


@dataclass
class House:
    """A store with somebody signed in, and what renews that."""

    sign_ins: SignIns
    store: SqliteStore
    accounts: Accounts
    providers: Providers
    clock: Clock
    user: User

    def renewal(self) -> Renewal:
        return Renewal(self.store, self.providers, self.accounts.leases, self.accounts.audit, self.clock)

    async def session(self) -> BrowserSession | None:
        return next(iter(await self.store.sessions(self.user.id)), None)

    async def grant(self) -> Grant:
        session = await self.session()
        assert session is not None
        grant = kept_by(session)
        assert grant is not None
        return grant


@pytest_asyncio.fixture(loop_scope="package")
async def house(at: Any, tmp_path: Path) -> AsyncIterator[Any]:
    opened: list[House] = []

    async def open_house(**settings: Any) -> House:
        sign_ins = await at("generic", scopes=OFFLINE, **settings)
        store = SqliteStore(tmp_path / "vasi.db", TextAnalyser())
        await store.open()
        auth = {"mode": "oidc", "providers": {"test": {"issuer": "https://x.example", "client_id": "x"}}}
        accounts = Accounts(store, account_settings(Settings.model_validate({"auth": auth})))
        signed_in = await sign_ins.sign_in()
        tokens = encode(grant_of("test", "ann", signed_in.tokens, datetime.now(UTC)))
        profile = signed_in.profile
        person = person_of(sign_ins.ours.settings, profile)
        _, _, user = await accounts.sign_ins.complete(profile.identity, person, Browser("1.2.3.4"), tokens=tokens)
        providers = Providers([settings_of(sign_ins.service, scopes=OFFLINE, **settings)], store)
        opened.append(House(sign_ins, store, accounts, providers, Clock(), user))
        return opened[-1]

    yield open_house
    for one in opened:
        await one.providers.close()
        await one.store.close()


async def test_a_sign_in_is_renewed_when_it_is_due_and_by_one_process(house: Any) -> None:
    home = await house()
    first = await home.grant()
    await home.renewal().renew_due()
    assert await home.grant() == first  # it isn't due
    home.clock.passed += timedelta(hours=1, minutes=1)
    await home.sign_ins.service.asked()
    # The provider takes a refresh token that is used twice for a stolen one, and ends the grant.
    await asyncio.gather(*(home.renewal().renew_due() for _ in range(5)))
    assert (await home.sign_ins.service.asked())["/token"] == 1
    second = await home.grant()
    assert second.refresh_token != first.refresh_token
    assert not second.due(home.clock())
    home.clock.passed += timedelta(hours=1, minutes=1)
    await home.renewal().renew_due()
    assert (await home.grant()).refresh_token != second.refresh_token


async def test_what_changed_at_the_provider_changes_here(house: Any) -> None:
    home = await house()
    changed = {"name": "Ann Baker", "email": "ann@b.example", "groups": ["chiefs"]}
    await home.sign_ins.service.do("users", {"ann": changed})
    home.clock.passed += timedelta(hours=2)
    await home.renewal().renew_due()
    user = await home.store.user(home.user.id)
    assert (user.name, user.email, user.groups) == ("Ann Baker", "ann@b.example", ("chiefs",))


async def test_whoever_is_gone_at_the_provider_is_signed_out(house: Any) -> None:
    home = await house()
    await home.sign_ins.service.do("users", {})
    home.clock.passed += timedelta(hours=2)
    await home.renewal().renew_due()
    assert await home.session() is None
    assert (await home.store.audit())[0].action == "session_ended"


async def test_whoever_isnt_on_a_list_any_more_is_signed_out(house: Any) -> None:
    home = await house(allow_groups=("staff",))
    await home.sign_ins.service.do("users", {"ann": {"name": "Ann", "groups": ["former"]}})
    home.clock.passed += timedelta(hours=2)
    await home.renewal().renew_due()
    assert await home.session() is None


async def test_a_provider_that_is_away_signs_nobody_out(house: Any) -> None:
    home = await house()
    await home.sign_ins.service.do("hinder", {"path": "/token", "by": "failure"})
    home.clock.passed += timedelta(hours=2)
    await home.renewal().renew_due()
    assert await home.session() is not None
    await home.sign_ins.service.do("hinder", None)
    await home.renewal().renew_due()
    before = await home.grant()
    assert before.due(home.clock())  # it's left alone for a moment
    home.clock.passed += timedelta(minutes=6)
    await home.store.remove_expired(home.clock(), unused_since=datetime.now(UTC) - timedelta(days=1))
    await home.renewal().renew_due()
    assert not (await home.grant()).due(home.clock())


async def test_a_provider_that_was_taken_out_of_the_settings_signs_out(house: Any) -> None:
    home = await house()
    await home.providers.close()
    home.providers = Providers([], home.store)
    await home.renewal().renew_due()
    assert await home.session() is None
