"""Signing in at a real provider, from the sign-in page to sign-out, and what must not come of it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import itertools
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.identity.browser import Browser, parameters
from tests.identity.provider import AUDIENCE, CLIENT, PROGRAM, SECRET, TENANT, OpenIdProvider, Shape, shared_providers
from tests.web.app_server import App, running
from vasi.accounts.administration import Administrator
from vasi.accounts.principals import Principal
from vasi.storage.accounts import UserChanges
from vasi.web import sign_in

pytestmark = pytest.mark.asyncio(loop_scope="module")

COOKIE = "vasi-session"
BEGIN = "/auth/test/sign-in"


@dataclass
class House:
    """A server of ours, and the provider at which its people sign in."""

    app: App
    provider: OpenIdProvider

    @property
    def here(self) -> str:
        return self.app.server.http

    async def sign_in(self, browser: Browser, query: str = "") -> str:
        """Where ``browser`` arrives."""
        return await browser.until(f"{self.here}{BEGIN}{query}", self.arrived)

    async def come_back(self, browser: Browser) -> str:
        """The address by which the provider sends ``browser`` back; it isn't visited."""
        return await browser.until(f"{self.here}{BEGIN}", lambda address: "/auth/test/callback" in address)

    def arrived(self, address: str) -> bool:
        return address.startswith(self.here) and "/auth/" not in address

    async def session(self, browser: Browser) -> dict[str, Any]:
        answer = await browser.http.get(f"{self.here}/api/session")
        return answer.json()

    async def me(self, browser: Browser) -> str | None:
        """Who is signed in there."""
        user = (await self.session(browser))["user"]
        return None if user is None else user["name"]


Open = Callable[..., Any]


async def until_closed(socket: ClientConnection) -> None:
    """Wait until the server closes a socket, soon."""
    async with asyncio.timeout(30):
        with contextlib.suppress(ConnectionClosed):
            async for _ in socket:
                pass
    assert socket.close_code is not None


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def providers() -> AsyncIterator[Callable[..., Any]]:
    """The providers of these tests, each started once."""
    async with shared_providers() as provider:
        yield provider


@pytest_asyncio.fixture(loop_scope="module")
async def house(providers: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Open]:
    """Opens a house."""
    numbers = itertools.count()
    async with AsyncExitStack() as stack:

        async def opened(shape: Shape = "generic", **settings: Any) -> House:
            provider = await providers(shape)
            public_url = settings.pop("public_url", None)
            table = {"issuer": provider.origin, "client_id": CLIENT, "client_secret": SECRET, **settings}
            auth = {"mode": "oidc", "providers": {"test": table}, "public_url": public_url}
            app = await stack.enter_async_context(running(tmp_path / str(next(numbers)), monkeypatch, auth=auth))
            await provider.serve(app.server.http)
            return House(app, provider)

        yield opened


async def test_somebody_signs_in_and_out(house: Open) -> None:
    home = await house()
    async with Browser() as browser:
        assert not (await home.session(browser))["signed_in"]
        assert await home.sign_in(browser, "?return_to=/notes%3Fopen%3D1") == f"{home.here}/notes?open=1"
        session = await home.session(browser)
        assert session["user"]["name"] == "Ann Archer"
        assert session["user"]["groups"] == ["staff"]
        assert (await browser.http.get(f"{home.here}/api/notes")).status_code == 200
        signed_out = await browser.http.post(f"{home.here}/auth/sign-out", headers={"sec-fetch-site": "same-origin"})
        location = signed_out.json()["location"]
        assert location.startswith(home.provider.issuer)
        assert (await browser.http.get(f"{home.here}/api/notes")).status_code == 401
        assert await browser.until(location, home.arrived) == f"{home.here}/sign-in"


async def test_the_same_person_comes_back_to_the_same_account(house: Open) -> None:
    home = await house()
    ids: list[str] = []
    for _ in range(2):
        async with Browser() as browser:
            await home.sign_in(browser)
            ids.append((await home.session(browser))["user"]["id"])
    assert ids[0] == ids[1]
    async with Browser("bob") as browser:
        await home.sign_in(browser)
        assert (await home.session(browser))["user"]["id"] != ids[0]


