"""Whatever happens in whatever order, the machine keeps its promises; ``Watcher`` holds it to them.

A longer run, which also looks for the shortest example of a failure:
``VASI_EXAMPLES=2000 pytest --timeout 0 tests/conversation/test_properties.py``.
"""

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.conversation.driver import WORD_MS, words_of
from tests.conversation.watcher import Watcher
from vasi.conversation import effects as do
from vasi.conversation import inputs
from vasi.media.timeline import TimedWord
from vasi.protocol.session import bytes_per_ms

PIECES = st.sampled_from(["one ", "two, ", "three. ", "four ", "fi", "ve six! ", "\n", "seven", " "])
TEXTS = st.sampled_from(["hello", "what is it", "stop"])
FORMATS = st.sampled_from([{"type": "audio/pcm", "rate": 24000}, {"type": "audio/pcmu"}])
FINISHES = st.sampled_from(["stop", "stop", "tool_calls", "length", "content_filter"])


def detections():
    flags = {"create_response": st.booleans(), "interrupt_response": st.booleans()}
    idle = {"idle_timeout_ms": st.sampled_from([5000, None])}
    server = st.fixed_dictionaries({"type": st.just("server_vad")}, optional=flags | idle)
    eagerness = {"eagerness": st.sampled_from(["high", "auto"])}
    semantic = st.fixed_dictionaries({"type": st.just("semantic_vad")} | eagerness, optional=flags)
    return st.none() | server | semantic


