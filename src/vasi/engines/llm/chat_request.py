"""A ``ChatRequest`` as the JSON body of ``/chat/completions``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from vasi.engines.ports import (
    AssistantMessage,
    ChatRequest,
    Message,
    SystemMessage,
    ToolCall,
    ToolMessage,
    ToolSpec,
    UserMessage,
)
from vasi.language.dates import spoken_date, spoken_time
from vasi.language.names import language_name


def chat_messages(
    messages: Sequence[Message], now: datetime | None, language: str | None = None
) -> list[dict[str, Any]]:
    """The messages in the order that every server takes them.

    The system messages that lead are one, with the present time and the user's language at its end. Outputs stand right
    behind the calls that they belong to; calls without an output and outputs without a call (cut off by a barge-in) are
    left out, since services refuse a conversation that holds them.
    """
    outputs = {message.call_id: message.output for message in messages if isinstance(message, ToolMessage)}
    leading = 0
    while leading < len(messages) and isinstance(messages[leading], SystemMessage):
        leading += 1
    texts = [message.text for message in messages[:leading] if isinstance(message, SystemMessage)]
    if now is not None:
        texts.append(f"For the user it is {spoken_date(now)}, {spoken_time(now)}.")
    if language not in (None, "en") and (name := language_name(language)):
        texts.append(f"The user speaks {name}.")
    system = "\n\n".join(text for text in texts if text.strip())
    written: list[dict[str, Any]] = [{"role": "system", "content": system}] if system else []
    for message in messages[leading:]:
        match message:
            case SystemMessage():
                written.append({"role": "system", "content": message.text})
            case UserMessage():
                written.append({"role": "user", "content": _user_content(message)})
            case AssistantMessage():
                calls = [call for call in message.tool_calls if call.call_id in outputs]
                if message.text or calls:
                    written.append(_assistant(message.text, calls))
                written.extend(
                    {"role": "tool", "tool_call_id": call.call_id, "content": outputs[call.call_id]} for call in calls
                )
            case ToolMessage():
                pass
    return written


def _user_content(message: UserMessage) -> str | list[dict[str, Any]]:
    if not message.images:
        return message.text
    parts: list[dict[str, Any]] = [{"type": "text", "text": message.text}] if message.text else []
    return parts + [
        {"type": "image_url", "image_url": {"url": image.uri, "detail": image.detail}} for image in message.images
    ]


def _assistant(text: str, calls: Sequence[ToolCall]) -> dict[str, Any]:
    written: dict[str, Any] = {"role": "assistant", "content": text or None}
    if calls:
        written["tool_calls"] = [
            {
                "id": call.call_id,
                "type": "function",
                "function": {"name": call.name, "arguments": _sound(call.arguments)},
            }
            for call in calls
        ]
    return written


def _sound(arguments: str) -> str:
    """Servers that parse the arguments of earlier calls fail on what a model wrote badly."""
    try:
        return arguments if isinstance(json.loads(arguments), dict) else "{}"
    except (ValueError, RecursionError):
        return "{}"


def chat_tools(request: ChatRequest) -> dict[str, Any]:
    """The ``tools`` and ``tool_choice`` fields; nothing where there are no tools."""
    if not request.tools:
        return {}
    fields: dict[str, Any] = {"tools": [_tool(tool) for tool in request.tools]}
    match request.tool_choice:
        case "auto":
            pass
        case "none" | "required":
            fields["tool_choice"] = request.tool_choice
        case name:
            fields["tool_choice"] = {"type": "function", "function": {"name": name}}
    return fields


def chat_options(request: ChatRequest) -> dict[str, Any]:
    """The fields that only some servers take; those that nobody asked for are left out."""
    options: dict[str, Any] = {}
    if request.reasoning_effort is not None:
        options["reasoning_effort"] = request.reasoning_effort
    if request.parallel_tool_calls is not None and request.tools:
        options["parallel_tool_calls"] = request.parallel_tool_calls
    return options


def _tool(tool: ToolSpec) -> dict[str, Any]:
    parameters: Mapping[str, Any] = tool.parameters or {"type": "object", "properties": {}}
    return {
        "type": "function",
        "function": {"name": tool.name, "description": tool.description, "parameters": dict(parameters)},
    }
