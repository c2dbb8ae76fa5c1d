"""The oversight itself: what it lets pass and what it complains of, in this process and in another."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests import conftest, oversight
from tests.gateway.sessions import session
from tests.response_order import Order
from vasi.protocol import server_events as ev
from vasi.testing.llm import ScriptedLlm

MESSAGE = {"id": "item_1", "type": "message", "status": "completed"}
PLACE = {"response_id": "resp_1", "output_index": 0, "item_id": "item_1", "content_index": 0}
TURN: list[dict[str, Any]] = [
    {"type": "response.created", "response": {"id": "resp_1"}},
    {"type": "response.output_item.added", **PLACE, "item": {**MESSAGE, "status": "in_progress"}},
    {"type": "response.content_part.added", **PLACE},
    {"type": "response.output_text.delta", **PLACE},
    {"type": "response.output_text.done", **PLACE},
    {"type": "response.content_part.done", **PLACE},
    {"type": "response.output_item.done", **PLACE, "item": MESSAGE},
    {"type": "response.done", "response": {"id": "resp_1", "output": [MESSAGE]}},
]


def notice(events: list[dict[str, Any]]) -> None:
    order = Order()
    order.notice({"type": "session.created", "event_id": "first"})
    for number, event in enumerate(events):
        order.notice({**event, "event_id": f"event_{number}"})


def test_a_turn_in_its_order_is_right() -> None:
    notice(TURN)


@pytest.mark.parametrize("place", range(len(TURN) - 1))
def test_a_turn_with_two_events_in_each_other_s_place_is_not(place: int) -> None:
    with pytest.raises(AssertionError):
        notice([*TURN[:place], TURN[place + 1], TURN[place], *TURN[place + 2 :]])


@pytest.mark.parametrize("place", [0, 1, 2, 4, 5, 6])
def test_a_turn_that_lacks_an_event_is_not(place: int) -> None:
    with pytest.raises(AssertionError):
        notice([*TURN[:place], *TURN[place + 1 :]])


async def test_what_a_session_of_this_process_sends_is_judged() -> None:
    async with session(ScriptedLlm()) as table:
        gateway = table.running.get_coro().cr_frame.f_locals["self"]  # type: ignore[union-attr]
        gateway._send(ev.ItemDeleted(item_id=7))  # type: ignore[arg-type]
        gateway._send(ev.AudioCleared())
    found, conftest._complaints[:] = list(conftest._complaints), []
    assert len(found) == 1
    assert "conversation.item.deleted" in found[0]


def test_what_a_session_of_another_process_sends_is_judged(tmp_path: Path) -> None:
    complaints = tmp_path / "complaints"
    code = (
        "import sys; from tests import oversight, wire_validation as rules; rules.PRESENT['session.created'] = {'x'};"
        "sys.argv[1:] = ['ask', 'hello', '--data', sys.argv[1]]; oversight._main()"
    )
    environment = {**os.environ, **oversight.environment(complaints)}
    command = [oversight.program()[0], "-c", code, str(tmp_path / "data")]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    with pytest.raises(AssertionError, match=r"session\.created lacks x"):
        oversight.assert_none(complaints)
