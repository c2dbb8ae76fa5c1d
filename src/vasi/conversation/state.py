"""What a conversation knows, shared by its three concerns: editing items, listening and answering."""

from __future__ import annotations

from dataclasses import dataclass, field

from vasi.conversation.effects import Effect, Send
from vasi.conversation.history import Entry, History
from vasi.conversation.response import LiveResponse
from vasi.conversation.settings import ConversationSettings
from vasi.conversation.spoken_language import base_language, given_language, language_after
from vasi.protocol import server_events as ev
from vasi.protocol.items import item_id
from vasi.protocol.session import ACTIVITY, AnySession, interpreting_of


@dataclass(slots=True)
class State:
    """The conversation's memory.

    Attributes:
        session: the effective configuration.
        seed: goes into every id made here; unique among conversations.
        settings: what holds for every conversation.
        images: whether the model can see.
        now: ms of the conversation's clock, as of the present step.
        out: the effects of the present step so far.
        responses: the living ones by id.
    """

    session: AnySession
    settings: ConversationSettings
    seed: str
    images: bool = False
    now: float = 0.0
    out: list[Effect] = field(default_factory=list[Effect])
    history: History = field(default_factory=History)
    responses: dict[str, LiveResponse] = field(default_factory=dict[str, LiveResponse])
    reserved_id: str | None = None
    """The id that the audio in the input buffer will have, once its utterance is open."""
    idle_from: float | None = None
    """When the last answer falls silent: an ``idle_timeout_ms`` counts from there. None: none is to be awaited."""
    call_ids: set[str] = field(default_factory=set[str])
    """All that ever stood in this conversation."""
    cut_off: bool = False
    """The last answer was cut by speech, and nothing has been answered since."""
    unanswered: list[str] = field(default_factory=list[str])
    """Items of turns that were spoken over an answer that goes on, and which the model hasn't been told."""
    heard_language: str | None = None
    """What was spoken or written last, as far as it tells."""
    _count: int = 0

    @property
    def language(self) -> str | None:
        """The language of the conversation (ISO 639-1): given, else heard, else set; None: not known."""
        return given_language(self.session) or self.heard_language or self.settings.language

    @property
    def answer_language(self) -> str | None:
        """The language that an answer is probably written in: when interpreting, the one that isn't spoken."""
        languages = interpreting_of(self.session)
        if not languages:
            return self.language
        others = [base_language(language) for language in languages if base_language(language) != self.language]
        return others[0] if len(others) == 1 else None

    @property
    def recognition_language(self) -> str | None:
        """The language that a recogniser is to expect; None: it's to hear which one it is."""
        return given_language(self.session) or self.settings.language

    def notice_language(self, text: str, heard: str | None = None) -> None:
        """The user said ``text``, in the language ``heard`` if the recogniser knows."""
        self.heard_language = language_after(self.heard_language, text, heard)

    @property
    def conversation_id(self) -> str:
        return f"conv_{self.seed}"

    @property
    def shows_activity(self) -> bool:
        """The client asked for the events of the extension."""
        return ACTIVITY in (self.session.include or ())

    def new_id(self, kind: str) -> str:
        """A fresh id such as ``item_<seed>0007``."""
        while True:
            self._count += 1
            fresh = f"{kind}_{self.seed}{self._count:04x}"
            if fresh not in self.history:  # a client may have guessed it
                return fresh

    def unique_call_id(self, wanted: str) -> str:
        """``wanted``, unless there is such a call: some models number their calls anew in each answer."""
        while not wanted or wanted in self.call_ids:
            wanted = self.new_id("call")
        self.call_ids.add(wanted)
        return wanted

    def send(self, event: ev.ServerEvent) -> None:
        self.out.append(Send(event))

    def do(self, effect: Effect) -> None:
        self.out.append(effect)

    @property
    def active(self) -> LiveResponse | None:
        """The living response of the default conversation."""
        for response in self.responses.values():
            if response.conversation_id is not None:
                return response
        return None

    def announce(self, entry: Entry, after: str | None = None) -> str | None:
        """Insert ``entry`` and say ``conversation.item.added``; returns the id before it."""
        previous = self.history.insert(entry, after)
        self.send(ev.ItemAdded(item=entry.item, previous_item_id=previous))
        return previous

    def finish_item(self, entry: Entry) -> None:
        """Say ``conversation.item.done``, unless the item was deleted meanwhile."""
        if self.history.holds(entry):
            previous = self.history.previous_id(item_id(entry.item))
            self.send(ev.ItemDone(item=entry.item, previous_item_id=previous))
