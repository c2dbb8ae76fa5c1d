"""What the user said: transcripts come in, are shown as they grow, and let the responses go on that wait for them."""

from __future__ import annotations

import msgspec

from vasi.conversation.answering import Answering
from vasi.conversation.effects import Recognise
from vasi.conversation.history import Entry
from vasi.conversation.inputs import NotRecognised, PartlyRecognised, Recognised
from vasi.conversation.response import USER_AUDIO_MS_PER_TOKEN
from vasi.conversation.state import State
from vasi.protocol import server_events as ev
from vasi.protocol.items import InputAudio, Message, item_id


class Transcripts:
    """The transcripts of items that are spoken, once they are committed."""

    def __init__(self, state: State, answering: Answering) -> None:
        self._state = state
        self._answering = answering
        self._partials: dict[str, str] = {}
        """What was shown so far of each transcript that the client wants to read."""

    def expect(self, item_id: str) -> None:
        """The item ``item_id`` is being recognised."""
        if self._state.session.audio.input.transcription is not None:
            self._partials[item_id] = ""

    def partly_recognised(self, partial: PartlyRecognised) -> None:
        """Show what grew; words that the recogniser takes back are only in the completed transcript."""
        shown, entry = self._partials.get(partial.item_id), self._state.history.get(partial.item_id)
        if shown is None or entry is None or not partial.text.startswith(shown):
            return
        self._partials[partial.item_id] = partial.text
        self._delta(entry, partial.text[len(shown) :])

    def recognised(self, result: Recognised) -> None:
        entry = self._settle(result.item_id, result.text)
        if entry is None:
            return
        self._state.notice_language(result.text, result.language)
        shown = self._partials.pop(result.item_id, None)
        if shown is not None:
            self._delta(entry, result.text[len(shown) :] if result.text.startswith(shown) else "")
            heard = entry.spoken_ms // USER_AUDIO_MS_PER_TOKEN
            words = len(result.text.split())
            usage = ev.TranscriptionUsage(
                total_tokens=heard + words,
                input_tokens=heard,
                output_tokens=words,
                input_token_details=ev.InputTokenDetails(audio_tokens=heard),
            )
            self._state.send(
                ev.TranscriptionCompleted(
                    item_id=result.item_id, content_index=entry.spoken_part, transcript=result.text, usage=usage
                )
            )
        self._answering.transcribed(result.item_id)

    def not_recognised(self, result: NotRecognised) -> None:
        entry = self._settle(result.item_id, None)
        if entry is None:
            return
        if self._partials.pop(result.item_id, None) is not None:
            error = ev.TranscriptionError(type="server_error", code="transcription_failed", message=result.message)
            self._state.send(
                ev.TranscriptionFailed(item_id=result.item_id, content_index=entry.spoken_part, error=error)
            )
        self._answering.not_transcribed(result.item_id, result.message)

    def recognise(self, entry: Entry) -> None:
        """A client made the item ``entry``: what is said in it is recognised, unless the client says it."""
        item = entry.item
        if not isinstance(item, Message) or not entry.audio:
            return
        for place, part in enumerate(item.content):
            if isinstance(part, InputAudio) and not part.transcript:
                entry.spoken_part, entry.transcribing = place, True
                self.expect(item_id(item))
                state = self._state
                audio, form = bytes(entry.audio), state.session.audio.input.format
                state.do(Recognise(item_id(item), audio, form, state.recognition_language))
                return

    def _settle(self, item_id: str, text: str | None) -> Entry | None:
        entry = self._state.history.get(item_id)
        if entry is None or not entry.transcribing or not isinstance(entry.item, Message):
            self._partials.pop(item_id, None)
            self._answering.transcribed(item_id)
            return None
        entry.transcribing = False
        content = list(entry.item.content)
        content[entry.spoken_part] = InputAudio(transcript=text)
        entry.item = msgspec.structs.replace(entry.item, content=content)
        return entry

    def _delta(self, entry: Entry, delta: str) -> None:
        if delta:
            place = entry.spoken_part
            self._state.send(ev.TranscriptionDelta(item_id=item_id(entry.item), content_index=place, delta=delta))
