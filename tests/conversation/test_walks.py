"""Long random walks over the same rules as ``test_properties``, one small step at a time: many of them, quickly.

What fails here is found again by its seed (``VASI_SEED=17 pytest tests/conversation/test_walks.py``) and made short by
``test_properties``. ``VASI_STEPS`` sets how many steps are taken.
"""

import os
import random
import time
from itertools import accumulate

import pytest

from tests.conversation.test_properties import ConversationMachine
from vasi.conversation import inputs
from vasi.protocol.client_events import AudioAppend
from vasi.protocol.session import bytes_per_ms

STEPS = int(os.environ.get("VASI_STEPS", "200000"))
WALK = 400
"""Steps of one conversation: each is one event of the client, word of an engine, or alarm."""
SEED = os.environ.get("VASI_SEED")

PCM, PCMU = {"type": "audio/pcm", "rate": 24000}, {"type": "audio/pcmu"}
PIECES = ["one ", "two, ", "three. ", "four ", "fi", "ve six! ", "\n", "seven", " "]
TEXTS = ["hello", "what is it", "stop", "uh huh"]
MILLISECONDS = [0, 1, 20, 50, 150, 200, 400, 777, 1000, 1600, 6000]


def detection(dice):
    flags = {"create_response": dice.random() < 0.8, "interrupt_response": dice.random() < 0.8}
    match dice.randrange(5):
        case 0:
            return None
        case 1 | 2:
            return {"type": "semantic_vad", "eagerness": dice.choice(["high", "auto"]), **flags}
        case _:
            return {"type": "server_vad", "idle_timeout_ms": dice.choice([5000, None]), **flags}