async def test_whoever_isnt_on_a_list_is_told_so_and_has_no_account(house: Open, caplog: Any) -> None:
    home = await house(allow_groups="staff")
    async with Browser("bob") as browser:
        with caplog.at_level(logging.WARNING):
            assert await home.sign_in(browser) == f"{home.here}/sign-in?error=not_allowed"
        assert not (await home.session(browser))["signed_in"]
    assert await home.app.vasi.store.users() == []
    assert "'bob'" in caplog.text
    (entry,) = await home.app.vasi.store.audit()
    assert (entry.action, entry.subject) == ("sign_in_failed", "test")


async def test_an_address_that_isnt_verified_is_told_so(house: Open) -> None:
    home = await house(allow_domains="example.com")
    async with Browser("bob") as browser:
        assert await home.sign_in(browser) == f"{home.here}/sign-in?error=email_not_verified"


async def test_a_disabled_account_is_told_so(house: Open) -> None:
    home = await house()
    async with Browser() as browser:
        await home.sign_in(browser)
    (user,) = await home.app.vasi.store.users()
    await home.app.vasi.store.update_user(user.id, UserChanges(disabled=True))
    async with Browser() as browser:
        assert await home.sign_in(browser) == f"{home.here}/sign-in?error=disabled"


async def test_a_provider_that_isnt_there_is_told_so(house: Open) -> None:
    home = await house(issuer="http://127.0.0.1:9")
    async with Browser() as browser:
        assert await home.sign_in(browser) == f"{home.here}/sign-in?error=provider_unreachable"


async def test_an_unknown_provider_isnt_there(house: Open) -> None:
    home = await house()
    for path in ("/auth/other/sign-in", "/auth/other/callback"):
        assert (await home.app.http.get(path)).status_code == 404
    assert (await home.app.http.post("/auth/other/back-channel-logout")).status_code == 404


async def test_a_failed_sign_in_can_be_tried_again_for_the_same_page(house: Open) -> None:
    home = await house(allow_groups="staff")
    async with Browser("bob") as browser:
        arrived = await home.sign_in(browser, "?return_to=/notes%3Fopen%3D1")
    assert parameters(arrived) == {"error": "not_allowed", "return_to": "/notes?open=1"}


async def test_whoever_is_invited_may_come_in(house: Open) -> None:
    home = await house(allow_groups="nobody")
    invite = home.app.vasi.accounts.administration.invite
    soon = datetime.now(UTC) + timedelta(days=1)
    for_ann, _ = await invite("ann@example.com", "administrator", (), soon, Administrator())
    for_bob, _ = await invite("bob@example.com", "user", (), soon, Administrator())
    for_anybody, _ = await invite("", "user", (), soon, Administrator())
    async with Browser("bob") as browser:
        for secret in ("", "wrong", for_ann, for_bob):  # nobody has verified that it's his address
            assert "error=not_allowed" in await home.sign_in(browser, f"?invitation={secret}")
        assert await home.sign_in(browser, f"?invitation={for_anybody}") == f"{home.here}/"
    async with Browser("cat") as browser:
        assert "error=not_allowed" in await home.sign_in(browser, f"?invitation={for_anybody}")
    async with Browser() as browser:
        assert await home.sign_in(browser, f"?invitation={for_ann}") == f"{home.here}/"
        assert (await home.session(browser))["user"]["role"] == "administrator"
        assert await home.sign_in(browser) == f"{home.here}/"  # and comes back without


async def test_the_settings_make_administrators(house: Open) -> None:
    home = await house(administrators="staff")
    for login, role in (("ann", "administrator"), ("bob", "user")):
        async with Browser(login) as browser:
            await home.sign_in(browser)
            assert (await home.session(browser))["user"]["role"] == role


