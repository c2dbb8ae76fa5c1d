"""What holds for every session of a server."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from vasi.gateway.prompts import Prompts

MODEL = "vasi"
"""What a session calls its model unless somebody else named one."""


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """What holds for every session of a server.

    Attributes:
        instructions: the server's prompt.
        model: the name that a session shows, unless the client asked for one.
        voice: the voice that it begins with.
        speed: how fast it speaks; 1 is normal.
        tool_timeout_s: how long one call of a tool may take.
        session_s: how long a session may last.
        idle_s: how long its client may do and say nothing.
        lead_ms: how far audio may run ahead of playout; None for no limit.
        response_overrides: ``response.create`` may bring instructions, tools, a voice and limits of its own.
        output_tokens: the most tokens of one response; None for no limit.
        prompts: those that clients may name.
    """

    instructions: str
    model: str = MODEL
    voice: str = "alloy"
    speed: float = 1.0
    tool_timeout_s: float = 10.0
    session_s: int = 3600
    idle_s: float = math.inf
    lead_ms: int | None = 1000
    response_overrides: bool = True
    output_tokens: int | None = None
    prompts: Prompts = field(default_factory=Prompts)