class Walk:
    """One conversation in which anything may happen."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.rules = ConversationMachine()
        self.loud = False
        self.rules.connect(
            lead_ms=self.dice.choice([1000, 500, 0, None]),
            detection=detection(self.dice),
            transcribed=self.dice.random() < 0.5,
            activity=self.dice.random() < 0.5,
        )
        self.watcher = self.rules.watcher

    def run(self, steps):
        deeds = self.dice.choices(self.DEEDS, cum_weights=self.WEIGHTS, k=4 * steps)
        for number, deed in enumerate(deeds):
            if self.watcher.steps >= steps:
                break
            deed(self)
            if number % 10 == 0:
                self.rules.nothing_waits_for_nobody()
        self.rules.teardown()
        return self.watcher.steps

    # --- small steps: one input each --------------------------------------------------------------------------------
    def listen(self):
        if self.dice.random() < 0.08:
            self.loud = not self.loud
        self.watcher.passes(20)
        size = bytes_per_ms(self.watcher.conversation.session.audio.input.format)
        self.watcher.step(inputs.ClientSent(AudioAppend(audio=(b"\x01" if self.loud else b"\x00") * size * 20)))

    def wait(self):
        self.rules.wait(milliseconds=self.dice.choice(MILLISECONDS[:8]))

    def sleep(self):
        self.rules.wait(milliseconds=6000)

    def think(self):
        self.rules.wishes()
        if self.rules.generating:
            self.rules.model_writes(pick=self.pick(), pieces=[self.dice.choice(PIECES)])

    def call(self):
        self.rules.wishes()
        if self.rules.generating:
            piece = self.dice.choice(["{", '"a": 1', "}", "{}", ""])
            self.rules.model_calls(pick=self.pick(), index=self.dice.randrange(3), piece=piece)

    def conclude(self):
        self.rules.wishes()
        if self.rules.generating:
            finish = self.dice.choice(["stop", "stop", "tool_calls", "length", "content_filter"])
            self.rules.model_finishes(pick=self.pick(), finish=finish)

    def voice(self):
        self.rules.wishes()
        if self.rules.clauses:
            self.rules.voice(pick=self.pick(), words=1)

    def recognise(self):
        if self.rules.pending():
            self.rules.recognise(pick=self.pick(), text=self.dice.choice([*TEXTS, ""]))

    def recognise_partly(self):
        if self.watcher.reserved is not None and self.dice.random() < 0.5:
            self.watcher.partly_recognised(self.watcher.reserved, self.dice.choice(TEXTS))
        elif self.rules.pending():
            self.rules.recognise_partly(pick=self.pick(), text=self.dice.choice(TEXTS))

    def not_recognise(self):
        if self.rules.pending():
            self.rules.fail_to_recognise(pick=self.pick())

    def judge(self):
        if self.watcher.judging:
            completeness = self.dice.choice([0.1, 0.4, 1.0])
            self.rules.judge_the_turn(pick=self.dice.randrange(3), completeness=completeness)

    def fail(self):
        if self.watcher.open:
            self.rules.break_an_engine(pick=self.pick())

    def ask(self):
        dice = self.dice
        audio_format = dice.choice([None, PCM, PCMU])
        self.rules.ask(dice.random() < 0.2, dice.random() < 0.2, audio_format, dice.random() < 0.1, None)

    def cancel(self):
        self.rules.cancel(pick=self.pick())

    def write(self):
        self.rules.write(text=self.dice.choice(TEXTS), place=self.dice.randrange(7))

    def put_in_sound(self):
        self.rules.put_in_sound(words=self.dice.choice([None, "hello"]))

    def configure(self):
        hearing = {"turn_detection": detection(self.dice)} if self.dice.random() < 0.7 else {"format": PCMU}
        self.rules.change_the_session(hearing=hearing, text=self.dice.random() < 0.3)

    def use_the_buffer(self):
        self.rules.use_the_buffer(kind=self.dice.choice(["commit", "clear"]))

    def edit(self):
        if not self.watcher.order:
            return
        match self.dice.randrange(5):
            case 0:
                self.rules.truncate(pick=self.pick(), milliseconds=self.dice.choice(MILLISECONDS))
            case 1:
                self.rules.delete(pick=self.pick(), again=self.dice.random() < 0.3)
            case 2:
                self.rules.retrieve(pick=self.pick())
            case _ if self.watcher.by_id:
                self.rules.truncate_what_was_said_last(milliseconds=self.dice.randrange(1300), back=1)

    def tell_what_was_played(self):
        if self.watcher.extension and self.watcher.lead_ms is not None and self.watcher.by_id:
            self.rules.tell_what_was_played(back=1, milliseconds=self.dice.choice(MILLISECONDS))

    def answer_a_call(self):
        if self.rules.call_ids:
            self.rules.answer_a_call(pick=self.pick())

    def ask_what_it_believes(self):
        self.rules.ask_what_the_model_believes()

    def pick(self):
        return self.dice.randrange(30)

    OFTEN = (listen,) * 10 + (think,) * 3 + (voice,) * 4
    SOMETIMES = (wait, recognise, recognise_partly, judge, conclude, ask)
    SELDOM = (call, not_recognise, cancel, write, use_the_buffer, edit, tell_what_was_played, answer_a_call)
    RARELY = (sleep, fail, put_in_sound, configure, ask_what_it_believes)
    DEEDS = (*OFTEN, *SOMETIMES, *SELDOM, *RARELY)
    WEIGHTS = tuple(accumulate((8,) * len(OFTEN) + (6,) * len(SOMETIMES) + (2,) * len(SELDOM) + (0.5,) * len(RARELY)))


@pytest.mark.timeout(600)
def test_random_walks_keep_every_promise(capsys):
    first = int(SEED) if SEED else 1
    seed, taken = first - 1, 0
    begin = time.perf_counter()
    while taken < (1 if SEED else STEPS):
        seed += 1
        try:
            taken += Walk(seed).run(WALK)
        except Exception as broken:
            raise AssertionError(f"VASI_SEED={seed}: {broken}") from broken
    took = time.perf_counter() - begin
    with capsys.disabled():
        print(f"\n{taken:,} steps with seeds {first} to {seed} in {took:.0f} s")
