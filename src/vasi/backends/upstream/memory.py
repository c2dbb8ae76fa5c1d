"""What a service was told and said, as far as a new connection needs it to go on. Pure bookkeeping.

Items of the conversation in their order, as text where they were sound; of the oldest only what a summary says; and
what was sent and not yet answered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from msgspec import UNSET
from msgspec.structs import replace

from vasi.backends.upstream import summary as summaries
from vasi.protocol import client_events as client
from vasi.protocol import server_events as ev
from vasi.protocol.items import (
    FunctionCall,
    FunctionCallOutput,
    InputAudio,
    InputImage,
    InputText,
    Item,
    Message,
    OutputAudio,
    OutputText,
    Part,
    item_id,
)

REPLAYED_SHARE = 0.625
"""Of the tokens that a model's context holds, for the conversation: the rest is for instructions, tools and answers."""
CHARACTERS_PER_TOKEN = 4
KEPT_SOUND = 30_000 * 48
"""Bytes of utterances without a transcript."""
KEPT_ITEMS = 512
KEPT_CHARACTERS = 16 * 1024 * 1024
"""Of all items, pictures included."""
SUMMARY = "item_earlier_conversation"
"""Id of the item that tells in short what is left out."""
KEPT_LINES = 64
"""Of the summary of what isn't kept any more."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An event on its way; ``at`` is the position in the user's audio when it was sent."""

    event: client.ClientEvent
    at: int


