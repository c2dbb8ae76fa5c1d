"""The items of the default conversation in order, with their audio and with what was heard of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

import msgspec
from msgspec import UNSET

from vasi.errors import ClientError
from vasi.media.timeline import Timeline
from vasi.protocol.items import (
    InputAudio,
    Item,
    ItemReference,
    Message,
    OutputAudio,
    Part,
    item_id,
    without_audio,
)
from vasi.protocol.messages import characters, words_of

MAX_SHOWN = 4_500_000
"""Bytes of audio that ``conversation.item.retrieved`` may carry, as some clients take no frame of more than 8 MiB; of
longer items it shows the transcript alone."""
MAX_AUDIO = 64 * 1024 * 1024
"""Bytes of audio kept in one conversation; the oldest is forgotten first, its transcripts stay."""


@dataclass(slots=True, eq=False)
class Entry:
    """An item and what stands behind it.

    Attributes:
        item: as the wire shows it, without audio bytes.
        audio: the item's audio in its wire format; for the assistant's what was sent.
        timeline: of a spoken assistant item: its words and their times.
        heard_ms: how much of it was played, None for all.
        sent_ms: how much of it was sent.
        reported: ``heard_ms`` is what the client said, not a guess.
        transcribing: its transcript is still awaited.
        spoken_part: which of its content parts that transcript is of.
        spoken_ms: how long the user's audio is, whatever became of the bytes.
        left_out: the conversation became too long, and the model isn't told of it any more.
    """

    item: Item
    audio: bytes | bytearray = b""
    timeline: Timeline | None = None
    heard_ms: int | None = None
    sent_ms: int = 0
    reported: bool = False
    transcribing: bool = False
    spoken_part: int = 0
    spoken_ms: int = 0
    left_out: bool = False
    characters: int = 0
    """What it counted when it came in."""


class History:
    """Ordered by position, found by id."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._by_id: dict[str, Entry] = {}
        self._audio_bytes = 0
        self.characters = 0
        """Of all items, as they were when they came in."""

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def __contains__(self, wanted: str) -> bool:
        return wanted in self._by_id

    def holds(self, entry: Entry) -> bool:
        """Whether it's this very entry that has its id: a deleted id may come again."""
        return self._by_id.get(item_id(entry.item)) is entry

    def get(self, wanted: str) -> Entry | None:
        return self._by_id.get(wanted)

    @property
    def last_id(self) -> str | None:
        return item_id(self._entries[-1].item) if self._entries else None

    def previous_id(self, wanted: str) -> str | None:
        """The id of the item before ``wanted``; None for the first."""
        place = self._entries.index(self._by_id[wanted])
        return item_id(self._entries[place - 1].item) if place else None

    def insert(self, entry: Entry, after: str | None = None) -> str | None:
        """Put ``entry`` behind item ``after`` ("root": at the front; None: at the end).

        Returns:
            The id of the item before it.

        Raises:
            ClientError: no item ``after``, or the id is taken.
        """
        wanted = item_id(entry.item)
        if wanted in self._by_id:
            raise ClientError(f"Item with id '{wanted}' already exists.", param="item.id")
        if after is None:
            place = len(self._entries)
        elif after == "root":
            place = 0
        elif after in self._by_id:
            place = self._entries.index(self._by_id[after]) + 1
        else:
            raise ClientError(
                f"Previous item with id '{after}' not found.",
                code="item_create_invalid_previous_item_id",
                param="previous_item_id",
            )
        self._entries.insert(place, entry)
        self._by_id[wanted] = entry
        entry.characters = characters(entry.item)
        self.characters += entry.characters
        self.keep_audio(entry, entry.audio)
        return self.previous_id(wanted)

    def remove(self, wanted: str) -> None:
        entry = self._by_id.pop(wanted)
        self._entries.remove(entry)
        self.characters -= entry.characters
        self._audio_bytes -= len(entry.audio)

    def keep_audio(self, entry: Entry, audio: bytes | bytearray) -> None:
        """Keep ``audio`` with ``entry``; forgets the oldest audio when there is too much."""
        if not self.holds(entry):
            return
        if entry.audio is not audio:
            self._audio_bytes -= len(entry.audio)
        entry.audio = audio
        self._audio_bytes += len(audio)
        for old in self._entries:
            if self._audio_bytes <= MAX_AUDIO:
                break
            if old is not entry:
                self._audio_bytes -= len(old.audio)
                old.audio = b""

    def cut(self, entry: Entry, timeline: Timeline, audio: bytes | bytearray, heard_ms: int) -> None:
        """The client played only ``heard_ms`` of the assistant's ``entry``: words and sound after it are forgotten."""
        kept = heard_ms * timeline.rate // 1000 * timeline.bytes_per_sample
        heard = OutputAudio(transcript=timeline.heard(heard_ms))
        entry.item = msgspec.structs.replace(cast(Message, entry.item), content=[heard])
        entry.timeline, entry.heard_ms = timeline, heard_ms
        self.keep_audio(entry, bytes(audio[:kept]))

    def shown(self, entry: Entry) -> Item:
        """``entry`` as ``conversation.item.retrieved`` shows it: with its audio unless that is too long."""
        item = entry.item
        if not 0 < len(entry.audio) <= MAX_SHOWN or not isinstance(item, Message):
            return item
        parts: list[Part] = [
            msgspec.structs.replace(part, audio=bytes(entry.audio))
            if isinstance(part, InputAudio | OutputAudio)
            else part
            for part in item.content
        ]
        return msgspec.structs.replace(item, content=parts)

    def words_of(self, wanted: str) -> str:
        """What is said or written in an item, as far as it's known; nothing if there is no such message."""
        entry = self._by_id.get(wanted)
        if entry is None or not isinstance(entry.item, Message):
            return ""
        return " ".join(filter(None, map(words_of, entry.item.content)))

    @property
    def awaits_answer(self) -> bool:
        """The user's last words, if there are any, haven't been answered yet with a word that was heard."""
        for entry in reversed(self._entries):
            match self._believed(entry):
                case Message(role="user", content=content) if any(words_of(part) for part in content):
                    return True
                case Message(role="assistant", content=content) if any(words_of(part) for part in content):
                    return False
                case _:
                    pass
        return False

    def context(self, last: Iterable[str] = ()) -> tuple[Item, ...]:
        """The conversation as the model shall believe it: of spoken items only what was heard.

        Items that wait for an answer over which they were spoken can be told ``last``.
        """
        told = [entry for entry in self._entries if not entry.left_out]
        if wanted := set(last):
            told.sort(key=lambda entry: entry.item.id in wanted)
        return tuple(map(self._believed, told))

    def resolved(self, given: Iterable[Item | ItemReference]) -> tuple[Item, ...]:
        """``given``, with items of the conversation for the references to them; what was deleted is left out."""
        result: list[Item] = []
        for item in given:
            if not isinstance(item, ItemReference):
                result.append(item)
            elif (entry := self._by_id.get(item.id)) is not None:
                result.append(self._believed(entry))
        return tuple(result)

    def leave_out(self, kept: Iterable[Item]) -> None:
        """From now on the model is told only of these, and of what comes later."""
        known = {item.id for item in kept}
        for entry in self._entries:
            entry.left_out |= entry.item.id not in known

    @staticmethod
    def _believed(entry: Entry) -> Item:
        item = entry.item
        if entry.heard_ms is None or entry.timeline is None or not isinstance(item, Message):
            return item
        return msgspec.structs.replace(item, content=[OutputAudio(transcript=entry.timeline.heard(entry.heard_ms))])


def entry_for(item: Item) -> Entry:
    """A new entry for an item as a client sent it: its audio bytes kept apart."""
    audio = b""
    if isinstance(item, Message):
        audio = b"".join(
            part.audio
            for part in item.content
            if isinstance(part, InputAudio | OutputAudio) and part.audio is not UNSET
        )
    return Entry(without_audio(item), audio)
