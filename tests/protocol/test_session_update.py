"""What an update of the session changes, and what it leaves alone."""

import copy
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vasi.errors import ClientError
from vasi.protocol.session import Session, bytes_per_ms, updated

FRESH = Session(id="sess_1", model="vasi", expires_at=1_767_233_035)
LOOK = {"type": "function", "name": "look", "description": "Look.", "parameters": {"type": "object"}}


def shown(session):
    return json.loads(msgspec.json.encode(session))


def after(*patches):
    session = FRESH
    for patch in patches:
        session = updated(session, patch)
    return shown(session)


def refusal(patch, session=FRESH):
    with pytest.raises(ClientError) as refused:
        updated(session, patch)
    return refused.value.code, refused.value.param


def test_tracing_keeps_its_first_name_until_it_is_cleared():
    first, second = {"workflow_name": "one"}, {"workflow_name": "two"}
    assert after({"tracing": first}, {"tracing": second, "instructions": "Hi."})["tracing"] == first
    assert after({"tracing": "auto"}, {"tracing": second})["tracing"] == "auto"
    assert after({"tracing": first}, {"tracing": None}, {"tracing": second})["tracing"] == second


def turn_detection(*changes):
    return after(*({"audio": {"input": {"turn_detection": change}}} for change in changes))["audio"]["input"][
        "turn_detection"
    ]


def test_a_fresh_session_is_what_the_api_shows():
    assert shown(FRESH) == {
        "type": "realtime",
        "object": "realtime.session",
        "id": "sess_1",
        "model": "vasi",
        "expires_at": 1_767_233_035,
        "output_modalities": ["audio"],
        "instructions": "",
        "tools": [],
        "tool_choice": "auto",
        "max_output_tokens": "inf",
        "tracing": None,
        "truncation": "auto",
        "prompt": None,
        "include": None,
        "audio": {
            "input": {
                "format": {"type": "audio/pcm", "rate": 24000},
                "transcription": None,
                "noise_reduction": None,
                "turn_detection": {
                    "type": "server_vad",
                    "threshold": 0.5,
                    "prefix_padding_ms": 300,
                    "silence_duration_ms": 500,
                    "idle_timeout_ms": None,
                    "create_response": True,
                    "interrupt_response": True,
                },
            },
            "output": {"format": {"type": "audio/pcm", "rate": 24000}, "voice": "alloy", "speed": 1.0},
        },
    }


# --- merging --------------------------------------------------------------------------------------------------------
def test_only_what_is_named_changes():
    changed = after({"type": "realtime", "instructions": "Be brief."})
    assert changed == {**shown(FRESH), "instructions": "Be brief."}
    assert after({"type": "realtime"}) == after({}) == shown(FRESH)


def test_nested_objects_merge():
    changed = after({"audio": {"output": {"voice": "marin"}}}, {"audio": {"output": {"speed": 1.25}}})
    assert changed["audio"]["output"] == {
        "format": {"type": "audio/pcm", "rate": 24000},
        "voice": "marin",
        "speed": 1.25,
    }
    assert changed["audio"]["input"] == shown(FRESH)["audio"]["input"]
    assert turn_detection({"threshold": 0.8})["silence_duration_ms"] == 500
    assert turn_detection({"type": "server_vad", "threshold": 0.8}, {"silence_duration_ms": 200}) == {
        **shown(FRESH)["audio"]["input"]["turn_detection"],
        "threshold": 0.8,
        "silence_duration_ms": 200,
    }


def test_empty_clears_text_and_tools():
    changed = after({"instructions": "x", "tools": [LOOK]}, {"instructions": "", "tools": []})
    assert (changed["instructions"], changed["tools"]) == ("", [])


def test_null_clears_what_can_be_absent():
    on = {"transcription": {"model": "m", "language": "en"}, "noise_reduction": {"type": "near_field"}}
    off = {"transcription": None, "noise_reduction": None, "turn_detection": None}
    changed = after({"tracing": "auto", "audio": {"input": on}}, {"tracing": None, "audio": {"input": off}})
    assert changed["tracing"] is None
    assert {name: changed["audio"]["input"][name] for name in off} == off


