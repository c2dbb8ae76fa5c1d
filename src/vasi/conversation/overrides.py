"""What holds for one response: its session, with what the ``response.create`` says otherwise."""

from __future__ import annotations

from msgspec import UNSET

from vasi.conversation.response import ResponseSettings
from vasi.errors import ClientError
from vasi.protocol.client_events import ResponseParams
from vasi.protocol.session import Session, ToolChoiceFunction, VoiceId, function_choice, functions_of


def settings_of(session: Session, params: ResponseParams) -> ResponseSettings:
    """The session with what ``params`` override.

    Raises:
        ClientError: they insist on a tool that there isn't. A session that does is as good as "auto".
    """
    output = session.audio.output
    override = params.audio.output if params.audio is not UNSET else UNSET
    voice_format = output.format if override is UNSET or override.format is UNSET else override.format
    voice = output.voice if override is UNSET or override.voice is UNSET else override.voice
    if isinstance(voice, VoiceId):
        voice = voice.id
    modalities = session.output_modalities if params.output_modalities is UNSET else params.output_modalities
    tools = functions_of(session.tools if params.tools is UNSET else params.tools)
    choice = function_choice(session.tool_choice if params.tool_choice is UNSET else params.tool_choice)
    if isinstance(choice, ToolChoiceFunction) and choice.name not in {tool.name for tool in tools}:
        if choice is params.tool_choice:
            text = f"There is no tool named '{choice.name}' that the model could be made to call."
            raise ClientError(text, param="response.tool_choice")
        choice = "auto"
    reasoning = params.reasoning or session.reasoning
    effort = reasoning.effort if reasoning else UNSET
    parallel = session.parallel_tool_calls if params.parallel_tool_calls is UNSET else params.parallel_tool_calls
    most = session.max_output_tokens if params.max_output_tokens is UNSET else params.max_output_tokens
    return ResponseSettings(
        instructions=session.instructions if params.instructions is UNSET else params.instructions,
        tools=tools,
        tool_choice=choice,
        modality=modalities[0],
        max_output_tokens=most,
        format=voice_format,
        voice=voice,
        speed=output.speed,
        metadata=None if params.metadata is UNSET else params.metadata,
        truncation=session.truncation,
        reasoning_effort=None if effort is UNSET else effort,
        parallel_tool_calls=None if parallel is UNSET else parallel,
    )
