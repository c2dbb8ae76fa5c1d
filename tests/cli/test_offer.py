"""Models that are offered when the server starts."""

import asyncio
import io

import msgspec
import pytest

from tests.cli.test_download_command import models, server
from tests.fakes.file_server import CONTENT
from vasi.app import Vasi
from vasi.cli import offer
from vasi.cli.offer import Answer, agreed_models, bring
from vasi.config import Settings

__all__ = ["models", "server"]


@pytest.fixture
def settings(tmp_path, models):
    return Settings(data=tmp_path / "data")


@pytest.fixture
def terminal(monkeypatch):
    """Somebody sits at it, and types this."""

    def typed(text):
        monkeypatch.setattr(offer, "_is_terminal", lambda: True)
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    return typed


def names(found):
    return [model.name for model in found]


def test_it_is_asked_once_and_the_answer_is_remembered(settings, terminal, capsys):
    terminal("y\n")
    assert names(agreed_models(settings, None)) == ["ears", "voice-en"]
    assert "Download better hearing and a better voice (1 MB)?" in capsys.readouterr().err
    terminal("")
    assert names(agreed_models(settings, None)) == ["ears", "voice-en"]


def test_a_no_is_not_asked_again_unless_told_to(settings, terminal):
    terminal("n\n")
    assert agreed_models(settings, None) == []
    terminal("")
    assert agreed_models(settings, None) == []
    terminal("y\n")
    assert names(agreed_models(settings, Answer.ASK)) == ["ears", "voice-en"]


def test_where_nobody_can_be_asked_nothing_is_downloaded_unless_told_to(settings):
    assert agreed_models(settings, None) == []
    assert agreed_models(settings, Answer.ASK) == []
    assert names(agreed_models(settings, Answer.YES)) == ["ears", "voice-en"]


@pytest.mark.parametrize(
    ("chosen", "offered"),
    [
        pytest.param({"engines": {"stt": "pocketsphinx"}}, ["voice-en"], id="another engine"),
        pytest.param({"speech": {"base_url": "http://127.0.0.1:9/v1", "model": "m"}}, ["ears"], id="another voice"),
        pytest.param({"upstream": {"base_url": "http://127.0.0.1:9/v1"}}, [], id="a service"),
    ],
)
def test_what_somebody_chose_otherwise_is_not_offered(tmp_path, models, chosen, offered):
    assert names(agreed_models(Settings(data=tmp_path, **chosen), Answer.YES)) == offered


async def test_it_comes_beside_the_server_and_new_sessions_get_other_engines(settings, models, capsys):
    wanted = agreed_models(settings, Answer.YES)
    async with Vasi.open(settings) as vasi:
        await vasi.ready()
        before = vasi._lifecycle.engines
        await asyncio.wait_for(bring(vasi, wanted), 60)
        assert (settings.data / "models" / "ears" / "ears.bin").read_bytes() == CONTENT
        assert vasi._lifecycle.engines is not before
        assert all(part.state == "ready" for part in vasi._lifecycle.status().values())
    said = capsys.readouterr().err
    assert "Downloading models: 100 %" in said
    assert "New conversations have better hearing and a better voice." in said


async def test_what_cannot_be_fetched_leaves_everything_as_it_was(settings, models, server, caplog):
    server.files.clear()
    wanted = agreed_models(settings, Answer.YES)
    async with Vasi.open(settings) as vasi:
        await vasi.ready()
        before = vasi._lifecycle.engines
        await asyncio.wait_for(bring(vasi, wanted), 60)
        assert vasi._lifecycle.engines is before
    assert "ears can't be fetched: 127.0.0.1" in caplog.text


async def test_a_server_that_ends_does_not_wait_for_the_rest(settings, models, server):
    wanted = [model for model in agreed_models(settings, Answer.YES) if model.name == "ears"]
    slow = [offer_slowly(model, server) for model in wanted]
    async with Vasi.open(settings) as vasi:
        bringing = asyncio.create_task(bring(vasi, slow))
        while not server.asked:
            await asyncio.sleep(0.01)
        bringing.cancel()
        await asyncio.wait_for(asyncio.gather(bringing, return_exceptions=True), 5)
    assert not (settings.data / "models" / "ears").exists()


def offer_slowly(model, server):
    (file,) = model.files
    return msgspec.structs.replace(model, files=(msgspec.structs.replace(file, url=f"{server.address}/slow/file"),))
