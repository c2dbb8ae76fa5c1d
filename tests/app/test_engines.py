"""Engines that take the place of others while a server runs."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from vasi.app.engines import EngineLifecycle
from vasi.errors import EngineError
from vasi.knowledge.index import TextAnalyser
from vasi.storage.sqlite import SqliteStore
from vasi.testing.engines import scripted_engines
from vasi.testing.llm import ScriptedLlm

OWNER = "owner"


@pytest.fixture
async def store(tmp_path):
    opened = SqliteStore(tmp_path / "vasi.db", TextAnalyser())
    await opened.open()
    yield opened
    await opened.close()


class Llm(ScriptedLlm):
    """Tells whether it runs."""

    def __init__(self, error=None):
        super().__init__("Hello.")
        self.error = error
        self.runs = False
        self.stopped = asyncio.Event()

    async def start(self):
        if self.error is not None:
            raise self.error
        self.runs = True

    async def stop(self):
        self.runs = False
        self.stopped.set()


@asynccontextmanager
async def lifecycle(store, llm):
    running = EngineLifecycle(scripted_engines(llm), store, (OWNER,))
    task = asyncio.create_task(running.run())
    try:
        await running.ready()
        yield running
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_new_sessions_get_the_new_engines_and_old_ones_keep_theirs(store):
    old, new = Llm(), Llm()
    async with lifecycle(store, old) as running:
        with running.use(OWNER) as earlier:
            await running.replace(scripted_engines(new))
            assert earlier.engines.llm is old
            assert (old.runs, new.runs) == (True, True)
            with running.use(OWNER) as later:
                assert later.engines.llm is new
            assert new.runs  # though nobody uses them
        await asyncio.wait_for(old.stopped.wait(), 5)
        assert (old.runs, new.runs) == (False, True)
        assert running.engines.llm is new
        assert running.status()["llm"].state == "ready"
    assert not new.runs


async def test_engines_that_nobody_uses_are_stopped_at_once(store):
    old = Llm()
    async with lifecycle(store, old) as running:
        await running.replace(scripted_engines(Llm()))
        await asyncio.wait_for(old.stopped.wait(), 5)


async def test_engines_that_cannot_be_started_change_nothing(store):
    old, broken = Llm(), Llm(EngineError("The model is damaged."))
    async with lifecycle(store, old) as running:
        with pytest.raises(EngineError, match="damaged"):
            await running.replace(scripted_engines(broken))
        assert running.engines.llm is old
        assert old.runs
        await asyncio.wait_for(broken.stopped.wait(), 5)