def test_a_voice_of_one_s_own_is_shown_by_its_id():
    changed = after({"audio": {"output": {"voice": {"id": "voice_1"}, "speed": 1.25}}})["audio"]["output"]
    assert (changed["voice"], changed["speed"]) == ("voice_1", 1.25)


def test_turn_detection_of_another_type_takes_that_type_s_defaults():
    assert turn_detection({"threshold": 0.9, "interrupt_response": False}, {"type": "semantic_vad"}) == {
        "type": "semantic_vad",
        "eagerness": "auto",
        "create_response": True,
        "interrupt_response": True,
    }
    assert (
        turn_detection({"type": "semantic_vad", "eagerness": "low"}, {"create_response": False})["eagerness"] == "low"
    )
    assert turn_detection(None, {"type": "server_vad"})["threshold"] == 0.5


def test_a_format_of_another_type_replaces_the_old_one():
    changed = after({"audio": {"input": {"format": {"type": "audio/pcmu"}}}})
    assert changed["audio"]["input"]["format"] == {"type": "audio/pcmu"}
    assert changed["audio"]["output"]["format"] == {"type": "audio/pcm", "rate": 24000}
    back = after(
        {"audio": {"input": {"format": {"type": "audio/pcma"}}}},
        {"audio": {"input": {"format": {"type": "audio/pcm"}}}},
    )
    assert back == shown(FRESH)


def test_tools_are_replaced_as_a_whole():
    other = {"type": "function", "name": "other"}
    assert after({"tools": [LOOK]}, {"tools": [other]})["tools"] == [other]
    assert after({"tools": [LOOK]})["tools"] == [LOOK]


def test_milliseconds_of_audio_by_format():
    patches = [{"audio": {"input": {"format": {"type": kind}}}} for kind in ("audio/pcm", "audio/pcmu", "audio/pcma")]
    sizes = [bytes_per_ms(updated(FRESH, patch).audio.input.format) for patch in patches]
    assert sizes == [48, 8, 8]


# --- what SDKs send as a matter of course ---------------------------------------------------------------------------
def test_the_model_that_sdks_always_send_is_ignored():
    assert after({"type": "realtime", "model": "gpt-realtime-2.1"}) == shown(FRESH)


@pytest.mark.parametrize("mark", ["model_version", "modelVersion"])
def test_version_marks_of_sdks_in_turn_detection_are_ignored(mark):
    patch = {"audio": {"input": {"turn_detection": {"type": "semantic_vad", mark: "v2"}}}}
    before = copy.deepcopy(patch)
    assert after(patch) == after({"audio": {"input": {"turn_detection": {"type": "semantic_vad"}}}})
    assert patch == before


def test_a_tool_choice_may_name_a_function():
    choice = {"type": "function", "name": "look"}
    assert after({"tools": [LOOK], "tool_choice": choice})["tool_choice"] == choice
    assert after({"tool_choice": choice}, {"tool_choice": "none"})["tool_choice"] == "none"


