"""The settings as each package takes them: one frozen struct, made here and handed on whole."""

from __future__ import annotations

import math

from vasi.config import ProviderSettings, Settings
from vasi.conversation.settings import ConversationSettings
from vasi.gateway.limits import RateSettings
from vasi.gateway.prompts import Prompts
from vasi.gateway.settings import GatewaySettings
from vasi.gateway.spending import DayLimits
from vasi.knowledge import ReadingLimits
from vasi.knowledge.pages import PageSettings
from vasi.web.connections import ConnectionLimits
from vasi.web.settings import SignInProvider, WebSettings

_ANSWER_TOKENS = 1_024
_LEAST_INPUT = 1_024


def conversation_settings(settings: Settings) -> ConversationSettings:
    """For conversations that the built-in engines answer."""
    return ConversationSettings(
        lead_ms=settings.audio_lead_ms,
        input_tokens=_input_tokens(settings),
        barge_in_ms=settings.barge_in_ms,
        language=None if settings.language == "auto" else settings.language,
    )


def _input_tokens(settings: Settings) -> int:
    """How much the model can read: one that runs here, what its context has room for beside the answer."""
    if settings.llm.gguf is None or settings.llm.base_url is not None:
        return settings.llm.input_tokens
    return max(_LEAST_INPUT, min(settings.llm.input_tokens, settings.llm.gguf_context - _ANSWER_TOKENS))


def gateway_settings(settings: Settings, *, instructions: str, model: str) -> GatewaySettings:
    """For sessions with these ``instructions``, whose model is shown as ``model``."""
    return GatewaySettings(
        instructions=instructions,
        model=model,
        voice=settings.voice,
        speed=settings.speed,
        tool_timeout_s=settings.tool_timeout_s,
        session_s=settings.limits.session_minutes * 60,
        idle_s=settings.limits.idle_minutes * 60 or math.inf,
        response_overrides=settings.response_overrides,
        output_tokens=settings.limits.output_tokens,
        prompts=Prompts(settings.prompts_folder),
    )


def rate_settings(settings: Settings) -> RateSettings:
    """What each user may use a minute."""
    return RateSettings(settings.limits.requests_per_minute, settings.limits.tokens_per_minute)


def day_limits(settings: Settings) -> DayLimits:
    """What each user may use a day."""
    return DayLimits(settings.limits.tokens_per_day, settings.limits.minutes_per_day)


def reading_limits(settings: Settings) -> ReadingLimits:
    """How much of a document is read."""
    return ReadingLimits(file_bytes=settings.limits.file_mb * 1_000_000, pages=settings.limits.pages)


def page_settings(settings: Settings) -> PageSettings:
    """Which web pages are fetched."""
    web_pages = settings.web_pages
    return PageSettings(settings.limits.file_mb * 1_000_000, web_pages.fetch_s, web_pages.private)


def originals_bytes(settings: Settings) -> int | None:
    """What the uploaded documents of one user may take together; None for any number."""
    megabytes = settings.limits.originals_mb
    return None if megabytes is None else megabytes * 1_000_000


def web_settings(settings: Settings) -> WebSettings:
    """Who may use the server, and how much of it."""
    limits = settings.limits
    return WebSettings(
        bound_to=settings.host,
        origins=settings.origins,
        hosts=settings.hosts,
        secure=settings.tls or settings.tls_cert is not None,
        auth_mode=settings.auth_mode,
        providers=tuple(_provider(*named) for named in settings.auth.providers.items()),
        sessions=limits.sessions,
        sessions_per_client=limits.sessions_per_client,
        event_streams=limits.event_streams,
        event_streams_per_client=limits.event_streams_per_client,
    )


def _provider(label: str, provider: ProviderSettings) -> SignInProvider:
    title = provider.title or {"entra": "Microsoft", "google": "Google"}.get(provider.kind, label.capitalize())
    return SignInProvider(label, provider.kind, title)


def connection_limits(settings: Settings) -> ConnectionLimits:
    """What clients may hold open."""
    return ConnectionLimits(total=settings.limits.connections, per_address=settings.limits.connections_per_address)
