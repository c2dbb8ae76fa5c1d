"""The conversation's items as the messages of a chat model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import UNSET

from vasi.conversation.effects import Generate, Occasion
from vasi.engines.ports import (
    AssistantMessage,
    ChatRequest,
    Image,
    SystemMessage,
    ToolCall,
    ToolMessage,
    ToolSpec,
    UserMessage,
)
from vasi.engines.ports import Message as ChatMessage
from vasi.protocol.items import (
    FunctionCall,
    FunctionCallOutput,
    InputAudio,
    InputImage,
    InputText,
    Item,
    Message,
    OutputAudio,
    OutputText,
)
from vasi.protocol.session import FunctionChoice, ToolChoiceFunction

PROMPTS: Mapping[Occasion, str] = {
    "silence": "(I haven't said anything for a while. Ask me in one short sentence whether I am still there.)",
    "noise": "(That was only a noise, I said nothing. Go on from where you stopped, without a word about it.)",
}
"""What the model is told in the user's name when nobody has spoken."""
NOTHING_SAID = AssistantMessage("")
"""An answer that was cut before a word of it was heard."""
SILENCE = UserMessage("")
"""A turn in which nobody said a word."""


def chat_request(wanted: Generate) -> ChatRequest:
    """What to ask the model for this response; the caller adds the time."""
    messages: list[ChatMessage] = [SystemMessage(wanted.instructions)] if wanted.instructions else []
    messages_so_far = messages_of(wanted.context)
    if wanted.occasion == "noise" and messages_so_far and isinstance(messages_so_far[-1], UserMessage):
        messages_so_far = messages_so_far[:-1]  # what a recogniser made of it
    last = messages_so_far[-1:] if wanted.occasion == "turn" else [UserMessage(PROMPTS[wanted.occasion])]
    messages += [
        message
        for message in (messages_so_far[:-1] if wanted.occasion == "turn" else messages_so_far)
        if message != SILENCE
    ]
    messages += last
    tools = tuple(
        ToolSpec(
            tool.name,
            "" if tool.description is UNSET else tool.description,
            {"type": "object", "properties": {}} if tool.parameters is UNSET else tool.parameters,
        )
        for tool in wanted.tools
    )
    limit = None if wanted.max_output_tokens == "inf" else wanted.max_output_tokens
    return ChatRequest(
        tuple(messages),
        tools,
        _choice(wanted.tool_choice),
        limit,
        occasion=wanted.occasion,
        reasoning_effort=wanted.reasoning_effort,
        parallel_tool_calls=wanted.parallel_tool_calls,
        language=wanted.language,
    )


def messages_of(items: Iterable[Item]) -> list[ChatMessage]:
    """The messages of a conversation, as chat models want them.

    Calls of one answer stand together, and right after them their outputs, even if somebody spoke before those were
    in. Calls without an output and outputs without a call are left out.
    """
    known = list(items)
    outputs: dict[str, str] = {}
    for item in known:
        if isinstance(item, FunctionCallOutput):
            outputs.setdefault(item.call_id, item.output)
    messages: list[ChatMessage] = []
    called: list[str] = []
    """Calls at the end of ``messages`` whose outputs are due."""

    def answer() -> None:
        messages.extend(ToolMessage(call_id, outputs.pop(call_id)) for call_id in called)
        called.clear()

    for item in known:
        match item:
            case Message():
                message = _message(item)
                if message != NOTHING_SAID:
                    answer()
                    messages.append(message)
            case FunctionCall(call_id=str(call_id)) if call_id in outputs and call_id not in called:
                call = ToolCall(call_id, item.name, item.arguments)
                match messages[-1:]:
                    case [AssistantMessage(text, calls)]:
                        messages[-1] = AssistantMessage(text, (*calls, call))
                    case _:
                        messages.append(AssistantMessage("", (call,)))
                called.append(call_id)
            case FunctionCallOutput():
                answer()
            case FunctionCall():
                pass
    answer()
    return messages


def _message(item: Message) -> ChatMessage:
    texts: list[str] = []
    images: list[Image] = []
    for part in item.content:
        match part:
            case InputText() | OutputText():
                texts.append(part.text)
            case InputAudio():
                texts.append(part.transcript or "")
            case OutputAudio():
                texts.append("" if part.transcript is UNSET or part.transcript is None else part.transcript)
            case InputImage():
                images.append(Image(part.image_url, "auto" if part.detail is UNSET else part.detail))
    text = "\n".join(piece for piece in texts if piece)
    match item.role:
        case "system":
            return SystemMessage(text)
        case "user":
            return UserMessage(text, tuple(images))
        case "assistant":
            return AssistantMessage(text)


def _choice(choice: FunctionChoice) -> str:
    return choice.name if isinstance(choice, ToolChoiceFunction) else choice
