"""The user's side: audio comes in, turns begin and end, words are recognised."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vasi.conversation.effects import (
    CancelUtterance,
    DetectEndOfTurn,
    FinishUtterance,
    OpenUtterance,
    PauseUtterance,
    ProcessAudio,
    ResetAudio,
    ResumeUtterance,
)
from vasi.conversation.history import Entry
from vasi.conversation.input_buffer import InputBuffer
from vasi.conversation.inputs import PartlyRecognised, SpeechProbability, TurnJudged
from vasi.conversation.output import Output
from vasi.conversation.response import spoken_item
from vasi.conversation.state import State
from vasi.conversation.tables import Turn, TurnCue, turn_after
from vasi.conversation.transcripts import Transcripts
from vasi.conversation.turn import PAUSE_MS, STOPPED_MS, TurnDetector, settings_of
from vasi.errors import ClientError
from vasi.language.backchannels import interrupts, only_listens
from vasi.protocol import server_events as ev
from vasi.protocol.session import AudioInput, ServerVad, TurnDetection, bytes_per_ms

if TYPE_CHECKING:
    from vasi.conversation.answering import Answering

WINDOW_MS = 32
FALSE_INTERRUPTION_MS = 192
"""Silence after which something that was too short to cut in was none."""
LONGEST_HOLD_MS = 1000
LONGEST_BACKCHANNEL_MS = 700
"""Speech as long as this cuts in even if "uh huh" is all that was recognised."""
SHORTEST_COMMIT_MS = 100
NO_AUDIO_MS = 2_000
"""A turn ends when the client has sent no audio for this long beyond the length of its last piece: a microphone that is
muted sends nothing. Networks stall for a second; clients send pieces of a few seconds."""
LONGEST_PIECE_MS = 10_000
"""How long a piece is waited for at most, however long the last one was."""
LATE_MS = 500
"""A wake-up as late as this tells that the server was held up, and what the client sent may not be read yet."""
LONGEST_TURN_MS = 60_000
"""A turn that never falls silent is committed after this long."""
LONGEST_BUFFER_MS = 300_000
"""Audio that may wait for a manual commit."""
SILENCE_KEPT_MS = 500
"""Audio kept before a turn beyond its padding, for the detector's own delay."""


MOST_JUDGEMENTS = 4
"""How often it's asked whether a turn is over in one pause."""


@dataclass(slots=True)
class _Pause:
    """What has been asked about the silence that began at ``began_ms``."""

    began_ms: int
    asked: int = 0
    unanswered: bool = False
    again: bool = False
    """There's reason to ask once more."""


