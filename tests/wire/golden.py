"""The golden sequences: for each flow of the Realtime API what a client does, and the types that it gets, in order.

A pattern is a list of types; ``a|b`` is either, and a last ``+``, ``*`` or ``?`` says how often. It is written in GA,
and the beta dialect follows from it by ``BETA``: the words of this module, not the tables of the server.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, TypeAlias

from vasi.engines.ports import ToolCall
from vasi.testing.llm import Part, Reply

Step: TypeAlias = dict[str, Any] | int | str
"""An event to send; milliseconds of speech (or, below 0, of silence) to say; a type to wait for."""

TEXT = {"type": "session.update", "session": {"type": "realtime", "output_modalities": ["text"]}}
ASK: dict[str, Any] = {"type": "response.create"}
BELL = {"type": "function", "name": "ring_bell", "parameters": {"type": "object", "properties": {}}}
LAMP = {**BELL, "name": "light_lamp"}


def heard(**audio_input: Any) -> dict[str, Any]:
    return {"type": "session.update", "session": {"type": "realtime", "audio": {"input": audio_input}}}


def user(text: str, **place: Any) -> dict[str, Any]:
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
    return {"type": "conversation.item.create", "item": {**item, **place}}


def with_tools(*tools: dict[str, Any]) -> dict[str, Any]:
    return {"type": "session.update", "session": {"type": "realtime", "output_modalities": ["text"], "tools": [*tools]}}


def output_of(call_id: str) -> dict[str, Any]:
    return {
        "type": "conversation.item.create",
        "item": {"type": "function_call_output", "call_id": call_id, "output": "done"},
    }


# --- the patterns ---------------------------------------------------------------------------------------------------
ITEM = "conversation.item.added conversation.item.done"
OPENED = "response.output_item.added conversation.item.added response.content_part.added"
CLOSED = "response.content_part.done response.output_item.done conversation.item.done"
ENDED = "response.done rate_limits.updated"
WRITTEN = f"{OPENED} response.output_text.delta+ response.output_text.done {CLOSED}"
SPEAKING = f"{OPENED} response.output_audio_transcript.delta|response.output_audio.delta+"
SPOKEN = f"{SPEAKING} response.output_audio.done response.output_audio_transcript.done {CLOSED}"
CALL = (
    "response.output_item.added conversation.item.added response.function_call_arguments.delta+ "
    "response.function_call_arguments.done response.output_item.done conversation.item.done"
)
COMMITTED = f"input_audio_buffer.committed {ITEM}"
TURN = f"input_audio_buffer.speech_started input_audio_buffer.speech_stopped {COMMITTED}"
ASIDE = "response.output_item.added response.content_part.added"


def answered(*parts: str) -> str:
    return " ".join(("response.created", *parts, ENDED))


BETA = {
    "conversation.item.added": "conversation.item.created",
    "conversation.item.done": None,
    "input_audio_buffer.timeout_triggered": None,
    "response.output_text.delta": "response.text.delta",
    "response.output_text.done": "response.text.done",
    "response.output_audio.delta": "response.audio.delta",
    "response.output_audio.done": "response.audio.done",
    "response.output_audio_transcript.delta": "response.audio_transcript.delta",
    "response.output_audio_transcript.done": "response.audio_transcript.done",
}
"""What a type is called in beta; None: it isn't sent there."""
TRANSCRIPTION = "conversation.item.input_audio_transcription."
"""These may come at any time after the turn."""


@dataclass(frozen=True)
class Flow:
    """One flow.

    Attributes:
        name: what it shows.
        steps: what the client does.
        pattern: what it gets after ``session.created``, transcription aside.
        script: the model's answers.
        said: what is heard in each spoken turn.
        transcripts: what comes of transcription, in order.
        errors: codes of the errors in it.
        listening: the session only listens.
    """

    name: str
    steps: tuple[Step, ...]
    pattern: str
    script: tuple[Reply | Part, ...] = ()
    said: tuple[str, ...] = ()
    transcripts: str = ""
    errors: tuple[str, ...] = ()
    listening: bool = False


