"""How ``ask --url`` and ``talk --url`` reach a server that wants a key, or shows a certificate of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from vasi.accounts.secrets import StaticKeys
from vasi.cli.socket_link import connect_to
from vasi.config import Settings, load_settings
from vasi.errors import ConfigError, UpstreamError
from vasi.testing.engines import scripted_engines
from vasi.testing.llm import ScriptedLlm
from vasi.testing.server import serving
from vasi.web.certificate import self_signed

KEY = "canary-key-of-the-server"


def settings(data: Path, *keys: str) -> Settings:
    return load_settings({"data": data, "api_keys": keys}, environ={})


async def test_a_server_on_this_machine_gets_its_own_key(tmp_path: Path) -> None:
    async with serving(scripted_engines(ScriptedLlm()), keys=StaticKeys([KEY])) as server:
        async with connect_to(server.http, settings(tmp_path, KEY)) as link:
            assert "session.created" in (await link.receive() or "")
        async with connect_to(f"{server.http}?api-key={KEY}", settings(tmp_path)) as link:
            assert "session.created" in (await link.receive() or "")
        with pytest.raises(ConfigError, match="wants a key") as refused:
            async with connect_to(f"{server.http}?api-key=canary-of-a-thief", settings(tmp_path)):
                pass
        assert "canary" not in str(refused.value)


async def test_its_own_certificate_is_trusted(tmp_path: Path) -> None:
    certificate = self_signed(tmp_path / "tls")
    async with serving(scripted_engines(ScriptedLlm()), certificate=certificate) as server:
        async with connect_to(server.ws, settings(tmp_path)) as link:
            assert "session.created" in (await link.receive() or "")
        with pytest.raises(UpstreamError, match="SSL_CERT_FILE"):
            async with connect_to(server.ws, settings(tmp_path / "elsewhere")):
                pass
