"""Models that come while a server runs, brought by whomever: new conversations and searches use them."""

import asyncio
import shutil

import pytest

from tests.cli.test_download_command import models, server
from tests.knowledge.test_vectors import Topics
from vasi import plugins
from vasi.app import Vasi, renewal
from vasi.config import EngineSettings, Settings
from vasi.engines.models import folder
from vasi.engines.models.folders import data_root
from vasi.engines.models.install import install
from vasi.errors import EngineError
from vasi.plugins import Candidate
from vasi.testing.engines import ScriptedStt

__all__ = ["models", "server"]

OWNER = "local"


class Meanings(Topics):
    """Tells whether it was closed, and may be damaged."""

    model = "meanings"

    def __init__(self) -> None:
        self.closed = False

    async def start(self) -> None:
        if self.broken:
            raise EngineError("The model is damaged.")

    async def embed(self, texts, *, query=False):
        assert not self.closed
        return await super().embed(texts, query=query)

    async def close(self) -> None:
        self.closed = True


def needs(name):
    return lambda settings: None if folder(settings, name) else f"{name} isn't here"


class Deaf(ScriptedStt):
    """What there is before."""


DEAF = Candidate("stt", "deaf", lambda _: None, lambda _: Deaf(), "Hears nothing.", priority=89)
EARS = Candidate("stt", "ears", needs("ears"), lambda _: ScriptedStt(), "Hears.", priority=90)
MEANINGS = Candidate("embedder", "meanings", needs("voice-en"), lambda _: Meanings(), "Knows meanings.", priority=90)
BETTER = Candidate("embedder", "better", needs("giant"), lambda _: Meanings(), "Knows more.", priority=91)
CANDIDATES = (DEAF, EARS, MEANINGS, BETTER)


@pytest.fixture
def settings(tmp_path, models, monkeypatch):
    own = plugins.BUILT_IN[plugins.ENGINES]
    monkeypatch.setitem(plugins.BUILT_IN, plugins.ENGINES, {**own, "test": f"{__name__}:CANDIDATES"})
    monkeypatch.setattr(renewal, "WATCH_S", 0.02)
    plugins.forget()
    yield Settings(data=tmp_path / "data", engines=EngineSettings(vad="energy", turn="cues", tts="espeak"))
    monkeypatch.undo()
    plugins.forget()


@pytest.fixture
async def vasi(settings, tmp_path):
    pytest.importorskip("espeakng_loader", reason="espeak-ng isn't installed: pip install 'vasi[espeak]'")
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "boat.txt").write_text("The Heron leaves at nine.")
    async with Vasi.open(settings) as running:
        await running.ready()
        await running.knowledge.add(OWNER, [tmp_path / "documents"])
        yield running


async def bring(settings, models, *names):
    for name in names:
        await asyncio.to_thread(install, models.get(name), data_root(settings), lambda *_: None)


async def until(true):
    async with asyncio.timeout(30):
        while not await true():
            await asyncio.sleep(0.01)


async def finds(vasi):
    return (await vasi.knowledge.search(OWNER, "vessel departure")).found


async def test_a_model_that_somebody_else_brought_hears_new_conversations(vasi, settings, models):
    before = vasi._lifecycle.engines
    assert isinstance(before.stt, Deaf)
    await bring(settings, models, "ears")

    async def heard():
        return not isinstance(vasi._lifecycle.engines.stt, Deaf)

    await until(heard)
    assert all(part.state == "ready" for part in vasi._lifecycle.status().values())


async def test_search_by_meaning_begins_with_its_model_and_ends_with_it(vasi, settings, models):
    assert not await finds(vasi)
    assert await vasi.knowledge.learned(OWNER) is None
    await bring(settings, models, "voice-en")
    await until(lambda: finds(vasi))
    learned = await vasi.knowledge.learned(OWNER)
    assert (learned.done, learned.total) == (1, 1)
    first = vasi.knowledge._embedder
    await bring(settings, models, "giant")

    async def replaced():
        return vasi.knowledge._embedder is not first and first.closed

    await until(replaced)
    await until(lambda: finds(vasi))
    for name in ("giant", "voice-en"):
        await asyncio.to_thread(shutil.rmtree, data_root(settings) / name)

    async def gone():
        return not await finds(vasi)

    await until(gone)


async def test_one_that_cannot_be_used_changes_nothing(vasi, settings, models, monkeypatch, caplog):
    await bring(settings, models, "voice-en")
    await until(lambda: finds(vasi))
    monkeypatch.setattr(Meanings, "broken", True)
    working = vasi.knowledge._embedder
    working.broken = False
    await bring(settings, models, "giant")

    async def told():
        return "The model is damaged." in caplog.text

    await until(told)
    assert vasi.knowledge._embedder is working
    assert await finds(vasi)


async def test_nothing_is_replaced_that_would_be_chosen_again(vasi, settings, models):
    engines = vasi._lifecycle.engines
    assert await vasi._renewal.renew() == set()
    assert vasi._lifecycle.engines is engines