LONG = "The lake is eighty three metres deep in the middle, and much shallower at its southern end."
DONE = "response.done"
PNG = "data:image/png;base64,iVBORw0KGgoAAAAN"

FLOWS = (
    Flow("connect", (), ""),
    Flow("update", (heard(noise_reduction={"type": "near_field"}), "session.updated"), "session.updated"),
    Flow("text turn", (TEXT, user("hello"), ASK, DONE), f"session.updated {ITEM} {answered(WRITTEN)}", ("Hi there.",)),
    Flow("audio out", (user("hello"), ASK, DONE), f"{ITEM} {answered(SPOKEN)}", ("Hi there.",)),
    Flow("an answer without a word", (TEXT, ASK, DONE), f"session.updated {answered()}", (Reply(),)),
    Flow("VAD turn", (600, -900, DONE), f"{TURN} {answered(SPOKEN)}", ("Hi there.",), ("good morning",)),
    Flow(
        "VAD turn with transcription",
        (heard(transcription={"model": "whisper-1"}), 600, -900, DONE, TRANSCRIPTION + "completed"),
        f"session.updated {TURN} {answered(SPOKEN)}",
        ("Hi there.",),
        ("good morning",),
        f"{TRANSCRIPTION}delta+ {TRANSCRIPTION}completed",
    ),
    Flow(
        "VAD turn that nobody is to answer",
        (
            heard(turn_detection={"type": "server_vad", "create_response": False}),
            600,
            -900,
            "input_audio_buffer.committed",
        ),
        f"session.updated {TURN}",
        said=("good morning",),
    ),
    Flow(
        "manual commit",
        (heard(turn_detection=None), 600, {"type": "input_audio_buffer.commit"}, ASK, DONE),
        f"session.updated {COMMITTED} {answered(SPOKEN)}",
        ("Hi there.",),
        ("good morning",),
    ),
    Flow(
        "clear",
        (heard(turn_detection=None), 600, {"type": "input_audio_buffer.clear"}, "input_audio_buffer.cleared"),
        "session.updated input_audio_buffer.cleared",
    ),
    Flow(
        "function call",
        (with_tools(BELL), user("ring"), ASK, DONE, output_of("c1"), ASK, DONE),
        f"session.updated {ITEM} {answered(CALL)} {ITEM} {answered(WRITTEN)}",
        (ToolCall("c1", "ring_bell", '{"times": 2}'), "It rang."),
    ),
    Flow(
        "parallel calls after a word",
        (with_tools(BELL, LAMP), user("both"), ASK, DONE, output_of("c1"), output_of("c2"), ASK, DONE),
        f"session.updated {ITEM} response.created {OPENED} response.output_text.delta+ {CALL} {CALL} "
        f"response.output_text.done {CLOSED} {ENDED} {ITEM} {ITEM} {answered(WRITTEN)}",
        (
            Reply("One moment.", ToolCall("c1", "ring_bell", "{}"), ToolCall("c2", "light_lamp", "{}")),
            "Both are done.",
        ),
    ),
    Flow(
        "the server's own tool",
        (TEXT, user("how deep"), ASK, DONE),
        f"session.updated {ITEM} {answered(WRITTEN)}",
        (ToolCall("c1", "lake_depth", "{}"), "83 metres."),
    ),
    Flow(
        "tools of both sides",
        (with_tools(BELL), user("both"), ASK, DONE, output_of("c2"), ASK, DONE),
        f"session.updated {ITEM} {answered(CALL)} {ITEM} {answered(WRITTEN)}",
        (Reply(ToolCall("c1", "lake_depth", "{}"), ToolCall("c2", "ring_bell", "{}")), "83 metres, and it rang."),
    ),
    Flow(
        "cancel",
        (user("count"), ASK, "response.output_audio.delta", {"type": "response.cancel"}, DONE),
        f"{ITEM} {answered(SPOKEN)}",
        (Reply(LONG),),
    ),
    Flow(
        "barge-in and truncate",
        (
            *(user("tell me"), ASK, "response.output_audio.delta", 1000, DONE),
            {"type": "conversation.item.truncate", "item_id": "", "content_index": 0, "audio_end_ms": 200},
            *("conversation.item.truncated", -900, DONE),
        ),
        f"{ITEM} response.created {SPEAKING} input_audio_buffer.speech_started response.output_audio.done "
        f"response.output_audio_transcript.done {CLOSED} {ENDED} conversation.item.truncated "
        f"input_audio_buffer.speech_stopped {COMMITTED} {answered(SPOKEN)}",
        (Reply(LONG), "Alright."),
        ("stop please",),
    ),
    Flow(
        "out of band",
        (
            user("hello"),
            {**ASK, "response": {"conversation": "none", "output_modalities": ["text"], "metadata": {"topic": "a"}}},
            DONE,
        ),
        f"{ITEM} response.created {ASIDE} response.output_text.delta+ response.output_text.done "
        f"response.content_part.done response.output_item.done {ENDED}",
        ("A greeting.",),
    ),
    Flow(
        "context truncation disabled",
        (
            {"type": "session.update", "session": {"type": "realtime", "truncation": "disabled"}},
            user("word " * 40_000),
            ASK,
            DONE,
        ),
        f"session.updated {ITEM} {answered()}",
    ),
    Flow(
        "context truncation",
        (TEXT, user("word " * 20_000), user("word " * 20_000), ASK, DONE),
        f"session.updated {ITEM} {ITEM} {answered(WRITTEN)}",
        ("Alright.",),
    ),
    Flow(
        "a picture",
        (
            TEXT,
            {
                "type": "conversation.item.create",
                "item": {"type": "message", "role": "user", "content": [{"type": "input_image", "image_url": PNG}]},
            },
            ASK,
            DONE,
        ),
        f"session.updated {ITEM} {answered(WRITTEN)}",
        ("A dot.",),
    ),
    Flow(
        "items come, are shown and go",
        (
            user("one", id="item_one"),
            {"type": "conversation.item.retrieve", "item_id": "item_one"},
            {"type": "conversation.item.delete", "item_id": "item_one"},
            "conversation.item.deleted",
        ),
        f"{ITEM} conversation.item.retrieved conversation.item.deleted",
    ),
    Flow(
        "a transcription session",
        (
            {
                "type": "session.update",
                "session": {"type": "transcription", "audio": {"input": {"noise_reduction": {"type": "far_field"}}}},
            },
            600,
            -900,
            TRANSCRIPTION + "completed",
            ASK,
            "error",
        ),
        f"session.updated {TURN} error",
        said=("good morning",),
        errors=("invalid_value",),
        transcripts=f"{TRANSCRIPTION}delta+ {TRANSCRIPTION}completed",
        listening=True,
    ),
    Flow(
        "errors",
        (
            {"type": "no.such.event"},
            "error",
            {"type": "input_audio_buffer.commit"},
            "error",
            {"type": "response.cancel"},
            "error",
            {"type": "conversation.item.delete", "item_id": "item_none"},
            "error",
            TEXT,
            user("hello"),
            ASK,
            DONE,
        ),
        f"error error error error session.updated {ITEM} {answered(WRITTEN)}",
        ("Hi there.",),
        errors=(
            *("invalid_value", "input_audio_buffer_commit_empty", "response_cancel_not_active"),
            "item_delete_invalid_item_id",
        ),
    ),
    Flow(
        "idle timeout",
        (
            heard(turn_detection={"type": "server_vad", "idle_timeout_ms": 5000}),
            {**ASK, "response": {"output_modalities": ["text"]}},
            DONE,
            "input_audio_buffer.committed",
            DONE,
        ),
        f"session.updated {answered(WRITTEN)} input_audio_buffer.timeout_triggered {COMMITTED} {answered(SPOKEN)}",
        ("Hi there.", "Still there?"),
    ),
)


def expression(pattern: str, *, beta: bool = False) -> re.Pattern[str]:
    """The regular expression over ``"type type ... "``."""
    result = ""
    for token in pattern.split():
        names, often = (token[:-1], token[-1]) if token[-1] in "+*?" else (token, "")
        known = [BETA.get(name, name) if beta else name for name in names.split("|")]
        kept = "|".join(re.escape(name) for name in known if name is not None)
        result += f"(?:(?:{kept}) ){often}" if kept else ""
    return re.compile(result)
