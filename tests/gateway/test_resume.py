"""Who may come back: a token is good once, for its owner, in time, and no more sessions wait than may."""

import itertools

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from vasi.gateway.absence import CHARACTERS, EVENTS, Missed, Playout
from vasi.gateway.resume import Resumptions
from vasi.protocol import client_events as client
from vasi.protocol import server_events as ev
from vasi.protocol.items import Message
from vasi.protocol.session import Pcm

OWNERS = st.sampled_from(["anna", "ben"])


class Returns(RuleBasedStateMachine):
    """Against a model that remembers everything."""

    def __init__(self):
        super().__init__()
        self.now = 0.0
        numbers = itertools.count()
        self.places = Resumptions(10, clock=lambda: self.now, token=lambda: f"t{next(numbers)}", most=3, most_each=2)
        self.seats = {}
        """Seat -> (owner, its good token or None, when it left or None)."""
        self.tokens = []

    @rule(owner=OWNERS)
    def comes(self, owner):
        seat = object()
        self.seats[seat] = (owner, self.places.issue(owner, seat), None)
        self.tokens.append(self.seats[seat][1])

    @precondition(lambda self: self.seats)
    @rule(data=st.data())
    def drops(self, data):
        seat = data.draw(st.sampled_from(list(self.seats)))
        owner, token, left = self.seats[seat]
        if left is not None:
            return
        waiting = [one[0] for one in self.seats.values() if one[2] is not None]
        fits = len(waiting) < 3 and waiting.count(owner) < 2
        assert self.places.left(seat) is fits
        if fits:
            self.seats[seat] = (owner, token, self.now)
        else:
            del self.seats[seat]

    @rule(seconds=st.floats(0.5, 12))
    def time_passes(self, seconds):
        self.now += seconds

    @precondition(lambda self: self.seats)
    @rule(data=st.data())
    def ends(self, data):
        seat = data.draw(st.sampled_from(list(self.seats)))
        self.places.forget(seat)
        self.places.forget(seat)
        del self.seats[seat]

    @precondition(lambda self: self.tokens)
    @rule(data=st.data(), owner=OWNERS)
    def comes_back(self, data, owner):
        token = data.draw(st.sampled_from(self.tokens))
        good = [
            seat
            for seat, (whose, valid, left) in self.seats.items()
            if valid == token and whose == owner and (left is None or self.now < left + 10)
        ]
        seat = self.places.claim(token, owner)
        assert seat is (good[0] if good else None)
        if seat is None:
            return
        assert self.places.claim(token, owner) is None, "a token is good once"
        new = self.places.issue(owner, seat)
        self.places.returned(seat)
        self.tokens.append(new)
        self.seats[seat] = (owner, new, None)

    @invariant()
    def only_those_wait_that_left(self):
        assert set(self.places.waiting) == {seat for seat, one in self.seats.items() if one[2] is not None}


Returns.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestReturns = Returns.TestCase


def test_no_token_is_kept_and_none_is_like_another():
    places = Resumptions(30)
    tokens = {places.issue("anna", object()) for _ in range(50)}
    assert len(tokens) == 50
    assert all(len(token) >= 43 for token in tokens), "256 bits in base64"
    assert not [token for token in tokens if token in repr(vars(places))]


def test_nobody_waits_where_that_is_turned_off():
    places, seat = Resumptions(0), object()
    token = places.issue("anna", seat)
    assert not places.left(seat)
    assert places.claim(token, "anna") is None


# --- what was missed ------------------------------------------------------------------------------------------------
def numbered(*numbers):
    missed = Missed("event_s")
    frames = {number: f"frame {number}" for number in numbers}
    for number, frame in frames.items():
        missed.add(number, frame)
    return missed, frames


def test_what_was_not_sent_is_missed():
    missed, frames = numbered(1, 2, 3)
    missed.begin([frames[3]], 4)
    missed.add(4, "frame 4")
    assert missed.since(None) == (["frame 3", "frame 4"], True)


def test_the_client_knows_best_what_it_got():
    missed, _ = numbered(1, 2, 3, 31)
    missed.begin([], 32)
    assert missed.since(None) == ([], True)
    assert missed.since("event_s000002") == (["frame 3", "frame 31"], True)
    assert missed.since("event_s00001e") == (["frame 31"], True)
    for other in ("event_t000001", "event_szzz", "nonsense", "event_s"):
        assert missed.since(other) == ([], True)


def test_no_more_is_kept_than_may_be_and_that_is_told():
    missed, _ = numbered(*range(1, EVENTS + 11))
    missed.begin([], EVENTS + 11)
    assert missed.since("event_s00000a")[1]
    frames, whole = missed.since("event_s000009")
    assert (len(frames), whole) == (EVENTS, False)
    missed.add(1000, "x" * CHARACTERS)
    assert missed.since("event_s000009") == (["x" * CHARACTERS], False)
    missed.add(1001, "x" * (CHARACTERS + 1))
    assert missed.since("event_s000009") == ([], False)


# --- what was heard -------------------------------------------------------------------------------------------------
def shown(modality="audio"):
    response = ev.Response(
        id="r",
        status="in_progress",
        output=[],
        conversation_id="c",
        output_modalities=[modality],
        max_output_tokens="inf",
        audio=ev.AudioShown(output=ev.AudioOutputShown(format=Pcm(), voice="alloy")),
    )
    return ev.ResponseCreated(response=response)


def spoken(clock, *items):
    """A response whose items were sent one after the other, all at once: (id, milliseconds)."""
    playout = Playout(lambda: clock[0])
    playout.notice(shown())
    for item, length in items:
        message = Message(id=item, role="assistant", content=[], status="in_progress")
        playout.notice(ev.OutputItemAdded(response_id="r", output_index=0, item=message))
        playout.sounded(item, 0, 48 * length)
    return playout


def cut(playout):
    return [
        (one.item_id, one.audio_end_ms) if isinstance(one, client.ItemTruncate) else one.response_id
        for one in playout.cut()
    ]


def test_what_was_heard_is_no_more_than_was_sent_or_than_there_was_time():
    clock = [5.0]
    playout = spoken(clock, ("a", 3000))
    clock[0] = 6.2
    assert cut(playout) == ["r", ("a", 1200)]
    assert cut(playout) == [], "once"
    playout = spoken(clock, ("a", 3000))
    clock[0] = 60
    assert cut(playout) == ["r", ("a", 3000)]


def test_an_item_is_played_after_the_one_before():
    clock = [5.0]
    playout = spoken(clock, ("a", 1000), ("b", 1000))
    clock[0] = 6.25
    assert cut(playout) == ["r", ("b", 250)]
    playout = spoken(clock, ("a", 1000), ("b", 1000))
    assert cut(playout) == ["r", ("b", 0)]


def test_what_is_written_or_done_is_not_cut():
    playout = Playout(lambda: 5.0)
    playout.notice(shown("text"))
    assert cut(playout) == []
    playout = spoken([5.0], ("a", 1000))
    playout.notice(ev.ResponseDone(response=shown().response))
    assert cut(playout) == []
