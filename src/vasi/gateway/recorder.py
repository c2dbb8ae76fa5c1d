"""Records a session's conversation as the client sees it, so that it can be read again and continued.

Each item is written when it's finished, and again when more is known of it: the user's words when they are recognised,
an answer when it was cut to what was heard. What was written survives a power cut. Sound isn't kept.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from msgspec import UNSET
from msgspec.structs import replace

from vasi.errors import NotFoundError, StoreError
from vasi.protocol import client_events as client
from vasi.protocol import extension
from vasi.protocol import server_events as ev
from vasi.protocol.items import (
    InputAudio,
    InputImage,
    InputText,
    Item,
    Message,
    OutputAudio,
    OutputText,
    Part,
    is_preamble,
    item_id,
    without_audio,
)
from vasi.protocol.session import bytes_per_ms
from vasi.storage.collections import CollectionName
from vasi.storage.recorded import EXCERPT, Cited, CitedSpan, ConversationStore, RecordedItem, spoken_text
from vasi.tools.ports import TurnReference

log = logging.getLogger(__name__)

CONTINUED = 200
"""Items of a recorded conversation that a new session begins with: the latest."""
MAX_ITEMS = 10_000
"""Items of one session that are recorded."""
MAX_IMAGE_CHARACTERS = 512 * 1024
"""Characters of a data URI; larger pictures aren't kept."""
CLOSING_S = 5.0
QUESTIONS = 3
"""How often the backend is asked what a user said; a service that never knows it is asked no more."""


@dataclass(frozen=True, slots=True)
class _Put:
    item: RecordedItem
    after: str | None


@dataclass(frozen=True, slots=True)
class _Remove:
    item_id: str


_Write: TypeAlias = _Put | _Remove


