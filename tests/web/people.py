"""Servers on which people sign in by name, and people who are signed in to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx2

from tests.web.app_server import App
from vasi.accounts.browser_sessions import Browser
from vasi.accounts.sign_ins import Person
from vasi.storage.accounts import Identity, User, UserChanges

ISSUER = "https://login.example.com"
OIDC: dict[str, Any] = {
    "auth": {"mode": "oidc", "providers": {"example": {"issuer": ISSUER, "client_id": "vasi"}}},
}
"""Settings of a server on which people sign in with a provider."""
COOKIE = "vasi-session"
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}
"""What a browser says of requests that a page of the server makes."""


@dataclass
class SignedIn:
    """Somebody who is signed in: their account, and the secret that their browser shows."""

    app: App
    user: User
    secret: str

    @property
    def cookie(self) -> dict[str, str]:
        return {"Cookie": f"{COOKIE}={self.secret}"}

    @property
    def headers(self) -> dict[str, str]:
        """Those of a request that a page of the server makes."""
        return {**self.cookie, **OWN_PAGE}

    async def request(self, method: str, path: str, **given: Any) -> httpx2.Response:
        self.app.http.cookies.clear()  # what the client remembers by itself isn't what the test shows
        return await self.app.http.request(method, path, headers=self.headers, **given)

    async def key(self, *scopes: str, **given: Any) -> str:
        """A new personal key."""
        made = await self.request("POST", "/api/account/keys", json={"name": "k", "scopes": [*scopes], **given})
        assert made.status_code == 201, made.text
        return made.json()["key"]


async def sign_in(
    app: App, name: str, *, administrator: bool = False, browser: str = "Firefox", **given: Any
) -> SignedIn:
    """Sign ``name`` in as a provider would, whose identity it has verified."""
    accounts = app.vasi.accounts
    secret, _, user = await accounts.sign_ins.complete(
        Identity(ISSUER, name),
        Person(name, f"{name}@example.com", email_verified=True, administrator=administrator),
        Browser("10.0.0.1", browser),
        **given,
    )
    return SignedIn(app, user, secret)


async def disable(app: App, user: User) -> None:
    """As another process would: without telling this one."""
    await app.vasi.store.update_user(user.id, UserChanges(disabled=True))
