"""The policy that a session begins with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vasi.errors import ClientError
from vasi.gateway.policy import Policy
from vasi.gateway.settings import GatewaySettings
from vasi.protocol.session import AnySession, AudioOutput, Session, SessionAudio, TranscriptionSession
from vasi.protocol.translation import TRANSLATION, realtime_config, translation_param
from vasi.tools.registry import Registry

MODEL = "vasi"
"""What a session calls its model unless somebody else named one."""
MAX_MODEL_CHARACTERS = 256
"""Characters of the model's name that a client may ask for."""


def first_policy(
    settings: GatewaySettings,
    tools: Registry,
    initial: Mapping[str, Any],
    *,
    seed: str = "",
    expires_at: int = 0,
    plays: bool = False,
) -> Policy:
    """The policy, and with it the client's view, that a session begins with.

    Args:
        settings: what holds for every session.
        tools: what the server holds.
        initial: what the client configured before it connected; its ``model`` is the name that the session shows.
        seed: goes into the session's id.
        expires_at: when the session ends, in unix seconds.
        plays: the client's link plays the answers itself.

    Raises:
        ClientError: ``initial`` is wrong.
    """
    kind = initial.get("type", "realtime")
    if kind == TRANSLATION:
        try:
            config = realtime_config(initial)
            return first_policy(settings, tools, config, seed=seed, expires_at=expires_at, plays=plays)
        except ClientError as error:
            raise ClientError(error.message, code=error.code, param=translation_param(error.param)) from None
    model = initial.get("model") or settings.model
    if not isinstance(model, str) or len(model) > MAX_MODEL_CHARACTERS:
        text = f"'session.model' is a name of at most {MAX_MODEL_CHARACTERS} characters."
        raise ClientError(text, param="session.model")
    view: AnySession
    match kind:
        case "realtime":
            spoken = SessionAudio(output=AudioOutput(voice=settings.voice, speed=settings.speed))
            view = Session(id=f"sess_{seed}", model=model, expires_at=expires_at, audio=spoken)
        case "transcription":
            view = TranscriptionSession(id=f"sess_{seed}", expires_at=expires_at)
        case _:
            text = (
                f"Sessions of type {str(kind)[:40]!r} aren't served; use 'realtime', 'transcription' or 'translation'."
            )
            raise ClientError(text, param="session.type")
    return Policy(
        view,
        settings.instructions,
        tools,
        initial,
        overrides=settings.response_overrides,
        output_tokens=settings.output_tokens,
        prompts=settings.prompts,
        interprets=settings.interprets,
        plays=plays,
    )