class Memory:
    """The conversation of one session.

    Args:
        context_tokens: how much the model's context holds.
    """

    def __init__(self, context_tokens: int = 32_000) -> None:
        self._replayed_characters = int(context_tokens * REPLAYED_SHARE * CHARACTERS_PER_TOKEN)
        """Of the conversation, newest first."""
        self._order: list[str] = []
        self._items: dict[str, Item] = {}
        self._sizes: dict[str, int] = {}
        self._sound: dict[str, bytes] = {}
        self._sounded: dict[str, int] = {}
        self._replayed: set[str] = set()
        self._lines: dict[str, str] = {}
        """What a summary says of items that aren't kept any more, oldest first."""
        self._more = 0
        """How many there were before these."""
        self.unanswered: list[Unanswered] = []
        """In the order of sending."""
        self._echoes = False
        """The service says with a response which metadata it was asked with."""

    # --- what was said ----------------------------------------------------------------------------------------------
    def notice(self, event: ev.ServerEvent) -> None:
        """An event of the service."""
        match event:
            case ev.ItemAdded(item=item, previous_item_id=previous) | ev.ItemDone(item=item, previous_item_id=previous):
                if isinstance(item, Item):  # Of MCP servers the service isn't told.
                    self._place(item, previous)
                self._answered(client.ItemCreate, item_id(item))
            case ev.ItemDeleted(item_id=wanted):
                self.forget(wanted)
                self._answered(client.ItemDelete, wanted)
            case ev.ItemTruncated(item_id=wanted):
                self._answered(client.ItemTruncate, wanted)
            case ev.ItemRetrieved(item=item):
                self._answered(client.ItemRetrieve, item_id(item))
            case ev.TranscriptionCompleted(item_id=wanted, transcript=transcript):
                self._transcribed(wanted, transcript)
            case ev.AudioCleared():
                self._first(client.AudioClear)
            case ev.ResponseCreated(response=response):
                self._begun(response)
            case ev.ResponseDone():
                self._first(client.ResponseCancel)
            case ev.Error(error=error) if error.event_id is not None:
                self.refused(error.event_id)
            case _:
                pass

    def sounded(self, wanted: str, size: int) -> None:
        """So many bytes of an item were heard."""
        self._sounded[wanted] = self._sounded.get(wanted, 0) + size

    def spoken(self, wanted: str, sound: bytes) -> None:
        """The sound of a user's item, until there's a transcript."""
        if wanted in self._items and _has_words(self._items[wanted]):
            return
        self._sound[wanted] = sound
        while sum(map(len, self._sound.values())) > KEPT_SOUND and len(self._sound) > 1:
            del self._sound[next(iter(self._sound))]

    def truncated(self, wanted: str, audio_end_ms: int, per_ms: int) -> None:
        """The client heard only so much of an answer: of its words about as large a share."""
        item = self._items.get(wanted)
        whole = self._sounded.get(wanted, 0) / per_ms
        if not isinstance(item, Message) or whole <= 0:
            return
        share = min(1.0, audio_end_ms / whole)
        self._items[wanted] = replace(item, content=[_shortened(part, share) for part in item.content])

    def forget(self, wanted: str) -> None:
        """An item is gone."""
        self._lines.pop(wanted, None)
        if self._items.pop(wanted, None) is not None:
            self._order.remove(wanted)
            del self._sizes[wanted]
        self._sound.pop(wanted, None)
        self._sounded.pop(wanted, None)

    def refused(self, event_id: str) -> bool:
        """The service refused an event; tells whether it was on its way."""
        return self._take(lambda event: event.event_id == event_id) is not None

    @property
    def asks(self) -> bool:
        """A response was asked for that hasn't begun."""
        return any(isinstance(entry.event, client.ResponseCreate) for entry in self.unanswered)

    def still_unanswered(self) -> list[Unanswered]:
        """What a new connection is to be told, in order. The responses that were open have ended: who cancels one of
        them, and not one that is asked for again, has what he wants.
        """
        kept: list[Unanswered] = []
        asked = False
        for entry in self.unanswered:
            match entry.event:
                case client.ResponseCancel(response_id=wanted) if not asked or wanted is not UNSET:
                    continue
                case client.ResponseCreate():
                    asked = True
                case _:
                    pass
            kept.append(entry)
        self.unanswered = kept
        return list(kept)

    def commit_position(self) -> int | None:
        """Where the client's commit, which the service has now made, was sent; None if it committed by itself."""
        found = self._first(client.AudioCommit)
        return None if found is None else found.at

    # --- what a new connection is told ------------------------------------------------------------------------------
    def replay(self) -> list[client.ItemCreate]:
        """The conversation, oldest first; of what doesn't fit at its beginning there is a summary."""
        rendered = [item for wanted in self._order if (item := self._rendered(self._items[wanted])) is not None]
        told = [item for item in rendered if not isinstance(item, FunctionCall) or item.status == "completed"]
        sizes = [_length(item) for item in told]
        first = 0
        if self._lines or sum(sizes) > self._replayed_characters:
            first = _first_that_fits(sizes, self._replayed_characters - summaries.MOST_CHARACTERS)
        outputs = {item.call_id for item in told if isinstance(item, FunctionCallOutput)}
        # The output of a call is still to come, or on its way.
        running = [item for item in told[:first] if isinstance(item, FunctionCall) and item.call_id not in outputs]
        chosen = [*running, *told[first:]]
        kept = {item.call_id for item in chosen if isinstance(item, FunctionCall)}
        items = [item for item in chosen if not isinstance(item, FunctionCallOutput) or item.call_id in kept]
        waiting = self._on_their_way()
        events = [client.ItemCreate(item=item) for item in items if item_id(item) not in waiting]
        lines = [*self._lines.values(), *(line for item in told[:first] if (line := summaries.line(item)))]
        if lines:
            text = InputText(text=summaries.summary(lines, self._more))
            events.insert(0, client.ItemCreate(item=Message(id=SUMMARY, role="system", content=[text])))
        self._replayed = {item_id(item) for item in items}
        return events

    def is_text_now(self, wanted: str) -> bool:
        """The service knows the item only as text."""
        return wanted in self._replayed

    def _on_their_way(self) -> set[str]:
        """Items that a new connection is told anyway."""
        return {
            entry.event.item.id
            for entry in self.unanswered
            if isinstance(entry.event, client.ItemCreate) and isinstance(entry.event.item.id, str)
        }

    def _rendered(self, item: Item) -> Item | None:
        if not isinstance(item, Message):
            return replace(item, object=UNSET)
        content: list[Part] = []
        for part in item.content:
            match part:
                case OutputAudio(transcript=str(words)) if words:
                    content.append(OutputText(text=words))
                case InputAudio(transcript=str(words)) if words:
                    content.append(InputText(text=words))
                case InputAudio():
                    sound = self._sound.get(item_id(item))
                    if sound:
                        content.append(InputAudio(audio=sound))
                case OutputAudio():
                    pass
                case _:
                    content.append(part)
        return replace(item, content=content, object=UNSET, status=UNSET, phase=UNSET) if content else None

    # --- bookkeeping ------------------------------------------------------------------------------------------------
    def _place(self, item: Item, previous: str | None) -> None:
        wanted = item_id(item)
        known = self._items.get(wanted)
        if known is None:
            at = self._order.index(previous) + 1 if previous in self._items else len(self._order)
            self._order.insert(0 if previous is None else at, wanted)
        elif _has_words(known) and not _has_words(item):
            return
        self._items[wanted] = item
        self._sizes[wanted] = _kept(item)
        while len(self._order) > KEPT_ITEMS or sum(self._sizes.values()) > KEPT_CHARACTERS:
            self._shorten()

    def _shorten(self) -> None:
        """Keep no more of the oldest item than what a summary says of it; of a call, none without its output."""
        outputs = {item.call_id: wanted for wanted, item in self._items.items() if isinstance(item, FunctionCallOutput)}
        answers = {
            wanted: outputs.get(str(item.call_id))
            for wanted, item in self._items.items()
            if isinstance(item, FunctionCall)
        }
        oldest = next((each for each in self._order if answers.get(each, each) is not None), self._order[0])
        line = summaries.line(self._items[oldest])
        for gone in (oldest, answers.get(oldest)):
            if gone is not None:
                self.forget(gone)
        if line is not None:
            self._lines[oldest] = line
        while len(self._lines) > KEPT_LINES:
            self._more += 1
            del self._lines[next(iter(self._lines))]

    def _transcribed(self, wanted: str, transcript: str) -> None:
        item = self._items.get(wanted)
        self._sound.pop(wanted, None)
        if isinstance(item, Message):
            content: list[Part] = [
                replace(part, transcript=transcript) if isinstance(part, InputAudio) else part for part in item.content
            ]
            self._items[wanted] = replace(item, content=content)

    def _begun(self, response: ev.Response) -> None:
        metadata = response.metadata or {}
        found = self._take(lambda event: isinstance(event, client.ResponseCreate) and _metadata(event) == metadata)
        if found is not None and metadata:
            self._echoes = True
        elif found is None and not metadata and not self._echoes:
            self._first(client.ResponseCreate)

    def _answered(self, kind: type[client.ClientEvent], wanted: str) -> None:
        self._take(lambda event: isinstance(event, kind) and _about(event) == wanted)

    def _first(self, kind: type[client.ClientEvent]) -> Unanswered | None:
        return self._take(lambda event: isinstance(event, kind))

    def _take(self, fits: Callable[[client.ClientEvent], bool]) -> Unanswered | None:
        for index, entry in enumerate(self.unanswered):
            if fits(entry.event):
                return self.unanswered.pop(index)
        return None


