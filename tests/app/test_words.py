"""The recogniser knows the words of everybody who talks, for their own sessions."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from vasi.app import words
from vasi.app.words import LearnedWords
from vasi.errors import EngineError
from vasi.knowledge.collections import Collections
from vasi.knowledge.index import TextAnalyser
from vasi.storage.ports import NewDocument, NewPassage
from vasi.storage.sqlite import SqliteStore
from vasi.testing.engines import ScriptedStt

ANNA, BEN, CLEO = "user_anna", "user_ben", "user_cleo"
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


class Recogniser(ScriptedStt):
    """Tells when it learned or forgot something."""

    def __init__(self):
        super().__init__()
        self.log = []
        self.broken_for = None
        self.happened = asyncio.Event()

    async def adapt(self, profile, texts):
        if profile == self.broken_for:
            raise EngineError("The disk is full.")
        await super().adapt(profile, texts)
        self._note("adapt", profile)

    async def forget(self, profile):
        await super().forget(profile)
        self._note("forget", profile)

    def _note(self, *what):
        self.log.append(what)
        self.happened.set()

    async def until(self, condition):
        async with asyncio.timeout(20):
            while not condition():
                await self.happened.wait()
                self.happened.clear()


@pytest.fixture
async def store(tmp_path, monkeypatch):
    monkeypatch.setattr(words, "CHECK_S", 0.01)
    opened = SqliteStore(tmp_path / "vasi.db", TextAnalyser())
    await opened.open()
    await opened.add_note(ANNA, "The zorvane is Anna's.", at=NOON)
    await opened.add_note(BEN, "The quillimar is Ben's.", at=NOON)
    yield opened
    await opened.close()


@asynccontextmanager
async def learning(stt, store, first=(), **more):
    learned = LearnedWords(stt, store, first, **more)
    task = asyncio.create_task(learned.run())
    try:
        await learned.tried()
        yield learned
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_everybody_who_talks_is_known_by_their_own_words(store):
    stt = Recogniser()
    async with learning(stt, store) as learned:
        assert stt.adapted == {}, "nobody talks yet"
        assert learned.status.state == "ready"
        with learned.use(ANNA), learned.use(BEN):
            await stt.until(lambda: len(stt.adapted) == 2)
            assert stt.adapted == {ANNA: ["The zorvane is Anna's."], BEN: ["The quillimar is Ben's."]}
            await store.add_note(BEN, "Cedar", at=NOON)
            await stt.until(lambda: "Cedar" in stt.adapted[BEN])
        assert ("adapt", ANNA) in stt.log
        assert stt.log.count(("adapt", ANNA)) == 1, "she changed nothing"


async def test_those_who_talked_longest_ago_are_forgotten_and_come_back(store):
    stt = Recogniser()
    async with learning(stt, store, first=(CLEO,), most=1) as learned:
        assert stt.adapted == {CLEO: []}
        with learned.use(ANNA):
            await stt.until(lambda: ANNA in stt.adapted)
        with learned.use(BEN):
            await stt.until(lambda: BEN in stt.adapted)
        await store.add_note(CLEO, "Fern", at=NOON)
        await stt.until(lambda: stt.adapted.get(CLEO) == ["Fern"] and ANNA not in stt.adapted)
        assert set(stt.adapted) == {BEN, CLEO}
        with learned.use(ANNA):
            await stt.until(lambda: ANNA in stt.adapted)


async def test_what_somebody_removes_is_forgotten_though_they_do_not_talk(store):
    stt = Recogniser()
    (note,) = await store.notes(ANNA)
    async with learning(stt, store):
        await store.remove_note(ANNA, note.id)
        await stt.until(lambda: ("forget", ANNA) in stt.log)
        assert ("forget", BEN) not in stt.log


async def test_words_of_one_that_cannot_be_learned_keep_nobody_else_from_theirs(store):
    stt = Recogniser()
    stt.broken_for = ANNA
    async with learning(stt, store, first=(ANNA,)) as learned:
        assert learned.status.state == "failed"
        assert "The disk is full" in learned.status.problem
        with learned.use(BEN):
            await stt.until(lambda: BEN in stt.adapted)
        stt.broken_for = None
        await stt.until(lambda: ANNA in stt.adapted)
        async with asyncio.timeout(20):
            while learned.status.state != "ready":
                await asyncio.sleep(0)


async def test_words_of_shared_documents_are_known_to_those_who_may_read_them(store):
    stt = Recogniser()
    collections = Collections(store)
    async with learning(stt, store) as learned:
        with learned.use(ANNA, ("board",)), learned.use(BEN, ("crew",)):
            await stt.until(lambda: len(stt.adapted) == 2)
            board = await collections.add("Board", everyone=False, groups=["board"])
            plan = NewDocument("/plan.md", "plan.md", "d", "text/markdown", 1)
            await store.put_document(board.owner, plan, [NewPassage("The xylobarge")])
            await stt.until(lambda: "The xylobarge" in stt.adapted[ANNA])
            await collections.change(board.id, groups=["crew"])
            await stt.until(lambda: "The xylobarge" in stt.adapted[BEN])
            await stt.until(lambda: "The xylobarge" not in stt.adapted[ANNA])