class Recorder:
    """The record of one session.

    Args:
        store: where it is kept.
        owner: whose conversation it is.
        conversation_id: the conversation that it belongs to.
        now: the present time, aware.
        earlier: what the conversation holds already; None if it's a new one.
    """

    def __init__(
        self,
        store: ConversationStore,
        owner: str,
        conversation_id: str,
        *,
        now: Callable[[], datetime],
        earlier: Sequence[RecordedItem] | None = None,
    ) -> None:
        self.conversation_id = conversation_id
        self._store = store
        self._owner = owner
        self._now = now
        self._begun = earlier is not None
        self._earlier = list(earlier or ())
        self._known: dict[str, RecordedItem] = {item_id(one.item): one for one in self._earlier}
        self._old = set(self._known)
        self._citations: dict[str, list[CitedSpan]] = {}
        self._cuts: dict[str, int] = {}
        """Milliseconds that were heard of answers, by item."""
        self._sound: Counter[str] = Counter()
        """Milliseconds of sound that were sent of answers, by item."""
        self._rates: dict[str, int] = {}
        """Bytes of a millisecond, by response."""
        self._asked: Counter[str] = Counter()
        """Questions to the backend about an item that it hasn't answered yet."""
        self._unheard: dict[str, int] = {}
        """The user's spoken items whose words aren't known yet, and how often they were asked for."""
        self._failures_in_a_row = 0
        self._user_item: str | None = None
        self._writes: asyncio.Queue[_Write | None] = asyncio.Queue()
        self._given_up = False
        self._writing: asyncio.Task[None] | None = None

    @property
    def turn(self) -> TurnReference:
        """The turn that goes on now."""
        return TurnReference(self.conversation_id, self._user_item)

    # --- the session ------------------------------------------------------------------------------------------------
    def start(self) -> list[client.ClientEvent]:
        """Begin to write. Returns what the backend is to be told first, so that the conversation goes on."""
        self._writing = asyncio.create_task(self._write())
        told: list[client.ClientEvent] = []
        for recorded in self._earlier[-CONTINUED:]:
            item = _told(recorded.item)
            if item is not None:
                told.append(client.ItemCreate(item=item))
        return told

    async def close(self) -> None:
        """Write what is still to be written."""
        if self._writing is None:
            return
        self._writes.put_nowait(None)
        try:
            async with asyncio.timeout(CLOSING_S):
                await self._writing
        except TimeoutError:
            log.warning("The end of a conversation could not be recorded in time.")

    def cited(self, citation: extension.Citation, passages: Mapping[str, extension.PassageShown]) -> None:
        """Some words of an answer rest on these passages."""
        used = tuple(map(_cited, passages.values()))
        span = CitedSpan(citation.content_index, citation.start, citation.end, used)
        self._citations.setdefault(citation.item_id, []).append(span)

    def came_nearest(self, response: ev.Response, passages: Mapping[str, extension.PassageShown]) -> None:
        """These passages come nearest to what was asked; the answer that is done rests on nothing."""
        said = [item for item in response.output if isinstance(item, Message) and not is_preamble(item)]
        before = self._known.get(item_id(said[-1])) if said else None
        if before is None or response.status != "completed" or not passages:
            return
        span = CitedSpan(0, 0, 0, tuple(map(_cited, passages.values())), nearest=True)
        changed = RecordedItem(before.item, before.created_at, (*before.citations, span))
        self._known[item_id(before.item)] = changed
        self._queue(_Put(changed, None))

    def watch(self, event: ev.ServerEvent) -> Sequence[client.ClientEvent]:
        """An event goes to the client. Returns what the backend is to be asked."""
        match event:
            case ev.ResponseCreated(response=response):
                self._rates[response.id] = bytes_per_ms(response.audio.output.format)
            case ev.ResponseDone(response=response):
                self._rates.pop(response.id, None)
                return self._ask_words()
            case ev.PartAdded():
                return self._ask_words()
            case ev.OutputAudioDelta():
                self.sounded(event.response_id, event.item_id, len(event.delta))
            case ev.ItemDone():
                return self._finished(event)
            case ev.TranscriptionCompleted():
                self._recognised(event)
            case ev.ItemTruncated():
                self._cuts[event.item_id] = event.audio_end_ms
                return self._ask(event.item_id)
            case ev.ItemDeleted():
                self._known.pop(event.item_id, None)
                self._asked.pop(event.item_id, None)
                self._queue(_Remove(event.item_id))
            case _:
                pass
        return ()

    def sounded(self, response_id: str, recorded_id: str, size: int) -> None:
        """So many bytes of an answer's sound go to the client."""
        self._sound[recorded_id] += size // self._rates.get(response_id, 48)

    def takes(self, event: ev.ServerEvent) -> bool:
        """Whether an event of the backend is the answer to the recorder's own question, and not for the client."""
        if not isinstance(event, ev.ItemRetrieved) or not self._asked[item_id(event.item)]:
            return False
        recorded_id = item_id(event.item)
        if not isinstance(event.item, Item):
            return False
        self._asked[recorded_id] -= 1
        before = self._known.get(recorded_id)
        if recorded_id in self._unheard:
            self._learn(recorded_id, event.item)
        elif before is not None:
            heard = spoken_text(event.item) or self._estimate(before.item, self._cuts.get(recorded_id, 0))
            self._change(before, _shortened(before.item, heard))
        return True

    # --- what happened ----------------------------------------------------------------------------------------------
    def _finished(self, event: ev.ItemDone) -> Sequence[client.ClientEvent]:
        recorded_id = item_id(event.item)
        if not isinstance(event.item, Item):
            return ()
        if isinstance(event.item, Message) and event.item.role == "user":
            self._user_item = recorded_id
        if recorded_id in self._old:
            self._old.discard(recorded_id)  # from now on it's an item like all others
            return ()
        if len(self._known) >= MAX_ITEMS:
            return ()
        spans = tuple(self._citations.pop(recorded_id, ()))
        if is_preamble(event.item):
            spans = ()
        recorded = RecordedItem(_lean(event.item), self._now(), spans)
        self._known[recorded_id] = recorded
        self._queue(_Put(recorded, event.previous_item_id))
        asked = self._ask_words()
        if _is_unheard(recorded.item):
            self._unheard[recorded_id] = 0
        return [*asked, *self._ask(recorded_id)] if recorded_id in self._cuts else asked

    def _recognised(self, event: ev.TranscriptionCompleted) -> None:
        self._unheard.pop(event.item_id, None)
        before = self._known.get(event.item_id)
        if before is None or not isinstance(before.item, Message):
            return
        parts = list(before.item.content)
        if event.content_index < len(parts) and isinstance(parts[event.content_index], InputAudio):
            parts[event.content_index] = InputAudio(transcript=event.transcript)
            self._change(before, replace(before.item, content=parts))

    def _ask_words(self) -> Sequence[client.ClientEvent]:
        """Clients that want no transcription aren't told what the user said, but the backend may know."""
        unheard = [one for one, times in self._unheard.items() if times < QUESTIONS and not self._asked[one]]
        if self._failures_in_a_row >= QUESTIONS:
            return ()
        for one in unheard:
            self._unheard[one] += 1
        return [question for one in unheard for question in self._ask(one)]

    def _learn(self, recorded_id: str, item: Item) -> None:
        before = self._known.get(recorded_id)
        if before is None or _is_unheard(item):
            self._failures_in_a_row += 1
            return
        self._failures_in_a_row = 0
        del self._unheard[recorded_id]
        self._change(before, _lean(item))

    def _ask(self, recorded_id: str) -> Sequence[client.ClientEvent]:
        """Only the backend knows which words were heard. Before an item is finished there is no asking."""
        if recorded_id not in self._known:
            return ()
        self._asked[recorded_id] += 1
        return (client.ItemRetrieve(item_id=recorded_id),)

    def _estimate(self, item: Item, heard_ms: int) -> str:
        """What was heard, as far as the share of the sound tells: some services forget the words."""
        text, sound = spoken_text(item), self._sound[item_id(item)]
        if not sound or heard_ms >= sound:
            return text
        return text[: len(text) * heard_ms // sound].rpartition(" ")[0]

    def _change(self, before: RecordedItem, item: Item) -> None:
        length = len(spoken_text(item))
        kept = tuple(span for span in before.citations if span.end <= length)
        changed = RecordedItem(item, before.created_at, kept)
        self._known[item_id(item)] = changed
        self._queue(_Put(changed, None))

    # --- writing ----------------------------------------------------------------------------------------------------
    def _queue(self, write: _Write) -> None:
        if not self._given_up:
            self._writes.put_nowait(write)

    async def _write(self) -> None:
        while (write := await self._writes.get()) is not None:
            if self._given_up:
                continue
            try:
                await self._carry_out(write)
            except NotFoundError:
                self._given_up = True  # the user removed the conversation, and meant it
            except StoreError as error:
                log.warning("An item of a conversation could not be recorded: %s", error)

    async def _carry_out(self, write: _Write) -> None:
        now = self._now()
        match write:
            case _Put(item, after):
                if not self._begun:
                    await self._store.begin_conversation(self._owner, self.conversation_id, at=now)
                    self._begun = True
                await self._store.put_item(self._owner, self.conversation_id, item, after=after, at=now)
            case _Remove(recorded_id):
                if self._begun:
                    await self._store.remove_item(self._owner, self.conversation_id, recorded_id)


def _cited(passage: extension.PassageShown) -> Cited:
    return Cited(
        id=passage.id,
        document=passage.document,
        page=passage.page,
        kind=passage.kind,
        source_id=passage.source_id,
        start=passage.start,
        end=passage.end,
        excerpt=passage.text[:EXCERPT] if passage.kind == "document" else "",
        collection=passage.collection and CollectionName(passage.collection.id, passage.collection.name),
    )


def _lean(item: Item) -> Item:
    """``item`` without sound and large pictures."""
    item = without_audio(item)
    if not isinstance(item, Message):
        return item
    kept = [
        part for part in item.content if not isinstance(part, InputImage) or len(part.image_url) <= MAX_IMAGE_CHARACTERS
    ]
    return replace(item, content=kept)


def _is_unheard(item: Item) -> bool:
    return isinstance(item, Message) and any(
        isinstance(part, InputAudio) and part.transcript is None for part in item.content
    )


def _shortened(item: Item, text: str) -> Item:
    """An answer of which only ``text`` was heard."""
    return replace(item, content=[OutputAudio(transcript=text)]) if isinstance(item, Message) else item


def _told(item: Item) -> Item | None:
    """A recorded item as a client could create it: what was spoken is written.

    None if there are no words, or only those with which a model said that it would think.
    """
    bare = replace(item, object=UNSET, status=UNSET)
    if not isinstance(bare, Message):
        return bare
    if is_preamble(bare):
        return None
    parts: list[Part] = list(_written(bare.content))
    return replace(bare, content=parts, phase=UNSET) if parts else None


def _written(parts: Iterable[Part]) -> Iterable[Part]:
    for part in parts:
        match part:
            case InputAudio(transcript=text) if text:
                yield InputText(text=text)
            case OutputAudio(transcript=text) if text:
                yield OutputText(text=text)
            case InputText() | OutputText() | InputImage():
                yield part
            case _:
                pass