async def test_people_sign_in_at_entra_and_google(house: Open) -> None:
    entra = {"kind": "entra", "tenant": TENANT}
    shared = {"kind": "entra", "tenant": "common", "tenants": TENANT}
    google = {"kind": "google", "hosted_domain": "example.com"}
    shapes: list[tuple[Shape, dict[str, Any], str]] = [
        ("entra", entra, "ann"),
        ("entra-common", shared, "ann"),
        ("google", google, "ann"),
    ]
    for shape, settings, login in shapes:
        home = await house(shape, **settings)
        async with Browser(login) as browser:
            assert await home.sign_in(browser) == f"{home.here}/", shape
            assert (await home.session(browser))["user"]["email"] == (
                "ann@a.example" if shape == "entra-common" else "ann@example.com"
            )
            user = (await home.session(browser))["user"]["id"]
        (identity,) = await home.app.vasi.store.identities(user)
        assert identity.tenant == ("" if shape == "google" else TENANT)
    home = await house("google", **google)
    for login, failure in (("bob", "not_allowed"), ("cat", "email_not_verified")):
        async with Browser(login) as browser:
            assert await home.sign_in(browser) == f"{home.here}/sign-in?error={failure}"
    home = await house("entra-common", **shared)
    async with Browser("eve") as browser:
        assert await home.sign_in(browser) == f"{home.here}/sign-in?error=not_allowed"


