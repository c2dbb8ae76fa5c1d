"""The words of documents and notes that the recogniser knows, of everybody who talks."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from vasi.engines.host import PartStatus
from vasi.engines.ports import Stt
from vasi.errors import VasiError
from vasi.storage.collections import CollectionStore
from vasi.storage.ports import DocumentStore

log = logging.getLogger(__name__)

CHECK_S = 3.0
"""How often to look whether documents or notes changed, here or in another process, so that new words are learned."""
MOST_OWNERS = 64
"""Owners whose words are known at a time, beside those who talk."""
_LONGEST_DELAY_S = 60.0


@dataclass(slots=True)
class _Taught:
    """What the recogniser knows of one owner, who is in ``groups``: the words as they were at ``revision``."""

    groups: tuple[str, ...] = ()
    sessions: int = 0
    revision: str | None = None


class WordStore(DocumentStore, CollectionStore, Protocol):
    """Where words come from."""


class LearnedWords:
    """Teaches a recogniser the words of those who talk, each for their own sessions, and keeps them up to date.

    They are those of their own documents and notes, and of the collections that are shared with them.

    Those who talked longest ago are forgotten, and learned anew when they come back. Of somebody who isn't known
    nothing may be left that was removed since: what the recogniser still has on disk of them goes when they change
    anything.

    Args:
        stt: the recogniser.
        store: holds the documents and notes.
        first: owners who are known from the beginning, and never forgotten.
        most: how many others are known at a time while they don't talk.
    """

    def __init__(self, stt: Stt, store: WordStore, first: Sequence[str], *, most: int = MOST_OWNERS) -> None:
        self._stt = stt
        self._store = store
        self._first = frozenset(first)
        self._most = most
        self._known: OrderedDict[str, _Taught] = OrderedDict((owner, _Taught()) for owner in first)
        """The one who talked last at the end."""
        self._seen: dict[str, str] = {}
        self._tried = asyncio.Event()
        self._newcomer = asyncio.Event()
        self._status = PartStatus("starting" if first else "ready")

    @property
    def status(self) -> PartStatus:
        """Ready once the words of the first owners are known."""
        return self._status

    async def tried(self) -> None:
        """Return when the words of the first owners were learned, or couldn't be."""
        await self._tried.wait()

    @contextmanager
    def use(self, owner: str, groups: Sequence[str] = ()) -> Generator[None]:
        """Somebody, who is in ``groups``, talks until the end of the block: learn their words soon, and every change of
        them.
        """
        taught = self._known.setdefault(owner, _Taught())
        taught.groups = tuple(groups)
        self._known.move_to_end(owner)
        taught.sessions += 1
        if taught.revision is None:
            self._newcomer.set()
        try:
            yield
        finally:
            taught.sessions -= 1

    async def forget(self, owner: str) -> None:
        """Let go of the owner's words at once."""
        known = self._known.get(owner)
        if known is not None:
            known.revision = None
        await self._stt.forget(owner)

    async def run(self) -> None:
        """Teach until cancelled."""
        failures = 0
        while True:
            self._newcomer.clear()
            try:
                await self._look()
                failures = 0
            except Exception as error:
                failures += 1
                self._note(error)
            self._tried.set()
            delay = min(CHECK_S * 2**failures, _LONGEST_DELAY_S)
            try:
                async with asyncio.timeout(delay):
                    await self._newcomer.wait()
            except TimeoutError:
                pass

    async def _look(self) -> None:
        revisions = await self._store.revisions()
        changed = [owner for owner, seen in self._seen.items() if revisions.get(owner, "") != seen]
        self._seen = dict(revisions)
        for owner in changed:
            if owner not in self._known:
                await self._stt.forget(owner)
        collections = await self._store.collections()
        failure: Exception | None = None
        # Those who talk first, and of these the last who came.
        for owner, taught in sorted(reversed(self._known.items()), key=lambda known: known[1].sessions == 0):
            owners = (owner, *(one.owner for one in collections if one.is_for(taught.groups)))
            revision = " ".join(revisions.get(one, "") for one in owners)
            try:
                if taught.revision != revision:
                    await self._stt.adapt(owner, await self._store.texts(owners))
                    taught.revision = revision
            except Exception as error:  # the others' words are learned all the same
                failure = error
        await self._drop()
        if failure is not None:
            raise failure
        self._status = PartStatus("ready")

    async def _drop(self) -> None:
        idle = [owner for owner, one in self._known.items() if not one.sessions and owner not in self._first]
        for owner in idle[: max(0, len(idle) - self._most)]:
            del self._known[owner]
            await self._stt.forget(owner)

    def _note(self, error: Exception) -> None:
        known = isinstance(error, VasiError)
        reason = error.message if isinstance(error, VasiError) else "see the server's log"
        log.warning("The recogniser could not learn the words of the documents yet: %s", error, exc_info=not known)
        if any(self._known[owner].revision is None for owner in self._first):
            self._status = PartStatus("failed", f"The words of the documents could not be learned: {reason}")
