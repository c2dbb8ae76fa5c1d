"""The beta dialect: judged by the types of the official SDK's beta, both ways, for every event there is."""

from __future__ import annotations

from typing import Annotated, Any, get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai.types.beta.realtime import RealtimeClientEvent
from pydantic import Field, TypeAdapter, ValidationError

from tests import wire_strategies
from tests.beta_validation import check_beta_event
from vasi.errors import ClientError
from vasi.protocol import beta, codec
from vasi.protocol.client_events import SessionUpdate
from vasi.protocol.server_events import ServerEvent, SessionUpdated, error_event
from vasi.protocol.session import Session, updated

CLIENT: TypeAdapter[Any] = TypeAdapter(Annotated[RealtimeClientEvent, Field(discriminator="type")])
STRUCTS = {str(s.__struct_config__.tag): s for s in get_args(ServerEvent)}
STANDARD = sorted(kind for kind in STRUCTS if not kind.startswith("vasi."))

SESSION = Session(id="sess_1", model="gpt-4o-realtime-preview", expires_at=1)


def speakable(event: dict[str, Any]) -> bool:
    """Whether beta has words for it: its types know no pictures, no choice of one tool and no free tracing."""
    items = [event.get("item"), *event.get("response", {}).get("output", ())]
    parts = [part["type"] for item in items if item for part in item.get("content", ())]
    session = event.get("session", {})
    chosen = [session.get("tool_choice"), session.get("tracing")]
    return "input_image" not in parts and not any(isinstance(one, dict) for one in chosen)


@pytest.mark.parametrize("kind", STANDARD)
def test_every_event_of_the_server_is_a_beta_event_or_none(kind: str) -> None:
    @settings(max_examples=40, deadline=None, database=None)
    @given(wire_strategies.of(STRUCTS[kind]).map(wire_strategies.wire).filter(speakable))
    def check(event: dict[str, Any]) -> None:
        before = msgspec.json.encode(event)
        told = beta.server_events({**event, "event_id": "event_1"})
        unknown = kind in beta.UNKNOWN or event.get("item", {}).get("type", "").startswith("mcp_")
        assert unknown == (not told)
        for one in told:
            check_beta_event(one)
        assert len({one["event_id"] for one in told}) == len(told)
        assert kind in beta.SERVER_CHANGED or told == [{**event, "event_id": "event_1"}]
        assert msgspec.json.encode(event) == before, "the event itself was changed"

    check()


def test_a_wrong_translation_would_be_seen() -> None:
    event = {"type": "session.updated", "event_id": "e", "session": wire_strategies.wire(SESSION)}
    with pytest.raises(ValidationError):
        check_beta_event(event)


def test_the_extension_passes_untouched() -> None:
    event = {"type": "vasi.notes.changed", "event_id": "e", "response_id": "r", "action": "added", "note": {}}
    assert beta.server_events(event) == [event]


# --- the client's events --------------------------------------------------------------------------------------------
text = st.text(max_size=6)
names = st.from_regex(r"[a-zA-Z0-9_-]{1,8}", fullmatch=True)
ids = st.text(min_size=1, max_size=6)
formats = st.sampled_from(["pcm16", "g711_ulaw", "g711_alaw"])
modalities = st.sampled_from([["text"], ["audio", "text"], ["text", "audio"]])
tokens = st.one_of(st.just("inf"), st.integers(1, 4096))
tools = st.lists(
    st.fixed_dictionaries(
        {"type": st.just("function"), "name": names},
        optional={"description": text, "parameters": st.just({"type": "object", "properties": {}})},
    ),
    max_size=2,
    unique_by=lambda tool: tool["name"],
)
vad = {"create_response": st.booleans(), "interrupt_response": st.booleans()}
detection = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {"type": st.just("server_vad")},
        optional=vad
        | {
            "threshold": st.floats(0, 1),
            "prefix_padding_ms": st.integers(0, 2000),
            "silence_duration_ms": st.integers(0, 10_000),
        },
    ),
    st.fixed_dictionaries(
        {"type": st.just("semantic_vad")},
        optional=vad | {"eagerness": st.sampled_from(["low", "medium", "high", "auto"])},
    ),
)
transcription = st.one_of(
    st.none(),
    st.fixed_dictionaries({}, optional={"model": st.just("whisper-1"), "language": st.just("en"), "prompt": text}),
)
noise = st.one_of(st.none(), st.fixed_dictionaries({"type": st.sampled_from(["near_field", "far_field"])}))
heard = {
    "input_audio_format": formats,
    "input_audio_noise_reduction": noise,
    "input_audio_transcription": transcription,
    "turn_detection": detection,
    "modalities": modalities,
}
session = st.fixed_dictionaries(
    {},
    optional=heard
    | {
        "client_secret": st.just({"expires_after": {"anchor": "created_at", "seconds": 60}}),
        "instructions": text,
        "max_response_output_tokens": tokens,
        "model": st.just("gpt-4o-realtime-preview"),
        "output_audio_format": formats,
        "speed": st.floats(0.25, 1.5),
        "temperature": st.floats(0.6, 1.2),
        "tool_choice": st.sampled_from(["auto", "none", "required"]),
        "tools": tools,
        "tracing": st.one_of(st.just("auto"), st.fixed_dictionaries({}, optional={"workflow_name": text})),
        "voice": st.sampled_from(["alloy", "verse"]),
    },
)
part = st.one_of(
    st.fixed_dictionaries({"type": st.sampled_from(["input_text", "text"]), "text": text}),
    st.fixed_dictionaries({"type": st.just("input_audio"), "audio": st.just("AAAA")}, optional={"transcript": text}),
    st.fixed_dictionaries({"type": st.just("audio"), "transcript": text}),
)
marks = {"id": ids, "object": st.just("realtime.item"), "status": st.sampled_from(["completed", "incomplete"])}


