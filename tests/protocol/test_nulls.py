"""A null in an optional field is as good as leaving the field out, unless null is one of its values."""

from __future__ import annotations

import json
import types
from collections.abc import Iterator
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import wire_strategies
from vasi.errors import ClientError
from vasi.protocol import beta
from vasi.protocol.client_events import ClientEvent, ResponseCreate, ResponseParams, SessionUpdate
from vasi.protocol.codec import decode_client
from vasi.protocol.session import Session, TranscriptionSession, updated

EVENTS: dict[str, Any] = {event.__struct_config__.tag: event for event in get_args(ClientEvent)}
SESSION = Session(id="sess_1", model="m", expires_at=0, instructions="Be brief.")
TUNED = updated(
    SESSION,
    {
        "tools": [{"type": "function", "name": "look", "description": "Look."}],
        "tracing": {"workflow_name": "one"},
        "reasoning": {"effort": "low"},
        "audio": {
            "input": {
                "transcription": {"model": "m", "language": "en", "keywords": ["vasi"]},
                "noise_reduction": {"type": "near_field"},
                "turn_detection": {"type": "server_vad", "threshold": 0.7, "idle_timeout_ms": 6000},
            },
            "output": {"voice": "verse", "speed": 1.2},
        },
    },
)


def hints(struct: type[msgspec.Struct]) -> dict[str, Any]:
    """The annotations of a struct: read here in another way than the code does."""
    return get_type_hints(struct, include_extras=False)


def kinds(annotation: Any) -> Iterator[Any]:
    """The members of a union, unwrapped."""
    if get_origin(annotation) is Annotated:
        yield from kinds(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, types.UnionType):
        for one in get_args(annotation):
            yield from kinds(one)
    else:
        yield annotation


def structs(annotation: Any) -> list[Any]:
    """The structs that a value may be, or a list's members."""
    found: list[Any] = []
    for kind in kinds(annotation):
        if get_origin(kind) is list:
            found += structs(get_args(kind)[0])
        elif isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            found.append(kind)
    return found


def optional(struct: type[msgspec.Struct]) -> dict[str, Any]:
    """Fields that may be left out -> their annotations."""
    required = {field.name for field in msgspec.structs.fields(struct) if field.required}
    return {name: hint for name, hint in hints(struct).items() if name not in required and not name.startswith("_")}


