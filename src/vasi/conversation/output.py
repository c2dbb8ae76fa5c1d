"""What the client is playing: audio leaves in time, is held while somebody may be cutting in, and counts as heard."""

from __future__ import annotations

from vasi.conversation.response import LiveResponse
from vasi.conversation.state import State
from vasi.protocol import extension
from vasi.protocol.items import item_id


class Output:
    """The loudspeaker of the default conversation, as far as a server knows it.

    While it's *held* no audio leaves. A client that asked for ``vasi.activity`` is told and pauses, so that its playout
    stands still; any other client goes on with what it has, which is why a hold must be short.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._playing: list[LiveResponse] = []
        """Whose audio the client may still be playing, in that order: the last of them may be alive."""
        self._held_from: float | None = None
        self._paused = False
        """The client was told of the hold."""

    # --- sending ----------------------------------------------------------------------------------------------------
    def send_due(self, response: LiveResponse) -> None:
        """Send the audio of ``response`` that is due."""
        message = response.message
        if message is None or not response.audible or self._holds(response):
            return
        if response.conversation_id is not None:
            self._queue(response)
        while (audio := response.playout.release(self._state.now)) is not None:
            self._state.send(response.sounded(message, audio))

    def _queue(self, response: LiveResponse) -> None:
        """The client plays ``response`` after what it's still playing."""
        if response in self._playing:
            return
        self._playing = self._sounding()
        response.playout.follow(max((r.playout.ends_at for r in self._playing), default=0.0))
        self._playing.append(response)

    @property
    def due_at(self) -> float | None:
        """When the next audio may leave; None if none waits for its time."""
        responses = [r for r in self._state.responses.values() if not self._holds(r)]
        waiting = [r.playout.due_at for r in responses if r.playout.due_at is not None]
        return min(waiting, default=None)

    @property
    def ends_at(self) -> float:
        """When the client has played what was sent; now or before if it's silent."""
        return max((r.playout.ends_at for r in self._playing if not r.cut), default=0.0)

    # --- who is being listened to -----------------------------------------------------------------------------------
    def speaks_on(self, ms: float) -> bool:
        """The assistant is speaking and won't be done in ``ms`` by itself.

        While it only thinks it is silent: a word then is more likely the user's than a noise.
        """
        active = self._state.active
        return (active is not None and bool(active.playout.sent)) or self.ends_at > self._now + ms

    def hold(self) -> None:
        """Somebody may be cutting in."""
        state = self._state
        self._held_from = state.now
        sounding = self._sounding()
        if sounding and sounding[0].message is not None and state.shows_activity:
            self._paused = True
            played = sounding[0].playout.played_ms(state.now)
            wanted = item_id(sounding[0].message.entry.item)
            state.send(extension.OutputAudioHold(item_id=wanted, content_index=0, audio_end_ms=played))

    def resume(self) -> None:
        """Nobody did: the client goes on where it stopped. The caller sends what has become due."""
        if self._held_from is None:
            return
        if self._paused:
            for response in self._sounding():
                response.playout.ends_at += self._state.now - self._held_from
            if self._state.shows_activity:
                self._state.send(extension.OutputAudioResume())
        self._held_from, self._paused = None, False

    def cut(self) -> bool:
        """Somebody did: only what was played counts as said. Tells whether anything was left to be played."""
        sounding = self._sounding()
        for response in self._playing:
            self.note_heard(response)
        self._playing.clear()
        self._held_from, self._paused = None, False
        return bool(sounding)

    def note_heard(self, response: LiveResponse) -> None:
        """Until the client reports what it played, believe that it played at once and without a break.

        Where audio isn't paced there's no telling, and all that was sent counts as heard.
        """
        if response.message is None or not response.audible:
            return
        entry, playout = response.message.entry, response.playout
        if entry.reported or (playout.lead_ms is None and not playout.reported):
            return
        played = playout.played_ms(self._now)
        if played < response.timeline.ms and (entry.heard_ms is None or played < entry.heard_ms):
            entry.heard_ms = played
            entry.timeline = response.timeline

    def report(self, wanted: str, played_ms: int) -> None:
        """The client says how much it has played of item ``wanted``; what it says of unknown items is passed over."""
        for place, response in enumerate(self._playing):
            message = response.message
            if message is None or item_id(message.entry.item) != wanted or response.cut:
                continue
            if response.playout.sent:
                late = response.playout.report(played_ms, self._now)
                for follower in self._playing[place + 1 :]:
                    follower.playout.ends_at += late
            return
        entry = self._state.history.get(wanted)
        if entry is None or entry.heard_ms is None or entry.timeline is None or entry.reported:
            return
        entry.heard_ms = min(played_ms, entry.sent_ms)
        # It was stopped before this; that all of it was heard doesn't mean that it sounds again.
        self._playing = [r for r in self._playing if r.message is None or r.message.entry is not entry]

    @property
    def _now(self) -> float:
        """The time by the client's loudspeaker, which stands still while it's paused."""
        return self._held_from if self._paused and self._held_from is not None else self._state.now

    def _sounding(self) -> list[LiveResponse]:
        return [r for r in self._playing if not r.cut and r.playout.ends_at > self._now]

    def _holds(self, response: LiveResponse) -> bool:
        return self._held_from is not None and response.conversation_id is not None
