"""How much of an answer was played when nobody listens any longer, by estimate."""

from vasi.gateway.playout import EstimatedPlayout
from vasi.protocol import client_events as client
from vasi.protocol import server_events as ev
from vasi.protocol.items import Message
from vasi.protocol.session import Pcm


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
    playout = EstimatedPlayout(lambda: clock[0])
    playout.sent(shown())
    for item, length in items:
        message = Message(id=item, role="assistant", content=[], status="in_progress")
        playout.sent(ev.OutputItemAdded(response_id="r", output_index=0, item=message))
        playout.audio_sent(item, 0, 48 * length)
    return playout


def cut(playout):
    return [
        (one.item_id, one.audio_end_ms) if isinstance(one, client.ItemTruncate) else one.response_id
        for one in playout.stop()
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
    playout = EstimatedPlayout(lambda: 5.0)
    playout.sent(shown("text"))
    assert cut(playout) == []
    playout = spoken([5.0], ("a", 1000))
    playout.sent(ev.ResponseDone(response=shown().response))
    assert cut(playout) == []
