"""A provider, and the parts of a sign-in without a server of ours around them."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, TypeAlias

import pytest
import pytest_asyncio

from tests.identity.browser import Browser, parameters
from tests.identity.provider import CLIENT, SECRET, TENANT, OpenIdProvider, Shape, shared_providers
from tests.identity.settings import provider_settings
from vasi.accounts.oidc.fetching import ANSWER_S, ProviderTransport
from vasi.accounts.oidc.provider import Answer, Proof, Provider, SignedIn
from vasi.accounts.oidc.settings import ProviderSettings
from vasi.errors import SignInError

HERE = "http://127.0.0.1:9"
"""Where no server of ours is: browsers stop before they go there."""
CALLBACK = f"{HERE}/auth/test/callback"


@dataclass
class Clock:
    """Seconds that a test lets pass, on top of those that do by themselves."""

    now: Callable[[], float]
    passed: float = 0.0

    def __call__(self) -> float:
        return self.now() + self.passed


@dataclass
class SignIns:
    """A real provider, ours of it, and how to sign in there."""

    service: OpenIdProvider
    ours: Provider
    transport: ProviderTransport
    wall: Clock
    monotonic: Clock

    async def come_back(self, login: str = "ann") -> tuple[Answer, Proof]:
        """What the browser of ``login`` brings back, and what fits to it."""
        async with Browser(login) as browser:
            address, proof = await self.ours.begin("the-state", CALLBACK)
            back = parameters(await browser.until(address, lambda address: address.startswith(HERE)))
        assert back["state"] == "the-state"
        return Answer(back.get("code", ""), back.get("iss", ""), back.get("error", "")), proof

    async def sign_in(self, login: str = "ann", *, forge: dict[str, Any] | None = None) -> SignedIn:
        """As ``login``; the ID token is made as ``forge`` says."""
        answer, proof = await self.come_back(login)
        await self.service.do("forge", forge)
        try:
            return await self.ours.complete(answer, proof)
        finally:
            await self.service.do("forge", None)

    async def refused(self, login: str = "ann", *, forge: dict[str, Any] | None = None) -> str:
        """How a sign-in fails."""
        with pytest.raises(SignInError) as refusal:
            await self.sign_in(login, forge=forge)
        return refusal.value.failure


def settings_of(service: OpenIdProvider, **changes: Any) -> ProviderSettings:
    """The settings of ``service``, as an administrator would write them."""
    kind = {"generic": "oidc", "entra": "entra", "entra-common": "entra", "google": "google"}[service.shape]
    fitting: dict[str, Any] = {"kind": kind, "client_id": CLIENT}
    fitting |= {"client_secret": SECRET, "issuer": service.origin}
    if kind == "entra":
        fitting |= {"tenant": TENANT} if service.shape == "entra" else {"tenant": "common", "tenants": (TENANT,)}
    return provider_settings(**(fitting | changes))


Begin: TypeAlias = Callable[..., Awaitable[SignIns]]


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def services() -> AsyncIterator[Callable[..., Awaitable[OpenIdProvider]]]:
    """The providers of these tests, each started once."""
    async with shared_providers() as provider:
        yield provider


@pytest_asyncio.fixture(loop_scope="package")
async def at(services: Callable[..., Awaitable[OpenIdProvider]]) -> AsyncIterator[Begin]:
    """Makes sign-ins at a provider of a shape."""
    async with AsyncExitStack() as stack:

        async def begin(
            shape: Shape = "generic",
            config: dict[str, Any] | None = None,
            seconds: float = ANSWER_S,
            **settings: Any,
        ) -> SignIns:
            service = await services(shape, **(config or {}))
            await service.serve(HERE)
            transport = ProviderTransport(seconds=seconds)
            stack.push_async_callback(transport.aclose)
            wall, monotonic = Clock(time.time), Clock(time.monotonic)
            ours = Provider(settings_of(service, **settings), transport, clock=wall, monotonic=monotonic)
            return SignIns(service, ours, transport, wall, monotonic)

        yield begin
