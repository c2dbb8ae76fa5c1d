"""A client that notices everything: the promises of the machine, checked on each effect as it comes.

It keeps its own books: which items there are and in what order, what is open, what was written, which audio left when
and so what a client that plays at once has played. From them alone it knows what the model must believe.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from tests.conversation.driver import WORD_MS, Driver, Event, said_in, sound
from vasi.conversation import effects as do
from vasi.conversation import inputs
from vasi.protocol.codec import encode

HEARD_MS = 150
"""A word counts as heard once it has sounded for so long."""


@dataclass(eq=False)
class Answer:
    """One output item as the client has seen it so far."""

    item: Event
    place: int
    part_open: bool = False
    part_done: bool = False
    text: str = ""
    audio_ms: float = 0.0
    played: list[tuple[float, float]] = field(default_factory=list)
    """When each piece of its audio begins and ends to sound."""
    heard_ms: float | None = None
    reported: bool = False
    arguments: str = ""
    arguments_done: bool = False
    done: Event | None = None


@dataclass
class Open:
    """One response as the client has seen it so far."""

    response: Event
    answers: list[Answer] = field(default_factory=list)

    @property
    def in_conversation(self) -> bool:
        return self.response["conversation_id"] is not None


class Books:
    """What a client that notices everything knows, from events alone.

    Attributes:
        now: ms of its clock.
        lead_ms: how far audio may run ahead of its playout.
        interrupts: whether speech cuts the answer.
    """

    def __init__(self, lead_ms: int | None = None) -> None:
        self.now = 0.0
        self.lead_ms = lead_ms
        self.interrupts = True
        self.open: dict[str, Open] = {}
        self.ended: list[str] = []
        self.order: list[str] = []
        self.lines: dict[str, str] = {}
        """Items of the conversation that aren't answers, as the model is to see them."""
        self.by_id: dict[str, Answer] = {}
        """Answers that stand in the conversation."""
        self.spoken: list[Answer] = []
        """All that was ever said aloud there."""
        self.playing: list[Answer] = []
        """Those of them that the loudspeaker may not be done with."""
        self.transcribing: set[str] = set()
        self.undone: set[str] = set()
        self._own: dict[str, Event] = {}
        """Calls and lists of tools outside of responses, that still go on."""
        self.made: set[str] = set()
        """Ids that the server made."""
        self.reserved: str | None = None
        self.speech_ms = 0
        self.expected_next: str | None = None
        self.held_at: float | None = None
        """Since when the playout is paused."""
        self._paused_ms = 0.0
        """How long it was paused before."""
        self._announced: Answer | None = None
        self._committed: str | None = None

    def _fresh(self, made: str) -> None:
        assert made not in self.made, f"{made} comes twice"
        assert made not in self.order
        self.made.add(made)

    # --- events -----------------------------------------------------------------------------------------------------
    def notice(self, event: Event) -> None:
        kind = event["type"]
        wanted, self.expected_next = self.expected_next, None
        assert wanted in (None, kind), f"{kind} came instead of {wanted}"
        if kind.startswith("response.mcp_call."):
            inside = [answer.item["id"] for of in self.open.values() for answer in of.answers if answer.done is None]
            assert event["item_id"] in [*inside, *self._own], f"{kind} of a call that doesn't go on"
        elif kind.startswith("response.") and kind not in {"response.created", "response.done"}:
            assert event["response_id"] in self.open, f"{kind} of a response that isn't open"
        if "content_index" in event and kind.startswith("response."):
            self._notice_content(event)
        elif hasattr(self, name := "_on_" + kind.replace(".", "_")):
            getattr(self, name)(event)

    def _on_response_created(self, event: Event) -> None:
        response = event["response"]
        self._fresh(response["id"])
        if response["conversation_id"] is not None:
            assert self.active is None, "a second response in the conversation"
        self.open[response["id"]] = Open(response)

    def _on_response_output_item_added(self, event: Event) -> None:
        of = self.open[event["response_id"]]
        item = event["item"]
        self._fresh(item["id"])
        assert event["output_index"] == len(of.answers)
        assert item.get("status", "in_progress") == "in_progress"
        answer = Answer(item, event["output_index"])
        of.answers.append(answer)
        if of.in_conversation:
            self._announced = answer
            self.spoken.append(answer)
            self.expected_next = "conversation.item.added"
        elif item["type"] == "message":
            self.expected_next = "response.content_part.added"

    def _on_conversation_item_added(self, event: Event) -> None:
        item, previous = event["item"], event["previous_item_id"]
        assert item["id"] not in self.order
        place = 0 if previous is None else self.order.index(previous) + 1
        self.order.insert(place, item["id"])
        self.undone.add(item["id"])
        if self._announced is not None:
            assert item == self._announced.item
            self.by_id[item["id"]] = self._announced
            self._announced = None
            self.expected_next = "response.content_part.added" if item["type"] == "message" else None
            return
        self.lines[item["id"]] = said_in(item)
        if item["type"] in {"mcp_call", "mcp_list_tools"}:
            self._own[item["id"]] = item
            return
        self.expected_next = "conversation.item.done"
        if self._committed is not None:
            assert item["id"] == self._committed
            self.transcribing.add(item["id"])
            self._committed = None

    def _on_conversation_item_done(self, event: Event) -> None:
        item = event["item"]
        self.undone.remove(item["id"])
        place = self.order.index(item["id"])
        assert event["previous_item_id"] == (self.order[place - 1] if place else None)
        self._own.pop(item["id"], None)
        if item["id"] in self.by_id:
            assert item == self.by_id[item["id"]].done, "conversation.item.done and response.output_item.done differ"

    def _on_conversation_item_deleted(self, event: Event) -> None:
        self.order.remove(event["item_id"])
        self.undone.discard(event["item_id"])
        self._own.pop(event["item_id"], None)
        self.transcribing.discard(event["item_id"])
        self.by_id.pop(event["item_id"], None)
        self.lines.pop(event["item_id"], None)

    def _on_conversation_item_truncated(self, event: Event) -> None:
        answer = self.by_id[event["item_id"]]
        answer.heard_ms = min(event["audio_end_ms"], int(answer.audio_ms))
        answer.reported = True
        if answer.done is not None:
            self._stop_playing(answer)

    def _notice_content(self, event: Event) -> None:
        answer = self.open[event["response_id"]].answers[event["output_index"]]
        assert (event["item_id"], event["content_index"]) == (answer.item["id"], 0)
        assert answer.done is None, "content after its item was done"
        kind = event["type"].removeprefix("response.")
        if kind == "content_part.added":
            assert not answer.part_open
            answer.part_open = True
            return
        assert answer.part_open, f"{kind} before its part"
        assert not answer.part_done, f"{kind} after its part"
        match kind:
            case "output_text.delta" | "output_audio_transcript.delta":
                assert event["delta"]
                answer.text += event["delta"]
            case "output_audio.delta":
                self._play(answer, event)
            case "output_text.done":
                assert event["text"] == answer.text
            case "output_audio_transcript.done":
                assert event["transcript"] == answer.text
            case "content_part.done":
                assert (event["part"].get("text") or event["part"].get("transcript") or "") == answer.text
                answer.part_done = True
            case _:
                assert kind == "output_audio.done"

    def _on_response_function_call_arguments_delta(self, event: Event) -> None:
        answer = self._call(event)
        assert not answer.arguments_done
        answer.arguments += event["delta"]

    def _on_response_function_call_arguments_done(self, event: Event) -> None:
        answer = self._call(event)
        assert not answer.arguments_done
        assert (event["arguments"], event["name"]) == (answer.arguments, answer.item["name"])
        answer.arguments_done = True

    def _on_response_mcp_call_arguments_delta(self, event: Event) -> None:
        answer = self._hosted_call(event)
        assert not answer.arguments_done
        answer.arguments += event["delta"]

    def _on_response_mcp_call_arguments_done(self, event: Event) -> None:
        answer = self._hosted_call(event)
        assert not answer.arguments_done
        assert event["arguments"] == answer.arguments
        answer.arguments_done = True

    def _hosted_call(self, event: Event) -> Answer:
        answer = self.open[event["response_id"]].answers[event["output_index"]]
        assert (event["item_id"], answer.item["type"]) == (answer.item["id"], "mcp_call")
        assert answer.done is None
        return answer

    def _on_mcp_list_tools_in_progress(self, event: Event) -> None:
        assert self._own[event["item_id"]]["type"] == "mcp_list_tools"

    def _on_conversation_item_retrieved(self, event: Event) -> None:
        assert event["item"]["id"] in self.order

    def _call(self, event: Event) -> Answer:
        answer = self.open[event["response_id"]].answers[event["output_index"]]
        assert (event["item_id"], event["call_id"]) == (answer.item["id"], answer.item["call_id"])
        assert answer.done is None
        return answer

    def _on_response_output_item_done(self, event: Event) -> None:
        of = self.open[event["response_id"]]
        answer, item = of.answers[event["output_index"]], event["item"]
        assert answer.done is None, "an item was done twice"
        assert item["id"] == answer.item["id"]
        if item["type"] == "mcp_approval_request":
            answer.done = item  # If it was cut, the conversation's item isn't done.
            return
        if item["type"] == "mcp_call":
            assert item["arguments"] == answer.arguments
            assert (item["output"] is None) != (item["error"] is None)
            answer.done = item  # If the response was cut, the conversation's item isn't done.
            return
        elif item["type"] == "message":
            assert item["status"] in {"completed", "incomplete"}
            assert answer.part_done
        else:
            assert item["status"] in {"completed", "incomplete"}
            assert item["arguments"] == answer.arguments
            assert answer.arguments_done == (item["status"] == "completed")
        answer.done = item
        if self.by_id.get(item["id"]) is answer:
            self.expected_next = "conversation.item.done"

    def _on_response_done(self, event: Event) -> None:
        response = event["response"]
        of = self.open.pop(response["id"])
        self.ended.append(response["id"])
        assert all(answer.done for answer in of.answers), "an item is still open"
        assert [item["id"] for item in response["output"]] == [answer.item["id"] for answer in of.answers]
        for name in ("conversation_id", "output_modalities", "max_output_tokens"):
            assert response[name] == of.response[name]
        metadata = {name: value for name, value in (response["metadata"] or {}).items() if name != "vasi.sources"}
        assert (metadata or None) == of.response["metadata"]
        for answer in of.answers:
            if answer.item["type"] == "message" and response["output_modalities"] == ["audio"]:
                self._settle(answer, response)

    def _settle(self, answer: Answer, response: Event) -> None:
        """The audio of ``answer`` has all been sent: what was heard of it?"""
        if response["status"] in {"completed", "incomplete"}:
            assert answer.audio_ms == len(answer.text.split()) * WORD_MS, "audio is missing"
            assert answer.text == (answer.done or {})["content"][0]["transcript"]
        elif response["status"] == "cancelled" and self.lead_ms is not None and not answer.reported:
            answer.heard_ms = min(answer.heard_ms or answer.audio_ms, self.played_ms(answer))
        elif answer.heard_ms is None:
            answer.heard_ms = answer.audio_ms
        if response["status"] == "cancelled" or answer.reported:
            self._stop_playing(answer)

    # --- the input --------------------------------------------------------------------------------------------------
    def _on_input_audio_buffer_speech_started(self, event: Event) -> None:
        self.reserved = self.reserved or event["item_id"]
        assert event["item_id"] == self.reserved
        assert event["audio_start_ms"] >= self.speech_ms
        self.speech_ms = event["audio_start_ms"]
        if self.interrupts:
            for answer in self.spoken:
                played = self.played_ms(answer)
                if self.lead_ms is not None and played < answer.audio_ms and not answer.reported:
                    answer.heard_ms = min(answer.audio_ms if answer.heard_ms is None else answer.heard_ms, played)
                if answer.done is not None:
                    self._stop_playing(answer)
            self.playing.clear()
        self._go_on()

    def _on_input_audio_buffer_speech_stopped(self, event: Event) -> None:
        assert event["item_id"] == self.reserved
        assert event["audio_end_ms"] >= self.speech_ms
        self.speech_ms = event["audio_end_ms"]
        self.expected_next = "input_audio_buffer.committed"

    def _on_input_audio_buffer_committed(self, event: Event) -> None:
        assert event["item_id"] == (self.reserved or event["item_id"])
        assert event["previous_item_id"] == (self.order[-1] if self.order else None)
        self._committed, self.reserved = event["item_id"], None
        self.expected_next = "conversation.item.added"

    def _on_vasi_output_audio_hold(self, event: Event) -> None:
        assert self.held_at is None, "a hold within a hold"
        # It may have been deleted, and is played all the same.
        answer = next(answer for answer in reversed(self.spoken) if answer.item["id"] == event["item_id"])
        assert event["audio_end_ms"] == int(self.played_ms(answer))
        self.held_at = self.now

    def _on_vasi_output_audio_resume(self, event: Event) -> None:
        assert self.held_at is not None, "a resume without a hold"
        self._go_on()

    def _go_on(self) -> None:
        if self.held_at is not None:
            self._paused_ms += self.now - self.held_at
            self.held_at = None

    @property
    def clock(self) -> float:
        """The time by the loudspeaker, which stands still while it's paused."""
        return (self.now if self.held_at is None else self.held_at) - self._paused_ms

    def report(self, answer: Answer, played_ms: int) -> None:
        """The client has said how much of ``answer`` it played."""
        over = answer not in self.playing or (answer.heard_ms or 0) < answer.audio_ms
        if answer.heard_ms is not None and over:
            if not answer.reported:
                answer.heard_ms = min(played_ms, answer.audio_ms)
                answer.played = [(self.clock - answer.heard_ms, self.clock)]
                self.playing = [other for other in self.playing if other is not answer]
            return
        place = next((place for place, other in enumerate(self.playing) if other is answer), None)
        if place is None:
            return
        begin = self.clock - min(played_ms, answer.audio_ms)
        late = begin + answer.audio_ms - max(answer.played[-1][1], self.clock)
        answer.played = [(begin, begin + answer.audio_ms)]
        for other in self.playing[place + 1 :]:
            other.played = [(first + late, last + late) for first, last in other.played]

    def expect_words(self, item_id: str, text: str) -> None:
        """The recogniser is about to say what was said in an item, if it's still there."""
        if item_id in self.transcribing:
            self.transcribing.discard(item_id)
            self.lines[item_id] = f"user: {text}"

    # --- playing ----------------------------------------------------------------------------------------------------
    def _play(self, answer: Answer, event: Event) -> None:
        of = self.open[event["response_id"]]
        pcm = of.response["audio"]["output"]["format"]["type"] == "audio/pcm"
        length = len(sound(event)) // (48 if pcm else 8)
        answer.audio_ms += length
        if not of.in_conversation:
            return
        assert self.held_at is None, "audio leaves while it's held"
        if answer not in self.playing:
            self.playing = [other for other in self.playing if other.played and other.played[-1][1] > self.clock]
            self.playing.append(answer)
        free_at = max((other.played[-1][1] for other in self.spoken if other.played), default=0.0)
        if self.lead_ms is not None:
            assert free_at - self.clock <= self.lead_ms, "audio runs too far ahead"
        begin = max(free_at, self.clock)
        answer.played.append((begin, begin + length))

    def played_ms(self, answer: Answer) -> float:
        return sum(max(0.0, min(end, self.clock) - begin) for begin, end in answer.played)

    def _stop_playing(self, answer: Answer) -> None:
        if answer.heard_ms is not None and (answer.reported or answer.heard_ms < answer.audio_ms):
            answer.played = [(begin, min(end, self.clock)) for begin, end in answer.played if begin < self.clock]

    # --- what the model must believe --------------------------------------------------------------------------------
    @property
    def active(self) -> str | None:
        return next((wanted for wanted, of in self.open.items() if of.in_conversation), None)

    def expected_context(self) -> list[str]:
        """The conversation in one line an item."""
        return [self._line(item_id) for item_id in self.order]

    def _line(self, item_id: str) -> str:
        answer = self.by_id.get(item_id)
        if answer is None:
            return self.lines[item_id]
        if answer.item["type"] == "function_call":
            return f"call {answer.item['name']}({answer.arguments if answer.done else ''})"
        words = answer.text.split() if answer.done or answer.heard_ms is not None else []
        if answer.heard_ms is not None:
            heard = int(answer.heard_ms)
            words = words[: max(0, (heard - HEARD_MS) // WORD_MS + 1)]
        return " ".join(["assistant:", *words])


class Watcher(Books, Driver):
    """A ``Driver`` whose client keeps books, and whose engines do too."""

    def __init__(self, *, lead_ms: int | None, **session: Any) -> None:
        Books.__init__(self, lead_ms)
        self.utterances: dict[str, str] = {}
        """Open, finished: those that the recogniser still owes a word on."""
        self.released: set[str] = set()
        self.judging: list[do.DetectEndOfTurn] = []
        """All that the judge of turns was ever asked."""
        Driver.__init__(self, lead_ms=lead_ms, **session)

    def _carry_out(self, effects: list[do.Effect]) -> None:
        detection = self.conversation.session.audio.input.turn_detection
        self.interrupts = detection is not None and detection.interrupt_response
        for effect in effects:
            before = len(self.events)
            if isinstance(effect, do.Send):
                super()._carry_out([effect])
                self.notice(self.events[before])
            else:
                self._check(effect)
                super()._carry_out([effect])
        assert self.expected_next is None, f"{self.expected_next} didn't come"

    def partly_recognised(self, item_id: str, text: str) -> list[Event]:
        """The recogniser says what it believes of an utterance."""
        return self.step(inputs.PartlyRecognised(item_id, text))

    def _check_context(self, context: tuple[Any, ...]) -> None:
        """It's the conversation, or nothing; turns that were spoken over an answer may come last."""
        if not context:
            return
        believed = {item.id: said_in(json.loads(encode(item))).split() for item in context}
        assert believed == {item_id: self._line(item_id).split() for item_id in self.order}
        told = list(believed)
        lasts = (told[count:] for count in range(len(told), -1, -1))
        last = next(last for last in lasts if [*(one for one in self.order if one not in last), *last] == told)
        assert all(self.lines[item_id].startswith("user:") for item_id in last)

    def _check(self, effect: do.Effect) -> None:
        match effect:
            case do.Generate(response_id):
                assert response_id in self.open
                assert response_id not in self.released
                earlier = [wish.response_id for wish in self.wishes if isinstance(wish, do.Generate)]
                assert response_id not in earlier, "the model is asked twice"
                self._check_context(effect.context)
            case do.Speak(response_id):
                assert response_id in self.open
                assert response_id not in self.released
            case do.Release(response_id):
                assert response_id in self.open
                assert response_id not in self.released, "released twice"
                self.released.add(response_id)
            case do.OpenUtterance(item_id, start_ms):
                self._fresh(item_id)
                self.utterances[item_id] = "open"
                self.reserved = item_id
                assert start_ms >= 0
            case do.Recognise(item_id):
                assert item_id in self.order
                self.utterances[item_id] = "finished"
                self.transcribing.add(item_id)
            case do.DetectEndOfTurn(item_id, start_ms, pause_ms, end_ms):
                assert self.utterances[item_id] == "open"
                assert start_ms <= pause_ms < end_ms
                assert [wish.end_ms for wish in self.judging if wish.end_ms > end_ms] == []
                self.judging.append(effect)
            case do.FinishUtterance(item_id):
                assert self.utterances[item_id] == "open"
                self.utterances[item_id] = "finished"
            case do.CancelUtterance(item_id):
                assert self.utterances.pop(item_id) == "open"
                self.reserved = None
            case _:
                pass

    def _on_response_done(self, event: Event) -> None:
        assert event["response"]["id"] in self.released, "work goes on for a response that has ended"
        super()._on_response_done(event)
