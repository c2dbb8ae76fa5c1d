"""A real OpenID provider in a process of its own, in the shape of the services that people sign in with."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Literal

from tests.node_packages import install
from tests.wire.program import ClientProgram, running

FOLDER = Path(__file__).parent / "node"
Shape = Literal["generic", "entra", "entra-common", "google"]

TENANT = "11111111-2222-3333-4444-555555555555"
OTHER_TENANT = "99999999-8888-7777-6666-555555555555"
CLIENT = "vasi-server"
SECRET = "a secret: 100% +special/characters"
PROGRAM = "some-program"
AUDIENCE = "https://vasi.example.com"

USERS: Mapping[Shape, Mapping[str, dict[str, Any]]] = {
    "generic": {
        "ann": {"name": "Ann Archer", "email": "ann@example.com", "email_verified": True, "groups": ["staff"]},
        "bob": {"name": "Bob", "email": "bob@example.com", "email_verified": False, "groups": ["guests"]},
        "cat": {"name": "Cat", "email": "cat@elsewhere.org", "email_verified": True},
    },
    # The subject is made for one application; tenant and object are the person's, and no address is verified.
    "entra": {
        "ann": {
            "tid": TENANT,
            "oid": "0a0a0a0a-0000-0000-0000-000000000001",
            "name": "Ann Archer",
            "email": "ann@example.com",
            "preferred_username": "ann@example.com",
        },
    },
    "entra-common": {
        "ann": {"tid": TENANT, "oid": "0a0a0a0a-0000-0000-0000-000000000001", "name": "Ann", "email": "ann@a.example"},
        "eve": {"tid": OTHER_TENANT, "oid": "0b0b", "name": "Eve", "email": "ann@a.example"},
    },
    "google": {
        "ann": {"name": "Ann", "email": "ann@example.com", "email_verified": True, "hd": "example.com"},
        "bob": {"name": "Bob", "email": "bob@gmail.com", "email_verified": True},
        "cat": {"name": "Cat", "email": "cat@example.com", "email_verified": False, "hd": "example.com"},
    },
}


class OpenIdProvider(ClientProgram):
    """The running provider."""

    shape: Shape = "generic"
    _numbers = itertools.count(1)

    @property
    def origin(self) -> str:
        return self.told("ready")[0]["origin"]

    @property
    def issuer(self) -> str:
        return self.told("ready")[0]["issuer"]

    async def serve(self, vasi: str, label: str = "test") -> None:
        """Let the server at ``vasi`` sign people in, and a program get access tokens for it."""
        common = {"response_types": ["code"], "grant_types": ["authorization_code", "refresh_token"]}
        server = {
            "client_id": CLIENT,
            "client_secret": SECRET,
            "redirect_uris": [f"{vasi}/auth/{label}/callback"],
            "post_logout_redirect_uris": [f"{vasi}/sign-in"],
            "backchannel_logout_uri": f"{vasi}/auth/{label}/back-channel-logout",
            "backchannel_logout_session_required": True,
            **common,
        }
        program = {
            "client_id": PROGRAM,
            "token_endpoint_auth_method": "none",
            "redirect_uris": ["http://127.0.0.1/program"],
            "application_type": "native",
            **common,
        }
        if self.shape != "generic":  # the others don't offer it
            server = {key: value for key, value in server.items() if not key.startswith("backchannel")}
        await self.do("clients", [server, program])

    async def do(self, command: str, value: Any = None) -> dict[str, Any]:
        """Carry a command out; returns what it said."""
        number = next(self._numbers)
        await self.command(command=command, value=value, number=number)
        await self.until(lambda: any(line.get("done") == number for line in self.lines))
        (answer,) = (line for line in self.lines if line.get("done") == number)
        assert "error" not in answer, answer
        return answer

    async def asked(self) -> Mapping[str, int]:
        """How often each path was asked for since the last time."""
        return (await self.do("asked"))["asked"]

    async def signed(self, claims: Mapping[str, Any], **how: Any) -> str:
        """A token with ``claims`` that the provider signs."""
        return (await self.do("sign", {"claims": claims, **how}))["token"]


@asynccontextmanager
async def open_id_provider(shape: Shape = "generic", **config: Any) -> AsyncIterator[OpenIdProvider]:
    """Run a provider until the end of the block."""
    install(FOLDER)
    settings = {"shape": shape, "tenant": TENANT, "users": USERS[shape], **config}
    environment = {**os.environ, "NODE_NO_WARNINGS": "1"}
    command = ("node", "provider.mjs", json.dumps(settings))
    # It warns on its standard error of what isn't fit for production.
    async with running(OpenIdProvider, *command, folder=FOLDER, environment=environment, quiet=False) as provider:
        provider.shape = shape
        await provider.until(lambda: provider.told("ready"))
        yield provider


@asynccontextmanager
async def shared_providers() -> AsyncIterator[Callable[..., Awaitable[OpenIdProvider]]]:
    """Gives the provider of a shape and configuration, as if newly started; each runs until the end of the block."""
    running_ones: dict[str, OpenIdProvider] = {}
    async with AsyncExitStack() as stack:

        async def provider(shape: Shape = "generic", **config: Any) -> OpenIdProvider:
            name = f"{shape} {config}"
            if name not in running_ones:
                running_ones[name] = await stack.enter_async_context(open_id_provider(shape, **config))
            await running_ones[name].do("reset")
            return running_ones[name]

        yield provider
