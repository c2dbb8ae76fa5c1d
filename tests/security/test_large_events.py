"""Large and deep events are refused before they are worked through, and the session goes on."""

from __future__ import annotations

import json
import time

import pytest

from vasi.errors import ClientError
from vasi.protocol.client_events import ItemCreate, SessionUpdate
from vasi.protocol.codec import decode_client, event_id_of
from vasi.transports.beta import BetaCodec
from vasi.transports.codec import GaCodec

MIB = 1024 * 1024
MANY = "[" + ",".join(["{}"] * (22 * MIB // 3)) + "]"
DEEP = "[" + ",".join(["[" * 60 + "]" * 60] * (4 * MIB // 121)) + "]"
TEXT = f'"{"x" * (4 * MIB)}"'


def refused(frame: str) -> ClientError:
    with pytest.raises(ClientError) as refusal:
        decode_client(frame)
    return refusal.value


@pytest.mark.parametrize(
    "frame",
    [
        f'{{"type":"session.update","event_id":"mine","session":{{"x":{MANY}}}}}',
        f'{{"event_id": "mine", "type": "session.update", "session": {{"instructions": {TEXT}}}}}',
        f'{{"session":{{"x":{MANY}}},"type":"session.update","event_id":"mine"}}',
        f'{{"type":"response.create","event_id":"mine","response":{{"metadata":{MANY}}}}}',
        f'{{"type":"conversation.item.create","event_id":"mine","item":{{}},"x":{MANY}}}',
        f'{{"type":"response.cancel","event_id":"mine","x":{DEEP}}}',
        f'{{"type":"nothing","event_id":"mine","x":{TEXT}}}',
    ],
)
@pytest.mark.parametrize("codec", [GaCodec(), BetaCodec()])
def test_an_event_of_many_megabytes_is_refused_at_once(codec: GaCodec | BetaCodec, frame: str) -> None:
    started = time.process_time()
    received = codec.decode(frame)
    assert time.process_time() - started < 0.3
    assert getattr(received, "event_id", None) == "mine"
    assert received.error.code == "event_too_large"  # type: ignore[union-attr]


def test_an_update_within_the_limit_that_is_nothing_but_brackets_is_refused_at_once() -> None:
    frame = '{"type":"session.update","session":{"x":[' + ",".join(["{}"] * 300_000) + "]}}"
    started = time.process_time()
    assert refused(frame).code == "event_too_large"
    assert time.process_time() - started < 0.05


def test_the_schema_of_a_tool_has_a_limit() -> None:
    def tool(size: int) -> dict[str, object]:
        return {"type": "function", "name": "f", "parameters": {"description": "d" * size}}

    def update(size: int) -> str:
        return json.dumps({"type": "session.update", "session": {"type": "realtime", "tools": [tool(10), tool(size)]}})

    def create(size: int) -> str:
        return json.dumps({"type": "response.create", "response": {"tools": [tool(10), tool(size)]}})

    decode_client(update(60_000))
    decode_client(create(60_000))
    assert "64 KiB" in refused(update(70_000)).message
    assert refused(update(70_000)).param == "session.tools[1].parameters"
    assert refused(create(70_000)).param == "response.tools[1].parameters"


def test_a_picture_may_be_large() -> None:
    part = {"type": "input_image", "image_url": "data:image/png;base64," + "A" * (6 * MIB)}
    item = {"type": "message", "role": "user", "content": [part]}
    assert isinstance(decode_client(json.dumps({"type": "conversation.item.create", "item": item})), ItemCreate)


def test_an_update_may_have_many_tools() -> None:
    properties = {f"field_{number}": {"type": "string", "description": "What it is."} for number in range(20)}
    tools = [
        {"type": "function", "name": f"f{number}", "parameters": {"type": "object", "properties": properties}}
        for number in range(128)
    ]
    update = decode_client(json.dumps({"type": "session.update", "session": {"type": "realtime", "tools": tools}}))
    assert isinstance(update, SessionUpdate)


@pytest.mark.parametrize("cut", ["\\ud83d", "\\ude00", "\\ud83d\\u0041", "a\\ud83d b \\ud83d"])
def test_half_an_emoji_is_taken_as_a_replacement_character(cut: str) -> None:
    message = '{"type":"message","role":"user","content":[{"type":"input_text","text":"%s \\ud83d\\ude00 \\\\ud83d"}]}'
    frame = '{"type":"conversation.item.create","event_id":"mine","item":' + message % cut + "}"
    for codec in (GaCodec(), BetaCodec()):
        event = codec.decode(frame)
        assert isinstance(event, ItemCreate)
        assert event.event_id == "mine"
        text = event.item.content[0].text  # type: ignore[union-attr]
        assert "\ufffd" in text
        assert text.endswith("\U0001f600 \\ud83d")
    assert event_id_of('{"event_id":"mine"}') == "mine"
