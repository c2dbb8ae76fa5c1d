"""What a client that reconnects has missed."""

from vasi.gateway.replay import BYTES, EVENTS, ReplayBuffer
from vasi.protocol import server_events as ev


def event(text):
    return ev.OutputTextDelta(response_id="r", item_id="i", output_index=0, content_index=0, delta=text)


def numbered(*numbers):
    buffer = ReplayBuffer("event_s")
    events = {number: event(f"event {number}") for number in numbers}
    for number, one in events.items():
        buffer.add(number, one)
    return buffer, events


def test_what_was_not_sent_is_missed():
    buffer, events = numbered(1, 2, 3)
    buffer.disconnected([events[3]], 4)
    late = event("event 4")
    buffer.add(4, late)
    assert buffer.since(None) == ([events[3], late], True)


def test_the_client_knows_best_what_it_got():
    buffer, events = numbered(1, 2, 3, 31)
    buffer.disconnected([], 32)
    assert buffer.since(None) == ([], True)
    assert buffer.since("event_s000002") == ([events[3], events[31]], True)
    assert buffer.since("event_s00001e") == ([events[31]], True)
    for other in ("event_t000001", "event_szzz", "nonsense", "event_s"):
        assert buffer.since(other) == ([], True)


def test_no_more_is_kept_than_may_be_and_that_is_told():
    buffer, _ = numbered(*range(1, EVENTS + 11))
    buffer.disconnected([], EVENTS + 11)
    assert buffer.since("event_s00000a")[1]
    events, whole = buffer.since("event_s000009")
    assert (len(events), whole) == (EVENTS, False)
    large = event("x" * (BYTES - 200))
    buffer.add(1000, large)
    kept, whole = buffer.since("event_s000009")
    assert kept[-1] == large
    assert len(kept) < 5
    assert not whole
    buffer.add(1001, event("x" * (BYTES + 1)))
    assert buffer.since("event_s000009") == ([], False)