async def test_a_sign_in_may_come_back_to_another_process(
    house: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = await house()
    settings = home.app.vasi.settings
    async with running(settings.data, monkeypatch, auth=settings.auth) as other, Browser() as browser:
        link = await home.come_back(browser)
        elsewhere = link.replace(home.here, other.server.http)
        assert (await browser.get(elsewhere)).headers["location"] == "/"
        assert await home.me(browser) == "Ann Archer"
        assert (await browser.get(link)).headers["location"] == "/sign-in?error=mismatch"


async def test_a_sign_in_comes_back_to_the_public_address(house: Open) -> None:
    home = await house(public_url="https://vasi.example.com")
    answer = await home.app.http.get(BEGIN)
    assert parameters(answer.headers["location"])["redirect_uri"] == "https://vasi.example.com/auth/test/callback"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-vasi-sign-in=")
    assert "; Secure" in cookie
    forged = await home.app.http.get(BEGIN, headers={"host": "attacker.example"})
    assert forged.status_code == 403


async def test_a_sign_in_costs_little_of_our_own_time(house: Open) -> None:
    """Without what the provider takes, which is another process; with what the test's own client takes."""
    home = await house()
    own: list[float] = []
    for _ in range(10):
        async with Browser() as browser:
            began = time.process_time()
            begun = await browser.get(f"{home.here}{BEGIN}")
            first = time.process_time() - began
            back = await browser.until(begun.headers["location"], lambda address: "/auth/test/callback" in address)
            began = time.process_time()
            assert (await browser.get(back)).headers["location"] == "/"
            own.append(first + time.process_time() - began)
    median = sorted(own)[len(own) // 2]
    print(f"a sign-in takes {median * 1000:.1f} ms of our own (median of {len(own)})")
    assert median < 0.05, own


# --- attacks ----------------------------------------------------------------------------------------------------------
async def test_a_link_with_somebody_elses_sign_in_signs_nobody_in(house: Open) -> None:
    """Else a victim would write their notes into the attacker's account."""
    home = await house()
    async with Browser("bob") as attacker, Browser() as victim:
        link = await home.come_back(attacker)
        answer = await victim.get(link)
        assert answer.headers["location"] == "/sign-in?error=mismatch"
        await home.come_back(victim)  # now it has a cookie, of another sign-in
        answer = await victim.get(link)
        assert answer.headers["location"] == "/sign-in?error=mismatch"
        assert await home.me(victim) is None


async def test_a_forged_state_signs_nobody_in(house: Open) -> None:
    home = await house()
    async with Browser() as browser:
        link = await home.come_back(browser)
        state = parameters(link)["state"]
        for forged in ("", "forged", state[::-1]):
            answer = await browser.get(link.replace(f"state={state}", f"state={forged}"))
            assert answer.headers["location"] == "/sign-in?error=mismatch"
        answer = await browser.get(link + "&state=another")
        assert answer.headers["location"] == "/sign-in?error=mismatch"
        assert await home.me(browser) is None
        answer = await browser.get(link)
        assert answer.headers["location"] == "/"


async def test_a_callback_is_good_once(house: Open) -> None:
    home = await house()
    async with Browser() as browser:
        link = await home.come_back(browser)
        assert (await browser.get(link)).headers["location"] == "/"
        assert (await browser.get(link)).headers["location"] == "/sign-in?error=mismatch"


async def test_a_sign_in_leads_to_pages_of_ours_alone(house: Open) -> None:
    home = await house()
    elsewhere = (
        "https://attacker.example",
        "//attacker.example",
        "/\\attacker.example",
        "/\t/attacker.example",
        "\\\\attacker.example",
        "javascript:alert(1)",
        "attacker.example",
        "/auth/test/sign-in",
        "/" + "x" * 3000,
        "/ /attacker.example",
    )
    for place in elsewhere:
        async with Browser() as browser:
            query = str(httpx2.QueryParams({"return_to": place}))
            assert await home.sign_in(browser, f"?{query}") == f"{home.here}/", place


async def test_a_session_that_somebody_else_fixed_isnt_that_of_the_sign_in(house: Open) -> None:
    home = await house()
    async with Browser("bob") as attacker, Browser() as victim:
        await home.sign_in(attacker)
        fixed = attacker.http.cookies[COOKIE]
        victim.http.cookies.set(COOKIE, fixed, domain="127.0.0.1")
        victim.http.cookies.set("vasi-sign-in", "fixed", domain="127.0.0.1")
        await home.sign_in(victim)
        assert await home.me(victim) == "Ann Archer"
        values = {cookie.value for cookie in victim.http.cookies.jar if cookie.name == COOKIE}
        assert values != {fixed}
        assert await home.me(attacker) is None  # and what it was ends


async def test_the_cookies_are_for_this_server_and_no_script(house: Open) -> None:
    home = await house()
    async with Browser() as browser:
        begun = await browser.get(f"{home.here}{BEGIN}")
        back = await browser.until(begun.headers["location"], lambda address: "/auth/test/callback" in address)
        signed_in = await browser.get(back)
    for answer in (begun, signed_in):
        (cookie,) = answer.headers.get_list("set-cookie")
        flags = cookie.lower()
        assert "httponly" in flags
        assert "samesite=lax" in flags
        assert "domain=" not in flags
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"


async def test_a_page_of_another_site_signs_nobody_out(house: Open) -> None:
    home = await house()
    async with Browser() as browser:
        await home.sign_in(browser)
        for headers in (
            {"sec-fetch-site": "cross-site", "origin": "https://attacker.example"},
            {"sec-fetch-site": "cross-site"},
            {"origin": "https://attacker.example"},
            {"sec-fetch-site": "same-site"},
        ):
            answer = await browser.http.post(f"{home.here}/auth/sign-out", headers=headers)
            assert answer.status_code == 403, headers
        assert (await browser.http.get(f"{home.here}/auth/sign-out")).status_code in (404, 405)
        assert await home.me(browser) == "Ann Archer"


async def test_a_sign_in_cant_be_begun_by_a_picture_on_another_site(house: Open) -> None:
    home = await house()
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}
    answer = await home.app.http.get(BEGIN, headers=headers)
    assert answer.status_code == 403


async def test_sign_ins_that_are_begun_are_counted(house: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "BEGUN_PER_ADDRESS", 3)
    home = await house()
    statuses = [(await home.app.http.get(BEGIN)).status_code for _ in range(4)]
    assert statuses == [302, 302, 302, 429]


async def test_no_secret_is_logged(house: Open, caplog: Any) -> None:
    home = await house()
    with caplog.at_level(logging.DEBUG, logger="vasi"):
        async with Browser() as browser:
            link = await home.come_back(browser)
            await home.provider.do("forge", {"claims": {"nonce": "forged"}})
            await browser.get(link)
            await home.provider.do("forge", None)
            await home.sign_in(browser)
            cookie = browser.http.cookies[COOKIE]
    for secret in (SECRET, parameters(link)["code"], parameters(link)["state"], cookie):
        assert secret not in caplog.text


# --- signing out at the provider --------------------------------------------------------------------------------------
async def test_signing_out_at_the_provider_signs_out_here(house: Open) -> None:
    home = await house()
    async with Browser() as browser, Browser() as elsewhere:
        await home.sign_in(browser)
        await home.sign_in(elsewhere)
        # The user goes to the provider and signs out there; the provider tells us.
        await browser.until(f"{home.provider.issuer}/session/end?client_id={CLIENT}", lambda at: "success" in at)
        assert home.provider.told("failed") == []
        assert await home.me(browser) is None
        assert await home.me(elsewhere) == "Ann Archer"


async def test_what_was_open_ends_when_its_user_signs_out_at_the_provider(house: Open) -> None:
    home = await house()
    async with Browser() as browser:
        await home.sign_in(browser)
        cookie = f"{COOKIE}={browser.http.cookies[COOKIE]}"
        headers = {"Cookie": cookie, "Origin": home.here}
        async with connect(home.app.server.ws, additional_headers=headers, compression=None) as socket:
            await socket.recv()  # session.created
            await browser.until(f"{home.provider.issuer}/session/end?client_id={CLIENT}", lambda at: "success" in at)
            await until_closed(socket)
        with pytest.raises(InvalidStatus):
            await connect(home.app.server.ws, additional_headers=headers, compression=None)


async def test_a_logout_token_is_good_once_and_only_from_the_provider(house: Open) -> None:
    home = await house()
    now = int(time.time())
    claims = {"iss": home.provider.issuer, "aud": CLIENT, "sub": "ann", "iat": now, "exp": now + 120, "jti": "first"}
    claims["events"] = {"http://schemas.openid.net/event/backchannel-logout": {}}
    token = await home.provider.signed(claims)

    async def told(token: str) -> int:
        answer = await home.app.http.post("/auth/test/back-channel-logout", data={"logout_token": token})
        assert answer.headers["cache-control"] == "no-store"
        return answer.status_code

    async with Browser() as browser:
        await home.sign_in(browser)
        for by in ("none", "public key", "stranger"):
            assert await told(await home.provider.signed(claims, by=by)) == 400
        assert await told(await home.provider.signed({**claims, "aud": "another"})) == 400
        assert await told("") == 400
        assert await home.me(browser) == "Ann Archer"
        assert await told(token) == 200
        assert await home.me(browser) is None
        await home.sign_in(browser)
        assert await told(token) == 400
        assert await home.me(browser) == "Ann Archer"


# --- programs ---------------------------------------------------------------------------------------------------------
async def access_token(home: House, login: str = "ann", scope: str = "read", audience: str = AUDIENCE) -> str:
    """One that a program of ``login`` gets at the provider."""
    verifier = "v" * 43
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    redirect = "http://127.0.0.1/program"
    query = {"client_id": PROGRAM, "response_type": "code", "scope": f"openid {scope}", "resource": audience}
    query |= {"redirect_uri": redirect, "code_challenge": challenge, "code_challenge_method": "S256"}
    async with Browser(login) as browser:
        address = f"{home.provider.issuer}/auth?{httpx2.QueryParams(query)}"
        back = await browser.until(address, lambda address: address.startswith(redirect))
        form = {"grant_type": "authorization_code", "code": parameters(back)["code"], "client_id": PROGRAM}
        form |= {"redirect_uri": redirect, "code_verifier": verifier, "resource": audience}
        answer = await browser.http.post(f"{home.provider.issuer}/token", data=form)
        return str(answer.json()["access_token"])


async def test_a_program_uses_an_access_token_of_the_provider(house: Open) -> None:
    home = await house(audience=AUDIENCE)
    async with Browser() as browser:
        await home.sign_in(browser)
        user = (await home.session(browser))["user"]["id"]
    bearer = {"authorization": f"Bearer {await access_token(home)}"}
    assert (await home.app.http.get("/api/session", headers=bearer)).json()["user"]["id"] == user
    assert (await home.app.http.get("/api/notes", headers=bearer)).status_code == 200
    # It may read, and nothing else.
    assert (await home.app.http.post("/api/notes", headers=bearer, json={"text": "x"})).status_code == 403
    assert (await home.app.http.post("/v1/realtime/client_secrets", headers=bearer, json={})).status_code == 403


async def test_a_program_talks_with_an_access_token_as_long_as_its_user_may(house: Open) -> None:
    home = await house(audience=AUDIENCE)
    headers = {"Authorization": f"Bearer {await access_token(home, scope='realtime')}"}
    async with connect(home.app.server.ws, additional_headers=headers, compression=None) as socket:
        await socket.recv()  # session.created
        (user,) = await home.app.vasi.store.users()
        disable = UserChanges(disabled=True)
        await home.app.vasi.accounts.administration.change(user.id, disable, Administrator())
        await until_closed(socket)
    with pytest.raises(InvalidStatus):
        await connect(home.app.server.ws, additional_headers=headers, compression=None)


async def test_a_program_may_come_in_as_long_as_its_user_is_on_a_list(house: Open) -> None:
    home = await house(audience=AUDIENCE, allow_groups="staff")
    bearer = {"authorization": f"Bearer {await access_token(home)}"}
    assert (await home.app.http.get("/api/notes", headers=bearer)).status_code == 401  # it says nothing of groups
    async with Browser() as browser:
        await home.sign_in(browser)
    assert (await home.app.http.get("/api/notes", headers=bearer)).status_code == 200
    (user,) = await home.app.vasi.store.users()
    key, _ = await home.app.vasi.accounts.keys.make(Principal(owner=user.id), "phone", ["read"], None, "")
    personal = {"authorization": f"Bearer {key}"}
    assert (await home.app.http.get("/api/notes", headers=personal)).status_code == 200
    await home.provider.do("users", {"ann": {"name": "Ann", "groups": ["former"]}, "bob": {"groups": ["staff"]}})
    async with Browser() as browser:
        assert "error=not_allowed" in await home.sign_in(browser)
    assert (await home.app.http.get("/api/notes", headers=personal)).status_code == 401, (
        "keys end with the right to come"
    )
    assert await home.app.vasi.store.sessions(user.id) == []
    await home.app.vasi.accounts.administration.change(user.id, UserChanges(groups=()), Administrator())
    assert (await home.app.http.get("/api/notes", headers=bearer)).status_code == 401


async def test_an_access_token_for_something_else_is_refused(house: Open) -> None:
    home = await house(audience=AUDIENCE)
    others = [
        await access_token(home, audience="https://other.example"),
        await access_token(home, scope="other"),
        "eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4In0.",
        "not-a-token",
    ]
    for token in others:
        answer = await home.app.http.get("/api/notes", headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == 401, token


async def test_access_tokens_are_refused_unless_an_audience_is_set(house: Open) -> None:
    home = await house()
    bearer = {"authorization": f"Bearer {await access_token(home)}"}
    assert (await home.app.http.get("/api/notes", headers=bearer)).status_code == 401


async def test_the_first_token_of_somebody_makes_their_account_if_they_may_come_in(house: Open) -> None:
    home = await house(audience=AUDIENCE, allow_subjects="ann")
    bearer = {"authorization": f"Bearer {await access_token(home)}"}
    assert (await home.app.http.get("/api/notes", headers=bearer)).status_code == 200
    bearer = {"authorization": f"Bearer {await access_token(home, 'bob')}"}
    assert (await home.app.http.get("/api/notes", headers=bearer)).status_code == 401
    (user,) = await home.app.vasi.store.users()
    assert user.name in ("", "Ann Archer")
