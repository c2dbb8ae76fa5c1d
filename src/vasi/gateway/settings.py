"""What holds for every session of a server."""

from __future__ import annotations

from dataclasses import dataclass

from vasi.gateway.prompts import Prompts


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """What holds for every session of a server.

    Attributes:
        instructions: the server's prompt.
        model: the name that a session shows, unless the client asked for one.
        voice: the voice that it begins with.
        speed: the speech rate; 1 is normal.
        tool_timeout_s: how long one call of a tool may take.
        session_s: how long a session may last.
        idle_s: how long its client may stay without activity.
        response_overrides: ``response.create`` may bring instructions, tools, a voice and limits of its own.
        output_tokens: the most tokens of one response; None for no limit.
        prompts: those that clients may name.
        consent: a change waits for the user's word once the model has read what others wrote; False for a model that
            no text can lead.
        interprets: there is a model that can translate.
    """

    instructions: str
    model: str
    voice: str
    speed: float
    tool_timeout_s: float
    session_s: int
    idle_s: float
    response_overrides: bool
    output_tokens: int | None
    prompts: Prompts
    consent: bool = True
    interprets: bool = True
