"""Frames of the client become events or a refusal in the API's own words."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from vasi.errors import ClientError
from vasi.protocol import client_events as client
from vasi.protocol.codec import CLIENT_EVENT_TYPES, decode_client, encode, event_id_of
from vasi.protocol.items import FunctionCall, FunctionCallOutput, InputAudio, InputImage, InputText, Message

PIXEL = "data:image/png;base64,iVBORw0KGgo="

FRAMES = {
    "session.update": {"session": {"type": "realtime", "instructions": "Be brief."}},
    "conversation.item.create": {
        "previous_item_id": "root",
        "item": {
            "type": "message",
            "role": "user",
            "content": [
                {"type": "input_text", "text": "What is this?"},
                {"type": "input_audio", "audio": "AAEC"},
                {"type": "input_image", "image_url": PIXEL},
            ],
        },
    },
    "conversation.item.retrieve": {"item_id": "item_1"},
    "conversation.item.truncate": {"item_id": "item_1", "content_index": 0, "audio_end_ms": 1500},
    "conversation.item.delete": {"item_id": "item_1"},
    "input_audio_buffer.append": {"audio": base64.b64encode(b"\x00\x01\xff").decode()},
    "input_audio_buffer.commit": {},
    "input_audio_buffer.clear": {},
    "output_audio_buffer.clear": {},
    "response.create": {
        "response": {
            "conversation": "none",
            "output_modalities": ["text"],
            "metadata": {"topic": "x"},
            "input": [],
            "tools": [{"type": "function", "name": "look", "parameters": {"type": "object"}}],
            "tool_choice": {"type": "function", "name": "look"},
            "max_output_tokens": 5,
        }
    },
    "vasi.playout": {"item_id": "item_1", "played_ms": 1200},
    "response.cancel": {"response_id": "resp_1"},
}


def frame(kind, **fields):
    return json.dumps({"type": kind, **fields})


def refusal(text):
    with pytest.raises(ClientError) as refused:
        decode_client(text)
    return refused.value.code, refused.value.param


def event_or_refusal(text):
    """The event in ``text``, or the error that refuses it."""
    try:
        return decode_client(text)
    except ClientError as error:
        return error


def test_there_are_eleven_client_events_and_one_of_the_extension():
    assert FRAMES.keys() == CLIENT_EVENT_TYPES


@pytest.mark.parametrize("kind", FRAMES)
@pytest.mark.parametrize("as_bytes", [False, True])
def test_every_event_is_read_and_survives_being_written(kind, as_bytes):
    text = frame(kind, event_id="e1", **FRAMES[kind])
    event = decode_client(text.encode() if as_bytes else text)
    assert event.event_id == "e1"
    assert decode_client(encode(event)) == event
    assert json.loads(encode(event)).items() >= {"type": kind, "event_id": "e1"}.items()


def test_audio_is_bytes_inside_and_base64_outside():
    event = decode_client(frame("input_audio_buffer.append", audio="AAH/"))
    assert event == client.AudioAppend(audio=b"\x00\x01\xff")
    assert json.loads(encode(event))["audio"] == "AAH/"


def test_items_are_read_by_their_type():
    def item(**fields):
        return decode_client(frame("conversation.item.create", item=fields)).item

    parts = item(type="message", role="user", content=FRAMES["conversation.item.create"]["item"]["content"]).content
    assert parts == [InputText(text="What is this?"), InputAudio(audio=b"\x00\x01\x02"), InputImage(image_url=PIXEL)]
    assert isinstance(item(type="message", role="system", content=[{"type": "input_text", "text": "x"}]), Message)
    assert item(type="function_call", name="f", arguments="{", call_id="c").arguments == "{"
    assert isinstance(item(type="function_call", name="f", arguments="{}"), FunctionCall)
    assert item(type="function_call_output", call_id="c", output="1") == FunctionCallOutput(call_id="c", output="1")


def test_what_is_left_out_is_told_from_null():
    assert decode_client(frame("response.create")).response is UNSET
    assert decode_client(frame("response.create", response={})).response.metadata is UNSET
    assert decode_client(frame("response.create", response={"metadata": None})).response.metadata is None


# --- refusals -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", ["", "hello", "{", '{"type": "response.cancel"', "\ud800", b"\xff\xfe", "\x00"])
def test_what_is_not_json_is_refused(text):
    assert refusal(text) == ("invalid_json", None)


@pytest.mark.parametrize("text", ["[]", "null", "3", '"session.update"', "[{}]"])
def test_json_that_is_no_object_is_refused(text):
    assert refusal(text) == ("invalid_event", None)


@pytest.mark.parametrize(
    ("text", "code"),
    [("{}", "invalid_event"), ('{"type": null}', "invalid_event"), ('{"type": 5}', "invalid_type")]
    + [(frame(kind), "invalid_value") for kind in ("", "response.created", "session.updat", "x" * 10_000)],
)
def test_the_type_is_at_fault(text, code):
    assert refusal(text) == (code, "type")


@pytest.mark.parametrize(
    ("kind", "fields", "code", "param"),
    [
        ("session.update", {}, "missing_required_parameter", "session"),
        ("session.update", {"session": []}, "invalid_type", "session"),
        ("response.cancel", {"response": "r"}, "unknown_parameter", "response"),
        ("response.cancel", {"response_id": 5}, "invalid_type", "response_id"),
        ("response.cancel", {"event_id": "e" * 513}, "invalid_value", "event_id"),
        ("conversation.item.delete", {}, "missing_required_parameter", "item_id"),
        ("conversation.item.delete", {"item_id": ""}, "invalid_value", "item_id"),
        ("conversation.item.delete", {"item_id": "x" * 129}, "invalid_value", "item_id"),
        (
            "conversation.item.truncate",
            {"item_id": "i", "content_index": 0, "audio_end_ms": -1},
            "invalid_value",
            "audio_end_ms",
        ),
        (
            "conversation.item.truncate",
            {"item_id": "i", "content_index": 0, "audio_end_ms": 1.5},
            "invalid_type",
            "audio_end_ms",
        ),
        ("input_audio_buffer.append", {"audio": "no base64!"}, "invalid_value", "audio"),
        ("input_audio_buffer.append", {"audio": [1]}, "invalid_type", "audio"),
        ("conversation.item.create", {"item": {"type": "poem"}}, "invalid_value", "item.type"),
        ("conversation.item.create", {"item": {"type": "message"}}, "missing_required_parameter", "item.role"),
        (
            "conversation.item.create",
            {"item": {"type": "message", "role": "robot", "content": []}},
            "invalid_value",
            "item.role",
        ),
        (
            "conversation.item.create",
            {"item": {"type": "message", "role": "user", "content": [{"type": "input_text"}]}},
            "missing_required_parameter",
            "item.content[0].text",
        ),
        ("response.create", {"response": {"temperature": 1}}, "unknown_parameter", "response.temperature"),
        ("response.create", {"response": {"max_output_tokens": 0}}, "invalid_value", "response.max_output_tokens"),
        ("response.create", {"response": {"conversation": "other"}}, "invalid_value", "response.conversation"),
        (
            "response.create",
            {"response": {"audio": {"output": {"speed": 1}}}},
            "unknown_parameter",
            "response.audio.output.speed",
        ),
        (
            "response.create",
            {"response": {"metadata": {str(n): "v" for n in range(17)}}},
            "invalid_value",
            "response.metadata",
        ),
        (
            "response.create",
            {"response": {"metadata": {"k" * 65: "v"}}},
            "invalid_value",
            "response.metadata",
        ),
        ("response.create", {"response": {"output_modalities": ["text", "audio"]}}, "invalid_value", None),
        (
            "response.create",
            {"response": {"tools": [{"type": "function", "name": "a b"}]}},
            "invalid_value",
            "response.tools[0].name",
        ),
    ],
)
def test_the_offending_field_is_named(kind, fields, code, param):
    found_code, found_param = refusal(frame(kind, **fields))
    assert found_code == code
    assert param is None or found_param == param


def test_a_second_type_does_not_slip_past():
    """What decides is the decoded event, whatever a look at the beginning of the frame would say."""
    text = '{"type": "response.cancel", "type": "session.update", "session": {"type": "realtime"}}'
    assert refusal(text) == ("invalid_value", "type")


# --- the id of a refused event --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "found"),
    [
        (frame("nonsense", event_id="mine"), "mine"),
        ('{"event_id": "mine"}', "mine"),
        (frame("response.cancel", event_id="mine", response_id=[[]]), "mine"),
        (frame("response.cancel", event_id=7), None),
        (frame("response.cancel", event_id="e" * 513), None),
        ("[]", None),
        ("{", None),
        ("\ud800", None),
    ],
)
def test_the_id_of_a_refused_event_is_found(text, found):
    assert event_id_of(text) == found


# --- hostile frames -------------------------------------------------------------------------------------------------
def nested(depth, kind="["):
    return "[" * depth + "]" * depth if kind == "[" else '{"a":' * depth + "1" + "}" * depth


DEEP = [nested(depth, kind) for depth in (100, 900, 1_100, 20_000) for kind in "[{"]


@pytest.mark.parametrize("deep", DEEP, ids=[f"{len(deep)} characters" for deep in DEEP])
@pytest.mark.parametrize(
    "place",
    [
        "%s",
        '{"type": %s}',
        '{"event_id": %s, "type": "response.cancel"}',
        '{"type": "nonsense", "x": %s}',
        '{"type": "response.cancel", "response_id": %s}',
        '{"type": "session.update", "session": %s}',
        '{"x": %s}',
    ],
)
def test_deep_nesting_is_refused_or_read(place, deep):
    text = place % deep
    event_id_of(text)
    assert isinstance(event_or_refusal(text), client.SessionUpdate | ClientError)


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 400, "9" * 5_000, "NaN", "Infinity", "-0", "1e-400"])
def test_strange_numbers_do_no_harm(number):
    text = frame("conversation.item.truncate", item_id="i", content_index=0, audio_end_ms=12345)
    found = event_or_refusal(text.replace("12345", number))
    if isinstance(found, ClientError):
        assert found.code in {"invalid_value", "invalid_type", "invalid_json"}
    else:
        assert found.audio_end_ms >= 0


@given(st.text() | st.binary())
def test_garbage_is_refused(text):
    event_id_of(text)
    with pytest.raises(ClientError):
        decode_client(text)


REFUSALS = {"invalid_value", "invalid_type", "unknown_parameter", "missing_required_parameter", "invalid_json"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(FRAMES)), st.data())
def test_a_mutilated_event_is_read_or_refused(kind, data):
    """Some field of a good event replaced by anything."""
    fields = json.loads(json.dumps(FRAMES[kind]))
    place, key = fields, data.draw(st.sampled_from([*fields, "event_id", "extra"]))
    while isinstance(place, dict | list) and place and data.draw(st.booleans()):
        inner = place[key] if isinstance(place, list) or key in place else None
        if not inner or not isinstance(inner, dict | list):
            break
        place, key = inner, data.draw(st.sampled_from(list(inner) if isinstance(inner, dict) else range(len(inner))))
    place[key] = data.draw(JSON)
    text = json.dumps({"type": kind, **fields})
    event_id_of(text)
    found = event_or_refusal(text)
    if isinstance(found, ClientError):
        assert found.code in REFUSALS
        assert found.message
    else:
        assert decode_client(encode(found)) == found


# --- every event that there can be ----------------------------------------------------------------------------------
IDS = st.text(min_size=1, max_size=20)
PARTS = (
    st.builds(InputText, text=st.text())
    | st.builds(InputAudio, audio=st.binary(), transcript=st.none() | st.text())
    | st.just(InputImage(image_url=PIXEL))
)
ITEMS = (
    st.builds(
        Message,
        role=st.sampled_from(["user", "system", "assistant"]),
        content=st.lists(PARTS, max_size=4),
        id=IDS | st.just(UNSET),
    )
    | st.builds(FunctionCall, name=IDS, arguments=st.text(), call_id=IDS | st.just(UNSET))
    | st.builds(FunctionCallOutput, call_id=IDS, output=st.text())
)
EVENTS = st.one_of(
    st.builds(client.SessionUpdate, session=st.dictionaries(st.text(), st.text() | st.integers())),
    st.builds(client.ItemCreate, item=ITEMS, previous_item_id=IDS | st.none() | st.just(UNSET), event_id=st.text()),
    st.builds(client.ItemRetrieve, item_id=IDS),
    st.builds(
        client.ItemTruncate,
        item_id=IDS,
        content_index=st.integers(0, 5),
        audio_end_ms=st.integers(0, 10**9),
    ),
    st.builds(client.ItemDelete, item_id=IDS),
    st.builds(client.AudioAppend, audio=st.binary()),
    st.sampled_from([client.AudioCommit(), client.AudioClear(), client.OutputAudioClear()]),
    st.builds(
        client.ResponseCreate,
        response=st.just(UNSET)
        | st.builds(
            client.ResponseParams,
            instructions=st.text() | st.just(UNSET),
            metadata=st.none() | st.dictionaries(st.text(max_size=9), st.text(max_size=9), max_size=3),
            max_output_tokens=st.just("inf") | st.integers(1, 4096),
            input=st.lists(ITEMS, max_size=3) | st.just(UNSET),
        ),
    ),
    st.builds(client.ResponseCancel, response_id=IDS | st.just(UNSET)),
)


@given(EVENTS)
def test_what_is_written_is_read_again(event):
    assert decode_client(encode(event)) == event
    assert decode_client(encode(event).decode()) == event


@pytest.mark.parametrize(
    ("text", "param"),
    [
        (
            '{"type": "session.update", "session": {"tools": [{"name": "f", "parameters": %s}]}}',
            "session.tools[0].parameters",
        ),
        (
            '{"type": "response.create", "response": {"tools": [{"name": "f", "parameters": %s}]}}',
            "response.tools[0].parameters",
        ),
    ],
)
def test_a_schema_too_deep_to_be_written_again_is_refused(text, param):
    assert refusal(text % nested(100, "{")) == ("invalid_value", param)
    decode_client(text % nested(30, "{"))
