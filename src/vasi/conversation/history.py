"""The items of the default conversation in order, with their audio and with what was heard of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from msgspec import UNSET

from vasi.errors import ClientError
from vasi.media.timeline import Timeline
from vasi.protocol.items import InputAudio, Item, Message, OutputAudio, Part, item_id, without_audio

MAX_ITEMS = 2000
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
        transcribing: its transcript is still awaited.
    """

    item: Item
    audio: bytes | bytearray = b""
    timeline: Timeline | None = None
    heard_ms: int | None = None
    transcribing: bool = False


class History:
    """Ordered by position, found by id."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._by_id: dict[str, Entry] = {}
        self._audio_bytes = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def __contains__(self, wanted: str) -> bool:
        return wanted in self._by_id

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
            ClientError: no item ``after``, the id is taken, or the conversation is full.
        """
        wanted = item_id(entry.item)
        if wanted in self._by_id:
            raise ClientError(f"Item with id '{wanted}' already exists.", param="item.id")
        if len(self._entries) >= MAX_ITEMS:
            raise ClientError(f"The conversation is full: it may hold {MAX_ITEMS} items. Delete some.")
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
        self.keep_audio(entry, entry.audio)
        return self.previous_id(wanted)

    def remove(self, wanted: str) -> None:
        entry = self._by_id.pop(wanted)
        self._entries.remove(entry)
        self._audio_bytes -= len(entry.audio)

    def keep_audio(self, entry: Entry, audio: bytes | bytearray) -> None:
        """Keep ``audio`` with ``entry``; forgets the oldest audio when there is too much."""
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

    def shown(self, entry: Entry) -> Item:
        """``entry`` as ``conversation.item.retrieved`` shows it: with its audio."""
        item = entry.item
        if not entry.audio or not isinstance(item, Message):
            return item
        parts: list[Part] = [
            msgspec.structs.replace(part, audio=bytes(entry.audio))
            if isinstance(part, InputAudio | OutputAudio)
            else part
            for part in item.content
        ]
        return msgspec.structs.replace(item, content=parts)

    def context(self) -> tuple[Item, ...]:
        """The conversation as the model shall believe it: of spoken items only what was heard."""
        return tuple(self._believed(entry) for entry in self._entries)

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