# --- refusals -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("patch", "code", "param"),
    [
        ({"type": "transcription"}, "invalid_value", "session.type"),
        ({"id": "sess_2"}, "invalid_value", "session.id"),
        ({"expires_at": 9}, "invalid_value", "session.expires_at"),
        ({"object": "x"}, "invalid_value", "session.object"),
        ({"voice": "alloy"}, "unknown_parameter", "session.voice"),
        ({"audio": {"input": {"rate": 8}}}, "unknown_parameter", "session.audio.input.rate"),
        ({"output_modalities": []}, "invalid_value", "session.output_modalities"),
        ({"output_modalities": ["video"]}, "invalid_value", None),
        ({"max_output_tokens": 0}, "invalid_value", "session.max_output_tokens"),
        ({"max_output_tokens": 4097}, "invalid_value", "session.max_output_tokens"),
        ({"max_output_tokens": "many"}, "invalid_value", "session.max_output_tokens"),
        ({"instructions": 5}, "invalid_type", "session.instructions"),
        ({"instructions": None}, "invalid_type", "session.instructions"),
        ({"audio": {"output": {"speed": 1.6}}}, "invalid_value", "session.audio.output.speed"),
        ({"audio": {"output": {"speed": 0.2}}}, "invalid_value", "session.audio.output.speed"),
        ({"audio": {"output": {"voice": ""}}}, "invalid_value", "session.audio.output.voice"),
        (
            {"audio": {"input": {"format": {"type": "audio/pcm", "rate": 16000}}}},
            "invalid_value",
            "session.audio.input.format.rate",
        ),
        ({"audio": {"input": {"format": {"type": "audio/mp3"}}}}, "invalid_value", "session.audio.input.format.type"),
        (
            {"audio": {"input": {"turn_detection": {"threshold": 1.1}}}},
            "invalid_value",
            "session.audio.input.turn_detection.threshold",
        ),
        (
            {"audio": {"input": {"turn_detection": {"idle_timeout_ms": 4999}}}},
            "invalid_value",
            "session.audio.input.turn_detection.idle_timeout_ms",
        ),
        (
            {"audio": {"input": {"turn_detection": {"type": "semantic_vad", "threshold": 0.5}}}},
            "unknown_parameter",
            "session.audio.input.turn_detection.threshold",
        ),
        ({"audio": None}, "invalid_type", "session.audio"),
        ({"tools": [LOOK, LOOK]}, "invalid_value", "session.tools"),
        ({"tools": [{"type": "function", "name": "with space"}]}, "invalid_value", "session.tools[0].name"),
        ({"tools": [LOOK, {"type": "function"}]}, "missing_required_parameter", "session.tools[1].name"),
        ({"include": ["vasi.activty"]}, "invalid_value", "session.include[0]"),
        ({"output_modalities": ["text", "audio"]}, "invalid_value", "session.output_modalities"),
        ({"audio": {"output": {"voice": {"id": "v", "x": 1}}}}, "invalid_type", "session.audio.output.voice"),
        (
            {"audio": {"input": {"transcription": {"model": "m" * 257}}}},
            "invalid_value",
            "session.audio.input.transcription.model",
        ),
        (
            {"audio": {"input": {"noise_reduction": {"type": "near_field", "strength": 2}}}},
            "invalid_value",
            "session.audio.input.noise_reduction.strength",
        ),
        ({"prompt": {"version": "1"}}, "missing_required_parameter", "session.prompt.id"),
        ({"truncation": "sometimes"}, "invalid_value", None),
        ({"truncation": {"type": "retention_ratio", "retention_ratio": 2}}, "invalid_value", None),
        ({"truncation": {"type": "retention_ratio"}}, "missing_required_parameter", None),
        ({"tool_choice": "sometimes"}, "invalid_value", "session.tool_choice"),
    ],
)
def test_a_bad_value_is_refused_by_name(patch, code, param):
    found_code, found_param = refusal(patch)
    assert found_code == code
    assert param is None or found_param == param


def test_an_update_is_taken_as_a_whole_or_not_at_all():
    """The good half of a refused update is refused with it."""
    before = shown(FRESH)
    refusal({"instructions": "new", "audio": {"output": {"voice": "marin", "speed": 9}}})
    assert shown(FRESH) == before


VALUES = (
    st.none() | st.booleans() | st.integers(-1, 5000) | st.floats(allow_nan=False) | st.text(max_size=5) | st.just({})
)
NAMES = [
    *("type", "audio", "input", "output", "format", "rate", "turn_detection", "threshold", "eagerness", "voice"),
    *("transcription", "model", "speed", "instructions", "tools", "tool_choice", "tracing", "include", "prompt"),
    *("truncation", "name", "parameters", "max_output_tokens"),
]
PATCHES = st.recursive(
    VALUES,
    lambda inner: (
        st.dictionaries(
            st.sampled_from(NAMES),
            inner,
            max_size=4,
        )
        | st.lists(inner, max_size=2)
    ),
    max_leaves=8,
).filter(lambda patch: isinstance(patch, dict))


@given(st.lists(PATCHES, max_size=3))
def test_a_session_stays_whole_and_valid_whatever_is_sent(patches):
    session = FRESH
    for patch in patches:
        before, sent = shown(session), copy.deepcopy(patch)
        try:
            session = updated(session, patch)
        except ClientError:
            assert shown(session) == before
        assert patch == sent
        assert msgspec.convert(shown(session), Session) == session
        assert updated(session, {}) == session