def _first_that_fits(sizes: list[int], room: int) -> int:
    """Where the longest end of ``sizes`` begins that has room."""
    for index in range(len(sizes) - 1, -1, -1):
        room -= sizes[index]
        if room < 0:
            return index + 1
    return 0


def _about(event: client.ClientEvent) -> object:
    return event.item.id if isinstance(event, client.ItemCreate) else getattr(event, "item_id", None)


def _metadata(event: client.ResponseCreate) -> dict[str, str]:
    if event.response is UNSET or event.response.metadata is UNSET:
        return {}
    return event.response.metadata or {}


def _has_words(item: Item) -> bool:
    return isinstance(item, Message) and any(
        isinstance(part, InputAudio | OutputAudio) and part.transcript for part in item.content
    )


def _shortened(part: Part, share: float) -> Part:
    if not isinstance(part, OutputAudio) or not isinstance(part.transcript, str):
        return part
    length = round(len(part.transcript) * share)
    heard = part.transcript[:length]
    if length < len(part.transcript):
        heard = heard.rpartition(" ")[0]
    return replace(part, transcript=heard)


def _length(item: Item) -> int:
    match item:
        case FunctionCall():
            return len(item.arguments) + len(item.name)
        case FunctionCallOutput():
            return len(item.output)
        case Message():
            return sum(_part_length(part) for part in item.content)


def _kept(item: Item) -> int:
    pictures = [part for part in item.content if isinstance(part, InputImage)] if isinstance(item, Message) else []
    return _length(item) + sum(len(part.image_url) for part in pictures)


def _part_length(part: Part) -> int:
    match part:
        case InputText() | OutputText():
            return len(part.text)
        case InputAudio(audio=bytes(sound)):
            # Ten tokens a second, four characters a token.
            return len(sound) // 1200
        case _:
            return 4000
