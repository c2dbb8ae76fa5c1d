"""Whatever client, backend and tools do in whatever order, the client sees whole responses and nothing hidden.

What is checked at every step: ``Stage`` and the books that its client keeps. A longer run, which also looks for the
shortest example of a failure: ``VASI_EXAMPLES=2000 pytest --timeout 0 tests/gateway/view/test_view_properties.py``.
"""

import os

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.gateway.view.stage import Stage
from tests.gateway.view.test_services import without
from vasi.conversation import effects as do
from vasi.protocol.client_events import ResponseCreate

NAMES = st.sampled_from(["search", "search", "take_note", "open_door", "invented", "far__lookup", "far__erase"])
CALLS = st.lists(NAMES, min_size=1, max_size=3)


class ViewMachine(RuleBasedStateMachine):
    alters = staticmethod(lambda event: event)

    @initialize(interrupts=st.booleans(), answers=st.booleans())
    def connect(self, interrupts, answers):
        detection = {"type": "server_vad", "interrupt_response": interrupts, "create_response": answers}
        self.stage = Stage(alters=self.alters, audio={"input": {"turn_detection": detection}})
        self.stage.is_shaped(interrupts=interrupts, answers=answers)
        self.stage.books.interrupts = interrupts
        self.lost = False
        self.count = 0

    def writing(self):
        """The backend's responses that the model is writing."""
        wishes = self.stage.backend.wishes
        released = {wish.response_id for wish in wishes if isinstance(wish, do.Release)}
        asked = [wish.response_id for wish in wishes if isinstance(wish, do.Generate)]
        return [wanted for wanted in asked if wanted not in released]

    def pick(self, known, number):
        return list(known)[number % len(known)]

    # --- the client -------------------------------------------------------------------------------------------------
    @rule()
    def write(self):
        self.stage.writes("Hello")

    @rule(
        outside=st.booleans() | st.just(False),
        metadata=st.none() | st.just({"a": "b"}),
        own_input=st.booleans() | st.just(False),
    )
    def ask(self, outside, metadata, own_input):
        own = {"input": []} if own_input else {}
        self.stage.asks(conversation="none" if outside else "auto", metadata=metadata, **own)

    @rule(number=st.integers(0, 9))
    def cancel(self, number):
        known = list(self.stage.books.open)
        wanted = {"response_id": known[number % len(known)]} if known and number % 3 else {}
        self.stage.client("response.cancel", event_id="mine", **wanted)

    @precondition(lambda self: self.stage.books.order)
    @rule(number=st.integers(0, 30))
    def delete(self, number):
        self.stage.client("conversation.item.delete", item_id=self.pick(self.stage.books.order, number))

    @precondition(lambda self: self.stage.books.order)
    @rule(number=st.integers(0, 30))
    def insert(self, number):
        item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "between"}]}
        previous = self.pick(self.stage.books.order, number)
        self.stage.client("conversation.item.create", previous_item_id=previous, item=item)

    @rule(number=st.integers(0, 9))
    def answer_a_call(self, number):
        calls = [a.item["call_id"] for a in self.stage.books.by_id.values() if a.item["type"] == "function_call"]
        if calls:
            item = {"type": "function_call_output", "call_id": self.pick(calls, number), "output": "open"}
            self.stage.client("conversation.item.create", item=item)

    @rule(refuses=st.booleans() | st.just(False))
    def limits(self, refuses):
        self.stage.refuses_all = refuses

    @precondition(lambda self: self.stage.books.order)
    @rule(number=st.integers(0, 30))
    def retrieve(self, number):
        self.stage.client("conversation.item.retrieve", item_id=self.pick(self.stage.books.order, number))

    @rule(number=st.integers(0, 9), approve=st.booleans(), place=st.integers(0, 30) | st.none())
    def answer_a_request(self, number, approve, place):
        known = [*self.stage.asked(), "item_unknown"]
        order = self.stage.books.order
        behind = {} if place is None or not order else {"previous_item_id": self.pick(order, place)}
        self.stage.answers(self.pick(known, number), approve=approve, **behind)

    @rule()
    def name_a_server(self):
        self.stage.lists()

    @rule(fails=st.booleans())
    def list_its_tools(self, fails):
        self.stage.lists_come(fails=fails)

    # --- the way to the backend and the backend ---------------------------------------------------------------------
    @precondition(lambda self: self.stage.inbox)
    @rule(count=st.sampled_from([1, 1, 2, 9]))
    def take(self, count):
        self.stage.backend_takes(count)

    @rule(milliseconds=st.sampled_from([100, 200]))
    def begin_to_speak(self, milliseconds):
        self.stage.backend.hears(milliseconds, speech=True)

    @rule(words=st.booleans())
    def speak(self, words):
        self.stage.backend.speaks(200)
        if words:
            self.recognise()

    @rule()
    def recognise(self):
        for wish in self.stage.backend.wishes:
            if isinstance(wish, do.FinishUtterance):
                self.stage.backend.recognises("Hello", wish.item_id)

    @precondition(lambda self: self.writing())
    @rule(
        number=st.integers(0, 9),
        text=st.booleans(),
        calls=CALLS | st.just([]),
        finish=st.sampled_from(["", "", "length"]),
    )
    def model_answers(self, number, text, calls, finish):
        response_id = self.pick(self.writing(), number)
        of = self.stage.books.open.get(response_id)
        named = []
        for name in calls:
            self.count += 1
            # Outside the conversation the model isn't told of tools that the server runs.
            named.append((name if of is None or of.in_conversation else "open_door", f"call_{self.count}"))
        self.stage.model("Words." if text else "", *named, finish=finish, response_id=response_id)

    @precondition(lambda self: self.writing())
    @rule(number=st.integers(0, 9))
    def model_writes(self, number):
        self.stage.backend.writes("Some ", self.pick(self.writing(), number))

    @precondition(lambda self: self.writing())
    @rule(number=st.integers(0, 9))
    def engine_breaks(self, number):
        self.stage.backend.breaks(self.pick(self.writing(), number))

    @precondition(lambda self: self.stage.running)
    @rule(number=st.integers(0, 9), fails=st.booleans())
    def tool_returns(self, number, fails):
        self.stage.tool_returns(self.pick(self.stage.running, number), fails=fails)

    @precondition(lambda self: self.stage.running)
    @rule()
    def all_tools_return(self):
        while self.stage.running:
            self.stage.tool_returns(next(iter(self.stage.running)))

    @precondition(lambda self: any(isinstance(event, ResponseCreate) for event in self.stage.inbox))
    @rule(code=st.sampled_from(["conversation_already_has_active_response", "rate_limit_exceeded"]))
    def backend_refuses_a_request(self, code):
        event = next(event for event in self.stage.inbox if isinstance(event, ResponseCreate))
        self.stage.inbox.remove(event)
        self.stage.refuses(event, code)

    # What happens most of the time, in one step, so that the rest meets it in the middle.
    @rule(calls=CALLS, way=st.integers(0, 5), cut=st.sampled_from(["", "cancel", "speak"]))
    def go_a_part_of_the_way(self, calls, way, cut):
        """The client asks, the model calls, the tools return, the model goes on: as far as ``way``, then the cut."""
        self.ask(False, None, False)
        self.stage.goes()
        writing = [wanted for wanted in self.writing() if wanted == self.stage.books.active]
        if not writing:
            return
        if way == 0 and cut:
            self.cut(cut)
        if writing[0] not in self.writing():
            return
        self.model_answers(self.writing().index(writing[0]), True, calls, "")
        if way >= 2:
            self.all_tools_return()
        if way == 3:
            self.cut(cut)
            cut = ""
        if way >= 3:
            self.stage.backend_takes(len(self.stage.inbox) - (way == 3 and cut == "cancel"))
        if way >= 4 and self.writing():
            self.model_writes(-1)
        if way >= 5 and self.writing():
            self.model_answers(-1, False, calls, "length")
        self.cut(cut)

    def cut(self, how):
        if how == "cancel":
            self.cancel(0)
        elif how == "speak":
            self.begin_to_speak(200)

    # --- promises ---------------------------------------------------------------------------------------------------
    @invariant()
    def one_response_at_a_time(self):
        if hasattr(self, "stage"):
            assert sum(of.in_conversation for of in self.stage.books.open.values()) <= 1

    def teardown(self):
        """When everybody has done their part every response has ended, and every hidden call has one output."""
        if not hasattr(self, "stage"):
            return
        for _ in range(100):
            self.recognise()
            self.stage.goes()
            if not self.writing():
                break
            for response_id in self.writing():
                self.stage.model("The end.", response_id=response_id)
        self.recognise()
        self.stage.lists_come()
        for request in self.stage.asked():
            self.stage.answers(request, approve=False)
        self.stage.goes()
        assert not self.stage.books.open
        assert not self.stage.running
        assert set(self.stage.hidden_calls().values()) <= {1}


class OrderMachine(ViewMachine):
    """The same with a service that shows no metadata, so that requests and responses are told apart by their order."""

    alters = staticmethod(without("metadata"))


LONG_RUN = os.environ.get("VASI_EXAMPLES")

TestView = ViewMachine.TestCase
TestOrder = OrderMachine.TestCase
TestView.settings = TestOrder.settings = settings(
    max_examples=int(LONG_RUN or 60),
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=list(Phase) if LONG_RUN else [Phase.explicit, Phase.reuse, Phase.generate],
    print_blob=True,
)