def message(role: str, *kinds: str) -> st.SearchStrategy[Any]:
    content = st.lists(part.filter(lambda one: one["type"] in kinds), max_size=2)
    return st.fixed_dictionaries(
        {"type": st.just("message"), "role": st.just(role), "content": content}, optional=marks
    )


item = st.one_of(
    message("user", "input_text", "input_audio"),
    message("system", "input_text"),
    message("assistant", "text", "audio"),
    st.fixed_dictionaries(
        {"type": st.just("function_call"), "name": names, "arguments": text, "call_id": ids}, optional=marks
    ),
    st.fixed_dictionaries({"type": st.just("function_call_output"), "call_id": ids, "output": text}, optional=marks),
)
response = st.fixed_dictionaries(
    {},
    optional={
        "conversation": st.sampled_from(["auto", "none"]),
        "input": st.lists(item, max_size=2),
        "instructions": text,
        "max_response_output_tokens": tokens,
        "metadata": st.dictionaries(text, text, max_size=2),
        "modalities": modalities,
        "output_audio_format": formats,
        "temperature": st.floats(0.6, 1.2),
        "tool_choice": st.sampled_from(["auto", "none", "required"]),
        "tools": tools,
        "voice": st.just("alloy"),
    },
)


def event(kind: str, optional: dict[str, Any] | None = None, **fields: Any) -> st.SearchStrategy[Any]:
    fixed = {"type": st.just(kind)} | fields
    return st.fixed_dictionaries(fixed, optional={"event_id": text} | (optional or {}))


CLIENT_EVENTS = {
    "session.update": event("session.update", session=session),
    "transcription_session.update": event(
        "transcription_session.update", session=st.fixed_dictionaries({}, optional=heard)
    ),
    "conversation.item.create": event("conversation.item.create", {"previous_item_id": ids}, item=item),
    "conversation.item.retrieve": event("conversation.item.retrieve", item_id=ids),
    "conversation.item.delete": event("conversation.item.delete", item_id=ids),
    "conversation.item.truncate": event(
        "conversation.item.truncate", item_id=ids, content_index=st.just(0), audio_end_ms=st.integers(0, 9999)
    ),
    "input_audio_buffer.append": event("input_audio_buffer.append", audio=st.just("AAAA")),
    "input_audio_buffer.commit": event("input_audio_buffer.commit"),
    "input_audio_buffer.clear": event("input_audio_buffer.clear"),
    "output_audio_buffer.clear": event("output_audio_buffer.clear"),
    "response.create": event("response.create", {"response": response}),
    "response.cancel": event("response.cancel", {"response_id": ids}),
}


def test_all_client_events_of_the_sdk_are_tried() -> None:
    union = get_args(get_args(RealtimeClientEvent)[0])
    assert {get_args(one.model_fields["type"].annotation)[0] for one in union} == set(CLIENT_EVENTS)


@pytest.mark.parametrize("kind", sorted(CLIENT_EVENTS))
def test_every_event_of_a_beta_client_is_taken_by_the_ga_codec(kind: str) -> None:
    @settings(max_examples=60, deadline=None, database=None)
    @given(CLIENT_EVENTS[kind])
    def check(said: dict[str, Any]) -> None:
        # "audio" is what the service calls spoken output in items; the type for `response.input` forgot it.
        if kind != "response.create":
            CLIENT.validate_python(said, extra="forbid")
        taken = codec.decode_client(msgspec.json.encode(beta.client_event(said)))
        if kind == "session.update":
            assert isinstance(taken, SessionUpdate)
            updated(SESSION, taken.session)
        assert kind in beta.CLIENT_CHANGED or beta.client_event(said) is said

    check()