class Listening:
    """Input audio events and what the VAD and the recogniser say."""

    def __init__(self, state: State, answering: Answering, output: Output, transcripts: Transcripts) -> None:
        self._state = state
        self._answering = answering
        self._output = output
        self._transcripts = transcripts
        self._turn = Turn.SILENT
        self._detector = TurnDetector()
        self._buffer = InputBuffer(bytes_per_ms(state.session.audio.input.format))
        self._half_sample = b""
        """The end of the audio, until the rest of its sample comes."""
        self._turn_end_ms = 0
        """Audio time at the end of the last turn."""
        self._judged_ms = 0
        """Audio time at the end of the last window."""
        self._words = ""
        """What the recogniser believes of the open utterance."""
        self._pause = _Pause(-1)
        self._stopped = False
        """The recogniser was told that the user seems to have stopped."""
        self._audio_due_at = 0.0
        """When the client's next audio should have come."""
        self._audio_checked_at = 0.0
        """When it's looked whether it has: not moved with every piece, so that a microphone costs no timers."""
        self._hold_ends_at = 0.0
        """When what is tentative counts as a false alarm, should the microphone fall silent."""

    @property
    def _input(self) -> AudioInput:
        return self._state.session.audio.input

    def reconfigured(self, before: AudioInput) -> None:
        """The session's audio input changed from ``before``."""
        after = self._input
        if before.turn_detection != after.turn_detection:
            self._state.idle_from = None
        if before.format == after.format and (before.turn_detection is None) == (after.turn_detection is None):
            return
        self._forget_turn(TurnCue.CLEAR)
        if before.format != after.format:
            self._buffer.reformat(bytes_per_ms(after.format))
        self._state.do(ResetAudio())

    def append(self, audio: bytes) -> None:
        """Take audio; half a sample at its end waits for the next piece."""
        audio = self._half_sample + audio
        odd = len(audio) % self._input.format.bytes_per_sample
        audio, half_sample = audio[: len(audio) - odd], audio[len(audio) - odd :]
        detection = self._input.turn_detection
        if detection is None:
            if self._buffer.length_ms + len(audio) / self._buffer.bytes_per_ms > LONGEST_BUFFER_MS:
                raise ClientError(
                    f"The input audio buffer holds at most {LONGEST_BUFFER_MS // 1000} seconds; commit or clear it.",
                    code="input_audio_buffer_full",
                    param="audio",
                )
            if self._state.reserved_id is None and audio:
                self._open_utterance(self._buffer.end_ms)
        self._half_sample = half_sample
        start_ms = self._buffer.end_ms
        self._buffer.append(audio)
        length_ms = min(LONGEST_PIECE_MS, self._buffer.end_ms - start_ms)
        self._audio_due_at = self._state.now + NO_AUDIO_MS + length_ms
        self._state.do(ProcessAudio(audio, start_ms, self._input.format, vad=detection is not None))

    def judge(self, heard: SpeechProbability) -> None:
        """A window's probability came: maybe a turn begins or ends here."""
        detection = self._input.turn_detection
        if detection is None:
            return
        settings = settings_of(detection)
        self._judged_ms = heard.end_ms
        if self._turn is Turn.TENTATIVE:
            settings = replace(settings, silence_ms=min(settings.silence_ms, FALSE_INTERRUPTION_MS), completeness=None)
        change = self._detector.hear(heard.end_ms, WINDOW_MS, heard.value, heard.level, settings)
        match self._turn, change:
            case Turn.SILENT, "start":
                start = max(self._buffer.start_ms, self._detector.onset_ms - settings.prefix_ms)
                self._buffer.forget_before(start)
                self._open_utterance(start)
                self._begin(detection)
            case Turn.SILENT, _:
                self._buffer.forget_before(heard.end_ms - settings.prefix_ms - SILENCE_KEPT_MS)
            case Turn.TENTATIVE, "stop":
                self._end_false_interruption()
            case Turn.TENTATIVE, _:
                self._confirm_if_sure()
            case Turn.SPEAKING, "pause":
                self._pause_or_resume()
                self._ask_whether_over()
            case Turn.SPEAKING, "stop":
                self._end_turn(TurnCue.SILENCE, heard.end_ms, create=detection.create_response)
            case Turn.SPEAKING, _ if heard.end_ms - self._buffer.start_ms >= LONGEST_TURN_MS:
                self._detector.reset()
                self._end_turn(TurnCue.TOO_LONG, heard.end_ms, create=detection.create_response)
            case Turn.SPEAKING, _:
                self._pause_or_resume()

    def _pause_or_resume(self) -> None:
        """Tell the recogniser when the user seems to have stopped, and when it was only a pause."""
        began_ms, item_id = self._detector.pause_ms, self._state.reserved_id
        if item_id is None:
            return
        if began_ms is None and self._stopped:
            self._stopped = False
            self._state.do(ResumeUtterance(item_id))
        elif began_ms is not None and not self._stopped and self._judged_ms - began_ms >= STOPPED_MS:
            self._stopped = True
            self._state.do(PauseUtterance(item_id))

    # --- the beginning of a turn ------------------------------------------------------------------------------------
    def _begin(self, detection: TurnDetection) -> None:
        """Speech began: at once a turn, or a tentative one if it would cut the assistant's."""
        confirm_ms = self._state.settings.barge_in_ms
        if not detection.interrupt_response or not self._output.speaks_on(confirm_ms):
            self._started(TurnCue.SPEECH)
            return
        self._turn = turn_after(self._turn, TurnCue.ONSET)
        self._hold_ends_at = self._state.now + LONGEST_HOLD_MS
        self._answering.hold_for_barge_in()
        self._confirm_if_sure()

    def _confirm_if_sure(self) -> None:
        """It's speech that was meant to be heard: long enough, or the assistant has fallen silent meanwhile."""
        needed = LONGEST_BACKCHANNEL_MS if only_listens(self._words) else 0
        lasts = self._detector.sounding and self._detector.speech_ms >= max(needed, self._state.settings.barge_in_ms)
        if lasts or (self._detector.pause_ms is None and not self._output.speaks_on(0)):
            self._started(TurnCue.CONFIRMED)

    def _started(self, cue: TurnCue) -> None:
        item_id, detection = self._state.reserved_id, self._input.turn_detection
        assert item_id is not None, "a turn that begins has an utterance"
        self._turn = turn_after(self._turn, cue)
        self._state.idle_from = None
        self._audio_checked_at = self._audio_due_at
        self._state.send(ev.SpeechStarted(item_id=item_id, audio_start_ms=self._buffer.start_ms))
        self._answering.user_started_speaking(interrupt=detection is not None and detection.interrupt_response)

    def _end_false_interruption(self) -> None:
        """It was a noise: there was no turn."""
        self._drop_utterance()
        self._turn = turn_after(self._turn, TurnCue.FALSE_INTERRUPTION)
        self._detector.reset()
        self._answering.resume_after_false_interruption()

    # --- its end ----------------------------------------------------------------------------------------------------

    def judged(self, answer: TurnJudged) -> None:
        """Whether the turn seems to be over; an answer on a pause that speech has ended since is dropped."""
        detection, pause = self._input.turn_detection, self._pause
        if (answer.item_id, answer.pause_ms) != (self._state.reserved_id, self._detector.pause_ms):
            return
        if detection is None or pause.began_ms != answer.pause_ms or not pause.unanswered:
            return
        pause.unanswered = False
        completeness = settings_of(detection).completeness
        if completeness is not None and answer.completeness >= completeness:
            self._detector.reset()
            self._end_turn(TurnCue.COMPLETE, self._judged_ms, create=detection.create_response)
        elif pause.again:
            self._ask_whether_over()

    def _ask_whether_over(self) -> None:
        """Have the turn judged: the user pauses, or more words of what was said before the pause are recognised."""
        item_id, began_ms = self._state.reserved_id, self._detector.pause_ms
        if item_id is None or began_ms is None:
            return
        pause = self._pause
        if pause.began_ms != began_ms:
            pause = self._pause = _Pause(began_ms)
        if pause.unanswered:
            pause.again = True
        elif pause.asked < MOST_JUDGEMENTS:
            pause.again, pause.unanswered = False, True
            pause.asked += 1
            self._state.do(DetectEndOfTurn(item_id, self._buffer.start_ms, began_ms, began_ms + PAUSE_MS, self._words))

    @property
    def due_at(self) -> float | None:
        """When it wants to be woken."""
        match self._turn:
            case Turn.TENTATIVE:
                return self._hold_ends_at
            case Turn.SPEAKING:
                return self._audio_checked_at
            case Turn.SILENT:
                return self._idle_at

    @property
    def _idle_at(self) -> float | None:
        """When silence has lasted long enough to be answered; None if it isn't waited for."""
        detection, begin = self._input.turn_detection, self._state.idle_from
        if begin is None or not isinstance(detection, ServerVad) or detection.idle_timeout_ms is None:
            return None
        return begin + detection.idle_timeout_ms if self._turn is Turn.SILENT else None

    def timer_fired(self) -> None:
        """Time passed: no audio may have come for too long, or nobody has spoken: that silence is a turn of its own."""
        if self._turn is Turn.TENTATIVE and self._state.now >= self._hold_ends_at:
            self._end_false_interruption()
        elif self._turn is Turn.SPEAKING and self._state.now >= self._audio_checked_at:
            self._check_audio()
        state, idle_at = self._state, self._idle_at
        if idle_at is None or state.now < idle_at or state.idle_from is None:
            return
        end = self._buffer.end_ms
        start = max(self._turn_end_ms, end - int(state.now - state.idle_from))
        item_id = state.new_id("item")
        state.idle_from, self._turn_end_ms = None, end
        state.send(ev.TimeoutTriggered(item_id=item_id, audio_start_ms=start, audio_end_ms=end))
        state.send(ev.AudioCommitted(item_id=item_id, previous_item_id=state.history.last_id))
        audio = self._buffer.take()
        entry = Entry(spoken_item(item_id, None), audio)
        entry.spoken_ms = len(audio) // self._buffer.bytes_per_ms
        state.announce(entry)
        state.finish_item(entry)
        self._answering.create_automatically("silence")

    def _check_audio(self) -> None:
        """End the turn if the client's audio is overdue; what comes later is another turn."""
        detection, now = self._input.turn_detection, self._state.now
        if now - self._audio_checked_at > LATE_MS:
            self._audio_due_at = max(self._audio_due_at, now + LATE_MS)
        if now < self._audio_due_at:
            self._audio_checked_at = self._audio_due_at
        elif detection is not None:
            self._detector.reset()
            self._end_turn(TurnCue.NO_AUDIO, self._buffer.end_ms, create=detection.create_response)
            self._state.do(ResetAudio())

    def commit(self) -> None:
        """The client says that the turn is over."""
        length = self._buffer.length_ms
        if length < SHORTEST_COMMIT_MS:
            raise ClientError(
                "Error committing input audio buffer: buffer too small. Expected at least "
                f"{SHORTEST_COMMIT_MS}ms of audio, but buffer only has {length:.2f}ms of audio.",
                code="input_audio_buffer_commit_empty",
            )
        if self._state.reserved_id is None:
            self._open_utterance(self._buffer.start_ms)
        elif self._turn is Turn.TENTATIVE:
            self._started(TurnCue.CONFIRMED)
        self._detector.reset()
        self._half_sample = b""
        self._commit(TurnCue.COMMIT, self._buffer.end_ms)

    def clear(self) -> None:
        self._forget_turn(TurnCue.CLEAR)
        self._state.send(ev.AudioCleared())

    def partly_recognised(self, partial: PartlyRecognised) -> None:
        """Words of the open turn may confirm it or tell that it's over; those of an earlier one are shown."""
        if partial.item_id == self._state.reserved_id:
            self._words = partial.text
            if self._turn is Turn.TENTATIVE and interrupts(partial.text):
                self._started(TurnCue.CONFIRMED)
            if self._pause.began_ms == self._detector.pause_ms:
                self._ask_whether_over()
            return
        self._transcripts.partly_recognised(partial)

    # --- turns ------------------------------------------------------------------------------------------------------
    def _open_utterance(self, start_ms: int) -> str:
        self._state.reserved_id = self._state.new_id("item")
        self._words, self._pause, self._stopped = "", _Pause(-1), False
        self._state.do(OpenUtterance(self._state.reserved_id, start_ms, self._state.recognition_language))
        return self._state.reserved_id

    def _end_turn(self, cue: TurnCue, end_ms: int, *, create: bool) -> None:
        assert self._state.reserved_id is not None, "a turn that ends has begun"
        turn = self._state.reserved_id
        self._state.send(ev.SpeechStopped(item_id=turn, audio_end_ms=end_ms))
        self._commit(cue, end_ms)
        if create:
            self._answering.create_automatically(turn=turn)

    def _commit(self, cue: TurnCue, end_ms: int) -> None:
        state = self._state
        item_id = self._state.reserved_id
        assert item_id is not None, "audio that is committed has an utterance"
        self._state.reserved_id = None
        self._turn = turn_after(self._turn, cue)
        state.send(ev.AudioCommitted(item_id=item_id, previous_item_id=state.history.last_id))
        state.idle_from = None
        self._turn_end_ms = end_ms
        audio = self._buffer.take(end_ms)
        entry = Entry(spoken_item(item_id, None), audio, transcribing=True)
        entry.spoken_ms = len(audio) // self._buffer.bytes_per_ms
        state.announce(entry)
        state.finish_item(entry)
        self._transcripts.expect(item_id)
        state.do(FinishUtterance(item_id))

    def _forget_turn(self, cue: TurnCue) -> None:
        self._drop_utterance()
        self._turn = turn_after(self._turn, cue)
        self._detector.reset()
        self._buffer.take()
        self._half_sample = b""
        self._answering.resume_after_false_interruption()

    def _drop_utterance(self) -> None:
        if self._state.reserved_id is not None:
            self._state.do(CancelUtterance(self._state.reserved_id))
            self._state.reserved_id = None
