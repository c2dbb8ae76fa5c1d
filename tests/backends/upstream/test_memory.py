"""What is still to be answered when a connection is lost."""

from __future__ import annotations

import pytest

from vasi.backends.upstream.memory import Memory, Unanswered
from vasi.protocol import client_events as client
from vasi.protocol import server_events as ev
from vasi.protocol.session import Pcm


@pytest.fixture
def memory() -> Memory:
    return Memory()


def sent(memory: Memory, *events: client.ClientEvent) -> None:
    memory.unanswered += [Unanswered(event, 0) for event in events]


def ask(name: str, **metadata: str) -> client.ResponseCreate:
    return client.ResponseCreate(event_id=name, response=client.ResponseParams(metadata=metadata))


def left(memory: Memory) -> list[object]:
    return [entry.event.event_id for entry in memory.still_unanswered()]


def begun(metadata: dict[str, str] | None) -> ev.ResponseCreated:
    response = ev.Response(
        id="resp_1",
        status="in_progress",
        output=[],
        conversation_id=None,
        output_modalities=["audio"],
        max_output_tokens="inf",
        audio=ev.AudioShown(output=ev.AudioOutputShown(format=Pcm(), voice="alloy")),
        metadata=metadata,
    )
    return ev.ResponseCreated(response=response)


def test_a_response_answers_the_request_of_its_metadata(memory: Memory) -> None:
    sent(memory, ask("a", n="1"), ask("b", n="2"))
    memory.notice(begun({"n": "2"}))
    assert left(memory) == ["a"]
    memory.notice(begun(None))  # what the service answers by itself says nothing of metadata
    assert left(memory) == ["a"]


def test_a_service_that_does_not_say_the_metadata_answers_in_order(memory: Memory) -> None:
    sent(memory, ask("a", n="1"), ask("b", n="2"))
    memory.notice(begun(None))
    assert left(memory) == ["b"]


def test_who_cancels_what_is_asked_again_says_so_again_and_nobody_else(memory: Memory) -> None:
    cancel = client.ResponseCancel
    of_another = cancel(event_id="d", response_id="resp_0")
    sent(memory, cancel(event_id="a"), ask("b"), cancel(event_id="c"), of_another, ask("e"))
    assert left(memory) == ["b", "c", "e"]
    memory.notice(ev.ResponseDone(response=begun(None).response))
    assert left(memory) == ["b", "e"]