@settings(max_examples=100, deadline=None, database=None)
@given(session)
def test_what_a_client_sets_is_what_it_is_shown(wanted: dict[str, Any]) -> None:
    effective = updated(SESSION, beta.session_to_ga(wanted))
    shown = beta.session_to_beta(wire_strategies.wire(effective))
    check_beta_event({"type": "session.updated", "event_id": "e", "session": shown})
    for name, value in wanted.items():
        match name:
            case "client_secret" | "temperature" | "model":
                pass
            case "modalities":
                assert set(shown[name]) == set(value)
            case "turn_detection" if value is not None:
                assert value.items() <= shown[name].items()
            case _:
                assert shown[name] == value, name


anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), text, formats, st.sampled_from(["none", "audio", "text"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["type", "audio", "input", "output", "content", "role", "format"]), inner),
    ),
    max_leaves=8,
)
odd_fields = st.dictionaries(
    st.sampled_from([*beta.SESSION_FIELDS, "audio", "tools", "input", "content", "role", "type", "nonsense"]), anything
)


@settings(max_examples=200, deadline=None, database=None)
@given(st.sampled_from(sorted(beta.CLIENT_CHANGED)), odd_fields)
def test_whatever_a_client_sends_is_translated_and_then_taken_or_refused(kind: str, fields: dict[str, Any]) -> None:
    said = {"type": kind, "event_id": "e", "session": fields, "item": fields, "response": fields}
    name = {"conversation.item.create": "item", "response.create": "response"}.get(kind, "session")
    said = {key: value for key, value in said.items() if key in ("type", "event_id", name)}
    before = msgspec.json.encode(said)
    try:
        taken = codec.decode_client(msgspec.json.encode(beta.client_event(said)))
        if isinstance(taken, SessionUpdate):
            updated(SESSION, taken.session)
    except ClientError as refused:
        told = {**wire_strategies.wire(error_event(refused)), "event_id": "event_1"}
        check_beta_event(beta.server_events(told)[0])
    assert msgspec.json.encode(said) == before, "the client's event itself was changed"


# --- single facts ---------------------------------------------------------------------------------------------------
def test_session_created_brings_the_conversation_with_it() -> None:
    ga = {"type": "session.created", "event_id": "event_7", "session": wire_strategies.wire(SESSION)}
    first, second = beta.server_events(ga)
    assert (first["type"], first["session"]["modalities"]) == ("session.created", ["text", "audio"])
    assert (second["type"], second["conversation"]["id"]) == ("conversation.created", "conv_1")


@pytest.mark.parametrize(
    ("given_by_client", "param"),
    [
        ({"voice": 5}, "session.voice"),
        ({"output_audio_format": "mp3"}, "session.output_audio_format"),
        ({"modalities": ["smell"]}, "session.modalities"),
        ({"turn_detection": {"type": "server_vad", "threshold": 2}}, "session.turn_detection.threshold"),
        ({"input_audio_transcription": {"speaker": 1}}, "session.input_audio_transcription.speaker"),
        ({"max_response_output_tokens": 5000}, "session.max_response_output_tokens"),
        ({"speed": 9}, "session.speed"),
        ({"nonsense": 1}, "session.nonsense"),
        ({"audio": 3, "voice": "ash"}, "session.audio"),
    ],
)
def test_a_refusal_names_the_field_as_the_client_wrote_it(given_by_client: dict[str, Any], param: str) -> None:
    with pytest.raises(ClientError) as refused:
        updated(SESSION, beta.session_to_ga(given_by_client))
    told = wire_strategies.wire(error_event(refused.value, "e1"))
    (shown,) = beta.server_events({**told, "event_id": "event_1"})
    assert shown["error"]["param"].split("[")[0] == param
    assert param in shown["error"]["message"]
    assert "audio." not in shown["error"]["message"]
    assert shown["error"]["event_id"] == "e1"


def test_detection_none_of_the_first_previews_turns_it_off() -> None:
    effective = updated(SESSION, beta.session_to_ga({"turn_detection": {"type": "none"}}))
    assert effective.audio.input.turn_detection is None


def test_an_update_of_one_half_leaves_the_other() -> None:
    first = updated(SESSION, beta.session_to_ga({"voice": "ash", "input_audio_format": "g711_ulaw"}))
    second = updated(first, beta.session_to_ga({"speed": 1.2}))
    shown = beta.session_to_beta(wire_strategies.wire(SessionUpdated(session=second).session))
    assert (shown["voice"], shown["speed"], shown["input_audio_format"]) == ("ash", 1.2, "g711_ulaw")


def test_a_transcription_session_has_its_own_names() -> None:
    shown = {"id": "sess_1", "object": "realtime.transcription_session", "type": "transcription", "expires_at": 1}
    hearing = wire_strategies.wire(SESSION.audio.input)
    told = beta.server_events(
        {"type": "session.created", "event_id": "e", "session": {**shown, "include": None, "audio": {"input": hearing}}}
    )
    assert [one["type"] for one in told] == ["transcription_session.created"]
    assert told[0]["session"]["input_audio_format"] == "pcm16"
    assert "voice" not in told[0]["session"]