def fields_that_have_no_null(value: Any, candidates: list[Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Every optional field of an object on the wire, and of those in it, in which a null says nothing."""
    if isinstance(value, list):
        for each in value:
            yield from fields_that_have_no_null(each, candidates)
    if not isinstance(value, dict):
        return
    fitting = [one for one in candidates if one.__struct_config__.tag in (None, value.get("type"))]
    if len(fitting) != 1:
        return
    for name, hint in optional(fitting[0]).items():
        if type(None) not in kinds(hint):
            yield value, name
    for name, hint in hints(fitting[0]).items():
        yield from fields_that_have_no_null(value.get(name), structs(hint))


@pytest.mark.parametrize("kind", EVENTS)
def test_nulls_in_any_optional_fields_of_any_event_are_as_good_as_nothing(kind: str) -> None:
    @settings(max_examples=60, deadline=None, database=None)
    @given(wire_strategies.of(EVENTS[kind]), st.data())
    def check(event: Any, data: st.DataObject) -> None:
        if isinstance(event, SessionUpdate):
            event = msgspec.structs.replace(event, session={})
        tree = json.loads(msgspec.json.encode(event))
        places = list(fields_that_have_no_null(tree, [EVENTS[kind]]))
        assert "event_id" in [name for _, name in places]
        chosen = data.draw(
            st.lists(st.sampled_from(places), min_size=1, unique_by=lambda place: (id(place[0]), place[1]))
        )
        for place, name in chosen:
            place.pop(name, None)
        try:
            without: Any = decode_client(json.dumps(tree))
        except ClientError as error:
            without = str(error)
        for place, name in chosen:
            place[name] = None
        try:
            found: Any = decode_client(json.dumps(tree))
        except ClientError as error:
            found = str(error)
        assert found == without

    check()


def paths(struct: type[msgspec.Struct], prefix: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Every field of a struct and of those in it, and whether null is one of its values."""
    for name, hint in hints(struct).items():
        yield (*prefix, name), type(None) in kinds(hint)
        for inner in structs(hint):
            if get_origin(hint) is not list and name not in ("tools", "tool_choice", "truncation", "tracing", "prompt"):
                yield from paths(inner, (*prefix, name))


PATHS = dict(sorted((path, off) for path, off in paths(Session)))


def test_the_paths_are_those_of_the_whole_session() -> None:
    assert len(PATHS) > 30
    assert not PATHS[("audio", "input", "transcription", "language")]
    assert PATHS[("audio", "input", "turn_detection")]


@pytest.mark.parametrize("path", PATHS, ids=".".join)
def test_an_update_with_a_null_turns_off_what_can_be_off_and_leaves_the_rest_alone(path: tuple[str, ...]) -> None:
    patch: Any = None
    for name in reversed(path):
        patch = {name: patch}
    event = decode_client(json.dumps({"type": "session.update", "session": patch}))
    assert isinstance(event, SessionUpdate)
    after = updated(TUNED, event.session)
    if not PATHS[path]:
        assert after == TUNED
        return
    value: Any = after
    for name in path:
        value = getattr(value, name)
    assert value is None


@pytest.mark.parametrize("path", PATHS, ids=".".join)
def test_a_session_that_only_listens_is_updated_in_the_same_way(path: tuple[str, ...]) -> None:
    if path[:2] != ("audio", "input") or len(path) < 3:
        return
    before = TranscriptionSession(id="s", expires_at=0)
    event = decode_client(json.dumps({"type": "session.update", "session": {"audio": {"input": {path[2]: None}}}}))
    assert isinstance(event, SessionUpdate)
    after = updated(before, event.session)
    assert (getattr(after.audio.input, path[2]) is None) == PATHS[path[:3]]


def test_livekit_asks_for_a_response_with_instructions_that_are_null() -> None:
    response = {"instructions": None, "metadata": {"client_event_id": "response_create_1"}}
    event = decode_client(json.dumps({"type": "response.create", "event_id": "e", "response": response}))
    assert event == ResponseCreate(event_id="e", response=ResponseParams(metadata=response["metadata"]))


def test_parts_may_carry_the_null_fields_of_other_parts() -> None:
    part = {"type": "input_text", "text": "Hi.", "audio": None, "transcript": None, "image_url": None, "detail": None}
    item = {"type": "message", "role": "user", "content": [part], "status": None, "call_id": None, "arguments": None}
    event: Any = decode_client(json.dumps({"type": "conversation.item.create", "item": item}))
    assert event.item.content[0].text == "Hi."


@pytest.mark.parametrize(
    ("event", "param"),
    [
        ({"type": "conversation.item.delete", "item_id": None}, "item_id"),
        ({"type": "session.update", "session": None}, "session"),
        ({"type": "conversation.item.create", "item": None}, "item"),
        ({"type": "conversation.item.create", "item": {"type": "message", "role": None, "content": []}}, "item.role"),
        (
            {"type": "response.create", "event_id": None, "response": {"max_output_tokens": 0}},
            "response.max_output_tokens",
        ),
    ],
)
def test_the_null_of_a_required_field_is_refused_by_name_and_so_is_what_else_is_wrong(event: Any, param: str) -> None:
    with pytest.raises(ClientError) as refused:
        decode_client(json.dumps(event))
    assert refused.value.param == param


def test_beta_clients_may_send_nulls_as_well() -> None:
    session = {
        **dict.fromkeys(beta.SESSION_FIELDS),
        **dict.fromkeys(("instructions", "tools", "tool_choice", "temperature", "model", "id", "object")),
    }
    event: Any = decode_client(json.dumps(beta.client_event({"type": "session.update", "session": session})))
    after = updated(TUNED, event.session)
    hearing = msgspec.structs.replace(TUNED.audio.input, turn_detection=None, transcription=None, noise_reduction=None)
    assert after == msgspec.structs.replace(TUNED, audio=msgspec.structs.replace(TUNED.audio, input=hearing))
    asked = {"type": "response.create", "response": dict.fromkeys([*beta.RESPONSE_FIELDS, "instructions", "tools"])}
    event = decode_client(json.dumps(beta.client_event(asked)))
    assert event.response.instructions is msgspec.UNSET
    assert event.response.output_modalities is msgspec.UNSET
