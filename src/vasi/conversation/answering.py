"""The assistant's side: responses are created, written, spoken, sent, cancelled."""

from __future__ import annotations

from typing import Literal

from vasi.conversation.effects import Generate, Occasion, Release, Speak
from vasi.conversation.history import Entry
from vasi.conversation.inputs import AudioChunk, ClauseFinished, EngineFailed, Generated, TextDelta, ToolCallDelta
from vasi.conversation.output import Output
from vasi.conversation.overrides import settings_of
from vasi.conversation.response import (
    LiveResponse,
    PendingCall,
    SpokenMessage,
    new_call,
    new_message,
)
from vasi.conversation.spoken_language import clause_language
from vasi.conversation.state import State
from vasi.conversation.tables import Cue, Phase
from vasi.conversation.window import TooLong, fitted
from vasi.errors import ClientError
from vasi.language.backchannels import says_nothing
from vasi.language.speech_splitter import SpokenClause
from vasi.protocol import server_events as ev
from vasi.protocol.client_events import ResponseParams
from vasi.protocol.items import Item, ItemReference, item_id
from vasi.protocol.session import RetentionRatio, Session

MAX_OUT_OF_BAND = 8
"""Responses that may live outside the default conversation at a time."""


class Answering:
    """Response events and what the model and the voice say."""

    def __init__(self, state: State, output: Output) -> None:
        self._state = state
        self._output = output

    # --- creation ---------------------------------------------------------------------------------------------------
    def create(
        self,
        params: ResponseParams,
        context: tuple[Item | ItemReference, ...] | None,
        *,
        automatic: bool = False,
        occasion: Occasion = "turn",
        turns: tuple[str, ...] = (),
    ) -> None:
        """Begin a response; ``context`` replaces the conversation if it's given, ``turns`` are what it answers."""
        state = self._state
        session = state.session
        if not isinstance(session, Session):
            raise ClientError("A session of type 'transcription' only listens; it gives no responses.", param="type")
        settings = settings_of(session, params)
        out_of_band = params.conversation == "none"
        active = state.active
        if not out_of_band and active is not None:
            raise ClientError(
                f"Conversation already has an active response in progress: {active.id}. "
                "Wait until the response is finished before creating a new one.",
                code="conversation_already_has_active_response",
            )
        if out_of_band and sum(r.conversation_id is None for r in state.responses.values()) >= MAX_OUT_OF_BAND:
            raise ClientError(f"At most {MAX_OUT_OF_BAND} responses may run outside the conversation at a time.")
        response = LiveResponse(
            id=state.new_id("resp"),
            settings=settings,
            conversation_id=None if out_of_band else state.conversation_id,
            lead_ms=state.settings.lead_ms,
            context=context,
            automatic=automatic,
            occasion=occasion,
            turns=turns,
        )
        state.responses[response.id] = response
        if not out_of_band:
            state.idle_from = None
        state.send(ev.ResponseCreated(response=response.shown("in_progress")))
        named = None if context is None else {item.id for item in context if isinstance(item, ItemReference)}
        transcribing = {item_id(entry.item) for entry in state.history if entry.transcribing}
        response.waiting_for = transcribing if named is None else transcribing & named
        if not response.waiting_for:
            self._generate(response)

    def create_automatically(self, occasion: Occasion = "turn", turn: str | None = None) -> None:
        """A turn ended: answer its item ``turn``, unless the session only listens.

        What is spoken over an answer that mustn't be interrupted is answered after it.
        """
        if not isinstance(self._state.session, Session):
            return
        if self._state.active is None:
            self.create(ResponseParams(), None, automatic=True, occasion=occasion)
        elif turn is not None:
            self._state.unanswered.append(turn)

    def _answer_turns_spoken_over(self) -> None:
        state = self._state
        turns, state.unanswered = tuple(filter(self._may_ask, state.unanswered)), []
        if turns and state.active is None and isinstance(state.session, Session):
            self.create(ResponseParams(), None, automatic=True, turns=turns)

    def _may_ask(self, turn: str) -> bool:
        """Whether the user's item has words that want an answer, or may have when it is transcribed."""
        entry = self._state.history.get(turn)
        if entry is None:
            return False
        said = self._state.history.words_of(turn)
        return entry.transcribing or (said != "" and not says_nothing(said))

    def transcribed(self, wanted: str) -> None:
        """The user's words of item ``wanted`` are known now, or the item was deleted."""
        for response in self._waiting_for(wanted):
            response.waiting_for.discard(wanted)
            if response.waiting_for:
                continue
            if response.turns:
                nobody_spoke = not any(map(self._may_ask, response.turns))
            else:
                nobody_spoke = response.occasion == "turn" and not self._state.history.awaits_answer
            listened = response.occasion == "turn" and says_nothing(self._state.history.words_of(wanted))
            if response.automatic and (nobody_spoke or listened) and self._state.cut_off:
                # A noise or an "uh huh" took the turn and silenced the assistant, which goes on.
                response.occasion = "noise"
                self._generate(response)
            elif response.automatic and nobody_spoke:
                # An answer to a noise would only startle.
                self._end(response, Cue.NOTHING_TO_ANSWER, "completed", None)
            else:
                self._generate(response)

    def not_transcribed(self, wanted: str, message: str) -> None:
        """The user's words of item ``wanted`` will never be known: there's nothing that could be answered."""
        for response in self._waiting_for(wanted):
            self._fail(response, "transcription_failed", message)

    def _waiting_for(self, wanted: str) -> list[LiveResponse]:
        return [response for response in self._state.responses.values() if wanted in response.waiting_for]

    def _generate(self, response: LiveResponse) -> None:
        state = self._state
        response.move(Cue.TRANSCRIBED)
        response.language = state.answer_language
        settings = response.settings
        if response.conversation_id is not None:
            state.cut_off = False
        if response.context is None:
            state.unanswered = [turn for turn in state.unanswered if not state.history.words_of(turn)]
            context = state.history.context(last=response.turns)
        else:
            context = state.history.resolved(response.context)
        most = state.settings.input_tokens
        try:
            kept = fitted(context, settings.instructions, settings.tools, settings.truncation, most)
        except TooLong as error:
            message = (
                f"The model can be told at most {most} tokens; this would be about {error.tokens}. "
                "Delete items or shorten the instructions."
            )
            self._fail(response, "context_length_exceeded", message, kind="invalid_request_error")
            return
        if response.context is None and response.conversation_id and isinstance(settings.truncation, RetentionRatio):
            state.history.leave_out(kept)
        response.told = kept
        told = {item.id for item in kept} if response.context is None else set[str]()
        response.input_audio_ms = sum(entry.spoken_ms for entry in state.history if entry.item.id in told)
        state.do(
            Generate(
                response.id,
                kept,
                settings.instructions,
                settings.tools,
                settings.tool_choice,
                settings.max_output_tokens,
                response.occasion,
                settings.reasoning_effort,
                settings.parallel_tool_calls,
                state.language,
            )
        )

    # --- the model --------------------------------------------------------------------------------------------------
    def text_delta(self, piece: TextDelta) -> None:
        response = self._living(piece.response_id, Phase.WRITING)
        if response is None or not piece.text:
            return
        if not piece.text.isspace():
            self._finish_whole_calls(response)
        message = response.message or self._open_message(response)
        message.text += piece.text
        self._state.send(response.written(message, piece.text))
        if response.audible:
            self._speak(response, message, response.splitter.feed(piece.text))

    def tool_call_delta(self, piece: ToolCallDelta) -> None:
        response = self._living(piece.response_id, Phase.WRITING)
        if response is None:
            return
        call = response.calls.get(piece.index)
        if call is None:
            self._finish_whole_calls(response)
            call_id = self._state.unique_call_id(piece.call_id)
            entry = self._add_item(response, new_call(self._state.new_id("item"), call_id, piece.name))
            call = PendingCall(entry, len(response.items) - 1, call_id, piece.name)
            response.calls[piece.index] = call
        if piece.arguments and call.done:
            # It may be running by now.
            self._fail(response, "engine_error", "The model went back to a call that it had finished.")
        elif piece.arguments:
            call.arguments += piece.arguments
            self._state.send(
                ev.CallArgumentsDelta(
                    response_id=response.id,
                    item_id=item_id(call.entry.item),
                    output_index=call.output_index,
                    call_id=call.call_id,
                    delta=piece.arguments,
                )
            )

    def generated(self, end: Generated) -> None:
        response = self._living(end.response_id, Phase.WRITING)
        if response is None:
            return
        response.finish = end.finish
        response.tokens = (end.input_tokens, end.output_tokens, end.cached_tokens)
        self._finish_calls(response, "completed" if end.finish in {"stop", "tool_calls"} else "incomplete")
        if response.message is not None and response.audible:
            self._speak(response, response.message, response.splitter.flush())
        response.move(Cue.GENERATED)
        self._progress(response)

    def _finish_whole_calls(self, response: LiveResponse) -> None:
        """The model has gone on to something else: a call that is whole may be run; another may be gone on with."""
        for call in response.calls.values():
            if not call.done and call.whole:
                self._close(response, response.closed_call(call, "completed"), call.entry)

    def _finish_calls(self, response: LiveResponse, status: Literal["completed", "incomplete"]) -> None:
        """Nothing more will be written."""
        for call in response.calls.values():
            if not call.done:
                self._close(response, response.closed_call(call, status), call.entry)

    def engine_failed(self, failure: EngineFailed) -> None:
        response = self._state.responses.get(failure.response_id)
        if response is not None:
            self._fail(response, failure.code, failure.message)

    def _fail(self, response: LiveResponse, code: str, message: str, kind: str = "server_error") -> None:
        error = ev.StatusError(type=kind, code=code, message=message)
        self._end(response, Cue.FAIL, "failed", ev.StatusDetails(type="failed", error=error))

    def _open_message(self, response: LiveResponse) -> SpokenMessage:
        entry = self._add_item(response, new_message(self._state.new_id("item")))
        response.message = message = SpokenMessage(entry, len(response.items) - 1)
        for event in response.opened_message(message):
            self._state.send(event)
        return message

    def _add_item(self, response: LiveResponse, item: Item) -> Entry:
        entry = Entry(item)
        place = len(response.items)
        response.items.append(entry)
        self._state.send(ev.OutputItemAdded(response_id=response.id, output_index=place, item=item))
        if response.conversation_id is not None:
            self._state.announce(entry)
        return entry

    # --- the voice --------------------------------------------------------------------------------------------------
    def _speak(self, response: LiveResponse, message: SpokenMessage, clauses: list[SpokenClause]) -> None:
        settings = response.settings
        for clause in clauses:
            message.clauses.append(clause)
            number = len(message.clauses) - 1
            if number == message.voiced:
                response.timeline = response.timeline.clause(clause.written)
            language = response.language = clause_language(clause.spoken, response.language)
            voice, speed, form = settings.voice, settings.speed, settings.format
            self._state.do(Speak(response.id, number, clause.spoken, voice, speed, form, language))

    def audio_chunk(self, chunk: AudioChunk) -> None:
        response = self._state.responses.get(chunk.response_id)
        if response is None or response.message is None:
            return
        words = response.message.written(chunk.words)
        if words and self._state.shows_activity:
            self._state.send(response.timed(response.message, words))
        response.voice_came(chunk.audio, words)
        self._progress(response)

    def clause_finished(self, end: ClauseFinished) -> None:
        response = self._state.responses.get(end.response_id)
        if response is None or response.message is None:
            return
        message = response.message
        message.voiced = end.clause + 1
        response.timeline = response.timeline.finish()
        if message.voiced < len(message.clauses):
            response.timeline = response.timeline.clause(message.clauses[message.voiced].written)
        self._progress(response)

    def timer_fired(self) -> None:
        """Time passed: send what is due."""
        for response in list(self._state.responses.values()):
            self._progress(response)

    def _progress(self, response: LiveResponse) -> None:
        """Send the audio that is due; end the response when everything has left."""
        self._output.send_due(response)
        if response.phase is Phase.SPEAKING and response.all_sent:
            self._finish(response)

    # --- the end ----------------------------------------------------------------------------------------------------
    def _finish(self, response: LiveResponse) -> None:
        match response.finish:
            case "length":
                details = ev.StatusDetails(type="incomplete", reason="max_output_tokens")
                self._end(response, Cue.SENT, "incomplete", details)
            case "content_filter":
                details = ev.StatusDetails(type="incomplete", reason="content_filter")
                self._end(response, Cue.SENT, "incomplete", details)
            case "stop" | "tool_calls":
                self._end(response, Cue.SENT, "completed", None)

    def cancel(self, wanted: str | None) -> None:
        """The client wants it stopped: the response ``wanted``, or the active one."""
        response = self._state.active if wanted is None else self._state.responses.get(wanted)
        if response is None:
            raise ClientError("Cancellation failed: no active response found", code="response_cancel_not_active")
        self._cut(response, "client_cancelled")

    def hold_for_barge_in(self) -> None:
        """Somebody may be cutting in: nothing more is said until it's known."""
        self._output.hold()

    def resume_after_false_interruption(self) -> None:
        """A false alarm: what was being said goes on."""
        self._output.resume()
        self.timer_fired()

    def user_started_speaking(self, *, interrupt: bool) -> None:
        """The user speaks: what is being said is cut, if ``interrupt``, and only what was played counts as said."""
        if not interrupt:
            self.resume_after_false_interruption()
            return
        active = self._state.active
        sounded = self._output.cut()
        self._state.cut_off |= sounded or (active is not None and active.audible)
        if active is not None:
            self._cut(active, "turn_detected")

    def _cut(self, response: LiveResponse, reason: Literal["turn_detected", "client_cancelled"]) -> None:
        self._output.note_heard(response)
        self._end(response, Cue.CANCEL, "cancelled", ev.StatusDetails(type="cancelled", reason=reason))

    def _end(
        self,
        response: LiveResponse,
        cue: Cue,
        status: Literal["completed", "cancelled", "failed", "incomplete"],
        details: ev.StatusDetails | None,
    ) -> None:
        state = self._state
        if response.phase is Phase.ENDED:
            return
        response.move(cue)
        whole = status == "completed"
        interrupted = details is not None and details.reason == "turn_detected"
        state.do(Release(response.id))
        response.playout.drop()
        self._finish_calls(response, "incomplete")
        message = response.message
        if message is not None:
            self._close(
                response,
                response.closed_message(message, "completed" if whole else "incomplete"),
                message.entry,
            )
            if response.audible:
                self._keep(response, message.entry, said=status in {"completed", "incomplete"})
        if status != "failed":
            response.count()
        del state.responses[response.id]
        state.send(ev.ResponseDone(response=response.shown(status, details)))
        if response.conversation_id is not None and status != "failed" and not response.calls:
            # A response that calls a function is to be gone on with; one that failed would fail again.
            state.idle_from = max(state.now, self._output.ends_at)
        if response.conversation_id is not None and not response.calls and not interrupted:
            self._answer_turns_spoken_over()

    def _keep(self, response: LiveResponse, entry: Entry, *, said: bool) -> None:
        """Remember what of ``entry`` was heard; ``said`` tells that all of it was sent."""
        history, playout = self._state.history, response.playout
        entry.timeline, entry.sent_ms = response.timeline, playout.sent_ms
        if entry.reported and entry.heard_ms is not None:
            history.cut(entry, response.timeline, playout.sent, entry.heard_ms)
            return
        if entry.heard_ms is None and not said:
            entry.heard_ms = playout.sent_ms
        history.keep_audio(entry, playout.sent)

    def _close(self, response: LiveResponse, events: list[ev.ServerEvent], entry: Entry) -> None:
        for event in events:
            self._state.send(event)
        if response.conversation_id is not None:
            self._state.finish_item(entry)

    def _living(self, wanted: str, phase: Phase) -> LiveResponse | None:
        """The response if it still is in ``phase``: what comes late for one that has ended is dropped."""
        response = self._state.responses.get(wanted)
        return response if response is not None and response.phase is phase else None