class ConversationMachine(RuleBasedStateMachine):
    """Client, microphone, recogniser, model, voice and clock, none waiting for another."""

    @initialize(
        lead_ms=st.sampled_from([1000, 500, 0, None]),
        detection=st.just({"type": "server_vad"}) | detections(),
        transcribed=st.booleans(),
        activity=st.booleans(),
    )
    def connect(self, lead_ms, detection, transcribed, activity):
        transcription = {"model": "any"} if transcribed else None
        hearing = {"turn_detection": detection, "transcription": transcription}
        include = ["vasi.activity"] if activity else None
        self.watcher = Watcher(lead_ms=lead_ms, include=include, audio={"input": hearing})
        self.generating = {}
        """Responses that the model writes: how many calls they have."""
        self.clauses = {}
        """Response -> clauses to voice: (number, words left, words voiced)."""
        self.looked = 0
        self.call_ids = []

    def wishes(self):
        """Take up what the machine has asked for since the last time."""
        for wish in self.watcher.wishes[self.looked :]:
            match wish:
                case do.Generate(response_id):
                    self.generating[response_id] = 0
                case do.Speak(response_id):
                    self.clauses.setdefault(response_id, []).append((wish, words_of(wish.text)))
                case do.Release(response_id):
                    self.generating.pop(response_id, None)
                    self.clauses.pop(response_id, None)
                case _:
                    pass
        self.looked = len(self.watcher.wishes)

    # --- the client -------------------------------------------------------------------------------------------------
    @rule(text=TEXTS, place=st.integers(0, 6))
    def write(self, text, place):
        item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
        order = self.watcher.order
        after = {0: {"previous_item_id": "root"}, 1: {"previous_item_id": order[len(order) // 2]} if order else {}}
        self.watcher.says("conversation.item.create", item=item, **after.get(place, {}))

    @rule(words=st.sampled_from([None, "hello"]))
    def put_in_sound(self, words):
        part = {"type": "input_audio", "audio": "AAAA" * 100, **({"transcript": words} if words else {})}
        item = {"type": "message", "role": "user", "content": [part]}
        self.watcher.says("conversation.item.create", item=item)

    @rule(
        outside=st.booleans() | st.just(False),
        text=st.booleans() | st.just(False),
        audio_format=st.none() | FORMATS,
        with_input=st.booleans() | st.just(False),
        metadata=st.none() | st.just({"a": "b"}),
    )
    def ask(self, outside, text, audio_format, with_input, metadata):
        params = {"metadata": metadata}
        if outside:
            params["conversation"] = "none"
        if text:
            params["output_modalities"] = ["text"]
        if audio_format:
            params["audio"] = {"output": {"format": audio_format}}
        if with_input:
            params["input"] = []
        busy = self.watcher.active
        events = self.watcher.asks(**params)
        if busy and not outside:
            assert events[0]["error"]["code"] == "conversation_already_has_active_response"
        elif outside and events[0]["type"] == "error":
            assert len(self.watcher.open) >= 8
        else:
            assert events[0]["type"] == "response.created"
        if with_input and events[0]["type"] == "response.created":
            assert self.watcher.last(do.Generate).context == ()

    @rule(pick=st.integers(0, 5))
    def cancel(self, pick):
        known = sorted(self.watcher.open)
        wanted = known[pick % len(known)] if known and pick else None
        target = wanted or self.watcher.active
        events = self.watcher.says("response.cancel", **({"response_id": wanted} if wanted else {}))
        if target is None:
            assert [event["error"]["code"] for event in events] == ["response_cancel_not_active"]
        else:
            # What was asked over the answer may be answered now.
            ended = next(event["response"] for event in events if event["type"] == "response.done")
            assert ended["status_details"]["reason"] == "client_cancelled"
            assert ended["id"] == target

    @rule(
        hearing=st.fixed_dictionaries(
            {},
            optional={
                "turn_detection": detections(),
                "format": FORMATS,
                "transcription": st.none() | st.just({"model": "any"}),
            },
        ),
        text=st.booleans() | st.just(False),
    )
    def change_the_session(self, hearing, text):
        self.watcher.updates(audio={"input": hearing}, output_modalities=["text" if text else "audio"])

    @rule(milliseconds=st.sampled_from([20, 100, 300, 700]), speech=st.booleans(), paced=st.booleans())
    def hear(self, milliseconds, speech, paced):
        self.watcher.paced = paced
        self.watcher.hears(milliseconds, speech=speech)
        self.watcher.paced = False

    @precondition(lambda self: self.watcher.extension and self.watcher.lead_ms is not None and self.watcher.by_id)
    @rule(back=st.integers(1, 2), milliseconds=st.sampled_from([0, 150, 777, 1600]))
    def tell_what_was_played(self, back, milliseconds):
        item_id = list(self.watcher.by_id)[-min(back, len(self.watcher.by_id))]
        answer = self.watcher.by_id[item_id]
        self.watcher.report(answer, milliseconds)
        assert self.watcher.says("vasi.playout", item_id=item_id, played_ms=milliseconds) == []

    @rule(milliseconds=st.sampled_from([200, 1000]))
    def speak(self, milliseconds):
        self.watcher.speaks(milliseconds)

    @rule(kind=st.sampled_from(["commit", "clear"]))
    def use_the_buffer(self, kind):
        self.watcher.says(f"input_audio_buffer.{kind}")

    @precondition(lambda self: self.watcher.order)
    @rule(pick=st.integers(0, 30), milliseconds=st.sampled_from([0, 100, 150, 400, 777, 1600, 9999]))
    def truncate(self, pick, milliseconds):
        item_id = self.watcher.order[pick % len(self.watcher.order)]
        self.watcher.says("conversation.item.truncate", item_id=item_id, content_index=0, audio_end_ms=milliseconds)

    @precondition(lambda self: self.watcher.order)
    @rule(pick=st.integers(0, 30), again=st.booleans())
    def delete(self, pick, again):
        item_id = self.watcher.order[pick % len(self.watcher.order)]
        self.watcher.says("conversation.item.delete", item_id=item_id)
        if again:
            content = [{"type": "input_text", "text": "again"}]
            item = {"type": "message", "role": "user", "id": item_id, "content": content}
            self.watcher.says("conversation.item.create", item=item)

    @precondition(lambda self: self.watcher.order)
    @rule(pick=st.integers(0, 30))
    def retrieve(self, pick):
        item_id = self.watcher.order[pick % len(self.watcher.order)]
        events = self.watcher.says("conversation.item.retrieve", item_id=item_id)
        assert events[0]["item"]["id"] == item_id

    @precondition(lambda self: self.call_ids)
    @rule(pick=st.integers(0, 30))
    def answer_a_call(self, pick):
        item = {"type": "function_call_output", "call_id": self.call_ids[pick % len(self.call_ids)], "output": "x"}
        self.watcher.says("conversation.item.create", item=item)

    @rule(
        mistake=st.sampled_from(
            [
                ("conversation.item.delete", {"item_id": "nobody"}),
                ("conversation.item.retrieve", {"item_id": "nobody"}),
                ("conversation.item.truncate", {"item_id": "nobody", "content_index": 0, "audio_end_ms": 0}),
                ("response.cancel", {"response_id": "nobody"}),
                ("output_audio_buffer.clear", {}),
                ("session.update", {"session": {"instructions": "new", "audio": {"output": {"speed": 9}}}}),
                ("response.create", {"response": {"input": [{"type": "message", "role": "user", "content": []}]}}),
            ]
        )
    )
    def blunder(self, mistake):
        kind, fields = mistake
        session, context, open_before = (
            self.watcher.conversation.session,
            self.watcher.believes(),
            set(self.watcher.open),
        )
        wishes = len(self.watcher.wishes)
        events = self.watcher.says(kind, event_id="mine", **fields)
        assert [event["type"] for event in events] == ["error"]
        assert events[0]["error"]["event_id"] == "mine"
        assert self.watcher.conversation.session == session
        assert self.watcher.believes() == context
        assert set(self.watcher.open) == open_before
        assert len(self.watcher.wishes) == wishes

    @precondition(lambda self: self.watcher.judging)
    @rule(pick=st.integers(0, 2), completeness=st.sampled_from([0.1, 0.4, 1.0]))
    def judge_the_turn(self, pick, completeness):
        """Of the pause that was asked about last, or of one before."""
        asked = self.watcher.judging
        wish = asked[-1 - pick % len(asked)]
        reserved = self.watcher.reserved
        events = self.watcher.step(inputs.TurnJudged(wish.item_id, wish.pause_ms, completeness))
        if wish.item_id != reserved or completeness < 0.35:
            assert events == []
        if events:
            assert events[0]["type"] == "input_audio_buffer.speech_stopped"

    # --- the engines ------------------------------------------------------------------------------------------------
    def pending(self):
        return [item_id for item_id, stage in self.watcher.utterances.items() if stage == "finished"]

    @precondition(lambda self: self.pending())
    @rule(pick=st.integers(0, 5), text=TEXTS | st.just(""))
    def recognise(self, pick, text):
        item_id = self.pending()[pick % len(self.pending())]
        del self.watcher.utterances[item_id]
        self.watcher.expect_words(item_id, text)
        self.watcher.step(inputs.Recognised(item_id, text))

    @precondition(lambda self: self.pending())
    @rule(pick=st.integers(0, 5), text=TEXTS)
    def recognise_partly(self, pick, text):
        self.watcher.step(inputs.PartlyRecognised(self.pending()[pick % len(self.pending())], text))

    @precondition(lambda self: self.pending())
    @rule(pick=st.integers(0, 5))
    def fail_to_recognise(self, pick):
        item_id = self.pending()[pick % len(self.pending())]
        del self.watcher.utterances[item_id]
        self.watcher.step(inputs.NotRecognised(item_id, "The recogniser broke."))
        self.watcher.transcribing.discard(item_id)

    @precondition(lambda self: self.generating)
    @rule(pick=st.integers(0, 5), pieces=st.lists(PIECES, min_size=1, max_size=4))
    def model_writes(self, pick, pieces):
        for piece in pieces:
            self.watcher.writes(piece, self.chosen(self.generating, pick))

    @precondition(lambda self: self.generating)
    @rule(pick=st.integers(0, 5), index=st.integers(0, 2), piece=st.sampled_from(["{", '"a": 1', "}", ""]))
    def model_calls(self, pick, index, piece):
        response_id = self.chosen(self.generating, pick)
        events = self.watcher.step(inputs.ToolCallDelta(response_id, index, piece, "call_0", "look"))
        self.call_ids += [e["item"]["call_id"] for e in events if e["type"] == "response.output_item.added"]
        assert len(set(self.call_ids)) == len(self.call_ids)

    @precondition(lambda self: self.generating)
    @rule(pick=st.integers(0, 5), finish=FINISHES)
    def model_finishes(self, pick, finish):
        response_id = self.chosen(self.generating, pick)
        del self.generating[response_id]
        self.watcher.finishes(finish, response_id)

    @precondition(lambda self: self.watcher.open)
    @rule(pick=st.integers(0, 5))
    def break_an_engine(self, pick):
        self.watcher.breaks(self.chosen(self.watcher.open, pick))

    # What happens most of the time, in one step, so that the rest meets it in the middle.
    @rule(words=st.sampled_from([0, 2, 5, 12]), milliseconds=st.integers(0, 1500), finished=st.booleans())
    def be_answered_aloud(self, words, milliseconds, finished):
        """The client asks, the model writes, the voice speaks some of it, and the client plays some of that."""
        self.ask(False, False, None, False, None)
        self.wishes()
        response_id = self.watcher.active
        if response_id not in self.generating:
            return
        for piece in ("one two three. ", "Four, ", "five ", "six."):
            self.watcher.writes(piece, response_id)
        if finished:
            del self.generating[response_id]
            self.watcher.finishes(response_id=response_id)
        for _ in range(words):
            self.voice_a_word(response_id)
        self.watcher.passes(milliseconds)

    @rule(text=TEXTS | st.just(""))
    def cut_in(self, text):
        """The user speaks in the middle of whatever there is."""
        self.watcher.speaks(300)
        self.ask_what_the_model_believes()
        if self.pending():
            self.recognise(-1, text)

    @precondition(lambda self: self.watcher.by_id)
    @rule(milliseconds=st.integers(0, 1300), back=st.integers(1, 2))
    def truncate_what_was_said_last(self, milliseconds, back):
        item_id = list(self.watcher.by_id)[-min(back, len(self.watcher.by_id))]
        self.watcher.says("conversation.item.truncate", item_id=item_id, content_index=0, audio_end_ms=milliseconds)
        self.ask_what_the_model_believes()

    @precondition(lambda self: self.watcher.order)
    @rule(again=st.booleans())
    def delete_the_last(self, again):
        self.delete(-1, again)

    @precondition(lambda self: self.clauses)
    @rule(pick=st.integers(0, 5), words=st.integers(1, 9))
    def voice(self, pick, words):
        response_id = self.chosen(self.clauses, pick)
        for _ in range(words):
            self.voice_a_word(response_id)

    def voice_a_word(self, response_id):
        """The next word, or the end of the clause when there's none left."""
        self.wishes()
        if not self.clauses.get(response_id):
            self.clauses.pop(response_id, None)
            return
        wish, words = self.clauses[response_id][0]
        if not words:
            self.clauses[response_id].pop(0)
            self.watcher.step(inputs.ClauseFinished(response_id, wish.clause))
            return
        word = words.pop(0)
        spoken = len(words_of(wish.text)) - len(words) - 1
        timed = TimedWord(word.start, word.end, spoken * WORD_MS)
        audio = b"\x02" * (WORD_MS * bytes_per_ms(wish.format))
        self.watcher.step(inputs.AudioChunk(response_id, wish.clause, audio, (timed,)))

    @precondition(lambda self: self.watcher.ended)
    @rule(
        pick=st.integers(0, 30),
        late=st.sampled_from(
            [
                lambda r: inputs.TextDelta(r, "late"),
                lambda r: inputs.ToolCallDelta(r, 0, "{}", "c", "look"),
                lambda r: inputs.Generated(r, "stop"),
                lambda r: inputs.AudioChunk(r, 0, b"\x00" * 480),
                lambda r: inputs.ClauseFinished(r, 0),
                lambda r: inputs.EngineFailed(r, "engine_error", "late"),
            ]
        ),
    )
    def come_late(self, pick, late):
        """What is said of a response that has ended is dropped."""
        response_id = self.watcher.ended[pick % len(self.watcher.ended)]
        assert self.watcher.step(late(response_id)) == []

    @rule(milliseconds=st.sampled_from([1, 50, 200, 1000, 6000]))
    def wait(self, milliseconds):
        self.watcher.passes(milliseconds)

    # --- promises ---------------------------------------------------------------------------------------------------
    @rule()
    def ask_what_the_model_believes(self):
        """It believes what was heard, and nothing else."""
        believed = [line.split() for line in self.watcher.believes()]
        expected = [line.split() for line in self.watcher.expected_context()]
        assert believed == expected, f"{believed} instead of {expected}"

    @invariant()
    def nothing_waits_for_nobody(self):
        """A response that isn't written or voiced waits for the recogniser or for its playout."""
        if not hasattr(self, "watcher"):
            return
        self.wishes()
        for response_id in self.watcher.open:
            working = response_id in self.generating or self.clauses.get(response_id)
            assert working or self.pending() or self.watcher.wake_at is not None

    def teardown(self):
        """When everybody has done their part every response has ended."""
        if not hasattr(self, "watcher"):
            return
        self.ask_what_the_model_believes()
        for _ in range(1000):
            while self.pending():  # also of a turn that ends only now, as its microphone sends nothing more
                self.recognise(0, "words")
            self.wishes()
            if not self.watcher.open:
                break
            while self.generating:
                self.model_finishes(0, "stop")
            for response_id in list(self.clauses):
                self.voice_a_word(response_id)
            self.watcher.passes(WORD_MS)
        assert not self.watcher.open
        assert not self.watcher.undone
        self.watcher.passes(1000)
        assert self.watcher.held_at is None, "held for good"
        self.ask_what_the_model_believes()

    @staticmethod
    def chosen(known, pick):
        return sorted(known)[pick % len(known)]


LONG_RUN = os.environ.get("VASI_EXAMPLES")

TestConversation = ConversationMachine.TestCase
TestConversation.settings = settings(
    max_examples=int(LONG_RUN or 60),
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=list(Phase) if LONG_RUN else [Phase.explicit, Phase.reuse, Phase.generate],
    print_blob=True,
)
