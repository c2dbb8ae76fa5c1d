"""What a client expects, in the words of the wire."""

import base64

TEXT_ONLY = {"output_modalities": ["text"]}
MANUAL = {"audio": {"input": {"turn_detection": None}}}
TRANSCRIBED = {"audio": {"input": {"transcription": {"model": "any"}}}}

OPENED = [
    "response.created",
    "response.output_item.added",
    "conversation.item.added",
    "response.content_part.added",
]
CLOSED_AUDIO = [
    "response.output_audio.done",
    "response.output_audio_transcript.done",
    "response.content_part.done",
    "response.output_item.done",
    "conversation.item.done",
    "response.done",
]
CLOSED_TEXT = [
    "response.output_text.done",
    "response.content_part.done",
    "response.output_item.done",
    "conversation.item.done",
    "response.done",
]
CREATED_ITEM = ["conversation.item.added", "conversation.item.done"]
COMMITTED = ["input_audio_buffer.committed", *CREATED_ITEM]
TURN = ["input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped", *COMMITTED]
WORD = "response.output_audio_transcript.delta"
SOUND = "response.output_audio.delta"


def kinds(events):
    return [event["type"] for event in events]


def assert_order(events, *expected):
    """The events are exactly these, in this order."""
    wanted = [kind for part in expected for kind in (part if isinstance(part, list) else [part])]
    assert kinds(events) == wanted


def assert_error(events, code, param=None):
    """One error and nothing else."""
    assert_order(events, "error")
    error = events[0]["error"]
    assert (error["type"], error["code"], error["param"]) == ("invalid_request_error", code, param)


def one(events, kind):
    found = [event for event in events if event["type"] == kind]
    assert len(found) == 1, f"{len(found)} events of type {kind}"
    return found[0]


def done(events):
    return one(events, "response.done")["response"]


def assert_ended(events, status, reason=None):
    """The response ended that way, once."""
    response = done(events)
    details = response["status_details"] or {}
    assert (response["status"], details.get("reason")) == (status, reason)


def spoken(events):
    """The id of the assistant's item."""
    return one(events, "response.content_part.added")["item_id"]


def retrieved(driver, item_id):
    return driver.says("conversation.item.retrieve", item_id=item_id)[0]["item"]


def heard_bytes(driver, item_id):
    return len(base64.b64decode(retrieved(driver, item_id)["content"][0].get("audio", "")))
